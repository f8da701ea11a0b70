"""Where do the leaves of a query stand in a few passages, those that are shown?

The same places as `searcher.querying.places` finds for each leaf by itself. Here the terms of all of them are located at once,
and what stands side by side is found among numbers one by one: of so few, arrays would take longer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from searcher.querying.evaluate import Evaluator
from searcher.querying.forms import Forms, Vocabulary
from searcher.querying.phrases import POSITION_BITS, spellings
from searcher.querying.places import Places, contains, find_places
from searcher.querying.tree import Atom, Leaf, Word, Words
from searcher.storage.format import MAX_PASSAGE_WORDS
from searcher.storage.numbers import expand
from searcher.storage.postings import Numbers
from searcher.storage.segment import Segment
from searcher.storage.snapshot import LiveSegment

_Runs = list[tuple[int, int]]
"""Start and end of each place."""


class Marks(NamedTuple):
    """What is to be marked, in any order.

    Attributes:
        starts: int64, shape (n,): where each place starts, as in `searcher.querying.places.Places`.
        ends: Beside them: where it ends.
        groups: Beside them: the number of the leaf.
    """

    starts: Numbers
    ends: Numbers
    groups: Numbers


def find_marks(
    evaluator: Evaluator, live: LiveSegment, passages: Numbers, leaves: Sequence[tuple[Leaf, Numbers]]
) -> Marks:
    """Find what is to be marked in some passages.

    Args:
        evaluator: Of the snapshot.
        live: The segment.
        passages: int64, ascending: all in which anything is marked.
        leaves: What to mark, each with those passages in which to.
    """
    counted = [_counted(evaluator, live, leaf, passages) for leaf, _ in leaves]
    words = [
        leaf
        for (leaf, _), known in zip(leaves, counted, strict=True)
        if known is None and isinstance(leaf, Words)
    ]
    of_words = iter(find_words(evaluator.vocabulary(live), words, passages) if words else ())
    found = []
    for (leaf, here), known in zip(leaves, counted, strict=True):
        if known is not None:
            places = known
        else:
            places = next(of_words) if isinstance(leaf, Words) else evaluator.places(live, leaf, here)
        if len(here) < len(passages):
            places = places.only(contains(here, places.passages))
        found.append(places)
    if not found:
        return Marks(passages[:0], passages[:0], passages[:0])
    return Marks(
        np.concatenate([places.starts for places in found]),
        np.concatenate([places.ends for places in found]),
        np.arange(len(found)).repeat([len(places.starts) for places in found]),
    )


def _counted(evaluator: Evaluator, live: LiveSegment, leaf: Leaf, passages: Numbers) -> Places | None:
    """Give the places of words if the ranking has seen where they begin, and all cover as many positions."""
    if not isinstance(leaf, Words) or leaf.is_one_term:
        return None
    starts = evaluator.starts(live, leaf)
    if starts is None:
        return None
    if not len(starts):
        return Places(starts, starts)
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
    lows, highs = (starts.searchsorted((passages + n) << POSITION_BITS) for n in (0, 1))
    here = starts[expand(lows, highs - lows)]
    return Places(here, here + size)


def find_words(vocabulary: Vocabulary, leaves: Sequence[Words], passages: Numbers) -> list[Places]:
    """Find where each of several leaves stands in some passages, in any order; `passages` as for `find_marks`."""
    parts = {
        (part, words.is_exact): vocabulary.forms(part, is_exact=words.is_exact)
        for words in leaves
        for word in words.words
        for parts in spellings(word)
        for part in parts
    }
    terms = list({int(forms.terms[0]): None for forms in parts.values() if len(forms.terms) == 1})
    located = dict(zip(terms, _locate(vocabulary.segment, terms, passages), strict=True))
    found: dict[tuple[Atom, bool], Places] = {}
    for (part, is_exact), forms in parts.items():
        if len(forms.terms) == 1:
            found[part, is_exact] = _fitting(vocabulary, forms, *located[int(forms.terms[0])])
        else:
            found[part, is_exact] = find_places(vocabulary, Words((Word("", (part,)),), is_exact), passages)
    return [_of_words(words, found) for words in leaves]


def _locate(segment: Segment, terms: Sequence[int], passages: Numbers) -> Iterator[tuple[Numbers, Numbers]]:
    """Give, of each term, where it stands in some passages, and where that is in the column of positions."""
    if not terms:
        return
    begins = segment.columns["posting_starts"]
    found = [segment.posting_list(term).find(passages) for term in terms]
    postings = [ordinals + begins[term] for term, (_, ordinals) in zip(terms, found, strict=True)]
    frequencies, places = segment.locator.locate(np.concatenate(postings))
    bases = passages[np.concatenate([at for at, _ in found])] << POSITION_BITS
    starts = bases.repeat(frequencies)
    starts += segment.columns["positions"][places]
    ends = [0, *frequencies.cumsum().tolist()]
    n_done = 0
    for at, _ in found:
        first, end = ends[n_done], ends[n_done + len(at)]
        yield starts[first:end], places[first:end]
        n_done += len(at)


def _fitting(vocabulary: Vocabulary, forms: Forms, starts: Numbers, places: Numbers) -> Places:
    """Keep the occurrences of a term that fit, with as many positions as they cover."""
    by_variant = vocabulary.widths_of_variants(forms)
    if by_variant is None:
        return Places(starts, starts + 1)
    widths = by_variant[vocabulary.segment.variants(int(forms.terms[0]), places)]
    return Places(starts, starts + widths).only(widths > 0)


def _of_words(words: Words, found: Mapping[tuple[Atom, bool], Places]) -> Places:
    """Put together the places of words from those of their parts."""
    first = words.words[0]
    if len(words.words) == len(first.parts) == 1 and first.joined is None:
        return found[first.parts[0], words.is_exact]
    runs: _Runs = []
    if sum(len(word.parts) for word in words.words) <= MAX_PASSAGE_WORDS:
        runs = _side_by_side(
            [
                run
                for parts in spellings(word)
                for run in _side_by_side(_runs(found[part, words.is_exact]) for part in parts)
            ]
            for word in words.words
        )
    numbers = np.array(runs, np.int64).reshape(-1, 2)
    return Places(numbers[:, 0], numbers[:, 1])


def _runs(places: Places) -> _Runs:
    return list(zip(places.starts.tolist(), places.ends.tolist(), strict=True))


def _side_by_side(links: Iterable[_Runs]) -> _Runs:
    """Find where each begins just where the one before it ends."""
    first, *others = links
    for link in others:
        ends: dict[int, list[int]] = {}
        for start, end in link:
            ends.setdefault(start, []).append(end)
        first = [(start, end) for start, middle in first for end in ends.get(middle, ())]
    return first
