"""How are files written so that a crash leaves the old state or the new one?"""

import json
import os
import re
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from searcher.storage.format import OWNED, TEMPORARY

try:
    from _blake2 import blake2b  # which `hashlib` gives too, having loaded OpenSSL, 3 ms of every query
except ImportError:  # another Python
    from hashlib import blake2b


def sync(path: Path) -> None:
    """Have the operating system write a file to the disk, or a folder's list of names."""
    if path.is_dir() and os.name == "nt":
        return  # Windows has no handle on a folder, and journals renames
    handle = os.open(
        path, os.O_RDONLY if path.is_dir() else os.O_RDWR
    )  # Windows syncs only what may be written
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, so that a power cut does not take it away again."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(exist_ok=True)
        sync(path.parent)


def replace(path: Path, data: bytes) -> None:
    """Write a whole file so that, whatever happens, it holds its old content or the new one."""
    temporary = path.with_name(path.name + TEMPORARY)
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync(path.parent)


def to_json(value: object) -> bytes:
    """Write a value as JSON, the same bytes for the same value."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()


def checksum(data: bytes) -> str:
    """Give the BLAKE2b digest of some bytes, 32 hexadecimal digits."""
    return blake2b(data, digest_size=16).hexdigest()


def file_checksum(path: Path) -> str:
    """Give the `checksum` of a file's content."""
    digest = blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def is_owned(name: str) -> bool:
    """Tell whether a file of this name in an index folder belongs to the index."""
    return re.fullmatch(OWNED, name) is not None


def foreign_names(folder: Path) -> list[str]:
    """List what stands in a folder and cannot be part of an index; a ``.gitignore`` is welcome."""
    return sorted(
        entry.name for entry in folder.iterdir() if entry.name != ".gitignore" and not is_owned(entry.name)
    )


def unnamed(folder: Path, named: Collection[str]) -> list[Path]:
    """List the index files that are not among ``named``."""
    return [
        entry
        for entry in folder.iterdir()
        if entry.name not in named and is_owned(entry.name) and not entry.is_dir()
    ]


def remove_unnamed(folder: Path, named: Collection[str]) -> None:
    """Delete the index files that are not among ``named``, and nothing else. A file that cannot be deleted is left to the next time."""
    for path in unnamed(folder, named):
        with suppress(OSError):  # Windows keeps what a reader holds
            path.unlink(missing_ok=True)


def highest_number(folder: Path) -> int:
    """Give the highest number in the name of an index file in a folder, or 0."""
    matches = (re.fullmatch(OWNED, entry.name) for entry in folder.iterdir())
    return max(
        (int(number) for match in matches if match for number in match.groups() if (number or "").isdigit()),
        default=0,
    )
