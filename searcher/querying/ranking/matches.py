"""What matches a query in one segment, in whichever way it is found?

`Matches` is the one interface. `searcher.querying.ranking.clause_matches` evaluates every clause of any query;
`searcher.querying.ranking.word_matches` is the quicker way for queries that are only words.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from searcher.arrays import Numbers
from searcher.language.tree import Leaf
from searcher.model import Tier

TIERS: Final[tuple[Tier, ...]] = ("all", "article", "any")


class Best(NamedTuple):
    """The best hits of one segment, best first, as lists side by side.

    Attributes:
        scores: Their scores.
        passages: Numbers of the passages that matched.
        shown: Numbers of the passages to show: the same or, for a heading, a body passage of its article, or -1 for its lead.
    """

    scores: list[float]
    passages: list[int]
    shown: list[int]


class Matches(Protocol):
    """The hits of a query in one segment. A tier is a place in `TIERS`."""

    def best(self, tier: int, k: int, floor: float) -> Best:
        """Give the k best hits of a tier, best first, equal ones by passage; those below the floor may be left out."""

    def count(self, tier: int) -> int:
        """Count the hits of a tier."""

    def passages(self, tier: int) -> Numbers:
        """Give the passages that are the hits of a tier: int64, ascending."""

    def leaves(self) -> Sequence[tuple[Leaf, Numbers | None]]:
        """List what is marked in hits, loose words aside, with the passages that each helped to match; None for all of them."""
