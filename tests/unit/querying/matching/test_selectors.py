"""Which articles a field selects."""

from pathlib import Path

import pytest

from searcher import Article, build_index, open_index


def is_found(folder: Path, article: Article, query: str) -> bool:
    build_index([article], folder / "index")
    with open_index(folder / "index") as index:
        return index.search(query).total > 0


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("UN votes", "title:UN"),
        ("UN votes", "title:U.N."),
        ("U.N. votes", "title:un"),
        ("Cease-fire holds", "title:ceasefire"),
        ("A ceasefire holds", "title:cease-fire"),
        ("A cease fire holds", "title:cease-fire"),
        ("Cease-fire holds", 'title:"ceasefire holds"'),
        ("Cease-fire holds", 'title:"cease fire holds"'),
        ("Cease-fires hold", "title:ceasefire"),
        ("Cease-fire holds", "title:ceasef*"),
        ("Cease-fire holds", "title:ceasfire~"),
        ("A first line\nand a second", 'title:"line and"'),
    ],
)
def test_field_finds_the_spellings_that_a_passage_would(tmp_path: Path, title: str, query: str) -> None:
    assert is_found(tmp_path, Article(address="a", text="Text.", title=title), query)


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("Cease-fires hold", 'title:"ceasefire"'),
        ("Cease all fire", "title:cease-fire"),
        ("Cease-fire holds", 'title:"ceasefire fire"'),
        ("Write to us", "title:US"),
        ("Cease-fire holds", "title:cesfir~"),
    ],
)
def test_field_finds_nothing_that_a_passage_would_not(tmp_path: Path, title: str, query: str) -> None:
    assert not is_found(tmp_path, Article(address="a", text="Text.", title=title), query)


def test_phrase_does_not_run_from_one_keyword_into_the_next(tmp_path: Path) -> None:
    article = Article(address="a", text="Text.", keywords=("border war", "peace talks"))
    assert is_found(tmp_path / "within", article, 'keyword:"peace talks"')
    assert not is_found(tmp_path / "across", article, 'keyword:"war peace"')


@pytest.mark.parametrize(
    ("query", "addresses"),
    [
        ("title:wars", "abd"),
        ('title:"war talks"', "b"),
        ('title:"talks war"', ""),
        ("title:cease-fire", "cd"),
        ('title:"war ceasefire"', "d"),
        ("title:w?r", "abd"),
        ("-title:war", "ce"),
    ],
)
def test_field_finds_those_of_many_articles_that_have_the_words(
    tmp_path: Path, query: str, addresses: str
) -> None:
    titles = ["Talks on war", "War talks", "A cease fire, talks", "“WAR” ceasefire", ""]
    articles = [
        Article(address=address, text="Text.", title=title)
        for address, title in zip("abcde", titles, strict=True)
    ]
    build_index(articles, tmp_path / "index")
    with open_index(tmp_path / "index") as index:
        found = index.search(query, limit=100)
    assert sorted({hit.article.address for hit in found}) == list(addresses)
