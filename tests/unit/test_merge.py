import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.indexing.invert import unpack_sorted
from searcher.indexing.merge import pareto_bounds

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
    codes = np.array([frequency << 8 | length for _, frequency, length in postings], np.int64)
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
    _, bounds = pareto_bounds(np.zeros(len(codes), np.int64), np.array(codes, np.int64), 1)
    assert max(map(score, bounds.tolist()), default=0) == max(map(score, codes), default=0)


@pytest.mark.parametrize("n_terms", [0, 3])
def test_terms_without_postings_have_no_bounds(n_terms: int) -> None:
    counts, bounds = pareto_bounds(np.zeros(0, np.int64), np.zeros(0, np.int64), n_terms)
    assert (counts.tolist(), bounds.tolist()) == ([0] * n_terms, [])


@pytest.mark.parametrize("factor", [1, 1 << 10, 1 << 18], ids=lambda factor: f"multiples of {factor}")
def test_occurrences_are_sorted_by_term_passage_and_position(factor: int) -> None:
    """Multiples of the last factor do not fit into 63 bits together, and take another way."""
    random = np.random.default_rng(7)
    places = np.unique(random.integers(0, 8, (300, 3)), axis=0) * factor
    random.shuffle(places)
    variants = random.integers(0, 8, len(places)) * factor
    rows = sorted(zip(*places.T.tolist(), variants.tolist(), strict=True))
    found = unpack_sorted(places[:, 0], places[:, 1], places[:, 2], variants)
    assert list(zip(*(column.tolist() for column in found), strict=True)) == rows


def test_no_occurrences_are_sorted_too() -> None:
    empty = np.zeros(0, np.int64)
    assert [len(column) for column in unpack_sorted(empty, empty, empty, empty)] == [0, 0, 0, 0]


def test_widest_numbers_that_fit_into_one_come_back_whole() -> None:
    columns = [
        np.array([low, high]) for low, high in ((5, (1 << 23) - 1), (7, (1 << 24) - 1), (0, 255), (1, 255))
    ]
    assert [column.tolist() for column in unpack_sorted(*columns)] == [column.tolist() for column in columns]
