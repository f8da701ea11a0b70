"""Runs the examples in the documentation.

    python tests/meta/examples.py

The script runs every command in every page. Where a command prints something else than the page shows, the script writes
the new output into the page. Read the difference before you commit it.

Each page is run in a folder of its own, which holds a copy of ``corpus/``. Its blocks are run in the order in which they
stand. There are four kinds of blocks:

- ``console``: lines ``$ command``, each with what a terminal shows below the command. ``...`` stands for any text.
- ``python``: a session with ``>>>``, tested as a doctest. The blocks of one page share their variables.
- ``sh``: commands that are not run here. `tests/meta/test_documentation.py` tests them in another way.
- ``text``: formulas and drawings. Nothing is run.
"""

import doctest
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

PROJECT: Final = Path(__file__).parents[2]
PAGES: Final = tuple(sorted((PROJECT / "searcher" / "docs").glob("*.md")))
DOCUMENTS: Final = (
    *(PROJECT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    PROJECT / "tests" / "benchmarks" / "README.md",
    *PAGES,
)
TIMEOUT_SECONDS: Final = 60
_BLOCK: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CHANGING: Final = re.compile(
    r"""(?<=\ in\ )[\d.]+(?=\ s\b) | (?<=_ms":\ )[\d.]+ | (?<=_bytes":\ )\d+ | [\d,]+(?=\ bytes) | \d{4}-\d\d-\d\dT[\d:+]+""",
    re.VERBOSE,
)
"""Times and sizes, which differ from run to run or from machine to machine."""
_STEP: Final = re.compile(r"^\$ (.*\n(?:> .*\n)*)((?:(?!\$ ).*\n)*)", re.MULTILINE)


class Block(NamedTuple):
    """A fenced block of a document.

    Attributes:
        kind: What stands behind the opening fence.
        body: The lines between the fences.
        start: Where the body begins in the document.
    """

    kind: str
    body: str
    start: int


def blocks(document: str) -> Iterator[Block]:
    """Give the fenced blocks of a document, in order."""
    return (Block(match[1], match[2], match.start(2)) for match in _BLOCK.finditer(document))


def prose(document: str) -> str:
    """Give a document without its fenced blocks."""
    return _BLOCK.sub("", document)


def run(command: str, folder: Path) -> str:
    """Give what a terminal shows of a shell command, run in a folder, with the ``searcher`` of this environment."""
    bin_folder = Path(sys.executable).parent
    environment = {
        "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "100",
    }
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.decode().splitlines())


def run_console(body: str, folder: Path) -> str:
    """Run the commands of a block. Give the block with what they print in place of what does not fit.

    In what is new, ``...`` stands for what changes from run to run.
    """

    def step(match: re.Match[str]) -> str:
        printed = run(match[1].replace("\n> ", "\n"), folder)
        fits = doctest.OutputChecker().check_output(match[2], printed, doctest.ELLIPSIS)
        return (
            match[0] if fits else f"$ {match[1]}{_CHANGING.sub('...', printed).replace(str(folder), '...')}"
        )

    return _STEP.sub(step, body)


def run_python(block: Block, path: Path, document: str, names: dict[str, object]) -> str:
    """Run a session with some variables, which it changes. Give what differs, in words; empty if nothing does."""
    line = document.count("\n", 0, block.start)
    test = doctest.DocTestParser().get_doctest(block.body, names, path.name, str(path), line)
    said: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=said.append, clear_globs=False)
    names.update(test.globs)
    return "".join(said)


def run_document(path: Path, folder: Path) -> tuple[str, str]:
    """Run the examples of a document in a folder, which must be the current one for those in Python.

    Returns:
        The document with the output of today; and what differs in its sessions in Python.
    """
    shutil.copytree(PROJECT / "corpus", folder / "corpus")
    document = path.read_text(encoding="utf-8")
    names: dict[str, object] = {}
    parts, differences, end = [], "", 0
    for block in blocks(document):
        body = block.body
        if block.kind == "console":
            body = run_console(body, folder)
        elif block.kind == "python":
            differences += run_python(block, path, document, names)
        parts += [document[end : block.start], body]
        end = block.start + len(block.body)
    return "".join([*parts, document[end:]]), differences


if __name__ == "__main__":
    for document in DOCUMENTS:
        with tempfile.TemporaryDirectory() as name:
            os.chdir(name)
            text, trouble = run_document(document, Path(name))
            os.chdir(PROJECT)
        sys.stdout.write(f"{trouble}{document.relative_to(PROJECT)}\n")
        document.write_text(text, encoding="utf-8")
