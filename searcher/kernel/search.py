# cython: boundscheck=True, wraparound=False, initializedcheck=False
"""Which passages of a segment match some words, which of them are the best, and what is shown of them?

The best for any of the words are found by MaxScore, a window of passages at a time. The ceiling of a word is the highest score that it
has in any passage. The threshold is a score that k passages are known to reach. Words whose ceilings together stay below the threshold
make no new candidates: they are only looked up in the candidates of the other words.

On the way scores are summed in any order, so a passage is dropped only if it is further below the threshold than rounding explains. What
is left is summed once more in the one fixed order of words.

Turtle and Flood, "Query Evaluation: Strategies and Optimizations", 1995. The windows are those of BooleanScorer in Lucene.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

try:
    from searcher.kernel import pure as cython
except ImportError:  # never: Cython reads the next line
    import cython  # type: ignore[no-redef]

from searcher.kernel.postings import PostingList, mark

if not cython.compiled:
    from searcher.kernel.postings import Columns
    from searcher.kernel.pure import (
        F64,
        U64,
        Bits,
        BitsArray,
        Index,
        Real,
        Reals,
        Words,
        bit_at,
        built_from,
        lowest,
    )


BUILT_FROM: bytes = built_from()
WINDOW = 4096
"""Passages that are looked at together: their sums stay in the processor's cache."""
SLACK = 1 + 1e-9
"""A sum is raised by this factor before it is compared with a threshold. Sums in another order differ by less."""
_ENDLESS = float("inf")
_NO_TIER = 3  # behind all tiers


class Scope:
    """What a search reads: the columns of a segment, and what the snapshot adds to them.

    Args:
        columns: Of the segment.
        table: float64, for every code: what is multiplied by the weight of a word.
        headings: uint64: the passages that are headings, as a bitmap.
        live: uint64: the live passages, as a bitmap; None if all are.
    """

    if TYPE_CHECKING:
        columns: Columns
        table: F64
        headings: U64
        live: U64
        has_dead: bool
        spare: list[Room]  # that are not in use

    def __init__(self, columns: Columns, table: Any, headings: Any, live: Any = None) -> None:
        self.columns = columns
        self.table = memoryview(table)
        self.headings = memoryview(headings)
        self.has_dead = live is not None
        self.live = memoryview(live) if self.has_dead else self.headings
        self.spare = []


class Room:
    """What a search writes."""

    if TYPE_CHECKING:
        heap: Reals  # the best scores so far of passages that are no headings, the least one first
        found: Words
        scores: Reals
        behind: Reals
        sums: Reals
        touched: BitsArray

    def __init__(self) -> None:
        self.heap = memoryview(bytearray(16 * 8)).cast("d")
        self.found = memoryview(bytearray(256 * 4)).cast("I")
        self.scores = memoryview(bytearray(256 * 8)).cast("d")
        self.behind = memoryview(bytearray(16 * 8)).cast("d")
        self.sums = memoryview(bytearray(WINDOW * 8)).cast("d")
        self.touched = memoryview(bytearray(WINDOW // 8)).cast("Q")


class Search:
    """A search for some words in one segment.

    A passage matches if it has any, or all, of the words that decide. It scores the sum over all words that it has.

    Args:
        scope: What is searched.
        words: In the order in which scores are summed. Without words that decide, every passage of ``among`` matches.
        among: uint64: the only passages that may match, live ones, as a bitmap; None for all live ones.
        has_headings: The rule of headings applies.
        is_tiered: Passages with some of the words are of a lower tier, if their article has all of them.
    """

    if TYPE_CHECKING:
        scope: Scope
        columns: Columns
        table: F64
        among: U64
        headings: U64
        is_limited: bool
        has_headings: bool
        is_tiered: bool
        is_marking: bool
        words: list[PostingList]
        deciding: list[PostingList]
        # While a segment is gone through.
        room: Room
        k: Index
        least: Real  # no score below it is wanted
        n_heap: Index
        n_found: Index
        marks: BitsArray
        # The article that was looked at last: its best heading and its best other passage.
        heading: Index
        heading_tier: Index
        heading_score: Real
        body: Index
        body_tier: Index
        body_score: Real

    def __init__(
        self,
        scope: Scope,
        words: list[PostingList],
        among: Any = None,
        has_headings: bool = True,
        is_tiered: bool = False,
    ) -> None:
        word: PostingList
        self.scope = scope
        self.columns = scope.columns
        self.table = scope.table
        self.headings = scope.headings
        self.has_headings = has_headings
        self.is_tiered = is_tiered
        self.is_marking = False
        self.is_limited = among is not None or scope.has_dead
        if among is None:
            self.among = scope.live
        else:
            self.among = memoryview(among)
        self.words = words
        self.deciding = []
        for word in words:
            if word.decides:
                self.deciding.append(word)

    def best(self, k: int, floor: float, has_all: bool) -> tuple[list[float], list[int], list[int]]:
        """Give the best hits of one tier, best first; equal ones ascend.

        Args:
            k: How many.
            floor: Hits with a lower score may be left out.
            has_all: A passage must have all the words.

        Returns:
            Scores, passages, and the passages to show: the same or, for a heading, the best other passage of its article that
            matches in a lower tier, or -1 if there is none.
        """
        self.start(k, floor)
        if has_all:
            self.scan_all()
        else:
            self.scan_any()
        return self.finish(has_all)

    def best_of(self, articles: Words, k: int, floor: float) -> tuple[list[float], list[int], list[int]]:
        """Give the best hits that have some of the words, in articles that have all of them. See `best`."""
        article: Index
        i: Index
        passage: Index
        self.start(k, floor)
        for i in range(len(articles)):
            article = articles[i]
            self.look_at(article, True)
            for passage in range(
                self.columns.article_passages[article], self.columns.article_passages[article + 1]
            ):
                if self.tier_of(passage, True) == 1 and self.is_hit(passage):
                    self.keep(passage, self.score(passage))
        return self.finish(True)

    def hits(self, has_all: bool) -> BitsArray:
        """Give the hits of one tier as a bitmap: uint64."""
        self.marks = memoryview(bytearray(self.columns.n_blocks * 8)).cast("Q")
        if has_all or not self.deciding:
            self.is_marking = True
            self.scan_all()
            self.is_marking = False
        else:
            self.mark_any()
        if self.has_headings:
            self.drop_headings(has_all)
        return self.marks

    def hits_of(self, articles: Words) -> BitsArray:
        """Give the hits that have some of the words, in articles that have all of them, as a bitmap: uint64."""
        article: Index
        i: Index
        passage: Index
        self.marks = memoryview(bytearray(self.columns.n_blocks * 8)).cast("Q")
        for i in range(len(articles)):
            article = articles[i]
            self.look_at(article, True)
            for passage in range(
                self.columns.article_passages[article], self.columns.article_passages[article + 1]
            ):
                if self.tier_of(passage, True) == 1 and self.is_hit(passage):
                    self.marks[passage >> 6] |= bit_at(passage & 63)
        return self.marks

    def complete(self) -> Words:
        """Give the articles that have all the words that decide, wherever in them: uint32, ascending."""
        rare: list[PostingList] = _by_rarity(self.deciding)
        lead: PostingList = rare[0]
        word: PostingList
        n: Index = 0
        found: Words = memoryview(bytearray(4 * min(lead.n, len(self.columns.article_passages)))).cast("I")
        article: Index
        first: Index
        end: Index
        passage: Index = lead.next_from(0)
        while passage < self.columns.n_passages:
            article = self.columns.article_of(passage)
            first = self.columns.article_passages[article]
            end = self.columns.article_passages[article + 1]
            for word in rare[1:]:
                if word.next_from(first) >= end:
                    break
            else:
                found[n] = article
                n += 1
            passage = lead.next_from(end)
        return found[:n]

    def without(self, articles: Words) -> BitsArray:
        """Give the passages that may match, without those of some articles, as a bitmap: uint64."""
        n_passages: Index = self.columns.n_passages
        left: BitsArray = memoryview(bytearray(self.columns.n_blocks * 8)).cast("Q")
        i: Index
        article: Index
        for i in range(len(left)):
            left[i] = self.among[i] if self.is_limited else mask(0, n_passages, i)
        for i in range(len(articles)):
            article = articles[i]
            first: Index = self.columns.article_passages[article]
            end: Index = self.columns.article_passages[article + 1]
            block: Index
            for block in range(first >> 6, (end + 63) >> 6):
                left[block] &= ~mask(first, end, block)
        return left

    # What is kept

    def start(self, k: Index, floor: Real) -> Index:
        """Keep nothing yet."""
        self.k = min(k, self.columns.n_passages)
        self.least = floor if self.k > 0 else _ENDLESS
        self.n_heap = self.n_found = 0
        self.room = self.scope.spare.pop() if self.scope.spare else Room()
        return 0

    def match(self, passage: Index) -> Index:
        """Take a passage that matches."""
        if self.is_limited and not (self.among[passage >> 6] >> (passage & 63)) & 1:
            return 0
        if self.is_marking:
            self.marks[passage >> 6] |= bit_at(passage & 63)
            return 0
        return self.keep(passage, self.score(passage))

    def keep(self, passage: Index, score: Real) -> Index:
        """Keep a passage if it may be among the best."""
        if score < self.least:
            return 0
        if self.n_found == len(self.room.found):
            self.room.found = _grown(self.room.found, 4, "I")
            self.room.scores = _grown(self.room.scores, 8, "d")
        self.room.found[self.n_found] = passage
        self.room.scores[self.n_found] = score
        self.n_found += 1
        if not self.is_heading(passage):
            self.push(score)
        return 0

    def push(self, score: Real) -> Index:
        """Raise the threshold, if so many passages reach the score that it can be raised."""
        place: Index
        child: Index
        if self.n_heap < self.k:
            if self.n_heap == len(self.room.heap):
                self.room.heap = _grown(self.room.heap, 8, "d")
            place = self.n_heap
            self.n_heap += 1
            while place > 0 and self.room.heap[(place - 1) >> 1] > score:
                self.room.heap[place] = self.room.heap[(place - 1) >> 1]
                place = (place - 1) >> 1
        else:
            if score <= self.room.heap[0]:
                return 0
            place, child = 0, 1
            while child < self.n_heap:
                if child + 1 < self.n_heap and self.room.heap[child + 1] < self.room.heap[child]:
                    child += 1
                if self.room.heap[child] >= score:
                    break
                self.room.heap[place] = self.room.heap[child]
                place, child = child, 2 * child + 1
        self.room.heap[place] = score
        if self.n_heap == self.k and self.room.heap[0] > self.least:
            self.least = self.room.heap[0]
        return 0

    def finish(self, has_all: bool) -> tuple[list[float], list[int], list[int]]:
        """Put what was kept in order, and apply the rule of headings, until there are k hits."""
        passage: Index
        scores: list[float] = []
        passages: list[int] = []
        shown: list[int] = []
        kept = [
            (-self.room.scores[i], self.room.found[i])
            for i in range(self.n_found)
            if self.room.scores[i] >= self.least
        ]
        kept.sort()
        for score, number in kept:
            if len(scores) == self.k:
                break
            passage = number
            if self.is_heading(passage):
                self.look_at(self.columns.article_of(passage), has_all)
                if not self.is_hit(passage):
                    continue
                shown.append(self.body)
            else:
                shown.append(number)
            scores.append(-score)
            passages.append(number)
        self.scope.spare.append(self.room)
        return scores, passages, shown

    # Scores

    def worth(self, word: PostingList, at: Index) -> Real:
        """Give the score of one posting of a word."""
        return word.values[at] if word.has_values else self.table[word.codes[at]] * word.weight

    def score(self, passage: Index) -> Real:
        """Sum up the score of a passage, in the order of the words."""
        total: Real = 0
        at: Index
        word: PostingList
        for word in self.words:
            at = word.locate(passage)
            if at >= 0:
                total += self.worth(word, at)
        return total

    # All the words

    def scan_all(self) -> Index:
        """Go through the passages that have all the words, the rarest word first."""
        if not self.deciding:
            return self.scan_allowed()
        rare: list[PostingList] = _by_rarity(self.deciding)
        lead: PostingList = rare[0]
        others: list[PostingList] = rare[1:]
        word: PostingList
        i: Index
        passage: Index = -1
        n_dense: Index = 0
        for word in rare:
            n_dense += word.is_dense
        if n_dense == len(rare):
            return self.scan_dense(rare)
        for i in range(lead.n):
            passage = lead.next_from(passage + 1) if lead.is_dense else lead.ids[i]
            for word in others:
                if word.locate(passage) < 0:
                    break
            else:
                self.match(passage)
        return 0

    def scan_dense(self, words: list[PostingList]) -> Index:
        """Go through the passages that the bitmaps of all the words have."""
        block: Index
        bits: Bits
        word: PostingList
        for block in range(self.columns.n_blocks):
            bits = self.among[block] if self.is_limited else ~0
            for word in words:
                bits &= word.bitmap[block]
            if self.is_marking:
                self.marks[block] = bits
                continue
            while bits:
                self.match(block << 6 | lowest(bits))
                bits &= bits - 1
        return 0

    def scan_allowed(self) -> Index:
        """Go through all passages that may match."""
        block: Index
        bits: Bits
        for block in range(self.columns.n_blocks):
            bits = self.among[block] if self.is_limited else mask(0, self.columns.n_passages, block)
            while bits:
                self.match(block << 6 | lowest(bits))
                bits &= bits - 1
        return 0

    # Any of the words

    def scan_any(self) -> Index:
        """Go through the passages that have any of the words and may be among the best."""
        if not self.deciding:
            return self.scan_allowed()
        order: list[PostingList] = self.by_ceiling()
        n_deciding: Index = len(self.deciding)
        needed: Index = n_deciding
        behind: Reals
        i: Index
        base: Index
        end: Index
        word: PostingList
        while len(self.room.behind) <= len(order):
            self.room.behind = _grown(self.room.behind, 8, "d")
        behind = self.room.behind
        behind[len(order)] = 0
        for i in range(len(order)):
            word = order[len(order) - 1 - i]
            behind[len(order) - 1 - i] = behind[len(order) - i] + word.ceiling
        base = 0
        while base < self.columns.n_passages:
            end = min(base + WINDOW, self.columns.n_passages)
            while needed > 0 and behind[needed - 1] * SLACK < self.least:  # the rest cannot do it alone
                needed -= 1
            if needed == 0:
                break
            for i in range(needed):
                word = order[i]
                self.add(word, base, end, behind[1] if needed == 1 else _ENDLESS)
            self.take(order, needed, base)
            base = end
        return 0

    def by_ceiling(self) -> list[PostingList]:
        """Give the words that decide, highest ceiling first, then the others."""
        order: list[PostingList] = []
        word: PostingList
        other: PostingList
        best: Real
        i: Index
        for word in self.words:
            best = 0
            if word.has_values:
                for i in range(word.n):
                    best = max(best, word.values[i])
                word.ceiling = best
            else:
                for i in range(len(word.bounds)):
                    best = max(best, self.table[word.bounds[i]])
                word.ceiling = best * word.weight
            i = len(order)
            while i > 0:
                other = order[i - 1]
                if other.decides >= word.decides and (
                    other.decides > word.decides or other.ceiling >= word.ceiling
                ):
                    break
                i -= 1
            order.insert(i, word)
        return order

    def add(self, word: PostingList, base: Index, end: Index, others: Real) -> Index:
        """Add the scores of a word to the sums of a window, where they may be enough with what other words can add."""
        at: Index
        place: Index
        block: Index
        bits: Bits
        score: Real
        if word.is_dense:
            for block in range(base >> 6, (end + 63) >> 6):
                bits = word.bitmap[block]
                at = word.ranks[block]
                while bits:
                    score = self.worth(word, at)
                    if (score + others) * SLACK >= self.least:
                        place = (block << 6 | lowest(bits)) - base
                        self.room.sums[place] += score
                        self.room.touched[place >> 6] |= bit_at(place & 63)
                    at += 1
                    bits &= bits - 1
            return 0
        at = word.seek(base)
        while at < word.n:
            place = word.ids[at]
            if place >= end:
                break
            score = self.worth(word, at)
            if (score + others) * SLACK >= self.least:
                place -= base
                self.room.sums[place] += score
                self.room.touched[place >> 6] |= bit_at(place & 63)
            at += 1
        word.cursor = at
        return 0

    def take(self, order: list[PostingList], needed: Index, base: Index) -> Index:
        """Take the candidates of a window, and clear it."""
        block: Index
        place: Index
        passage: Index
        at: Index
        i: Index
        bits: Bits
        score: Real
        word: PostingList
        for block in range(WINDOW >> 6):
            bits = self.room.touched[block]
            if not bits:
                continue
            self.room.touched[block] = 0
            while bits:
                place = block << 6 | lowest(bits)
                bits &= bits - 1
                score = self.room.sums[place]
                self.room.sums[place] = 0
                passage = base + place
                i = needed
                while (score + self.room.behind[i]) * SLACK >= self.least:
                    if i == len(order):
                        self.match(passage)
                        break
                    word = order[i]
                    at = word.locate(passage)
                    if at >= 0:
                        score += self.worth(word, at)
                    i += 1
        return 0

    def mark_any(self) -> Index:
        """Mark the passages that have any of the words."""
        word: PostingList
        block: Index
        for word in self.deciding:
            mark(word, self.marks)
        if self.is_limited:
            for block in range(len(self.marks)):
                self.marks[block] &= self.among[block]
        return 0

    # Headings and articles

    def is_heading(self, passage: Index) -> bool:
        """Tell whether a passage is a heading, if that matters."""
        return self.has_headings and (self.headings[passage >> 6] >> (passage & 63)) & 1 == 1

    def tier_of(self, passage: Index, has_all: bool) -> Index:
        """Give the tier in which a passage matches, or -1 if it does not. ``has_all``: of tiers, or of one in which all are needed."""
        n: Index = 0
        word: PostingList
        if self.is_limited and not (self.among[passage >> 6] >> (passage & 63)) & 1:
            return -1
        for word in self.deciding:
            n += word.locate(passage) >= 0
        if n == len(self.deciding):
            return 0
        if n == 0 or (has_all and not self.is_tiered):
            return -1
        return 1 if has_all else 0

    def look_at(self, article: Index, has_all: bool) -> Index:
        """Find the best heading of an article and its best other passage: the one of the better tier, then of the higher score."""
        passage: Index
        tier: Index
        score: Real
        self.heading = self.body = -1
        self.heading_tier = self.body_tier = _NO_TIER
        self.heading_score = self.body_score = 0
        for passage in range(
            self.columns.article_passages[article], self.columns.article_passages[article + 1]
        ):
            tier = self.tier_of(passage, has_all)
            if tier < 0:
                continue
            score = self.score(passage)
            if self.is_heading(passage):
                if tier < self.heading_tier or (tier == self.heading_tier and score > self.heading_score):
                    self.heading, self.heading_tier, self.heading_score = passage, tier, score
            elif tier < self.body_tier or (tier == self.body_tier and score > self.body_score):
                self.body, self.body_tier, self.body_score = passage, tier, score
        return 0

    def is_hit(self, passage: Index) -> bool:
        """Tell whether a passage of the article that was looked at last is a hit, if it matches."""
        leads: bool = self.heading_tier < self.body_tier
        if self.is_heading(passage):
            return leads and passage == self.heading
        return not (leads and passage == self.body)

    def drop_headings(self, has_all: bool) -> Index:
        """Take from what is marked the headings that are no hits: all of an article with another match, otherwise all but the best."""
        block: Index
        inner: Index
        first: Index
        end: Index
        article: Index
        bits: Bits
        bodies: Bits
        for block in range(len(self.marks)):
            bits = self.marks[block] & self.headings[block]
            while bits:
                article = self.columns.article_of(block << 6 | lowest(bits))
                first = self.columns.article_passages[article]
                end = self.columns.article_passages[article + 1]
                bits &= ~mask(first, end, block)
                bodies = 0
                for inner in range(first >> 6, (end + 63) >> 6):
                    bodies |= self.marks[inner] & ~self.headings[inner] & mask(first, end, inner)
                for inner in range(first >> 6, (end + 63) >> 6):
                    self.marks[inner] &= ~(self.headings[inner] & mask(first, end, inner))
                if not bodies:
                    self.look_at(article, has_all)
                    if self.heading < 0:
                        raise IndexError("a heading is not where its word is")
                    self.marks[self.heading >> 6] |= bit_at(self.heading & 63)
        return 0


def mask(first: Index, end: Index, block: Index) -> Bits:
    """Give the bits of a block that stand for numbers from ``first`` to ``end - 1``."""
    bits: Bits = 0xFFFFFFFFFFFFFFFF
    if block << 6 < first:
        bits &= ~(bit_at(first & 63) - 1)
    if end < (block + 1) << 6:
        bits &= bit_at(end & 63) - 1
    return bits


def _by_rarity(words: list[PostingList]) -> list[PostingList]:
    """Give the words, the rarest first."""
    order: list[PostingList] = []
    word: PostingList
    other: PostingList
    i: Index
    for word in words:
        i = len(order)
        while i > 0:
            other = order[i - 1]
            if other.n <= word.n:
                break
            i -= 1
        order.insert(i, word)
    return order


def _grown(numbers: Any, size: Index, code: str) -> Any:
    """Give the same numbers with as much room again behind them."""
    room = memoryview(bytearray(2 * size * len(numbers))).cast(code)  # type: ignore[call-overload]
    room[: len(numbers)] = numbers
    return room
