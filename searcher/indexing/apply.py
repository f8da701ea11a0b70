"""How are the files that differ taken in? Article by article: of a changed file, only articles that have changed are indexed anew."""

from collections.abc import Iterator, Mapping
from heapq import heappop, heappush, merge
from itertools import starmap
from operator import attrgetter
from pathlib import Path
from typing import Final

from searcher.errors import CorpusError
from searcher.indexing.change import NewArticle, change, fingerprint_of, next_numbers
from searcher.indexing.folder import listing as folder_of_files
from searcher.indexing.folder.pending import Job, all_skipped
from searcher.indexing.folder.plan import State
from searcher.indexing.folder.settings import stop_words
from searcher.indexing.report import Progress, ProgressCallback, Report, report
from searcher.model import Article, Remark
from searcher.readers import read_articles, version_of
from searcher.storage.catalogue import Seen, write_catalogue
from searcher.storage.manifest import Manifest, commit, now
from searcher.storage.put_in import PutIn, read_put_in
from searcher.storage.snapshot import Snapshot

_TO_READ: Final = frozenset({State.NEW, State.CHANGED, State.MOVED})


def carry_out(
    index: Path, corpus: Path, job: Job, progress: ProgressCallback | None, *, discards: bool = False
) -> Report:
    """Take in what differs, and commit.

    Args:
        index: The index folder.
        corpus: The corpus folder.
        job: What there is to do.
        progress: Called after each file.
        discards: An index that is built anew may lose articles that programs have put in and that cannot be read.

    Raises:
        IndexStateError: It would lose some, or the index is damaged.
    """
    states = dict(job.plan.states)
    old = job.manifest
    put_in = PutIn(generation=old.generation) if old else read_put_in(index)
    if job.reason and put_in.error:  # nobody has asked for a rebuild
        raise put_in.error
    remedy = f"searcher index {corpus} --rebuild --discard-articles --index {index}"
    reason = job.reason or put_in.loss(index, remedy, is_allowed=discards)
    numbers = next_numbers(index, put_in.generation)
    taken: list[str] = []
    remarks: list[Remark] = []
    if old and job.plan.is_fresh:
        entries, segments = job.entries, old.segments
    else:
        kept = starmap(NewArticle, put_in.articles())
        others = _others(index, old) | put_in.places.keys()
        before = job.catalogue.entries if old else {}
        gone = {address for path in job.gone for address in before[path].articles_of(path)} if old else set()
        to_read = [file for file in job.listing.files if old is None or states[file.address] in _TO_READ]
        reading = _Reading(job.contents, before, others, gone)
        new = merge(reading.articles(to_read, progress), kept, key=lambda item: item.article.address)
        segments = change(
            index, old.segments if old else (), new, gone, language=job.settings["language"], numbers=numbers
        )
        if any(seen.skipped for seen in reading.entries.values()):
            folder_of_files.require_entries(corpus)
        entries = {**job.entries, **reading.entries}
        states |= {address: State.UNREADABLE for address, seen in reading.entries.items() if seen.skipped}
        taken, remarks = sorted(reading.taken), reading.remarks
    generation = next(numbers)
    manifest = Manifest(
        generation=generation,
        settings=job.settings,
        stop_words=old.stop_words if old else stop_words(job.settings["language"]),
        corpus=str(corpus),
        segments=segments,
        catalogue=write_catalogue(index, generation, entries, job.catalogue),
        # Files that could not be read are tried again each time.
        listing=job.listing.fingerprint if all(map(attrgetter("fingerprint"), entries.values())) else "",
        skipped=all_skipped(job.listing, entries),
        updated_at=now(),
    )
    commit(index, manifest)
    has_changed = old is None or (segments, manifest.skipped) != (old.segments, old.skipped)
    return report(
        index, states, reason=reason, taken=tuple(taken), remarks=tuple(remarks), has_changed=has_changed
    )


class _Reading:
    """Reads files, and notes what was seen of them.

    Args:
        contents: Gives their bytes.
        before: What was seen of each file before.
        others: Addresses of articles that programs have put in.
        gone: Gets the addresses of articles that their file no longer has, or has in another form.

    Attributes:
        entries: What was seen of each file.
        taken: Addresses of the articles that are new or have changed.
        remarks: What was not understood.
    """

    def __init__(
        self,
        contents: folder_of_files.Contents,
        before: Mapping[str, Seen],
        others: frozenset[str],
        gone: set[str],
    ) -> None:
        self._contents = contents
        self._before = before
        self._others = others
        self._gone = gone
        self.entries: dict[str, Seen] = {}
        self.taken: list[str] = []
        self.remarks: list[Remark] = []

    def articles(
        self, to_read: list[folder_of_files.FileState], progress: ProgressCallback | None
    ) -> Iterator[NewArticle]:
        """Give the articles of some files that are new or have changed, by address; the files are sorted by address."""
        # The path of a file begins the addresses of its articles, but those of another file may stand between them.
        waiting: list[tuple[str, NewArticle]] = []
        n_bytes = 0
        for number, state in enumerate(to_read, 1):
            while waiting and waiting[0][0] < state.address:
                yield heappop(waiting)[1]
            for item in self._read(state):
                heappush(waiting, (item.article.address, item))
            n_bytes += state.size_bytes
            if progress:
                progress(Progress(number, len(to_read), n_bytes))
        while waiting:
            yield heappop(waiting)[1]

    def _read(self, state: folder_of_files.FileState) -> list[NewArticle]:
        """Read a file, and give its articles that are new or have changed."""
        path, fingerprint, skipped = state.address, "", ""
        articles: list[Article] = []
        remarks: list[Remark] = []
        try:
            data, fingerprint = self._contents.read(state)
            articles, remarks = read_articles(state.path, path, data)
            self._require_free(articles, state)
        except CorpusError as error:
            skipped, articles, remarks = str(error), [], []
        is_whole = [article.address for article in articles] == [path]
        found = [NewArticle(each, fingerprint if is_whole else fingerprint_of(each)) for each in articles]
        names = (
            None
            if is_whole or skipped
            else {item.article.address[len(path) + 1 :]: item.fingerprint for item in found}
        )
        version = version_of(path)
        seen = Seen(state.size_bytes, state.mtime_ns, fingerprint, skipped, version, names, tuple(remarks))
        before = self._before.get(path)
        known = before.articles_of(path) if before else {}
        # What a file says may be the same, and mean something else to another version of the reader.
        same = known.items() & seen.articles_of(path).items() if before and before.reader == version else ()
        stay = {address for address, _ in same}
        self._gone |= known.keys() - stay
        new = [item for item in found if item.article.address not in stay]
        self.entries[path] = seen
        self.taken += [item.article.address for item in new]
        self.remarks += remarks
        return new

    def _require_free(self, articles: list[Article], state: folder_of_files.FileState) -> None:
        for article in articles:
            if article.address in self._others:
                message = (
                    f"article {article.address!r} is in the index already, put in by a program: "
                    "rename the file, or remove that article"
                )
                raise CorpusError(message, Path(state.path))


def _others(index: Path, manifest: Manifest | None) -> frozenset[str]:
    """Give the addresses of live articles that programs have put in."""
    if manifest is None:
        return frozenset()
    addresses = []
    for live in Snapshot(index, manifest).segments:
        is_other = live.segment.columns["article_file_end"][live.live_articles] == 0
        addresses += [live.segment.addresses[number].decode() for number in live.live_articles[is_other]]
    return frozenset(addresses)
