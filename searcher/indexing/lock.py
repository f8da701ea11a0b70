"""Who may write to an index? One process at a time."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from searcher.errors import IndexLockedError
from searcher.storage.format import LOCK


@contextmanager
def writing(index: Path, on_wait: Callable[[str], None] | None) -> Iterator[None]:
    """Hold the index's lock, which the operating system releases when the process ends, however it ends.

    Args:
        index: The index folder.
        on_wait: Called once with the holder's description if there is one; then waits for it. None: do not wait.

    Raises:
        IndexLockedError: Another process holds the lock and there is no ``on_wait``.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415  (never needed to search)

    path = index / LOCK
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        holder = _holder(path)
        if on_wait is None:
            message = f"{holder} is writing to the index in {index}; wait for it to end"
            raise IndexLockedError(message, index, holder=holder) from None
        on_wait(holder)
        lock.acquire()
    try:
        with suppress(OSError):  # Windows locks the file against its own holder too
            path.write_text(f"process {os.getpid()} on {socket.gethostname()}", encoding="utf-8")
        yield
    finally:
        lock.release()


def _holder(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8") or "another process"
    except OSError:
        return "another process"
