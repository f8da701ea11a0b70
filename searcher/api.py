"""What Python programs use: `search`, `open_index`, `build_index`, `check_index`, `Index`.

Nothing here prints. An index is built or changed only if the caller asks for that. Opening an index checks only sizes and
headers. If reading then fails in a way that a sound index cannot cause, the checksums are verified, and the error names the
damaged file. Methods import what a query does not need.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Self

from searcher.engine import Options
from searcher.errors import CorpusError
from searcher.language.tree import Within, make
from searcher.model import Article, Hit, Match, SearchResult, Span
from searcher.querying.matching.forms import MAX_FORMS
from searcher.querying.search import Asked, Searcher
from searcher.session import DEFAULT_INDEX, find_manifest, folder_of, open_up_to_date
from searcher.storage.manifest import read_manifest, signature
from searcher.storage.snapshot import Snapshot, name_damage, naming_damage, open_snapshot

if TYPE_CHECKING:
    from searcher.indexing.folder.events import Stop
    from searcher.indexing.folder.status import Status
    from searcher.indexing.report import ProgressCallback, Report, WaitCallback
    from searcher.querying.results.explain import Explanation
    from searcher.querying.suggest import Suggestion
    from searcher.querying.whoosh.reader import WhooshReader
    from searcher.storage.check.check import CheckReport
    from searcher.watch import Trouble, Update

_NO_LIMIT = 1 << 32


class Index:
    """An open index. It does not change until `refresh` or a method that changes the index is called.

    Searching is safe from several threads. Use it as a context manager, or call `close`.

    Args:
        path: The index folder.
        max_forms: How many words one wildcard or fuzzy word of a query may match. A query that matches more is an error.
        snapshot: The index, if it has been opened already.

    Raises:
        IndexMissingError: There is no index in the folder.
        IndexVersionError: It was written by another version.
        IndexCorruptError: It is damaged.
    """

    def __init__(
        self,
        path: str | Path = DEFAULT_INDEX,
        *,
        max_forms: int = MAX_FORMS,
        snapshot: Snapshot | None = None,
    ) -> None:
        self.path = Path(path)
        self._max_forms = max_forms
        self._refreshing = Lock()
        self._searcher: Searcher | None = Searcher(snapshot or open_snapshot(self.path), max_forms)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        """Count the articles."""
        return self._open.snapshot.n_articles

    @property
    def _open(self) -> Searcher:
        if self._searcher is None:
            raise ValueError(f"the index in {self.path} has been closed")
        return self._searcher

    @property
    def corpus(self) -> Path | None:
        """The corpus folder that it was built from, or None."""
        corpus = self._open.snapshot.manifest.corpus
        return Path(corpus) if corpus else None

    @contextmanager
    def _reading(self) -> Iterator[Searcher]:
        """Give the searcher. An error that damage causes names the damaged file."""
        searcher = self._open
        with naming_damage(lambda: searcher.snapshot):
            yield searcher

    def close(self) -> None:
        """Close the index's files. Results stay valid."""
        self._searcher = None

    def refresh(self) -> bool:
        """Move to the newest state of the index. Tell whether there was a newer one; if not, only one file is looked at."""
        with self._refreshing:  # otherwise a slow thread could put an older state in place of a newer one
            snapshot = self._open.snapshot
            if signature(self.path) == snapshot.signature:
                return False
            self._searcher = Searcher(open_snapshot(self.path, snapshot), self._max_forms)
            return True

    def search(
        self,
        query: Asked,
        *,
        limit: int = 10,
        match: Match = "auto",
        since: str = "",
        until: str = "",
        strict: bool = False,
    ) -> SearchResult:
        """Find passages, best first.

        Args:
            query: In the query language, or a query object of Whoosh's over the fields of
                `searcher.querying.whoosh.fields`.
            limit: How many hits at most, at least 0.
            match: ``"all"`` the loose words must stand in a passage, or ``"any"``, or ``"auto"``: all, and where that
                gives fewer than ``limit``, passages with some of them, from articles that have them all, then with any.
            since: Only articles dated on this day or later; whole or partial ISO date, or empty.
            until: Only articles dated on this day or earlier.
            strict: Do not accept a query that could not be understood as typed.

        Raises:
            QueryError: A date or range in the query is invalid, a pattern matches too many words, or Whoosh cannot run a
                query object. If ``strict``, also: there is a note on how the query was understood.
            TypeError: The query is neither text nor a query object.
            ValueError: An argument is invalid.
        """
        searcher = self._open
        try:  # as `_reading` does, in 5 us less
            return searcher.ask(query, make(Options, (limit, match, since, until, None)), strict=strict)
        except Exception as error:
            name_damage(error, lambda: searcher.snapshot)
            raise

    def search_many(
        self,
        queries: Sequence[Asked],
        *,
        limit: int = 10,
        match: Match = "auto",
        since: str = "",
        until: str = "",
    ) -> list[SearchResult]:
        """Find passages for each query; arguments and results as of `search`."""
        return [self.search(query, limit=limit, match=match, since=since, until=until) for query in queries]

    def explain(self, query: Asked, hit: Hit) -> "Explanation":
        """Say why a query gave a hit its score, in numbers that add up to it; `str` gives it in words.

        Raises:
            ValueError: The index has no such passage.
        """
        with self._reading() as searcher:
            return searcher.explain(query, hit.article.address, (hit.heading or hit.passage).start)

    def whoosh_reader(self) -> "WhooshReader":
        """Give this index, as it is now, to Whoosh: its searcher, matchers, sorting, spelling and `more_like` work on it.

        Its documents are the live passages. `searcher.querying.whoosh.fields` describes its fields. What Whoosh makes of a
        damaged index is its own affair: `check_index` names the damage.
        """
        return self._open.whoosh_reader

    def suggest(self, word: str, *, limit: int = 5) -> "list[Suggestion]":
        """Find words of the articles that are written like this one, by edit distance, then by number of passages.

        The word itself is never suggested.

        Raises:
            ValueError: ``limit`` is negative.
        """
        from searcher.querying.suggest import suggest  # noqa: PLC0415  (searching does not need it)

        with self._reading() as searcher:
            return suggest(searcher.snapshot, word, limit=limit)

    def complete(self, prefix: str, *, limit: int = 10) -> "list[Suggestion]":
        """Find words of the articles that begin like this, those in most passages first. It may be a word itself.

        Raises:
            ValueError: ``limit`` is negative.
        """
        from searcher.querying.suggest import complete  # noqa: PLC0415  (searching does not need it)

        with self._reading() as searcher:
            return complete(searcher.snapshot, prefix, limit=limit)

    def article(self, address: str) -> Article:
        """Read one article of the index.

        Raises:
            CorpusError: There is none with this address.
        """
        with self._reading() as searcher:
            for live in searcher.snapshot.segments:
                number = live.find(address)
                if number >= 0:
                    return live.segment.article(number)
        raise CorpusError(f"no article {address!r} in the index in {self.path}", Path(address))

    def addresses(self) -> list[str]:
        """List the addresses of all articles, sorted."""
        with self._reading() as searcher:
            return sorted(searcher.snapshot.live_strings("address"))

    def marks(self, query: Asked, address: str) -> tuple[Span, ...]:
        """Give everything that a query finds in one article, sorted; its words count wherever they stand in it."""
        with self._reading() as searcher:
            within = Within((address,), keeps_headings=True)
            result = searcher.ask(query, Options(limit=_NO_LIMIT, within=within))
        return tuple(sorted(mark for hit in result for mark in hit.marks))

    def update(
        self,
        *,
        allow_empty: bool = False,
        progress: "ProgressCallback | None" = None,
        on_wait: "WaitCallback | None" = None,
    ) -> "Report":
        """Take in what has changed in the corpus folder, and refresh.

        Arguments are those of `build_index`.

        Raises:
            CorpusError: The index has no corpus folder, or the folder is missing or empty.
            IndexLockedError: Another process is writing, and ``on_wait`` is None.
        """
        from searcher.indexing.update import update  # noqa: PLC0415  (searching does not need it)

        folder = folder_of(self.path, None, read_manifest(self.path))
        report = update(self.path, folder, allow_empty=allow_empty, progress=progress, on_wait=on_wait)
        self.refresh()
        return report

    def watch(
        self, queries: Sequence[Asked] = (), *, stop: "Stop | None" = None
    ) -> "Iterator[Update | Trouble]":
        """Keep the index up to date with its corpus folder, and tell which passages are news for some queries.

        A passage is news if it has come or changed since the call, and holds a line that matched nowhere in its article
        before; `searcher.querying.results.alerts` has the rule. A folder that was emptied does not empty the index.

        Args:
            queries: Each asks for passages with all its words.
            stop: Looked at a few times a second. Once it is set, the iteration ends after the update under way.

        Yields:
            An `Update` when the watch begins, and after each burst of changes that changed something. A `Trouble` when an
            update fails, once, and an `Update` when updates work again. This index has been refreshed.

        Raises:
            QueryError: Of a query, as `search` does.
            CorpusError: The index has no corpus folder, or the operating system does not watch it.
        """
        from searcher.watch import watch  # noqa: PLC0415  (searching does not need it)

        return map(self._refreshed, watch(self.path, queries, stop or threading.Event()))

    def _refreshed(self, event: "Update | Trouble") -> "Update | Trouble":
        self.refresh()
        return event

    def put(self, articles: Iterable[Article], *, on_wait: "WaitCallback | None" = None) -> "Report":
        """Add articles that are not files, each in place of the one put in before under its address, and move to the outcome.

        The articles may come in any order. They are taken one at a time, and their texts are not held in memory. Meanwhile nobody
        else can write to the index. If the iterator raises an error, the index stays as it was. Updates from the corpus folder leave
        the articles alone. ``on_wait`` is that of `build_index`.

        Raises:
            IndexLockedError: Another process is writing. No article has been taken.
            ValueError: An address comes twice, or is that of a file of the corpus folder.
        """
        from searcher.indexing.put import put  # noqa: PLC0415  (searching does not need it)

        report = put(self.path, articles, on_wait=on_wait)
        self.refresh()
        return report

    def remove(self, addresses: Iterable[str], *, on_wait: "WaitCallback | None" = None) -> "Report":
        """Remove articles that are not files, all of them or none, and move to the outcome; ``on_wait`` as of `build_index`.

        Raises:
            CorpusError: There is no such article.
            IndexLockedError: Another process is writing.
            ValueError: An address is that of a file of the corpus folder.
        """
        from searcher.indexing.put import remove  # noqa: PLC0415  (searching does not need it)

        report = remove(self.path, addresses, on_wait=on_wait)
        self.refresh()
        return report

    def digest(self) -> str:
        """Give a hash of what is indexed: equal for equal articles, language and versions, however the index came to be.

        It reads the whole index.

        Raises:
            IndexCorruptError: A file is damaged.
        """
        from searcher.indexing.segments.merge_segments import digest  # noqa: PLC0415  (searching does not need it)

        snapshot = self._open.snapshot
        snapshot.verify()
        return digest(snapshot.segments, snapshot.manifest.settings, snapshot.manifest.stop_words)

    def status(self) -> "Status":
        """Say what is indexed, and whether the corpus folder has changed since."""
        from searcher.indexing.folder.status import status  # noqa: PLC0415  (searching does not need it)

        with self._reading() as searcher:
            return status(self.path, searcher.snapshot)


def open_index(path: str | Path = DEFAULT_INDEX, *, max_forms: int = MAX_FORMS) -> Index:
    """Open an index for searching; see `Index`."""
    return Index(path, max_forms=max_forms)


def check_index(path: str | Path = DEFAULT_INDEX) -> "CheckReport":
    """Look at every byte of an index: whether it is as it was written, and whether what was written fits together.

    Texts are not analysed anew. Nothing is changed: a damaged index is mended by building it anew.

    Raises:
        IndexMissingError: There is no index in the folder.
        IndexVersionError: It was written by another version.
    """
    from searcher.storage.check.check import check  # noqa: PLC0415  (never needed to search)

    return check(Path(path))


def build_index(
    corpus: str | Path | Iterable[Article] | None,
    index: str | Path = DEFAULT_INDEX,
    *,
    language: str | None = None,
    rebuild: bool = False,
    progress: "ProgressCallback | None" = None,
    allow_empty: bool = False,
    discard_articles: bool = False,
    on_wait: "WaitCallback | None" = None,
) -> "Report":
    """Build an index, or bring it up to date. Say what was done.

    Args:
        corpus: A folder of articles, or the articles themselves, or None for those that programs have put into the index so far.
            Articles are taken as `Index.put` takes them.
        index: The index folder. A missing folder is made.
        language: Language of the stemmer, as `searcher.text.words.analysis.Analyser` knows them; None for that of the index,
            or English.
        rebuild: Build everything anew. The index may belong to another folder, be damaged, or be of the format before. If a
            folder is given, articles that programs have put in are kept.
        allow_empty: A folder without articles empties the index. Otherwise it is an error.
        discard_articles: A rebuild may lose articles that programs have put in and that cannot be read.
        progress: Called after each article.
        on_wait: Called with a description of the holder if another process is writing. Then waits. None: do not wait.

    Raises:
        CorpusError: The folder is missing or holds no articles, or the index belongs to another.
        IndexStateError: The index folder cannot be used, or a rebuild would lose articles that programs have put in.
        ValueError: There is no stemmer for the language, or an address comes twice.
    """
    path = Path(index)
    if isinstance(corpus, str | Path):
        from searcher.indexing.update import update  # noqa: PLC0415  (searching does not need it)

        return update(
            path,
            folder_of(path, Path(corpus), None if rebuild else find_manifest(path)),
            language=language,
            rebuild=rebuild,
            allow_empty=allow_empty,
            discard_articles=discard_articles,
            progress=progress,
            on_wait=on_wait,
        )
    from searcher.indexing.put import build  # noqa: PLC0415  (searching does not need it)

    return build(
        path,
        corpus,
        language=language,
        rebuild=rebuild,
        discard_articles=discard_articles,
        progress=progress,
        on_wait=on_wait,
    )


def search(
    query: Asked,
    *,
    index: str | Path = DEFAULT_INDEX,
    corpus: str | Path | None = None,
    limit: int = 10,
    match: Match = "auto",
    since: str = "",
    until: str = "",
    update: bool = False,
) -> SearchResult:
    """Find passages in the index of a folder, as `Index.search` does.

    With ``update``, what has changed in the corpus folder is taken in first, and a missing index is built. By default the
    corpus folder is that of the index, or ``./corpus`` for a new index.

    Raises:
        IndexMissingError: There is no index in the folder, and ``update`` is false or there is no folder to build it from.
        CorpusError: The corpus folder is missing, or the index belongs to another folder.
        IndexLockedError: ``update`` is true, and another process is writing.
    """
    opened = open_up_to_date(Path(index), None if corpus is None else Path(corpus), updates=update)
    if opened.obstacle:
        raise opened.obstacle
    with Index(index, snapshot=opened.snapshot) as searched:
        return searched.search(query, limit=limit, match=match, since=since, until=until)
