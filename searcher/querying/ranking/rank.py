"""Which hits does a query have in a snapshot, best first?"""

import math
from collections.abc import Sequence
from itertools import repeat
from typing import NamedTuple

from searcher.language.tree import Query
from searcher.model import Match
from searcher.querying.matching.evaluate import Evaluator
from searcher.querying.ranking.clauses import deciding
from searcher.querying.ranking.matches import Matches
from searcher.storage.snapshot import Snapshot


class RankedHit(NamedTuple):
    """A hit before it is shown.

    Attributes:
        segment: Number of its segment.
        tier: A place in `searcher.querying.ranking.matches.TIERS`.
        score: Its score.
        passage: Number of the passage that matched.
        shown: Number of the passage to show, as `searcher.querying.ranking.matches.Matches.best` gives it.
    """

    segment: int
    tier: int
    score: float
    passage: int
    shown: int


def find_matches(evaluator: Evaluator, query: Query, match: Match) -> list[Matches]:
    """Find what matches a query in each segment.

    Raises:
        QueryError: A clause asks for too much.
    """
    asked = deciding(query, match)
    found = [evaluator.postings(words) for words in asked.words]
    return [
        Matches(evaluator, number, asked, [postings[number] for postings in found])
        for number in range(len(evaluator.snapshot.segments))
    ]


def rank(snapshot: Snapshot, matches: Sequence[Matches], n_tiers: int, limit: int) -> list[RankedHit]:
    """Pick the best hits: tier by tier, best first; equal ones by address of the article, then place in it.

    Lower tiers, up to ``n_tiers``, are looked at only while there are fewer hits than ``limit``.
    """
    hits: list[RankedHit] = []
    for tier in range(n_tiers):
        if len(hits) < limit:
            hits += _rank_tier(snapshot, matches, tier, limit - len(hits))
    return hits


def _rank_tier(snapshot: Snapshot, matches: Sequence[Matches], tier: int, k: int) -> list[RankedHit]:
    best: list[RankedHit] = []
    for number, found in enumerate(matches):
        floor = best[-1].score if len(best) == k else -math.inf
        best += map(RankedHit, repeat(number), repeat(tier), *found.best(tier, k, floor))
        if len(matches) > 1:
            # Within a segment equal ones are in order already.
            best.sort(key=lambda hit: (-hit.score, _address(snapshot, hit)))
            del best[k:]
    return best


def _address(snapshot: Snapshot, hit: RankedHit) -> str:
    return snapshot.segments[hit.segment].segment.where(hit.passage)[0]
