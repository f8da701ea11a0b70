import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from searcher.querying.scoring.topk import top

SCORES = st.lists(st.sampled_from([0.0, 0.3, 0.1 + 0.2, 1.0]), max_size=12) | st.lists(
    st.floats(0, 100, allow_subnormal=False), max_size=40
)


@given(SCORES, st.integers(0, 12))
@example([1.0, 1.0], 1)
@example([0.3, 1.0, 0.3, 1.0, 0.3], 4)
def test_top_is_the_beginning_of_everything_sorted_by_score_then_place(scores: list[float], k: int) -> None:
    expected = sorted(range(len(scores)), key=lambda place: (-scores[place], place))[:k]
    assert top(np.array(scores, np.float64), k).tolist() == expected


@pytest.mark.parametrize("k", [-1, 0])
def test_nothing_is_chosen_where_nothing_is_asked_for(k: int) -> None:
    assert top(np.array([1.0, 2.0]), k).tolist() == []


def test_places_are_int64_even_where_there_are_none() -> None:
    assert top(np.zeros(0), 5).dtype == top(np.zeros(3), 2).dtype == np.int64
