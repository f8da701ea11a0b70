"""Where do the leaves of a query stand in the few passages that are shown?

The places are those that `searcher.querying.matching.places` finds. In a few passages they are found number by number, because
arrays would take longer.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial

from searcher.arrays import Numbers
from searcher.language.tree import Atom, Leaf, Word, Words
from searcher.querying.matching.evaluate import Evaluator
from searcher.querying.matching.forms import Vocabulary
from searcher.querying.matching.phrases import POSITION_BITS, spellings
from searcher.querying.matching.places import Places, find_places
from searcher.storage.format import MAX_PASSAGE_WORDS
from searcher.storage.snapshot import LiveSegment

_Runs = list[tuple[int, int]]
"""Start and end of each place, as in `searcher.querying.matching.places.Places`."""


def find_marks(
    evaluator: Evaluator, live: LiveSegment, passages: Numbers, leaves: Sequence[tuple[Leaf, Numbers]]
) -> list[tuple[int, int, int]]:
    """Find the places to mark in some passages.

    Args:
        evaluator: Of the snapshot.
        live: The segment.
        passages: int64, ascending: all passages in which something may be marked.
        leaves: The leaves to mark, each with the passages in which to mark it.

    Returns:
        For each place, in any order: its start and end, as in `searcher.querying.matching.places.Places`, and the number of
        its leaf.
    """
    find = cache(partial(_of_part, evaluator.vocabulary(live), passages))
    marks = []
    for number, (leaf, here) in enumerate(leaves):
        if isinstance(leaf, Words):
            found = _counted(evaluator, live, leaf, passages)
            found = _of_words(find, leaf) if found is None else found
        else:
            found = _runs(evaluator.places(live, leaf, here))
        if len(here) < len(passages):
            chosen = set(here.tolist())
            found = [run for run in found if run[0] >> POSITION_BITS in chosen]
        marks += [(start, end, number) for start, end in found]
    return marks


def _counted(evaluator: Evaluator, live: LiveSegment, leaf: Words, passages: Numbers) -> _Runs | None:
    """Give the places of words, if it is remembered where they begin, and if all of them cover the same number of positions."""
    counted = None if leaf.is_one_term else evaluator.starts(live, leaf)
    if counted is None or not len(counted):
        return None if counted is None else []
    vocabulary = evaluator.vocabulary(live)
    size = 0
    for word in leaf.words:
        if word.joined is not None:
            return None
        for part in word.parts:
            width = vocabulary.only_width(vocabulary.forms(part, is_exact=leaf.is_exact))
            if width is None:
                return None
            size += width
    starts = counted.data
    found: _Runs = []
    for base in (passages << POSITION_BITS).tolist():
        low = bisect_left(starts, base)
        high = bisect_left(starts, base + (1 << POSITION_BITS), low)
        found += [(start, start + size) for start in starts[low:high]]
    return found


def _of_part(vocabulary: Vocabulary, passages: Numbers, part: Atom, is_exact: bool) -> _Runs:
    """Find the places of one part of a word."""
    forms = vocabulary.forms(part, is_exact=is_exact)
    if len(forms.terms) != 1 or vocabulary.widths_of_variants(forms) is not None:
        return _runs(find_places(vocabulary, Words((Word("", (part,)),), is_exact), passages))
    starts = [
        (passage << POSITION_BITS) + position
        for passage, positions in vocabulary.segment.positions(int(forms.terms[0]), passages.tolist())
        for position in positions
    ]
    return [(start, start + 1) for start in starts]


def _of_words(find: Callable[[Atom, bool], _Runs], leaf: Words) -> _Runs:
    """Find the places of words from the places of their parts."""
    first = leaf.words[0]
    if len(leaf.words) == len(first.parts) == 1 and first.joined is None:
        return find(first.parts[0], leaf.is_exact)
    if sum(len(word.parts) for word in leaf.words) > MAX_PASSAGE_WORDS:
        return []
    return _side_by_side(
        [
            *{
                run: None
                for parts in spellings(word)
                for run in _side_by_side(find(part, leaf.is_exact) for part in parts)
            }
        ]
        for word in leaf.words
    )


def _runs(places: Places) -> _Runs:
    return list(zip(places.starts.tolist(), places.ends.tolist(), strict=True))


def _side_by_side(links: Iterable[_Runs]) -> _Runs:
    """Find the places that begin with one of the first links, each link beginning where the link before it ends."""
    first, *others = links
    for link in others:
        ends: dict[int, list[int]] = {}
        for start, end in link:
            ends.setdefault(start, []).append(end)
        # Each place once: there may be several ways to the same end.
        first = [*{(start, end): None for start, middle in first for end in ends.get(middle, ())}]
    return first
