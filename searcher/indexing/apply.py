"""How are the files that differ taken in?"""

from collections.abc import Iterator
from heapq import merge
from operator import attrgetter
from pathlib import Path
from typing import Final

from searcher.errors import CorpusError, IndexCorruptError, IndexStateError
from searcher.indexing.commit import NewArticle, change, live_articles, next_numbers
from searcher.indexing.folder import listing as folder_of_files
from searcher.indexing.folder.pending import Job, all_skipped
from searcher.indexing.folder.plan import Plan, State
from searcher.indexing.folder.settings import stop_words
from searcher.indexing.report import Progress, ProgressCallback, Report, report
from searcher.readers import read_article
from searcher.storage.catalogue import Seen, write_catalogue
from searcher.storage.manifest import Manifest, commit, now
from searcher.storage.snapshot import Snapshot

_TO_READ: Final = frozenset({State.NEW, State.CHANGED, State.MOVED})


def carry_out(index: Path, corpus: Path, job: Job, progress: ProgressCallback | None) -> Report:
    """Take in what differs, and commit."""
    numbers = next_numbers(index, job.manifest or job.kept)
    states = dict(job.plan.states)
    taken: tuple[str, ...] = ()
    reason = job.reason
    old = job.manifest
    if old and job.plan.is_fresh:
        entries, segments = job.entries, old.segments
    else:
        kept, reason = _kept(index, job)
        others = _others(index, old) | {item.article.address for item in kept}
        to_read = [file for file in job.listing.files if old is None or states[file.address] in _TO_READ]
        changed = [address for address, state in states.items() if state is State.CHANGED]
        reading = _Reading(to_read, others, progress)
        new = merge(reading.articles(), kept, key=lambda item: item.article.address)
        gone = {*job.gone, *changed} if old else ()
        before = old.segments if old else ()
        segments = change(index, before, new, gone, language=job.settings["language"], numbers=numbers)
        if any(seen.skipped for seen in reading.entries.values()):
            folder_of_files.require_entries(corpus)
        entries = {**job.entries, **reading.entries}
        states |= {address: State.UNREADABLE for address, seen in reading.entries.items() if seen.skipped}
        taken = tuple(sorted(reading.taken))
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
    counts = Plan(states, has_touched=False).counts
    has_changed = old is None or (segments, manifest.skipped) != (old.segments, old.skipped)
    return report(index, counts, reason=reason, taken=taken, has_changed=has_changed)


class _Reading:
    """Reads files, and notes what was seen of them.

    Args:
        to_read: The files, by address.
        others: Addresses that articles have that are not files.
        progress: Called after each file.

    Attributes:
        entries: What was seen of each file.
        taken: Addresses of those that could be read.
    """

    def __init__(
        self,
        to_read: list[folder_of_files.FileState],
        others: frozenset[str],
        progress: ProgressCallback | None,
    ) -> None:
        self._to_read = to_read
        self._others = others
        self._progress = progress
        self.entries: dict[str, Seen] = {}
        self.taken: list[str] = []

    def articles(self) -> Iterator[NewArticle]:
        """Give what can be read, by address."""
        n_bytes = 0
        for number, state in enumerate(self._to_read, 1):
            fingerprint, skipped = "", ""
            try:
                data = folder_of_files.read_file(state)
                fingerprint = folder_of_files.fingerprint(data)
                article = read_article(state.path, state.address, data)
            except CorpusError as error:
                skipped = str(error)
            else:
                if state.address in self._others:
                    skipped = (
                        f"article {state.address!r} is in the index already, put in by a program: "
                        "rename the file, or remove that article"
                    )
                else:
                    yield NewArticle(article, fingerprint, is_file=True)
                    self.taken.append(state.address)
            self.entries[state.address] = Seen(state.size_bytes, state.mtime_ns, fingerprint, skipped)
            n_bytes += state.size_bytes
            if self._progress:
                self._progress(Progress(number, len(self._to_read), n_bytes))


def _others(index: Path, manifest: Manifest | None) -> frozenset[str]:
    """Give the addresses of live articles that are not files."""
    if manifest is None:
        return frozenset()
    addresses = []
    for live in Snapshot(index, manifest).segments:
        is_other = live.segment.columns["article_is_file"][live.live_articles] == 0
        addresses += [live.segment.addresses[number].decode() for number in live.live_articles[is_other]]
    return frozenset(addresses)


def _kept(index: Path, job: Job) -> tuple[list[NewArticle], str]:
    """Read the articles that are not files from an index that is to be built anew; and say why everything is."""
    if job.kept is None:
        return [], job.reason
    try:
        return list(live_articles(Snapshot(index, job.kept), are_files=False)), job.reason
    except IndexStateError as error:
        if job.reason:
            raise
        damage = (
            f"{error.file} is damaged ({error.detail})" if isinstance(error, IndexCorruptError) else error
        )
        return [], f"{damage}; articles that a program had put in, if any, have to be put in again"
