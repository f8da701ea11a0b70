"""Articles that programs put in beside the files of a folder."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from searcher import Article, Index, Span, build_index
from searcher.errors import CorpusError, IndexMissingError
from searcher.indexing import put as putting
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
        before = {path.name: path.read_bytes() for path in path.iterdir() if path.suffix != ".lock"}
        for addresses in ([WHOLE.address, "unknown"], [WHOLE.address, "a.txt"]):
            with pytest.raises((CorpusError, ValueError)):
                index.remove(addresses)
        for address in ("a.txt", "new"):
            articles = [Article(address="new", text="New."), Article(address=address, text="Newer.")]
            with pytest.raises(ValueError, match=address):
                index.put(articles)
        assert {path.name: path.read_bytes() for path in path.iterdir() if path.suffix != ".lock"} == before


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
