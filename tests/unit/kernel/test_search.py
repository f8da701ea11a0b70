"""A search gives what the rules of `searcher.querying.ranking.matches` say, of posting lists that no index need have."""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import pytest
from made_columns import Codes, bitmap, made_columns

from searcher.arrays import members
from searcher.kernel.postings import Columns, PostingList, posting_list
from searcher.kernel.search import Scope, Search

KS = (0, 1, 2, 10, 70, 1 << 40)


Best = Callable[[int, float], tuple[list[float], list[int], list[int]]]
"""Gives the k best hits that reach a floor: scores, passages, and the passages to show."""


class Word(NamedTuple):
    """A word of a search."""

    scores: dict[int, float]
    decides: bool


class Hit(NamedTuple):
    """A passage that matched, and which one to show."""

    score: float
    passage: int
    shown: int


class Case(NamedTuple):
    """What is searched, and the same for the rules."""

    scope: Scope
    lists: list[PostingList]
    allowed: set[int]
    among: set[int] | None
    sizes: list[int]
    headings: set[int]
    words: list[Word]


def some(rng: random.Random, numbers: Sequence[int], share: float) -> set[int]:
    return {number for number in numbers if rng.random() < share}


def make(rng: random.Random, n_passages: int, n_words: int, *, all_decide: bool) -> Case:
    """Make words that are stored as numbers, as bitmaps or in memory, with codes or with scores, rare or frequent, of any weight."""
    sizes = [0]
    while sum(sizes) < n_passages:
        sizes.append(min(rng.choice((1, 2, 3, 9)), n_passages - sum(sizes)))
    del sizes[0]
    passages = range(n_passages)
    table = np.array([rng.choice((0.1, 0.25, 1 / 3, 0.7)) for _ in range(1 << 12)])
    terms = [
        {passage: rng.randrange(1 << 12) for passage in some(rng, passages, rng.choice((0, 0.01, 0.2, 0.7)))}
        for _ in range(n_words)
    ]
    columns = Columns(made_columns(terms, sizes, some(rng, range(n_words), 0.5)))
    lists, words = [], []
    for number, codes in enumerate(terms):
        postings, scores = columns.postings(number), None
        if rng.random() < 0.3:
            scores = np.array([rng.choice((0.0, 0.5, 1 / 3)) for _ in codes]) if rng.random() < 0.5 else None
            ascending = sorted(codes)
            postings = posting_list(
                np.array(ascending, np.uint32), np.array([codes[p] for p in ascending], np.uint16), scores
            )
        postings.weight = rng.choice((0.0, 0.3, 1.0, 7.1))
        postings.decides = all_decide or rng.random() < 0.7
        lists.append(postings)
        words.append(Word(_scores(codes, table.tolist(), postings.weight, scores), postings.decides))
    live = {p for p in passages if rng.random() < 0.9} if rng.random() < 0.4 else None
    among = some(rng, sorted(live or passages), rng.choice((0.03, 0.6))) if rng.random() < 0.4 else None
    headings = some(rng, passages, rng.choice((0, 0.3)))
    dead = None if live is None else bitmap(live, n_passages)
    scope = Scope(columns, table, bitmap(headings, n_passages), dead)
    allowed = set(passages) if live is None else live
    return Case(scope, lists, allowed if among is None else among, among, sizes, headings, words)


def _scores(
    codes: Codes,
    table: list[float],
    weight: float,
    scores: np.ndarray[tuple[int], np.dtype[np.float64]] | None,
) -> dict[int, float]:
    if scores is not None:
        return dict(zip(sorted(codes), scores.tolist(), strict=True))
    return {passage: table[code] * weight for passage, code in codes.items()}


def rules(case: Case, *, is_tiered: bool, has_all: bool, has_headings: bool) -> list[list[Hit]]:
    """Give the hits of each tier, best first. Without tiers there is one: passages with all the words, or with any."""
    tiers: list[list[Hit]] = [[], [], []]
    first = 0
    for size in case.sizes:
        found = [*_matches(case, range(first, first + size), is_tiered=is_tiered, has_all=has_all)]
        headings = [each for each in found if each[2] in case.headings and has_headings]
        others = [each for each in found if each not in headings]
        leads = headings and (not others or headings[0][0] < others[0][0])
        if leads:
            tier, score, passage = headings[0]
            tiers[tier].append(Hit(-score, passage, others[0][2] if others else -1))
        for tier, score, passage in others[1 if leads else 0 :]:
            tiers[tier].append(Hit(-score, passage, passage))
        first += size
    return [sorted(hits, key=lambda hit: (-hit.score, hit.passage)) for hits in tiers]


def _matches(
    case: Case, passages: range, *, is_tiered: bool, has_all: bool
) -> Iterator[tuple[int, float, int]]:
    """Give tier, score below 0, and number of what matches in one article, best first."""
    deciding = [word.scores for word in case.words if word.decides]
    is_complete = all(any(passage in word for passage in passages) for word in deciding)
    found = []
    for passage in case.allowed.intersection(passages):
        n = sum(passage in word for word in deciding)
        if n < len(deciding) and (n == 0 or (has_all and not is_tiered)):
            continue
        score = 0.0
        for word in case.words:
            score += word.scores.get(passage, 0.0)
        tier = 0 if n == len(deciding) or not is_tiered else 1 if is_complete else 2
        found.append((tier, -score, passage))
    yield from sorted(found)


def check(rng: random.Random, best: Best, hits: "memoryview[int]", expected: list[Hit]) -> None:
    """Compare the best hits, with any limit and floor, and the bitmap of all."""
    assert members(np.frombuffer(hits, np.uint64)).tolist() == sorted(hit.passage for hit in expected)
    for k in KS:
        floor = rng.choice(expected).score if expected and rng.random() < 0.5 else -math.inf
        found = [Hit(*hit) for hit in zip(*best(k, floor), strict=True)]
        below = {hit for hit in found if hit.score < floor}  # may be left out
        assert found == [hit for hit in expected[:k] if hit.score >= floor or hit in below]


def check_all(rng: random.Random, case: Case) -> None:
    """Ask for any and all of the words and, if there are two, in tiers."""
    n_passages = sum(case.sizes)
    among = None if case.among is None else bitmap(case.among, n_passages)
    for has_headings in (True, False):
        for has_all in (True, False):
            search = Search(case.scope, case.lists, among, has_headings)
            (expected, *_) = rules(case, is_tiered=False, has_all=has_all, has_headings=has_headings)
            check(rng, partial(search.best, has_all=has_all), search.hits(has_all), expected)
        if sum(word.decides for word in case.words) < 2:
            continue
        tiered = Search(case.scope, case.lists, among, has_headings, is_tiered=True)
        articles = tiered.complete()
        rest = Search(case.scope, case.lists, tiered.without(articles), has_headings)
        tiers = rules(case, is_tiered=True, has_all=True, has_headings=has_headings)
        check(rng, partial(tiered.best, has_all=True), tiered.hits(True), tiers[0])
        check(rng, partial(tiered.best_of, articles), tiered.hits_of(articles), tiers[1])
        check(rng, partial(rest.best, has_all=False), rest.hits(False), tiers[2])


@pytest.mark.parametrize("seed", range(60))
def test_few_passages_are_ranked_by_the_rules(seed: int) -> None:
    rng = random.Random(seed)
    n_passages = rng.choice((1, 5, 63, 64, 65, 200))
    for _ in range(4):
        check_all(rng, make(rng, n_passages, rng.randint(1, 4), all_decide=rng.random() < 0.7))


@pytest.mark.parametrize("n_passages", [4_095, 4_096, 4_097, 9_000])
def test_passages_of_several_windows_are_ranked_by_the_rules(n_passages: int) -> None:
    rng = random.Random(n_passages)
    for all_decide in (True, False):
        check_all(rng, make(rng, n_passages, 3, all_decide=all_decide))


def test_many_words_are_ranked_by_the_rules() -> None:
    rng = random.Random(40)
    check_all(rng, make(rng, 300, 40, all_decide=True))


def test_without_words_every_allowed_passage_matches_with_a_score_of_0() -> None:
    rng = random.Random(0)
    for n_passages in (1, 64, 130) * 5:
        check_all(rng, make(rng, n_passages, 0, all_decide=True))


def test_frequent_word_that_cannot_reach_the_threshold_alone_is_looked_up_beside_the_rare_one() -> None:
    n_passages = 20_000
    rare, frequent = dict.fromkeys((50, 60, 70, 19_998, 19_999), 1), dict.fromkeys(range(n_passages), 2)
    frequent[19_999] = 3
    for dense in (set[int](), {1}, {0, 1}):
        columns = Columns(made_columns([rare, frequent], [1] * n_passages, dense))
        scope = Scope(columns, np.array([0.0, 5.0, 0.25, 0.5]), bitmap((), n_passages))
        search = Search(scope, [columns.postings(0), columns.postings(1)])
        assert search.best(2, -math.inf, False) == ([5.5, 5.25], [19_999, 50], [19_999, 50])
        scores, passages, _ = search.best(6, -math.inf, False)
        assert scores == [5.5, 5.25, 5.25, 5.25, 5.25, 0.25]
        assert passages == [19_999, 50, 60, 70, 19_998, 0]


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("passage_ids", [9, 3], "not where its word is"),
        ("passage_article", [0] * 10, "does not lie in its article"),
        ("passage_article", [9] * 10, "does not lie in its article"),
        ("article_passages", [*range(10), 11], "does not lie in its article"),
    ],
)
def test_damage_that_the_rule_of_headings_comes_upon_is_named(
    column: str, values: list[int], message: str
) -> None:
    columns = made_columns([{3: 1, 9: 1}], [1] * 10, ())
    columns[column] = np.array(values, np.uint32)
    made = Columns(columns)
    scope = Scope(made, np.ones(2), bitmap(range(10), 10))
    with pytest.raises(IndexError, match=message):
        Search(scope, [made.postings(0)]).hits(True)
