"""Where do many terms of one segment occur?

All the terms are looked up together, which is faster than one by one.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from searcher.arrays import Numbers, expand
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

    def occurrences(self) -> tuple[Occurrences, Numbers]:
        """Find the occurrences of the terms.

        Returns:
            The occurrences, ascending within each term. And int64, for each occurrence: the place of its term in the terms.
        """
        segment, terms, column = self._segment, self._terms, self._segment.columns
        frequencies = (column["codes"][expand(self._begins, self._counts)] >> 8).astype(np.int64)
        first_places = column["occurrence_starts"][terms]
        counts = column["occurrence_starts"][terms + 1] - first_places
        places = segment.ranges("positions", first_places, counts)
        owners = np.repeat(np.arange(len(terms)), counts)
        first_variants = column["variant_starts"][terms]
        is_varied = column["variant_starts"][terms + 1] > first_variants
        variants = np.zeros(len(places), np.int64)
        has_variant = is_varied[owners]
        at = (places + (first_variants - first_places)[owners])[has_variant]
        variants[has_variant] = column["variants"][at]
        positions = column["positions"][places].astype(np.int64)
        return Occurrences(self.passages().repeat(frequencies), positions, variants), owners

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
