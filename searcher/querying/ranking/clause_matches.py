"""What matches any query in one segment? Every clause of the query is evaluated."""

from collections.abc import Sequence

from searcher.arrays import Numbers
from searcher.language.tree import And, Foreign, Kinds, Leaf, Node, Or, Query, Within
from searcher.model import Match
from searcher.querying.matching.evaluate import Evaluator
from searcher.querying.matching.leaves import Scored
from searcher.querying.ranking.headings import Candidates, articles_with_all, candidates
from searcher.querying.ranking.matches import Best
from searcher.querying.scoring.weighed import Share
from searcher.storage.snapshot import LiveSegment


class ClauseMatches:
    """The hits of a query in one segment, as `Matches`. Loose words are evaluated among what the other clauses allow.

    Raises:
        QueryError: A clause asks for too much.
    """

    def __init__(self, evaluator: Evaluator, live: LiveSegment, query: Query, match: Match) -> None:
        segment, scratch = live.segment, live.segment.scratch
        required = evaluator.all_of(live, query.required) if query.required else None
        inside = required.passages if required else None
        is_tiered = match != "any" and len(query.loose) > 1
        complete = None
        # A tier depends on the whole article, also on passages that the other clauses exclude.
        among = segment.whole_articles(inside) if inside is not None and is_tiered else inside
        loose = [evaluator.leaf(live, words, among) for words in query.loose]
        if is_tiered:
            complete = articles_with_all(segment, [leaf.passages for leaf in loose])
        self._required = required.scored if required else ()
        self._loose = loose if inside is None else [leaf.among(inside, scratch) for leaf in loose]

        def share(leaf: Scored) -> Share:
            places = leaf.passages if inside is None else leaf.places(inside, scratch)[0]
            return Share(leaf.leaf.key, places, leaf.scores)

        found = candidates(
            segment,
            inside,
            [*map(share, self._loose)],
            [*map(share, self._required)],
            complete,
            shows_headings=any(map(shows_headings, query.required)),
        )
        if match == "all":
            first = found.tiers == 0
            found = Candidates(*(column[first] for column in found))
        self._found = found

    @property
    def scored(self) -> list[Scored]:
        """Every leaf that counts, in the order in which scores are summed."""
        return sorted([*self._loose, *self._required], key=lambda scored: scored.leaf.key)

    def best(self, tier: int, k: int, floor: float) -> Best:
        """Give the k best hits of a tier, best first."""
        return self._found.best(tier, k, floor)

    def count(self, tier: int) -> int:
        """Count the hits of a tier."""
        return len(self.passages(tier))

    def passages(self, tier: int) -> Numbers:
        """Give the passages that are the hits of a tier."""
        return self._found.of_tier(tier)

    def leaves(self) -> Sequence[tuple[Leaf, Numbers | None]]:
        """List what is marked in hits, loose words aside."""
        return [(scored.leaf, scored.passages) for scored in self._required]


def shows_headings(node: Node) -> bool:
    """Tell whether a clause lifts the rule of headings."""
    return (
        isinstance(node, Kinds)
        or (isinstance(node, Within) and node.keeps_headings)
        or (isinstance(node, Foreign) and node.asks_kind)
        or (isinstance(node, And | Or) and any(map(shows_headings, node.nodes)))
    )
