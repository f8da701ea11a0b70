"""Who may write to an index? One process at a time.

A writer deletes the files that the manifest does not name. If it is killed, the next writer deletes them.
"""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from searcher.errors import IndexLockedError, IndexStateError
from searcher.storage import files
from searcher.storage.format import LOCK
from searcher.storage.manifest import remove_leftovers

_FULL: Final = "make room there, then repeat"
_READ_ONLY: Final = "allow writing there, or name another folder with --index"
_REMEDIES: Final = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _READ_ONLY,
    errno.EPERM: _READ_ONLY,
    errno.EROFS: _READ_ONLY,
}


@contextmanager
def writing(index: Path, on_wait: Callable[[str], None] | None) -> Iterator[None]:
    """Hold the index's lock. However the process ends, the operating system then releases the lock.

    Args:
        index: The index folder, made if need be.
        on_wait: Called once with the holder's description if there is one; then waits for it. None: do not wait.

    Raises:
        IndexLockedError: Another process holds the lock and there is no ``on_wait``.
        OSError: The folder cannot be written to. Its text names the folder and says what to do. An error that names another path
            stays as it is.
    """
    try:
        files.make_folder(index)
        with _held(index, on_wait):
            try:
                yield
            finally:
                with suppress(OSError, IndexStateError):  # what cannot be deleted now, the next writer will
                    remove_leftovers(index)
    except OSError as error:
        if error.errno is None or _is_elsewhere(error.filename, index):
            raise
        remedy = _REMEDIES.get(error.errno, "repeat")
        raise OSError(error.errno, f"{error.strerror}; nothing is lost: {remedy}", str(index)) from error


def _is_elsewhere(path: object, index: Path) -> bool:
    """Tell whether a path is neither in the index folder nor above it, such as that of a file that a program reads articles from."""
    if not isinstance(path, str):
        return False
    place, folder = Path(path).absolute(), index.absolute()
    return not (place.is_relative_to(folder) or folder.is_relative_to(place))


@contextmanager
def _held(index: Path, on_wait: Callable[[str], None] | None) -> Iterator[None]:
    import socket  # noqa: PLC0415  (neither is needed to search)

    from filelock import FileLock, Timeout  # noqa: PLC0415  (not every run needs it)

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
