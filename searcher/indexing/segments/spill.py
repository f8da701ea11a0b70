"""Where do runs lie until they are merged?

In one temporary file, which is read piece by piece. It is not mapped, because the pages of a mapping stay in memory once
they are read, and the runs are as large as the texts. It is one file, because a process may not open as many files as
there are runs.
"""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import numpy as np

from searcher.arrays import Array


class Spill:
    """A file of columns. First all columns are written, then pieces of them are read.

    Args:
        path: The file, which must not exist yet. The caller removes the file.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("x+b")

    def put(self, columns: Mapping[str, Array]) -> "Spilled":
        """Write columns of one dimension."""
        places = {}
        for name, column in columns.items():
            places[name] = self._file.tell(), column.dtype, len(column)
            self._file.write(np.ascontiguousarray(column).data)
        self._file.flush()  # so that a full disk is reported here, and not when the file is closed
        return Spilled(self._file, places)

    def close(self) -> None:
        """Close the file."""
        with suppress(OSError):  # a full disk does not matter any more
            self._file.close()


class Spilled:
    """Columns in a `Spill`."""

    def __init__(self, file: IO[bytes], places: Mapping[str, tuple[int, np.dtype[Any], int]]) -> None:
        self._file = file
        self._places = places

    def size(self, name: str) -> int:
        """Count the entries of a column."""
        return self._places[name][2]

    def read(self, name: str, first: int = 0, end: int | None = None) -> Array:
        """Read the entries of a column from ``first`` to ``end``; by default, all."""
        start, dtype, n_entries = self._places[name]
        end = n_entries if end is None else end
        self._file.seek(start + first * dtype.itemsize)
        return np.frombuffer(self._file.read((end - first) * dtype.itemsize), dtype)
