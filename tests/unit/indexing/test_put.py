"""Articles that programs put in beside the files of a folder."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from searcher import Article, Index, Span, build_index
from searcher.errors import CorpusError, IndexLockedError, IndexMissingError
from searcher.indexing import put as putting
from searcher.indexing.inversion import batch
from searcher.indexing.lock import writing
from searcher.indexing.segments import merge_policy
from searcher.storage.manifest import read_manifest

WHOLE = Article(
    address="put/whole",
    text="title: War and Peace\n\nWar began. Peace followed.",
    title="War and Peace",
    title_from="front matter",
    date="1869-01-01",
    source="Press",
    author="L. T.",
    keywords=("war", "peace"),
    language="english",
    url="https://example.org/war",
    body_start=22,
    title_span=Span(7, 20),
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus/a.txt").write_text("The wars, a.")
    return tmp_path / "corpus"


@pytest.mark.parametrize("option", ["language", "rebuild"])
def test_article_survives_a_new_analysis_unchanged(tmp_path: Path, corpus: Path, option: str) -> None:
    path = tmp_path / "index"
    build_index(corpus, path)
    with Index(path) as index:
        index.put([WHOLE])
        assert index.article(WHOLE.address) == WHOLE
        if option == "language":
            assert build_index(corpus, path, language="none").reason
        else:
            build_index(corpus, path, rebuild=True)
        assert index.refresh()
        assert index.article(WHOLE.address) == WHOLE
        assert index.search("author:T title:peace followed").hits[0].article == WHOLE
        assert not index.put([WHOLE]).has_changed  # it is known again


@pytest.mark.parametrize(
    "changed",
    [
        *({name: "Peace"} for name in ("title", "title_from", "source", "author", "language", "url")),
        *(
            {"text": WHOLE.text + "\n"},
            {"date": "1869"},
            {"keywords": ("war",)},
            {"keywords": ("war, peace",)},
        ),
        *({"body_start": 23}, {"title_span": None}),
    ],
)
def test_article_is_another_one_whatever_of_it_has_changed(tmp_path: Path, changed: dict[str, Any]) -> None:
    build_index([WHOLE], tmp_path)
    assert not putting.put(tmp_path, [WHOLE]).has_changed
    assert putting.put(tmp_path, [replace(WHOLE, **changed)]).has_changed


def contents(path: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in path.iterdir() if path.suffix != ".lock"}


def columns_and_texts(path: Path) -> list[bytes]:
    return [data for name, data in sorted(contents(path).items()) if name.startswith("segment-")]


@pytest.mark.parametrize("way", ["build", "put"])
def test_index_is_the_same_in_whatever_order_articles_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(batch, "BATCH_BYTES", 20)
    articles = [WHOLE, *(Article(address=name, text=f"{name} War. The wars of {name}.") for name in "Bab")]
    found = []
    for number, ordered in enumerate(permutations(articles)):
        path = tmp_path / str(number)
        if way == "put":
            build_index([Article(address="m", text="War and peace.")], path)
            assert putting.put(path, iter(ordered)).taken == ("B", "a", "b", WHOLE.address)
        else:
            assert build_index(iter(ordered), path).taken == ("B", "a", "b", WHOLE.address)
        found.append(columns_and_texts(path))
    assert len(found[0]) == 2
    assert all(each == found[0] for each in found)


@pytest.mark.parametrize("error", [ValueError("invalid"), FileNotFoundError(2, "missing", "/elsewhere/a")])
@pytest.mark.parametrize("way", ["build", "put", "rebuild of what is damaged"])
def test_error_of_the_iterator_leaves_the_index_as_it_was(tmp_path: Path, way: str, error: Exception) -> None:
    build_index([WHOLE], tmp_path)
    if way == "rebuild of what is damaged":
        (tmp_path / "manifest.json").write_bytes(b'{"checksum":"')
    before = contents(tmp_path)

    def articles() -> Iterator[Article]:
        yield Article(address="new", text="New.")
        assert len(contents(tmp_path)) > len(before)  # it lies in a file
        raise error

    with pytest.raises(type(error)) as caught:
        putting.put(tmp_path, articles()) if way == "put" else build_index(
            articles(), tmp_path, rebuild=way != "build"
        )
    assert caught.value is error
    assert contents(tmp_path) == before


def test_no_article_is_taken_while_another_is_writing(tmp_path: Path) -> None:
    build_index([WHOLE], tmp_path)
    articles = iter([Article(address="new", text="New.")])
    with writing(tmp_path, None):
        for change in (putting.put, putting.build):
            with pytest.raises(IndexLockedError):
                change(tmp_path, articles)
    assert putting.put(tmp_path, articles).counts["new"] == 1


@pytest.mark.parametrize("again", [WHOLE, replace(WHOLE, text=WHOLE.text + "\n")])
def test_address_that_comes_twice_is_an_error_when_it_comes(tmp_path: Path, again: Article) -> None:
    build_index([WHOLE], tmp_path)
    before = contents(tmp_path)
    articles = iter([WHOLE, again, Article(address="not taken", text="New.")])
    with pytest.raises(ValueError, match=r"^address 'put/whole' comes twice"):
        putting.put(tmp_path, articles)
    assert [article.address for article in articles] == ["not taken"]
    assert contents(tmp_path) == before


def test_progress_counts_the_articles_that_are_indexed(tmp_path: Path) -> None:
    told: list[Any] = []
    articles = [WHOLE, *(Article(address=name, text="War.") for name in "cab")]
    build_index(iter(articles), tmp_path, language="none", progress=told.append)
    assert [(done, total) for done, total, _ in told] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert told[-1].n_bytes == 12 + len(WHOLE.text)
    told.clear()
    changed = Article(address="a", text="Peace.")
    putting.put(tmp_path, iter([WHOLE, changed, Article(address="d", text="")]), progress=told.append)
    assert told == [(1, 2, 6), (2, 2, 6)]


def test_put_in_an_index_of_another_version_analyses_all_of_it_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index([Article(address=name, text=f"War {name}.") for name in "ace"], tmp_path / "index")
    monkeypatch.setattr("searcher.indexing.folder.settings.ANALYSIS_VERSION", 99)
    told: list[Any] = []
    articles = [Article(address=name, text=f"Peace {name}.") for name in "dcb"]
    report = putting.put(tmp_path / "index", iter(articles), progress=told.append)
    assert (report.taken, report.n_articles, bool(report.reason)) == (("b", "c", "d"), 5, True)
    assert [(done, total) for done, total, _ in told] == [(number, 5) for number in range(1, 6)]
    texts = {"a": "War", "b": "Peace", "c": "Peace", "d": "Peace", "e": "War"}
    build_index(
        [Article(address=name, text=f"{text} {name}.") for name, text in texts.items()], tmp_path / "fresh"
    )
    with Index(tmp_path / "index") as index, Index(tmp_path / "fresh") as fresh:
        assert index.digest() == fresh.digest()


def test_nothing_is_begun_where_there_is_no_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError):
        putting.put(tmp_path / "index", [WHOLE])
    with pytest.raises(IndexMissingError):
        putting.remove(tmp_path / "index", [WHOLE.address])
    assert not (tmp_path / "index").exists()


def test_refused_change_leaves_the_index_as_it_was(tmp_path: Path, corpus: Path) -> None:
    path = tmp_path / "index"
    build_index(corpus, path, language="none")
    with Index(path) as index:
        index.put([WHOLE])
        before = contents(path)
        for addresses in ([WHOLE.address, "unknown"], [WHOLE.address, "a.txt"]):
            with pytest.raises((CorpusError, ValueError)):
                index.remove(addresses)
        for address in ("a.txt", "new"):
            articles = [Article(address="new", text="New."), Article(address=address, text="Newer.")]
            with pytest.raises(ValueError, match=address):
                index.put(articles)
        assert contents(path) == before


def test_segment_without_a_live_article_is_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge_policy, "CLASS_SIZES", (2, 100, 1000))
    path = tmp_path / "index"
    build_index([Article(address=f"{number:02}", text="War.") for number in range(10)], path, language="none")
    large = read_manifest(path).segments[0]
    with Index(path) as index:
        index.put([Article(address="new", text="Peace.")])
        small = read_manifest(path).segments[1]
        index.remove(["new"])
        assert read_manifest(path).segments == (large,)
        assert not any((path / name).exists() for name in small.file_names)
        index.remove([f"{number:02}" for number in range(10)])
        assert read_manifest(path).segments == ()
        assert {file.name for file in path.iterdir()} == read_manifest(path).file_names
        assert (len(index), index.search("war").total) == (0, 0)
