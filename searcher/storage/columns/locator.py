"""Where do the occurrences of a posting stand in the column of positions?

The index stores where the occurrences of each block of postings begin. Within a block, the occurrences of a posting begin
after those of the postings before it, so the frequencies of these are added up. Four codes fit in one number of 64 bits,
so four frequencies are added at a time.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from searcher.arrays import Codes, Numbers
from searcher.storage.format import OCCURRENCE_BLOCK

_TO_FREQUENCIES: Final = np.uint64(8)
_ADD_UP: Final = np.uint64(0x0001_0001_0001_0001)
"""A number multiplied by this has the sum of its four 16-bit parts in its highest 16 bits."""
_TO_SUM: Final = np.uint64(48)


def masks_before(n_codes: int) -> npt.NDArray[np.uint64]:
    """Make masks that keep the frequencies of the first codes of a block.

    Args:
        n_codes: Codes in a block, a multiple of four.

    Returns:
        uint64, shape (n_codes, n_codes / 4): row ``n`` keeps the frequencies of the first ``n`` codes.

    >>> [f"{number:016x}" for number in masks_before(4).ravel().tolist()[:3]]
    ['0000000000000000', '000000000000ff00', '00000000ff00ff00']
    """
    first: npt.NDArray[np.uint16] = np.tri(n_codes, k=-1, dtype=np.uint16) * np.uint16(0xFF00)
    return first.view(np.uint64)


class Locator:
    """Finds the occurrences of postings. Safe to use from several threads.

    Args:
        codes: uint16, for each posting: frequency << 8 | length of the passage.
        base: int64, for each block of postings: where its occurrences begin.
        positions: uint8, for each occurrence.
    """

    def __init__(self, codes: Codes, base: Numbers, positions: npt.NDArray[np.uint8]) -> None:
        self._frequencies = codes.view(np.uint8)[1::2]
        self._base = base
        self._before = masks_before(OCCURRENCE_BLOCK)
        self._add_up = np.full(OCCURRENCE_BLOCK // 4, _ADD_UP)
        self._views = self._frequencies.data, base.data, positions.data
        n_whole = len(codes) & -OCCURRENCE_BLOCK
        rest = np.zeros(OCCURRENCE_BLOCK, codes.dtype)
        rest[: len(codes) - n_whole] = codes[n_whole:]
        block = f"V{rest.nbytes}"
        self._rest: npt.NDArray[Any] = rest.view(block)
        self._blocks: npt.NDArray[Any] = codes[:n_whole].view(block) if n_whole else self._rest

    def locate(self, postings: Numbers) -> tuple[Numbers, Numbers]:
        """Find the occurrences of some postings.

        Args:
            postings: int64: numbers of postings, in any order.

        Returns:
            int64: how many occurrences each posting has. And int64: the places of all these occurrences in the column of
            positions, posting by posting.
        """
        frequencies = self._frequencies[postings].astype(np.int64)
        places = self._begins(postings)
        places += frequencies
        places -= frequencies.cumsum()
        places = places.repeat(frequencies)
        places += np.arange(len(places))
        return frequencies, places

    def positions(self, posting: int) -> list[int]:
        """List the positions of one posting. Faster than `locate` for a few postings."""
        frequencies, base, positions = self._views
        begin = base[posting // OCCURRENCE_BLOCK] + sum(frequencies[posting & -OCCURRENCE_BLOCK : posting])
        found: list[int] = positions[begin : begin + frequencies[posting]].tolist()
        return found

    def _begins(self, postings: Numbers) -> Numbers:
        """Find where the occurrences of each posting begin."""
        numbers = postings // OCCURRENCE_BLOCK
        blocks = self._blocks.take(numbers, mode="clip")
        if numbers.max(initial=0) >= len(self._blocks):
            blocks[numbers == len(self._blocks)] = self._rest
        before = blocks.view(np.uint64).reshape(-1, OCCURRENCE_BLOCK // 4)
        before &= self._before.take(postings & (OCCURRENCE_BLOCK - 1), axis=0)
        before >>= _TO_FREQUENCIES
        sums = before @ self._add_up
        sums >>= _TO_SUM
        begins: Numbers = sums.view(np.int64)
        begins += self._base.take(numbers)
        return begins
