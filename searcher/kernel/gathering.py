# cython: boundscheck=True, wraparound=False, initializedcheck=False
"""Where does any of many surfaces stand, such as those that a pattern fits?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

try:
    from searcher.kernel import pure as cython
except ImportError:  # never: Cython reads the next line
    import cython  # type: ignore[no-redef]

from searcher.kernel.places import Part
from searcher.kernel.postings import PostingList, posting_list

if not cython.compiled:
    from searcher.kernel.places import Places
    from searcher.kernel.pure import (
        I64,
        Bits,
        BitsArray,
        Bytes,
        Index,
        Indices,
        Shorts,
        Words,
        bit_at,
        lowest,
        popcount,
    )


class Gathered:
    """The places of some surfaces, by passage. Safe to use from several threads."""

    if TYPE_CHECKING:
        source: Places
        ids: Words
        codes: Shorts
        starts: Indices  # where the places of each passage begin
        positions: Bytes
        widths: Bytes  # beside the positions, unless all of them are 1
        has_widths: bool

    def part(self) -> Part:
        """Give a part of a word that stands wherever one of the surfaces does."""
        found = Part()
        found.source = self.source
        found.postings = posting_list(self.ids, self.codes)
        found.starts = self.starts
        found.positions = self.positions
        found.widths = self.widths
        found.is_gathered = True
        found.has_widths = self.has_widths
        found.is_varied = False
        return found


def gather(source: Places, slots: Any) -> Gathered:
    """Find where some surfaces stand.

    Args:
        source: The columns of the segment.
        slots: int64, ascending: the surfaces, as places in the column ``term_surfaces``.

    Raises:
        IndexError: The columns are damaged.
    """
    work = _Gathering()
    work.source = source
    work.parts = _parts(source, memoryview(slots))
    work.mark()
    work.count()
    work.fill()
    return work.sort()


class _Gathering:
    """Sorts the places of several terms by passage."""

    if TYPE_CHECKING:
        source: Places
        parts: list[Part]
        # The passages that have one of the terms, as a bitmap, and how many of them stand before each word of it.
        bits: BitsArray
        ranks: Words
        n: Index
        # The places of each of these passages are from `starts` to `ends`.
        starts: Indices
        ends: Indices
        positions: Bytes
        widths: Bytes
        has_widths: bool

    def mark(self) -> Index:
        """Mark the passages that may have one of the surfaces: those that have its term."""
        part: Part
        passage: Index
        block: Index
        i: Index
        self.bits = memoryview(bytearray(8 * self.source.columns.n_blocks)).cast("Q")
        self.ranks = memoryview(bytearray(4 * self.source.columns.n_blocks)).cast("I")
        self.n = 0
        self.has_widths = False
        for part in self.parts:
            self.has_widths |= part.has_widths
            if part.postings.is_dense:
                for block in range(len(self.bits)):
                    self.bits[block] |= part.postings.bitmap[block]
            else:
                for i in range(part.postings.n):
                    passage = part.postings.ids[i]
                    self.bits[passage >> 6] |= bit_at(passage & 63)
        for block in range(len(self.bits)):
            self.ranks[block] = self.n
            self.n += popcount(self.bits[block])
        return 0

    def rank(self, passage: Index) -> Index:
        """Tell how many marked passages stand before a passage."""
        bits: Bits = self.bits[passage >> 6] & (bit_at(passage & 63) - 1)
        return self.ranks[passage >> 6] + popcount(bits)

    def count(self) -> Index:
        """Count the occurrences of the terms in each marked passage, to make room for that many places."""
        part: Part
        passage: Index
        code: Index
        i: Index
        total: Index = 0
        self.starts = memoryview(bytearray(8 * (self.n + 1))).cast("q")
        self.ends = memoryview(bytearray(8 * self.n + 8)).cast("q")
        for part in self.parts:
            passage = -1
            for i in range(part.postings.n):
                passage = _next(part.postings, i, passage)
                code = part.postings.codes[i]
                self.starts[self.rank(passage) + 1] += code >> 8
        for i in range(self.n):
            self.ends[i] = total
            total += self.starts[i + 1]
            self.starts[i + 1] = total
        if total > len(self.source.positions):
            raise IndexError("terms have more occurrences than there are")
        self.positions = memoryview(bytearray(total))
        self.widths = memoryview(bytearray(total if self.has_widths else 0))
        return 0

    def fill(self) -> Index:
        """Put down the places of each passage, term by term."""
        part: Part
        passage: Index
        place: Index
        width: Index
        code: Index
        rank: Index
        at: Index
        i: Index
        for part in self.parts:
            passage = -1
            place = self.source.first_place(part.postings.first) if part.postings.n else 0
            for i in range(part.postings.n):
                passage = _next(part.postings, i, passage)
                rank = self.rank(passage)
                at = self.ends[rank]
                code = part.postings.codes[i]
                for _ in range(code >> 8):
                    width = part.width_at(place) if part.has_widths else 1
                    if width:
                        self.positions[at] = self.source.positions[place]
                        if self.has_widths:
                            self.widths[at] = width
                        at += 1
                    place += 1
                self.ends[rank] = at
        return 0

    def sort(self) -> Gathered:
        """Sort the places of each passage, keep equal ones once, and leave out the passages that have none."""
        block: Index
        passage: Index
        low: Index
        high: Index
        at: Index
        length: Index
        count: Index
        rank: Index = 0
        n: Index = 0
        n_places: Index = 0
        bits: Bits
        ids: Words = memoryview(bytearray(4 * self.n)).cast("I")
        codes: Shorts = memoryview(bytearray(2 * self.n)).cast("H")
        for block in range(len(self.bits)):
            bits = self.bits[block]
            while bits:
                passage = block << 6 | lowest(bits)
                bits &= bits - 1
                low = self.starts[rank]
                high = self.ends[rank]
                rank += 1
                self.starts[n] = n_places
                self.order(low, high)
                count = 0
                for at in range(low, high):
                    if at == low or self.positions[at] != self.positions[n_places - 1]:
                        count += 1
                    elif not self.has_widths or self.widths[at] == self.widths[n_places - 1]:
                        continue
                    self.positions[n_places] = self.positions[at]
                    if self.has_widths:
                        self.widths[n_places] = self.widths[at]
                    n_places += 1
                if count:
                    length = self.source.lengths[passage]
                    ids[n] = passage
                    codes[n] = count << 8 | length
                    n += 1
        self.starts[n] = n_places
        found = Gathered()
        found.source = self.source
        found.ids = ids[:n]
        found.codes = codes[:n]
        found.starts = self.starts[: n + 1]
        found.positions = self.positions
        found.widths = self.widths
        found.has_widths = self.has_widths
        return found

    def order(self, low: Index, high: Index) -> Index:
        """Sort the places of one passage, which ascend within each term."""
        at: Index
        to: Index
        position: Index
        width: Index = 0
        for at in range(low + 1, high):
            position = self.positions[at]
            if self.has_widths:
                width = self.widths[at]
            to = at
            while to > low and (
                self.positions[to - 1] > position
                or (self.has_widths and self.positions[to - 1] == position and self.widths[to - 1] > width)
            ):
                self.positions[to] = self.positions[to - 1]
                if self.has_widths:
                    self.widths[to] = self.widths[to - 1]
                to -= 1
            self.positions[to] = position
            if self.has_widths:
                self.widths[to] = width
        return 0


def _parts(source: Places, slots: I64) -> list[Part]:
    """Give a part for each term of some surfaces. It stands where one of the surfaces does."""
    parts: list[Part] = []
    part: Part
    n: Index = 0
    total: Index = 0
    n_meant: Index
    term: Index
    first: Index
    end: Index
    i: Index
    while n < len(slots):
        term = source.surface_term[source.term_surfaces[slots[n]]]
        first = source.term_surface_starts[term]
        end = source.term_surface_starts[term + 1]
        n_meant = 0
        while n + n_meant < len(slots) and slots[n + n_meant] < end:
            n_meant += 1
        if first > slots[n] or n_meant == 0:
            raise IndexError("a surface does not stand among those of its term")
        part = source.part(term)
        if n_meant < end - first:
            widths: Bytes = memoryview(bytearray(end - first))
            for i in range(n, n + n_meant):
                widths[slots[i] - first] = source.width(source.term_surfaces[slots[i]])
            part.widths = widths
            part.has_widths = True
        n += n_meant
        total += part.postings.n
        if total > len(source.codes):
            raise IndexError("terms have more postings than there are")
        parts.append(part)
    return parts


def _next(postings: PostingList, at: Index, before: Index) -> Index:
    """Give the passage of a posting, behind the passage of the posting before it."""
    return postings.next_from(before + 1) if postings.is_dense else postings.ids[at]
