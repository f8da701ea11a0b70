"""What comes into the corpus folder of an index while somebody watches?

`watch` keeps the index up with the folder, and says which passages are news for some queries. What has come and gone is
told by two snapshots, one from before and one from after, not by the update: another process may have been quicker to
take it in.
"""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from searcher.engine import Options
from searcher.errors import CorpusError, QueryError, SearcherError
from searcher.indexing.folder.events import Stop, notice
from searcher.indexing.folder.ownership import corpus_of
from searcher.indexing.report import Report
from searcher.indexing.update import update
from searcher.language.tree import Within
from searcher.model import Hit, Ranked, SearchResult
from searcher.querying.results.alerts import News
from searcher.querying.search import Asked, Searcher
from searcher.storage.snapshot import Snapshot, open_snapshot

RETRY_SECONDS: Final = 5.0
"""How long after an update that failed, or had to wait for another process, the next one is tried."""
_NO_LIMIT = 1 << 32


@dataclass(frozen=True, slots=True)
class Update:
    """What an update came to.

    Attributes:
        report: What it did. If another process had taken in everything, that is nothing.
        arrived: Addresses of articles that are new, or have changed, sorted.
        gone: Addresses at which there is no article any more, sorted.
        alerts: For each query that has any, the passages that are news, best first.
        seconds: How long it took.
    """

    report: Report
    arrived: tuple[str, ...]
    gone: tuple[str, ...]
    alerts: tuple[SearchResult, ...]
    seconds: float

    @property
    def has_changed(self) -> bool:
        """Tell whether a reader sees anything else than before."""
        return bool(self.report.has_changed or self.arrived or self.gone)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the index could not be brought up to date, or a query not be answered. The watch goes on.

    Attributes:
        error: What went wrong.
    """

    error: SearcherError | OSError


def watch(path: Path, queries: Sequence[Asked], stop: Stop) -> Iterator[Update | Trouble]:
    """Keep an index up with its corpus folder; arguments, outcome and errors as of `searcher.Index.watch`."""
    return _Watcher(path, queries).events(stop)


class _Watcher:
    """An index, as it was last seen, and what has been found in it."""

    def __init__(self, path: Path, queries: Sequence[Asked]) -> None:
        self._path = path
        self._corpus = corpus_of(path, None)
        self._searcher = Searcher(open_snapshot(path))
        self._news = [(query, News()) for query in queries]
        for query in queries:
            self._searcher.ask(query, Options(limit=0, match="all"))

    def events(self, stop: Stop) -> Iterator[Update | Trouble]:
        """Bring the index up to date whenever its folder may have changed, and now and then while that fails."""
        due, failure, is_first = math.inf, "", True
        for may_have_changed in notice(self._corpus, self._path, stop, self._was_folder):
            if not may_have_changed and time.monotonic() < due:
                continue
            try:
                done, errors = self._update()
            except (SearcherError, OSError) as error:
                due = time.monotonic() + RETRY_SECONDS
                if str(error) != failure:
                    failure = str(error)
                    yield Trouble(error)
                continue
            if done.has_changed or failure or is_first:
                yield done
            yield from map(Trouble, errors)
            due, failure, is_first = math.inf, "", False

    def _update(self) -> tuple[Update, list[QueryError]]:
        """Take in what has changed, and tell what that means for the queries, and which of them cannot be answered."""
        started = time.monotonic()
        if not self._corpus.is_dir():
            message = f"corpus folder {self._corpus} has vanished: the index stays as it is until the folder is back"
            raise CorpusError(message, self._corpus)
        before = self._searcher
        # Where the index is empty an empty folder takes nothing away; elsewhere it may be a disk that is not there.
        is_empty = not before.snapshot.n_articles
        report = update(self._path, corpus_of(self._path, self._corpus), allow_empty=is_empty)
        self._searcher = after = Searcher(open_snapshot(self._path, before.snapshot))
        was, now = _only_in(before.snapshot, after.snapshot), _only_in(after.snapshot, before.snapshot)
        arrived = sorted(address for address in now if now[address] != was.get(address))
        changed = sorted(address for address in was if was[address] != now.get(address))
        gone = sorted(was.keys() - now.keys())
        alerts: list[SearchResult] = []
        errors: list[QueryError] = []
        for query, news in self._news if arrived or gone else ():
            try:
                earlier = before.ask(query, _in(changed, keeps_headings=True))
                found = after.ask(query, _in(arrived, keeps_headings=False))
            except QueryError as error:  # such as a pattern that now matches too many words
                errors.append(error)
            else:
                hits = news.among(found, earlier, gone)
                alerts += [_only(found, hits)] if hits else []
        seconds = time.monotonic() - started
        return Update(report, tuple(arrived), tuple(gone), tuple(alerts), seconds), errors

    def _was_folder(self, address: str) -> bool:
        prefix = f"{address}/".encode()
        for live in self._searcher.snapshot.segments:
            addresses = live.segment.addresses
            number = addresses.lower_bound(prefix)
            if number < len(addresses) and addresses[number].startswith(prefix):
                return True
        return False


def _in(addresses: Sequence[str], *, keeps_headings: bool) -> Options:
    """Ask for everything that has all the words in some articles."""
    return Options(_NO_LIMIT, "all", within=Within(tuple(addresses), keeps_headings))


def _only_in(one: Snapshot, other: Snapshot) -> dict[str, str]:
    """Give address and fingerprint of the articles that are not live, in the same segment, in another snapshot too."""
    shared = {live.entry.files: live.entry.dead_articles for live in other.segments}
    found = {}
    for live in one.segments:
        dead = shared.get(live.entry.files)
        numbers = live.live_articles.tolist() if dead is None else set(dead) - set(live.entry.dead_articles)
        for number in numbers:
            address = live.segment.article_string("address", number)
            found[address] = live.segment.article_string("fingerprint", number)
    return found


def _only(result: SearchResult, hits: tuple[Hit, ...]) -> SearchResult:
    """Make a result of some hits of another, all of which have all the words."""
    return replace(
        result,
        notes=(),
        total=len(hits),
        tiers={"all": len(hits)},
        side_by_side=None,
        clauses=(),
        ranking=tuple(
            Ranked(hit.score, hit.article.address, hit.passage.start, hit.passage.end) for hit in hits
        ),
        hits=hits,
    )
