"""Where do the leaves of a query stand in a few passages, those that are shown?

The same places as `searcher.querying.places` finds for each leaf by itself. Here the terms of all of them are located at once,
and what stands side by side is found among numbers one by one: of so few, arrays would take longer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from searcher.querying.evaluate import Evaluator
from searcher.querying.forms import Forms, Vocabulary
from searcher.querying.phrases import POSITION_BITS, spellings
from searcher.querying.places import find_places
from searcher.querying.tree import Atom, Leaf, Word, Words
from searcher.storage.format import MAX_PASSAGE_WORDS
from searcher.storage.postings import Numbers
from searcher.storage.segment import Segment
from searcher.storage.snapshot import LiveSegment

Runs = list[tuple[int, int]]
"""Start and end of each place, as in `searcher.querying.places.Places`."""


def find_marks(
    evaluator: Evaluator, live: LiveSegment, passages: Numbers, leaves: Sequence[tuple[Leaf, Numbers]]
) -> list[tuple[int, int, int]]:
    """Find what is to be marked in some passages.

    Args:
        evaluator: Of the snapshot.
        live: The segment.
        passages: int64, ascending: all in which anything is marked.
        leaves: What to mark, each with those passages in which to.

    Returns:
        Start and end of each place, as in `searcher.querying.places.Places`, and the number of the leaf; in any order.
    """
    words = [leaf for leaf, _ in leaves if isinstance(leaf, Words)]
    runs = iter(find_runs(evaluator.vocabulary(live), words, passages))
    marks: list[tuple[int, int, int]] = []
    for group, (leaf, here) in enumerate(leaves):
        if isinstance(leaf, Words):
            found = next(runs)
        else:
            places = evaluator.places(live, leaf, here)
            found = list(zip(places.starts.tolist(), places.ends.tolist(), strict=True))
        if len(here) < len(passages):
            chosen = set(here.tolist())
            found = [run for run in found if run[0] >> POSITION_BITS in chosen]
        marks += [(start, end, group) for start, end in found]
    return marks


def find_runs(vocabulary: Vocabulary, leaves: Sequence[Words], passages: Numbers) -> list[Runs]:
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
    runs: dict[tuple[Atom, bool], Runs] = {}
    for (part, is_exact), forms in parts.items():
        if len(forms.terms) == 1:
            runs[part, is_exact] = _fitting(vocabulary, forms, *located[int(forms.terms[0])])
        else:
            places = find_places(vocabulary, Words((Word("", (part,)),), is_exact), passages)
            runs[part, is_exact] = list(zip(places.starts.tolist(), places.ends.tolist(), strict=True))
    return [_of_words(words, runs) for words in leaves]


def _locate(segment: Segment, terms: Sequence[int], passages: Numbers) -> Iterator[tuple[list[int], Numbers]]:
    """Give, of each term, where it stands in some passages, and where that is in the column of positions."""
    if not terms:
        return
    begins = segment.columns["posting_starts"]
    found = [segment.posting_list(term).find(passages) for term in terms]
    postings = [ordinals + begins[term] for term, (_, ordinals) in zip(terms, found, strict=True)]
    frequencies, places = segment.locate_few(np.concatenate(postings))
    bases = passages[np.concatenate([at for at, _ in found])] << POSITION_BITS
    starts = (bases.repeat(frequencies) + segment.columns["positions"][places]).tolist()
    ends = [0, *frequencies.cumsum().tolist()]
    n_done = 0
    for at, _ in found:
        first, end = ends[n_done], ends[n_done + len(at)]
        yield starts[first:end], places[first:end]
        n_done += len(at)


def _fitting(vocabulary: Vocabulary, forms: Forms, starts: list[int], places: Numbers) -> Runs:
    """Keep the occurrences of a term that fit, with as many positions as they cover."""
    by_variant = vocabulary.widths_of_variants(forms)
    if by_variant is None:
        return [(start, start + 1) for start in starts]
    widths = by_variant[vocabulary.segment.variants(int(forms.terms[0]), places)].tolist()
    return [(start, start + width) for start, width in zip(starts, widths, strict=True) if width]


def _of_words(words: Words, runs: Mapping[tuple[Atom, bool], Runs]) -> Runs:
    if sum(len(word.parts) for word in words.words) > MAX_PASSAGE_WORDS:
        return []
    return _side_by_side(
        [
            run
            for parts in spellings(word)
            for run in _side_by_side(runs[part, words.is_exact] for part in parts)
        ]
        for word in words.words
    )


def _side_by_side(links: Iterable[Runs]) -> Runs:
    """Find where each begins just where the one before it ends."""
    first, *others = links
    for link in others:
        ends: dict[int, list[int]] = {}
        for start, end in link:
            ends.setdefault(start, []).append(end)
        first = [(start, end) for start, middle in first for end in ends.get(middle, ())]
    return first
