"""The hits, their order, their scores and their counts are those of the rules, however they are found."""

import random
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from plain_ranking import Hit, PlainRanking
from sizes import NEVER, shrink

from searcher import Article, Index, build_index
from searcher.engine import Options
from searcher.indexing.segments import merge_policy
from searcher.language.tree import And, Dates, Kinds, Node, Not, Or, Part, Query, Within, Word, Words
from searcher.model import Kind, Match
from searcher.querying.matching.evaluate import Evaluator
from searcher.querying.ranking.matches import TIERS
from searcher.querying.ranking.rank import find_matches, rank
from searcher.querying.search import Searcher
from searcher.storage.snapshot import open_snapshot

N_WORDS = 400
SHAPES: Final = {"plain": 3_500, "titles": 2_000, "segments": 2_500}
"""Kinds of indexes, and how many articles one has."""
LIMITS: Final = (0, 1, 4, 10, 70, NEVER)
WINDOW = 4_096
"""As many passages the kernel looks at together."""


class Made(NamedTuple):
    """An index, and what the rules say of it."""

    searcher: Searcher
    rules: PlainRanking
    articles: list[Article]


def _word(rng: random.Random) -> str:
    return f"w{min(int(rng.paretovariate(0.6)), N_WORDS)}"


def _article(rng: random.Random, number: int, *, has_title: bool) -> Article:
    paragraphs = [
        " ".join(_word(rng) for _ in range(rng.choice((3, 8, 30, 90)))) for _ in range(rng.randint(1, 4))
    ]
    title = " ".join(_word(rng) for _ in range(rng.randint(1, 4))).capitalize()
    keywords = f"Keywords: {_word(rng)}, {_word(rng)}, {_word(rng)}"
    text = "\n\n".join([title, *paragraphs, keywords] if has_title else paragraphs)
    return Article(address=f"{number:04}.txt", text=text, date=f"20{rng.randint(10, 29)}-05-17")


@pytest.fixture(scope="module", params=SHAPES)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """An index of some thousand passages: without headings; with them; of several segments with dead passages too."""
    return _build(random.Random(request.param), tmp_path_factory.mktemp("index"), request.param)


def _build(rng: random.Random, folder: Path, shape: str, n_articles: int = 0) -> Made:
    n_articles = n_articles or SHAPES[shape]
    has_title = shape != "plain"
    articles = [_article(rng, number, has_title=has_title and number % 3 > 0) for number in range(n_articles)]
    if shape == "segments":
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(merge_policy, "CLASS_SIZES", (n_articles, 6 * n_articles))
            build_index([article for number, article in enumerate(articles) if number % 5], folder)
            with Index(folder) as index:
                index.put(articles[::5])
                index.remove([article.address for article in articles[4::12]])
        del articles[4::12]
    else:
        build_index(articles, folder)
    snapshot = open_snapshot(folder)
    return Made(Searcher(snapshot), PlainRanking(snapshot, articles), articles)


def _words(rng: random.Random) -> tuple[Words, ...]:
    words = [_word(rng) if rng.random() < 0.5 else f"w{rng.randint(1, 60)}" for _ in range(rng.randint(1, 5))]
    weights = [rng.choice((1.0, 1.0, 1.0, 0.2, 3.5, 0.0)) for _ in words]
    distinct = dict(zip(words, weights, strict=True))
    return tuple(
        Words((Word(word, (Part(word, word),)),), weight=weight) for word, weight in distinct.items()
    )


def _phrase(rng: random.Random) -> Words:
    pair = tuple(Word(word, (Part(word, word),)) for word in (_word(rng), _word(rng)))
    return Words(pair, is_phrase=True, weight=rng.choice((1.0, 0.5)))


def _clause(rng: random.Random, articles: list[Article], depth: int = 2) -> Node:
    """Make a clause of any kind that ranking treats in a way of its own."""
    some = rng.sample(articles, len(articles) // 9)
    inner = tuple(_clause(rng, articles, depth - 1) for _ in range(rng.randint(1, 3))) if depth else ()
    clauses: list[Node] = [
        Kinds(frozenset(rng.sample([*Kind], rng.randint(1, len(Kind))))),
        Dates(f"20{rng.randint(5, 22)}-05-17", f"20{rng.randint(18, 35)}-05-17"),
        Within(tuple(article.address for article in some), keeps_headings=rng.random() < 0.5),
        *(_phrase(rng), *_words(rng)[:2]),
        Or(
            (And(_words(rng)[:2]), *_words(rng)[:1])
        ),  # the words of a branch count only where it is satisfied
        *((Not(inner[0]), And(inner), Or(inner)) if depth else ()),
    ]
    return rng.choice(clauses)


def _loose(rng: random.Random) -> Query:
    return Query(_words(rng))


def _required(rng: random.Random) -> Query:
    """Words that are required or joined by OR, with a word twice, and phrases among them."""
    words = _words(rng)
    if rng.random() < 0.3:
        words = (*words, _phrase(rng), words[0])
    kinds = (Kinds(frozenset(Kind)),) if rng.random() < 0.2 else ()
    return Query(required=(*((Or(words),) if rng.random() < 0.5 else words), *kinds))


def _mixed(rng: random.Random, articles: list[Article]) -> Query:
    """Clauses, and loose words or a word that is required beside them."""
    clauses = [_clause(rng, articles) for _ in range(rng.randint(1, 2))]
    if rng.random() < 0.7:
        return Query(_words(rng), tuple(clauses))
    return Query(required=(rng.choice(_words(rng)), *clauses))


def _check(made: Made, query: Query, rng: random.Random) -> Counter[int]:
    """Compare all answers to a query with what the rules say, and count the hits by tier."""
    matches: tuple[Match, ...] = ("any", "all", "auto") if query.loose else ("auto",)
    for match in matches:
        hits = made.rules.hits(query, match)
        _assert_alike(made, query, match, hits, rng)
    return Counter(hit.tier for hit in hits)


def _assert_alike(made: Made, query: Query, match: Match, expected: list[Hit], rng: random.Random) -> None:
    snapshot, searcher = made.searcher.snapshot, made.searcher
    found = find_matches(Evaluator(snapshot, searcher.analyser), query, match)
    n_tiers = len(TIERS) if match == "auto" and len(query.loose) > 1 else 1
    counts = [sum(hit.tier == tier for hit in expected) for tier in range(n_tiers)]
    assert sum(counts) == len(expected)
    for limit in LIMITS:
        assert [Hit(*hit) for hit in rank(snapshot, found, n_tiers, limit)] == expected[:limit]
    for limit in LIMITS[1:-1]:
        result = searcher.search(query, Options(limit, match))
        widest = max((hit.tier for hit in expected[:limit]), default=0)
        assert result.match == (TIERS[widest] if match == "auto" else match)
        assert [ranked.score for ranked in result.ranking] == [hit.score for hit in expected[:limit]]
        assert result.total == sum(counts[: widest + 1])
        assert [*result.tiers.values()][:n_tiers] == counts
    for tier in range(n_tiers):
        for segment, each in enumerate(found):
            here = [hit for hit in expected if (hit.segment, hit.tier) == (segment, tier)]
            assert each.count(tier) == len(here)
            assert each.passages(tier).tolist() == sorted(hit.passage for hit in here)
            for k in LIMITS:
                floor = rng.choice(here).score if here else 0.0
                best = [Hit(segment, tier, *hit) for hit in zip(*each.best(tier, k, floor), strict=True)]
                below = {hit for hit in best if hit.score < floor}  # may be left out
                assert best == [hit for hit in here[:k] if hit.score >= floor or hit in below]
    for segment, each in enumerate(found):
        leaves = each.leaves()
        helped = Counter(
            (leaf, number) for leaf, numbers in leaves if numbers is not None for number in numbers.tolist()
        )
        if query.required and not any(numbers is None for _, numbers in leaves):
            assert helped == Counter(
                (words, number)
                for (where, number), counting in made.rules.satisfying(query.required).items()
                if where == segment
                for words in counting
            )


@pytest.mark.parametrize("seed", range(30))
def test_loose_words_find_what_the_rules_say(made: Made, seed: int) -> None:
    rng = random.Random(seed)
    _check(made, _loose(rng), rng)


@pytest.mark.parametrize("seed", range(30))
def test_words_that_are_required_or_joined_by_or_find_what_the_rules_say(made: Made, seed: int) -> None:
    rng = random.Random(-seed)
    _check(made, _required(rng), rng)


@pytest.mark.parametrize("seed", range(30))
def test_words_with_clauses_find_what_the_rules_say(made: Made, seed: int) -> None:
    rng = random.Random(f"clauses {seed}")
    _check(made, _mixed(rng, made.articles), rng)


def test_phrase_finds_what_the_rules_say_alone_and_beside_a_word(made: Made) -> None:
    rng = random.Random(1)
    one, other = (Word(word, (Part(word, word),)) for word in ("w1", "w2"))
    phrase = Words((one, other), is_exact=True, is_phrase=True)
    assert _check(made, Query(required=(phrase,)), rng)[0] > 100
    assert _check(made, Query(required=(phrase, Words((one,)))), rng)[0] > 100
    assert _check(made, Query((Words((other,)),), required=(phrase,)), rng)[0] > 100


def test_nothing_is_found_where_nothing_is_asked(made: Made) -> None:
    assert _check(made, Query(), random.Random(1)) == Counter()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(5))
def test_so_it_is_with_tiny_sizes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shape: str, seed: int
) -> None:
    shrink(monkeypatch, f"{shape} {seed}")
    rng = random.Random(f"{shape} {seed}")
    made = _build(rng, tmp_path / "index", shape, n_articles=50)
    for _ in range(6):
        _check(made, _loose(rng), rng)
        _check(made, _required(rng), rng)
        _check(made, _mixed(rng, made.articles), rng)


def test_what_was_asked_has_all_that_ranking_distinguishes(
    made: Made, request: pytest.FixtureRequest
) -> None:
    """Several windows, rare and frequent words, hits of each tier, headings that lead and show each kind of passage, equal scores."""
    which = request.node.callspec.params["made"]
    segments = made.searcher.snapshot.segments
    assert len(segments) == (2 if which == "segments" else 1)
    assert any(live.live is not None for live in segments) == (which == "segments")
    assert segments[0].segment.n_passages > WINDOW
    columns = segments[0].segment.columns
    assert 1 < len(columns["dense_terms"]) < len(columns["posting_starts"]) - 100
    hits = [hit for seed in range(8) for hit in made.rules.hits(_loose(random.Random(seed)), "auto")]
    assert {hit.tier for hit in hits} == {0, 1, 2}
    assert any(one[1:3] == other[1:3] for one, other in pairwise(hits))
    shown = {"other" if hit.shown >= 0 else "lead" for hit in hits if hit.shown != hit.passage}
    assert shown == (set() if which == "plain" else {"other", "lead"})
