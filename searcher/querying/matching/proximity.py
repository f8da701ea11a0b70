"""Where do words stand close to each other?

The words or phrases that must stand close to each other are called *members*, and all of them together a *whole*. There are two
kinds of closeness:

- Within a number of words, in any order and without overlap. The distance is counted from the last word of the first member
  to the first word of the last member. Neighbours are one word apart. A whole is counted once for each place at which it can
  begin.
- Within one sentence or paragraph of a passage. Members may overlap. A whole is counted once for each sentence or paragraph.

All places that belong to any whole are marked.

Members that overlap nowhere cannot be in each other's way, so each of them is looked for by itself after the first member. Some
members overlap, such as *cease*, *fire* and *ceasefire*. For these there must be an order in which each stands after the one
before it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from math import prod
from typing import Final, NamedTuple

import numpy as np

from searcher.arrays import Mask, Numbers, distinct, expand
from searcher.errors import QueryError
from searcher.language.tree import Close, node_text
from searcher.querying.matching.forms import Forms, Vocabulary
from searcher.querying.matching.phrases import POSITION_BITS, place_key, slices_of, spellings
from searcher.querying.matching.places import Places, find_places, passages_with, unite
from searcher.storage.format import MAX_PASSAGE_WORDS
from searcher.storage.segment import Segment

MAX_TRIED: Final = 4_000_000
"""How many tries a query may need: the number of ways to take some of the members that overlap, times the number of places
from which each way is tried. So many tries take about a second.
"""
_PLACES_A_WAY: Final = 1_000
"""Each way takes as long as it takes to try so many places, in addition to its own places."""
_NEVER: Final = 1 << 62

Choice = tuple[int, ...]
"""How many of each member."""


class Wholes(NamedTuple):
    """The wholes that were found.

    Attributes:
        starts: int64, ascending, distinct: where each whole begins, as in `Places`.
        marks: The places that belong to any whole.
    """

    starts: Numbers
    marks: Places


def find_wholes(
    vocabulary: Vocabulary, close: Close, passages: Numbers | None = None, *, has_marks: bool = True
) -> Wholes:
    """Find where words stand close to each other.

    Args:
        vocabulary: The vocabulary of the segment. Dead passages are looked at too.
        close: The members, and how close they must stand.
        passages: int64, ascending: look only in these passages; None for all.
        has_marks: Find the marks too. There may be very many.

    Raises:
        QueryError: Members that overlap would need more than `MAX_TRIED` tries.
    """
    # Equal members are looked for once. `n_needed` counts them, because each needs a place of its own.
    keys = [frozenset(words.key for words in member) for member in close.members]
    members = dict(zip(keys, close.members, strict=True))
    for member in members.values():
        passages = distinct(np.concatenate([passages_with(vocabulary, words, passages) for words in member]))
    assert passages is not None
    slices = slices_of(vocabulary.segment, _forms(vocabulary, close), len(passages))
    n_needed = Counter(keys)
    found = []
    for each in slices or [slice(0)]:
        here = passages[each]
        places = [
            unite([find_places(vocabulary, words, here) for words in member]) for member in members.values()
        ]
        if isinstance(close.within, int):
            groups = _overlapping(places)
            needed = [
                tuple(n_needed[key] * (i in group) for i, key in enumerate(members)) for group in groups
            ]
            found.append(_within_words(places, needed, close, len(slices), has_marks=has_marks))
        else:
            part = f"{close.within}s"
            found.append(_within_part(vocabulary.segment, places, here, part, has_marks=has_marks))
    if len(found) == 1:
        return found[0]
    starts, marks = zip(*found, strict=True)
    return Wholes(
        np.concatenate(starts),
        Places(*(np.concatenate([getattr(each, edge) for each in marks]) for edge in ("starts", "ends"))),
    )


def _forms(vocabulary: Vocabulary, close: Close) -> list[Forms]:
    """List the forms of all parts of the members."""
    return [
        vocabulary.forms(part, is_exact=words.is_exact)
        for member in close.members
        for words in member
        for word in words.words
        for parts in spellings(word)
        for part in parts
    ]


def _overlapping(members: Sequence[Places]) -> set[frozenset[int]]:
    """Group the members, given by number, whose places overlap somewhere."""
    starts = np.concatenate([places.starts for places in members])
    ends = np.concatenate([places.ends for places in members])
    if (ends - starts == 1).all() and len(distinct(starts)) == len(starts):
        return {frozenset([member]) for member in range(len(members))}
    order = np.argsort(starts, kind="stable")
    owners = np.repeat(np.arange(len(members)), [len(places.starts) for places in members])[order]
    reached = np.maximum.accumulate(ends[order])
    overlaps = starts[order][1:] < reached[:-1]
    pairs = distinct(owners[:-1][overlaps] * len(members) + owners[1:][overlaps])
    group_of = {member: frozenset([member]) for member in range(len(members))}
    for pair in pairs.tolist():
        one, other = divmod(pair, len(members))
        group = group_of[one] | group_of[other]
        group_of |= dict.fromkeys(group, group)
    return set(group_of.values())


def _within_words(
    members: Sequence[Places], needed: Sequence[Choice], close: Close, n_slices: int, *, has_marks: bool
) -> Wholes:
    """Find where members stand within a number of words.

    Args:
        members: The places of each member.
        needed: For each group of members that overlap, how many of each member are needed.
        close: The members, and how close they must stand.
        n_slices: How many slices of passages there are. `MAX_TRIED` holds for all slices together, and each slice is taken to
            need as many tries as this one.
        has_marks: Find the marks too.
    """
    starts: list[Numbers] = []
    marks: list[Places] = []
    for first, places in enumerate(members):
        rests = [_less(choice, first) if choice[first] else choice for choice in needed]
        firsts = places.only(_has_each(members, rests, places, close))
        for rest in rests:
            if sum(rest) > 1:
                _check(rest, len(firsts.starts) * n_slices, close)
                last_starts = _Row(members, firsts.ends).last_starts(rest)
                firsts = firsts.only(last_starts <= _reach(firsts, close))
        starts.append(firsts.starts)
        if has_marks:
            marks += [
                firsts,
                *(found for rest in rests for found in _between(members, rest, firsts, close, n_slices)),
            ]
    return Wholes(distinct(np.concatenate(starts)), unite(marks))


def _reach(places: Places, close: Close) -> Numbers:
    """Give, for each place that may be the first, the last position at which another member may start."""
    assert isinstance(close.within, int)
    return places.ends - 1 + min(close.within, MAX_PASSAGE_WORDS)


def _has_each(members: Sequence[Places], rests: Sequence[Choice], places: Places, close: Close) -> Mask:
    """Tell which places have enough of each other member in reach. These others may overlap each other here."""
    reach = _reach(places, close)
    fits = np.ones(len(reach), np.bool_)
    for choice in rests:
        for number in np.flatnonzero(choice).tolist():
            starts = members[number].starts
            last = starts.searchsorted(places.ends) + choice[number] - 1
            fits &= np.append(starts, _NEVER).take(last, mode="clip") <= reach
    return fits


def _between(
    members: Sequence[Places], choice: Choice, firsts: Places, close: Close, n_slices: int
) -> Iterator[Places]:
    """Find the places of the other members that lie in reach of a first member and leave room for the rest."""
    for number in np.flatnonzero(choice).tolist():
        places = members[number]
        low = places.starts.searchsorted(firsts.ends)
        counts = places.starts.searchsorted(_reach(firsts, close), side="right") - low
        here = places.only(expand(low, counts))
        if sum(choice) > 1:
            _check(choice, len(here.starts) * n_slices, close)
            others = _less(choice, number)
            before = _Row(members, np.repeat(firsts.ends, counts))
            behind = _Row(members, here.ends)
            reach = np.repeat(_reach(firsts, close), counts)
            has_room = np.zeros(len(here.starts), np.bool_)
            for earlier in product(*(range(n + 1) for n in others)):
                later = tuple(n - m for n, m in zip(others, earlier, strict=True))
                stands_before = before.ends(earlier) <= here.starts
                has_room |= stands_before & (behind.last_starts(later) <= reach)
            here = here.only(has_room)
        yield here


def _check(choice: Choice, n_places: int, close: Close) -> None:
    """Refuse to try too many ways from too many places.

    Raises:
        QueryError: It would take too long.
    """
    if prod(n + 1 for n in choice) * (n_places + _PLACES_A_WAY) > MAX_TRIED:
        text = node_text(close)
        raise QueryError(f"too many of these words may stand in the same place: {text}; ask for fewer", text)


class _Row:
    """Puts members one after the other, in the order that ends earliest.

    Args:
        members: The places of each member.
        after: int64, shape (n,): the positions after which they stand.
    """

    def __init__(self, members: Sequence[Places], after: Numbers) -> None:
        self._members = members
        self._ends: dict[Choice, Numbers] = {(0,) * len(members): after}

    def ends(self, choice: Choice) -> Numbers:
        """Find where the last of some members ends: int64, shape (n,)."""
        if choice not in self._ends:
            self._ends[choice] = self._earliest(choice, _next_end)
        return self._ends[choice]

    def last_starts(self, choice: Choice) -> Numbers:
        """Find where the last of some members starts: int64, shape (n,). 0 if no member is taken."""
        return self._earliest(choice, _next_start) if any(choice) else np.zeros(1, np.int64)

    def _earliest(self, choice: Choice, next_: Callable[[Places, Numbers], Numbers]) -> Numbers:
        lasts = np.flatnonzero(choice).tolist()
        found = [next_(self._members[last], self.ends(_less(choice, last))) for last in lasts]
        earliest: Numbers = np.minimum.reduce(found)
        return earliest


def _less(choice: Choice, member: int) -> Choice:
    return (*choice[:member], choice[member] - 1, *choice[member + 1 :])


def _next_start(places: Places, after: Numbers) -> Numbers:
    return np.append(places.starts, _NEVER)[places.starts.searchsorted(after)]


def _next_end(places: Places, after: Numbers) -> Numbers:
    earliest = np.minimum.accumulate(places.ends[::-1])[::-1]
    return np.append(earliest, _NEVER)[places.starts.searchsorted(after)]


def _within_part(
    segment: Segment, members: Sequence[Places], passages: Numbers, part: str, *, has_marks: bool
) -> Wholes:
    """Find the sentences or paragraphs that hold all members. ``part`` is ``"sentences"`` or ``"paragraphs"``."""
    columns = segment.columns
    begins, ends = (columns[f"{part[:-1]}_starts"][passages + n].astype(np.int64) for n in (0, 1))
    inner = columns[part][segment.ranges(part, begins, ends - begins)].astype(np.int64)
    keys = [passages << POSITION_BITS, place_key(passages.repeat(ends - begins), inner)]
    edges = np.sort(np.concatenate(keys), kind="stable")
    members = [_uncrossed(places, edges) for places in members]
    firsts = [places.starts.searchsorted(edges) for places in members]
    counts = [
        np.append(first[1:], len(places.starts)) - first
        for first, places in zip(firsts, members, strict=True)
    ]
    common = np.logical_and.reduce([count > 0 for count in counts]).nonzero()[0]
    marks = [
        places.only(expand(first[common], count[common]))
        for places, first, count in zip(members, firsts, counts, strict=True)
        if has_marks
    ]
    return Wholes(edges[common], unite(marks))


def _uncrossed(places: Places, edges: Numbers) -> Places:
    """Leave out the places that begin in one sentence or paragraph and end in another. They stand in neither."""
    wide = (places.ends > places.starts + 1).nonzero()[0]
    begun, ended = (edges.searchsorted(each[wide], "right") for each in (places.starts, places.ends - 1))
    keep = np.ones(len(places.starts), np.bool_)
    keep[wide[begun != ended]] = False
    return places if keep.all() else places.only(keep)
