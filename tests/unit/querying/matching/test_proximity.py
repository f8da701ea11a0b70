"""Where words stand close to each other."""

import random
from pathlib import Path

import pytest

from searcher import Article, QueryError, build_index, open_index
from searcher.querying.matching import phrases, proximity


def marked(folder: Path, text: str, query: str) -> list[str]:
    """Give what a query marks in a text."""
    build_index([Article(address="a", text=text)], folder / "index")
    with open_index(folder / "index") as index:
        return [text[mark.start : mark.end] for hit in index.search(query) for mark in hit.marks]


@pytest.mark.parametrize("text", ["talks on the cease-fire", "cease-fire talks", "the cease-fire of talks"])
def test_no_two_members_share_a_word(tmp_path: Path, text: str) -> None:
    assert marked(tmp_path, text, "cease NEAR/5 ceasefire NEAR/5 talks") == []
    assert marked(tmp_path, text, "cease NEAR/5 fire NEAR/5 talks") != []


def test_members_that_search_for_the_same_in_other_words_need_two_places(tmp_path: Path) -> None:
    assert marked(tmp_path, "talks of war", "talks NEAR/5 war NEAR/5 wars") == []
    assert marked(tmp_path / "two", "talks of war, war", "talks NEAR/5 war NEAR/5 wars") == [
        "talks",
        "war",
        "war",
    ]


def test_repeated_phrases_do_not_overlap(tmp_path: Path) -> None:
    query = '"war war" NEAR/9 "war war" NEAR/9 talks'
    assert marked(tmp_path, "talks: war war war", query) == []
    assert marked(tmp_path / "four", "talks: war war war war", query) == ["talks", "war war", "war war"]


def test_place_that_leaves_no_room_for_the_others_is_not_marked(tmp_path: Path) -> None:
    text = "talks on a cease-fire, no ceasefire"
    assert marked(tmp_path, text, "cease NEAR/9 ceasefire NEAR/9 talks") == ["talks", "cease", "ceasefire"]


def test_short_alternative_within_a_long_one_leaves_room_for_others(tmp_path: Path) -> None:
    query = 'talks NEAR/9 ("war of words" OR of) NEAR/9 words'
    assert marked(tmp_path, "talks: war of words", query) == ["talks", "of", "words"]


def test_members_that_overlap_in_too_many_ways_are_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = range(4)
    text = "war " + " ".join(f"peace{number}" for number in numbers)
    query = " NEAR/99 ".join(f"(war OR peace{number})" for number in numbers)
    assert marked(tmp_path / "few", text, query) == text.split()
    monkeypatch.setattr(proximity, "MAX_TRIED", 8 * 1000)
    with pytest.raises(QueryError, match="ask for fewer"):
        marked(tmp_path / "many", text, query)
    distinct = " NEAR/99 ".join(f"peace{number}" for number in numbers)
    assert marked(tmp_path / "distinct", text, distinct) == text.split()[1:]


def test_phrase_that_crosses_the_end_of_a_sentence_is_in_neither(tmp_path: Path) -> None:
    text = "It was war. The talks failed.\n\nWar went on."
    for number, (query, found) in enumerate(
        [
            ('"war the" SENTENCE talks', []),
            ('"war the" SENTENCE it', []),
            ('"war the" PARAGRAPH talks', ["war. The", "talks"]),
            ('"failed war" PARAGRAPH talks', []),
            ('"talks failed" SENTENCE the', ["The", "talks failed"]),
        ]
    ):
        assert marked(tmp_path / str(number), text, query) == found


def test_members_may_share_words_within_a_sentence(tmp_path: Path) -> None:
    assert marked(tmp_path, "A cease-fire.", "cease SENTENCE ceasefire") == ["cease-fire"]


@pytest.mark.parametrize("at_once", [1, 7])
def test_slices_of_passages_hold_what_all_of_them_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    rng = random.Random(at_once)
    words = ["cease-fire", "ceasefire", "talks", "talk", "the.", "of"]
    texts = [" ".join(rng.choices(words, k=rng.randint(1, 20))) for _ in range(40)]
    build_index([Article(address=f"{n:02}", text=text) for n, text in enumerate(texts)], tmp_path)
    queries = [
        "the NEAR/3 of",
        "the SENTENCE talks",
        "cease NEAR/5 ceasefire",
        "(talks OR of) NEAR/2 the",
        "of PARAGRAPH the",
        "t* NEAR/2 of",
        "talks~ SENTENCE t*",
    ]

    def answers() -> list[tuple[int, list[tuple[float, str, object]]]]:
        with open_index(tmp_path) as index:
            found = [index.search(query, limit=40) for query in queries]
            return [
                (each.total, [(hit.score, hit.article.address, hit.marks) for hit in each]) for each in found
            ]

    usual = answers()
    assert all(total > 7 for total, _ in usual)
    monkeypatch.setattr(phrases, "_AT_ONCE", at_once)
    monkeypatch.setattr(phrases, "_PLACES", 3 * at_once)
    assert answers() == usual
