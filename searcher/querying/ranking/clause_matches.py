"""What does a query find in each segment, every clause of it evaluated, and which of that are the best hits?"""

from collections.abc import Sequence
from typing import NamedTuple

from searcher.language.tree import And, Foreign, Kinds, Node, Or, Query, Within
from searcher.model import Match
from searcher.querying.matching.evaluate import Evaluator
from searcher.querying.matching.leaves import Scored
from searcher.querying.ranking.headings import Candidates, candidates
from searcher.storage.snapshot import LiveSegment


class Place(NamedTuple):
    """A hit before it is shown.

    Attributes:
        segment: Number of its segment.
        passage: Number of the passage that matched.
        shown: Number of the passage to show.
        tier: Place in `TIERS`.
        score: Its score.
    """

    segment: int
    passage: int
    shown: int
    tier: int
    score: float


class Found(NamedTuple):
    """Everything that a query finds in one segment.

    Attributes:
        hits: After the rules of tiers and headings.
        loose: What the loose words contribute, among what the rest of the query allows.
        required: What the other leaves contribute.
    """

    hits: Candidates
    loose: tuple[Scored, ...]
    required: tuple[Scored, ...]

    @property
    def scored(self) -> list[Scored]:
        """Every leaf that counts, in the order in which scores are summed."""
        return sorted([*self.loose, *self.required], key=lambda scored: scored.leaf.key)


def find(evaluator: Evaluator, live: LiveSegment, query: Query, match: Match) -> Found:
    """Evaluate every clause of a query over one segment: loose words among what the others allow."""
    required = evaluator.all_of(live, query.required) if query.required else None
    is_tiered = match != "any"
    inside = required.passages if required else None
    if inside is not None and is_tiered:
        inside = live.segment.whole_articles(inside)
    everywhere = [evaluator.leaf(live, words, inside) for words in query.loose]
    loose = everywhere
    if required:
        loose = [leaf.among(required.passages, live.segment.scratch) for leaf in everywhere]
    shows_headings = any(_has_kinds(node) for node in query.required)
    found = candidates(
        live, loose, required, everywhere if is_tiered else None, shows_headings=shows_headings
    )
    if match == "all":
        keep = found.tiers == 0
        found = Candidates(
            live, found.passages[keep], found.shown[keep], found.tiers[keep], found.scores[keep]
        )
    return Found(found, tuple(loose), required.scored if required else ())


def choose(found: Sequence[Candidates], widest: int, limit: int) -> list[Place]:
    """Pick the hits: tier by tier, best first; ties by address of the article, then place in it."""
    chosen: list[Place] = []
    for tier in range(widest + 1):
        best = []
        for number, part in enumerate(found):
            segment = part.live.segment
            for at in part.best(tier, limit - len(chosen)).tolist():
                passage = int(part.passages[at])
                address = b""
                if len(found) > 1:
                    address = segment.addresses[int(segment.columns["passage_article"][passage])]
                score = float(part.scores[at])
                best.append(
                    (-score, address, passage, Place(number, passage, int(part.shown[at]), tier, score))
                )
        best.sort(key=lambda each: each[:3])
        chosen += [place for *_, place in best[: limit - len(chosen)]]
    return chosen


def _has_kinds(node: Node) -> bool:
    return (
        isinstance(node, Kinds)
        or (isinstance(node, Within) and node.keeps_headings)
        or (isinstance(node, Foreign) and node.asks_kind)
        or (isinstance(node, And | Or) and any(map(_has_kinds, node.nodes)))
    )
