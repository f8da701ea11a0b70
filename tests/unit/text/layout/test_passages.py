from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from searcher.model import Kind
from searcher.text.layout.passages import divide

BODY, TITLE, CAPTION, KEYWORDS = Kind
Array = npt.NDArray[Any]


class Cut(NamedTuple):
    first: int
    end: int
    kind: Kind


def divided(starts: Array, kinds: Sequence[Kind], n_words: Array, sentence_starts: Array) -> list[Cut]:
    found = divide(starts, kinds, n_words, sentence_starts)
    return [
        Cut(int(first), int(end), Kind(int(kind)))
        for first, end, kind in zip(found.firsts, found.ends, found.kinds, strict=True)
    ]


def cut(*sizes: int, kinds: dict[int, Kind] | None = None, sentence: int = 10, words: int = 1) -> list[Cut]:
    """Divide paragraphs of ``sizes`` chunks, ``words`` words each, with a sentence every ``sentence`` chunks."""
    starts = [0, *accumulate(sizes)][:-1]
    sentence_starts = np.concatenate([np.arange(size) % sentence == 0 for size in sizes])
    paragraph_kinds = [(kinds or {}).get(i, BODY) for i in range(len(sizes))]
    n_words = np.full(sum(sizes), words, dtype=np.int64)
    return divided(np.array(starts), paragraph_kinds, n_words, sentence_starts)


def lengths(cuts: list[Cut]) -> list[int]:
    return [end - first for first, end, _ in cuts]


def test_article_without_chunks_has_no_passages() -> None:
    assert divided(np.zeros(0, int), [], np.zeros(0, int), np.zeros(0, bool)) == []


def test_paragraphs_fill_a_passage_until_eighty_words() -> None:
    assert lengths(cut(40, 40, 40, 39, 1, 50, 50)) == [80, 80, 100]


def test_paragraph_of_two_hundred_words_stays_whole() -> None:
    assert lengths(cut(200)) == [200]


def test_longer_paragraph_is_cut_at_the_sentence_start_nearest_to_a_hundred_words() -> None:
    assert lengths(cut(320, sentence=30)) == [90, 90, 140]
    assert lengths(cut(210, sentence=70)) == [70, 140]


def test_short_tail_joins_the_passage_before_it() -> None:
    assert lengths(cut(80, 24)) == [104]
    assert lengths(cut(80, 25)) == [80, 25]


def test_short_tail_stays_where_it_does_not_fit() -> None:
    assert lengths(cut(79, 176, 1)) == [255, 1]
    assert lengths(cut(78, 176, 1)) == [255]


def test_paragraph_that_does_not_fit_starts_a_passage() -> None:
    assert lengths(cut(79, 177)) == [79, 177]


def test_words_are_counted_and_not_chunks() -> None:
    assert lengths(cut(2, 2, 2, words=40)) == [2, 2, 2]
    assert lengths(cut(10, words=64, sentence=100)) == [2, 2, 2, 2, 2]
    assert lengths(cut(20, words=30, sentence=100)) == [3, 3, 3, 3, 8]


def test_sentence_too_long_for_a_passage_is_cut_near_a_hundred_words() -> None:
    assert lengths(cut(600, sentence=1000)) == [100, 100, 100, 100, 200]


def test_long_sentence_that_fits_is_not_cut() -> None:
    assert lengths(cut(255, sentence=1000)) == [255]
    assert lengths(cut(480, sentence=240)) == [240, 240]


def test_other_kinds_are_passages_of_their_own_and_close_the_one_before() -> None:
    assert cut(5, 30, 4, 30, 3, kinds={0: TITLE, 2: CAPTION, 4: KEYWORDS}) == [
        Cut(0, 5, TITLE),
        Cut(5, 35, BODY),
        Cut(35, 39, CAPTION),
        Cut(39, 69, BODY),
        Cut(69, 72, KEYWORDS),
    ]


def test_short_body_beside_a_caption_stays_body() -> None:
    assert cut(90, 4, 3, kinds={1: CAPTION}) == [Cut(0, 90, BODY), Cut(90, 94, CAPTION), Cut(94, 97, BODY)]


def test_captions_in_a_row_stay_apart() -> None:
    assert lengths(cut(4, 5, kinds={0: CAPTION, 1: CAPTION})) == [4, 5]


def test_caption_of_more_than_255_words_is_cut_too() -> None:
    cuts = cut(300, kinds={0: CAPTION})
    assert lengths(cuts) == [100, 100, 100]
    assert {kind for _, _, kind in cuts} == {CAPTION}


@pytest.mark.parametrize("signs", [0, 1, 2, 3])
def test_paragraph_of_signs_joins_a_neighbour(signs: int) -> None:
    n_words = np.ones(301, dtype=np.int64)
    starts = [0, 100, 200, 300]
    starts[signs + 1 :] = [start - 99 for start in starts[signs + 1 :]]
    n_words[starts[signs]] = 0
    n_chunks = starts[-1] + (1 if signs == 3 else 100)
    n_words = n_words[:n_chunks]
    cuts = divided(np.array(starts), [TITLE] * 4, n_words, np.zeros(n_chunks, bool))
    assert len(cuts) == 3
    assert all(kind is TITLE for _, _, kind in cuts)
    assert cuts[0].first == 0
    assert cuts[-1].end == n_chunks


def test_article_of_signs_is_one_passage() -> None:
    assert cut(1, 2, 3, kinds={1: CAPTION}, words=0) == [Cut(0, 6, BODY)]
