"""How do named arrays lie in one file?

As an uncompressed ``.npz`` archive whose members begin, data and all, at multiples of 64 bytes, so that mapping the
file once gives every array in place. Writing is left to `zipfile`; reading walks the local headers, because importing
`zipfile` would cost a query more than opening the index.
"""

import io
import math
import mmap
import re
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from searcher.errors import IndexCorruptError
from searcher.storage.format import ALIGNMENT

_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_ZIP64 = struct.Struct("<HHQQ")
_END_BYTES = 22  # of the record with which an archive ends
_PADDING_ID = 0xD935  # the identifier that zipalign uses for alignment
_NPY_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00(..)\{'descr': '([^']{3,4})', 'fortran_order': False, 'shape': \(([\d, ]*)\), \} *\n",
    re.DOTALL,
)
_BLOCK_BYTES = 1 << 24


def write_columns(path: Path, columns: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write arrays into one file, in the order of their names.

    Args:
        path: The file, which must not exist yet.
        columns: Arrays of fixed-width numbers, any shape.
    """
    import zipfile  # noqa: PLC0415  (never needed to search)

    with path.open("xb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, column in sorted(columns.items()):
            column = np.asarray(column, order="C")  # noqa: PLW2901  (the header describes what is written)
            header = io.BytesIO()
            np.lib.format.write_array_header_1_0(header, np.lib.format.header_data_from_array_1_0(column))
            member = zipfile.ZipInfo(f"{name}.npy")
            member.file_size = len(header.getvalue()) + column.nbytes
            fixed = _LOCAL_HEADER.size + len(member.filename) + _ZIP64.size + 4
            padding = -(file.tell() + fixed) % ALIGNMENT
            member.extra = struct.pack("<HH", _PADDING_ID, padding) + bytes(padding)
            with archive.open(member, "w", force_zip64=True) as out:
                out.write(header.getvalue())
                flat = column.reshape(-1)
                step = max(1, _BLOCK_BYTES // max(1, column.itemsize))
                for start in range(0, flat.size, step):
                    out.write(flat[start : start + step].tobytes())


def read_columns(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Map a file of columns.

    Args:
        path: A file that `write_columns` wrote.

    Returns:
        Read-only arrays over one shared mapping, which lives as long as one of them does.

    Raises:
        IndexCorruptError: The file is missing or is not such a file.
    """

    def corrupt(detail: str) -> IndexCorruptError:
        return IndexCorruptError(path.parent, path.name, detail)

    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except FileNotFoundError as error:
        raise corrupt("it is missing") from error
    except ValueError as error:
        raise corrupt("it is empty") from error
    columns: dict[str, npt.NDArray[Any]] = {}
    at = 0
    while data[at : at + 4] == b"PK\x03\x04":
        if at + _LOCAL_HEADER.size > len(data):
            raise corrupt("it is cut short")
        *_, name_length, extra_length = _LOCAL_HEADER.unpack_from(data, at)
        name_at = at + _LOCAL_HEADER.size
        start = name_at + name_length + extra_length
        name = data[name_at : name_at + name_length].decode("ascii", "replace").removesuffix(".npy")
        size = _member_size(data[name_at + name_length : start])
        if size is None or start + size > len(data):
            raise corrupt(f"column {name} is cut short")
        column = _map_array(data, start, size)
        if column is None:
            raise corrupt(f"column {name} is not an array of the size it claims")
        columns[name] = column
        at = start + size
    if data[at : at + 4] != b"PK\x01\x02" or data[-_END_BYTES : -_END_BYTES + 4] != b"PK\x05\x06":
        raise corrupt("it is cut short")
    return columns


def _map_array(data: mmap.mmap, start: int, size: int) -> npt.NDArray[Any] | None:
    """Give the array whose ``.npy`` file stands here, or None if there is no such thing."""
    header = _NPY_HEADER.match(data, start, start + min(size, 4096))
    if header is None:
        return None
    shape = tuple(int(n) for n in header[3].decode().split(",") if n.strip())
    count = math.prod(shape)
    try:
        dtype = np.dtype(header[2].decode())
    except (TypeError, UnicodeDecodeError):
        return None
    if dtype.hasobject or header.end() + count * dtype.itemsize != start + size:
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
