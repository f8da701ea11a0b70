"""How do several sources become the posting columns of one segment?

For every term, the postings of the first source are copied first, then those of the second, and so on. If the passages of
the sources interleave, the postings of the term are sorted afterwards.

Terms are merged range by range, so that memory is bounded for any size of the corpus. A thread gathers the next range while
this one is written.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from typing import NamedTuple

import numpy as np

from searcher.arrays import Array, expand
from searcher.indexing.inversion import threads
from searcher.indexing.segments.sources import RunPart, SegmentPart, Slice
from searcher.indexing.segments.vocabulary_merge import MergedVocabulary, Sink
from searcher.storage.format import DENSE_FRACTION, OCCURRENCE_BLOCK
from searcher.storage.many_terms import term_ranges

_Source = SegmentPart | RunPart

_NO_CODE = np.uint16(0xFFFF)


class _Reader:
    """Reads a source from its first term to its last. Terms have the numbers of the merged vocabulary."""

    def __init__(self, source: _Source, places: Array, vocabulary: MergedVocabulary) -> None:
        self._source = source
        self._places = places
        self._key_variant = vocabulary.key_variant
        self._terms = vocabulary.key_term[places[source.first_keys]]
        self._low = 0

    def add_counts(self, doc_freq: Array, occurrence_counts: Array) -> None:
        """Add the postings and occurrences of the source to the counts of all terms."""
        doc_freq[self._terms] += self._source.posting_counts
        occurrence_counts[self._terms] += self._source.occurrence_counts

    def slice(self, first: int, end: int) -> Slice:
        """Give the slice of the source for a range of terms. Ranges must follow one another."""
        low, high = self._low, int(self._terms.searchsorted(end))
        self._low = high
        return self._source.slice(low, high, self._terms[low:high].astype(np.int64) - first, self._variants)

    def _variants(self, keys: Array) -> Array:
        return self._key_variant[self._places[keys]]


class _Range(NamedTuple):
    """The postings and occurrences of a range of terms, of all sources, by term, passage and position."""

    passages: Array
    frequencies: Array
    positions: Array
    variants: Array


def merge_postings(
    sources: Sequence[_Source], passage_length: Array, sink: Sink, *, interleave: bool = False
) -> None:
    """Merge sources into the vocabulary, posting and occurrence columns of a segment.

    Args:
        sources: The sources, in the order of their passages.
        passage_length: uint8, shape (n_passages,).
        sink: Takes the columns.
        interleave: Passages of one source may stand between passages of another.
    """
    each = [
        *{id(source.keys): source.keys for source in sources}.values()
    ]  # runs of one table share its keys
    vocabulary = MergedVocabulary(each)
    places = {id(keys): found for keys, found in zip(each, vocabulary.places, strict=True)}
    n_terms, n_passages = vocabulary.n_terms, len(passage_length)
    readers = [_Reader(source, places[id(source.keys)], vocabulary) for source in sources]
    doc_freq, occurrence_counts = np.zeros(n_terms, np.int64), np.zeros(n_terms, np.int64)
    for reader in readers:
        reader.add_counts(doc_freq, occurrence_counts)
    is_varied = np.diff(vocabulary.term_keys) > 1
    is_dense = doc_freq * DENSE_FRACTION > n_passages
    posting_starts = np.append(0, doc_freq.cumsum())
    n_words = -(-n_passages // 64)
    max_variants = int(np.diff(vocabulary.term_keys).max(initial=1))
    _reserve(sink, doc_freq, occurrence_counts, is_dense, is_varied, max_variants, n_words)
    bound_counts: list[Array] = [np.zeros(0, np.int32)]
    bounds: list[Array] = [np.zeros(0, np.uint16)]
    base = np.zeros(-(-int(posting_starts[-1]) // OCCURRENCE_BLOCK), np.int64)
    first_occurrence = 0

    def gather(first: int, end: int) -> _Range:
        found = _gather([reader.slice(first, end) for reader in readers], end - first)
        return _in_order(found, doc_freq[first:end]) if interleave else found

    ranges = term_ranges(np.append(0, occurrence_counts.cumsum()))
    with threads.worker_thread("searcher-merging") as thread:
        for (first, end), found in zip(ranges, _ahead(thread, gather, ranges), strict=True):
            codes = found.frequencies.astype(np.uint16) << 8 | passage_length[found.passages]
            sink.append("codes", codes)
            sink.append("positions", found.positions)
            sink.append(
                "variants", found.variants[np.repeat(is_varied[first:end], occurrence_counts[first:end])]
            )
            dense_here = np.repeat(is_dense[first:end], doc_freq[first:end])
            sink.append("passage_ids", found.passages[~dense_here])
            for term in first + is_dense[first:end].nonzero()[0]:
                start, stop = posting_starts[term : term + 2] - posting_starts[first]
                bitmap = _bitmap(found.passages[start:stop], n_words)
                sink.append("bitmaps", bitmap)
                counts = np.bitwise_count(bitmap).astype(np.int64)
                sink.append("ranks", counts.cumsum() - counts)
            counts, frontier = pareto_bounds(
                np.repeat(np.arange(end - first), doc_freq[first:end]), codes, end - first
            )
            bound_counts.append(counts.astype(np.int32))
            bounds.append(frontier.astype(np.uint16))

            leads = np.arange(-posting_starts[first] % OCCURRENCE_BLOCK, len(codes), OCCURRENCE_BLOCK)
            behind = found.frequencies.cumsum(dtype=np.int64)[leads]
            blocks = (posting_starts[first] + leads) // OCCURRENCE_BLOCK
            base[blocks] = first_occurrence + behind - found.frequencies[leads]
            first_occurrence += len(found.positions)

    vocabulary.write(sink)
    sink.write("posting_starts", posting_starts)
    sink.write("occurrence_starts", np.append(0, occurrence_counts.cumsum()))
    sink.write("variant_starts", np.append(0, (occurrence_counts * is_varied).cumsum()))
    sink.write("dense_terms", is_dense.nonzero()[0])
    sink.write("dense_postings", np.append(0, doc_freq[is_dense].cumsum()))
    sink.write("bound_starts", np.append(0, np.concatenate(bound_counts).cumsum()))
    sink.write("bounds", np.concatenate(bounds))
    sink.write("occurrence_base", base)


def _ahead(
    thread: Executor, gather: Callable[[int, int], _Range], ranges: Sequence[tuple[int, int]]
) -> Iterator[_Range]:
    """Gather each range in the thread while the caller writes the range before."""
    coming: Future[_Range] | None = None
    for first, end in ranges:
        found, coming = coming, thread.submit(gather, first, end)
        if found:
            yield found.result()
    if coming:
        yield coming.result()


def _reserve(  # noqa: PLR0917  (the sizes of columns)
    sink: Sink,
    doc_freq: Array,
    occurrence_counts: Array,
    is_dense: Array,
    is_varied: Array,
    max_variants: int,
    n_words: int,
) -> None:
    """Announce the columns that are written range by range."""
    n_postings, n_dense = int(doc_freq.sum()), int(is_dense.sum())
    sink.reserve("passage_ids", int(doc_freq[~is_dense].sum()))
    sink.reserve("codes", n_postings)
    sink.reserve("positions", int(occurrence_counts.sum()))
    dtype = np.min_scalar_type(max_variants - 1).newbyteorder("<").str
    sink.reserve("variants", int(occurrence_counts[is_varied].sum()), dtype=dtype)
    sink.reserve("bitmaps", n_dense, n_words)
    sink.reserve("ranks", n_dense, n_words)


def _gather(slices: Sequence[Slice], n_terms: int) -> _Range:
    """Join the slices of several sources, by term, then source."""
    postings = _by_term(slices, "posting_counts", ("passages", "frequencies"), n_terms)
    occurrences = _by_term(slices, "occurrence_counts", ("positions", "variants"), n_terms)
    return _Range(*postings, *occurrences)


def _by_term(slices: Sequence[Slice], counts: str, names: Sequence[str], n_terms: int) -> list[Array]:
    totals = np.zeros(n_terms, np.int64)
    for part in slices:
        totals[part.terms] += getattr(part, counts)
    begins = totals.cumsum() - totals
    dtypes = [np.result_type(*(getattr(part, name) for part in slices)) for name in names]
    gathered = [np.empty(int(totals.sum()), dtype) for dtype in dtypes]
    for part in slices:
        places = expand(begins[part.terms], getattr(part, counts))
        begins[part.terms] += getattr(part, counts)
        for column, name in zip(gathered, names, strict=True):
            column[places] = getattr(part, name)
    return gathered


def _in_order(found: _Range, doc_freq: Array) -> _Range:
    """Sort the postings of each term by passage."""
    terms = np.repeat(np.arange(len(doc_freq)), doc_freq)
    order = (terms << 32 | found.passages).argsort(kind="stable")
    begins = found.frequencies.cumsum(dtype=np.int64) - found.frequencies
    frequencies = found.frequencies[order].astype(np.int64)
    places = expand(begins[order], frequencies)
    return _Range(found.passages[order], frequencies, found.positions[places], found.variants[places])


def _bitmap(passages: Array, n_words: int) -> Array:
    bits = np.zeros(n_words * 64, np.bool_)
    bits[passages] = True
    return np.packbits(bits, bitorder="little").view("<u8")


def pareto_bounds(terms: Array, codes: Array, n_terms: int) -> tuple[Array, Array]:
    """Find the bounds of each term: those of its codes that no other code beats in both frequency and shortness.

    For any average length, the highest score of a term is the score of one of its bounds.

    Args:
        terms: int64, shape (n,), ascending, below ``n_terms``.
        codes: uint16, shape (n,): frequency << 8 | length.
        n_terms: The number of terms.

    Returns:
        int64, shape (n_terms,): how many bounds each term has; and the bounds, by term, highest frequency first.

    >>> codes = np.array([2 << 8 | 90, 1 << 8 | 80, 1 << 8 | 95], np.uint16)
    >>> pareto_bounds(np.array([0, 0, 0]), codes, 1)[1].tolist()
    [602, 336]
    """
    if not len(terms):
        return np.zeros(n_terms, np.int64), terms
    # Four of five postings have frequency 1, and of these only the shortest passage counts. So they are not sorted.
    is_repeated = codes >= 2 << 8
    firsts = np.append(True, terms[1:] != terms[:-1]).nonzero()[0]
    shortest = np.minimum.reduceat(np.where(is_repeated, _NO_CODE, codes), firsts)
    has_single = shortest < 2 << 8
    terms = np.concatenate([terms[is_repeated], terms[firsts][has_single]])
    codes = np.concatenate([codes[is_repeated], shortest[has_single]]).astype(np.int64)
    keys = np.sort(terms << 16 | (255 - (codes >> 8)) << 8 | (codes & 255))
    keys = keys[np.append(True, keys[1:] != keys[:-1])]
    term, frequency, length = keys >> 16, 255 - (keys >> 8 & 255), keys & 255
    # Terms descend in this number, so that the running minimum of one term never applies to the next term.
    falling = (n_terms - term) << 8 | length
    lowest = np.minimum.accumulate(falling)
    keep = np.append(True, falling[1:] < lowest[:-1])
    return np.bincount(term[keep], minlength=n_terms), frequency[keep] << 8 | length[keep]
