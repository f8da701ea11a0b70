"""Columns come back from a spill as they were put there."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from searcher.indexing.segments.spill import Spill


def test_pieces_of_columns_come_back(tmp_path: Path) -> None:
    spill = Spill(tmp_path / "spill")
    first: dict[str, npt.NDArray[Any]] = {"a": np.arange(5, dtype=np.uint32), "b": np.array([7, 8], np.uint8)}
    second: dict[str, npt.NDArray[Any]] = {"a": np.arange(0, 40, 2)[::2], "empty": np.zeros(0, np.uint16)}
    one, two = spill.put(first), spill.put(second)
    for spilled, columns in ((two, second), (one, first)):
        for name, column in columns.items():
            assert (spilled.read(name).dtype, spilled.read(name).tolist()) == (column.dtype, column.tolist())
            assert spilled.size(name) == len(column)
    assert one.read("a", 2).tolist() == [2, 3, 4]
    assert one.read("a", 1, 3).tolist() == [1, 2]
    assert one.read("a", 3, 3).tolist() == []
    assert two.read("a", 1, 3).tolist() == [4, 8]
    assert spill.put({"c": np.array([1])}).read("c").tolist() == [1]
    spill.close()
