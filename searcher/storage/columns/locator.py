"""Where do the occurrences of postings stand in the column of positions?

It is written down where those of each block of postings begin; to that is added how often the postings before one in its
block occur. Four codes lie in a number of 64 bits, so the frequencies of a block are added up four at a time.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from searcher.arrays import Codes, Numbers
from searcher.storage.format import OCCURRENCE_BLOCK

_TO_FREQUENCIES: Final = np.uint64(8)
_ADD_UP: Final = np.uint64(0x0001_0001_0001_0001)
"""Times this, a number has the sum of its four parts of 16 bits in the highest of them."""
_TO_SUM: Final = np.uint64(48)


def masks_before(n_codes: int) -> npt.NDArray[np.uint64]:
    """Make masks of the frequencies of a block's first codes.

    Args:
        n_codes: Codes in a block, a multiple of four.

    Returns:
        uint64, shape (n_codes, n_codes / 4): row ``n`` masks the frequencies of the first ``n`` codes.

    >>> [f"{number:016x}" for number in masks_before(4).ravel().tolist()[:3]]
    ['0000000000000000', '000000000000ff00', '00000000ff00ff00']
    """
    first: npt.NDArray[np.uint16] = np.tri(n_codes, k=-1, dtype=np.uint16) * np.uint16(0xFF00)
    return first.view(np.uint64)


class Locator:
    """Tells where occurrences stand. Safe to use from several threads.

    Args:
        codes: uint16, by posting: frequency << 8 | length of the passage.
        base: int64, by block of postings: where its occurrences begin.
        positions: uint8, by occurrence.
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
        """Give where occurrences stand in the column of positions.

        Args:
            postings: int64: numbers of postings, in any order.

        Returns:
            int64, by posting: how many each has; and the places of all of them, posting by posting.
        """
        frequencies = self._frequencies[postings].astype(np.int64)
        places = self._begins(postings)
        places += frequencies
        places -= frequencies.cumsum()
        places = places.repeat(frequencies)
        places += np.arange(len(places))
        return frequencies, places

    def positions(self, posting: int) -> list[int]:
        """Give the positions of one posting: of a few, in less time than it takes to `locate` them."""
        frequencies, base, positions = self._views
        begin = base[posting // OCCURRENCE_BLOCK] + sum(frequencies[posting & -OCCURRENCE_BLOCK : posting])
        found: list[int] = positions[begin : begin + frequencies[posting]].tolist()
        return found

    def _begins(self, postings: Numbers) -> Numbers:
        """Give where the occurrences of each posting begin."""
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
