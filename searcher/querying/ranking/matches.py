"""What matches a query in one segment, and what is shown of it?

**Tiers.** A passage that has all the loose words comes before one whose article has them all, and that before one that
has any. Scores decide only within a tier.

**Headings.** Titles and keyword lines win by shortness and are not what one wants to read. A heading that matches is
dropped where a body or caption passage of its article matches in the same tier or a better one. Otherwise the heading is one
hit; of several headings of an article, the best one. The hit shows the article's best passage in a lower tier. That passage is
no hit of its own then. If there is no such passage, the hit shows the lead, or the heading itself where the lead holds what the
query excludes. Counts are taken after this rule.

`searcher.kernel.search` finds what matches, and applies the rule of headings.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Final

import numpy as np

from searcher.arrays import Bitmap, Numbers, members
from searcher.kernel.postings import PostingList, count_bits, mark
from searcher.kernel.search import Search
from searcher.language.tree import Leaf
from searcher.model import Tier
from searcher.querying.matching.evaluate import Evaluator, Satisfying
from searcher.querying.ranking.clauses import Deciding

TIERS: Final[tuple[Tier, ...]] = ("all", "article", "any")


class Matches:
    """The hits of a query in one segment. A tier is a place in `TIERS`.

    Args:
        evaluator: Of the snapshot.
        number: Of the segment.
        asked: How the query is searched; its words in the order in which scores are summed.
        postings: Beside its words: where they stand in the segment.

    Raises:
        QueryError: A clause asks for too much.
    """

    def __init__(
        self, evaluator: Evaluator, number: int, asked: Deciding, postings: Sequence[PostingList]
    ) -> None:
        self._asked = asked
        self._scope = evaluator.scopes[number]
        self._clauses: Satisfying | None = None
        self._words = list(postings)
        among: Bitmap | None = None
        if asked.clauses:
            self._clauses = evaluator.all_of(evaluator.snapshot.segments[number], asked.clauses)
            among = self._clauses.passages
            keys = [words.key for words in asked.words]
            for leaf in self._clauses.scored:
                leaf.postings.decides = False
                keys.append(leaf.leaf.key)
                self._words.append(leaf.postings)
            self._words = [self._words[place] for place in sorted(range(len(keys)), key=keys.__getitem__)]
        elif not asked.words:  # nothing is asked
            among = np.zeros_like(evaluator.snapshot.segments[number].every)
        self._search = Search(self._scope, self._words, among, asked.has_headings, asked.is_tiered)

    def best(self, tier: int, k: int, floor: float) -> tuple[list[float], list[int], list[int]]:
        """Give the k best hits of a tier, best first, equal ones by passage; those below the floor may be left out.

        Returns:
            Lists side by side: scores, passages that matched, passages to show. To show is the same passage or, for a heading, a
            body passage of its article, or -1 for its lead.
        """
        if tier == 1:
            return self._search.best_of(self._complete, k, floor)
        if tier == 2:
            return self._incomplete.best(k, floor, has_all=False)
        return self._search.best(k, floor, self._asked.has_all)

    def count(self, tier: int) -> int:
        """Count the hits of a tier."""
        return count_bits(self._hits(tier))

    def passages(self, tier: int) -> Numbers:
        """Give the passages that are the hits of a tier: int64, ascending."""
        return members(np.frombuffer(self._hits(tier), np.uint64))

    def leaves(self) -> list[tuple[Leaf, Numbers | None]]:
        """List what is marked in hits, loose words aside, with the passages that each helped to match; None for all of them."""
        if self._clauses is None:
            return [] if self._asked.is_loose else [(words, None) for words in self._asked.words]
        found: list[tuple[Leaf, Numbers | None]] = []
        for leaf, postings, _ in self._clauses.scored:
            bits = np.zeros(len(self._clauses.passages), np.uint64)
            mark(postings, bits.data)
            found.append((leaf, members(bits & self._clauses.passages)))
        return found

    def _hits(self, tier: int) -> "memoryview[int]":
        if tier == 1:
            return self._search.hits_of(self._complete)
        if tier == 2:
            return self._incomplete.hits(has_all=False)
        return self._search.hits(self._asked.has_all)

    @cached_property
    def _complete(self) -> "memoryview[int]":
        """The articles that have all the words, wherever in them."""
        return self._search.complete()

    @cached_property
    def _incomplete(self) -> Search:
        """The search in all other articles."""
        left = self._search.without(self._complete)
        return Search(self._scope, self._words, left, self._asked.has_headings)
