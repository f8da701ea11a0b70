"""Where do words begin that stand side by side, if each part of them has one term in a segment?

Most phrases are such. The passages that hold all the terms are found first. A phrase begins where every term stands, when
each is moved back by the positions that the words before it cover; so the places of all of them are put into one list and
sorted, and what comes in it as often as there are terms is a beginning.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from searcher.querying.forms import Forms, Vocabulary
from searcher.querying.tree import Atom, Word, Words
from searcher.storage.format import MAX_PASSAGE_WORDS
from searcher.storage.numbers import distinct
from searcher.storage.postings import Numbers
from searcher.storage.segment import Segment

POSITION_BITS: Final = 9
"""Positions are below 255; behind the last word they are below 512."""
_AT_ONCE: Final = 16_384
"""Passages in which places are put in order together: few enough for what is made of them to stay in the cache."""
_PLACES: Final = 1 << 19
"""Places of words that are looked at together where a part is of many terms, each of which is looked up for every slice."""
_NONE: Final = np.zeros(0, np.int64)


def place_key(passages: Numbers, positions: Numbers) -> Numbers:
    """Make one number of passage and position, as `searcher.querying.places.Places` have it."""
    return passages << POSITION_BITS | positions


class Link(NamedTuple):
    """One part of a phrase.

    Attributes:
        forms: What may stand there.
        offset: Positions from the beginning of the phrase.
    """

    forms: Forms
    offset: int


def spellings(word: Word) -> list[tuple[Atom, ...]]:
    """List the ways in which a word may be written: its parts side by side, and joined."""
    return [word.parts] if word.joined is None else [word.parts, (word.joined,)]


def phrase_starts(vocabulary: Vocabulary, words: Words, among: Numbers | None = None) -> Numbers | None:
    """Find where words stand side by side, if each part has one place in the phrase.

    Args:
        vocabulary: Of the segment in which to look; dead passages are looked at too.
        words: What to look for.
        among: int64, ascending: look only in these passages; None for everywhere.

    Returns:
        int64, ascending, distinct: passage << 9 | position of the first word; None where a word may also be joined, or a
        part that others follow covers now one position, now more.
    """
    links: list[Link] = []
    offset: int | None = 0
    for word in words.words:
        if word.joined is not None:
            return None
        for part in word.parts:
            if offset is None:
                return None
            forms = vocabulary.forms(part, is_exact=words.is_exact)
            if not len(forms.terms):
                return _NONE
            links.append(Link(forms, offset))
            width = vocabulary.only_width(forms)
            offset = None if width is None else offset + width
    return _starts(vocabulary, links, among)


def _starts(vocabulary: Vocabulary, links: Sequence[Link], among: Numbers | None) -> Numbers:
    """Find where parts stand side by side: int64, ascending, as in `phrase_starts`."""
    if links[-1].offset >= MAX_PASSAGE_WORDS:
        return _NONE
    each = [link.forms for link in links]
    if len(links) == 1 and len(links[0].forms.terms) > 1:
        passages = among
        ordinals: dict[int, Numbers] = {}
        n_passages = vocabulary.segment.n_passages if passages is None else len(passages)
        if len(slices := slices_of(vocabulary.segment, each, n_passages)) == 1:
            return _starts_of_many(vocabulary, links[0], passages)
        passages = np.arange(n_passages) if passages is None else passages
    else:
        passages, ordinals = _with_all(vocabulary.segment, links, among)
        slices = slices_of(vocabulary.segment, each, len(passages))
    found = [
        _starts_in(vocabulary, links, passages[here], {term: ordinals[term][here] for term in ordinals})
        for here in slices
    ]
    return np.concatenate([_NONE, *found]) if len(found) != 1 else found[0]


def slices_of(segment: Segment, each: Sequence[Forms], n_passages: int) -> list[slice]:
    """Divide passages into those that are looked at together.

    Args:
        segment: Of the passages.
        each: What is looked for in them.
        n_passages: How many there are.
    """
    at_once = _AT_ONCE
    if any(len(forms.terms) > 1 for forms in each):
        n_places = sum(segment.n_occurrences(forms.terms) for forms in each)
        at_once = max(1, _PLACES * segment.n_passages // max(1, n_places))
    return [slice(first, first + at_once) for first in range(0, n_passages, at_once)]


def _starts_in(
    vocabulary: Vocabulary, links: Sequence[Link], passages: Numbers, ordinals: Mapping[int, Numbers]
) -> Numbers:
    """Find where parts stand side by side in passages that have all of them, given the postings of those of one term."""
    segment = vocabulary.segment
    begins, base = segment.columns["posting_starts"], passages << POSITION_BITS
    single = [(int(link.forms.terms[0]), link) for link in links if len(link.forms.terms) == 1]
    found = [_starts_of_many(vocabulary, link, passages) for link in links if len(link.forms.terms) > 1]
    if single:
        postings = np.concatenate([ordinals[term] + begins[term] for term, _ in single])
        frequencies, places = segment.locator.locate(postings)
        starts = np.concatenate([base - link.offset for _, link in single]).repeat(frequencies)
        starts += segment.columns["positions"][places]
        found.append(starts)
    # Each part's are in order already, and merging them is ten times as fast as sorting.
    merged = np.sort(np.concatenate(found), kind="stable") if len(links) > 1 else found[0]
    behind = merged[len(links) - 1 :]
    chosen: Numbers = behind[behind == merged[: len(behind)]]
    for number, (term, link) in enumerate(single):
        fits = vocabulary.fits(link.forms)
        if fits is not None and len(chosen):
            first, end = (
                int(frequencies[: n * len(passages)].sum(dtype=np.int64)) for n in (number, number + 1)
            )
            at = places[first:end][starts[first:end].searchsorted(chosen)]
            chosen = chosen[fits[segment.variants(term, at)]]
    return chosen


def _starts_of_many(vocabulary: Vocabulary, link: Link, passages: Numbers | None) -> Numbers:
    """Find where a phrase may begin by a part of many terms: int64, ascending, distinct."""
    found, owners = vocabulary.segment.occurrences_of_all(link.forms.terms, passages)
    fits = vocabulary.widths(link.forms, owners, found.variants) > 0
    starts = place_key(found.passages, found.positions)
    starts -= link.offset
    return distinct(starts[fits])


def _with_all(
    segment: Segment, links: Sequence[Link], among: Numbers | None
) -> tuple[Numbers, dict[int, Numbers]]:
    """Find the passages that hold all the parts, rarest first; and, of each part of one term, its postings there."""
    sizes = [segment.n_postings(link.forms.terms) for link in links]
    passages = among
    ordinals: dict[int, Numbers] = {}
    for number in sorted(range(len(links)), key=sizes.__getitem__):
        terms = links[number].forms.terms
        term = int(terms[0]) if len(terms) == 1 else -1
        if term in ordinals:
            continue
        if passages is None:
            passages = (
                segment.posting_list(term).passages if term >= 0 else segment.holding_any(terms).nonzero()[0]
            )
            if term >= 0:
                ordinals[term] = np.arange(len(passages))
            continue
        if term >= 0:
            places, own = segment.posting_list(term).find(passages)
        else:
            places = passages.searchsorted(
                distinct(np.concatenate(segment.postings_among(terms, passages)[0]))
            )
        passages = passages[places]
        ordinals = {each: numbers[places] for each, numbers in ordinals.items()}
        if term >= 0:
            ordinals[term] = own
        if not len(passages):
            break
    return (_NONE if passages is None else passages), ordinals
