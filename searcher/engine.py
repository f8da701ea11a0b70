"""What is an engine asked, and what does it answer?

An engine answers query trees. `searcher.querying.search.Searcher` is the engine over an index on disk. A cluster could be another
engine. Texts become trees before an engine is asked (`searcher.language.understand`).
"""

from typing import NamedTuple, Protocol

from searcher.language.tree import Dates, Node, Query, Within
from searcher.model import Match, SearchResult, is_date

MATCHES = ("auto", "all", "any")


class Options(NamedTuple):
    """How a query is to be answered.

    Attributes:
        limit: How many hits at most, at least 0.
        match: ``"all"`` the loose words must stand in a passage, or ``"any"``, or ``"auto"``: all, and where that gives
            fewer than ``limit``, any.
        since: Only articles dated on this day or later; whole or partial ISO date, or empty.
        until: Only articles dated on this day or earlier.
        within: Only these articles; None for all. Nothing is said of what is not found in them.
    """

    limit: int = 10
    match: Match = "auto"
    since: str = ""
    until: str = ""
    within: Within | None = None

    def narrow(self, query: Query) -> Query:
        """Add to a query what the options require; an empty query stays empty.

        Raises:
            ValueError: An option is invalid.
        """
        limit, match, since, until, within = self
        if limit < 0:
            raise ValueError(f"limit is {limit}; it must be 0 or more")
        if match not in MATCHES:
            raise ValueError(f"match is {match!r}; it must be one of {', '.join(MATCHES)}")
        narrowing: tuple[Node, ...] = () if within is None else (within,)
        if since or until:
            for date in (since, until):
                if date and not is_date(date):
                    raise ValueError(f"{date!r} is not a date such as 2020, 2020-09 or 2020-09-27")
            narrowing = (Dates(since, until), *narrowing)
        if not narrowing or not (query.loose or query.required):
            return query
        return query._replace(required=query.required + narrowing)


class EngineStatus(NamedTuple):
    """What an engine searches.

    Attributes:
        n_articles: Number of articles.
        n_passages: Number of passages.
    """

    n_articles: int
    n_passages: int


class Engine(Protocol):
    """Whatever answers queries."""

    def search(self, query: Query, options: Options) -> SearchResult:
        """Find passages.

        Raises:
            QueryError: The query asks for too much; the error's own query is a clause of it.
            ValueError: An option is invalid.
        """

    def count(self, query: Query, options: Options) -> int:
        """Count the passages in the tiers that `search` shows; errors as of `search`."""

    def status(self) -> EngineStatus:
        """Say what is searched."""
