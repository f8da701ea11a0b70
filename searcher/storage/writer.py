"""How is a segment written? Column by column."""

from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy.typing as npt

from searcher.storage.columns.archive import ColumnWriter
from searcher.storage.format import COLUMNS


class SegmentWriter:
    """Writes the columns of a segment; its texts are written apart.

    Use it as a context manager, and give it every column of `searcher.storage.format.COLUMNS` once.

    Args:
        folder: The index folder.
        name: Name of the segment, without suffix.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._columns = ColumnWriter(folder / f"{name}.npz")

    def __enter__(self) -> Self:
        self._columns.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._columns.__exit__(kind, error, trace)

    def reserve(self, name: str, *shape: int, dtype: str = "") -> None:
        """Keep a place for a column that is to be appended to; the dtype is needed where the format leaves it open."""
        self._columns.reserve(name, COLUMNS[name].dtype or dtype, shape)

    def append(self, name: str, values: npt.NDArray[Any]) -> None:
        """Add values to a column for which a place has been kept."""
        self._columns.append(name, values)

    def write(self, name: str, values: npt.NDArray[Any]) -> None:
        """Write a whole column."""
        self.reserve(name, *values.shape)
        self.append(name, values)
