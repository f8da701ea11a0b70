"""Where do words begin that stand side by side, if each part of them has one term in a segment?

Most phrases are such. The passages that hold all the terms are found first. A phrase begins where every term stands, when
each is moved back by the positions that the words before it cover; so the places of all of them are put into one list and
sorted, and what comes in it as often as there are terms is a beginning.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from searcher.querying.forms import Fits, Vocabulary
from searcher.querying.tree import Atom, Word, Words
from searcher.storage.format import MAX_PASSAGE_WORDS
from searcher.storage.postings import Numbers
from searcher.storage.segment import Segment, distinct

POSITION_BITS: Final = 9
"""Positions are below 255; behind the last word they are below 512."""
_MAX_CHAINS: Final = 8
"""Ways to write a phrase that are looked for one by one."""
_NONE: Final = np.zeros(0, np.int64)


class Link(NamedTuple):
    """One part of a phrase.

    Attributes:
        term: Its number.
        fits: Variants that may stand there.
        offset: Positions from the beginning of the phrase.
    """

    term: int
    fits: Fits
    offset: int


Chain: TypeAlias = tuple[tuple[Link, ...], int]
"""The parts of a phrase, and how many positions they cover."""


def spellings(word: Word) -> list[tuple[Atom, ...]]:
    """List the ways in which a word may be written: its parts side by side, and joined."""
    return [word.parts] if word.joined is None else [word.parts, (word.joined,)]


def phrase_starts(vocabulary: Vocabulary, words: Words) -> Numbers | None:
    """Find where words stand side by side, if each part has one term, and they may be written in few ways.

    Args:
        vocabulary: Of the segment in which to look; dead passages are looked at too.
        words: What to look for.

    Returns:
        int64, ascending, distinct: passage << 9 | position of the first word; None where there are more ways.
    """
    chains = _chains(vocabulary, words)
    if chains is None:
        return None
    if not chains:
        return _NONE
    if len(chains) == 1:
        return _starts(vocabulary.segment, chains[0][0])
    return distinct(np.concatenate([_NONE, *(_starts(vocabulary.segment, links) for links, _ in chains)]))


def _chains(vocabulary: Vocabulary, words: Words) -> list[Chain] | None:
    """List the ways in which a phrase may be written in a segment; None if they are many, or a part has many terms."""
    chains: list[Chain] = [((), 0)]
    for word in words.words:
        longer: list[Chain] = []
        for parts in spellings(word):
            ways = chains
            for part in parts:
                forms = vocabulary.forms(part, is_exact=words.is_exact)
                if len(forms) > 1:
                    return None
                ways = [
                    ((*links, Link(term, fits, end)), end + width)
                    for term, every in forms.items()
                    for width, fits in vocabulary.by_width(term, every)
                    for links, end in ways
                ]
            longer += ways
        chains = longer
        if len(chains) > _MAX_CHAINS:
            return None
    return chains


def _starts(segment: Segment, links: Sequence[Link]) -> Numbers:
    """Find where a phrase begins that is written in one way: int64, ascending, as in `phrase_starts`."""
    if links[-1].offset >= MAX_PASSAGE_WORDS:
        return _NONE
    passages, postings = _with_all(segment, [link.term for link in links])
    if not len(passages):
        return _NONE
    frequencies, places = segment.locate(postings)
    base = passages << POSITION_BITS
    starts = np.concatenate([base - link.offset for link in links]).repeat(frequencies)
    starts += segment.columns["positions"][places]
    # Each term's are in order already, and merging them is ten times as fast as sorting.
    merged = np.sort(starts, kind="stable") if len(links) > 1 else starts
    behind = merged[len(links) - 1 :]
    found: Numbers = behind[behind == merged[: len(behind)]]
    for number, link in enumerate(links):
        if link.fits is not None and len(found):
            first, end = (
                int(frequencies[: n * len(passages)].sum(dtype=np.int64)) for n in (number, number + 1)
            )
            at = places[first:end][starts[first:end].searchsorted(found)]
            found = found[link.fits[segment.variants(link.term, at)]]
    return found


def _with_all(segment: Segment, terms: Sequence[int]) -> tuple[Numbers, Numbers]:
    """Find the passages that hold all of some terms, rarest first, and the postings of each term in turn there."""
    lists = {term: segment.posting_list(term) for term in terms}
    first, *others = sorted(lists, key=lambda term: len(lists[term]))
    passages = lists[first].passages
    ordinals: dict[int, Numbers] = {}
    for term in others:
        places, found = lists[term].find(passages)
        if not len(places):
            return _NONE, _NONE
        passages = passages[places]
        ordinals = {each: numbers[places] for each, numbers in ordinals.items()} or {first: places}
        ordinals[term] = found
    begins = segment.columns["posting_starts"]
    ordinals = ordinals or {first: np.arange(len(passages))}
    return passages, np.concatenate([ordinals[term] + begins[term] for term in terms])
