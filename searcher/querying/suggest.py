"""Which words of the corpus are like this one, or begin like this?

Words are compared *bare*: surfaces without hyphens and without a possessive ``'s``. So *cease-fire*, *ceasefire* and
*ceasefire's* are one word, and what is suggested is the way of writing it that most passages have.

Every surface is looked at, then only the candidates are counted: most likely first, until no other can have more. The
answer depends on the live articles alone, not on how they are spread over segments, nor on dead ones between them.

Nothing is stemmed here: a word is like another as it is written.
"""

import re
from bisect import insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from searcher.arrays import Mask
from searcher.storage.snapshot import LiveSegment, Snapshot
from searcher.text.words.analysis import Analyser
from searcher.text.words.chunks import split

REACH: Final = ((9, 3), (5, 2), (2, 1))
"""Length of a word, and the distance of the words that are like it. A single letter would be like any other."""
MAX_TYPED: Final = 256
"""Code points, beyond which what is typed is not taken for one word: comparing would take ever longer."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word of the corpus.

    Attributes:
        surface: The word as most passages write it, normalised, without a possessive ``'s``.
        n_passages: Live passages that hold it, with and without hyphens or ``'s``.
        distance: Letters to insert, delete, replace or swap with their neighbour; 0 for a completion.
    """

    surface: str
    n_passages: int
    distance: int


class _Candidate(NamedTuple):
    """One surface of one segment, perhaps of dead passages only.

    Attributes:
        live: The segment.
        number: Number of the surface.
        doc_freq: Passages that hold its term, dead ones included: the surface stands in no more than these.
    """

    live: LiveSegment
    number: int
    doc_freq: int


def suggest(snapshot: Snapshot, word: str, *, limit: int = 5) -> list[Suggestion]:
    """Find words of live passages that are written like this one.

    The distance is that of optimal string alignment, in which no letter is edited twice: at most 1 for up to four
    letters, 2 for up to eight, 3 beyond. The word itself is never suggested, a word with digits only for one with digits, and nothing for a mere number: another
    number is another fact.

    Args:
        snapshot: Where to look.
        word: As typed: case, accents, hyphens and a possessive ``'s`` aside. What is not one word is like nothing.
        limit: How many at most.

    Returns:
        Nearest first, then those in most passages, then in alphabetical order.

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
        words = _bare(live.segment.surfaces.blob.tobytes()).decode().split("\n")[:-1]
        distances = _distances(own[0], words, reach)
        for candidate in _candidates(live, (distances <= reach).nonzero()[0]):
            bare = words[candidate.number]
            if bare not in own and (has_digit or not _has_digit(bare)):
                alike[int(distances[candidate.number]) - 1][bare].append(candidate)
    found: list[Suggestion] = []
    for distance, candidates in enumerate(alike, 1):
        found += _most_frequent(candidates, distance, limit - len(found))
    return found


def complete(snapshot: Snapshot, prefix: str, *, limit: int = 10) -> list[Suggestion]:
    """Find words of live passages that begin like this.

    Args:
        snapshot: Where to look.
        prefix: As typed: case, accents and hyphens aside. Nothing begins with what holds no letter or digit, or is more
            than the beginning of one word.
        limit: How many at most.

    Returns:
        Those in most passages first, then in alphabetical order; the prefix itself too, if it is a word.

    Raises:
        ValueError: ``limit`` is negative.
    """
    _check(limit)
    own = _bare_forms(prefix.lower())  # capitals say nothing yet: US may become Usually
    if not own or not limit:
        return []
    begins = re.compile(rb"(?<=\n)" + re.escape(own[0].encode()))
    starting: dict[str, list[_Candidate]] = defaultdict(list)
    for live in snapshot.segments:
        words = b"\n" + _bare(live.segment.surfaces.blob.tobytes())
        ends = (np.frombuffer(words, np.uint8) == ord("\n")).nonzero()[0]
        places = np.array([match.start() for match in begins.finditer(words)], np.int64)
        for candidate in _candidates(live, ends.searchsorted(places) - 1):
            bare = words[ends[candidate.number] + 1 : ends[candidate.number + 1]]
            starting[bare.decode()].append(candidate)
    return _most_frequent(starting, 0, limit)


def _check(limit: int) -> None:
    if limit < 0:
        raise ValueError(f"limit is {limit}; it must be 0 or more")


def _bare(surfaces: bytes) -> bytes:
    r"""Take hyphens and possessive endings from surfaces, each of which ends in a line feed.

    >>> _bare(b"cease-fire\nfire's\n")
    b'ceasefire\nfire\n'
    """
    return surfaces.replace(b"'s\n", b"\n").replace(b"-", b"")


def _bare_forms(typed: str) -> list[str]:
    """Give a typed word bare; an acronym in each of its spellings, and nothing for what is not one word.

    >>> _bare_forms("Cease-fire’s"), _bare_forms("UN"), _bare_forms("AT&T")
    (['ceasefire'], ['un', 'u.n'], [])
    """
    if len(typed) > MAX_TYPED:
        return []
    analyser = Analyser("none")  # surfaces are the same in every language, and this one needs no stemmer
    tokens = [token for chunk in split(typed) for token in analyser.tokens(chunk)]
    n_words = sum(not token.is_overlay for token in tokens)
    whole = [token.surface for token in tokens if token.width == n_words]
    return [_bare(f"{surface}\n".encode()).decode()[:-1] for surface in whole]


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _distances(word: str, words: Collection[str], reach: int) -> npt.NDArray[np.uint8]:
    """Measure how far each word is from one; what is farther than ``reach`` is just that.

    >>> _distances("form", ["form", "from", "formal", "reform"], 1).tolist()
    [0, 1, 2, 2]
    """
    from rapidfuzz.distance import OSA  # noqa: PLC0415  (a query that finds something needs none of it)
    from rapidfuzz.process import cdist  # noqa: PLC0415  (few words need it)

    distances: npt.NDArray[np.uint8] = cdist(
        [word], words, scorer=OSA.distance, score_cutoff=reach, dtype=np.uint8
    )[0]
    return distances


def _candidates(live: LiveSegment, numbers: npt.NDArray[np.intp]) -> Iterable[_Candidate]:
    column = live.segment.columns
    doc_freqs = np.diff(column["posting_starts"])[column["surface_term"][numbers]]
    return (
        _Candidate(live, number, doc_freq)
        for number, doc_freq in zip(numbers.tolist(), doc_freqs.tolist(), strict=True)
    )


def _most_frequent(
    words: Mapping[str, Collection[_Candidate]], distance: int, limit: int
) -> list[Suggestion]:
    """Pick the words that most live passages hold.

    Args:
        words: The surfaces of each bare word.
        distance: What to say of them all.
        limit: How many at most.
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
    """Count the live passages that hold any of the surfaces of a word, and see which way of writing it has most."""
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
    """Mark the live passages that hold a surface: bool, shape (n_passages,)."""
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
