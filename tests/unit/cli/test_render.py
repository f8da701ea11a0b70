import shutil
from collections.abc import Callable

import pytest

from searcher.cli.render import MAX_WIDTH, as_text
from searcher.model import SearchResult


def _result(total: int, tiers: Callable[[], dict[str, int]] | None = None) -> SearchResult:
    return SearchResult(
        query="war",
        elapsed_ms=1.0,
        understood="war",
        notes=(),
        match="all",
        total=total,
        tiers=tiers or {},
        side_by_side=None,
        clauses=(),
        ranking=(),
        hits=(),
    )


def test_tiers_are_counted_only_where_they_are_shown() -> None:
    asked = []

    def count() -> dict[str, int]:
        asked.append("tiers")
        return {"all": 3, "article": 0, "any": 0}

    result = _result(3, count)
    assert list(as_text(result, color=False)) == ["3 passages"]
    assert asked == []
    assert result.tiers == result.tiers == {"all": 3, "article": 0, "any": 0}
    assert asked == ["tiers"]


@pytest.mark.parametrize("columns", [None, "", "0", "-1", "wide", "9", "100", "1000"])
def test_lines_are_as_wide_as_the_terminal_is(monkeypatch: pytest.MonkeyPatch, columns: str | None) -> None:
    if columns is None:
        monkeypatch.delenv("COLUMNS", raising=False)
    else:
        monkeypatch.setenv("COLUMNS", columns)
    lines = list(as_text(_result(10**30), color=False))
    is_narrow = min(shutil.get_terminal_size((MAX_WIDTH, 24)).columns, MAX_WIDTH) < len(" ".join(lines))
    assert (len(lines) > 1) == is_narrow
