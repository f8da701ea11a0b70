# cython: boundscheck=True, wraparound=False, initializedcheck=False
"""Where do words or phrases stand close to each other?

Those that must stand close to each other are called *members*, and all of them together a *whole*. One passage is looked at after the
other. All places of the members in it are put in one list, in order.

Mostly the places of a passage do not overlap. Then a whole begins at a place if there are enough places of each member from there on to
the last position in reach, and all of these places belong to a whole. Members with places that overlap are *tangled*: *cease*, *fire* and
*ceasefire* are where *cease-fire* stands. Then there must be an order in which each member stands behind the one before it. For each way to
take some of the tangled members, this module finds the order of them that ends first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

try:
    from searcher.kernel import pure as cython
except ImportError:  # never: Cython reads the next line
    import cython  # type: ignore[no-redef]

from searcher.kernel.postings import PostingList, posting_list

if not cython.compiled:
    from searcher.kernel.places import Phrase, Places
    from searcher.kernel.postings import NO_PASSAGE
    from searcher.kernel.pure import U8, U32, Bytes, Index, Indices, Shorts, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROOM = 256
"""So many places are made room for at first."""
_NEVER = 512
"""Behind the end of every place."""
_WIDTH = 513
"""Entries of a member in a table that tells something for each position."""


class TooManyWaysError(Exception):
    """Members are tangled in too many ways."""


class Close:
    """Members close to each other. Not safe to use from several threads.

    Args:
        source: The columns of the segment.
        members: The alternatives of each member.
        needed: How many places of each member a whole has. It has one of each in a sentence or paragraph.
        within: How many words there may be from the last word of the first place to the first word of the last one; -1: they stand in
            one part of the passage.
        part_starts: uint32: where the parts of each passage begin in ``parts``.
        parts: uint8: the positions at which parts of a passage begin, without the first one.
        most: How many ways to take some tangled members may be tried.
    """

    if TYPE_CHECKING:
        source: Places
        members: list[list[Phrase]]
        needed: Indices
        within: Index
        part_starts: U32
        parts: U8
        most: Index
        n_tried: Index
        leading: Index  # the member that leads, and how many postings that has
        n_leads: Index
        # The places in a passage, ascending: start << 41 | end << 32 | number of the member. And which belong to a whole.
        found: Indices
        marks: Bytes
        n: Index
        # For each member.
        counts: Indices
        is_tangled: Bytes
        next_starts: Indices  # for each position, the first start of a place from there on
        next_ends: Indices  # the same for ends
        rest: Indices  # how many places a whole has behind its first one
        units: Indices  # a way is the sum of so much for each place of a tangled member
        digits: Indices  # how many places a way has
        # For each way.
        ends: Indices  # where it ends, behind the first place of a whole
        later: Indices  # where it ends, behind another place
        lasts: Indices  # where the last place of it starts

    def __init__(  # noqa: PLR0917
        self,
        source: Places,
        members: list[list[Phrase]],
        needed: Sequence[int],
        within: int,
        part_starts: Any,
        parts: Any,
        most: int,
    ) -> None:
        n: Index = len(members)
        i: Index
        self.source = source
        self.members = members
        self.within = within
        self.part_starts = memoryview(part_starts)
        self.parts = memoryview(parts)
        self.most = most
        self.n_tried = 0
        self.found = _numbers(_ROOM)
        self.marks = memoryview(bytearray(_ROOM))
        self.needed = _numbers(n)
        for i in range(n):
            self.needed[i] = needed[i]
        self.counts = _numbers(n)
        self.is_tangled = memoryview(bytearray(n))
        self.rest = _numbers(n)
        self.units = _numbers(n)
        self.digits = _numbers(n)
        self.next_starts = self.next_ends = self.ends = self.later = self.lasts = _numbers(0)

    def postings(self, among: Any = None) -> PostingList:
        """Find the passages that have wholes, and at how many positions, or in how many parts, wholes begin there.

        Args:
            among: uint64: look only in these passages, given as a bitmap; None for all.

        Raises:
            TooManyWaysError: More than `most` ways would be tried.
        """
        n: Index = 0
        count: Index
        length: Index
        self.start(among)
        size: Index = min(self.n_leads, len(self.source.lengths))
        ids: Words = memoryview(bytearray(size * 4)).cast("I")
        codes: Shorts = memoryview(bytearray(size * 2)).cast("H")
        passage: Index = self.next_from(0)
        while passage < NO_PASSAGE:
            count = self.find_in(passage, False) if self.collect(passage) else 0
            if count:
                length = self.source.lengths[passage]
                codes[n] = count << 8 | length
                ids[n] = passage
                n += 1
            passage = self.next_from(passage + 1)
        return posting_list(ids[:n], codes[:n])

    def places(self, passages: Sequence[int]) -> list[tuple[int, int]]:
        """Find the places that belong to any whole, in some passages: as those of `searcher.kernel.places.Phrase.places`.

        Raises:
            TooManyWaysError: More than `most` ways would be tried.
        """
        places: list[tuple[int, int]] = []
        passage: Index
        base: Index
        i: Index
        before: Index
        self.start(None)
        for passage in passages:
            if not self.collect(passage):
                continue
            self.find_in(passage, True)
            base = passage << 9
            before = -1
            for i in range(self.n):
                if self.marks[i] and self.found[i] >> 32 != before:
                    before = self.found[i] >> 32
                    places.append((base + _start(self.found[i]), base + _end(self.found[i])))
        return places

    def start(self, among: Any) -> Index:
        """Let the member lead that the fewest passages may have."""
        phrases: list[Phrase]
        phrase: Phrase
        n: Index
        i: Index
        self.n_leads = NO_PASSAGE
        for i in range(len(self.members)):
            phrases = self.members[i]
            n = 0
            for phrase in phrases:
                phrase.start()
                phrase.make_room()
                phrase.lead()
                phrase.limit(among)
                n += phrase.n_leads
            if n < self.n_leads:
                self.n_leads = n
                self.leading = i
        return 0

    def next_from(self, passage: Index) -> Index:
        """Give the first passage, from this one on, that may have all members."""
        i: Index
        low: Index
        while True:
            passage = self.next_of(self.leading, passage)
            for i in range(len(self.members)):
                low = self.next_of(i, passage)
                if low != passage:
                    passage = low
                    break
            else:
                return passage

    def next_of(self, member: Index, passage: Index) -> Index:
        """Give the first passage, from this one on, that may have a member."""
        phrases: list[Phrase] = self.members[member]
        phrase: Phrase
        low: Index = NO_PASSAGE
        for phrase in phrases:
            low = min(low, phrase.next_from(passage))
        return low

    def collect(self, passage: Index) -> bool:
        """Put the places of all members in order. Tell whether each member has one."""
        phrases: list[Phrase]
        phrase: Phrase
        member: Index
        n: Index
        i: Index
        self.n = 0
        for member in range(len(self.members)):
            phrases = self.members[member]
            n = self.n
            for phrase in phrases:
                for i in range(phrase.find_in(passage)):
                    self.put(phrase.found[i] << 32 | member)
            if self.n == n:
                return False
        return True

    def put(self, place: Index) -> Index:
        """Put a place where it belongs, unless it is there already: most places belong near the end."""
        i: Index = self.n
        j: Index
        while i > 0 and self.found[i - 1] > place:
            i -= 1
        if i > 0 and self.found[i - 1] == place:
            return 0
        if self.n == len(self.found):
            longer: Indices = _numbers(2 * self.n)
            for j in range(self.n):
                longer[j] = self.found[j]
            self.found = longer
            self.marks = memoryview(bytearray(2 * self.n))
        j = self.n
        while j > i:
            self.found[j] = self.found[j - 1]
            j -= 1
        self.found[i] = place
        self.n += 1
        return 0

    def find_in(self, passage: Index, has_marks: bool) -> Index:
        """Find the wholes among the places: count where they begin, and mark the places that belong to them."""
        i: Index
        for i in range(self.n):
            self.marks[i] = 0
        if self.within < 0:
            return self.in_parts(passage)
        return self.in_turn(has_marks) if self.tangle() else self.in_reach()

    def in_parts(self, passage: Index) -> Index:
        """Count the parts that have all members. A place that ends in another part than it begins stands in neither."""
        first: Index = self.part_starts[passage]
        last: Index = self.part_starts[passage + 1]
        n_wholes: Index = 0
        low: Index = 0
        high: Index = 0
        n_members: Index
        stop: Index
        i: Index
        k: Index
        if last < first or last - first > _ROOM:
            raise IndexError("a passage has more parts than words")
        for k in range(first, last + 1):
            stop = _NEVER
            if k < last:
                stop = self.parts[k]
            for i in range(len(self.counts)):
                self.counts[i] = 0
            n_members = 0
            while high < self.n and _start(self.found[high]) < stop:
                if _end(self.found[high]) <= stop:
                    n_members += self.counts[_owner(self.found[high])] == 0
                    self.counts[_owner(self.found[high])] = 1
                high += 1
            if n_members == len(self.members):
                n_wholes += 1
                for i in range(low, high):
                    self.marks[i] = _end(self.found[i]) <= stop
            low = high
        return n_wholes

    def in_reach(self) -> Index:
        """Count the places at which a whole begins, where no two places overlap."""
        n_wholes: Index = 0
        n_missing: Index = len(self.members)
        first: Index
        high: Index = 0
        marked: Index = 0
        owner: Index
        i: Index
        for i in range(len(self.counts)):
            self.counts[i] = -self.needed[i]
        for first in range(self.n):
            while high < self.n and (
                high <= first or _start(self.found[high]) < _end(self.found[first]) + self.within
            ):
                owner = _owner(self.found[high])
                self.counts[owner] += 1
                n_missing -= self.counts[owner] == 0
                high += 1
            if n_missing == 0:
                n_wholes += 1
                for i in range(max(first, marked), high):
                    self.marks[i] = 1
                marked = high
            owner = _owner(self.found[first])
            n_missing += self.counts[owner] == 0
            self.counts[owner] -= 1
        return n_wholes

    # Members that overlap

    def tangle(self) -> bool:
        """Find the members that have a place that overlaps another place. Tell whether there are any."""
        is_any: bool = False
        reached: Index = 0  # the place that ends last so far
        i: Index
        for i in range(len(self.is_tangled)):
            self.is_tangled[i] = 0
        for i in range(1, self.n):
            if _start(self.found[i]) < _end(self.found[reached]):
                self.is_tangled[_owner(self.found[i])] = 1
                self.is_tangled[_owner(self.found[reached])] = 1
                is_any = True
            if _end(self.found[i]) > _end(self.found[reached]):
                reached = i
        return is_any

    def in_turn(self, has_marks: bool) -> Index:
        """Count the places at which a whole begins, where some members are tangled."""
        n_wholes: Index = 0
        before: Index = -1
        first: Index
        i: Index
        reach: Index
        n_ways: Index
        owner: Index
        self.tabulate()
        for first in range(self.n):
            reach = _end(self.found[first]) - 1 + self.within
            if not self.has_enough(first, reach):
                continue
            n_ways = self.n_ways()
            self.line_up(n_ways, _end(self.found[first]), self.ends)
            if self.lasts[n_ways - 1] > reach:
                continue
            n_wholes += _start(self.found[first]) != before
            before = _start(self.found[first])
            if not has_marks:
                continue
            self.marks[first] = 1
            for i in range(first + 1, self.n):
                owner = _owner(self.found[i])
                if _start(self.found[i]) > reach:
                    break
                if _start(self.found[i]) < _end(self.found[first]) or not self.rest[owner] or self.marks[i]:
                    continue
                if not self.is_tangled[owner] or self.has_room(i, n_ways, reach):
                    self.marks[i] = 1
        return n_wholes

    def tabulate(self) -> Index:
        """Write down, for each tangled member and position, where a place may start and end from there on."""
        size: Index = _WIDTH * len(self.is_tangled)
        i: Index
        at: Index
        member: Index
        if len(self.next_starts) < size:
            self.next_starts = _numbers(size)
            self.next_ends = _numbers(size)
        for i in range(size):
            self.next_starts[i] = self.next_ends[i] = _NEVER
        for i in range(self.n):
            at = _WIDTH * _owner(self.found[i]) + _start(self.found[i])
            self.next_starts[at] = _start(self.found[i])
            self.next_ends[at] = min(self.next_ends[at], _end(self.found[i]))
        for member in range(len(self.is_tangled)):
            for i in range(_NEVER):
                at = _WIDTH * member + _NEVER - 1 - i
                self.next_starts[at] = min(self.next_starts[at], self.next_starts[at + 1])
                self.next_ends[at] = min(self.next_ends[at], self.next_ends[at + 1])
        return 0

    def has_enough(self, first: Index, reach: Index) -> bool:
        """Tell whether enough places of each member start behind a first one and in reach, overlapping or not."""
        n_short: Index = 0
        i: Index
        for i in range(len(self.rest)):
            self.rest[i] = self.needed[i]
        self.rest[_owner(self.found[first])] -= 1
        for i in range(len(self.counts)):
            self.counts[i] = -self.rest[i]
        for i in range(first + 1, self.n):
            if _start(self.found[i]) > reach:
                break
            if _start(self.found[i]) >= _end(self.found[first]):
                self.counts[_owner(self.found[i])] += 1
        for i in range(len(self.counts)):
            n_short += self.counts[i] < 0
        return n_short == 0

    def n_ways(self) -> Index:
        """Count the ways to take some of the tangled members that a whole has behind its first place, and make room for them."""
        total: Index = 1
        i: Index
        for i in range(len(self.units)):
            self.units[i] = total
            if self.is_tangled[i]:
                total *= self.rest[i] + 1
            if total > self.most:
                raise TooManyWaysError
        if len(self.ends) < total:
            self.ends = _numbers(total)
            self.later = _numbers(total)
            self.lasts = _numbers(total)
        return total

    def next_way(self) -> bool:
        """Count `digits` up by one. Tell whether that was possible."""
        i: Index
        for i in range(len(self.digits)):
            if self.is_tangled[i]:
                if self.digits[i] < self.rest[i]:
                    self.digits[i] += 1
                    return True
                self.digits[i] = 0
        return False

    def line_up(self, n_ways: Index, after: Index, ends: Indices) -> Index:
        """Find for each way the earliest position at which its last place may end, and start: `lasts`."""
        way: Index = 0
        i: Index
        at: Index
        self.n_tried += n_ways
        if self.n_tried > self.most:
            raise TooManyWaysError
        ends[0] = after
        self.lasts[0] = 0
        for i in range(len(self.digits)):
            self.digits[i] = 0
        while self.next_way():
            way += 1
            ends[way] = self.lasts[way] = _NEVER
            for i in range(len(self.digits)):
                if self.is_tangled[i] and self.digits[i]:
                    at = _WIDTH * i + ends[way - self.units[i]]
                    ends[way] = min(ends[way], self.next_ends[at])
                    self.lasts[way] = min(self.lasts[way], self.next_starts[at])
        return 0

    def has_room(self, number: Index, n_ways: Index, reach: Index) -> bool:
        """Tell whether a place of a tangled member may belong to a whole: some of the others stand before it, and the rest behind."""
        place: Index = self.found[number]
        owner: Index = _owner(place)
        way: Index = 0
        i: Index
        self.line_up(n_ways, _end(place), self.later)
        for i in range(len(self.digits)):
            self.digits[i] = 0
        while True:
            if (
                self.digits[owner] < self.rest[owner]
                and self.ends[way] <= _start(place)
                and self.lasts[n_ways - 1 - way - self.units[owner]] <= reach
            ):
                return True
            if not self.next_way():
                return False
            way += 1


def _start(place: Index) -> Index:
    return place >> 41


def _end(place: Index) -> Index:
    return (place >> 32) & 511


def _owner(place: Index) -> Index:
    return place & 0xFFFFFFFF


def _numbers(n: Index) -> Indices:
    return memoryview(bytearray(8 * n)).cast("q")
