from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.indexing.inversion.sort_occurrences import by_number
from searcher.indexing.inversion.threads import ImmediateExecutor
from searcher.indexing.segments.merge import _ahead, pareto_bounds

POSTINGS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(1, 255), st.integers(1, 255))
    | st.tuples(st.integers(0, 4), st.integers(1, 4), st.integers(80, 84)),
    max_size=60,
)


@given(POSTINGS)
def test_bounds_are_the_codes_that_no_other_beats(postings: list[tuple[int, int, int]]) -> None:
    postings = sorted(postings)
    n_terms = 6
    terms = np.array([term for term, _, _ in postings], np.int64)
    codes = np.array([frequency << 8 | length for _, frequency, length in postings], np.uint16)
    expected = []
    for term in range(n_terms):
        pairs = {(frequency, length) for owner, frequency, length in postings if owner == term}
        unbeaten = {
            (frequency, length)
            for frequency, length in pairs
            if not any(
                other != (frequency, length) and other[0] >= frequency and other[1] <= length
                for other in pairs
            )
        }
        expected.append([frequency << 8 | length for frequency, length in sorted(unbeaten, reverse=True)])
    counts, bounds = pareto_bounds(terms, codes, n_terms)
    assert counts.tolist() == [len(codes_of_term) for codes_of_term in expected]
    assert bounds.tolist() == [code for codes_of_term in expected for code in codes_of_term]


@given(POSTINGS, st.sampled_from([1.0, 82.5, 255.0]))
def test_highest_score_of_a_term_is_that_of_one_of_its_bounds(
    postings: list[tuple[int, int, int]], average_length: float
) -> None:
    def score(code: int) -> float:
        frequency, length = code >> 8, code & 255
        return frequency / (frequency + 1.2 * (0.25 + 0.75 * length / average_length))

    codes = [frequency << 8 | length for _, frequency, length in postings]
    _, bounds = pareto_bounds(np.zeros(len(codes), np.int64), np.array(codes, np.uint16), 1)
    assert max(map(score, bounds.tolist()), default=0) == max(map(score, codes), default=0)


@pytest.mark.parametrize("n_terms", [0, 3])
def test_terms_without_postings_have_no_bounds(n_terms: int) -> None:
    counts, bounds = pareto_bounds(np.zeros(0, np.int64), np.zeros(0, np.uint16), n_terms)
    assert (counts.tolist(), bounds.tolist()) == ([0] * n_terms, [])


@given(
    st.lists(st.integers(0, 5) | st.sampled_from([1 << 15, (1 << 16) - 1, 1 << 16, 3 << 16, (1 << 32) - 1]))
)
def test_numbers_are_put_in_order_and_equal_ones_left_in_theirs(numbers: list[int]) -> None:
    numbers *= 20  # a few are sorted otherwise
    narrowest = np.min_scalar_type(max(numbers, default=0))
    for dtype in {narrowest, np.dtype(np.uint32)}:
        order = by_number(np.array(numbers, dtype)).tolist()
        assert order == sorted(range(len(numbers)), key=numbers.__getitem__)


@pytest.mark.parametrize("n", [0, 1, 4])
def test_one_range_and_no_more_is_gathered_ahead_of_the_one_that_is_written(n: int) -> None:
    asked: list[int] = []

    def gather(first: int, _end: int) -> Any:
        asked.append(first)
        return first

    written = []
    for found in _ahead(ImmediateExecutor(), gather, [(first, first + 1) for first in range(n)]):
        written.append(found)
        assert asked == [*range(min(len(written) + 1, n))]
    assert written == [*range(n)]
