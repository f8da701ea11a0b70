import math

import pytest

from searcher.querying.scoring.bm25 import idf, saturation_table


@pytest.mark.parametrize(
    ("doc_freq", "n_passages", "expected"),
    [
        (1, 2, math.log(2)),  # 1 + 1.5 / 1.5
        (0, 1, math.log(4)),  # 1 + 1.5 / 0.5
        (1, 1, math.log(4 / 3)),  # 1 + 0.5 / 1.5
        (0, 0, math.log(2)),  # 1 + 0.5 / 0.5
        (10, 1000, 4.5573795),  # 1 + 990.5 / 10.5 = 95.3333
    ],
)
def test_idf_is_the_lucene_form(doc_freq: int, n_passages: int, expected: float) -> None:
    assert idf(doc_freq, n_passages) == pytest.approx(expected, rel=1e-6)


def test_idf_falls_with_the_frequency_and_stays_positive() -> None:
    weights = [idf(doc_freq, 100) for doc_freq in range(101)]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] > 0


@pytest.mark.parametrize(("doc_freq", "n_passages"), [(-1, 5), (6, 5), (1, 0)])
def test_impossible_document_frequency_is_an_error(doc_freq: int, n_passages: int) -> None:
    with pytest.raises(ValueError, match=f"{doc_freq} among {n_passages}"):
        idf(doc_freq, n_passages)


@pytest.mark.parametrize("average_length", [1.0, 83.25, 255.0])
def test_table_holds_the_formula_for_every_frequency_and_length(average_length: float) -> None:
    table = saturation_table(average_length)
    assert table.shape == (65536,)
    for frequency in (0, 1, 2, 3, 17, 254, 255):
        for length in (0, 1, 2, 80, 100, 254, 255):
            expected = frequency / (frequency + 1.2 * (0.25 + 0.75 * length / average_length))
            assert table[frequency << 8 | length] == pytest.approx(expected, rel=1e-12)


def test_table_rises_with_the_frequency_and_falls_with_the_length() -> None:
    table = saturation_table(80.0).reshape(256, 256)
    assert (table[1:] > table[:-1]).all()
    assert (table[1:, 1:] < table[1:, :-1]).all()
    assert (table < 1).all()
