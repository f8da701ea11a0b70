"""Words rank alike, whether every passage that has one is looked at or only those that may be among the best."""

import random
from pathlib import Path

import pytest
from sizes import shrink

from searcher import Article, Index, build_index
from searcher.indexing.segments import merge_policy
from searcher.language.tree import Kinds, Or, Part, Query, Word, Words
from searcher.model import Kind
from searcher.querying.matching.evaluate import Evaluator
from searcher.querying.ranking.clause_matches import choose, find
from searcher.querying.ranking.headings import TIERS
from searcher.querying.results.result import answer_to
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
            patch.setattr(merge_policy, "TIER_SIZES", (n_articles, 6 * n_articles))
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
    evaluator = Evaluator(searcher.snapshot, searcher.analyser)
    for match in ("any", "all", "auto"):
        found = [find(evaluator, live, query, match) for live in searcher.snapshot.segments]
        counts = [sum(int((part.hits.tiers == tier).sum()) for part in found) for tier in range(len(TIERS))]
        for limit in (1, 4, 10, 70):
            answer = answer_to(evaluator, query, limit, match)
            shown = [
                tier for tier in (1, 2) if match == "auto" and counts[tier] and sum(counts[:tier]) < limit
            ]
            widest = max(shown, default=0)
            assert answer.places == choose([part.hits for part in found], widest, limit)
            assert "found" not in answer.__dict__
            assert answer.match == (TIERS[widest] if match == "auto" else match)
            assert answer.total == sum(counts[: widest + 1])
            if match == "auto":
                assert list(answer.tiers.values()) == counts


@pytest.mark.parametrize("seed", range(100))
def test_so_is_what_is_best_of_words_that_are_required_or_joined_by_or(searcher: Searcher, seed: int) -> None:
    _check_required(searcher, random.Random(-seed))


def _check_required(searcher: Searcher, rng: random.Random) -> None:
    words = _words(rng)
    if rng.random() < 0.3:
        pair = tuple(word for each in _words(rng)[:2] for word in each.words)
        words = (*words, Words(pair, is_exact=True, is_phrase=True), words[0])
    evaluator = Evaluator(searcher.snapshot, searcher.analyser)
    kinds = (Kinds(frozenset(Kind)),) if rng.random() < 0.2 else ()
    for required in ((*words, *kinds), (Or(words), *kinds)):
        query = Query(required=required)
        found = [find(evaluator, live, query, "auto") for live in searcher.snapshot.segments]
        for limit in (1, 10, 70):
            answer = answer_to(evaluator, query, limit, "auto")
            assert answer.places == choose([part.hits for part in found], 0, limit)
            assert answer.total == sum(len(part.hits.passages) for part in found)
            assert ("found" in answer.__dict__) == (
                required[0] != Or(words) and not all(word.is_one_term for word in words)
            )
            counts = [evaluator.n_matches(node) for node in required]
            assert [clause.n_passages for clause in answer.clauses] == counts


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
