"""How does a question become a result?"""

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from searcher.errors import QueryError
from searcher.model import Clause, Hit, Match, Note, SearchResult, Tier, is_date
from searcher.querying.evaluate import Evaluator, Scored
from searcher.querying.explain import Explanation, explain
from searcher.querying.forms import MAX_FORMS
from searcher.querying.language import understand
from searcher.querying.pick import TIERS, Candidates, candidates, excluded
from searcher.querying.show import Chosen, lead_of, show
from searcher.querying.tree import (
    And,
    Close,
    Dates,
    Foreign,
    Kinds,
    Node,
    Or,
    Query,
    Within,
    Words,
    node_text,
    to_text,
)
from searcher.storage.snapshot import LiveSegment, Snapshot
from searcher.text.analysis import Analyser

if TYPE_CHECKING:
    import whoosh.query

    from searcher.querying.whoosh_reader import WhooshReader

Asked: TypeAlias = "str | whoosh.query.Query"
"""A query, as text or as a query object of Whoosh's."""
MATCHES = ("auto", "all", "any")
MAX_MISSES = 5


class Searcher:
    """Answers queries over one snapshot. Safe to use from several threads.

    Args:
        snapshot: What to search.
        max_forms: Words for which one wildcard or fuzzy word may stand.
    """

    def __init__(self, snapshot: Snapshot, max_forms: int = MAX_FORMS) -> None:
        self.snapshot = snapshot
        self.analyser = Analyser(snapshot.manifest.settings["language"], snapshot.term_of)
        self._stop_words = frozenset(snapshot.manifest.stop_words)
        self._evaluator = Evaluator(snapshot, self.analyser, max_forms)

    @cached_property
    def whoosh_reader(self) -> "WhooshReader":
        """The snapshot as Whoosh reads it."""
        from searcher.querying.whoosh_reader import WhooshReader  # noqa: PLC0415  (imports Whoosh)

        return WhooshReader(self.snapshot, self.analyser)

    def _understand(self, asked: Asked) -> tuple[Query, tuple[Note, ...], str]:
        """Give a query understood, what there is to say on that, and how it is written."""
        if isinstance(asked, str):
            text = asked
            query, notes = understand(asked, self.analyser, self._stop_words)
        else:
            from searcher.querying.whoosh_query import describe, translate  # noqa: PLC0415  (imports Whoosh)

            text, notes = describe(asked), ()
            query = translate(asked, self.whoosh_reader, self.analyser)
        self._evaluator.require_few_forms((*query.loose, *query.required))
        return query, notes, text

    def search(
        self,
        asked: Asked,
        *,
        limit: int = 10,
        match: Match = "auto",
        since: str = "",
        until: str = "",
        within: Collection[str] | None = None,
        keeps_headings: bool = False,
        strict: bool = False,
    ) -> SearchResult:
        """Answer a query.

        Args:
            asked: The query.
            limit: How many hits at most, at least 0.
            match: ``"all"`` the loose words must stand in a passage, or ``"any"``, or ``"auto"``: all, and where that
                gives fewer than ``limit``, any.
            since: Only articles dated on this day or later; whole or partial ISO date, or empty.
            until: Only articles dated on this day or earlier.
            within: Only the articles with these addresses; None for all. Nothing is said of what is not found in them.
            keeps_headings: If ``within``, a heading that matches is a hit like any other passage.
            strict: Do not accept a query that could not be understood as typed.

        Raises:
            QueryError: A date or range is none, words stand for too much, Whoosh cannot run a query object
                of its own, or, if ``strict``, there is anything to say on how the query was understood.
            TypeError: The query is neither text nor a query object.
            ValueError: ``limit`` is negative, a date is none, or ``match`` is none of these.
        """
        if limit < 0:
            raise ValueError(f"limit is {limit}; it must be 0 or more")
        if match not in MATCHES:
            raise ValueError(f"match is {match!r}; it must be one of {', '.join(MATCHES)}")
        for date in (since, until):
            if date and not is_date(date):
                raise ValueError(f"{date!r} is not a date such as 2020, 2020-09 or 2020-09-27")
        started = time.perf_counter()
        query, notes, text = self._understand(asked)
        if strict and notes:
            raise QueryError(notes[0].message, text)
        if not query.loose and not query.required:
            notes = (*notes, Note("empty", "the query holds no word to look for"))
        else:
            dates: tuple[Node, ...] = (Dates(since, until),) if since or until else ()
            articles: tuple[Node, ...] = () if within is None else (Within(tuple(within), keeps_headings),)
            query = replace(query, required=(*query.required, *dates, *articles))
            if any(map(_has_dates, query.required)) and (n_undated := self._evaluator.selectors.n_undated):
                n_articles = "1 article has" if n_undated == 1 else f"{n_undated:,} articles have"
                notes = (*notes, Note("undated", f"{n_articles} no date and cannot be found by one"))
        found = [self._evaluate(live, query, match) for live in self.snapshot.segments]
        counts = [sum(int((part.hits.tiers == tier).sum()) for part in found) for tier in range(len(TIERS))]
        widest = _widest(counts, limit, match)
        chosen = _choose([part.hits for part in found], widest, limit)
        hits = self._show(query, found, chosen)
        nodes = (*query.loose, *query.required)
        totals = [sum(part.counts[place] for part in found) for place in range(len(nodes))]
        clauses = tuple(Clause(node_text(node), total) for node, total in zip(nodes, totals, strict=True))
        if within is None:
            notes = (*notes, *self._misses(query, totals, is_empty=not sum(counts)))
        tiers: dict[str, int] = (
            dict(zip(TIERS, counts, strict=True)) if match == "auto" else {match: counts[0]}
        )
        if widest:
            notes = (*notes, _relaxed(counts, widest))
        return SearchResult(
            query=text,
            understood=to_text(query) if isinstance(asked, str) else text,
            notes=notes,
            match=TIERS[widest] if match == "auto" else match,  # type: ignore[arg-type]  # TIERS holds the three tiers
            total=sum(counts[: widest + 1]),
            tiers=tiers,
            side_by_side=self._side_by_side(query),
            clauses=clauses,
            elapsed_ms=(time.perf_counter() - started) * 1000,
            hits=tuple(hits),
        )

    def explain(self, asked: Asked, address: str, at: int) -> Explanation:
        """Lay out the score that a passage has for a query.

        Args:
            asked: The query.
            address: Address of the article.
            at: A code point of the article's text that the passage holds.

        Raises:
            ValueError: There is no such passage.
        """
        query, *_ = self._understand(asked)
        for live in self.snapshot.segments:
            columns = live.segment.columns
            article = live.segment.addresses.find(address.encode())
            if article < 0 or not live.is_live(article):
                continue
            first, end = (int(number) for number in columns["article_passages"][article : article + 2])
            holds = (columns["passage_start"][first:end] <= at) & (at < columns["passage_end"][first:end])
            if holds.any():
                passage = first + int(holds.argmax())
                return explain(self._evaluator, live, passage, self._evaluate(live, query, "any").scored)
        raise ValueError(f"no passage at code point {at} of {address!r}")

    def _evaluate(self, live: LiveSegment, query: Query, match: Match) -> "_Found":
        """Evaluate a query over one segment."""
        loose = [self._evaluator.leaf(live, words) for words in query.loose]
        satisfied = [self._evaluator.evaluate(live, node) for node in query.required]
        required = self._evaluator.all_of(live, satisfied) if satisfied else None
        counts = [*(len(leaf.passages) for leaf in loose), *(len(matches.passages) for matches in satisfied)]
        shows_headings = any(_has_kinds(node) for node in query.required)
        found = candidates(live, loose, required, is_tiered=match != "any", shows_headings=shows_headings)
        if match == "all":
            keep = found.tiers == 0
            found = Candidates(
                live, found.passages[keep], found.shown[keep], found.tiers[keep], found.scores[keep]
            )
        among = [leaf.among(required.passages) for leaf in loose] if required else loose
        return _Found(found, tuple(among), required.scored if required else (), counts)

    def _misses(self, query: Query, totals: list[int], *, is_empty: bool) -> Iterator[Note]:
        """Say which clauses matched nothing, what is like them, and what remains without them."""
        nodes = (*query.loose, *query.required)
        missing = [node for node, total in zip(nodes, totals, strict=True) if not total]
        for node in missing[:MAX_MISSES]:
            what = "is in no passage" if isinstance(node, Words | Close) else "selects nothing"
            yield Note("no-match", f"{node_text(node)} {what}{self._similar(node)}")
        if not is_empty or len(nodes) < 2:
            return
        for node in missing or nodes[:MAX_MISSES]:
            rest = Query(
                tuple(words for words in query.loose if words is not node),
                tuple(other for other in query.required if other is not node),
            )
            total = sum(
                len(self._evaluate(live, rest, "any").hits.passages) for live in self.snapshot.segments
            )
            if total:
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

    def _show(self, query: Query, found: list["_Found"], chosen: list[tuple[int, int]]) -> Iterator[Hit]:
        """Make the hits, in order."""
        made: dict[tuple[int, int], Hit] = {}
        for number, each in enumerate(found):
            part = each.hits
            segment = part.live.segment
            places = [place for owner, place in chosen if owner == number]
            wanted = []
            for place in places:
                passage, shown = int(part.passages[place]), int(part.shown[place])
                if shown < 0:
                    shown = lead_of(segment, passage)
                    shown = passage if self._is_excluded(part.live, query, shown) else shown
                tier: Tier = TIERS[int(part.tiers[place])]  # type: ignore[assignment]
                wanted.append(Chosen(passage, shown, tier, float(part.scores[place])))
            if wanted:
                hits = show(self._evaluator, part.live, wanted, query.loose, each.required)
                made |= {(number, place): hit for place, hit in zip(places, hits, strict=True)}
        return (replace(made[key], rank=rank) for rank, key in enumerate(chosen, 1))

    def _is_excluded(self, live: LiveSegment, query: Query, passage: int) -> bool:
        """Tell whether a passage holds what the query excludes."""
        nodes = (node for clause in query.required for node in excluded(clause))
        return any(passage in self._evaluator.evaluate(live, node).passages for node in nodes)

    def _side_by_side(self, query: Query) -> int | None:
        """Count the passages that have the loose words side by side."""
        if query.phrase is None:
            return None
        phrase = Query(required=(query.phrase, *query.required))
        return sum(len(self._evaluate(live, phrase, "all").hits.passages) for live in self.snapshot.segments)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a query found in one segment.

    Attributes:
        hits: After the rules of tiers and headings.
        loose: What the loose words contribute, among what the rest of the query allows.
        required: What the other leaves contribute.
        counts: Passages that satisfy each clause by itself.
    """

    hits: Candidates
    loose: tuple[Scored, ...]
    required: tuple[Scored, ...]
    counts: list[int]

    @property
    def scored(self) -> list[Scored]:
        """Every leaf that counts, in the order in which scores are summed."""
        return sorted([*self.loose, *self.required], key=lambda scored: scored.leaf.key)


def _widest(counts: list[int], limit: int, match: Match) -> int:
    """Tell which tier is the widest shown: the first with which there are enough hits, or the last with any."""
    if match != "auto":
        return 0
    widest = 0
    for tier in range(1, len(counts)):
        if sum(counts[:tier]) < limit and counts[tier]:
            widest = tier
    return widest


def _choose(found: list[Candidates], widest: int, limit: int) -> list[tuple[int, int]]:
    """Pick the hits: tier by tier, best first; ties by address of the article, then place in it."""
    chosen: list[tuple[int, int]] = []
    for tier in range(widest + 1):
        best = []
        for number, part in enumerate(found):
            segment = part.live.segment
            for place in part.best(tier, limit - len(chosen)).tolist():
                passage = int(part.passages[place])
                address = (
                    segment.addresses[int(segment.columns["passage_article"][passage])]
                    if len(found) > 1
                    else b""
                )
                best.append((-float(part.scores[place]), address, passage, number, place))
        best.sort()
        chosen += [(number, place) for *_, number, place in best[: limit - len(chosen)]]
    return chosen


def _has_kinds(node: Node) -> bool:
    return (
        isinstance(node, Kinds)
        or (isinstance(node, Within) and node.keeps_headings)
        or (isinstance(node, Foreign) and node.asks_kind)
        or (isinstance(node, And | Or) and any(map(_has_kinds, node.nodes)))
    )


def _has_dates(node: Node) -> bool:
    return isinstance(node, Dates) or (isinstance(node, And | Or) and any(map(_has_dates, node.nodes)))


def _relaxed(counts: list[int], widest: int) -> Note:
    has_all = f"{counts[0]:,} with all the words" if counts[0] else "no passage has all the words"
    parts = [has_all, f"{counts[1]:,} with some of them from articles that have them all"]
    if widest > 1:
        parts.append(f"{counts[2]:,} with any of them")
    return Note("relaxed", "; ".join(parts))
