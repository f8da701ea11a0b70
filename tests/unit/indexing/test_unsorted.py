"""Articles that lie in a file come out as they went in, by address."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from searcher import Article, Span
from searcher.indexing.change import content_of, fingerprint_of
from searcher.indexing.unsorted import UnsortedArticles
from searcher.storage.files import is_owned

ARTICLES = [
    Article(address="é", text="Last.\n\n\r\nLine."),
    Article(
        address="b/1",
        text="title: War and Peace\n\nWar began in Şuşa. 😀",
        title="War and Peace",
        title_from="front matter",
        date="1869-01-01",
        source='"Press"',
        author="L. T.\nA. K.",
        keywords=("war", "peace"),
        language="english",
        url="https://example.org/war",
        body_start=22,
        title_span=Span(7, 20),
    ),
    Article(address="B", text="", title="", title_from=""),
]


@pytest.fixture
def filled(tmp_path: Path) -> UnsortedArticles:
    unsorted = UnsortedArticles(tmp_path, 6)
    for article in ARTICLES:
        unsorted.add(article.address, fingerprint_of(article), content_of(article))
    return unsorted


def test_articles_come_out_as_they_went_in_by_address(filled: UnsortedArticles) -> None:
    found = [(item.article, item.fingerprint) for item in filled.by_address()]
    assert found == [(article, fingerprint_of(article)) for article in reversed(ARTICLES)]
    keywords, title_span = found[1][0].keywords, found[1][0].title_span
    assert (type(keywords), type(title_span)) == (tuple, Span)


def test_article_is_of_no_file_when_it_comes_out(tmp_path: Path) -> None:
    article = Article(address="a.txt/1", text="War.", file="a.txt")
    with closing(UnsortedArticles(tmp_path, 0)) as unsorted:
        unsorted.add(article.address, "1", content_of(article))
        assert [item.article for item in unsorted.by_address()] == [replace(article, file=None)]


def test_file_is_one_that_the_index_owns_under_a_number_of_its_own(
    filled: UnsortedArticles, tmp_path: Path
) -> None:
    (path,) = tmp_path.iterdir()
    assert is_owned(path.name)
    assert path.name.startswith("segment-00000007-")
    filled.close()


@pytest.mark.parametrize("n_read", [0, 1, 3])
def test_file_is_deleted(filled: UnsortedArticles, tmp_path: Path, n_read: int) -> None:
    reading = filled.by_address()
    assert len([next(reading) for _ in range(n_read)]) == n_read
    if n_read == len(ARTICLES):
        assert [*reading] == []
    else:
        filled.close()
    assert [*tmp_path.iterdir()] == []
    filled.close()
