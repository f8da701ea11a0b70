"""What does an index answer to a query?

Making an answer only ranks. Everything else is computed when it is first read.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from searcher.engine import Options
from searcher.language.tree import And, Close, Dates, Node, Or, Query, Words, node_text, to_text
from searcher.model import Clause, Hit, Note, Ranked, Tier
from searcher.querying.matching.evaluate import Evaluator
from searcher.querying.ranking.clauses import excluded
from searcher.querying.ranking.matches import TIERS
from searcher.querying.ranking.rank import RankedHit, find_matches, rank
from searcher.querying.results.hits import lead_of, names_damage, show
from searcher.storage.snapshot import Snapshot

MAX_MISSES: Final = 5


class Answer:
    """The answer to a query, as the parts of a `SearchResult`. The hits are ranked when it is made.

    Args:
        evaluator: Of the snapshot.
        query: The query.
        options: How it is to be answered; the query has been narrowed by them.
        notes: What there is to say on how the query was understood.
        text: The query as written, if the query language cannot say it; otherwise empty.

    Raises:
        QueryError: A clause asks for too much.
    """

    def __init__(
        self, evaluator: Evaluator, query: Query, options: Options, notes: tuple[Note, ...], text: str
    ) -> None:
        self._evaluator = evaluator
        self._query = query
        self._options = options
        self._notes = notes
        self._text = text
        self._matches = find_matches(evaluator, query, options.match)
        self._n_tiers = len(TIERS) if options.match == "auto" and len(query.loose) > 1 else 1
        self._ranked = rank(evaluator.snapshot, self._matches, self._n_tiers, options.limit)

    @property
    def snapshot(self) -> Snapshot:
        """What was searched."""
        return self._evaluator.snapshot

    @property
    def _nodes(self) -> tuple[Node, ...]:
        return (*self._query.loose, *self._query.required)

    @property
    def _widest(self) -> int:
        """The last tier that is shown."""
        return self._ranked[-1].tier if self._ranked else 0

    # What is told about all that matches

    def _count(self, tier: int) -> int:
        return sum(matches.count(tier) for matches in self._matches)

    @cached_property
    def _counts(self) -> list[int]:
        """Passages in each tier."""
        return [self._count(tier) if tier < self._n_tiers else 0 for tier in range(len(TIERS))]

    @names_damage
    def total(self) -> int:
        """Count the passages in the tiers shown."""
        return sum(map(self._count, range(self._widest + 1)))

    @names_damage
    def tiers(self) -> dict[str, int]:
        """Count the passages in each tier."""
        if self._options.match != "auto":
            return {self._options.match: self._count(0)}
        return dict(zip(TIERS, self._counts, strict=True))

    def match(self) -> Tier:
        """Give the widest tier shown."""
        return TIERS[self._widest] if self._options.match == "auto" else self._options.match

    @names_damage
    def clauses(self) -> tuple[Clause, ...]:
        """List the parts that stand side by side in the query."""
        return tuple(Clause(node_text(node), self._evaluator.n_matches(node)) for node in self._nodes)

    def understood(self) -> str:
        """Write the query."""
        return self._text or to_text(self._query)

    @names_damage
    def side_by_side(self) -> int | None:
        """Count the passages that have the loose words side by side."""
        if self._query.phrase is None:
            return None
        return self._total_of(Query(required=(self._query.phrase, *self._query.required)))

    def _total_of(self, query: Query) -> int:
        """Count the passages that satisfy another query, of whose loose words any will do."""
        return sum(matches.count(0) for matches in find_matches(self._evaluator, query, "any"))

    @names_damage
    def notes(self) -> tuple[Note, ...]:
        """Say what is worth knowing."""
        if not self._nodes:
            return (*self._notes, Note("empty", "the query holds no word to look for"))
        notes = [*self._notes]
        n_undated = self._evaluator.selectors.n_undated if any(map(_has_dates, self._nodes)) else 0
        if n_undated:
            n_articles = "1 article has" if n_undated == 1 else f"{n_undated:,} articles have"
            notes.append(Note("undated", f"{n_articles} no date and cannot be found by one"))
        if self._options.within is None:
            notes += self._misses()
        if self._widest:
            notes.append(_relaxed(self._counts, self._widest))
        return tuple(notes)

    def _misses(self) -> Iterator[Note]:
        """Say which clauses matched nothing, what is like them, and what remains without them."""
        # Where there are hits, each clause that is required is satisfied by them.
        asked = self._query.loose if self._ranked else self._nodes
        missing = [node for node in asked if not self._evaluator.n_matches(node)]
        for node in missing[:MAX_MISSES]:
            what = "is in no passage" if isinstance(node, Words | Close) else "selects nothing"
            yield Note("no-match", f"{node_text(node)} {what}{self._similar(node)}")
        if len(self._nodes) < 2 or self._ranked or sum(self._counts):
            return
        for node in missing or self._nodes[:MAX_MISSES]:
            rest = Query(
                tuple(words for words in self._query.loose if words is not node),
                tuple(other for other in self._query.required if other is not node),
            )
            if total := self._total_of(rest):
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
            similar = [] if known else suggest(self.snapshot, word.text, limit=3)
            found += [f"{suggestion.surface} ({suggestion.n_passages:,})" for suggestion in similar]
        return f"; did you mean {' or '.join(found)}?" if found else ""

    # Hits

    @names_damage
    def ranking(self) -> tuple[Ranked, ...]:
        """Give score and place of each hit, best first."""
        where = [live.segment.where for live in self.snapshot.segments]
        return tuple(Ranked(hit.score, *where[hit.segment](self._shown(hit))) for hit in self._ranked)

    def _shown(self, hit: RankedHit) -> int:
        """Give the passage to show: of a heading that stands for its article alone, the lead, unless that is excluded."""
        if hit.shown >= 0:
            return hit.shown
        live = self.snapshot.segments[hit.segment]
        lead = lead_of(live.segment, hit.passage)
        nodes = [node for clause in self._query.required for node in excluded(clause)]
        is_excluded = any(self._evaluator.is_match(live, lead, node) for node in nodes)
        return hit.passage if is_excluded else lead

    @names_damage
    def hits(self) -> tuple[Hit, ...]:
        """Give the hits, in order."""
        hits: list[Hit] = []
        for number, (live, matches) in enumerate(zip(self.snapshot.segments, self._matches, strict=True)):
            chosen = [
                (place, hit, self._shown(hit))
                for place, hit in enumerate(self._ranked, 1)
                if hit.segment == number
            ]
            if chosen:
                hits += show(self._evaluator, live, chosen, self._query.loose, matches.leaves())
        return tuple(sorted(hits, key=lambda hit: hit.rank))


def _has_dates(node: Node) -> bool:
    return isinstance(node, Dates) or (isinstance(node, And | Or) and any(map(_has_dates, node.nodes)))


def _relaxed(counts: list[int], widest: int) -> Note:
    has_all = f"{counts[0]:,} with all the words" if counts[0] else "no passage has all the words"
    parts = [has_all]
    if counts[1]:
        parts.append(f"{counts[1]:,} with some of them from articles that have them all")
    if widest > 1 and counts[2]:
        parts.append(f"{counts[2]:,} with any of them")
    return Note("relaxed", "; ".join(parts))
