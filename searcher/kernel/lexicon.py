# cython: boundscheck=True, wraparound=False, initializedcheck=False
"""Where does a byte string stand among sorted ones?

The strings are one text, each followed by a line feed, and the places where they begin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

try:
    from searcher.kernel import pure as cython
except ImportError:  # never: Cython reads the next line
    import cython  # type: ignore[no-redef]

if not cython.compiled:
    from searcher.kernel.pure import U8, U32, Index


class Lexicon:
    """Sorted strings.

    Args:
        blob: uint8: the strings, each with one byte after it.
        starts: uint32, one more than there are strings: where each begins.
    """

    if TYPE_CHECKING:
        blob: U8
        starts: U32
        n: Index

    def __init__(self, blob: Any, starts: Any) -> None:
        self.blob = memoryview(blob)
        self.starts = memoryview(starts)
        self.n = len(self.starts) - 1

    def lower_bound(self, string: bytes) -> int:
        """Give the number of the first string that is not less than this one."""
        return self._search(string)

    def find(self, string: bytes) -> int:
        """Give the number of the first string equal to this one, or -1."""
        view: U8 = string
        number: Index = self._search(view)
        return number if number < self.n and self._compare(number, view) == 0 else -1

    def _search(self, string: U8) -> Index:
        low: Index = 0
        high: Index = self.n
        middle: Index
        while low < high:
            middle = (low + high) >> 1
            if self._compare(middle, string) < 0:
                low = middle + 1
            else:
                high = middle
        return low

    def _compare(self, number: Index, string: U8) -> Index:
        """Tell whether a string is less than another one (-1), equal (0), or greater (1)."""
        at: Index = self.starts[number]
        n: Index = self.starts[number + 1]
        size: Index = len(string)
        i: Index
        n -= at + 1
        for i in range(min(n, size)):
            if self.blob[at + i] != string[i]:
                return -1 if self.blob[at + i] < string[i] else 1
        return 0 if n == size else -1 if n < size else 1
