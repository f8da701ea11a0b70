"""Where do words stand close to each other?

Within so many words: from the first of them to the last, counted so that neighbours are one word apart, in any order and
without overlap. Or within one sentence or paragraph of a passage. A whole is counted once for each place that it can
begin at, or once a sentence; its marks are all the places that belong to one.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from searcher.querying.forms import Vocabulary
from searcher.querying.places import Places, candidates, contains, find_places, place_key, unite
from searcher.querying.tree import Close
from searcher.storage.segment import Numbers, distinct, expand


class Wholes(NamedTuple):
    """What was found.

    Attributes:
        starts: int64, ascending, distinct: where each whole begins, as in `Places`.
        marks: The places that belong to one.
    """

    starts: Numbers
    marks: Places


def find_wholes(
    vocabulary: Vocabulary, close: Close, passages: Numbers | None = None, *, has_marks: bool = True
) -> Wholes:
    """Find where words stand close to each other.

    Args:
        vocabulary: Of the segment in which to look; dead passages are looked at too.
        close: What to look for.
        passages: int64, ascending: look only there; None for everywhere.
        has_marks: Whether the marks are wanted, of which there may be very many.
    """
    for member in close.members:
        passages = distinct(np.concatenate([candidates(vocabulary, words, passages) for words in member]))
    assert passages is not None
    members = [
        unite([find_places(vocabulary, words, passages) for words in member]) for member in close.members
    ]
    if isinstance(close.within, int):
        return _within_words(members, close, has_marks=has_marks)
    return _within_part(vocabulary, members, passages, f"{close.within}s")


def _within_words(members: Sequence[Places], close: Close, *, has_marks: bool) -> Wholes:
    assert isinstance(close.within, int)
    distance = min(close.within, 255)
    starts: list[Numbers] = []
    marks: list[Places] = []
    for first, places in enumerate(members):
        reach = places.ends - 1 + distance  # the last position at which another may start
        fits = np.ones(len(places.starts), np.bool_)
        ranges = []
        for other, following in enumerate(members):
            if other == first:
                continue
            # Of members that search for the same, each needs a place of its own.
            n_needed = sum(
                close.members[twin] == close.members[other] for twin in range(other + 1) if twin != first
            )
            low = following.starts.searchsorted(places.ends)
            high = following.starts.searchsorted(reach, side="right")
            fits &= high - low >= n_needed
            ranges.append((following, low, high))
        starts.append(places.starts[fits])
        marks.append(Places(places.starts[fits], places.ends[fits]))
        for following, low, high in ranges if has_marks else ():
            chosen = expand(low[fits], (high - low)[fits])
            marks.append(Places(following.starts[chosen], following.ends[chosen]))
    return Wholes(distinct(np.concatenate(starts)), unite(marks))


def _within_part(vocabulary: Vocabulary, members: Sequence[Places], passages: Numbers, part: str) -> Wholes:
    """Find the sentences or paragraphs that hold all members."""
    columns = vocabulary.segment.columns
    begins = columns[f"{part[:-1]}_starts"].astype(np.int64)
    counts = begins[passages + 1] - begins[passages]
    inner = columns[part][expand(begins[passages], counts)].astype(np.int64)
    edges = np.sort(
        np.concatenate(
            [
                place_key(passages, np.zeros(len(passages), np.int64)),
                place_key(np.repeat(passages, counts), inner),
            ]
        )
    )
    homes = [edges.searchsorted(places.starts, side="right") - 1 for places in members]
    common = distinct(homes[0])
    for home in homes[1:]:
        common = common[contains(distinct(home), common)]
    marks = [
        Places(places.starts[keep], places.ends[keep])
        for places, home in zip(members, homes, strict=True)
        for keep in [contains(common, home)]
    ]
    return Wholes(edges[common], unite(marks))
