"""How does an index come to hold what the files of its folder are now?

`update` compares the corpus folder with the catalogue and takes in what differs: one commit, under the lock of the one
writer. Where the analysis itself has changed, everything is analysed anew: files are read again, other articles are read
from the index.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from heapq import merge
from pathlib import Path
from typing import Any

from searcher.errors import CorpusError, IndexLockedError, IndexStateError
from searcher.indexing import corpus as folder_of_files
from searcher.indexing.change import NewArticle, change, live_articles, next_numbers
from searcher.indexing.folder import check_folder
from searcher.indexing.lock import writing
from searcher.indexing.plan import Plan, State, is_same, plan
from searcher.indexing.report import Progress, ProgressCallback, Report, WaitCallback, report
from searcher.indexing.settings import DEFAULT_LANGUAGE, difference, settings_for, stop_words
from searcher.readers import SUFFIXES, read_article
from searcher.storage import files
from searcher.storage.manifest import (
    Catalogue,
    Manifest,
    Seen,
    commit,
    exists,
    now,
    read_manifest,
    read_state,
    signature,
    write_catalogue,
)
from searcher.storage.snapshot import Snapshot
from searcher.text.analysis import check_language


def compare(
    index: Path, corpus: Path, catalogue: Catalogue, *, max_seconds: float | None = None
) -> tuple[folder_of_files.Listing, Plan]:
    """List a corpus folder and compare it with what the index saw of it.

    Raises:
        CorpusError: The folder cannot be listed, or not within ``max_seconds``.
    """
    listing = folder_of_files.list_files(corpus, exclude=[index], max_seconds=max_seconds)
    return listing, plan(listing.files, catalogue, _fingerprint)


def update(
    index: Path,
    corpus: Path,
    *,
    language: str | None = None,
    rebuild: bool = False,
    allow_empty: bool = False,
    max_seconds: float | None = None,
    progress: ProgressCallback | None = None,
    on_wait: WaitCallback | None = None,
) -> Report:
    """Bring an index up to date with its corpus folder, building it if there is none.

    Args:
        index: The index folder, made if need be.
        corpus: The corpus folder, as `searcher.indexing.folder.corpus_of` gives it.
        language: Language of the stemmer; None for that of the index, or English.
        rebuild: Analyse everything anew, from an index that may be damaged.
        allow_empty: A folder without articles means that there are none any more.
        max_seconds: Give up if looking through the folder takes longer.
        progress: Called after each article.
        on_wait: Called with the holder's description if another process is writing.

    Raises:
        CorpusError: The folder is missing, holds no articles, or takes too long to look through.
        IndexStateError: The index folder cannot be used.
    """
    check_folder(index)

    def examine() -> _Job:
        job = _examine(index, corpus, language, rebuild=rebuild, max_seconds=max_seconds)
        if not job.listing.files and not allow_empty and (job.manifest is None or job.gone):
            suffixes = ", ".join(sorted(SUFFIXES))
            raise CorpusError(f"no articles ({suffixes}) in {corpus}; if that is so: --allow-empty", corpus)
        return job

    before = signature(index)
    job = examine()
    if job.manifest and job.is_current:
        # Neither a folder that cannot be written to nor another writer keeps a fresh index from being searched. What a
        # killed writer has left is deleted on leaving the lock.
        if job.plan.has_touched or files.unnamed(index, job.manifest.file_names):
            with suppress(OSError, IndexLockedError), writing(index, None):
                if job.plan.has_touched and signature(index) == before:
                    _carry_out(index, corpus, job, None)
        return report(index, job.plan.counts, has_changed=False)
    check_language(job.settings["language"])
    with writing(index, on_wait):
        if signature(index) != before:  # another process has written meanwhile
            job = examine()
        if job.manifest and job.is_current:
            return report(index, job.plan.counts, has_changed=False)
        return _carry_out(index, corpus, job, progress)


@dataclass(frozen=True, slots=True)
class _Job:
    """What there is to do.

    Attributes:
        manifest: The present state of the index, if there is one to go on from.
        kept: Another state of the index, of which the articles that are not files are to be kept.
        listing: What stands in the folder.
        plan: What has happened to each file.
        entries: What the catalogue says of files that are still there.
        gone: Addresses of files that are not.
        settings: What the analysis is to depend on.
        reason: Why everything must be analysed anew, or empty.
    """

    manifest: Manifest | None
    kept: Manifest | None
    listing: folder_of_files.Listing
    plan: Plan
    entries: dict[str, Seen]
    gone: frozenset[str]
    settings: dict[str, Any]
    reason: str

    @property
    def is_current(self) -> bool:
        """A reader would see nothing new; there may be sizes and times to write to the catalogue."""
        if self.manifest is None or self.reason or not self.plan.is_fresh:
            return False
        return _all_skipped(self.listing, self.entries) == self.manifest.skipped


def _examine(
    index: Path, corpus: Path, language: str | None, *, rebuild: bool, max_seconds: float | None
) -> _Job:
    manifest, catalogue = read_state(index) if exists(index) and not rebuild else (None, Catalogue())
    listing, found = compare(index, corpus, catalogue, max_seconds=max_seconds)
    entries = {
        file.address: seen
        if is_same(seen, file)
        else seen._replace(size_bytes=file.size_bytes, mtime_ns=file.mtime_ns)
        for file in listing.files
        if (seen := catalogue.entries.get(file.address))
    }
    settings = settings_for(language or (manifest.settings["language"] if manifest else DEFAULT_LANGUAGE))
    reason = difference(manifest.settings, settings) if manifest else ""
    if reason:
        manifest, kept, entries = None, manifest, {}
    else:
        kept = _readable_manifest(index) if rebuild else None
    gone = frozenset(catalogue.entries.keys() - entries.keys())
    return _Job(manifest, kept, listing, found, entries, gone, settings, reason)


def _readable_manifest(index: Path) -> Manifest | None:
    try:
        return read_manifest(index)
    except IndexStateError:
        return None


def _carry_out(index: Path, corpus: Path, job: _Job, progress: ProgressCallback | None) -> Report:
    """Take in what differs, and commit."""
    numbers = next_numbers(index, job.manifest or job.kept)
    states, old, reason = dict(job.plan.states), job.manifest, job.reason
    taken: tuple[str, ...] = ()
    if old and job.plan.is_fresh:
        entries, segments = job.entries, old.segments
    else:
        kept, reason = _kept(index, job)
        others = _others(index, old) | {item.article.address for item in kept}
        to_read = [
            file
            for file in job.listing.files
            if old is None or states[file.address] in (State.NEW, State.CHANGED, State.MOVED)
        ]
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
        catalogue=write_catalogue(index, generation, Catalogue(entries)),
        skipped=_all_skipped(job.listing, entries),
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
                article = read_article(Path(state.path), state.address, data)
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


def _kept(index: Path, job: _Job) -> tuple[list[NewArticle], str]:
    """Read the articles that are not files from an index that is to be built anew; and say why everything is."""
    if job.kept is None:
        return [], job.reason
    try:
        return list(live_articles(Snapshot(index, job.kept), are_files=False)), job.reason
    except IndexStateError as error:
        if job.reason:
            raise
        return [], f"{error}; articles that a program had put in, if any, have to be put in again"


def _all_skipped(
    listing: folder_of_files.Listing, entries: Mapping[str, Seen]
) -> tuple[tuple[str, str], ...]:
    unread = [(address, seen.skipped) for address, seen in entries.items() if seen.skipped]
    unlisted = [(skipped.address, f"{skipped.address} {skipped.reason}") for skipped in listing.skipped]
    return tuple(sorted([*unlisted, *unread]))


def _fingerprint(state: folder_of_files.FileState) -> str | None:
    try:
        return folder_of_files.fingerprint(folder_of_files.read_file(state))
    except CorpusError:
        return None
