"""Where do many terms of one segment occur?

All the terms are looked up together, which is faster than one by one.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from searcher.arrays import Mask, Numbers, expand
from searcher.storage.segment import Occurrences, Segment

RANGE_OCCURRENCES: Final = 1_000_000
"""Occurrences of a range of terms. This bounds memory: a merge of 117,000 passages at once takes 0.2 GB more."""


class ManyTerms:
    """Some terms of a segment. Every method gives what it finds term after term.

    Args:
        segment: The segment.
        terms: int64, shape (n,), ascending.

    Raises:
        IndexCorruptError: The terms claim more postings than the segment has.
    """

    def __init__(self, segment: Segment, terms: Numbers) -> None:
        self._segment = segment
        self._terms = terms
        column = segment.columns
        self._begins = column["posting_starts"][terms]
        self._counts = segment.require_within("codes", column["posting_starts"][terms + 1] - self._begins)
        dense = column["dense_terms"]
        self._rows = dense.searchsorted(terms)  # for each term, the dense terms before it
        self._is_dense = np.append(dense, 0)[self._rows] == terms
        self._is_dense &= self._rows < len(dense)

    def passages(self) -> Numbers:
        """List the passages of all postings: int64."""
        sparse = self._sparse_passages()
        if not self._is_dense.any():
            return sparse.astype(np.int64)
        is_sparse_posting = np.repeat(~self._is_dense, self._counts)
        passages = np.empty(len(is_sparse_posting), np.int64)
        passages[is_sparse_posting] = sparse
        each = [self._segment.postings(term).passages for term in self._terms[self._is_dense].tolist()]
        passages[~is_sparse_posting] = np.concatenate(each)
        return passages

    def holding_any(self) -> Mask:
        """Tell which passages hold at least one of the terms: bool, shape (n_passages,)."""
        n_passages = self._segment.n_passages
        if self._is_dense.any():
            rows = self._segment.columns["bitmaps"][self._rows[self._is_dense]]
            bitmap = np.bitwise_or.reduce(rows, axis=0)
            holds = np.unpackbits(bitmap.view(np.uint8), count=n_passages, bitorder="little").view(np.bool_)
        else:
            holds = np.zeros(n_passages, np.bool_)
        holds[self._sparse_passages()] = True
        return holds

    def postings_among(
        self, passages: Numbers
    ) -> tuple[Sequence[Numbers], Sequence[Numbers], Sequence[Numbers]]:
        """Find the postings of the terms in some passages.

        Args:
            passages: int64, ascending: look only in these.

        Returns:
            Three sequences of a few int64 arrays each: passages, numbers of postings, and places in the terms. The
            postings of each array ascend.
        """
        segment = self._segment
        ids = self._sparse_passages()
        marks = segment.scratch.marks()
        marks[passages] = True
        chosen = marks.take(ids).nonzero()[0]
        marks[passages] = False
        segment.scratch.give_marks(marks)
        sparse = (~self._is_dense).nonzero()[0]
        ends = self._counts[sparse].cumsum()
        at = ends.searchsorted(chosen, side="right")
        postings = chosen + (self._begins[sparse] + self._counts[sparse] - ends)[at]
        found = [(ids[chosen].astype(np.int64), postings, sparse[at])]
        for owner in self._is_dense.nonzero()[0].tolist():
            places, ordinals = segment.posting_list(int(self._terms[owner])).find(passages)
            found.append((passages[places], ordinals + self._begins[owner], np.full(len(places), owner)))
        here, postings_of, owners = zip(*found, strict=True)
        return here, postings_of, owners

    def occurrences(self, passages: Numbers | None = None) -> tuple[Occurrences, Numbers]:
        """Find the occurrences of the terms.

        Args:
            passages: int64, ascending: look only in these; None for everywhere.

        Returns:
            The occurrences, ascending within each term. And int64, for each occurrence: the place of its term in the terms.
        """
        segment, terms, column = self._segment, self._terms, self._segment.columns
        first_places = column["occurrence_starts"][terms]
        if passages is None:
            postings = expand(self._begins, self._counts)
            frequencies = (column["codes"][postings] >> 8).astype(np.int64)
            counts = column["occurrence_starts"][terms + 1] - first_places
            places = segment.ranges("positions", first_places, counts)
            owners = np.repeat(np.arange(len(terms)), counts)
            holders = self.passages()
        else:
            here, lists, owned = self.postings_among(passages)
            frequencies, places = segment.locator.locate(np.concatenate(lists))
            holders, owners = np.concatenate(here), np.concatenate(owned).repeat(frequencies)
        first_variants = column["variant_starts"][terms]
        is_varied = column["variant_starts"][terms + 1] > first_variants
        variants = np.zeros(len(places), np.int64)
        has_variant = is_varied[owners]
        at = (places + (first_variants - first_places)[owners])[has_variant]
        variants[has_variant] = column["variants"][at]
        positions = column["positions"][places].astype(np.int64)
        return Occurrences(holders.repeat(frequencies), positions, variants), owners

    def _sparse_passages(self) -> npt.NDArray[np.uint32]:
        """List the passages of the terms that are not dense. Terms whose lists stand side by side are read as one piece."""
        column = self._segment.columns
        begins = (self._begins - column["dense_postings"][self._rows])[~self._is_dense]
        ids: npt.NDArray[np.uint32] = column["passage_ids"]
        if not len(begins):
            return ids[:0]
        ends = begins + self._counts[~self._is_dense]
        breaks = (begins[1:] != ends[:-1]).nonzero()[0]
        firsts, lasts = [begins[0], *begins[breaks + 1]], [*ends[breaks], ends[-1]]
        pieces = [ids[first:last] for first, last in zip(firsts, lasts, strict=True)]
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)


def term_ranges(occurrence_starts: Numbers) -> list[tuple[int, int]]:
    """Cut the terms into ranges of about `RANGE_OCCURRENCES` occurrences, each of at least one term.

    Args:
        occurrence_starts: int64, shape (n_terms + 1,).

    Returns:
        The first term of each range, and one past its last.
    """
    ranges = []
    first, n_terms = 0, len(occurrence_starts) - 1
    while first < n_terms:
        most = occurrence_starts[first] + RANGE_OCCURRENCES
        end = max(int(occurrence_starts.searchsorted(most, side="right")) - 1, first + 1)
        ranges.append((first, end))
        first = end
    return ranges
