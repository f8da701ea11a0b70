import asyncio
import pickle
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path

import pytest

from searcher import Article, Index, SearchResult, build_index, open_index, search
from searcher.errors import CorpusError, IndexMissingError, IndexStateError

ARTICLES = [
    Article(address="2019.txt", text="Talks on the border failed.", date="2019", source="Reuters"),
    Article(address="2020-09.txt", text="The war began with shelling at the border.", date="2020-09"),
    Article(
        address="2020-10-01.txt",
        text="Shelling went on; talks did not.",
        date="2020-10-01",
        keywords=("war",),
    ),
    Article(address="undated.txt", text="A ceasefire ended the war; the border moved."),
    Article(address="Şuşa/é.txt", text="The road to Şuşa.", date="2021-02"),
]
QUERIES = [
    "war", "border talks", '"the border"', "shelling -talks", "ceasefire OR road", "Susa", "cease-fire", "wars began",
]  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    build_index(ARTICLES, tmp_path / "index")
    return tmp_path / "index"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text("The war began.")
    (folder / "b.txt").write_text("The war ended.")
    return folder


def addresses(result: SearchResult) -> set[str]:
    return {hit.article.address for hit in result}


def answer(result: SearchResult) -> tuple[object, ...]:
    return result.hits, result.notes, result.understood, result.total, result.tiers, result.match


def test_search_never_builds_unasked(tmp_path: Path, corpus: Path) -> None:
    with pytest.raises(IndexMissingError, match="searcher index"):
        search("war", index=tmp_path / "none")
    with pytest.raises(IndexMissingError):
        search("war", index=tmp_path / "none", corpus=corpus)
    assert not (tmp_path / "none").exists()


def test_search_builds_and_updates_on_request(tmp_path: Path, corpus: Path) -> None:
    index = tmp_path / "index"
    assert addresses(search("war", index=index, corpus=corpus, update=True)) == {"a.txt", "b.txt"}
    (corpus / "c.txt").write_text("Another war.")
    assert addresses(search("war", index=index)) == {"a.txt", "b.txt"}
    assert addresses(search("war", index=index, update=True)) == {"a.txt", "b.txt", "c.txt"}


def test_search_names_the_folder_that_the_index_belongs_to(tmp_path: Path, corpus: Path) -> None:
    build_index(corpus, tmp_path / "index")
    for update in (False, True):
        with pytest.raises(CorpusError, match="belongs to"):
            search("war", index=tmp_path / "index", corpus=tmp_path, update=update)


def test_index_opens_by_text_or_path_and_closes_with_the_block(path: Path) -> None:
    with open_index(str(path)) as index:
        assert isinstance(index, Index)
        assert (index.path, len(index), index.corpus) == (path, 5, None)
        result = index.search("war")
    assert [hit.snippet.plain() for hit in result]


@pytest.mark.parametrize(
    "use",
    [
        lambda index: index.search("war"),
        lambda index: index.search_many(["war"]),
        lambda index: index.article("2019.txt"),
        lambda index: index.addresses(),
        lambda index: index.status(),
        len,
        lambda index: index.refresh(),
    ],
    ids=["search", "search_many", "article", "addresses", "status", "len", "refresh"],
)
def test_closed_index_cannot_be_used(path: Path, use: Callable[[Index], object]) -> None:
    index = open_index(path)
    index.close()
    index.close()
    with pytest.raises(ValueError, match="has been closed"):
        use(index)


def test_result_iterates_its_hits_best_first(path: Path) -> None:
    with open_index(path) as index:
        result = index.search("border")
    assert list(result) == list(result.hits)
    assert len(result) == result.total == 3
    assert [hit.rank for hit in result] == [1, 2, 3]
    assert [hit.score for hit in result] == sorted((hit.score for hit in result), reverse=True)


def test_result_survives_its_index_and_its_process(path: Path) -> None:
    with open_index(path) as index:
        result, whole = index.search("war"), index.search("war")
        assert {field.name: getattr(whole, field.name) for field in fields(whole)}
    shutil.rmtree(path)
    sent = pickle.loads(pickle.dumps(result))  # nothing of it has been looked at before
    assert replace(sent, elapsed_ms=0) == replace(whole, elapsed_ms=0)
    assert not any(map(callable, vars(sent).values()))
    assert sent.ranking[0][1:] == (
        sent.hits[0].article.address,
        sent.hits[0].passage.start,
        sent.hits[0].passage.end,
    )
    with pytest.raises(AttributeError, match="no attribute 'hit'"):
        sent.hit  # noqa: B018


def test_search_many_answers_each_query_in_turn(path: Path) -> None:
    with open_index(path) as index:
        many = index.search_many(QUERIES, limit=2, match="any")
        assert [result.query for result in many] == QUERIES
        for query, result in zip(QUERIES, many, strict=True):
            assert answer(result) == answer(index.search(query, limit=2, match="any"))
        assert index.search_many([]) == []


def test_threads_get_the_answers_that_one_would_get(path: Path) -> None:
    with open_index(path) as index:
        expected = [answer(index.search(query)) for query in QUERIES]
    with open_index(path) as index, ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda query: answer(index.search(query)), QUERIES * 25))
    assert found == expected * 25


def test_index_can_be_searched_from_a_coroutine(path: Path) -> None:
    async def ask() -> SearchResult:
        with open_index(path) as index:
            return await asyncio.to_thread(index.search, "war")

    assert addresses(asyncio.run(ask())) == {"2020-09.txt", "undated.txt"}


def test_article_is_found_by_its_address(path: Path) -> None:
    with open_index(path) as index:
        article = index.article("2020-10-01.txt")
        assert (article.text, article.date, article.keywords) == (ARTICLES[2].text, "2020-10-01", ("war",))
        assert index.article("Şuşa/é.txt").text == "The road to Şuşa."
        for address in ("2020", "2020-10-01.txt\n", "", "zzz"):
            with pytest.raises(CorpusError, match="no article"):
                index.article(address)


def test_addresses_are_sorted(path: Path) -> None:
    with open_index(path) as index:
        assert index.addresses() == sorted(article.address for article in ARTICLES)


@pytest.mark.parametrize("match", ["auto", "all", "any"])
@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2020", "", {"2020-09.txt", "2020-10-01.txt"}),
        ("2020-09-30", "", {"2020-09.txt", "2020-10-01.txt"}),
        ("2020-10", "", {"2020-10-01.txt"}),
        ("2020-10-01", "2020-10-01", {"2020-10-01.txt"}),
        ("2020-10-02", "", set()),
        ("", "2020", {"2019.txt", "2020-09.txt", "2020-10-01.txt"}),
        ("", "2020-09-01", {"2019.txt", "2020-09.txt"}),
        ("", "2019-01-01", {"2019.txt"}),
        ("", "2018", set()),
        ("2019-06", "2020-09", {"2019.txt", "2020-09.txt"}),
        ("", "", {"2019.txt", "2020-09.txt", "2020-10-01.txt", "undated.txt"}),
    ],
)
def test_date_filter_keeps_articles_that_may_be_of_those_days(
    path: Path, since: str, until: str, expected: set[str], match: str
) -> None:
    with open_index(path) as index:
        result = index.search("(war OR border OR talks)", since=since, until=until, match=match)  # type: ignore[arg-type]
    assert addresses(result) == expected
    assert result.total == len(expected)


@pytest.mark.parametrize("date", ["yesterday", "202", "2020-1", "20/10/2020", "2020-10-01T00:00"])
def test_filter_that_is_no_date_is_an_error(path: Path, date: str) -> None:
    with open_index(path) as index:
        for arguments in ({"since": date}, {"until": date}):
            with pytest.raises(ValueError, match=date):
                index.search("war", **arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("arguments", [{"limit": -1}, {"match": "some"}])
def test_other_arguments_than_those_documented_are_errors(path: Path, arguments: dict[str, object]) -> None:
    with open_index(path) as index, pytest.raises(ValueError, match=next(iter(arguments))):
        index.search("war", **arguments)  # type: ignore[arg-type]


def test_limit_of_nothing_still_counts(path: Path) -> None:
    with open_index(path) as index:
        result = index.search("war", limit=0)
    assert (len(result), result.total) == (0, 2)


def test_status_says_what_is_indexed_and_whether_it_is_fresh(tmp_path: Path, corpus: Path) -> None:
    build_index(corpus, tmp_path / "index", language="none")
    with open_index(tmp_path / "index") as index:
        status = index.status()
        assert (status.index, status.corpus, status.language) == (
            tmp_path / "index",
            corpus.resolve(),
            "none",
        )
        assert (status.n_articles, status.n_passages, status.n_words, status.n_terms) == (2, 2, 6, 4)
        assert status.size_bytes == sum(
            path.stat().st_size
            for path in (tmp_path / "index").iterdir()
            if path.name not in ("manifest.json", "write.lock")
        )
        assert (status.is_fresh, status.changes["unchanged"], status.skipped) == (True, 2, ())
        (corpus / "c.txt").write_text("New.")
        assert (index.status().is_fresh, index.status().changes["new"]) == (False, 1)
        shutil.rmtree(corpus)
        assert (index.status().is_fresh, index.status().changes) == (None, {})


def test_status_of_articles_without_a_folder_knows_no_freshness(path: Path) -> None:
    with open_index(path) as index:
        status = index.status()
    assert (status.corpus, status.is_fresh, status.changes) == (None, None, {})


def test_status_of_an_index_that_has_moved_on_is_no_error(tmp_path: Path, corpus: Path) -> None:
    build_index(corpus, tmp_path / "index")
    with open_index(tmp_path / "index") as index:
        (corpus / "c.txt").write_text("New.")
        build_index(corpus, tmp_path / "index")
        index.status()


def test_index_updates_from_its_own_folder_and_moves_to_the_outcome(tmp_path: Path, corpus: Path) -> None:
    build_index(corpus, tmp_path / "index")
    with open_index(tmp_path / "index") as index, open_index(tmp_path / "index") as other:
        assert not index.update().has_changed
        (corpus / "c.txt").write_text("A third war.")
        assert index.update().counts["new"] == 1
        assert (len(index), len(other)) == (3, 2)
        other.refresh()
        assert len(other) == 3


def test_index_of_articles_cannot_be_updated_from_a_folder(path: Path) -> None:
    with open_index(path) as index, pytest.raises(CorpusError, match="has no corpus folder"):
        index.update()


def test_articles_come_from_any_iterable_in_any_order(tmp_path: Path) -> None:
    report = build_index((article for article in reversed(ARTICLES)), tmp_path / "index")
    assert (report.counts["new"], report.n_articles, report.has_changed) == (5, 5, True)
    with open_index(tmp_path / "index") as index:
        assert index.addresses() == sorted(article.address for article in ARTICLES)


def test_building_anew_replaces_what_was_there(path: Path) -> None:
    build_index(ARTICLES[:1], path)
    with open_index(path) as index:
        assert index.addresses() == ["2019.txt"]


@pytest.mark.parametrize("articles", [[*ARTICLES, ARTICLES[0]], [ARTICLES[0]] * 2])
def test_address_that_comes_twice_is_an_error_and_leaves_the_index(
    path: Path, articles: list[Article]
) -> None:
    with pytest.raises(ValueError, match=r"address '2019\.txt' comes twice"):
        build_index(articles, path)
    with open_index(path) as index:
        assert len(index) == 5


def test_index_of_no_articles_finds_nothing(tmp_path: Path) -> None:
    assert build_index([], tmp_path / "index").n_articles == 0
    with open_index(tmp_path / "index") as index:
        assert (len(index), index.addresses(), index.search("war").total) == (0, [], 0)
        assert index.status().n_terms == 0


def test_articles_do_not_replace_the_index_of_a_folder(tmp_path: Path, corpus: Path) -> None:
    build_index(corpus, tmp_path / "index")
    with pytest.raises(IndexStateError, match="belongs to the folder"):
        build_index(ARTICLES, tmp_path / "index")


def test_folder_does_not_replace_an_index_of_articles(path: Path, corpus: Path) -> None:
    with pytest.raises(CorpusError):
        build_index(corpus, path)


def test_rebuilding_lets_the_index_of_a_folder_hold_articles(tmp_path: Path, corpus: Path) -> None:
    build_index(corpus, tmp_path / "index")
    build_index(ARTICLES, tmp_path / "index", rebuild=True)


def test_rebuilding_mends_a_damaged_index_of_articles(path: Path) -> None:
    (path / "manifest.json").write_text("{")
    build_index(ARTICLES, path, rebuild=True)


def test_language_of_an_index_of_articles_is_kept(tmp_path: Path) -> None:
    build_index(ARTICLES, tmp_path / "index", language="none")
    build_index(ARTICLES, tmp_path / "index")
    with open_index(tmp_path / "index") as index:
        assert index.status().language == "none"


@pytest.mark.parametrize("language", ["french", "russian", "none"])
def test_words_are_found_in_the_language_of_the_index(tmp_path: Path, language: str) -> None:
    articles = [
        Article(address="fr", text="Les nouvelles élevées."),
        Article(address="ru", text="Новые переговоры."),
    ]
    build_index(articles, tmp_path / "index", language=language)
    with open_index(tmp_path / "index") as index:
        assert addresses(index.search("ÉLEVÉES переговоры", match="any")) == {"fr", "ru"}
        assert (addresses(index.search("élevée")) == {"fr"}) == (language == "french")
        assert (addresses(index.search("переговорами")) == {"ru"}) == (language == "russian")


def test_marks_of_an_article_are_all_that_a_query_finds_there(path: Path) -> None:
    with open_index(path) as index:
        text = index.article("undated.txt").text
        marks = index.marks("war border", "undated.txt")
    assert [text[start:end] for start, end in marks] == ["war", "border"]
