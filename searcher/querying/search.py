"""How does a question become a result?"""

import time
from collections.abc import Collection
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeAlias

from searcher.errors import QueryError
from searcher.language.tree import And, Dates, Node, Or, Query, Within
from searcher.language.understand import understand
from searcher.model import Match, Note, SearchResult, is_date
from searcher.querying.direct import direct_words
from searcher.querying.matching.evaluate import Evaluator
from searcher.querying.matching.forms import MAX_FORMS
from searcher.querying.ranking.clause_matches import find
from searcher.querying.ranking.word_matches import plain_words
from searcher.querying.results.result import Answer
from searcher.storage.snapshot import Snapshot
from searcher.text.words.analysis import Analyser

if TYPE_CHECKING:
    import whoosh.query

    from searcher.querying.results.explain import Explanation
    from searcher.querying.whoosh.reader import WhooshReader

Asked: TypeAlias = "str | whoosh.query.Query"
"""A query, as text or as a query object of Whoosh's."""
MATCHES = ("auto", "all", "any")


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
        from searcher.querying.whoosh.reader import WhooshReader  # noqa: PLC0415  (imports Whoosh)

        return WhooshReader(self.snapshot, self.analyser)

    def _understand(self, asked: Asked) -> tuple[Query, tuple[Note, ...]]:
        """Give a query understood, and what there is to say on that."""
        notes: tuple[Note, ...] = ()
        if isinstance(asked, str):
            query, notes = understand(asked, self.analyser, self._stop_words)
        else:
            from searcher.querying.whoosh.translate import translate  # noqa: PLC0415  (imports Whoosh)

            query = translate(asked, self.whoosh_reader, self.analyser)
        self._evaluator.require_few_forms((*query.loose, *query.required))
        return query, notes

    @staticmethod
    def _text(asked: Asked) -> str:
        """Give a query as it is written."""
        if isinstance(asked, str):
            return asked
        from searcher.querying.whoosh.translate import describe  # noqa: PLC0415  (imports Whoosh)

        return describe(asked)

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
        words = None
        if isinstance(asked, str) and within is None and not (since or until or strict):
            words = direct_words(asked, self._evaluator, self.analyser, self._stop_words, match)
        if words is not None:
            understand = partial(self._understand, asked)
            answer = Answer(self._evaluator, understand, words, limit, match, explains=True)
        else:
            query, notes = self._understand(asked)
            if strict and notes:
                raise QueryError(notes[0].message, self._text(asked))
            if not query.loose and not query.required:
                notes = (*notes, Note("empty", "the query holds no word to look for"))
            else:
                query, notes = self._narrowed(
                    query, notes, since, until, within, keeps_headings=keeps_headings
                )
            answer = Answer(
                self._evaluator,
                lambda: (query, notes),
                plain_words(self._evaluator, query, match),
                limit,
                match,
                text="" if isinstance(asked, str) else self._text(asked),
                explains=within is None,
            )
        elapsed_ms = (time.perf_counter() - started) * 1000
        return SearchResult.lazily(answer.part, query=self._text(asked), elapsed_ms=elapsed_ms)

    def _narrowed(
        self,
        query: Query,
        notes: tuple[Note, ...],
        since: str,
        until: str,
        within: Collection[str] | None,
        *,
        keeps_headings: bool,
    ) -> tuple[Query, tuple[Note, ...]]:
        """Ask for some articles only, and say how many have no date where dates are asked for."""
        if since or until:
            query = query._replace(required=(*query.required, Dates(since, until)))
        if within is not None:
            query = query._replace(required=(*query.required, Within(tuple(within), keeps_headings)))
        if any(map(_has_dates, query.required)) and (n_undated := self._evaluator.selectors.n_undated):
            n_articles = "1 article has" if n_undated == 1 else f"{n_undated:,} articles have"
            notes = (*notes, Note("undated", f"{n_articles} no date and cannot be found by one"))
        return query, notes

    def explain(self, asked: Asked, address: str, at: int) -> "Explanation":
        """Lay out the score that a passage has for a query.

        Args:
            asked: The query.
            address: Address of the article.
            at: A code point of the article's text that the passage holds.

        Raises:
            ValueError: There is no such passage.
        """
        from searcher.querying.results.explain import explain  # noqa: PLC0415  (searching does not need it)

        query, _ = self._understand(asked)
        for live in self.snapshot.segments:
            columns = live.segment.columns
            article = live.segment.addresses.find(address.encode())
            if article < 0 or not live.is_live(article):
                continue
            first, end = (int(number) for number in columns["article_passages"][article : article + 2])
            holds = (columns["passage_start"][first:end] <= at) & (at < columns["passage_end"][first:end])
            if holds.any():
                passage = first + int(holds.argmax())
                return explain(
                    self._evaluator, live, passage, find(self._evaluator, live, query, "any").scored
                )
        raise ValueError(f"no passage at code point {at} of {address!r}")


def _has_dates(node: Node) -> bool:
    return isinstance(node, Dates) or (isinstance(node, And | Or) and any(map(_has_dates, node.nodes)))
