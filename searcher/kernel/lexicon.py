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

    def find(self, string: U8) -> Index:
        """Give the number of the first string equal to this one, or -1."""
        number: Index = self._search(string)
        at: Index
        i: Index
        if number == self.n:
            return -1
        at = self.starts[number]
        if self.starts[number + 1] - at != len(string) + 1:
            return -1
        for i in range(len(string)):
            if self.blob[at + i] != string[i]:
                return -1
        return number

    def _search(self, string: U8) -> Index:
        size: Index = len(string)
        low: Index = 0
        high: Index = self.n
        middle: Index
        at: Index
        end: Index
        i: Index
        while low < high:
            middle = (low + high) >> 1
            at = self.starts[middle]
            end = self.starts[middle + 1]
            end -= 1
            i = 0
            while i < size and at < end and self.blob[at] == string[i]:
                i += 1
                at += 1
            if i < size and (at >= end or self.blob[at] < string[i]):
                low = middle + 1
            else:
                high = middle
        return low
