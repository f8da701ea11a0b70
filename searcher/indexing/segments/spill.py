"""Where do runs lie until they are merged?

In one temporary file, of which only what is asked for is read. Mapped, what has been read of it would stay in memory, in the
end all of it, which is as much as the texts; and a file for each run would be more than a process may have open.
"""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import numpy as np

from searcher.arrays import Array


class Spill:
    """Columns put aside in a file, to be read piece by piece once all are there.

    Args:
        path: The file, which must not exist yet; the caller removes it.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("x+b")

    def put(self, columns: Mapping[str, Array]) -> "Spilled":
        """Put columns aside, each of one dimension."""
        places = {}
        for name, column in columns.items():
            places[name] = self._file.tell(), column.dtype, len(column)
            self._file.write(np.ascontiguousarray(column).data)
        self._file.flush()  # now, not when it is closed: a full disk is reported here
        return Spilled(self._file, places)

    def close(self) -> None:
        """Close the file, whatever becomes of it."""
        with suppress(OSError):  # on a full disk
            self._file.close()


class Spilled:
    """Columns that lie in a `Spill`."""

    def __init__(self, file: IO[bytes], places: Mapping[str, tuple[int, np.dtype[Any], int]]) -> None:
        self._file = file
        self._places = places

    def size(self, name: str) -> int:
        """Count the entries of a column."""
        return self._places[name][2]

    def read(self, name: str, first: int = 0, end: int | None = None) -> Array:
        """Read a piece of a column, or all of it."""
        start, dtype, n_entries = self._places[name]
        end = n_entries if end is None else end
        self._file.seek(start + first * dtype.itemsize)
        return np.frombuffer(self._file.read((end - first) * dtype.itemsize), dtype)
