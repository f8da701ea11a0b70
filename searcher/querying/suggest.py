"""Which words of the corpus are like this one, or begin like this?

Words are compared *bare*: without hyphens and without a possessive ``'s``. So *cease-fire*, *ceasefire* and *ceasefire's* are one word.
The spelling that most passages have is suggested.

All surfaces are compared. Then the passages of the similar words are counted, beginning with the word that may have most, until no other
word can have more. The answer depends on the live articles alone, and not on how segments hold them.

Nothing is stemmed here. Words are compared as they are written.
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from searcher.arrays import Mask, Numbers
from searcher.querying.matching.patterns import Lines
from searcher.storage.snapshot import LiveSegment, Snapshot
from searcher.text.words.analysis import Analyser
from searcher.text.words.chunks import split

REACH: Final = ((9, 3), (5, 2), (2, 1))
"""Least length of a word, and how many edits away a similar word may be. A single letter would be like any other letter."""
MAX_TYPED: Final = 256
"""Code points of the longest word that is compared. The time for a comparison grows with the length."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word of the corpus.

    Attributes:
        surface: The word as most passages write it, normalised, without a possessive ``'s``.
        n_passages: Live passages that hold the word, with or without hyphens or ``'s``.
        distance: How many letters to insert, delete, replace or swap with a neighbour. 0 for a completion.
    """

    surface: str
    n_passages: int
    distance: int


class _Candidate(NamedTuple):
    """One surface of one segment. Perhaps only dead passages hold it.

    Attributes:
        live: The segment.
        number: Number of the surface.
        doc_freq: Live and dead passages that hold its term. No more passages hold the surface.
    """

    live: LiveSegment
    number: int
    doc_freq: int


def suggest(snapshot: Snapshot, word: str, *, limit: int = 5) -> list[Suggestion]:
    """Find words of live passages that are written like this one.

    A word of up to four letters may be one edit away, a word of up to eight letters two edits, a longer word three. Edits are those of
    `searcher.querying.matching.patterns.Lines.near`. The word itself is not suggested. A word with digits is suggested only for a word
    with digits. Nothing is suggested for a number, because another number is another fact.

    Args:
        snapshot: Where to look.
        word: As typed. Case, accents, hyphens and a possessive ``'s`` do not matter. Nothing is suggested for more than one word.
        limit: How many suggestions at most.

    Returns:
        The nearest words first; of equally near words those that most passages hold; then in alphabetical order.

    Raises:
        ValueError: ``limit`` is negative.
    """
    _check(limit)
    own = _bare_forms(word)
    reach = next((distance for length, distance in REACH if own and len(own[0]) >= length), 0)
    if not limit or not reach or not any(map(str.isalpha, own[0])):
        return []
    has_digit = _has_digit(own[0])
    alike: list[dict[str, list[_Candidate]]] = [defaultdict(list) for _ in range(reach)]
    for live in snapshot.segments:
        words = _bare_words(live)
        near = words.near(own[0], reach)
        for candidate, n_edits in zip(_candidates(live, near.numbers), near.n_edits.tolist(), strict=True):
            bare = words.word(candidate.number)
            if bare not in own and (has_digit or not _has_digit(bare)):
                alike[n_edits - 1][bare].append(candidate)
    found: list[Suggestion] = []
    for distance, candidates in enumerate(alike, 1):
        found += _most_frequent(candidates, distance, limit - len(found))
    return found


def complete(snapshot: Snapshot, prefix: str, *, limit: int = 10) -> list[Suggestion]:
    """Find words of live passages that begin like this.

    Args:
        snapshot: Where to look.
        prefix: As typed. Case, accents and hyphens do not matter. A prefix without letters and digits, or of several words, has no
            completions.
        limit: How many completions at most.

    Returns:
        The words that most passages hold first, then in alphabetical order. The prefix itself is among them if it is a word.

    Raises:
        ValueError: ``limit`` is negative.
    """
    _check(limit)
    own = _bare_forms(prefix.lower())  # capitals say nothing yet: US may become Usually
    if not own or not limit:
        return []
    starting: dict[str, list[_Candidate]] = defaultdict(list)
    for live in snapshot.segments:
        words = _bare_words(live)
        for candidate in _candidates(live, words.fitting(f"{own[0]}*")):
            starting[words.word(candidate.number)].append(candidate)
    return _most_frequent(starting, 0, limit)


def _check(limit: int) -> None:
    if limit < 0:
        raise ValueError(f"limit is {limit}; it must be 0 or more")


def _bare(surfaces: bytes) -> bytes:
    r"""Remove hyphens and possessive endings from surfaces. A line feed ends each surface.

    >>> _bare(b"cease-fire\nfire's\n")
    b'ceasefire\nfire\n'
    """
    return surfaces.replace(b"'s\n", b"\n").replace(b"-", b"")


def _bare_words(live: LiveSegment) -> Lines:
    """Give the surfaces of a segment bare, in their order."""
    return Lines(_bare(live.segment.surfaces.blob.tobytes()))


def _bare_forms(typed: str) -> list[str]:
    """Give a typed word bare. Give an acronym in each of its spellings, and nothing for several words.

    >>> _bare_forms("Cease-fire’s"), _bare_forms("UN"), _bare_forms("AT&T")
    (['ceasefire'], ['un', 'u.n'], [])
    """
    if len(typed) > MAX_TYPED:
        return []
    analyser = Analyser("none")  # surfaces are the same in every language, and "none" needs no stemmer
    tokens = [token for chunk in split(typed) for token in analyser.tokens(chunk)]
    n_words = sum(not token.is_overlay for token in tokens)
    whole = [token.surface for token in tokens if token.width == n_words]
    return [_bare(f"{surface}\n".encode()).decode()[:-1] for surface in whole]


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _candidates(live: LiveSegment, numbers: Numbers) -> Iterable[_Candidate]:
    column = live.segment.columns
    doc_freqs = np.diff(column["posting_starts"])[column["surface_term"][numbers]]
    return (
        _Candidate(live, number, doc_freq)
        for number, doc_freq in zip(numbers.tolist(), doc_freqs.tolist(), strict=True)
    )


def _most_frequent(
    words: Mapping[str, Collection[_Candidate]], distance: int, limit: int
) -> list[Suggestion]:
    """Choose the words that most live passages hold.

    Args:
        words: The surfaces of each bare word.
        distance: How many edits away all these words are.
        limit: How many words at most.
    """
    bounds = {bare: sum(surface.doc_freq for surface in surfaces) for bare, surfaces in words.items()}
    found: list[Suggestion] = []
    for bare in sorted(words, key=lambda bare: -bounds[bare]):
        if len(found) >= limit and (not limit or bounds[bare] < found[-1].n_passages):
            break
        suggestion = _count(words[bare], distance)
        if suggestion.n_passages:
            insort(found, suggestion, key=lambda other: (-other.n_passages, other.surface))
            del found[limit:]
    return found


def _count(surfaces: Iterable[_Candidate], distance: int) -> Suggestion:
    """Count the live passages that hold any surface of a word, and choose the surface that most of them hold."""
    holders: dict[LiveSegment, dict[str, Mask]] = defaultdict(dict)
    for live, number, _ in surfaces:
        written = live.segment.surfaces[number].decode().removesuffix("'s")
        mask = _holders(live, number)
        if written in holders[live]:
            mask |= holders[live][written]
        holders[live][written] = mask
    counts: dict[str, int] = defaultdict(int)
    n_passages = 0
    for masks in holders.values():
        for written, mask in masks.items():
            counts[written] += int(mask.sum())
        n_passages += int(np.logical_or.reduce(list(masks.values())).sum())
    surface = min(counts, key=lambda written: (-counts[written], written.count("-"), written))
    return Suggestion(surface, n_passages, distance)


def _holders(live: LiveSegment, number: int) -> Mask:
    """Mark the live passages that hold a surface. The mask is bool, shape (n_passages,)."""
    column = live.segment.columns
    term = int(column["surface_term"][number])
    mask = np.zeros(live.segment.n_passages, np.bool_)
    if column["variant_starts"][term] == column["variant_starts"][term + 1]:
        mask[live.segment.postings(term).passages] = True
    else:
        occurrences = live.segment.occurrences(term)
        mask[occurrences.passages[occurrences.variants == int(column["surface_variant"][number])]] = True
    if live.live is not None:
        mask &= live.live
    return mask
