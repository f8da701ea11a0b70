"""Which passages hold a term?

On disk the passages of a term are a list of numbers or a bitmap, with one code for each passage beside them.

There are three ways to tell which of some passages hold a term. A bitmap is asked for their bits. Of two lists, the shorter
one is searched for in the longer one. If both lists are long, one of them is marked in an array over all passages.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from searcher.arrays import Bitmap, Codes, Mask, Numbers, Scores

_SEARCHED: Final = 6
"""How many times as long the longer list must be for the shorter one to be searched for in it."""
_LARGE: Final = 31 << 20  # just below the size from which on glibc no longer adapts its threshold
_THIN: Final = 2
"""If fewer than one of so many words of a bitmap have bits, only the words that have bits are unpacked."""
_FEW: Final = 256
"""How many passages can be searched for in less time than marking takes."""
NO_CODES: Final = np.zeros(0, np.uint16)
_ONE: Final = np.uint64(1)
_BIT: Final = _ONE << np.arange(64, dtype=np.uint64)
_BELOW: Final = _BIT - _ONE


class Scratch:
    """Lends arrays with one element for each passage. Safe to use from several threads.

    An array is all zero when it is lent, and must be all zero when it is given back. Large arrays are used again because a
    new array costs more than its use: each of its pages causes a page fault.

    An array of marks is a little longer than the number of passages, so that its marks fill whole words of a bitmap.

    Args:
        n_passages: Passages of the segment.
    """

    def __init__(self, n_passages: int) -> None:
        # The C library serves a request from new pages if the request is larger than any block freed so far. Each new page
        # is a page fault. Freeing one large block here, of which no page was touched, lets later arrays use old pages.
        np.empty(_LARGE, np.uint8)
        self._n_passages = n_passages
        self._marks: list[Mask] = []
        self._sums: list[Scores] = []

    def marks(self) -> Mask:
        """Lend an array of marks. The caller gives it back with `give_marks` unless an error is raised."""
        try:
            return self._marks.pop()
        except IndexError:
            return np.zeros(-(-self._n_passages // 64) * 64, np.bool_)

    def sums(self) -> Scores:
        """Lend an array of sums. The caller gives it back with `give_sums` unless an error is raised."""
        try:
            return self._sums.pop()
        except IndexError:
            return np.zeros(self._n_passages, np.float64)

    def give_marks(self, marks: Mask) -> None:
        """Take back an array of marks, which must be all zero again."""
        self._marks.append(marks)

    def give_sums(self, sums: Scores) -> None:
        """Take back an array of sums, which must be all zero again."""
        self._sums.append(sums)


class PostingList:
    """The postings of one term, or of anything else that occurs in passages.

    The passages are given either by ``ids`` or by ``bitmap`` and ``ranks``.

    Args:
        scratch: Of the segment.
        codes: uint16, shape (n,): frequency << 8 | length of the passage. They are not needed to find passages.
        ids: int64 or uint32, shape (n,), ascending: the passages.
        bitmap: uint64: the passages as a bitmap.
        ranks: uint32, one for each word of the bitmap: how many passages stand before that word.
    """

    def __init__(
        self,
        scratch: Scratch,
        codes: Codes = NO_CODES,
        ids: npt.NDArray[np.integer[Any]] | None = None,
        bitmap: Bitmap | None = None,
        ranks: npt.NDArray[np.uint32] | None = None,
    ) -> None:
        self.codes = codes
        self.bitmap = bitmap
        self._scratch = scratch
        self._ids = ids
        self._ranks = ranks
        self._passages: Numbers | None = None

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def passages(self) -> Numbers:
        """int64, shape (n,), ascending."""
        if self._passages is None:
            if self.bitmap is None:
                assert self._ids is not None
                self._passages = self._ids.astype(np.int64, copy=False)
            else:
                self._passages = members(self.bitmap)
        return self._passages

    def passages_at(self, ordinals: Numbers | slice) -> Numbers:
        """Give the passages of some of the postings: int64, in the same order."""
        if self._ids is None:
            return self.passages[ordinals]
        return self._ids[ordinals].astype(np.int64, copy=False)

    def places(self, passages: Numbers) -> Numbers:
        """Find which of some passages hold the term. Faster than `find`, which finds the postings too.

        Args:
            passages: int64, ascending.

        Returns:
            int64, ascending: places in ``passages``.
        """
        if self.bitmap is not None:
            held = self.bitmap[passages >> 6] & _BIT[passages & 63]
            here: Numbers = held.astype(np.bool_).nonzero()[0]
            return here
        assert self._ids is not None
        if self._is_searched(passages):
            return self.find(passages)[0]
        marks = self._scratch.marks()
        marks[self._ids] = True
        places = marks.take(passages).nonzero()[0]
        marks[self._ids] = False
        self._scratch.give_marks(marks)
        return places

    def _is_searched(self, passages: Numbers) -> bool:
        """Tell whether to search for the shorter list in the longer one, rather than mark."""
        assert self._ids is not None
        shorter, longer = sorted((len(passages), len(self._ids)))
        return shorter <= _FEW or shorter * _SEARCHED < longer

    def find(self, passages: Numbers) -> tuple[Numbers, Numbers]:
        """Find which of some passages hold the term, and the posting of each.

        Args:
            passages: int64, ascending.

        Returns:
            Two int64 arrays of one length: places in ``passages``, and places in the postings.
        """
        if self.bitmap is not None and self._ranks is not None:
            words, bits = passages >> 6, passages & 63
            here = self.bitmap[words]
            places = (here & _BIT[bits]).astype(np.bool_).nonzero()[0]  # twice as fast as without astype
            words = words[places]
            below = here[places] & _BELOW[bits[places]]
            return places, np.add(np.bitwise_count(below), self._ranks[words], dtype=np.int64)
        assert self._ids is not None
        if not len(passages) or not len(self._ids):
            return passages[:0], passages[:0]
        if self._is_searched(passages):
            if len(passages) <= len(self._ids):
                return _search(self._ids, passages.astype(self._ids.dtype, copy=False))
            ordinals, places = _search(passages, self.passages)
            return places, ordinals
        marks = self._scratch.marks()
        marks[passages] = True
        ordinals = marks.take(self._ids).nonzero()[0]
        marks[passages] = False
        found = self._ids[ordinals]
        marks[found] = True
        places = marks.take(passages).nonzero()[0]
        marks[found] = False
        self._scratch.give_marks(marks)
        return places, ordinals

    def find_few(self, passages: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Find which of a few passages hold the term. Faster than `find` if they are few.

        Args:
            passages: Ascending.

        Yields:
            Each passage that holds the term, and its place in the postings.
        """
        if self.bitmap is not None and self._ranks is not None:
            words, ranks = self.bitmap.data, self._ranks.data
            for passage in passages:
                word, bit = words[passage >> 6], 1 << (passage & 63)
                if word & bit:
                    yield passage, ranks[passage >> 6] + (word & (bit - 1)).bit_count()
            return
        assert self._ids is not None
        ids, at = self._ids.data, 0
        for passage in passages:
            at = bisect_left(ids, passage, at)
            if at < len(ids) and ids[at] == passage:
                yield passage, at


def intersection(lists: Sequence[PostingList]) -> Numbers:
    """Find the passages that are in every one of at least one list of a segment: int64, ascending."""
    by_rarity = sorted(lists, key=len)
    passages = by_rarity[0].passages
    for each in by_rarity[1:]:
        passages = passages[each.places(passages)]
    return passages


def union(lists: Sequence[PostingList], scratch: Scratch) -> Bitmap:
    """Find the passages that are in at least one of some lists of a segment.

    Args:
        lists: The lists.
        scratch: Of the segment.
    """
    marks = scratch.marks()
    sparse = [each.passages for each in lists if each.bitmap is None]
    for passages in sparse:
        marks[passages] = True
    bitmap: Bitmap = np.packbits(marks, bitorder="little").view(np.uint64)
    for passages in sparse:
        marks[passages] = False
    scratch.give_marks(marks)
    for each in lists:
        if each.bitmap is not None:
            bitmap |= each.bitmap
    return bitmap


def to_bitmap(mask: Mask) -> Bitmap:
    """Write a mask over all passages as a bitmap."""
    bits = np.zeros(-(-len(mask) // 64) * 8, np.uint8)
    packed = np.packbits(mask, bitorder="little")
    bits[: len(packed)] = packed
    return bits.view(np.uint64)


def members(bitmap: Bitmap) -> Numbers:
    """List the numbers whose bits a bitmap has: int64, ascending.

    >>> members(to_bitmap(np.array([True, False, True]))).tolist()
    [0, 2]
    """
    words = bitmap.nonzero()[0]
    if len(words) * _THIN > len(bitmap):
        return _ones(bitmap)
    at = _ones(bitmap[words])
    found: Numbers = words[at >> 6] << 6 | at & 63
    return found


def _ones(bitmap: Bitmap) -> Numbers:
    bits = np.unpackbits(bitmap.view(np.uint8), bitorder="little")
    return bits.view(np.bool_).nonzero()[0]  # four times as fast as without the view


def _search(ascending: npt.NDArray[Any], sought: npt.NDArray[Any]) -> tuple[Numbers, Numbers]:
    """Search for a few ascending numbers among many: places in ``sought``, and places in ``ascending``."""
    at = ascending.searchsorted(sought)
    places = (ascending.take(at, mode="clip") == sought).nonzero()[0]
    return places, at[places]
