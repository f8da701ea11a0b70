"""What an engine is asked, and that an index is one."""

from pathlib import Path

import pytest
from whoosh import query as whoosh

from searcher import Article, QueryError, SearchResult, build_index
from searcher.engine import Engine, EngineStatus, Options
from searcher.language.tree import And, Dates, Not, Part, Query, Within, Word, Words
from searcher.querying.search import Searcher
from searcher.storage.snapshot import open_snapshot

ARTICLES = [
    Article(address="a", text="The harbour was shelled.", date="2020"),
    Article(address="b", text="A harbour in peace.", date="2021"),
]


def word(surface: str) -> Words:
    return Words((Word(surface, (Part(surface, surface),)),))


def ask(engine: Engine, query: Query, options: Options) -> tuple[SearchResult, int, EngineStatus]:
    return engine.search(query, options), engine.count(query, options), engine.status()


@pytest.fixture
def searcher(tmp_path: Path) -> Searcher:
    build_index(ARTICLES, tmp_path, language="none")
    return Searcher(open_snapshot(tmp_path))


def test_index_is_an_engine(searcher: Searcher) -> None:
    result, n_found, status = ask(searcher, Query((word("harbour"),)), Options(limit=1))
    assert (result.query, result.understood, result.notes) == ("harbour", "harbour", ())
    assert (len(result), result.total, n_found) == (1, 2, 2)
    assert status == EngineStatus(n_articles=2, n_passages=2)


def test_options_become_clauses(searcher: Searcher) -> None:
    query = Query((word("harbour"),), (Not(word("war")),))
    within = Within(("a",), keeps_headings=False)
    narrowed = Options(since="2020", within=within).narrow(query)
    assert narrowed == Query(query.loose, (*query.required, Dates("2020", ""), within))
    assert Options().narrow(query) is query
    assert [hit.article.address for hit in searcher.search(query, Options(until="2020"))] == ["a"]


def test_query_without_words_asks_for_nothing_whatever_the_options(searcher: Searcher) -> None:
    result = searcher.search(Query(), Options(since="2020"))
    assert (result.total, [note.code for note in result.notes]) == (0, ["empty"])


@pytest.mark.parametrize("options", [Options(limit=-1), Options(match="some"), Options(since="May")])  # type: ignore[arg-type]
def test_invalid_option_is_refused(searcher: Searcher, options: Options) -> None:
    with pytest.raises(ValueError, match=r"-1|some|May"):
        searcher.search(Query(required=(And((word("a"), word("b"))),)), options)


def test_error_names_the_whole_query_and_where_the_trouble_begins(tmp_path: Path) -> None:
    build_index(ARTICLES, tmp_path, language="none")
    searcher = Searcher(open_snapshot(tmp_path), max_forms=1)
    with pytest.raises(QueryError) as caught:
        searcher.ask("peace  OR ?a*", Options())
    assert (caught.value.query, caught.value.position) == ("peace  OR ?a*", 10)
    with pytest.raises(QueryError) as strict:
        searcher.ask("foo:bar", Options(), strict=True)
    assert strict.value.query == "foo:bar"
    regex = whoosh.Regex("text", "(")
    with pytest.raises(QueryError, match="Whoosh cannot run") as foreign:
        searcher.ask(whoosh.And([whoosh.Term("text", "peace"), regex]), Options())
    assert foreign.value.query[foreign.value.position :].startswith(repr(regex))
    assert foreign.value.position > 0


def test_result_of_a_text_says_what_was_typed(searcher: Searcher) -> None:
    result = searcher.ask("+Harbour  foo:bar", Options(limit=0))
    assert result.query == "+Harbour  foo:bar"
    assert [note.code for note in result.notes] == ["unknown-field", "no-match", "without"]
    assert [clause.n_passages for clause in result.clauses] == [0, 2]
