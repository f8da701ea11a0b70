"""What can be merged into a segment? Runs of new articles, and the live part of segments.

Both give, range of terms by range of terms, their postings under the numbers that terms and passages have in the outcome.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from searcher.indexing.runs import Run
from searcher.indexing.vocabulary import SortedKeys
from searcher.storage.snapshot import LiveSegment

RANGE_OCCURRENCES = 1_000_000
"""Occurrences of a range of terms that are worked on at a time: about 100 MB of work space."""

Array = npt.NDArray[Any]


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
        keys: Term, line feed, surface, as bytes, sorted: every surface of every term in its live passages.
        own_keys: int64: which of the keys it has.
        term_keys: int64: where among these the keys of each of its terms begin.
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
        terms = live.segment.terms.blob.tobytes().split(b"\n")
        surfaces = live.segment.surfaces.blob.tobytes().split(b"\n")
        slots = is_live.nonzero()[0]
        self.keys = [
            terms[term] + b"\n" + surfaces[surface]
            for term, surface in zip(
                slot_term[slots].tolist(), columns["term_surfaces"][slots].tolist(), strict=True
            )
        ]
        self.own_keys = np.arange(len(self.keys))
        self._slot_key = is_live.cumsum() - 1
        self._terms = postings.nonzero()[0]
        self.term_keys = slot_term[slots].searchsorted(self._terms)
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
        found, owners = self._segment.occurrences_of_all(terms)
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

    def slice(self, low: int, high: int, terms: Array, key_variant: Array) -> Slice:
        """Give what it has of some of its live terms.

        Args:
            low: Place of the first among its live terms.
            high: One past the place of the last.
            terms: int64, beside them: their numbers in the outcome.
            key_variant: int64, shape (n_keys,): variant of each key in the outcome.
        """
        found = self._of_terms(self._terms[low:high])
        return Slice(
            terms,
            self.posting_counts[low:high],
            self.occurrence_counts[low:high],
            found.passages[found.leads],
            np.diff(np.append(found.leads, len(found.passages))),
            found.positions,
            key_variant[self._slot_key[found.slots]],
        )


class _Occurrences(NamedTuple):
    """Live occurrences, and the places of those with which a posting begins."""

    owners: Array
    passages: Array
    positions: Array
    slots: Array
    leads: Array


class RunPart:
    """A run, whose passages follow one another in the outcome as well.

    Args:
        run: The run.
        sorted_keys: Its keys and those of other runs.
        first_passage: Number of its first passage in the outcome.

    Attributes:
        keys: These, in order.
        own_keys: As of `Part`.
        term_keys: As of `Part`.
    """

    def __init__(self, run: Run, sorted_keys: SortedKeys, first_passage: int) -> None:
        self._columns = run
        self._first_passage = np.uint32(first_passage)
        self.keys = sorted_keys
        numbers = sorted_keys.numbers
        places = np.empty(len(numbers), np.int64)
        places[numbers] = np.arange(len(numbers))
        self.own_keys = places[run["keys"]]
        self.term_keys = run["term_keys"]
        self.posting_counts = run["posting_counts"]
        self.occurrence_counts = run["occurrence_counts"]
        self._posting_starts = np.append(0, self.posting_counts.cumsum())
        self._occurrence_starts = np.append(0, self.occurrence_counts.cumsum())

    def slice(self, low: int, high: int, terms: Array, key_variant: Array) -> Slice:
        """Give what it has of some of its terms; arguments as of `Part.slice`."""
        postings = slice(self._posting_starts[low], self._posting_starts[high])
        occurrences = slice(self._occurrence_starts[low], self._occurrence_starts[high])
        counts = self.occurrence_counts[low:high]
        keys = np.repeat(self.term_keys[low:high], counts) + self._columns["variants"][occurrences]
        return Slice(
            terms,
            self.posting_counts[low:high],
            counts,
            self._columns["passages"][postings] + self._first_passage,
            self._columns["frequencies"][postings],
            self._columns["positions"][occurrences],
            key_variant[keys],
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
