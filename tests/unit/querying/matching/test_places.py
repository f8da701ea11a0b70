"""Where words stand side by side, and close to each other."""

from pathlib import Path

import pytest

from searcher import Article, QueryError, build_index, open_index
from searcher.indexing.segments import merge_policy
from searcher.querying.matching import places

TEXTS = [
    "A coop, two co-ops; the cease-fire.",
    "The coop cease-fire.",
    "The co-op cease-fire.",
    "Coop cease.",
]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        # What follows may cover one position or two where it stands.
        ("coop-cease*", [1, 2, 3]),
        ('stem:"coop cease*"', [1, 2, 3]),
        ('stem:"coops-ceasefire"', [1, 2]),
        ('"co-op ceasefire"', [1, 2]),
        ('"ceasefire coop"', []),
        ('"two co-op*"', [0]),
        ('"two coop*"', [0]),
        ('"coop coop"', []),
        ('"two coop"', []),
        ('stem:"two coop"', [0]),
    ],
)
def test_words_of_several_widths_stand_side_by_side(tmp_path: Path, query: str, found: list[int]) -> None:
    build_index([Article(address=str(n), text=text) for n, text in enumerate(TEXTS)], tmp_path)
    with open_index(tmp_path) as index:
        assert sorted(int(hit.article.address) for hit in index.search(query)) == found


def test_phrase_whose_rarest_words_are_in_no_passage_together_is_nowhere(tmp_path: Path) -> None:
    texts = ["Apples, pears.", "Plums, figs, figs.", "Figs, plums."]
    build_index([Article(address=str(n), text=text) for n, text in enumerate(texts)], tmp_path)
    with open_index(tmp_path) as index:
        for query in ('"apples plums figs"', 'stem:"figs plums apples"'):
            assert index.search(query).total == 0


def test_phrase_is_worth_as_much_where_another_segment_lacks_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merge_policy, "CLASS_SIZES", (1, 2))
    articles = [
        Article(address=str(n), text=text) for n, text in enumerate(["A road.", "A town.", "A town."])
    ]
    build_index(articles, tmp_path / "whole")
    build_index(articles[:2], tmp_path / "parts")
    with open_index(tmp_path / "whole") as whole, open_index(tmp_path / "parts") as parts:
        parts.put(articles[2:])
        assert len(parts._open.snapshot.segments) > len(whole._open.snapshot.segments)
        for query in ('"a road"', 'stem:"a town"'):
            scores, expected = ([hit.score for hit in index.search(query)] for index in (parts, whole))
            assert scores == expected
            assert min(scores) > 0


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
    monkeypatch.setattr(places, "MAX_TRIED", 20)
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
