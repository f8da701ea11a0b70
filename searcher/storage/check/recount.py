"""Do the postings and occurrences of a segment agree with each other, counted anew?

Terms are taken range by range, so that memory stays bounded whatever the size of the segment. The rules take for granted
that those of `searcher.storage.check.invariants` hold.
"""

from collections.abc import Callable, Iterator
from functools import partial
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


def _throughout(holds: Callable[[_Range], bool], segment: Segment) -> bool:
    return all(map(holds, _ranges(segment)))


# Which passages hold a term


def _frequencies_sum_up(segment: Segment) -> bool:
    codes = segment.columns["codes"]
    return bool((codes >= 1 << 8).all()) and int((codes >> 8).sum(dtype=np.int64)) == len(
        segment.columns["positions"]
    )


def _starts_agree(terms: _Range) -> bool:
    before = np.append(0, terms.frequencies.cumsum())
    return np.array_equal(before[terms.divided("posting_starts")], terms.divided("occurrence_starts"))


def _doc_freq(segment: Segment) -> Numbers:
    doc_freq: Numbers = np.diff(segment.columns["posting_starts"])
    return doc_freq


def _dense_doc_freq(segment: Segment) -> Numbers:
    doc_freq: Numbers = _doc_freq(segment)[segment.columns["dense_terms"]]
    return doc_freq


def _are_the_frequent(segment: Segment) -> bool:
    frequent = (_doc_freq(segment) * DENSE_FRACTION > segment.n_passages).nonzero()[0]
    return np.array_equal(segment.columns["dense_terms"], frequent)


def _dense_are_counted(segment: Segment) -> bool:
    return np.array_equal(segment.columns["dense_postings"], np.append(0, _dense_doc_freq(segment).cumsum()))


def _have_a_bit_each(segment: Segment) -> bool:
    bitmaps, n_last = segment.columns["bitmaps"], np.uint64(segment.n_passages % 64)
    counts = np.bitwise_count(bitmaps).sum(axis=1, dtype=np.int64)
    is_beyond = bool(n_last) and bool((bitmaps[:, -1] >> n_last).any())
    return np.array_equal(counts, _dense_doc_freq(segment)) and not is_beyond


def _bits_are_counted(segment: Segment) -> bool:
    counts = np.bitwise_count(segment.columns["bitmaps"]).astype(np.int64)
    return np.array_equal(segment.columns["ranks"], counts.cumsum(axis=1) - counts)


def _passages_ascend(segment: Segment) -> bool:
    numbers = segment.columns["passage_ids"]
    sparse = _doc_freq(segment)
    sparse[segment.columns["dense_terms"]] = 0
    starts = np.append(0, sparse.cumsum())
    is_whole = starts[-1] == len(numbers) and bool((numbers < segment.n_passages).all())
    return is_whole and ascend_within(numbers, starts)


def _codes_have_lengths(terms: _Range) -> bool:
    return np.array_equal(terms.codes & 255, terms.segment.columns["passage_length"][terms.passages])


def _lengths_fit_either(n_words: int, segment: Segment) -> bool:
    total = int(segment.columns["passage_length"].sum(dtype=np.int64))
    return total == n_words or _throughout(_codes_have_lengths, segment)


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


# Where it stands in them


def _begins(terms: _Range) -> Numbers:
    """int64, by posting: where its occurrences begin."""
    first = int(terms.segment.columns["occurrence_starts"][terms.first])
    frequencies = terms.frequencies
    return first + frequencies.cumsum() - frequencies


def _blocks_begin(terms: _Range) -> bool:
    numbers = np.arange(*terms.segment.columns["posting_starts"][[terms.first, terms.end]].tolist())
    leads = (numbers % OCCURRENCE_BLOCK == 0).nonzero()[0]
    base = terms.segment.columns["occurrence_base"][numbers[leads] // OCCURRENCE_BLOCK]
    return np.array_equal(base, _begins(terms)[leads])


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


def _n_surfaces(segment: Segment) -> Numbers:
    return np.diff(segment.columns["term_surface_starts"]).astype(np.int64)


def _varied_have_variants(segment: Segment) -> bool:
    counts = np.diff(segment.columns["occurrence_starts"]) * (_n_surfaces(segment) > 1)
    return np.array_equal(segment.columns["variant_starts"], np.append(0, counts.cumsum()))


def _variants_are_narrow(segment: Segment) -> bool:
    highest = int(_n_surfaces(segment).max(initial=1)) - 1
    return segment.columns["variants"].itemsize == np.min_scalar_type(highest).itemsize


def _variants_are_surfaces(terms: _Range) -> bool:
    n_surfaces = _n_surfaces(terms.segment)[terms.first : terms.end]
    limits = np.repeat(n_surfaces, np.diff(terms.divided("variant_starts")))
    return bool((terms.part("variant_starts", "variants") < limits).all())


def rules(n_words: int) -> tuple[Rule, ...]:
    """Give the rules of postings and occurrences, in order.

    Args:
        n_words: Words in the passages, as the manifest has it; it tells whether lengths or codes are wrong where they
            disagree.
    """
    return (
        Rule("codes", "a frequency is 0, or they do not sum to the occurrences", _frequencies_sum_up),
        Rule(
            "posting_starts occurrence_starts",
            "the frequencies of a term do not sum to its occurrences",
            partial(_throughout, _starts_agree),
        ),
        Rule("dense_terms", "it does not hold the frequent terms, and no other", _are_the_frequent),
        Rule("dense_postings", "it does not count the postings of dense terms", _dense_are_counted),
        Rule("bitmaps", "it does not have a bit for each posting, and no other", _have_a_bit_each),
        Rule("ranks", "it does not count the bits before each word", _bits_are_counted),
        Rule("passage_ids", "it is no passage, or they do not ascend within a term", _passages_ascend),
        Rule(
            "passage_length", "neither the manifest nor codes fit it", partial(_lengths_fit_either, n_words)
        ),
        Rule(
            "codes", "it does not have the length of its passage", partial(_throughout, _codes_have_lengths)
        ),
        Rule(
            "bounds bound_starts",
            "they are not those codes of a term that no other beats",
            partial(_throughout, _bounds_are_frontier),
        ),
        Rule("occurrence_base", "a block does not begin there", partial(_throughout, _blocks_begin)),
        Rule("positions", "they do not ascend in a posting", partial(_throughout, _positions_ascend)),
        Rule("positions", "one is beyond its passage", partial(_throughout, _positions_are_in_passage)),
        Rule("positions", "a passage lacks one", _positions_are_taken),
        Rule("variant_starts", "it does not divide the occurrences of varied terms", _varied_have_variants),
        Rule("variants", "its dtype is not the narrowest", _variants_are_narrow),
        Rule("variants", "one is of no surface of its term", partial(_throughout, _variants_are_surfaces)),
    )
