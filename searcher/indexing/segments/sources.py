"""What can be merged into a segment? Runs of new articles, and the live part of segments.

Both give their postings for one range of terms after the other. Terms, passages and variants have the numbers of the new
segment.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from searcher.arrays import Array
from searcher.indexing.inversion.key_table import SortedKeys
from searcher.indexing.segments.spill import Spilled
from searcher.indexing.segments.vocabulary_merge import STRINGS_AT_A_TIME, strings_at
from searcher.storage.many_terms import ManyTerms, term_ranges
from searcher.storage.segment import Segment
from searcher.storage.snapshot import LiveSegment

Variants = Callable[[Array], Array]
"""Gives, for numbers of keys of a source, the variants of these keys in the new segment."""


class Slice(NamedTuple):
    """The postings and occurrences of a source for a range of terms.

    Attributes:
        terms: int64, ascending. The terms that the source has. The first term of the range is 0.
        posting_counts: By term.
        occurrence_counts: By term.
        passages: By posting. Ascending within a term.
        frequencies: By posting.
        positions: By occurrence. Ascending within a posting.
        variants: By occurrence.
    """

    terms: Array
    posting_counts: Array
    occurrence_counts: Array
    passages: Array
    frequencies: Array
    positions: Array
    variants: Array


class SegmentPart:
    """The live passages of a segment, under new numbers.

    Args:
        live: The segment.
        numbers: int64, shape (n_passages,). The new number of each passage; -1 for a dead one. Live ones ascend.

    Attributes:
        keys: The keys in the live passages, numbered in their sorted order.
        first_keys: int64, by live term. The number of its first key.
        posting_counts: By live term.
        occurrence_counts: By live term.
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
        """Tell which keys occur in live passages, and count the live postings and occurrences of each term."""
        n_terms = len(self._segment.terms)
        is_live = np.zeros(n_slots, np.bool_)
        postings, occurrences = np.zeros(n_terms, np.int64), np.zeros(n_terms, np.int64)
        for first, end in term_ranges(self._segment.columns["occurrence_starts"]):
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
        """Give the slice of a range of its live terms.

        Args:
            low: The first live term.
            high: One past the last live term.
            terms: int64. The numbers of these terms in the new segment, from the first of the range.
            variants: Gives the variants of keys.
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
    """Make the keys of terms and surfaces of a segment."""
    pieces = []
    columns = segment.columns
    term_data, surface_data = segment.terms.blob.tobytes(), segment.surfaces.blob.tobytes()
    for first in range(0, len(terms), STRINGS_AT_A_TIME):
        here = slice(first, first + STRINGS_AT_A_TIME)
        pairs = zip(
            strings_at(term_data, columns["terms_starts"], terms[here]),
            strings_at(surface_data, columns["surfaces_starts"], surfaces[here]),
            strict=True,
        )
        pieces.append(b"\0".join(map(b"\n".join, pairs)))
    packed = np.frombuffer(b"\0".join(pieces), np.uint8)
    return SortedKeys(packed, np.arange(len(terms), dtype=np.uint32))


class _Occurrences(NamedTuple):
    """Live occurrences. ``leads`` are the places of those occurrences with which a posting begins."""

    owners: Array
    passages: Array
    positions: Array
    slots: Array
    leads: Array


class RunPart:
    """A run. Its passages stay together in the new segment. Slices must be taken in order.

    Args:
        run: The run.
        sorted_keys: The keys of this run and of others.
        first_passage: The number of its first passage in the new segment.

    Attributes:
        keys: The keys given.
    """

    def __init__(self, run: Spilled, sorted_keys: SortedKeys, first_passage: int) -> None:
        self._run = run
        self._first_passage = np.uint32(first_passage)
        self._posting = self._occurrence = 0
        self.keys = sorted_keys

    @property
    def first_keys(self) -> Array:
        """As in `SegmentPart`."""
        return self._run.read("keys")[self._run.read("term_keys")]

    @property
    def posting_counts(self) -> Array:
        """As in `SegmentPart`."""
        return self._run.read("posting_counts")

    @property
    def occurrence_counts(self) -> Array:
        """As in `SegmentPart`."""
        return self._run.read("occurrence_counts")

    def slice(self, low: int, high: int, terms: Array, variants: Variants) -> Slice:
        """Give the slice of a range of its terms, which must follow the last range. Arguments as for `SegmentPart.slice`."""
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
