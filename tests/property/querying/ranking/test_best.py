"""Words rank alike, whether every passage that has one is looked at or only those that may be among the best."""

import random
from pathlib import Path

import pytest
from sizes import shrink

from searcher import Article, Index, build_index
from searcher.engine import Options
from searcher.indexing.segments import merge_policy
from searcher.language.tree import Kinds, Or, Part, Query, Word, Words
from searcher.model import Kind, Match
from searcher.querying.matching.evaluate import Evaluator
from searcher.querying.ranking.clause_matches import ClauseMatches
from searcher.querying.ranking.matches import TIERS
from searcher.querying.ranking.rank import find_matches, rank
from searcher.querying.ranking.word_matches import WordMatches
from searcher.querying.search import Searcher
from searcher.storage.snapshot import open_snapshot

N_WORDS = 400
SHAPES = ("plain", "titles", "segments")


def _word(rng: random.Random) -> str:
    return f"w{min(int(rng.paretovariate(0.6)), N_WORDS)}"


def _article(rng: random.Random, number: int, *, has_title: bool) -> Article:
    paragraphs = [
        " ".join(_word(rng) for _ in range(rng.choice((3, 8, 30, 90)))) for _ in range(rng.randint(1, 4))
    ]
    title = " ".join(_word(rng) for _ in range(rng.randint(1, 4))).capitalize()
    keywords = f"Keywords: {_word(rng)}, {_word(rng)}, {_word(rng)}"
    text = "\n\n".join([title, *paragraphs, keywords] if has_title else paragraphs)
    return Article(address=f"{number:04}.txt", text=text)


@pytest.fixture(scope="module", params=SHAPES)
def searcher(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """An index of some thousand passages: without headings; with them; of several segments with dead passages too."""
    return _build(random.Random(request.param), tmp_path_factory.mktemp("index"), request.param, 1_500)


def _build(rng: random.Random, folder: Path, shape: str, n_articles: int) -> Searcher:
    has_title = shape != "plain"
    articles = [_article(rng, number, has_title=has_title and number % 3 > 0) for number in range(n_articles)]
    if shape == "segments":
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(merge_policy, "CLASS_SIZES", (n_articles, 6 * n_articles))
            build_index([article for number, article in enumerate(articles) if number % 5], folder)
            with Index(folder) as index:
                index.put(articles[::5])
                index.remove([article.address for article in articles[4::12]])
    else:
        build_index(articles, folder)
    return Searcher(open_snapshot(folder))


def _words(rng: random.Random) -> tuple[Words, ...]:
    words = [_word(rng) if rng.random() < 0.5 else f"w{rng.randint(1, 60)}" for _ in range(rng.randint(1, 5))]
    weights = [rng.choice((1.0, 1.0, 1.0, 0.2, 3.5, 0.0)) for _ in words]
    distinct = dict(zip(words, weights, strict=True))
    return tuple(
        Words((Word(word, (Part(word, word),)),), weight=weight) for word, weight in distinct.items()
    )


@pytest.mark.parametrize("seed", range(150))
def test_what_is_best_is_found_without_a_look_at_everything(searcher: Searcher, seed: int) -> None:
    _check_loose(searcher, random.Random(seed))


def _check_loose(searcher: Searcher, rng: random.Random) -> None:
    query = Query(_words(rng))
    matches: tuple[Match, ...] = ("any", "all", "auto")
    for match in matches:
        _assert_alike(searcher, query, match)


def _assert_alike(searcher: Searcher, query: Query, match: Match) -> None:
    """Compare the way of words with the way of clauses."""
    snapshot, evaluator = searcher.snapshot, Evaluator(searcher.snapshot, searcher.analyser)
    found = find_matches(evaluator, query, match)
    expected = [ClauseMatches(evaluator, live, query, match) for live in snapshot.segments]
    assert all(isinstance(matches, WordMatches) for matches in found)
    n_tiers = len(TIERS) if match == "auto" and len(query.loose) > 1 else 1
    for limit in (1, 4, 10, 70):
        places = rank(snapshot, expected, n_tiers, limit)
        assert rank(snapshot, found, n_tiers, limit) == places
        result = searcher.search(query, Options(limit, match))
        widest = max((place.tier for place in places), default=0)
        assert result.match == (TIERS[widest] if match == "auto" else match)
        assert [ranked.score for ranked in result.ranking] == [place.score for place in places]
        counts = [sum(each.count(tier) for each in expected) for tier in range(n_tiers)]
        assert result.total == sum(counts[: widest + 1])
        assert [*result.tiers.values()][:n_tiers] == counts
    for tier in range(n_tiers):
        for one, other in zip(found, expected, strict=True):
            assert one.count(tier) == other.count(tier)
            assert one.passages(tier).tolist() == other.passages(tier).tolist()


@pytest.mark.parametrize("seed", range(100))
def test_so_is_what_is_best_of_words_that_are_required_or_joined_by_or(searcher: Searcher, seed: int) -> None:
    _check_required(searcher, random.Random(-seed))


def _check_required(searcher: Searcher, rng: random.Random) -> None:
    words = _words(rng)
    if rng.random() < 0.3:
        pair = tuple(word for each in _words(rng)[:2] for word in each.words)
        words = (*words, Words(pair, is_exact=True, is_phrase=True), words[0])
    kinds = (Kinds(frozenset(Kind)),) if rng.random() < 0.2 else ()
    if all(word.is_one_term for word in words):
        _assert_alike(searcher, Query(required=(*words, *kinds)), "auto")
    _assert_alike(searcher, Query(required=(Or(words), *kinds)), "auto")


def test_phrase_beside_words_is_looked_for_only_where_they_are(searcher: Searcher) -> None:
    one, other = (Word(word, (Part(word, word),)) for word in ("w1", "w2"))
    phrase = Words((one, other), is_exact=True, is_phrase=True)
    evaluator = Evaluator(searcher.snapshot, searcher.analyser)
    found = find_matches(evaluator, Query(required=(phrase, Words((one,)))), "auto")
    assert all(isinstance(matches, ClauseMatches) for matches in found)
    _assert_alike(searcher, Query(required=(phrase,)), "auto")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(5))
def test_so_it_is_with_tiny_sizes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shape: str, seed: int
) -> None:
    shrink(monkeypatch, f"{shape} {seed}")
    rng = random.Random(f"{shape} {seed}")
    searcher = _build(rng, tmp_path / "index", shape, n_articles=50)
    for _ in range(6):
        _check_loose(searcher, rng)
        _check_required(searcher, rng)


def test_several_segments_and_headings_are_among_what_was_asked(
    searcher: Searcher, request: pytest.FixtureRequest
) -> None:
    which = request.node.callspec.params["searcher"]
    snapshot = searcher.snapshot
    evaluator = Evaluator(snapshot, searcher.analyser)
    shape = len(snapshot.segments), any(mask is not None for mask in evaluator.is_heading)
    assert shape == {"plain": (1, False), "titles": (1, True), "segments": (2, True)}[which]
    assert snapshot.n_passages > 1_500
    if shape[0] > 1:
        assert any(live.live is not None for live in snapshot.segments)
