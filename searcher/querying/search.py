"""How does a question become a result? Text is understood, then `Searcher` answers the query tree."""

import time
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from searcher.engine import EngineStatus, Options
from searcher.errors import QueryError
from searcher.language.tree import Query
from searcher.language.understand import understand
from searcher.model import Note, SearchResult
from searcher.querying.matching.evaluate import Evaluator
from searcher.querying.matching.forms import MAX_FORMS
from searcher.querying.results.result import Answer
from searcher.storage.snapshot import Snapshot
from searcher.text.words.analysis import Analyser

if TYPE_CHECKING:
    import whoosh.query

    from searcher.querying.results.explain import Explanation
    from searcher.querying.whoosh.reader import WhooshReader

Asked: TypeAlias = "str | whoosh.query.Query"
"""A query, as text or as a query object of Whoosh's."""


class Searcher:
    """Answers queries over one snapshot, as a `searcher.engine.Engine`. Safe to use from several threads.

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

    def understand(self, asked: Asked) -> tuple[str, Query, tuple[Note, ...]]:
        """Give a query as typed or as Python writes a query object, what it means, and notes on how it was understood.

        Raises:
            QueryError: The query is invalid, or Whoosh cannot run a query object.
            TypeError: The query is neither text nor a query object.
        """
        if isinstance(asked, str):
            query, notes = understand(asked, self.analyser, self._stop_words)
            return asked, query, notes
        from searcher.querying.whoosh.translate import describe, translate  # noqa: PLC0415  (imports Whoosh)

        text = describe(asked)
        try:
            return text, translate(asked, self.whoosh_reader, self.analyser), ()
        except QueryError as error:
            raise _of_whole(error, text) from error

    def ask(self, asked: Asked, options: Options, *, strict: bool = False) -> SearchResult:
        """Understand a query, and answer it.

        Args:
            asked: The query.
            options: How it is to be answered.
            strict: Do not accept a query that could not be understood as typed.

        Raises:
            QueryError: The query is invalid or asks for too much, Whoosh cannot run a query object, or, if ``strict``,
                there is anything to say on how the query was understood.
            TypeError: The query is neither text nor a query object.
            ValueError: An option is invalid.
        """
        started = time.perf_counter()
        text, query, notes = self.understand(asked)
        if strict and notes:
            raise QueryError(notes[0].message, text)
        try:
            answer = self._answer(query, options, notes, "" if isinstance(asked, str) else text)
        except QueryError as error:
            raise _of_whole(error, text) from error
        elapsed_ms = (time.perf_counter() - started) * 1000
        return SearchResult.of_parts(text, elapsed_ms, answer)

    def search(self, query: Query, options: Options) -> SearchResult:
        """Find passages, as `searcher.engine.Engine` does."""
        started = time.perf_counter()
        answer = self._answer(query, options)
        elapsed_ms = (time.perf_counter() - started) * 1000
        return SearchResult.of_parts(answer.understood(), elapsed_ms, answer)

    def _answer(self, query: Query, options: Options, notes: tuple[Note, ...] = (), text: str = "") -> Answer:
        query = options.narrow(query)
        self._evaluator.check_limits(query)
        return Answer(self._evaluator, query, options, notes, text)

    def count(self, query: Query, options: Options) -> int:
        """Count the passages in the tiers that `search` shows."""
        return self.search(query, options).total

    def status(self) -> EngineStatus:
        """Say what is searched."""
        return EngineStatus(self.snapshot.n_articles, self.snapshot.n_passages)

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

        _, query, _ = self.understand(asked)
        self._evaluator.check_limits(query)
        for live in self.snapshot.segments:
            columns = live.segment.columns
            article = live.find(address)
            if article < 0:
                continue
            first, end = (int(number) for number in columns["article_passages"][article : article + 2])
            holds = (columns["passage_start"][first:end] <= at) & (at < columns["passage_end"][first:end])
            if holds.any():
                passage = first + int(holds.argmax())
                scored = [self._evaluator.leaf(live, words) for words in query.loose]
                scored += self._evaluator.all_of(live, query.required).scored
                scored.sort(key=lambda each: each.leaf.key)
                return explain(self._evaluator, live, passage, scored)
        raise ValueError(f"no passage at code point {at} of {address!r}")


def _of_whole(error: QueryError, text: str) -> QueryError:
    """Make an error that names a clause of a query name the whole query, and where the clause begins."""
    return QueryError(str(error), text, max(0, text.find(error.query)))
