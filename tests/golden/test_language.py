"""The query language means what `language.toml` says: every row, and that what was understood is understood as itself."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import help_query
import pytest

from searcher import Article, QueryError, build_index, open_index
from searcher.api import Index
from searcher.model import Hit, Match, Snippet

TABLE: dict[str, list[dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("language.toml").read_text(encoding="utf-8")
)
NO_LIMIT = 1000
MAX_HELP_ROWS = 30
MAX_HELP_LENGTH = 60


@dataclass(frozen=True)
class Row:
    """One row of the table; what the fields mean is said there."""

    query: str
    understood: str | None = None
    notes: tuple[str, ...] = ()
    hits: tuple[str, ...] = ()
    error: int | None = None
    match: Match = "all"
    first: str | None = None
    tiers: tuple[int, ...] | None = None
    help: str | None = None
    section: str | None = None

    def __str__(self) -> str:
        return self.query if self.match == "all" else f"{self.query} [{self.match}]"


def _rows() -> Iterator[Row]:
    for values in TABLE["row"]:
        fields: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in values.items()
        }
        yield Row(**fields)


ROWS = list(_rows())
UNDERSTOOD = [row for row in ROWS if row.error is None]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("language") / "index"
    articles = [{**article, "keywords": tuple(article.get("keywords", ()))} for article in TABLE["article"]]
    build_index([Article(**article) for article in articles], folder)
    with open_index(folder) as opened:
        yield opened


def _marked(part: Hit | Snippet, text: str) -> list[str]:
    return [" ".join(text[mark.start : mark.end].split()) for mark in part.marks]


def _found(hit: Hit) -> tuple[Any, ...]:
    return hit.article.address, hit.passage, hit.match, hit.score, hit.marks


def _line(hit: Hit) -> str:
    text = hit.article.text
    marked = [*(_marked(hit.heading, text) if hit.heading else ()), *_marked(hit, text)]
    return f"{hit.article.address}: {' | '.join(marked)}".rstrip()


@pytest.mark.parametrize("row", UNDERSTOOD, ids=str)
def test_query_is_understood_and_finds_what_the_table_says(index: Index, row: Row) -> None:
    found = index.search(row.query, limit=NO_LIMIT, match=row.match)
    in_place = sorted(found.hits, key=lambda hit: (hit.article.address, hit.passage.start))
    assert found.understood == row.understood
    said = {note.code for note in found.notes} - {
        "no-match",
        "without",
    }  # what is said of a miss has its own tests
    assert sorted(said) == sorted(row.notes)
    assert tuple(map(_line, in_place)) == row.hits
    if row.first is not None:
        assert found.hits[0].article.address == row.first
    if row.tiers is not None:
        assert tuple(found.tiers.values()) == row.tiers


@pytest.mark.parametrize("row", UNDERSTOOD, ids=str)
def test_what_was_understood_is_understood_as_itself(index: Index, row: Row) -> None:
    found = index.search(row.query, limit=NO_LIMIT, match=row.match)
    again = index.search(found.understood, limit=NO_LIMIT, match=row.match)
    assert again.understood == found.understood
    assert list(map(_found, again)) == list(map(_found, found))


@pytest.mark.parametrize("row", [row for row in ROWS if row.error is not None], ids=str)
def test_query_that_cannot_be_understood_says_where(index: Index, row: Row) -> None:
    with pytest.raises(QueryError) as caught:
        index.search(row.query)
    assert (caught.value.query, caught.value.position) == (row.query, row.error)


def test_every_row_is_there_once() -> None:
    assert len({(row.query, row.match) for row in ROWS}) == len(ROWS)


def test_rows_that_document_the_language_are_few_and_short() -> None:
    helpful = [row for row in ROWS if row.help is not None]
    assert 0 < len(helpful) <= MAX_HELP_ROWS
    assert all(len(row.help or "") <= MAX_HELP_LENGTH for row in helpful)
    assert all((row.help is None) == (row.section is None) for row in ROWS)


@pytest.mark.parametrize("row", UNDERSTOOD, ids=str)
def test_explanation_adds_up_to_the_score(index: Index, row: Row) -> None:
    for hit in index.search(row.query, match=row.match, limit=NO_LIMIT):
        explanation = index.explain(row.query, hit)
        assert explanation.score == hit.score == sum(factor.score for factor in explanation.factors)
        for factor in explanation.factors:
            rarity = sum(part.idf for part in factor.rarities)
            assert factor.saturation * rarity * factor.weight == pytest.approx(factor.score)
        assert str(explanation).count("\n") == len(explanation.factors)


def test_documentation_of_the_language_is_that_of_the_table() -> None:
    written = help_query.PAGE.read_text(encoding="utf-8")
    assert written == help_query.page(), "run: python tests/golden/help_query.py"
