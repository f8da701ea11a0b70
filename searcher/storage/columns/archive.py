"""How do named arrays lie in one file?

As an uncompressed ``.npz`` archive in which the data of each array begin at a multiple of 64 bytes. The file is mapped once, and
every array is read in place.

The archive is written here, in the ZIP64 form, because no library writes one that does this: `numpy.savez` does not align, and
`zipfile` writes one array after the other, whereas columns are written piece by piece, many at a time. A header of our own with raw
data behind it would save some seventy lines, and cost `numpy.load` and the checksum of each column by which a check names damage.
The archive is read by walking the local headers: importing `zipfile` would take a query longer than opening the index.
"""

import io
import math
import mmap
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from searcher.errors import IndexCorruptError
from searcher.storage.format import ALIGNMENT, COLUMNS

_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_DIRECTORY_ENTRY = struct.Struct("<4s6H3L5H2L")
_ZIP64 = struct.Struct("<HHQQ")
_IN_EXTRA = 0xFFFFFFFF  # says that the number stands in the extra field
_END_BYTES = 22  # of the record with which an archive ends
_PADDING_ID = 0xD935  # the identifier that zipalign uses for alignment
_NPY_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00(..)\{'descr': '([<|][ui][1248])', 'fortran_order': False, "
    rb"'shape': \((\d+,|\d+(?:, \d+)+)\), \} *\n",
    re.DOTALL,
)


class ColumnWriter:
    """Writes one file of columns, each whole or piece by piece.

    Columns lie in the order in which they are reserved or written. Use it as a context manager; the file is complete, not
    synced, when that ends well.

    Args:
        path: The file, which must not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb")
        self._members: dict[str, _Member] = {}
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._file:
            if error is None:
                self._finish()

    def reserve(self, name: str, *shape: int, dtype: str = "") -> None:
        """Keep a place for a column that comes piece by piece. The dtype is needed if the format leaves it open."""
        dtype = dtype or COLUMNS[name].dtype
        header = io.BytesIO()
        description = {"descr": np.dtype(dtype).str, "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(header, description)
        fixed = _LOCAL_HEADER.size + len(f"{name}.npy") + _ZIP64.size + 4
        padding = -(self._end + fixed) % ALIGNMENT
        start = self._end + fixed + padding
        size = len(header.getvalue()) + math.prod(shape) * np.dtype(dtype).itemsize
        member = self._members[name] = _Member(self._end, padding, start, size, np.dtype(dtype))
        self._end = start + size
        self._put(member, header.getvalue())

    def append(self, name: str, values: npt.NDArray[Any]) -> None:
        """Add values to a column for which a place has been kept."""
        member = self._members[name]
        self._put(member, np.ascontiguousarray(values.reshape(-1), member.dtype).view(np.uint8).data)

    def write(self, name: str, values: npt.NDArray[Any]) -> None:
        """Write a whole column, in the dtype that the format gives it."""
        self.reserve(name, *values.shape)
        self.append(name, values)

    def _put(self, member: "_Member", data: bytes | memoryview) -> None:
        self._file.seek(member.at)
        self._file.write(data)
        member.at += len(data)
        member.crc = zlib.crc32(data, member.crc)

    def _finish(self) -> None:
        """Write what makes an archive of it: a header before each member, and the directory behind them."""
        directory = []
        for column, member in self._members.items():
            if member.at != member.start + member.size:
                raise ValueError(f"column {column} lacks {member.start + member.size - member.at} bytes")
            name = f"{column}.npy".encode()
            sizes = struct.pack("<HHQQ", 1, 16, member.size, member.size)
            padding = struct.pack("<HH", _PADDING_ID, member.padding) + bytes(member.padding)
            # Version 4.5, stored, of the first day of 1980; sizes stand in the extra field.
            fixed = (45, 0, 0, 0, 0x21, member.crc, _IN_EXTRA, _IN_EXTRA, len(name))
            self._file.seek(member.offset)
            self._file.write(
                _LOCAL_HEADER.pack(b"PK\x03\x04", *fixed, len(sizes + padding)) + name + sizes + padding
            )
            extra = struct.pack("<HHQQQ", 1, 24, member.size, member.size, member.offset)
            entry = _DIRECTORY_ENTRY.pack(b"PK\x01\x02", 45, *fixed, len(extra), 0, 0, 0, 0, _IN_EXTRA)
            directory.append(entry + name + extra)
        entries = b"".join(directory)
        n = len(directory)
        self._file.seek(self._end)
        self._file.write(entries)
        self._file.write(
            struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, n, n, len(entries), self._end)
        )
        self._file.write(struct.pack("<4sLQL", b"PK\x06\x07", 0, self._end + len(entries), 1))
        self._file.write(
            struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, _IN_EXTRA, _IN_EXTRA, 0)
        )


class _Member:
    """Where a column lies in the file, and how far it has been written."""

    def __init__(self, offset: int, padding: int, start: int, size: int, dtype: np.dtype[Any]) -> None:
        self.offset = offset
        self.padding = padding
        self.start = start
        self.size = size
        self.dtype = dtype
        self.at = start
        self.crc = 0


def read_columns(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Map a file of columns.

    Args:
        path: A file that a `ColumnWriter` wrote.

    Returns:
        Read-only arrays over one shared mapping, which lives as long as one of them does.

    Raises:
        IndexCorruptError: The file is missing or is not such a file.
    """
    data = map_file(path)
    columns: dict[str, npt.NDArray[Any]] = {}
    for member in _members(path, data):
        column = _map_array(data, member.start, member.size)
        if column is None:
            raise IndexCorruptError(
                path.parent, path.name, f"column {member.name} is not an array of the size it claims"
            )
        columns[member.name] = column
    return columns


def damaged_columns(path: Path) -> list[str]:
    """Name the columns whose bytes are not those that were written, going by the CRC-32 beside each.

    Args:
        path: A file that a `ColumnWriter` wrote, whatever has happened to it since. Where the header of a column is
            itself damaged, this one and those behind it go unnamed.
    """
    found: list[str] = []
    with suppress(IndexCorruptError):
        data = map_file(path)
        for name, start, size, crc in _members(path, data):
            with memoryview(data)[start : start + size] as content:
                if zlib.crc32(content) != crc:
                    found.append(name)
    return found


class _Place(NamedTuple):
    """One ``.npy`` file in the archive.

    Attributes:
        name: Name of the column.
        start: Where it begins.
        size: How many bytes it has.
        crc: CRC-32 of these bytes, as they were written.
    """

    name: str
    start: int
    size: int
    crc: int


def map_file(path: Path) -> mmap.mmap:
    """Map a file.

    Raises:
        IndexCorruptError: It is missing or empty.
    """
    try:
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except FileNotFoundError as error:
        raise IndexCorruptError(path.parent, path.name, "it is missing") from error
    except ValueError as error:
        raise IndexCorruptError(path.parent, path.name, "it is empty") from error


def _members(path: Path, data: mmap.mmap) -> Iterator[_Place]:
    """Walk the local headers, and make sure that the directory behind them is whole."""

    def corrupt(detail: str) -> IndexCorruptError:
        return IndexCorruptError(path.parent, path.name, detail)

    at = 0
    while data[at : at + 4] == b"PK\x03\x04":
        if at + _LOCAL_HEADER.size > len(data):
            raise corrupt("it is cut short")
        header = _LOCAL_HEADER.unpack_from(data, at)
        crc, name_length, extra_length = header[6], header[9], header[10]
        name_at = at + _LOCAL_HEADER.size
        start = name_at + name_length + extra_length
        name = data[name_at : name_at + name_length].decode("ascii", "replace").removesuffix(".npy")
        size = _member_size(data[name_at + name_length : start])
        if size is None or start + size > len(data):
            raise corrupt(f"column {name} is cut short")
        yield _Place(name, start, size, crc)
        at = start + size
    if data[at : at + 4] != b"PK\x01\x02" or data[-_END_BYTES : -_END_BYTES + 4] != b"PK\x05\x06":
        raise corrupt("it is cut short")


def _map_array(data: mmap.mmap, start: int, size: int) -> npt.NDArray[Any] | None:
    """Give the array whose ``.npy`` file stands here, or None if there is no such thing."""
    header = _NPY_HEADER.match(data, start, start + min(size, 4096))
    if header is None:
        return None
    shape = tuple(int(n) for n in header[3].decode().removesuffix(",").split(","))
    count = math.prod(shape)
    dtype = np.dtype(header[2].decode())
    if header.end() + count * dtype.itemsize != start + size:
        return None
    return np.frombuffer(data, dtype, count, header.end()).reshape(shape)


def _member_size(extra: bytes) -> int | None:
    """Find the size of a member in the extra field of its local header."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1 and length >= 8 and at + 12 <= len(extra):
            return int(struct.unpack_from("<Q", extra, at + 4)[0])
        at += 4 + length
    return None
