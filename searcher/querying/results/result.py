"""What does a query find in a snapshot? Whatever is more than a ranking is worked out when it is first asked for.

Words of which a passage must have any, or all, are ranked without a look at every passage that has one
(`searcher.querying.ranking.word_matches`); everything else, and what is told about all that matches, takes every clause evaluated for
every segment (`searcher.querying.ranking.clause_matches`).
"""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, Final

from searcher.arrays import Numbers
from searcher.language.tree import And, Close, Kinds, Leaf, Node, Or, Query, Words, node_text, to_text
from searcher.model import Clause, Hit, Match, Note, Ranked, Tier
from searcher.querying.matching.evaluate import Evaluator
from searcher.querying.ranking.clause_matches import Found, Place, choose, find
from searcher.querying.ranking.headings import TIERS, excluded
from searcher.querying.ranking.word_matches import PlainWords, plain_words
from searcher.querying.results.hits import lead_of, show
from searcher.storage.snapshot import naming_damage

MAX_MISSES: Final = 5


class Answer:
    """The answer to a query: ranked when it is made.

    Args:
        evaluator: Of the snapshot.
        understand: Gives what is asked, and what there is to say on that already.
        words: The same, if it is words of which a passage must have any, or all; None for other queries.
        limit: How many hits at most.
        match: As of `searcher.querying.search.Searcher.search`.
        text: The query as it was written, if that is how it is understood; otherwise empty.
        explains: Whether notes say what is not found.

    Attributes:
        places: The hits, best first; ties by address of the article, then place in it.
    """

    def __init__(
        self,
        evaluator: Evaluator,
        understand: Callable[[], tuple[Query, tuple[Note, ...]]],
        words: PlainWords | None,
        limit: int,
        match: Match,
        *,
        text: str = "",
        explains: bool = False,
    ) -> None:
        self._evaluator = evaluator
        self._understand = understand
        self._plain = words
        self._snapshot = evaluator.snapshot
        self._segments = evaluator.snapshot.segments
        self._limit = limit
        self._match = match
        self._text = text
        self._explains = explains
        self.places: list[Place] = []
        if limit and words is None:
            self.places = choose([found.hits for found in self.found], self._widest, limit)
        elif limit and words is not None:
            self.places, self._widest = words.best(limit), 0
            if match == "auto" and len(self.places) < limit and words.can_be_relaxed:
                self.places, self._widest = words.relaxed(limit)

    @cached_property
    def _query(self) -> Query:
        return self._understood[0]

    @cached_property
    def _understood(self) -> tuple[Query, tuple[Note, ...]]:
        """What is asked, and what there is to say on that: of words alone, not needed to rank them."""
        return self._understand()

    def part(self, name: str) -> Any:
        """Give a part by the name of its attribute in a `SearchResult`; damage that this comes upon is named."""
        with naming_damage(lambda: self._snapshot):
            return getattr(self, name)

    # What is told about all that matches

    @cached_property
    def found(self) -> list[Found]:
        """Everything that the query finds, by segment."""
        return [find(self._evaluator, live, self._query, self._match) for live in self._segments]

    @cached_property
    def _counts(self) -> list[int]:
        """Passages in each tier."""
        return [
            sum(int((found.hits.tiers == tier).sum()) for found in self.found) for tier in range(len(TIERS))
        ]

    @cached_property
    def _widest(self) -> int:
        """The widest tier shown: the first with which there are enough hits, or the last with any."""
        if self._match != "auto" or not self._limit:
            return 0
        widest = 0
        for tier in range(1, len(TIERS)):
            if sum(self._counts[:tier]) < self._limit and self._counts[tier]:
                widest = tier
        return widest

    @cached_property
    def total(self) -> int:
        """Number of passages in the tiers shown."""
        if self._widest or self._plain is None:
            return sum(self._counts[: self._widest + 1])
        return self._plain.count()

    @cached_property
    def tiers(self) -> dict[str, int]:
        """Number of passages in each tier."""
        if self._match != "auto":
            return {self._match: self.total}
        if len(self._query.loose) < 2:
            return dict(zip(TIERS, (self.total, 0, 0), strict=True))
        return dict(zip(TIERS, self._counts, strict=True))

    @cached_property
    def match(self) -> Tier:
        """The widest tier shown."""
        return TIERS[self._widest] if self._match == "auto" else self._match

    @cached_property
    def _totals(self) -> list[int]:
        """Passages that satisfy each clause by itself."""
        nodes = (*self._query.loose, *self._query.required)
        if self._plain is None or any(isinstance(node, Kinds) for node in nodes):
            return [self._evaluator.n_matches(node) for node in nodes]
        is_one = any(isinstance(node, And | Or) for node in nodes)
        return [self._plain.n_matches] if is_one else self._plain.counts

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """The parts that stand side by side in the query."""
        nodes = (*self._query.loose, *self._query.required)
        return tuple(Clause(node_text(node), n) for node, n in zip(nodes, self._totals, strict=True))

    @cached_property
    def understood(self) -> str:
        """The query as understood."""
        return self._text or to_text(self._query)

    @cached_property
    def side_by_side(self) -> int | None:
        """Number of the passages that have the loose words side by side."""
        if self._query.phrase is None:
            return None
        phrase = Query(required=(self._query.phrase, *self._query.required))
        return answer_to(self._evaluator, phrase, 0, "all").total

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """What was changed, assumed or worth knowing."""
        misses = self._misses() if self._explains else ()
        relaxed = (_relaxed(self._counts, self._widest),) if self._widest else ()
        return (*self._understood[1], *misses, *relaxed)

    def _misses(self) -> Iterator[Note]:
        """Say which clauses matched nothing, what is like them, and what remains without them."""
        nodes = (*self._query.loose, *self._query.required)
        # Where there are hits, each clause that is required is satisfied by them.
        asked = self._query.loose if self.places else nodes
        missing = [node for node in asked if not self._evaluator.n_matches(node)]
        for node in missing[:MAX_MISSES]:
            what = "is in no passage" if isinstance(node, Words | Close) else "selects nothing"
            yield Note("no-match", f"{node_text(node)} {what}{self._similar(node)}")
        if len(nodes) < 2 or self.places or sum(self._counts):
            return
        for node in missing or nodes[:MAX_MISSES]:
            rest = Query(
                tuple(words for words in self._query.loose if words is not node),
                tuple(other for other in self._query.required if other is not node),
            )
            if total := answer_to(self._evaluator, rest, 0, "any").total:
                n_passages = "1 passage" if total == 1 else f"{total:,} passages"
                yield Note("without", f"without {node_text(node)}: {n_passages}")

    def _similar(self, node: Node) -> str:
        """Name words of the corpus that are like those of a clause."""
        from searcher.querying.suggest import suggest  # noqa: PLC0415  (only a word that is not there needs it)

        if not isinstance(node, Words):
            return ""
        found = []
        for word in node.words:
            known = any(self._evaluator.doc_freq(atom, is_exact=node.is_exact) for atom in word.parts)
            similar = [] if known else suggest(self._snapshot, word.text, limit=3)
            found += [f"{suggestion.surface} ({suggestion.n_passages:,})" for suggestion in similar]
        return f"; did you mean {' or '.join(found)}?" if found else ""

    # Hits

    @cached_property
    def ranking(self) -> tuple[Ranked, ...]:
        """Score and place of each hit, best first."""
        where = [live.segment.where for live in self._segments]
        return tuple(Ranked(place.score, *where[place.segment](self._shown(place))) for place in self.places)

    def _shown(self, place: Place) -> int:
        """Give the passage to show: of a heading that stands for its article alone, the lead, unless that is excluded."""
        if place.shown >= 0:
            return place.shown
        live = self._segments[place.segment]
        lead = lead_of(live.segment, place.passage)
        if self._plain is not None:
            return lead
        nodes = [node for clause in self._query.required for node in excluded(clause)]
        is_excluded = any(self._evaluator.is_match(live, lead, node) for node in nodes)
        return place.passage if is_excluded else lead

    @cached_property
    def hits(self) -> tuple[Hit, ...]:
        """The hits, in order."""
        hits: list[Hit] = []
        for number, live in enumerate(self._segments):
            chosen = [
                (rank, place, self._shown(place))
                for rank, place in enumerate(self.places, 1)
                if place.segment == number
            ]
            if chosen:
                loose = self._query.loose if self._plain is None else self._plain.loose
                hits += show(self._evaluator, live, chosen, loose, self._marking(number))
        return tuple(sorted(hits, key=lambda hit: hit.rank))

    def _marking(self, number: int) -> list[tuple[Leaf, Numbers | None]]:
        """Give the leaves, loose words aside, that are marked in hits of a segment, and where; None for wherever one matched."""
        if self._plain is not None:
            return [(words, None) for words in self._plain.required]
        if not self._query.required:
            return []
        return [(scored.leaf, scored.passages) for scored in self.found[number].required]


def answer_to(evaluator: Evaluator, query: Query, limit: int, match: Match) -> Answer:
    """Answer a query of which there is nothing to say."""
    return Answer(evaluator, lambda: (query, ()), plain_words(evaluator, query, match), limit, match)


def _relaxed(counts: list[int], widest: int) -> Note:
    has_all = f"{counts[0]:,} with all the words" if counts[0] else "no passage has all the words"
    parts = [has_all, f"{counts[1]:,} with some of them from articles that have them all"]
    if widest > 1:
        parts.append(f"{counts[2]:,} with any of them")
    return Note("relaxed", "; ".join(parts))
