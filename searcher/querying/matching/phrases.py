"""Where do words stand side by side, if each part has one fixed place in the phrase?

Most phrases are of this kind. `searcher.querying.matching.places` finds the others.

First, the passages that hold all parts are found. Then the places of each part are moved back by its distance from the
beginning of the phrase. All the moved places are put into one list and sorted. A number that occurs as often as there are parts
is a place where the phrase begins.

In many passages, and with more than two parts, the two rarest parts are joined first. A few postings are compared one by one.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from searcher.arrays import Numbers, distinct
from searcher.language.tree import Atom, Word, Words
from searcher.querying.matching.forms import Forms, Vocabulary
from searcher.storage.columns.postings import members
from searcher.storage.format import MAX_PASSAGE_WORDS
from searcher.storage.many_terms import ManyTerms
from searcher.storage.segment import Segment

POSITION_BITS: Final = 9
"""Positions take so many bits. A position is below 255, and the end of a phrase that begins at a position is below 512."""
_FEW: Final = 48
"""Up to so many postings are compared one by one, which takes less time than arrays."""
_MANY: Final = 256
"""In more passages than these, the two rarest parts are joined before the others."""
_AT_ONCE: Final = 16_384
"""How many passages are looked at together: few enough for the arrays to stay in the processor's cache."""
_PLACES: Final = 1 << 19
"""How many places are looked at together if a part has many terms: all these terms are looked up again for every slice."""
_NONE: Final = np.zeros(0, np.int64)


def place_key(passages: Numbers, positions: Numbers) -> Numbers:
    """Make one number of passage and position, as in `searcher.querying.matching.places.Places`."""
    return passages << POSITION_BITS | positions


class Link(NamedTuple):
    """One part of a phrase.

    Attributes:
        forms: The forms of the part.
        offset: Distance from the beginning of the phrase, in positions.
    """

    forms: Forms
    offset: int


def spellings(word: Word) -> list[tuple[Atom, ...]]:
    """List the ways in which a word may be written: its parts side by side and, if there is a joined form, that form."""
    return [word.parts] if word.joined is None else [word.parts, (word.joined,)]


def all_atoms(words: Words) -> list[Atom]:
    """List the parts of all spellings of some words."""
    return [atom for word in words.words for parts in spellings(word) for atom in parts]


def phrase_starts(vocabulary: Vocabulary, words: Words, among: Numbers | None = None) -> Numbers | None:
    """Find where words stand side by side, if each part has one fixed place in the phrase.

    Args:
        vocabulary: The vocabulary of the segment.
        words: The words.
        among: int64, ascending: look only in these passages; None for all, dead ones too.

    Returns:
        int64, ascending, distinct: passage << 9 | position of the first word. None if a word may also be written in one
        piece, or if a part that others follow covers different numbers of positions.
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
    """Find where parts stand side by side: int64, ascending, as `phrase_starts` returns."""
    if links[-1].offset >= MAX_PASSAGE_WORDS:
        return _NONE
    segment = vocabulary.segment
    each = [link.forms for link in links]
    is_single = all(len(forms.terms) == 1 for forms in each)
    if len(links) == 1 and not is_single:
        n_passages = segment.n_passages if among is None else len(among)
        if len(slices := slices_of(segment, each, n_passages)) == 1:
            return _starts_of_many(vocabulary, links[0], among)
        passages = np.arange(n_passages) if among is None else among
        ordinals: dict[int, Numbers] = {}
    else:
        links = sorted(links, key=lambda link: segment.n_postings(link.forms.terms))
        passages, ordinals = _with_all(segment, links, among)
        if not len(passages):
            return _NONE
        if is_single and len(passages) * len(links) <= _FEW:
            starts = _starts_in_few(segment, links, passages, ordinals)
            if not len(starts) or all(vocabulary.fits(forms) is None for forms in each):
                return starts  # every surface is meant, so none is looked at
        slices = slices_of(segment, each, len(passages))
    found = [
        _starts_in(vocabulary, links, passages[here], {term: ordinals[term][here] for term in ordinals})
        for here in slices
    ]
    return np.concatenate([_NONE, *found]) if len(found) != 1 else found[0]


def slices_of(segment: Segment, each: Sequence[Forms], n_passages: int) -> list[slice]:
    """Divide so many passages, in which some forms are looked for, into slices that are looked at together."""
    at_once = _AT_ONCE
    if any(len(forms.terms) > 1 for forms in each):
        n_places = sum(segment.n_occurrences(forms.terms) for forms in each)
        at_once = max(1, _PLACES * segment.n_passages // max(1, n_places))
    return [slice(first, first + at_once) for first in range(0, n_passages, at_once)]


def _starts_in_few(
    segment: Segment, links: Sequence[Link], passages: Numbers, ordinals: Mapping[int, Numbers]
) -> Numbers:
    """Find where parts stand side by side in a few passages that hold all of them. Each part has one term, with all surfaces."""
    begins = segment.columns["posting_starts"]
    terms = [int(link.forms.terms[0]) for link in links]
    lists = [(ordinals[term] + begins[term]).tolist() for term in terms]
    found: list[int] = []
    for passage, *postings in zip((passages << POSITION_BITS).tolist(), *lists, strict=True):
        starts: list[int] | None = None
        for posting, link in zip(postings, links, strict=True):
            positions = segment.locator.positions(posting)
            if starts is None:
                starts = [position - link.offset for position in positions]
            else:
                starts = [start for start in starts if start + link.offset in positions]
        found += [passage + start for start in starts or ()]
    return np.array(found, np.int64)


def _starts_in(
    vocabulary: Vocabulary, links: Sequence[Link], passages: Numbers, ordinals: Mapping[int, Numbers]
) -> Numbers:
    """Find where parts stand side by side in passages that hold all of them. Of many parts, the two rarest are joined first."""
    if len(links) <= 2 or len(passages) <= _MANY:
        return _joined(vocabulary, links, passages, ordinals)
    starts = _joined(vocabulary, links[:2], passages, ordinals)
    # A start may lie before its passage, because the first part has not been looked for yet. The place of a part never does.
    here = passages.searchsorted(distinct(starts + links[0].offset >> POSITION_BITS))
    rest = {term: numbers[here] for term, numbers in ordinals.items()}
    return _joined(vocabulary, links[2:], passages[here], rest, starts)


def _joined(
    vocabulary: Vocabulary,
    links: Sequence[Link],
    passages: Numbers,
    ordinals: Mapping[int, Numbers],
    among: Numbers | None = None,
) -> Numbers:
    """Find where parts stand side by side in passages that hold all of them.

    Args:
        vocabulary: The vocabulary of the segment.
        links: The parts.
        passages: int64, ascending: the passages.
        ordinals: For each term of a part with one term, its postings in the passages.
        among: int64, ascending: look only at these starts, at which the other parts stand; None for all.
    """
    segment = vocabulary.segment
    begins, base = segment.columns["posting_starts"], passages << POSITION_BITS
    single = [(int(link.forms.terms[0]), link) for link in links if len(link.forms.terms) == 1]
    found = [_starts_of_many(vocabulary, link, passages) for link in links if len(link.forms.terms) > 1]
    n_lists = len(links)
    if among is not None:
        found.append(among)
        n_lists += 1
    if single:
        postings = np.concatenate([ordinals[term] + begins[term] for term, _ in single])
        frequencies, places = segment.locator.locate(postings)
        starts = np.concatenate([base - link.offset for _, link in single]).repeat(frequencies)
        starts += segment.columns["positions"][places]
        found.append(starts)
    # The starts of each part ascend already. A stable sort merges them, ten times as fast as another sort.
    merged = np.sort(np.concatenate(found), kind="stable") if n_lists > 1 else found[0]
    behind = merged[n_lists - 1 :]
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
    """Find where a phrase may begin, according to one part with many terms: int64, ascending, distinct."""
    found, owners = ManyTerms(vocabulary.segment, link.forms.terms).occurrences(passages)
    fits = vocabulary.widths(link.forms, owners, found.variants) > 0
    starts = place_key(found.passages, found.positions)
    starts -= link.offset
    return distinct(starts[fits])


def _with_all(
    segment: Segment, links: Sequence[Link], among: Numbers | None
) -> tuple[Numbers, dict[int, Numbers]]:
    """Find the passages that hold all the parts, given rarest first. And, for each part with one term, its postings there."""
    passages = among
    ordinals: dict[int, Numbers] = {}
    for terms in (link.forms.terms for link in links):
        own: dict[int, Numbers] = {}
        if len(terms) > 1:
            if passages is None:
                passages = ManyTerms(segment, terms).holding_any().nonzero()[0]
                continue
            places = passages.searchsorted(
                distinct(np.concatenate(ManyTerms(segment, terms).postings_among(passages)[0]))
            )
        elif (term := int(terms[0])) in ordinals:
            continue
        else:
            postings = segment.posting_list(term)
            if passages is None and postings.bitmap is not None:
                passages = _with_all_dense(segment, links)
            elif passages is None:
                passages = postings.passages
                ordinals[term] = np.arange(len(passages))
                continue
            places, own[term] = postings.find(passages)
        if not len(places):
            return _NONE, {}
        passages = passages[places]
        ordinals = {each: numbers[places] for each, numbers in ordinals.items()} | own
    assert passages is not None
    return passages, ordinals


def _with_all_dense(segment: Segment, links: Sequence[Link]) -> Numbers:
    """Find the passages that hold all the parts with one dense term each."""
    lists = (segment.posting_list(int(link.forms.terms[0])) for link in links if len(link.forms.terms) == 1)
    return members(np.bitwise_and.reduce([each.bitmap for each in lists if each.bitmap is not None]))
