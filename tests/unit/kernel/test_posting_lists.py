"""A list of postings says what its passages and codes say, whether it is stored as numbers, as a bitmap, or in memory."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_columns import Codes, bitmap, made_columns

from searcher.arrays import Scores
from searcher.kernel.postings import (
    Columns,
    PostingList,
    among,
    count_bits,
    count_in,
    mark,
    posting_list,
    union,
)

N_PASSAGES = (1, 63, 64, 65, 300)
TABLE: Scores = np.random.default_rng(1).random(1 << 16)


@st.composite
def _terms(draw: st.DrawFn) -> tuple[int, list[Codes]]:
    """Draw a number of passages, and the postings of some terms."""
    n_passages = draw(st.sampled_from(N_PASSAGES))
    passages, codes = st.integers(0, n_passages - 1), st.integers(1 << 8, (1 << 16) - 1)
    return n_passages, draw(st.lists(st.dictionaries(passages, codes, max_size=90), min_size=1, max_size=4))


TERMS = _terms()


def lists(n_passages: int, terms: list[Codes], dense: st.DataObject) -> list[PostingList]:
    """Give the list of each term, stored in one of the three ways."""
    ways = dense.draw(st.lists(st.sampled_from("nbm"), min_size=len(terms), max_size=len(terms)))
    columns = Columns(made_columns(terms, [n_passages], {n for n, way in enumerate(ways) if way == "b"}))
    return [
        in_memory(codes) if way == "m" else columns.postings(number)
        for number, (codes, way) in enumerate(zip(terms, ways, strict=True))
    ]


def in_memory(codes: Codes) -> PostingList:
    ascending = sorted(codes)
    return posting_list(np.array(ascending, np.uint32), np.array([codes[p] for p in ascending], np.uint16))


def content(postings: PostingList) -> Codes:
    """Read a list, front to back."""
    passages = [*postings.passages()]
    assert passages == sorted(set(passages))
    return dict(zip(passages, postings.codes, strict=True))


@given(TERMS, st.data())
def test_passages_and_codes_are_those_of_the_term(
    drawn: tuple[int, list[Codes]], data: st.DataObject
) -> None:
    for codes, postings in zip(drawn[1], lists(*drawn, data), strict=True):
        assert postings.n == len(codes)
        assert content(postings) == codes
        assert content(postings) == codes, "a second time"


@given(TERMS, st.data())
def test_passage_is_found_in_whatever_order_one_asks(
    drawn: tuple[int, list[Codes]], data: st.DataObject
) -> None:
    asked = data.draw(st.lists(st.integers(0, drawn[0] - 1), max_size=40))
    for codes, postings in zip(drawn[1], lists(*drawn, data), strict=True):
        postings.weight = 0.7
        ascending = sorted(codes)
        for passage in (*asked, *ascending, *ascending[::-1]):
            place = ascending.index(passage) if passage in codes else -1
            assert postings.find(passage) == place
            if place >= 0:
                assert postings.value(passage, TABLE) == TABLE[codes[passage]] * 0.7


def test_score_that_follows_from_no_code_is_the_one_given() -> None:
    scores = np.array([0.5, 0.25])
    postings = posting_list(np.array([3, 9], np.uint32), np.array([1, 2], np.uint16), scores)
    postings.weight = 5
    assert [postings.value(passage, TABLE) for passage in (9, 3)] == [0.25, 0.5]


@given(TERMS, st.data())
def test_bitmap_marks_counts_and_narrows_a_list(drawn: tuple[int, list[Codes]], data: st.DataObject) -> None:
    n_passages, terms = drawn
    some = data.draw(st.sets(st.integers(0, n_passages - 1)))
    bits = bitmap(some, n_passages)
    assert count_bits(bits.data) == len(some)
    for codes, postings in zip(terms, lists(n_passages, terms, data), strict=True):
        assert count_in(postings, bits.data) == len(some & codes.keys())
        narrowed = among(postings, bits.data)
        assert content(narrowed) == {passage: codes[passage] for passage in codes if passage in some}
        marks = bits.copy()
        mark(postings, marks.data)
        assert marks.tolist() == bitmap(some | codes.keys(), n_passages).tolist()


def test_narrowed_list_keeps_weight_and_scores() -> None:
    ids, codes = np.array([3, 9, 70], np.uint32), np.array([1, 2, 3], np.uint16)
    postings = posting_list(ids, codes, np.array([0.5, 0.25, 1.0]))
    postings.weight = 3.5
    narrowed = among(postings, bitmap({9, 70}, 71).data)
    assert narrowed.weight == 3.5
    assert [narrowed.value(passage, TABLE) for passage in (9, 70)] == [0.25, 1.0]


@given(TERMS, st.data())
def test_union_sums_frequencies(drawn: tuple[int, list[Codes]], data: st.DataObject) -> None:
    n_passages, terms = drawn
    lengths = data.draw(st.lists(st.integers(0, 255), min_size=n_passages, max_size=n_passages))
    terms = [{passage: code | 255 for passage, code in codes.items()} for codes in terms]
    terms = [{passage: code ^ 255 ^ lengths[passage] for passage, code in codes.items()} for codes in terms]
    expected = {
        passage: min(sum(codes.get(passage, 0) >> 8 for codes in terms), 255) << 8 | lengths[passage]
        for passage in {passage for codes in terms for passage in codes}
    }
    assert content(union(lists(n_passages, terms, data))) == expected


@pytest.mark.parametrize("dense", [set[int](), {0, 1}])
def test_term_that_the_segment_does_not_have_has_no_postings(dense: set[int]) -> None:
    columns = Columns(made_columns([{1: 257}, {0: 258, 2: 259}], [3], dense))
    assert content(columns.find(b"t0001")) == {0: 258, 2: 259}
    for postings in (columns.find(b"t"), columns.find(b"t0002"), columns.postings(-1)):
        assert (postings.n, content(postings), postings.find(0)) == (0, {}, -1)
    with pytest.raises(IndexError):
        columns.postings(2)


def test_term_with_fewer_passages_than_the_columns_claim_is_damaged() -> None:
    columns = made_columns([{1: 257, 70: 258}], [100], {0})
    columns["bitmaps"][0, 1] = 0
    with pytest.raises(IndexError, match="fewer postings"):
        Columns(columns).postings(0).passages()


@pytest.mark.parametrize("starts", [[-1, 1, 3], [2, 1, 3], [0, 1, 4]])
def test_postings_that_are_not_there_are_damage(starts: list[int]) -> None:
    columns = made_columns([{1: 257}, {0: 258, 2: 259}], [3], ())
    columns["posting_starts"] = np.array(starts, np.int64)
    with pytest.raises(IndexError, match="not there"):
        [Columns(columns).postings(term) for term in range(2)]
