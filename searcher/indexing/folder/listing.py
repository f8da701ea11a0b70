"""Which files of a folder are articles, and what bytes are in them?

The walk lists names, sizes and times. It reads no contents. It never follows a symbolic link, so it ends, sees each file
once, and stays in the folder. Hidden names, the index folder and links to other places in the folder are left out silently. Whatever
else is left out is in ``Listing.skipped``, with the reason.

Paths are strings here: a ``Path`` for each of 100,000 files takes longer than listing them.
"""

import os
import time
from collections.abc import Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

from searcher.errors import CorpusError
from searcher.readers import SUFFIXES, suffix_of
from searcher.storage.files import checksum

MAX_BYTES: Final = 50_000_000
"""Larger files are data, not articles, unless the caller says otherwise."""
READ_ATTEMPTS: Final = 3
"""How often a file is read that changes meanwhile."""
UNSETTLED: Final = -1
"""In place of a modification time so recent that the file may change again without another one."""
_SUFFIXES: Final = tuple(
    SUFFIXES
)  # as most files have them: `str.endswith` takes a third of the time of `suffix_of`
GRANULARITY_NS: Final = 2_000_000_000
"""Two seconds: that of FAT, the coarsest clock of a file system in use."""


class FileState(NamedTuple):  # made for each of 100,000 files: a dataclass takes three times as long
    """A file of the corpus as the file system has it.

    Attributes:
        address: Its path below the corpus folder, with ``/``.
        path: Where to open it.
        size_bytes: Its size.
        mtime_ns: When it was last modified, in nanoseconds since 1970, or `UNSETTLED`.
    """

    address: str
    path: str
    size_bytes: int
    mtime_ns: int


class Skipped(NamedTuple):
    """A file or folder that is not in the index, though one might expect it there.

    Attributes:
        address: Its path below the corpus folder, made printable; a folder ends in ``/``.
        reason: What is the matter and what to do, to be read behind the address.
    """

    address: str
    reason: str


class Listing(NamedTuple):
    """What a corpus folder holds.

    Attributes:
        files: Files that a reader takes, sorted by address, code point by code point.
        skipped: What was left out with a reason, sorted by address.
        n_other: Number of files that have no suffix of an article.
    """

    files: tuple[FileState, ...]
    skipped: tuple[Skipped, ...]
    n_other: int

    @property
    def fingerprint(self) -> str:
        """Tell listings apart by all that they say, and by who would read the files; empty while a file may change unseen."""
        addresses, _, sizes, mtimes = zip(*self.files, strict=True) if self.files else [()] * 4
        if UNSETTLED in mtimes:
            return ""
        skipped = [f"{skipped.address} {skipped.reason}" for skipped in self.skipped]
        readers = [(suffix, known.version) for suffix, known in SUFFIXES.items()]
        return checksum("\n".join([*addresses, f"{sizes} {mtimes} {readers}", *skipped]).encode())


def list_files(
    corpus: Path,
    *,
    exclude: Sequence[Path] = (),
    max_bytes: int = MAX_BYTES,
    max_seconds: float | None = None,
) -> Listing:
    """List the articles of a folder and of all folders below it.

    Names that begin with a dot are ignored. Symbolic links are not followed: one to a place inside the corpus is ignored,
    since what it leads to is listed there; one that leads outside, or nowhere, is skipped with a reason.

    Args:
        corpus: The folder. It may itself be a symbolic link.
        exclude: Folders to leave out, such as the index. They need not exist or lie in the corpus.
        max_bytes: Files larger than this are skipped.
        max_seconds: Give up if it takes longer; None: however long it takes.

    Returns:
        Files, what was skipped and why, and how many files were of no known format.

    Raises:
        CorpusError: The folder is missing, is no folder, cannot be listed, is one of those to leave out, or it takes longer
            than ``max_seconds``.
    """
    root = os.path.realpath(corpus)
    excluded = {os.path.relpath(os.path.realpath(folder), root).replace(os.sep, "/") for folder in exclude}
    _require_folder(corpus, is_excluded="." in excluded)
    files: list[FileState] = []
    skipped: list[Skipped] = []
    n_other = 0
    deadline = None if max_seconds is None else time.monotonic() + max_seconds
    settled_ns = time.time_ns() - GRANULARITY_NS
    for prefix, entries in _walk(corpus, excluded, skipped):
        for entry in entries:
            if deadline is not None and time.monotonic() > deadline:
                message = f"corpus folder {corpus} takes more than {max_seconds:g} s to look through: run searcher index"
                raise CorpusError(message, corpus)
            name = entry.name
            if not (name.endswith(_SUFFIXES) or suffix_of(name) in SUFFIXES or entry.is_symlink()):
                n_other += 1
                continue
            address = prefix + name
            found = _trouble_with_name(name) or _examine(entry, address, root, max_bytes, settled_ns)
            if isinstance(found, FileState):
                files.append(found)
            elif found:
                skipped.append(Skipped(_printable(address), found))
    files.sort(key=attrgetter("address"))
    skipped.sort(key=attrgetter("address"))
    return Listing(tuple(files), tuple(skipped), n_other)


def read_file(state: FileState) -> bytes:
    """Read all bytes of a listed file, as they were at one time.

    Raises:
        CorpusError: It has vanished since, cannot be read, or is being written.
    """
    try:
        # All is read at once, for which a buffer is of no use.
        with open(state.path, "rb", buffering=0) as file:  # noqa: PTH123 - paths are strings here
            for _ in range(READ_ATTEMPTS):
                before = os.fstat(file.fileno())
                data = file.read()
                after = os.fstat(file.fileno())
                if (before.st_mtime_ns, before.st_size, len(data)) == (
                    after.st_mtime_ns,
                    after.st_size,
                    after.st_size,
                ):
                    return data
                file.seek(0)
    except FileNotFoundError as error:
        message = (
            f"article {state.address!r} has vanished since the folder was listed: update the index again"
        )
        raise CorpusError(message, Path(state.path)) from error
    except OSError as error:
        message = f"article {state.address!r} cannot be read ({error.strerror}): check its permissions"
        raise CorpusError(message, Path(state.path)) from error
    message = f"article {state.address!r} is being written: update the index again once that is done"
    raise CorpusError(message, Path(state.path))


class Contents:
    """Reads files, and keeps what it hashed for whoever takes it in, so that a file is read once.

    Only so many bytes are kept; files beyond are read again.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[bytes, str]] = {}
        self._n_bytes = 0

    def fingerprint(self, state: FileState) -> str | None:
        """Hash a file, or give None if it cannot be read."""
        try:
            data, found = self.read(state)
        except CorpusError:
            return None
        if self._n_bytes + len(data) <= MAX_BYTES:
            self._n_bytes += len(data)
            self._kept[state.address] = data, found
        return found

    def read(self, state: FileState) -> tuple[bytes, str]:
        """Give all bytes of a file, which are kept no longer, and their `searcher.storage.files.checksum`; errors as of `read_file`."""
        if state.address in self._kept:
            return self._kept.pop(state.address)
        data = read_file(state)
        return data, checksum(data)


def require_entries(corpus: Path) -> None:
    """Make sure that a corpus folder is still there once files of it have vanished: it may have been unmounted.

    Raises:
        CorpusError: It is missing or empty.
    """
    try:
        with os.scandir(os.fspath(corpus)) as entries:
            is_empty = next(entries, None) is None
    except OSError:
        is_empty = True
    if is_empty:
        message = f"corpus folder {corpus} has vanished while it was read: update the index once it is back"
        raise CorpusError(message, corpus)


def _require_folder(corpus: Path, *, is_excluded: bool) -> None:
    remedy = "give the folder of articles: searcher index FOLDER, or --corpus FOLDER"
    if not corpus.exists():
        raise CorpusError(f"corpus folder {corpus} does not exist: {remedy}", corpus)
    if not corpus.is_dir():
        raise CorpusError(f"corpus {corpus} is not a folder: {remedy}", corpus)
    if is_excluded:
        raise CorpusError(f"corpus folder {corpus} is where the index is kept: {remedy}", corpus)


def _walk(
    corpus: Path, excluded: set[str], skipped: list[Skipped]
) -> Iterator[tuple[str, list[os.DirEntry[str]]]]:
    """Give, folder by folder, what its addresses begin with and all in it that is no folder itself, in no order.

    Add the folders not entered to ``skipped``.
    """
    # Each folder still to list: where it is, and what the addresses in it begin with.
    folders = [(os.fspath(corpus), "")]
    while folders:
        folder, prefix = folders.pop()
        try:
            with os.scandir(folder) as listing:
                entries = list(listing)
        except OSError as error:
            reason = f"cannot be listed ({error.strerror}): check its permissions"
            if not prefix:
                raise CorpusError(f"corpus folder {folder} {reason}", corpus) from error
            require_entries(corpus)
            if not isinstance(error, FileNotFoundError):
                skipped.append(Skipped(_printable(prefix), reason))
            continue
        others = []
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if not entry.is_dir(follow_symlinks=False):
                others.append(entry)
            elif reason := _trouble_with_name(entry.name):
                skipped.append(Skipped(_printable(prefix + entry.name) + "/", reason))
            elif (address := prefix + entry.name) not in excluded:
                folders.append((entry.path, address + "/"))
        yield prefix, others


def _trouble_with_name(name: str) -> str:
    if name.isprintable():
        return ""
    if "\n" in name or "\r" in name:
        return "has a line break in its name: rename it"
    if not name.isascii() and any("\ud800" <= char <= "\udfff" for char in name):
        return "has a name that is not valid UTF-8: rename it"
    return ""


def _examine(
    entry: os.DirEntry[str], address: str, root: str, max_bytes: int, settled_ns: int
) -> FileState | str | None:
    """Give the state of a file, or why it is skipped, or None where it is ignored or has just vanished."""
    if not entry.is_file(follow_symlinks=False):
        return (
            _trouble_with_link(entry.path, root) if entry.is_symlink() else "is not a regular file: remove it"
        )
    try:
        stat = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"cannot be examined ({error.strerror}): check its permissions"
    if stat.st_size > max_bytes:
        return f"is too large ({stat.st_size:,} bytes, at most {max_bytes:,}): split it"
    mtime_ns = stat.st_mtime_ns if stat.st_mtime_ns < settled_ns else UNSETTLED
    return FileState(address, entry.path, stat.st_size, mtime_ns)


def _trouble_with_link(path: str, root: str) -> str | None:
    target = os.path.realpath(path)
    if not os.path.exists(target):  # noqa: PTH110 - paths are strings here
        return "is a symbolic link to nothing: remove it"
    if os.path.commonpath([root, target]) != root:
        return "is a symbolic link out of the corpus: put a copy in its place"
    return None


def _printable(address: str) -> str:
    """Write what cannot be shown, bytes that are not UTF-8 included, as escapes."""
    shown = os.fsencode(address).decode("utf-8", "backslashreplace")
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in shown
    )
