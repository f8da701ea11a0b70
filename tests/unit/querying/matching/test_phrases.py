"""Where words stand side by side."""

import random
from pathlib import Path

import pytest

from searcher import Article, build_index, open_index
from searcher.indexing.segments import merge_policy
from searcher.querying.matching import phrases

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


@pytest.mark.parametrize("at_once", [1, 2, 7])
def test_phrases_are_found_in_many_passages_as_in_few(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    rng = random.Random(at_once)
    texts = [" ".join(rng.choices(["town", "towns", "road", "the"], k=rng.randint(1, 30))) for _ in range(40)]
    texts.append("cease-fires in the towns, a ceasefire, and another cease-fire")
    build_index([Article(address=f"{n:02}", text=text) for n, text in enumerate(texts)], tmp_path)
    queries = [
        '"the town"',
        '"the towns"',
        'stem:"the town"',
        '"town the town road"',
        'stem:"the town road"',
        '"road the the towns"',
        '"the road" town',
        "t*",
        '"t* road"',
        '"the t*"',
        "towns~ road",
        '"cease* in"',
        '"the town*"',
        "ceasefires~",
    ]

    def answers() -> list[tuple[int, list[tuple[float, str]]]]:
        with open_index(tmp_path) as index:
            found = [index.search(query, limit=40) for query in queries]
            return [(each.total, [(hit.score, hit.article.address) for hit in each]) for each in found]

    usual = answers()
    assert usual[0][0] > 14
    monkeypatch.setattr(phrases, "_FEW", 1_000)
    assert answers() == usual
    monkeypatch.setattr(phrases, "_FEW", 0)
    monkeypatch.setattr(phrases, "_MANY", at_once - 1)
    monkeypatch.setattr(phrases, "_AT_ONCE", at_once)
    monkeypatch.setattr(phrases, "_PLACES", 3 * at_once)
    assert answers() == usual
