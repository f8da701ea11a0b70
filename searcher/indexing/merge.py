"""How do sorted runs become the columns of one segment?

Runs hold ascending, disjoint ranges of passages, so nothing is compared: for every term, the postings of the first run
stand before those of the second, and each slice is copied to where it belongs. Terms are taken range by range, so that
memory stays bounded whatever the size of the corpus.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from searcher.indexing.invert import Run
from searcher.storage.format import DENSE_FRACTION, OCCURRENCE_BLOCK, TEMPORARY
from searcher.storage.lexicon import pack
from searcher.storage.segment import expand

RANGE_OCCURRENCES: Final = 4_000_000
"""Occurrences of a range of terms that are merged at a time: about 100 MB of work space."""

Array = npt.NDArray[Any]


class _Vocabulary:
    """Terms and surfaces of all runs together."""

    def __init__(self, runs: Sequence[Run]) -> None:
        keys = sorted(set().union(*(run.keys for run in runs)))
        numbers = {key: number for number, key in enumerate(keys)}
        pairs = [key.split(b"\n") for key in keys]
        is_first = np.array([i == 0 or pair[0] != pairs[i - 1][0] for i, pair in enumerate(pairs)], np.bool_)
        first_keys = is_first.nonzero()[0]
        self.n_terms = len(first_keys)
        self.term_keys = np.append(first_keys, len(keys))
        self.key_variant = np.arange(len(keys)) - np.repeat(first_keys, np.diff(self.term_keys))
        self.key_term = is_first.cumsum() - 1
        self.run_keys = [
            np.fromiter(map(numbers.__getitem__, run.keys), np.int64, len(run.keys)) for run in runs
        ]
        self._pairs = pairs

    def columns(self) -> dict[str, Array]:
        """Lay out terms and surfaces."""
        by_surface = sorted(range(len(self._pairs)), key=lambda key: (self._pairs[key][1], key))
        place = np.empty(len(by_surface), np.int64)
        place[by_surface] = np.arange(len(by_surface))
        terms, terms_starts = pack(self._pairs[key][0] for key in self.term_keys[:-1])
        surfaces, surfaces_starts = pack(self._pairs[key][1] for key in by_surface)
        return {
            "terms": terms,
            "terms_starts": terms_starts,
            "surfaces": surfaces,
            "surfaces_starts": surfaces_starts,
            "surface_term": self.key_term[by_surface],
            "surface_variant": self.key_variant[by_surface],
            "term_surface_starts": self.term_keys,
            "term_surfaces": place,
        }


class _RunReader:
    """One run, with its terms numbered as in the segment."""

    def __init__(self, run: Run, keys: Array, vocabulary: _Vocabulary) -> None:
        self._columns = run.columns
        self._keys = keys
        self._key_variant = vocabulary.key_variant
        self._term_keys = run.columns["term_keys"]
        self.terms = vocabulary.key_term[keys[self._term_keys[:-1]]]
        self.posting_counts = run.columns["posting_counts"]
        self.occurrence_counts = run.columns["occurrence_counts"]
        self._posting_starts = np.append(0, self.posting_counts.cumsum())
        self._occurrence_starts = np.append(0, self.occurrence_counts.cumsum())

    def slice(self, first: int, end: int) -> dict[str, Array]:
        """Give what it has of a range of terms."""
        low, high = (int(place) for place in self.terms.searchsorted([first, end]))
        postings = slice(self._posting_starts[low], self._posting_starts[high])
        occurrences = slice(self._occurrence_starts[low], self._occurrence_starts[high])
        occurrence_counts = self.occurrence_counts[low:high]
        keys = (
            np.repeat(self._term_keys[low:high], occurrence_counts) + self._columns["variants"][occurrences]
        )
        return {
            "terms": self.terms[low:high] - first,
            "posting_counts": self.posting_counts[low:high],
            "occurrence_counts": occurrence_counts,
            "passages": self._columns["passages"][postings],
            "frequencies": self._columns["frequencies"][postings],
            "positions": self._columns["positions"][occurrences],
            "variants": self._key_variant[self._keys[keys]],
        }


def _gather(
    slices: Sequence[dict[str, Array]], counts: str, names: Sequence[str], n_terms: int
) -> list[Array]:
    """Put columns of several runs together, by term, then run."""
    totals = np.zeros(n_terms, np.int64)
    for part in slices:
        totals[part["terms"]] += part[counts]
    begins = totals.cumsum() - totals
    gathered = [np.empty(int(totals.sum()), np.int64) for _ in names]
    for part in slices:
        places = expand(begins[part["terms"]], part[counts])
        begins[part["terms"]] += part[counts]
        for column, name in zip(gathered, names, strict=True):
            column[places] = part[name]
    return gathered


class _Appended:
    """A column written to a scratch file piece by piece, because it may not fit in memory."""

    def __init__(self, scratch: Path, name: str, dtype: str) -> None:
        self._path = scratch.with_name(f"{scratch.name}-{name}{TEMPORARY}")
        self._dtype = np.dtype(dtype)
        self._file = self._path.open("wb")

    def append(self, values: Array) -> None:
        values.astype(self._dtype).tofile(self._file)

    def close(self) -> Array:
        """Give the whole column, mapped."""
        self._file.close()
        if self._path.stat().st_size == 0:
            return np.zeros(0, self._dtype)
        return np.memmap(self._path, self._dtype, "r")


def merge_runs(runs: Sequence[Run], passage_length: Array, scratch: Path) -> dict[str, Array]:
    """Merge runs into the vocabulary, posting and occurrence columns of a segment.

    Args:
        runs: In the order of their passages.
        passage_length: uint8, shape (n_passages,).
        scratch: What paths of temporary files begin with; the files stay until the columns have been written.

    Returns:
        Columns by name, as in `searcher.storage.format.COLUMNS`.
    """
    vocabulary = _Vocabulary(runs)
    n_terms, n_passages = vocabulary.n_terms, len(passage_length)
    readers = [_RunReader(run, keys, vocabulary) for run, keys in zip(runs, vocabulary.run_keys, strict=True)]
    doc_freq, occurrence_counts = np.zeros(n_terms, np.int64), np.zeros(n_terms, np.int64)
    for reader in readers:
        doc_freq[reader.terms] += reader.posting_counts
        occurrence_counts[reader.terms] += reader.occurrence_counts
    n_surfaces = np.diff(vocabulary.term_keys)
    is_varied = n_surfaces > 1
    is_dense = doc_freq * DENSE_FRACTION > n_passages
    variant_dtype = np.min_scalar_type(int(n_surfaces.max(initial=1)) - 1)
    posting_starts = np.append(0, doc_freq.cumsum())

    ids = _Appended(scratch, "passage_ids", "<u4")
    codes = _Appended(scratch, "codes", "<u2")
    offsets = _Appended(scratch, "occurrence_offset", "<u2")
    positions = _Appended(scratch, "positions", "|u1")
    variants = _Appended(scratch, "variants", variant_dtype.newbyteorder("<").str)
    bitmaps: list[Array] = []
    bound_counts: list[Array] = []
    bounds: list[Array] = []
    base = np.zeros(-(-int(posting_starts[-1]) // OCCURRENCE_BLOCK), np.int64)
    first_occurrence = 0
    for first, end in _term_ranges(occurrence_counts):
        slices = [reader.slice(first, end) for reader in readers]
        passages, frequencies = _gather(slices, "posting_counts", ("passages", "frequencies"), end - first)
        places, surfaces = _gather(slices, "occurrence_counts", ("positions", "variants"), end - first)
        codes_here = frequencies << 8 | passage_length[passages]
        codes.append(codes_here)
        positions.append(places)
        variants.append(surfaces[np.repeat(is_varied[first:end], occurrence_counts[first:end])])
        dense_here = np.repeat(is_dense[first:end], doc_freq[first:end])
        ids.append(passages[~dense_here])
        for term in first + is_dense[first:end].nonzero()[0]:
            start, stop = posting_starts[term : term + 2] - posting_starts[first]
            bitmaps.append(_bitmap(passages[start:stop], n_passages))
        counts, frontier = pareto_bounds(
            np.repeat(np.arange(end - first), doc_freq[first:end]), codes_here, end - first
        )
        bound_counts.append(counts)
        bounds.append(frontier)

        begins = first_occurrence + frequencies.cumsum() - frequencies
        numbers = np.arange(posting_starts[first], posting_starts[end])
        leads = (numbers % OCCURRENCE_BLOCK == 0).nonzero()[0]
        base[numbers[leads] // OCCURRENCE_BLOCK] = begins[leads]
        offsets.append(begins - base[numbers // OCCURRENCE_BLOCK])
        first_occurrence += len(places)

    words = -(-n_passages // 64)
    bitmap_rows = np.array(bitmaps, np.uint64).reshape(len(bitmaps), words)
    bit_counts = np.bitwise_count(bitmap_rows).astype(np.int64)
    return {
        **vocabulary.columns(),
        "posting_starts": posting_starts,
        "occurrence_starts": np.append(0, occurrence_counts.cumsum()),
        "variant_starts": np.append(0, (occurrence_counts * is_varied).cumsum()),
        "passage_ids": ids.close(),
        "dense_terms": is_dense.nonzero()[0],
        "dense_postings": np.append(0, doc_freq[is_dense].cumsum()),
        "bitmaps": bitmap_rows,
        "ranks": bit_counts.cumsum(axis=1) - bit_counts,
        "codes": codes.close(),
        "bound_starts": np.append(0, np.concatenate([np.zeros(0, np.int64), *bound_counts]).cumsum()),
        "bounds": np.concatenate([np.zeros(0, np.int64), *bounds]),
        "occurrence_base": base,
        "occurrence_offset": offsets.close(),
        "positions": positions.close(),
        "variants": variants.close(),
    }


def _term_ranges(occurrence_counts: Array) -> Iterator[tuple[int, int]]:
    """Cut the terms into ranges of about `RANGE_OCCURRENCES` occurrences, each of at least one term."""
    total = np.append(0, occurrence_counts.cumsum())
    first = 0
    while first < len(occurrence_counts):
        end = int(total.searchsorted(total[first] + RANGE_OCCURRENCES, side="right")) - 1
        end = max(end, first + 1)
        yield first, end
        first = end


def _bitmap(passages: Array, n_passages: int) -> Array:
    bits = np.zeros(-(-n_passages // 64) * 64, np.bool_)
    bits[passages] = True
    return np.packbits(bits, bitorder="little").view("<u8")


def pareto_bounds(terms: Array, codes: Array, n_terms: int) -> tuple[Array, Array]:
    """Find, for each term, the codes that no other of its codes beats in both frequency and shortness.

    Whatever the average length, the highest score of a term is that of one of them.

    Args:
        terms: int64, shape (n,), ascending, below ``n_terms``.
        codes: int64, shape (n,), frequency << 8 | length.
        n_terms: Number of terms.

    Returns:
        int64, shape (n_terms,): how many a term has; and the codes, by term, highest frequency first.

    >>> pareto_bounds(np.array([0, 0, 0]), np.array([2 << 8 | 90, 1 << 8 | 80, 1 << 8 | 95]), 1)[1].tolist()
    [602, 336]
    """
    keys = np.sort(terms << 16 | (255 - (codes >> 8)) << 8 | (codes & 255))
    if not len(keys):
        return np.zeros(n_terms, np.int64), keys
    keys = keys[np.append(True, keys[1:] != keys[:-1])]
    term, frequency, length = keys >> 16, 255 - (keys >> 8 & 255), keys & 255
    # Terms descend in the key, so that a running minimum never carries over from one term to the next.
    falling = (n_terms - term) << 8 | length
    lowest = np.minimum.accumulate(falling)
    keep = np.append(True, falling[1:] < lowest[:-1])
    return np.bincount(term[keep], minlength=n_terms), frequency[keep] << 8 | length[keep]
