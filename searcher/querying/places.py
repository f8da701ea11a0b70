"""Where do words stand side by side?

A place is a run of positions in one passage. The places of a word are its occurrences; of a word with parts, its parts
one behind the other, or the word without its hyphens; of a phrase, its words one behind the other. A joined word covers
as many positions as its surface has parts, and what follows it is sought behind them.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from searcher.querying.tree import Part, Word, Words
from searcher.storage.segment import Numbers, Segment, expand

_POSITION_BITS: Final = 9
"""Positions are below 255; behind the last word they are below 512."""


class Places(NamedTuple):
    """Runs of positions, ascending by passage, then start.

    Attributes:
        passages: int64, shape (n,).
        starts: int64, shape (n,): position of the first word.
        ends: int64, shape (n,): one past the last.
    """

    passages: Numbers
    starts: Numbers
    ends: Numbers


class _Keyed(NamedTuple):
    """Places with passage and position in one number, so that joining them is a search among integers."""

    starts: Numbers
    ends: Numbers


def find_places(segment: Segment, words: Words, passages: Numbers | None = None) -> Places:
    """Find where words stand side by side.

    Args:
        segment: Where to look; dead passages are looked at too.
        words: What to look for.
        passages: int64, ascending: look only there; None for everywhere.
    """
    if passages is None and len(words.words) > 1:
        passages = _candidates(segment, words)
    chained = _word_places(segment, words.words[0], passages, is_exact=words.is_exact)
    for word in words.words[1:]:
        chained = _chain(chained, _word_places(segment, word, passages, is_exact=words.is_exact))
    mask = (1 << _POSITION_BITS) - 1
    starts, ends = chained
    return Places(starts >> _POSITION_BITS, starts & mask, (starts & mask) + ends - starts)


def contains(passages: Numbers, sought: Numbers) -> npt.NDArray[np.bool_]:
    """Tell which of ``sought`` are among ``passages``; both ascend.

    >>> contains(np.array([1, 4]), np.array([0, 1, 4, 9])).tolist()
    [False, True, True, False]
    """
    if not len(passages):
        return np.zeros(len(sought), np.bool_)
    found: npt.NDArray[np.bool_] = passages.take(passages.searchsorted(sought), mode="clip") == sought
    return found


def _candidates(segment: Segment, words: Words) -> Numbers:
    """Find the passages that hold every word somewhere, rarest word first."""
    options = [
        [
            numbers
            for parts in _spellings(word)
            if (numbers := _numbers(segment, parts, is_exact=words.is_exact))
        ]
        for word in words.words
    ]
    options.sort(
        key=lambda spellings: sum(min(_doc_freq(segment, part) for part in parts) for parts in spellings)
    )
    found: Numbers | None = None
    for spellings in options:
        holders = [_holders(segment, terms, found) for terms in spellings]
        found = np.unique(np.concatenate([np.zeros(0, np.int64), *holders]))
    return np.zeros(0, np.int64) if found is None else found


def _doc_freq(segment: Segment, terms: Sequence[int]) -> int:
    return sum(segment.doc_freq(term) for term in terms)


def _spellings(word: Word) -> list[tuple[Part, ...]]:
    return [word.parts] if word.joined is None else [word.parts, (word.joined,)]


def _numbers(segment: Segment, parts: Sequence[Part], *, is_exact: bool) -> list[list[int]]:
    """Give the term numbers of each part; nothing at all if one part is unknown."""
    numbers = [_terms(segment, part, is_exact=is_exact) for part in parts]
    return numbers if all(numbers) else []


def _terms(segment: Segment, part: Part, *, is_exact: bool) -> list[int]:
    """Give the numbers of the terms under which a part may stand.

    That is its own term; exactly as written, the surface may also belong to other terms, where the language stems words
    before it folds them.
    """
    own = segment.terms.find(part.term.encode())
    numbers = {own} if own >= 0 else set()
    if is_exact:
        surface = part.surface.encode()
        number = segment.surfaces.lower_bound(surface)
        while number < len(segment.surfaces) and segment.surfaces[number] == surface:
            numbers.add(int(segment.columns["surface_term"][number]))
            number += 1
    return sorted(numbers)


def _holders(segment: Segment, terms: Sequence[list[int]], among: Numbers | None) -> Numbers:
    """Find the passages that hold all the parts of a word, each under one of its terms."""
    found = among
    for numbers in sorted(terms, key=partial(_doc_freq, segment)):
        if found is None:
            found = np.unique(np.concatenate([segment.postings(number).passages for number in numbers]))
        else:
            holds = np.zeros(len(found), np.bool_)
            for number in numbers:
                holds |= segment.find(number, found)[0]
            found = found[holds]
    return np.zeros(0, np.int64) if found is None else found


def _word_places(segment: Segment, word: Word, passages: Numbers | None, *, is_exact: bool) -> _Keyed:
    spelled = []
    for parts in _spellings(word):
        chained = _part_places(segment, parts[0], passages, is_exact=is_exact)
        for part in parts[1:]:
            chained = _chain(chained, _part_places(segment, part, passages, is_exact=is_exact))
        spelled.append(chained)
    return spelled[0] if len(spelled) == 1 else _unite(spelled)


def _part_places(segment: Segment, part: Part, passages: Numbers | None, *, is_exact: bool) -> _Keyed:
    found = []
    for term in _terms(segment, part, is_exact=is_exact):
        occurrences = segment.occurrences(term, passages)
        surfaces = segment.surfaces_of(term)
        starts = occurrences.passages << _POSITION_BITS | occurrences.positions
        ends = starts + np.array([surface.count(b"-") + 1 for surface in surfaces])[occurrences.variants]
        if is_exact:
            written = part.surface.encode().replace(b"-", b"")
            is_meant = np.array([surface.replace(b"-", b"") == written for surface in surfaces])[
                occurrences.variants
            ]
            starts, ends = starts[is_meant], ends[is_meant]
        found.append(_Keyed(starts, ends))
    return found[0] if len(found) == 1 else _unite(found)


def _unite(found: Sequence[_Keyed]) -> _Keyed:
    """Put places together, equal ones once."""
    starts = np.concatenate([np.zeros(0, np.int64), *(places.starts for places in found)])
    widths = np.concatenate([np.zeros(0, np.int64), *(places.ends for places in found)]) - starts
    packed = np.unique(starts << _POSITION_BITS | widths)
    starts = packed >> _POSITION_BITS
    return _Keyed(starts, starts + (packed & ((1 << _POSITION_BITS) - 1)))


def _chain(left: _Keyed, right: _Keyed) -> _Keyed:
    """Find where a place of ``right`` begins just where one of ``left`` ends."""
    low = right.starts.searchsorted(left.ends, side="left")
    counts = right.starts.searchsorted(left.ends, side="right") - low
    follows = expand(low, counts)
    return _Keyed(np.repeat(left.starts, counts), right.ends[follows])
