# cython: boundscheck=True, wraparound=False, initializedcheck=False
"""Which passages hold a word, and where in the list of its postings is a passage?

The postings of a term lie in the columns of its segment: passage numbers or, if there are many, a bitmap. What a phrase or a pattern
matches is a list of the same kind in memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

try:
    from searcher.kernel import pure as cython
except ImportError:  # never: Cython reads the next line
    import cython  # type: ignore[no-redef]

from searcher.kernel.lexicon import Lexicon

if not cython.compiled:
    from searcher.kernel.pure import (
        F64,
        I64,
        U16,
        U32,
        U64,
        Bits,
        BitsArray,
        Index,
        Real,
        Reals,
        Shorts,
        Words,
        bit_at,
        built_from,
        lowest,
        popcount,
    )

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BUILT_FROM: bytes = built_from()
NO_PASSAGE = 1 << 62
"""Behind every passage."""
_NO_VALUES = memoryview(bytes(0)).cast("d")
_NO_WORDS = memoryview(bytes(0)).cast("Q")
_NO_NUMBERS = memoryview(bytes(0)).cast("I")


class PostingList:
    """The postings of one word, as one search goes through them. They may be asked for in any order, and fastest in ascending order.

    Attributes:
        n: How many there are.
        first: Number of the first one, of those of a term.
        codes: uint16, for each: frequency << 8 | length of the passage.
        weight: By which saturation is multiplied, in a search.
        decides: Whether a passage matches because of this word; otherwise it only adds to the score.
    """

    if TYPE_CHECKING:
        n: Index
        first: Index
        codes: U16
        bounds: U16  # no code of the list scores higher than the best of these
        ids: U32  # the passages, ascending, if there is no bitmap
        bitmap: U64
        ranks: U32
        values: F64  # the scores themselves, where they do not come from codes
        is_dense: bool
        has_values: bool
        weight: Real
        decides: bool
        ceiling: Real
        cursor: Index  # of a list without bitmap
        passage: Index  # that was asked for last
        at: Index  # its posting, or -1

    def find(self, passage: int) -> int:
        """Give the place of a passage in the list, or -1."""
        return self.locate(passage)

    def value(self, passage: int, table: Any) -> float:
        """Give the score of a passage that the list has."""
        at: Index = self.locate(passage)
        return self.values[at] if self.has_values else float(table[self.codes[at]]) * self.weight

    def passages(self) -> Words:
        """Give the passages: uint32, ascending.

        Raises:
            IndexError: There are fewer than the columns say: they are damaged.
        """
        found: Words = memoryview(bytearray(self.n * 4)).cast("I")
        passage: Index = -1
        i: Index
        for i in range(self.n):
            passage = self.next_from(passage + 1)
            if passage == NO_PASSAGE:
                raise IndexError("a term has fewer postings than are claimed")
            found[i] = passage
        return found

    def locate(self, passage: Index) -> Index:
        """Give the place of a passage in the list, or -1."""
        bits: Bits
        bit: Bits
        if passage == self.passage:
            return self.at
        self.passage = passage
        self.at = -1
        if self.is_dense:
            bits = self.bitmap[passage >> 6]
            bit = bit_at(passage & 63)
            if bits & bit:
                self.at = self.ranks[passage >> 6] + popcount(bits & (bit - 1))
        else:
            self.cursor = self.seek(passage)
            if self.cursor < self.n and self.ids[self.cursor] == passage:
                self.at = self.cursor
        return self.at

    def seek(self, passage: Index) -> Index:
        """Give the place of the first passage of a list without bitmap that is not before this one. It gallops from the cursor."""
        low: Index = self.cursor
        step: Index = 1
        high: Index
        middle: Index
        if low > 0 and self.ids[low - 1] >= passage:
            low = 0
        if low >= self.n or self.ids[low] >= passage:
            return low
        while low + step < self.n and self.ids[low + step] < passage:
            low += step
            step <<= 1
        high = min(low + step, self.n)
        low += 1
        while low < high:
            middle = (low + high) >> 1
            if self.ids[middle] < passage:
                low = middle + 1
            else:
                high = middle
        return low

    def next_from(self, passage: Index) -> Index:
        """Give the first passage of the list that is not before this one; one past all of them if there is none."""
        block: Index
        bits: Bits
        if not self.is_dense:
            self.cursor = self.seek(passage)
            return self.ids[self.cursor] if self.cursor < self.n else NO_PASSAGE
        block = passage >> 6
        if block >= len(self.bitmap):
            return NO_PASSAGE
        bits = self.bitmap[block] & ~(bit_at(passage & 63) - 1)
        while not bits:
            block += 1
            if block == len(self.bitmap):
                return NO_PASSAGE
            bits = self.bitmap[block]
        return block << 6 | lowest(bits)


def posting_list(ids: Any, codes: Any, values: Any = None) -> PostingList:
    """Make a list of passages that are not those of one term.

    Args:
        ids: uint32, ascending: the passages.
        codes: uint16, beside them.
        values: float64, beside them: their scores, if these do not follow from the codes.
    """
    found = PostingList()
    found.ids = memoryview(ids)
    found.codes = found.bounds = memoryview(codes)
    found.n = len(found.ids)
    found.values = _NO_VALUES if values is None else memoryview(values)
    found.has_values = values is not None
    found.bitmap, found.ranks = _NO_WORDS, _NO_NUMBERS
    found.is_dense = False
    return _unread(found)


def _unread(found: PostingList) -> PostingList:
    found.cursor = 0
    found.passage = found.at = -1
    found.weight = 1.0
    found.decides = True
    return found


class Columns:
    """The columns of a segment that a search reads.

    Args:
        columns: As `searcher.storage.format.COLUMNS` describes them.
    """

    if TYPE_CHECKING:
        starts: I64
        dense_before: I64
        dense: U32
        ids: U32
        bitmaps: U64
        ranks: U32
        codes: U16
        bound_starts: U32
        bounds: U16
        owners: U32
        article_passages: U32
        n_passages: Index
        n_blocks: Index
        no_values: F64
        lexicon: Lexicon

    def __init__(self, columns: Mapping[str, Any]) -> None:
        self.starts = memoryview(columns["posting_starts"])
        self.dense_before = memoryview(columns["dense_postings"])
        self.dense = memoryview(columns["dense_terms"])
        self.ids = memoryview(columns["passage_ids"])
        self.bitmaps = memoryview(columns["bitmaps"].reshape(-1))
        self.ranks = memoryview(columns["ranks"].reshape(-1))
        self.codes = memoryview(columns["codes"])
        self.bound_starts = memoryview(columns["bound_starts"])
        self.bounds = memoryview(columns["bounds"])
        self.owners = memoryview(columns["passage_article"])
        self.article_passages = memoryview(columns["article_passages"])
        self.n_passages = len(self.owners)
        self.n_blocks = (self.n_passages + 63) >> 6
        self.no_values = _NO_VALUES
        self.lexicon = Lexicon(columns["terms"], columns["terms_starts"])

    def find(self, term: bytes) -> PostingList:
        """Give the postings of a term, dead passages and all; none if the segment does not have it."""
        return self.postings(self.lexicon.find(term))

    def postings(self, term: Index) -> PostingList:
        """Give the postings of a term, dead passages and all; none for the term -1.

        Raises:
            IndexError: The columns do not have them: they are damaged.
        """
        found = PostingList()
        first: Index = self.starts[term] if term >= 0 else 0
        end: Index = self.starts[term + 1] if term >= 0 else 0
        row: Index = 0
        high: Index = len(self.dense)
        middle: Index
        if first < 0 or end < first or end > len(self.codes):
            raise IndexError("a term has postings that are not there")
        while row < high:
            middle = (row + high) >> 1
            if self.dense[middle] < term:
                row = middle + 1
            else:
                high = middle
        found.first = first
        found.n = end - first
        found.codes = self.codes[first:end]
        found.bounds = (
            self.bounds[self.bound_starts[term] : self.bound_starts[term + 1]]
            if term >= 0
            else self.bounds[0:0]
        )
        found.values = self.no_values
        found.has_values = False
        found.is_dense = term >= 0 and row < len(self.dense) and self.dense[row] == term
        if found.is_dense:
            found.ids = self.ids[0:0]
            found.bitmap = self.bitmaps[row * self.n_blocks : (row + 1) * self.n_blocks]
            found.ranks = self.ranks[row * self.n_blocks : (row + 1) * self.n_blocks]
        else:
            first -= self.dense_before[row]
            found.ids = self.ids[first : first + found.n]
            found.bitmap, found.ranks = self.bitmaps[0:0], self.ranks[0:0]
        return _unread(found)

    def article_of(self, passage: Index) -> Index:
        """Give the article of a passage.

        Raises:
            IndexError: The passage does not lie in its article: the columns are damaged.
        """
        article: Index = self.owners[passage]
        first: Index = self.article_passages[article]
        end: Index = self.article_passages[article + 1]
        if not first <= passage < end <= self.n_passages:
            raise IndexError("a passage does not lie in its article")
        return article


def count_in(postings: PostingList, among: U64) -> int:
    """Count the postings whose passages a bitmap has."""
    count: Index = 0
    block: Index
    i: Index
    passage: Index
    if postings.is_dense:
        for block in range(len(postings.bitmap)):
            count += popcount(postings.bitmap[block] & among[block])
    else:
        for i in range(postings.n):
            passage = postings.ids[i]
            count += (among[passage >> 6] >> (passage & 63)) & 1
    return count


def mark(postings: PostingList, marks: BitsArray) -> Index:
    """Set the bits of the passages of a list."""
    block: Index
    i: Index
    passage: Index
    if postings.is_dense:
        for block in range(len(marks)):
            marks[block] |= postings.bitmap[block]
    else:
        for i in range(postings.n):
            passage = postings.ids[i]
            marks[passage >> 6] |= bit_at(passage & 63)
    return 0


def count_bits(bits: U64) -> int:
    """Count the bits of a bitmap."""
    n: Index = 0
    block: Index
    for block in range(len(bits)):
        n += popcount(bits[block])
    return n


def among(postings: PostingList, bits: U64) -> PostingList:
    """Give those postings whose passages a bitmap has."""
    ids: Words = memoryview(bytearray(postings.n * 4)).cast("I")
    codes: Shorts = memoryview(bytearray(postings.n * 2)).cast("H")
    values: Reals = memoryview(bytearray(len(postings.values) * 8)).cast("d")
    n: Index = 0
    at: Index
    passage: Index = -1
    for at in range(postings.n):
        passage = postings.next_from(passage + 1)
        if (bits[passage >> 6] >> (passage & 63)) & 1:
            ids[n] = passage
            codes[n] = postings.codes[at]
            if postings.has_values:
                values[n] = postings.values[at]
            n += 1
    found = posting_list(ids[:n], codes[:n], values[:n] if postings.has_values else None)
    found.weight = postings.weight
    return found


def union(lists: Sequence[PostingList]) -> PostingList:
    """Put the lists of a word that may stand under several terms into one: a passage has the frequencies of all of them together."""
    n: Index = 0
    each: PostingList
    for each in lists:
        n += each.n
    ids: Words = memoryview(bytearray(n * 4)).cast("I")
    codes: Shorts = memoryview(bytearray(n * 2)).cast("H")
    n = 0
    passage: Index = 0
    at: Index
    frequency: Index
    code: Index
    while True:
        low: Index = NO_PASSAGE
        for each in lists:
            low = min(low, each.next_from(passage))
        if low == NO_PASSAGE:
            break
        passage = low
        frequency = code = 0
        for each in lists:
            at = each.locate(passage)
            if at >= 0:
                code = each.codes[at]
                frequency += code >> 8
        ids[n] = passage
        codes[n] = min(frequency, 255) << 8 | (code & 255)
        n += 1
        passage += 1
    return posting_list(ids[:n], codes[:n])
