"""Where does a term occur, as it stands on disk: passages as numbers or as a bitmap, and codes beside them.

Whether some passages hold a term is asked in the way that takes the fewest steps: by bits of a bitmap; by search for the
shorter of two lists in the longer; or, where both are long, by marks over all passages.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from searcher.arrays import Bitmap, Codes, Numbers

_SEARCHED: Final = 6
"""A list is searched for another's members where it is so many times as long; otherwise both are gone through."""
_LARGE: Final = 31 << 20  # just below the size from which on glibc does not learn
_THIN: Final = 2
"""Where one word of a bitmap in so many has bits, only those are looked at."""
_FEW: Final = 256
"""Passages that are searched for in less time than it takes to mark them."""
_ONE: Final = np.uint64(1)
_BIT: Final = _ONE << np.arange(64, dtype=np.uint64)
_BELOW: Final = _BIT - _ONE
_BITS: Final = np.uint64(63)


class Scratch:
    """Arrays with one element a passage, all zero, to be left so. Safe to use from several threads.

    Marks have some elements more, which stay zero: so many that they make whole words of a bitmap.

    Large arrays cost more to get than to use: each page of a new one is a fault.

    Args:
        n_passages: Passages of the segment.
    """

    def __init__(self, n_passages: int) -> None:
        # The C library takes a block from new pages, each of them a fault, where it is larger than any that it has got back:
        # so that arrays are made of pages that are there already, it gets back a large one, of which no page is touched.
        np.empty(_LARGE, np.uint8)
        self._n_passages = n_passages
        self._marks: list[npt.NDArray[np.bool_]] = []
        self._sums: list[npt.NDArray[np.float64]] = []

    def marks(self) -> npt.NDArray[np.bool_]:
        """Lend an array, to be given back unless something fails."""
        try:
            return self._marks.pop()
        except IndexError:
            return np.zeros(-(-self._n_passages // 64) * 64, np.bool_)

    def sums(self) -> npt.NDArray[np.float64]:
        """Lend an array, to be given back unless something fails."""
        try:
            return self._sums.pop()
        except IndexError:
            return np.zeros(self._n_passages, np.float64)

    def give_marks(self, marks: npt.NDArray[np.bool_]) -> None:
        """Take back an array, all of it zero again."""
        self._marks.append(marks)

    def give_sums(self, sums: npt.NDArray[np.float64]) -> None:
        """Take back an array, all of it zero again."""
        self._sums.append(sums)


class PostingList:
    """The postings of one term, or of anything else that occurs in passages.

    Args:
        scratch: Of the segment.
        codes: uint16, shape (n,): frequency << 8 | length of the passage.
        ids: int64 or uint32, shape (n,), ascending: the passages; or, in place of them:
        bitmap: uint64: bit ``i & 63`` of word ``i >> 6`` stands for passage ``i``.
        ranks: uint32, beside it: how many passages come before each word.
    """

    def __init__(
        self,
        scratch: Scratch,
        codes: Codes,
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
        """Give the passages of some of the postings: int64, beside them."""
        if self._ids is None:
            return self.passages[ordinals]
        return self._ids[ordinals].astype(np.int64, copy=False)

    def between(self, first: int, end: int) -> list[int]:
        """List the passages from one up to another, which is not far from it, ascending."""
        if self.bitmap is None:
            assert self._ids is not None
            ids = self._ids.data
            start = bisect_left(ids, first)
            found: list[int] = ids[start : bisect_left(ids, end, start)].tolist()
            return found
        words = self.bitmap[first >> 6 : (end + 63) >> 6]
        bits = f"{int.from_bytes(words.tobytes(), 'little') >> (first & 63):b}"[::-1]
        return [first + place for place, bit in enumerate(bits[: end - first]) if bit == "1"]

    def places(self, passages: Numbers) -> Numbers:
        """Find which passages are among these, in less time than `find`.

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
        """Tell whether the shorter of two lists is searched for in the longer, rather than marked."""
        assert self._ids is not None
        shorter, longer = sorted((len(passages), len(self._ids)))
        return shorter <= _FEW or shorter * _SEARCHED < longer

    def find(self, passages: Numbers) -> tuple[Numbers, Numbers]:
        """Find which passages are among these.

        Args:
            passages: int64, ascending.

        Returns:
            int64, two of one length: places in ``passages``, and in the postings.
        """
        if self.bitmap is not None and self._ranks is not None:
            words, bits = passages >> 6, passages & 63
            here = self.bitmap[words]
            places = (here & _BIT[bits]).astype(np.bool_).nonzero()[0]  # twice as fast as of numbers
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
        """Find which of a few passages are among these, one by one: in less time than `find` takes.

        Args:
            passages: Ascending.

        Yields:
            Passages, and the place of each in the postings.
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
    """Find the passages that are in all of some lists of one segment, at least one: int64, ascending."""
    by_rarity = sorted(lists, key=len)
    passages = by_rarity[0].passages
    for each in by_rarity[1:]:
        passages = passages[each.places(passages)]
    return passages


def union(lists: Sequence[PostingList], scratch: Scratch) -> Bitmap:
    """Find the passages that are in any of some lists of one segment.

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


def to_bitmap(mask: npt.NDArray[np.bool_]) -> Bitmap:
    """Write a mask over all passages as a bitmap."""
    bits = np.zeros(-(-len(mask) // 64) * 8, np.uint8)
    packed = np.packbits(mask, bitorder="little")
    bits[: len(packed)] = packed
    return bits.view(np.uint64)


def ranks_of(bitmap: Bitmap, passages: Numbers) -> Numbers:
    """Count the bits of a bitmap below each of some passages, which may be as many as there are passages.

    >>> ranks_of(to_bitmap(np.array([True, False, True])), np.array([0, 1, 2, 3])).tolist()
    [0, 1, 1, 2]
    """
    before = np.zeros(len(bitmap) + 1, np.int64)
    np.bitwise_count(bitmap).cumsum(out=before[1:])
    words, bits = passages >> 6, passages.view(np.uint64) & _BITS
    below = bitmap.take(words, mode="clip") & ((_ONE << bits) - _ONE)  # nothing, behind the last word
    ranks: Numbers = before[words] + np.bitwise_count(below)
    return ranks


def members(bitmap: Bitmap) -> Numbers:
    """Give the numbers for which a bitmap has bits, ascending.

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
    return bits.view(np.bool_).nonzero()[0]  # four times as fast as of numbers


def _search(ascending: npt.NDArray[Any], sought: npt.NDArray[Any]) -> tuple[Numbers, Numbers]:
    """Find the few in the many: places among those sought, and among the others."""
    at = ascending.searchsorted(sought)
    places = (ascending.take(at, mode="clip") == sought).nonzero()[0]
    return places, at[places]
