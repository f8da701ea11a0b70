"""Which hits does a query have in a snapshot, best first?"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from searcher.language.tree import Query
from searcher.model import Match
from searcher.querying.matching.evaluate import Evaluator
from searcher.querying.ranking.clause_matches import ClauseMatches
from searcher.querying.ranking.matches import Best, Matches
from searcher.querying.ranking.word_matches import WordMatches, words_of
from searcher.storage.snapshot import Snapshot


class Place(NamedTuple):
    """A hit before it is shown.

    Attributes:
        segment: Number of its segment.
        tier: A place in `searcher.querying.ranking.matches.TIERS`.
        best: The hit in the segment.
    """

    segment: int
    tier: int
    best: Best


def find_matches(evaluator: Evaluator, query: Query, match: Match) -> list[Matches]:
    """Find what matches a query in each segment.

    Args:
        evaluator: Of the snapshot.
        query: The query.
        match: As of `searcher.engine.Options`.

    Raises:
        QueryError: A clause asks for too much.
    """
    segments = evaluator.snapshot.segments
    found = words_of(query, match)
    if found is None:
        return [ClauseMatches(evaluator, live, query, match) for live in segments]
    words, has_all = found
    by_segment = zip(*map(evaluator.weighed, words), strict=True)
    return [
        WordMatches(evaluator, number, query, match, words, weighed, has_all=has_all)
        for number, weighed in enumerate(by_segment)
    ]


def rank(snapshot: Snapshot, matches: Sequence[Matches], n_tiers: int, limit: int) -> list[Place]:
    """Pick the best hits: tier by tier, best first; equal ones by address of the article, then place in it.

    Args:
        snapshot: What was searched.
        matches: What matches in each of its segments.
        n_tiers: How many tiers are shown, as long as there are fewer hits than may be.
        limit: How many hits at most.
    """
    places: list[Place] = []
    for tier in range(n_tiers):
        if len(places) < limit:
            places += _rank_tier(snapshot, matches, tier, limit - len(places))
    return places


def _rank_tier(snapshot: Snapshot, matches: Sequence[Matches], tier: int, k: int) -> list[Place]:
    if len(matches) == 1:
        return [Place(0, tier, best) for best in matches[0].best(tier, k, -math.inf)]
    chosen: list[tuple[float, str, Place]] = []
    for number, (live, found) in enumerate(zip(snapshot.segments, matches, strict=True)):
        floor = -chosen[-1][0] if len(chosen) == k else -math.inf
        chosen += [
            (-best.score, live.segment.where(best.passage)[0], Place(number, tier, best))
            for best in found.best(tier, k, floor)
        ]
        chosen.sort(key=lambda each: each[:2])  # stable: within a segment equal ones are in order already
        del chosen[k:]
    return [place for *_, place in chosen]
