"""File operations that go wrong: one fails, the disk is full, the process dies, or the disk forgets what was not synced.

`watched` tells a watcher of every operation of this process that changes files, just before and just after it.
"""

import errno
import io
import os
import signal
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from unittest import mock


class Operation(NamedTuple):
    """What is done to which file; ``partly`` does half of it, where that can be."""

    what: str
    path: str
    partly: Callable[[], object] = lambda: None

    def __str__(self) -> str:
        return f"{self.what} {Path(self.path).name}"


class Watcher(Protocol):
    def before(self, operation: Operation) -> None: ...

    def after(self, operation: Operation) -> None: ...


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Tell a watcher of every opening for writing, write, sync, rename, deletion, truncation and new folder.

    Nothing is really synced: what a power cut would leave is for `Disk` to say, and a killed process leaves what it wrote.
    """
    is_watching = True
    real_open, real_os_open, real_write = io.open, os.open, os.write

    @contextmanager
    def told(what: str, path: Any, partly: Callable[[], object] = lambda: None) -> Iterator[None]:
        operation = Operation(what, os.fspath(path), partly)
        watcher.before(operation)
        yield
        watcher.after(operation)

    class Raw(io.FileIO):
        def write(self, data: Any) -> int:
            if not is_watching:
                return super().write(data)
            written = super().write
            with told("write", self.name, lambda: written(data[: len(data) // 2])):
                return written(data)

        def truncate(self, size: int | None = None) -> int:
            with told("truncate", self.name):
                return super().truncate(size)

    def open_file(file: Any, mode: str = "r", buffering: int = -1, *args: Any, **kwargs: Any) -> Any:
        if not set(mode) & set("wxa+"):
            return real_open(file, mode, buffering, *args, **kwargs)
        with told("open", file):
            raw = Raw(file, mode.replace("b", "").replace("t", ""))
        buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, *args, **kwargs)

    def os_open(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
        makes = flags & os.O_CREAT and not os.path.lexists(path)
        if not makes and not flags & os.O_TRUNC:
            return real_os_open(path, flags, *args, **kwargs)
        with told("open", path):
            return real_os_open(path, flags, *args, **kwargs)

    def os_write(handle: int, data: bytes) -> int:
        with told("write", str(handle), lambda: real_write(handle, data[: len(data) // 2])):
            return real_write(handle, data)

    def fsync(handle: int) -> None:
        with told("sync", f"/proc/self/fd/{handle}"):
            pass

    def patched(name: str) -> Any:
        real = getattr(os, name)

        def call(path: Any, *args: Any, **kwargs: Any) -> Any:
            with told(name, path):
                return real(path, *args, **kwargs)

        return mock.patch.object(os, name, call)

    names = ("replace", "rename", "unlink", "remove", "mkdir", "rmdir", "truncate", "ftruncate")
    with (
        mock.patch.object(io, "open", open_file),
        mock.patch.multiple(os, open=os_open, write=os_write, fsync=fsync),
    ):
        patches = [patched(name) for name in names]
        for patch in patches:
            patch.start()
        try:
            yield
        finally:
            is_watching = False
            for patch in patches:
                patch.stop()


class Kind(Enum):
    """What goes wrong at an operation."""

    KILL = "killed"  # by a signal that cannot be caught, with half of a write written
    CUT = "cut off"  # the same for a process that goes on: nothing is done any more, not even tidying up
    FAIL = "failed"  # this operation, with half of a write written
    FULL = "full"  # the disk, from this operation on


class CutOff(BaseException):
    """What is left of a process that is killed, in one that goes on."""


class Fault:
    """Lets one operation go wrong.

    Args:
        kind: How.
        at: Which, counted from 0.
    """

    def __init__(self, kind: Kind, at: int) -> None:
        self._kind = kind
        self._left = at
        self._has_begun = False

    def before(self, operation: Operation) -> None:
        self._left -= 1
        if self._left >= 0:
            return
        is_first, self._has_begun = not self._has_begun, True
        if self._kind is Kind.FULL:
            if not takes_room(operation):
                return
            if is_first:
                operation.partly()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if is_first:
            operation.partly()
            if self._kind is Kind.KILL:
                os.kill(os.getpid(), signal.SIGKILL)
        if self._kind is Kind.CUT:
            raise CutOff
        if is_first:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    def after(self, operation: Operation) -> None:
        pass


def takes_room(operation: Operation) -> bool:
    """Tell whether an operation can fail for want of room."""
    return operation.what in ("open", "write", "mkdir")


class Disk:
    """Notes the operations on a folder, and what would be left of it if the power were cut just before each.

    A file then holds what it held when it was last synced, and nothing if it never was. Names that were made, replaced or
    removed since the folder was last synced are each as they were or as they are.

    Args:
        folder: The folder, all of which is safe at the beginning.

    Attributes:
        operations: All operations, those elsewhere too.
        cuts: What may be left, by the number of the operation before which the power is cut; None for no folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._identities: dict[int, int] = {}  # inodes are used again
        self._next = count()
        self._names = self._now()
        self._synced = {identity: (folder / name).read_bytes() for name, identity in self._names.items()}
        self._is_there = folder.is_dir()
        self.operations: list[Operation] = []
        self.cuts: list[list[dict[str, bytes] | None]] = []
        self._is_new = False

    def before(self, operation: Operation) -> None:
        self.cuts.append(self.left())
        self.operations.append(operation)
        self._is_new = operation.what == "open" and not os.path.lexists(operation.path)

    def after(self, operation: Operation) -> None:
        if self._is_new:
            self._identities[Path(operation.path).stat().st_ino] = next(self._next)
        if operation.what == "sync":
            state = Path(operation.path).stat()
            if not stat.S_ISDIR(state.st_mode):
                self._synced[self._identity(state.st_ino)] = Path(operation.path).read_bytes()
            elif self._folder.is_dir() and os.path.samestat(state, self._folder.stat()):
                self._names = self._now()
            elif os.path.samestat(state, self._folder.parent.stat()):
                self._is_there = self._folder.is_dir()

    def left(self) -> list[dict[str, bytes] | None]:
        """Give everything that may be left of the folder if the power is cut now."""
        now = self._now()
        pending = [name for name in {*now, *self._names} if now.get(name) != self._names.get(name)]
        few = [{name} for name in pending]
        chosen = [set(), {*pending}, *few, *({*pending} - one for one in few)]
        left: list[dict[str, bytes] | None] = [] if self._is_there else [None]
        for new in chosen:
            names = {**self._names, **now}
            of = {name: (now if name in new else self._names).get(name) for name in names}
            left.append(
                {name: self._synced.get(of_it, b"") for name, of_it in of.items() if of_it is not None}
            )
        return left

    def _now(self) -> dict[str, int]:
        if not self._folder.is_dir():
            return {}
        with os.scandir(self._folder) as entries:
            return {entry.name: self._identity(entry.inode()) for entry in entries}

    def _identity(self, inode: int) -> int:
        if inode not in self._identities:
            self._identities[inode] = next(self._next)
        return self._identities[inode]
