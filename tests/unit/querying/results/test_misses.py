"""What a query that finds nothing says."""

from pathlib import Path

import pytest

from searcher import Article, Index, build_index, open_index

ARTICLES = [
    Article(address="a", text="The cleansing of the harbour began. Ships left.", source="Courier"),
    Article(address="b", text="A cleansing agent was sold in the market.", date="2020"),
]


@pytest.fixture
def index(tmp_path: Path) -> Index:
    build_index(ARTICLES, tmp_path)
    return open_index(tmp_path)


def told(index: Index, query: str) -> list[str]:
    result = index.search(query)
    return [note.message for note in result.notes if note.code in ("no-match", "without")]


def test_word_that_is_nowhere_is_named_with_words_like_it(index: Index) -> None:
    assert told(index, "cleensing") == ["cleensing is in no passage; did you mean cleansing (2)?"]
    assert told(index, "xylophone") == ["xylophone is in no passage"]


def test_missing_word_is_named_where_others_are_found(index: Index) -> None:
    assert told(index, "harbor ships") == ["harbor is in no passage; did you mean harbour (1)?"]


def test_clause_without_match_is_named_with_what_remains_without_it(index: Index) -> None:
    assert told(index, 'cleansing "agent sold"') == [
        '"agent sold" is in no passage',
        'without "agent sold": 2 passages',
    ]
    assert told(index, "cleansing source:nowhere") == [
        "source:nowhere selects nothing",
        "without source:nowhere: 2 passages",
    ]


def test_clauses_that_never_meet_are_each_left_out_in_turn(index: Index) -> None:
    assert told(index, '"harbour began" date:2020') == [
        'without "harbour began": 1 passage',
        "without date:2020: 1 passage",
    ]


def test_every_part_is_counted_by_itself(index: Index) -> None:
    clauses = index.search('cleansing "the market" date:2020').clauses
    assert [(clause.text, clause.n_passages) for clause in clauses] == [
        ("cleansing", 2),
        ('"the market"', 1),
        ("date:2020", 1),
    ]


def test_query_with_hits_says_nothing_of_the_kind(index: Index) -> None:
    assert told(index, "cleansing harbour") == []
