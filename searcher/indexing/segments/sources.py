"""What can be merged into a segment? Runs of new articles, and the live part of segments.

Both give, range of terms by range of terms, their postings under the numbers that terms and passages have in the outcome.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np

from searcher.arrays import Array
from searcher.indexing.inversion.key_table import SortedKeys
from searcher.indexing.segments.spill import Spilled
from searcher.indexing.segments.vocabulary_merge import strings_at
from searcher.storage.many_terms import ManyTerms
from searcher.storage.segment import Segment
from searcher.storage.snapshot import LiveSegment

RANGE_OCCURRENCES = 1_000_000
"""Occurrences of a range of terms that are worked on at a time: about 100 MB of work space."""

_KEYS_AT_A_TIME: Final = 100_000

Variants = Callable[[Array], Array]
"""Gives, for numbers of keys of a source, which variant of its term each is in the outcome."""


class Slice(NamedTuple):
    """What a source has of a range of terms.

    Attributes:
        terms: int64, ascending, from the first of the range: the terms that it has.
        posting_counts: Beside them.
        occurrence_counts: Beside them.
        passages: By term: ascending numbers of passages.
        frequencies: Beside them.
        positions: By term, then passage: ascending.
        variants: Beside them.
    """

    terms: Array
    posting_counts: Array
    occurrence_counts: Array
    passages: Array
    frequencies: Array
    positions: Array
    variants: Array


class Part:
    """A segment of which the live passages get new numbers.

    Args:
        live: The segment.
        numbers: int64, shape (n_passages,): new number of each passage, ascending among the live ones, -1 for a dead one.

    Attributes:
        keys: Every surface of every term in its live passages, numbered in order.
        first_keys: int64: the number of the first key of each of its terms.
        posting_counts: Beside them.
        occurrence_counts: Beside them.
    """

    def __init__(self, live: LiveSegment, numbers: Array) -> None:
        self._segment = live.segment
        self._numbers = numbers
        columns = live.segment.columns
        self._slot_starts = columns["term_surface_starts"].astype(np.int64)
        n_terms = len(live.segment.terms)
        slot_term = np.repeat(np.arange(n_terms), np.diff(self._slot_starts))
        if live.live is None:
            is_live = np.ones(len(slot_term), np.bool_)
            postings, occurrences = (np.diff(columns[f"{what}_starts"]) for what in ("posting", "occurrence"))
        else:
            is_live, postings, occurrences = self._count_live(len(slot_term))
        slots = is_live.nonzero()[0]
        self.keys = _keys(live.segment, slot_term[slots], columns["term_surfaces"][slots])
        self._slot_key = is_live.cumsum() - 1
        self._terms = postings.nonzero()[0]
        self.first_keys = slot_term[slots].searchsorted(self._terms)
        self.posting_counts = postings[self._terms]
        self.occurrence_counts = occurrences[self._terms]

    def _count_live(self, n_slots: int) -> tuple[Array, Array, Array]:
        """Tell which surfaces stand in live passages, and count live postings and occurrences, by term."""
        n_terms = len(self._segment.terms)
        is_live = np.zeros(n_slots, np.bool_)
        postings, occurrences = np.zeros(n_terms, np.int64), np.zeros(n_terms, np.int64)
        for first, end in term_ranges(np.diff(self._segment.columns["occurrence_starts"])):
            found = self._of_terms(np.arange(first, end))
            is_live[found.slots] = True
            postings[first:end] = np.bincount(found.owners[found.leads], minlength=end - first)
            occurrences[first:end] = np.bincount(found.owners, minlength=end - first)
        return is_live, postings, occurrences

    def _of_terms(self, terms: Array) -> "_Occurrences":
        found, owners = ManyTerms(self._segment, terms).occurrences()
        passages = self._numbers[found.passages]
        slots = self._slot_starts[terms][owners] + found.variants
        positions = found.positions
        keep = passages >= 0
        if not keep.all():
            owners, passages, positions, slots = (
                column[keep] for column in (owners, passages, positions, slots)
            )
        leads = np.ones(len(passages), np.bool_)
        leads[1:] = (owners[1:] != owners[:-1]) | (passages[1:] != passages[:-1])
        return _Occurrences(owners, passages, positions, slots, leads.nonzero()[0])

    def slice(self, low: int, high: int, terms: Array, variants: Variants) -> Slice:
        """Give what it has of some of its live terms.

        Args:
            low: Place of the first among its live terms.
            high: One past the place of the last.
            terms: int64, beside them: their numbers in the outcome.
            variants: Gives the variants in the outcome of keys.
        """
        found = self._of_terms(self._terms[low:high])
        return Slice(
            terms,
            self.posting_counts[low:high],
            self.occurrence_counts[low:high],
            found.passages[found.leads],
            np.diff(np.append(found.leads, len(found.passages))),
            found.positions,
            variants(self._slot_key[found.slots]),
        )


def _keys(segment: Segment, terms: Array, surfaces: Array) -> SortedKeys:
    """Put terms and surfaces of a segment together, a few at a time."""
    pieces = []
    columns = segment.columns
    term_data, surface_data = segment.terms.blob.tobytes(), segment.surfaces.blob.tobytes()
    for first in range(0, len(terms), _KEYS_AT_A_TIME):
        here = slice(first, first + _KEYS_AT_A_TIME)
        pairs = zip(
            strings_at(term_data, columns["terms_starts"], terms[here]),
            strings_at(surface_data, columns["surfaces_starts"], surfaces[here]),
            strict=True,
        )
        pieces.append(b"\0".join(map(b"\n".join, pairs)))
    packed = np.frombuffer(b"\0".join(pieces), np.uint8)
    return SortedKeys(packed, np.arange(len(terms), dtype=np.uint32))


class _Occurrences(NamedTuple):
    """Live occurrences, and the places of those with which a posting begins."""

    owners: Array
    passages: Array
    positions: Array
    slots: Array
    leads: Array


class RunPart:
    """A run, whose passages follow one another in the outcome as well. Slices of it are to be taken in order.

    Args:
        run: The run.
        sorted_keys: Its keys and those of other runs.
        first_passage: Number of its first passage in the outcome.

    Attributes:
        keys: As given.
    """

    def __init__(self, run: Spilled, sorted_keys: SortedKeys, first_passage: int) -> None:
        self._run = run
        self._first_passage = np.uint32(first_passage)
        self._posting = self._occurrence = 0
        self.keys = sorted_keys

    @property
    def first_keys(self) -> Array:
        """As of `Part`."""
        return self._run.read("keys")[self._run.read("term_keys")]

    @property
    def posting_counts(self) -> Array:
        """As of `Part`."""
        return self._run.read("posting_counts")

    @property
    def occurrence_counts(self) -> Array:
        """As of `Part`."""
        return self._run.read("occurrence_counts")

    def slice(self, low: int, high: int, terms: Array, variants: Variants) -> Slice:
        """Give what it has of some of its terms, which follow those given last; arguments as of `Part.slice`."""
        run = self._run
        posting_counts = run.read("posting_counts", low, high).astype(np.int64)
        occurrence_counts = run.read("occurrence_counts", low, high).astype(np.int64)
        postings = self._posting, self._posting + int(posting_counts.sum())
        occurrences = self._occurrence, self._occurrence + int(occurrence_counts.sum())
        self._posting, self._occurrence = postings[1], occurrences[1]
        starts = run.read("term_keys", low, min(high + 1, run.size("term_keys"))).astype(np.int64)
        starts = np.append(starts, run.size("keys"))[: high - low + 1]
        variant_of_key = variants(run.read("keys", int(starts[0]), int(starts[-1])))
        keys = np.repeat(starts[:-1] - starts[0], occurrence_counts) + run.read("variants", *occurrences)
        return Slice(
            terms,
            posting_counts,
            occurrence_counts,
            run.read("passages", *postings) + self._first_passage,
            run.read("frequencies", *postings),
            run.read("positions", *occurrences),
            variant_of_key[keys],
        )


def term_ranges(occurrence_counts: Array) -> Sequence[tuple[int, int]]:
    """Cut the terms into ranges of about `RANGE_OCCURRENCES` occurrences, each of at least one term."""
    total = np.append(0, occurrence_counts.cumsum())
    ranges = []
    first = 0
    while first < len(occurrence_counts):
        end = int(total.searchsorted(total[first] + RANGE_OCCURRENCES, side="right")) - 1
        end = max(end, first + 1)
        ranges.append((first, end))
        first = end
    return ranges
