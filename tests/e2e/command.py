"""The installed command as its users have it: another process, its streams, its exit status."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TIMEOUT_SECONDS = 60
_OURS = (
    "SEARCHER_",
    "NO_COLOR",
    "FORCE_COLOR",
    "COLUMNS",
    "LINES",
    "TERM",
    "PYTHONIOENCODING",
    "PYTHONWARNINGS",
)


def _heed_interrupts() -> None:
    """Let Ctrl-C interrupt, as in a terminal, even where these tests run in the background of a shell."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass(frozen=True)
class Ran:
    """What one run came to; line ends are as the command wrote them."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Command:
    """Runs the installed command in one folder, with nothing of the caller's own settings."""

    folder: Path

    def __call__(self, *args: str, **env: str) -> Ran:
        done = subprocess.run(
            self.line(*args),
            cwd=self.folder,
            env=self.env(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    @contextmanager
    def started(
        self, *args: str, out: int = subprocess.PIPE, err: int = subprocess.PIPE, **env: str
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Start the command in a process group of its own, and leave nothing of it behind."""
        process = subprocess.Popen(
            self.line(*args),
            cwd=self.folder,
            env=self.env(env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
            preexec_fn=_heed_interrupts if os.name == "posix" else None,  # noqa: PLW1509  (no threads here)
        )
        with process:
            try:
                yield process
            finally:
                if process.poll() is None:
                    process.kill()

    @staticmethod
    def line(*args: str) -> list[str]:
        return [str(Path(sys.executable).with_name("searcher")), *args]

    @staticmethod
    def env(more: Mapping[str, str]) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        return {**inherited, "PYTHONUTF8": "1", "TERM": "xterm-256color", **more}


def wait_until(is_so: Callable[[], bool]) -> None:
    """Come back as soon as something is so; fail if it never is."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not so after {TIMEOUT_SECONDS} s")


def write(folder: Path, articles: Mapping[str, str]) -> None:
    """Write articles to their addresses below a folder."""
    for address, text in articles.items():
        path = folder / address
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def lines(text: str) -> list[str]:
    return text.split("\n")[:-1] if text.endswith("\n") else text.split("\n") if text else []
