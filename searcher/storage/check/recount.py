"""Do the postings and occurrences of a segment agree with each other, counted anew?

Terms are taken range by range, so that memory is bounded, however large the segment is. The rules take for granted that those of
`searcher.storage.check.invariants` are kept.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from searcher.arrays import Array, Numbers
from searcher.storage.check.rules import Rule, ascend_within
from searcher.storage.format import DENSE_FRACTION, OCCURRENCE_BLOCK
from searcher.storage.many_terms import ManyTerms, term_ranges
from searcher.storage.segment import Segment


class _Range(NamedTuple):
    """A range of terms, with its postings and occurrences.

    Attributes:
        segment: The segment.
        first: Number of its first term.
        end: One past its last.
    """

    segment: Segment
    first: int
    end: int

    def divided(self, starts: str) -> Numbers:
        """Give the starts of its terms, and the end of the last, counted from the first."""
        column = self.segment.columns[starts][self.first : self.end + 1].astype(np.int64)
        divided: Numbers = column - column[0]
        return divided

    def part(self, starts: str, name: str) -> Array:
        """Give its part of a column, which ``starts`` divides."""
        column = self.segment.columns[starts]
        return self.segment.columns[name][int(column[self.first]) : int(column[self.end])]

    @property
    def codes(self) -> Array:
        """uint16, by posting."""
        return self.part("posting_starts", "codes")

    @property
    def frequencies(self) -> Numbers:
        """int64, by posting."""
        return (self.codes >> 8).astype(np.int64)

    @property
    def passages(self) -> Numbers:
        """int64, by posting."""
        return ManyTerms(self.segment, np.arange(self.first, self.end)).passages()


def _ranges(segment: Segment) -> Iterator[_Range]:
    for first, end in term_ranges(segment.columns["occurrence_starts"]):
        yield _Range(segment, first, end)


def recount_rules(segment: Segment, n_words: int) -> Iterator[Rule]:
    """Give the rules of postings and occurrences.

    Args:
        segment: The segment.
        n_words: Words in the passages, as the manifest has it. If lengths and codes disagree, it tells which are wrong.
    """

    def throughout(is_kept: Callable[[_Range], bool]) -> bool:
        return all(map(is_kept, _ranges(segment)))

    columns = segment.columns
    codes, lengths, n_passages = columns["codes"], columns["passage_length"], segment.n_passages
    sums_up = int((codes >> 8).sum(dtype=np.int64)) == len(columns["positions"])
    yield "codes", "a frequency is 0, or they do not sum to the occurrences", sums_up and (codes >> 8).all()
    yield (
        "posting_starts occurrence_starts",
        "the frequencies of a term do not sum to its occurrences",
        throughout(_starts_agree),
    )

    doc_freq, dense, bitmaps = np.diff(columns["posting_starts"]), columns["dense_terms"], columns["bitmaps"]
    are_frequent = np.array_equal(dense, (doc_freq * DENSE_FRACTION > n_passages).nonzero()[0])
    yield "dense_terms", "it does not hold the frequent terms, and no other", are_frequent
    are_counted = np.array_equal(columns["dense_postings"], np.append(0, doc_freq[dense].cumsum()))
    yield "dense_postings", "it does not count the postings of dense terms", are_counted
    n_bits = np.bitwise_count(bitmaps).astype(np.int64)
    n_last = np.uint64(n_passages % 64)
    is_beyond = n_last and (bitmaps[:, -1] >> n_last).any()
    have_bits = np.array_equal(n_bits.sum(axis=1), doc_freq[dense]) and not is_beyond
    yield "bitmaps", "it does not have a bit for each posting, and no other", have_bits
    bits_are_counted = np.array_equal(columns["ranks"], n_bits.cumsum(axis=1) - n_bits)
    yield "ranks", "it does not count the bits before each word", bits_are_counted
    numbers = columns["passage_ids"]
    doc_freq[dense] = 0
    starts = np.append(0, doc_freq.cumsum())
    ascend = starts[-1] == len(numbers) and (numbers < n_passages).all() and ascend_within(numbers, starts)
    yield "passage_ids", "it is no passage, or they do not ascend within a term", ascend

    fit_codes = throughout(_codes_have_lengths)
    fit_either = fit_codes or int(lengths.sum(dtype=np.int64)) == n_words
    yield "passage_length", "neither the manifest nor codes fit it", fit_either
    yield "codes", "it does not have the length of its passage", fit_codes
    are_frontier = throughout(_bounds_are_frontier)
    yield "bounds bound_starts", "they are not those codes of a term that no other beats", are_frontier

    yield "occurrence_base", "a block does not begin there", throughout(_blocks_begin)
    yield "positions", "they do not ascend in a posting", throughout(_positions_ascend)
    yield "positions", "one is beyond its passage", throughout(_positions_are_in_passage)
    yield "positions", "a passage lacks one", _positions_are_taken(segment)
    n_surfaces = np.diff(columns["term_surface_starts"]).astype(np.int64)
    n_varied = np.diff(columns["occurrence_starts"]) * (n_surfaces > 1)
    divides = np.array_equal(columns["variant_starts"], np.append(0, n_varied.cumsum()))
    yield "variant_starts", "it does not divide the occurrences of varied terms", divides
    narrowest = np.min_scalar_type(max(int(n_surfaces.max(initial=1)) - 1, 0))
    yield "variants", "its dtype is not the narrowest", columns["variants"].itemsize == narrowest.itemsize
    yield "variants", "one is of no surface of its term", throughout(_variants_are_surfaces)


# Rules of a range of terms


def _starts_agree(terms: _Range) -> bool:
    before = np.append(0, terms.frequencies.cumsum())
    return np.array_equal(before[terms.divided("posting_starts")], terms.divided("occurrence_starts"))


def _codes_have_lengths(terms: _Range) -> bool:
    return np.array_equal(terms.codes & 255, terms.segment.columns["passage_length"][terms.passages])


def _bounds_are_frontier(terms: _Range) -> bool:
    """Tell whether bounds are codes of their term, fall in both frequency and length, and beat its every code."""
    bounds, codes = (
        column.astype(np.int64) for column in (terms.part("bound_starts", "bounds"), terms.codes)
    )
    owners, owners_of_codes = (
        np.repeat(np.arange(terms.end - terms.first), np.diff(terms.divided(starts)))
        for starts in ("bound_starts", "posting_starts")
    )
    keys, lengths = _falling(owners, bounds), bounds & 255
    has_next = owners[1:] == owners[:-1]
    falls = (keys[1:] > keys[:-1]).all() and (lengths[1:] < lengths[:-1])[has_next].all()
    # For each code, the bound of least frequency among those that have at least its own.
    nearest = keys.searchsorted(_falling(owners_of_codes, codes), side="right") - 1
    if not falls or (nearest < 0).any():
        return False
    is_beaten = (owners[nearest] == owners_of_codes) & (lengths[nearest] <= codes & 255)
    is_code = np.zeros(len(bounds), np.bool_)
    is_code[nearest[bounds[nearest] == codes]] = True
    return bool(is_beaten.all() and is_code.all())


def _falling(owners: Numbers, codes: Numbers) -> Numbers:
    """Make keys that order codes by term, then falling frequency."""
    return owners << 8 | 255 - (codes >> 8)


def _blocks_begin(terms: _Range) -> bool:
    column = terms.segment.columns
    numbers = np.arange(*column["posting_starts"][[terms.first, terms.end]].tolist())
    leads = (numbers % OCCURRENCE_BLOCK == 0).nonzero()[0]
    frequencies = terms.frequencies
    begins = int(column["occurrence_starts"][terms.first]) + frequencies.cumsum() - frequencies
    return np.array_equal(column["occurrence_base"][numbers[leads] // OCCURRENCE_BLOCK], begins[leads])


def _positions_ascend(terms: _Range) -> bool:
    ends = terms.frequencies.cumsum()
    return ascend_within(terms.part("occurrence_starts", "positions"), ends)


def _positions_are_in_passage(terms: _Range) -> bool:
    lengths = np.repeat((terms.codes & 255).astype(np.uint8), terms.frequencies)
    return bool((terms.part("occurrence_starts", "positions") < lengths).all())


def _positions_are_taken(segment: Segment) -> bool:
    lengths = segment.columns["passage_length"].astype(np.int64)
    before = lengths.cumsum() - lengths
    is_taken = np.zeros(int(lengths.sum()), np.bool_)
    for terms in _ranges(segment):
        first = np.repeat(before[terms.passages], terms.frequencies)
        is_taken[first + terms.part("occurrence_starts", "positions")] = True
    return bool(is_taken.all())


def _variants_are_surfaces(terms: _Range) -> bool:
    n_surfaces = np.diff(terms.divided("term_surface_starts"))
    limits = np.repeat(n_surfaces, np.diff(terms.divided("variant_starts")))
    return bool((terms.part("variant_starts", "variants") < limits).all())
