import shutil
from typing import Any

import pytest

from searcher.cli.render import MAX_WIDTH, as_text
from searcher.model import SearchResult

PARTS: dict[str, Any] = {
    "match": "all",
    "total": 3,
    "tiers": {"all": 3, "article": 0, "any": 0},
    "side_by_side": None,
    "hits": (),
}


def test_tiers_are_counted_only_where_they_are_shown() -> None:
    asked = []

    def part(name: str) -> object:
        asked.append(name)
        return PARTS[name]

    assert list(as_text(SearchResult.lazily(part, query="war", elapsed_ms=1.0), color=False)) == [
        "3 passages"
    ]
    assert "tiers" not in asked


@pytest.mark.parametrize("columns", [None, "", "0", "-1", "wide", "9", "100", "1000"])
def test_lines_are_as_wide_as_the_terminal_is(monkeypatch: pytest.MonkeyPatch, columns: str | None) -> None:
    if columns is None:
        monkeypatch.delenv("COLUMNS", raising=False)
    else:
        monkeypatch.setenv("COLUMNS", columns)
    parts = PARTS | {"total": 10**30}
    lines = list(as_text(SearchResult.lazily(parts.__getitem__, query="war", elapsed_ms=1.0), color=False))
    is_narrow = min(shutil.get_terminal_size((MAX_WIDTH, 24)).columns, MAX_WIDTH) < len(" ".join(lines))
    assert (len(lines) > 1) == is_narrow
