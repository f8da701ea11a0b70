"""A query that would have too much read is refused before anything is."""

from pathlib import Path

import pytest

from searcher import Article, Index, QueryError, build_index, open_index
from searcher.indexing.segments import merge_policy
from searcher.querying.matching import limits

N_ARTICLES = 20
TEXT = "The war of wars, the talks of towns. They thanked the others."


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    articles = [Article(address=f"{n}", text=TEXT) for n in range(N_ARTICLES)]
    build_index([*articles, Article(address="rare", text="Truce of the brave.")], tmp_path)
    monkeypatch.setattr(limits, "MIN_ALLOWED", 200)
    monkeypatch.setattr(limits, "SHARE", 0)
    return open_index(tmp_path)


@pytest.mark.parametrize(
    "asked",
    [
        "th* OR t*",
        "-(th* OR t*)",
        "t* NEAR/5 th*",
        '"th* t* th*"',
        '"the of the of the of the of the of"',
        '(the AND (of OR "the war of the war of the war of the"))',
    ],
)
def test_too_many_common_words_are_refused(index: Index, asked: str) -> None:
    with index, pytest.raises(QueryError, match=r"too many common words.*: ask for less at once"):
        index.search(asked)


@pytest.mark.parametrize(
    "asked",
    [
        "th*",
        '"the war of"',
        "(the OR of) AND (the OR war) AND (the OR of) AND (the OR war) AND (the OR of)",
        '"brave truce of the of the of the of the of the"',
    ],
)
def test_little_is_not_refused_however_common_the_words(index: Index, asked: str) -> None:
    with index:
        index.search(asked)


def test_what_is_too_much_with_the_rest_is_named(index: Index) -> None:
    with index, pytest.raises(QueryError) as caught:
        index.search('"the war of" OR "of wars the talks of"')
    text = '"of wars the talks of"'
    assert str(caught.value).startswith(
        f"{text} has too many common words together with what stands before it"
    )
    assert caught.value.query[caught.value.position :] == text


def test_large_index_allows_more(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    n_words = index.status().n_words
    with pytest.raises(QueryError):
        index.search("th* OR t*")
    monkeypatch.setattr(limits, "SHARE", 100_000 / n_words)
    with open_index(index.path) as again:
        again.search("th* OR t*")


def test_what_is_gone_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge_policy, "CLASS_SIZES", (2, 9))
    monkeypatch.setattr(merge_policy, "MAX_DEAD_SHARE", 1)
    articles = [
        Article(address=f"{n}", text=f"{TEXT} The talks {'thrive' * (n % 3 > 0)}.") for n in range(15)
    ]
    kept = [article for number, article in enumerate(articles) if number % 4]
    build_index(kept, tmp_path / "fresh")
    build_index(articles[3:], tmp_path / "old")
    with open_index(tmp_path / "old") as old:
        old.put(articles[:3])
        old.remove([article.address for article in articles[::4]])
        assert len(old._open.snapshot.segments) == 2
        assert any(live.live is not None for live in old._open.snapshot.segments)
    for asked in ("th* OR t*", '"th* war"', "t* NEAR/5 (th* OR towns)", '"the of the of the of the"'):
        refused = []
        for name in ("fresh", "old"):
            with open_index(tmp_path / name) as index:
                refused.append(
                    [_is_refused(index, asked, limit, monkeypatch) for limit in range(0, 8_000, 8)]
                )
        assert refused[0] == refused[1]
        assert {True, False} == set(refused[0])


def _is_refused(index: Index, asked: str, limit: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr(limits, "MIN_ALLOWED", limit)
    monkeypatch.setattr(limits, "SHARE", 0)
    try:
        index.search(asked, limit=0)
    except QueryError:
        return True
    return False
