import shutil
from dataclasses import replace

import pytest

from searcher.cli.render import MAX_WIDTH, as_text, summary
from searcher.model import SearchResult, Tier, lazily


def _result(total: int) -> SearchResult:
    return SearchResult(
        query="war",
        elapsed_ms=1.0,
        understood="war",
        notes=(),
        match="all",
        total=total,
        tiers={},
        side_by_side=None,
        clauses=(),
        ranking=(),
        hits=(),
    )


def test_tiers_are_counted_only_where_they_are_shown() -> None:
    asked = []

    def part(name: str) -> dict[str, int]:
        asked.append(name)
        return {"all": 3, "article": 0, "any": 0}

    known = vars(_result(3))
    del known["tiers"]
    result = lazily(SearchResult, part, **known)
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


@pytest.mark.parametrize(
    ("match", "tiers", "side_by_side", "expected"),
    [
        ("all", {"all": 0, "article": 0, "any": 0}, None, "no passages"),
        ("all", {"all": 1, "article": 0, "any": 0}, None, "1 passage"),
        ("all", {"all": 1_200, "article": 0, "any": 0}, 0, "1,200 passages"),
        ("all", {"all": 12, "article": 0, "any": 0}, 5, "12 passages, 5 with the words side by side"),
        ("all", {"all": 12, "article": 0, "any": 0}, 12, "12 passages"),
        ("any", {"any": 12}, 3, "12 passages, 3 with the words side by side"),
        ("any", {"all": 1, "article": 0, "any": 1}, 0, "2 passages: 1 has all the words, 1 has some of them"),
        ("any", {"all": 7, "article": 0, "any": 34}, 3, "41 passages: 7 have all the words (3 side by side), 34 have some of them"),
        ("any", {"all": 2, "article": 0, "any": 3}, 2, "5 passages: 2 have all the words side by side, 3 have some of them"),
        ("any", {"all": 1, "article": 2, "any": 1}, 0, "4 passages: 1 has all the words, 2 have some in articles that have all, 1 has some of them"),
        ("any", {"all": 1, "article": 2, "any": 0}, 0, "3 passages: 1 has all the words, 2 have some in articles that have all"),
        ("article", {"all": 3, "article": 1, "any": 9}, 0, "4 passages: 3 have all the words, 1 has some in articles that have all"),
        ("any", {"all": 0, "article": 2, "any": 1}, 0, "3 passages: none has all the words, 2 have some in articles that have all, 1 has some of them"),
        ("any", {"all": 0, "article": 0, "any": 16}, 0, "16 passages: none has all the words"),
        ("article", {"all": 0, "article": 2, "any": 9}, 0, "2 passages: none has all the words"),
    ],
)  # fmt: skip
def test_summary_is_one_sentence_without_parts_that_are_nothing(
    match: Tier, tiers: dict[str, int], side_by_side: int | None, expected: str
) -> None:
    shown = {"all": ["all"], "article": ["all", "article"], "any": list(tiers)}[match]
    total = sum(tiers[tier] for tier in shown)
    result = replace(_result(total), match=match, tiers=tiers, side_by_side=side_by_side)
    assert summary(result) == expected
