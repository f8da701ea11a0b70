"""Makes the parts of the README that are generated: sessions and the command reference."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).parents[2]
COMMANDS = ("query", "index", "status", "check", "watch", "show", "suggest", "help-query")


def run(command: str, folder: Path) -> str:
    """Give what a shell command prints to stdout in a folder, with the environment's own ``searcher``."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "132"}
    for name in ("SEARCHER_INDEX", "SEARCHER_CORPUS"):
        environment.pop(name, None)
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return "\n".join(line.rstrip() for line in done.stdout.decode().splitlines())


def session(*commands: str) -> str:
    """Give a terminal session in a folder that holds the sample corpus."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(PROJECT / "corpus", folder / "corpus")
        parts = [f"$ {command}\n{run(command, folder)}" for command in commands]
    return "```console\n" + "\n".join(parts) + "\n```"


def reference() -> str:
    """Give the help of every command, without blank lines, examples, and options that a command before it has too."""
    seen = {"Options:", "-h, --help Show this message and exit.", "-V, --version Show the version and exit."}
    lines: list[str] = []
    for command in COMMANDS:
        for line in run(f"searcher {command} --help", PROJECT).splitlines():
            words = " ".join(line.split())
            is_example = re.match(r" {4}\S", line)
            if words and words not in seen and not is_example:
                lines.append(line)
                if words.startswith("-"):
                    seen.add(words)
    return "```text\n" + "\n".join(lines) + "\n```"
