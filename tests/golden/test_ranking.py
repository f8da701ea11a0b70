"""The figures of ranking that are kept as text are those of the code."""

import pytest
import ranking


def test_figures_of_the_test_collections_are_the_kept_ones() -> None:
    if not ranking.DATA.is_dir():
        pytest.skip(f"no test collections in ../{ranking.DATA.relative_to(ranking.FIGURES.parents[3])}")
    assert ranking.figures() == ranking.FIGURES.read_text(encoding="utf-8")
