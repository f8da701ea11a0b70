"""What changes in the corpus folder of an index while somebody watches?

`watch` keeps the index up to date with its folder, and says which passages are news for some queries. It compares the
snapshots before and after an update to see what has come and gone. The report of the update does not tell that, because
another process may have taken in the files first.
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
from searcher.indexing.report import Report
from searcher.indexing.update import update
from searcher.language.tree import Within
from searcher.model import Hit, Ranked, SearchResult
from searcher.querying.results.alerts import News
from searcher.querying.search import Asked, Searcher
from searcher.session import find_manifest, folder_of
from searcher.storage.snapshot import Snapshot, open_snapshot

RETRY_SECONDS: Final = 5.0
"""How long to wait before an update that failed, or found another process writing, is tried again."""
_NO_LIMIT = 1 << 32


@dataclass(frozen=True, slots=True)
class Update:
    """What an update changed.

    Attributes:
        report: What the update did. If another process had taken in everything, it did nothing.
        arrived: Addresses of articles that are new or have changed, sorted.
        gone: Addresses of articles that are gone, sorted.
        alerts: For each query with news, the passages that are news, best first.
        seconds: How long the update took.
    """

    report: Report
    arrived: tuple[str, ...]
    gone: tuple[str, ...]
    alerts: tuple[SearchResult, ...]
    seconds: float

    @property
    def has_changed(self) -> bool:
        """Tell whether a reader sees any difference."""
        return bool(self.report.has_changed or self.arrived or self.gone)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the index could not be brought up to date, or why a query could not be answered. The watch goes on."""

    error: SearcherError | OSError


def watch(path: Path, queries: Sequence[Asked], stop: Stop) -> Iterator[Update | Trouble]:
    """Keep an index up to date with its corpus folder. `searcher.Index.watch` documents arguments, outcome and errors."""
    return _Watcher(path, queries).events(stop)


class _Watcher:
    """An index as it was last seen, and the news found so far."""

    def __init__(self, path: Path, queries: Sequence[Asked]) -> None:
        self._path = path
        snapshot = open_snapshot(path)
        self._corpus = folder_of(path, None, snapshot.manifest)
        self._searcher = Searcher(snapshot)
        self._news = [(query, News()) for query in queries]
        for query in queries:
            self._searcher.ask(query, Options(limit=0, match="all"))

    def events(self, stop: Stop) -> Iterator[Update | Trouble]:
        """Bring the index up to date when its folder may have changed. Try again after a while if that fails."""
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
        """Take in what has changed. Give the news for the queries, and the errors of queries that cannot be answered."""
        started = time.monotonic()
        if not self._corpus.is_dir():
            message = f"corpus folder {self._corpus} has vanished: the index stays as it is until the folder is back"
            raise CorpusError(message, self._corpus)
        before = self._searcher
        # An empty folder may be a disk that is not mounted. It may empty the index only if the index is empty already.
        is_empty = not before.snapshot.n_articles
        folder = folder_of(self._path, self._corpus, find_manifest(self._path))
        report = update(self._path, folder, allow_empty=is_empty)
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
            except QueryError as error:  # for example a pattern that now matches too many words
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
    """Give address and fingerprint of the articles of one snapshot that the other does not have in the same segment."""
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
    """Make a result of some hits of another result. Every hit has all the words."""
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
