# cython: boundscheck=True, wraparound=False, initializedcheck=False
"""Where do words stand side by side?

A phrase is parts between *steps*. The part of a word leads from one step to the next one. The joined form of a word leads from the step
before its parts to the step behind them. The phrase stands wherever a way from the first step to the last one does, each part of which
begins at the position where the part before it ends.

The passages are looked at one by one. For each step, from the last one to the first, a set of 256 bits holds the positions at which the
rest of the phrase may begin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

try:
    from searcher.kernel import pure as cython
except ImportError:  # never: Cython reads the next line
    import cython  # type: ignore[no-redef]

from searcher.kernel.lexicon import Lexicon
from searcher.kernel.postings import PostingList, posting_list

if not cython.compiled:
    from searcher.kernel.postings import NO_PASSAGE, Columns
    from searcher.kernel.pure import (
        I64,
        U8,
        U16,
        U32,
        U64,
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

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MOST_WIDE = 255
_ROOM = 256
"""So many places are made room for at first."""
_HYPHEN = 0x2D
_ALL = (1 << 64) - 1
_NO_BYTES = b""


class Places:
    """The columns of a segment that tell where its words stand.

    Args:
        columns: The columns with the postings.
        others: All columns, as `searcher.storage.format.COLUMNS` describes them.
        block: Postings that share one ``occurrence_base``: a power of two.
    """

    if TYPE_CHECKING:
        columns: Columns
        codes: U16
        base: I64
        shift: Index
        positions: U8
        starts: I64
        variant_starts: I64
        variants: U8
        variant_size: Index
        surfaces: Lexicon
        term_surface_starts: U32
        term_surfaces: U32
        surface_term: U32
        lengths: U8

    def __init__(self, columns: Columns, others: Mapping[str, Any], block: int) -> None:
        self.columns = columns
        self.codes = memoryview(others["codes"])
        self.base = memoryview(others["occurrence_base"])
        self.shift = block.bit_length() - 1
        self.positions = memoryview(others["positions"])
        self.starts = memoryview(others["occurrence_starts"])
        self.variant_starts = memoryview(others["variant_starts"])
        self.variants = memoryview(others["variants"].view("u1"))
        self.variant_size = others["variants"].itemsize
        self.surfaces = Lexicon(others["surfaces"], others["surfaces_starts"])
        self.term_surface_starts = memoryview(others["term_surface_starts"])
        self.term_surfaces = memoryview(others["term_surfaces"])
        self.surface_term = memoryview(others["surface_term"])
        self.lengths = memoryview(others["passage_length"])

    def part(self, term: Index) -> Part:
        """Give what stands wherever a term does; nowhere for the term -1.

        Raises:
            IndexError: The columns do not have it: they are damaged.
        """
        found = Part()
        slot: Index
        first: Index
        end: Index
        found.source = self
        found.postings = self.columns.postings(term)
        found.positions = self.positions
        found.starts = self.base[0:0]
        found.widths = self.positions[0:0]
        found.is_gathered = found.has_widths = found.is_varied = False
        if term < 0:
            return found
        found.to_variant = self.variant_starts[term] - self.starts[term]
        found.is_varied = self.variant_starts[term + 1] > self.variant_starts[term]
        first = self.term_surface_starts[term]
        end = self.term_surface_starts[term + 1]
        for slot in range(first, end):
            if self.width(self.term_surfaces[slot]) != 1:
                found.widths = self.widths_of(term, _NO_BYTES)
                found.has_widths = True
                break
        return found

    def written(self, term: Index, surface: bytes) -> Part | None:
        """Give what stands wherever a term is written as a surface, hyphens aside; None if other terms are written so too.

        Args:
            term: The term of the surface, or -1.
            surface: As it may stand in the columns, or with other hyphens.
        """
        bare: U8 = surface.replace(b"-", b"")
        number: Index = self.surfaces.find(surface)
        found: Part
        while 0 <= number < self.surfaces.n and self.is_written(number, bare):
            if self.surface_term[number] != term:
                return None
            number += 1
        found = self.part(term)
        if term >= 0:
            found.widths = self.widths_of(term, bare)
            found.has_widths = False
            for number in range(len(found.widths)):
                found.has_widths |= found.widths[number] != 1
        return found

    def widths_of(self, term: Index, bare: U8) -> Bytes:
        """Give the width of each variant of a term, or 0 for one that is not written so, hyphens aside. Empty: all are meant."""
        slot: Index
        first: Index = self.term_surface_starts[term]
        end: Index = self.term_surface_starts[term + 1]
        if end < first or end > len(self.term_surfaces):
            raise IndexError("a term has surfaces that are not there")
        widths: Bytes = memoryview(bytearray(end - first))
        for slot in range(first, end):
            if not len(bare) or self.is_written(self.term_surfaces[slot], bare):
                widths[slot - first] = self.width(self.term_surfaces[slot])
        return widths

    def width(self, surface: Index) -> Index:
        """Tell how many positions a surface covers."""
        width: Index = 1
        at: Index
        first: Index = self.surfaces.starts[surface]
        end: Index = self.surfaces.starts[surface + 1]
        for at in range(first, end):
            width += self.surfaces.blob[at] == _HYPHEN
        return min(width, _MOST_WIDE)

    def is_written(self, surface: Index, bare: U8) -> bool:
        """Tell whether a surface without its hyphens is equal to these bytes."""
        n: Index = 0
        at: Index
        first: Index = self.surfaces.starts[surface]
        end: Index = self.surfaces.starts[surface + 1]
        for at in range(first, end - 1):
            if self.surfaces.blob[at] == _HYPHEN:
                continue
            if n == len(bare) or self.surfaces.blob[at] != bare[n]:
                return False
            n += 1
        return n == len(bare)

    def first_place(self, posting: Index) -> Index:
        """Find where the occurrences of a posting begin: the frequencies of the postings before it in its block are added up."""
        block: Index = posting >> self.shift
        place: Index = self.base[block]
        code: Index
        i: Index
        for i in range(block << self.shift, posting):
            code = self.codes[i]
            place += code >> 8
        return place

    def variant(self, at: Index) -> Index:
        """Read an entry of the variants, which are numbers of one, two or four bytes."""
        value: Index = 0
        byte: Index
        i: Index
        for i in range(self.variant_size):
            byte = self.variants[at * self.variant_size + i]
            value |= byte << (8 * i)
        return value


class Part:
    """One part of a word: where it stands in a passage, and how many positions it covers there.

    It is written in the postings of a term, or gathered from those of several terms.
    """

    if TYPE_CHECKING:
        source: Places
        postings: PostingList  # the passages that have it, and perhaps others
        positions: U8
        starts: I64  # where the positions of each posting begin, if they are gathered
        widths: U8  # of each variant, or beside the gathered positions; 0 if it is not meant
        is_gathered: bool
        has_widths: bool  # otherwise all widths are 1
        is_varied: bool
        to_variant: Index  # what leads from a place among positions to that among variants
        begin: Index
        end: Index  # the steps before and behind it
        before: Part
        behind: Part  # other parts of the phrase
        first: Index
        last: Index  # the places of what was loaded, the second one excluded

    def load(self, passage: Index) -> Index:
        """Find the places of a passage, which are from `first` to `last - 1`. Give their number."""
        at: Index = self.postings.locate(passage)
        code: Index
        self.first = self.last = 0
        if at >= 0:
            if self.is_gathered:
                self.first = self.starts[at]
                self.last = self.starts[at + 1]
            else:
                code = self.postings.codes[at]
                self.first = self.source.first_place(self.postings.first + at)
                self.last = self.first + (code >> 8)
        return self.last - self.first

    def width_at(self, place: Index) -> Index:
        """Tell how many positions a place covers; 0 if what stands there is not meant."""
        if self.is_gathered:
            return self.widths[place]
        return self.widths[self.source.variant(place + self.to_variant) if self.is_varied else 0]


class Phrase:
    """Words side by side. Not safe to use from several threads."""

    if TYPE_CHECKING:
        source: Places
        first: Part  # the others are reached through `behind`
        last: Part  # the others are reached through `before`
        n_steps: Index  # the number of the last step
        sets: BitsArray  # eight words a step: where the rest may begin
        reach: BitsArray  # eight words a step: where it may be reached from one start
        found: Indices  # start << 9 | end of each place in a passage, ascending
        n_found: Index
        leads: list[Part]  # each place of the phrase has one of these
        needed: list[Part]  # each place has all of these, the rarest first
        n_leads: Index  # postings of the leads
        is_dense: bool  # one part leads, and all that are needed have bitmaps
        is_limited: bool
        among: U64  # the passages that may have the phrase, if it is limited or dense

    def __init__(self, source: Places) -> None:
        self.source = source
        self.first = self.last = None  # type: ignore[assignment]  # until a part is added
        self.n_steps = 0

    def add(self, part: Part, begin: Index, end: Index) -> None:
        """Add a part between two steps. Parts are added by their last step, and a joined form behind its parts."""
        part.begin = begin
        part.end = end
        part.before = self.last
        part.behind = None  # type: ignore[assignment]  # it may be the last one
        if self.last is None:
            self.first = part
        else:
            self.last.behind = part
        self.last = part
        self.n_steps = end

    def postings(self, among: Any = None) -> PostingList:
        """Find the passages that have the phrase, and at how many positions it begins there.

        Args:
            among: uint64: look only in these passages, given as a bitmap; None for all.
        """
        n: Index = 0
        count: Index
        length: Index
        passage: Index
        only: Part = self.last
        is_counted: bool = only.before is None and (only.is_gathered or not only.has_widths)
        if is_counted and among is None:
            return only.postings
        self.start()
        self.lead()
        self.limit(among)
        size: Index = min(self.n_leads, len(self.source.lengths))
        ids: Words = memoryview(bytearray(size * 4)).cast("I")
        codes: Shorts = memoryview(bytearray(size * 2)).cast("H")
        passage = self.next_from(0)
        while passage < NO_PASSAGE:
            if is_counted:
                codes[n] = only.postings.codes[only.postings.locate(passage)]
                ids[n] = passage
                n += 1
            else:
                count = self.count_in(passage)
                if count:
                    length = self.source.lengths[passage]
                    codes[n] = count << 8 | length
                    ids[n] = passage
                    n += 1
            passage = self.next_from(passage + 1)
        return posting_list(ids[:n], codes[:n])

    def places(self, passages: Sequence[int]) -> list[tuple[int, int]]:
        """Find the places in some passages: passage << 9 | position, of its first word and of what follows its last one."""
        places: list[tuple[int, int]] = []
        passage: Index
        base: Index
        n: Index
        self.start()
        self.make_room()
        for passage in passages:
            base = passage << 9
            n = self.find_in(passage)
            places += [(base + (self.found[i] >> 9), base + (self.found[i] & 511)) for i in range(n)]
        return places

    def start(self) -> Index:
        """Make sets for the steps. Behind the last one anything may stand."""
        i: Index
        self.sets = memoryview(bytearray(64 * (self.n_steps + 1))).cast("Q")
        for i in range(8):
            self.sets[8 * self.n_steps + i] = _ALL
        return 0

    def make_room(self) -> Index:
        """Make room for the places in a passage."""
        self.reach = memoryview(bytearray(64 * (self.n_steps + 1))).cast("Q")
        self.found = memoryview(bytearray(8 * _ROOM)).cast("q")
        return 0

    def lead(self) -> Index:
        """Decide which parts lead: those over the step that the fewest postings pass."""
        part: Part
        other: Part
        n: Index
        step: Index
        i: Index
        over: list[Part]
        self.leads = []
        self.needed = []
        self.n_leads = NO_PASSAGE
        for step in range(self.n_steps):
            over = []
            n = 0
            part = self.last
            while part is not None:
                if part.begin <= step < part.end:
                    over.append(part)
                    n += part.postings.n
                part = part.before
            if n < self.n_leads:
                self.n_leads = n
                self.leads = over
            if len(over) == 1:
                i = 0
                for other in self.needed:
                    if other.postings.n > n:
                        break
                    i += 1
                self.needed.insert(i, over[0])
        return 0

    def limit(self, among: Any) -> Index:
        """Look only in some passages. If all that is needed has bitmaps, look only where all of these have a bit."""
        part: Part
        block: Index
        self.is_limited = among is not None
        if among is not None:
            self.among = memoryview(among)
        self.is_dense = len(self.leads) == 1
        for part in self.needed:
            self.is_dense &= part.postings.is_dense
        if self.is_dense:
            both: BitsArray = memoryview(bytearray(8 * self.source.columns.n_blocks)).cast("Q")
            for block in range(len(both)):
                both[block] = self.among[block] if self.is_limited else _ALL
            for part in self.needed:
                for block in range(len(both)):
                    both[block] &= part.postings.bitmap[block]
            self.among = both
        return 0

    def next_from(self, passage: Index) -> Index:
        """Give the first passage, from this one on, that may have the phrase."""
        part: Part
        low: Index
        if self.is_dense:
            return next_bit(self.among, passage)
        while True:
            low = NO_PASSAGE
            for part in self.leads:
                low = min(low, part.postings.next_from(passage))
            if low >= len(self.source.lengths):
                return NO_PASSAGE
            if self.is_limited and not (self.among[low >> 6] >> (low & 63)) & 1:
                passage = next_bit(self.among, low)
                continue
            for part in self.needed:
                if part.postings.locate(low) < 0:
                    break
            else:
                return low
            passage = low + 1

    def count_in(self, passage: Index) -> Index:
        """Find at which positions of a passage the phrase begins: `sets` holds them for step 0. Give their number."""
        part: Part
        here: Bits
        begin: Index
        after: Index
        i: Index
        start: Index
        end: Index
        width: Index
        for i in range(self.n_steps):
            begin = i << 3
            self.sets[begin] = self.sets[begin + 1] = self.sets[begin + 2] = self.sets[begin + 3] = 0
        part = self.last
        while part is not None:
            begin = part.begin << 3
            after = part.end << 3
            if self.sets[after] | self.sets[after + 1] | self.sets[after + 2] | self.sets[after + 3]:
                part.load(passage)
            else:
                part.first = part.last = 0
            if part.has_widths:
                for i in range(part.first, part.last):
                    width = part.width_at(i)
                    if width:
                        start = part.positions[i]
                        end = start + width
                        here = (self.sets[after + (end >> 6)] >> (end & 63)) & 1
                        self.sets[begin + (start >> 6)] |= here << (start & 63)
            else:
                for i in range(part.first, part.last):
                    start = part.positions[i]
                    end = start + 1
                    here = (self.sets[after + (end >> 6)] >> (end & 63)) & 1
                    self.sets[begin + (start >> 6)] |= here << (start & 63)
            part = part.before
        return (
            popcount(self.sets[0]) + popcount(self.sets[1]) + popcount(self.sets[2]) + popcount(self.sets[3])
        )

    def find_in(self, passage: Index) -> Index:
        """Find the places in a passage, and keep them in `found`. Give their number."""
        word: Index
        start: Index
        end: Index
        i: Index
        bits: Bits
        part: Part = self.last
        self.n_found = 0
        if part.before is None:
            part.load(passage)
            for i in range(part.first, part.last):
                start = part.positions[i]
                end = start + (part.width_at(i) if part.has_widths else 1)
                if end > start:
                    self.add_place(start, end)
            return self.n_found
        self.count_in(passage)
        for word in range(4):
            bits = self.sets[word]
            while bits:
                self.find_from(word << 6 | lowest(bits))
                bits &= bits - 1
        return self.n_found

    def find_from(self, origin: Index) -> Index:
        """Find the places that begin at one position: for each step, from the first to the last, how far the parts may reach."""
        part: Part
        bits: Bits
        i: Index
        start: Index
        end: Index
        for i in range(len(self.reach)):
            self.reach[i] = 0
        self.reach[origin >> 6] = bit_at(origin & 63)
        part = self.first
        while part is not None:
            for i in range(part.first, part.last):
                start = part.positions[i]
                if (self.reach[8 * part.begin + (start >> 6)] >> (start & 63)) & 1:
                    end = start + (part.width_at(i) if part.has_widths else 1)
                    if end > start:
                        self.reach[8 * part.end + (end >> 6)] |= bit_at(end & 63)
            part = part.behind
        for i in range(8):
            bits = self.reach[8 * self.n_steps + i]
            while bits:
                self.add_place(origin, i << 6 | lowest(bits))
                bits &= bits - 1
        return 0

    def add_place(self, start: Index, end: Index) -> Index:
        """Keep a place."""
        n: Index = self.n_found
        i: Index
        if n == len(self.found):
            longer: Indices = memoryview(bytearray(16 * n)).cast("q")
            for i in range(n):
                longer[i] = self.found[i]
            self.found = longer
        self.found[n] = start << 9 | end
        self.n_found = n + 1
        return n


def next_bit(bits: U64, place: Index) -> Index:
    """Give the place of the first bit that is set, from this one on; `NO_PASSAGE` if there is none."""
    word: Index = place >> 6
    here: Bits
    if word >= len(bits):
        return NO_PASSAGE
    here = bits[word] & ~(bit_at(place & 63) - 1)
    while not here:
        word += 1
        if word == len(bits):
            return NO_PASSAGE
        here = bits[word]
    return word << 6 | lowest(here)
