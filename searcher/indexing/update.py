"""How does an index come to hold what the articles are now?

`update` compares the folder with the catalogue and, where anything differs, writes a new segment of all the articles
beside the old one, then commits. `build` does the same for articles that are not files.

An index belongs to one corpus folder, which the manifest records. Folders that hold anything foreign are never used as
an index, and only files whose names the format owns are ever deleted.
"""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from searcher.errors import CorpusError, IndexStateError
from searcher.indexing import corpus as folder_of_files
from searcher.indexing.build import SegmentBuilder
from searcher.indexing.lock import writing
from searcher.indexing.plan import Plan, State, plan
from searcher.model import Article
from searcher.readers import SUFFIXES, read_article
from searcher.storage import files
from searcher.storage.format import MANIFEST, segment_name
from searcher.storage.manifest import (
    Catalogue,
    Manifest,
    Seen,
    SegmentEntry,
    commit,
    exists,
    read_manifest,
    read_state,
    write_catalogue,
)
from searcher.text.analysis import ANALYSIS_VERSION, Analyser, check_language

DEFAULT_LANGUAGE = "english"

_STOP_WORD_CODES = {
    "danish": "da",
    "dutch": "nl",
    "english": "en",
    "finnish": "fi",
    "french": "fr",
    "german": "de",
    "hungarian": "hu",
    "italian": "it",
    "norwegian": "no",
    "portuguese": "pt",
    "russian": "ru",
    "spanish": "es",
    "swedish": "sv",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build has come.

    Attributes:
        n_done: Articles taken in or skipped.
        n_total: Articles in all, or None if that is not known.
        n_bytes: Bytes read so far.
    """

    n_done: int
    n_total: int | None
    n_bytes: int


@dataclass(frozen=True, slots=True)
class Report:
    """What an update did.

    Attributes:
        counts: Files by state: new, changed, moved, removed, unchanged, unreadable.
        n_articles: Articles now in the index.
        n_passages: Passages now in the index.
        skipped: Address and reason of each file that could not be taken in.
        reason: Why everything was analysed anew, or empty.
        has_written: The index was committed anew.
    """

    counts: dict[str, int]
    n_articles: int
    n_passages: int
    skipped: tuple[tuple[str, str], ...]
    reason: str
    has_written: bool


ProgressCallback = Callable[[Progress], None]


def settings_for(language: str) -> dict[str, Any]:
    """Give everything that the analysis of an article depends on."""
    language = language.lower()
    return {
        "language": language,
        "analysis_version": ANALYSIS_VERSION,
        "unicode": unicodedata.unidata_version,
        "nltk": version("nltk") if language != "none" else "",
    }


def stop_words(language: str) -> list[str]:
    """List the words that queries in a language leave out, sorted; none for languages without a list."""
    from whoosh.lang.stopwords import stoplists  # noqa: PLC0415  (needed to build, never to search)

    return sorted(stoplists.get(_STOP_WORD_CODES.get(language, ""), ()))


def corpus_of(index: Path, corpus: Path | None, *, may_change: bool = False) -> Path:
    """Tell which corpus folder an index is, or is to be, built from.

    Args:
        index: The index folder.
        corpus: The folder asked for, or None for the recorded one.
        may_change: The index is to be rebuilt, from another folder if need be.

    Raises:
        CorpusError: The index belongs to another folder, or to none.
    """
    is_bound = exists(index) and not may_change
    recorded = read_manifest(index).corpus if is_bound else None
    if is_bound and recorded is None and corpus is not None:
        raise CorpusError(
            f"the index in {index} holds articles from Python, not those of a folder; "
            f"use another folder with --index, or build it anew: searcher index {corpus} --rebuild --index {index}",
            corpus,
        )
    if corpus is None:
        if recorded is None:
            raise CorpusError(
                f"the index in {index} has no corpus folder; name one with --corpus FOLDER", index
            )
        return Path(recorded)
    if recorded is not None and corpus.resolve() != Path(recorded):
        raise CorpusError(
            f"the index in {index} belongs to {recorded}, not to {corpus.resolve()}; "
            f"use another folder with --index, or build it anew: searcher index {corpus} --rebuild --index {index}",
            corpus,
        )
    return corpus.resolve()


def check_folder(index: Path) -> None:
    """Refuse to use as an index a folder that holds anything else.

    Raises:
        IndexStateError: It is not a folder, or holds foreign files.
    """
    if index.exists() and not index.is_dir():
        raise IndexStateError(f"{index} is a file; name a folder with --index", index)
    if index.is_dir() and not exists(index):
        foreign = [MANIFEST] if (index / MANIFEST).exists() else files.foreign_names(index)
        if foreign:
            raise IndexStateError(
                f"{index} holds {foreign[0]!r} and is no index; name an empty or new folder with --index",
                index,
            )


def compare(index: Path, corpus: Path, catalogue: Catalogue) -> tuple[folder_of_files.Listing, Plan]:
    """List a corpus folder and compare it with what the index saw of it."""
    listing = folder_of_files.list_files(corpus, exclude=[index])
    return listing, plan(listing.files, catalogue, _fingerprint)


def update(
    index: Path,
    corpus: Path,
    *,
    language: str | None = None,
    rebuild: bool = False,
    progress: ProgressCallback | None = None,
    on_wait: Callable[[str], None] | None = None,
) -> Report:
    """Bring an index up to date with its corpus folder, building it if there is none.

    Args:
        index: The index folder, made if need be.
        corpus: The corpus folder, as `corpus_of` gives it.
        language: Language of the stemmer; None for that of the index, or English.
        rebuild: Take nothing from the present index, which may be damaged.
        progress: Called after each article.
        on_wait: Called with the holder's description if another process is writing.

    Raises:
        CorpusError: The folder is missing or holds no articles.
        IndexStateError: The index folder cannot be used.
    """
    check_folder(index)
    job = _examine(index, corpus, language, rebuild=rebuild)
    if (
        job.manifest and job.is_done
    ):  # without the lock, so that an index that cannot be written to can be searched
        return _report(job.plan, job.manifest, "", has_written=False)
    check_language(job.settings["language"])
    index.mkdir(parents=True, exist_ok=True)
    with writing(index, on_wait):
        job = _examine(index, corpus, language, rebuild=rebuild)  # another process may have written meanwhile
        manifest = job.manifest
        if manifest and job.is_done:
            return _report(job.plan, manifest, "", has_written=False)
        generation = _next_generation(index, manifest)
        before = manifest.segments if manifest else ()
        if manifest and job.plan.is_fresh and not job.reason:
            entries, segments, words = job.entries, manifest.segments, manifest.stop_words
        else:
            entries, segments = _analyse(index, job, generation, progress)
            words = tuple(stop_words(job.settings["language"]))
        manifest = Manifest(
            generation=generation,
            settings=job.settings,
            stop_words=words,
            corpus=str(corpus),
            segments=segments,
            catalogue=write_catalogue(index, generation, Catalogue(entries)),
            skipped=_all_skipped(job.listing, entries),
            updated_at=_now(),
        )
        commit(index, manifest)
        unread = {address: State.UNREADABLE for address, seen in entries.items() if seen.skipped}
        states = {**job.plan.states, **(unread if segments != before else {})}
        return _report(replace(job.plan, states=states), manifest, job.reason, has_written=True)


@dataclass(frozen=True, slots=True)
class _Job:
    """What there is to do.

    Attributes:
        manifest: The present state of the index, if it counts.
        listing: What stands in the folder.
        plan: What has happened to each file.
        entries: What the catalogue would say now if no content had changed.
        settings: What the analysis is to depend on.
        reason: Why everything must be analysed anew, or empty.
    """

    manifest: Manifest | None
    listing: folder_of_files.Listing
    plan: Plan
    entries: dict[str, Seen]
    settings: dict[str, Any]
    reason: str

    @property
    def is_done(self) -> bool:
        """There is nothing to write, not even to the catalogue."""
        is_same = (
            self.manifest is not None and _all_skipped(self.listing, self.entries) == self.manifest.skipped
        )
        return is_same and self.plan.is_fresh and not self.plan.has_touched and not self.reason


def _examine(index: Path, corpus: Path, language: str | None, *, rebuild: bool) -> _Job:
    manifest, catalogue = read_state(index) if exists(index) and not rebuild else (None, Catalogue())
    listing, found = compare(index, corpus, catalogue)
    if not listing.files:
        raise CorpusError(f"no articles ({', '.join(sorted(SUFFIXES))}) in {corpus}", corpus)
    entries = {
        file.address: replace(seen, size_bytes=file.size_bytes, mtime_ns=file.mtime_ns)
        for file in listing.files
        if (seen := catalogue.entries.get(file.address))
    }
    settings = settings_for(language or (manifest.settings["language"] if manifest else DEFAULT_LANGUAGE))
    return _Job(manifest, listing, found, entries, settings, _reason(manifest, settings))


def _all_skipped(listing: folder_of_files.Listing, entries: dict[str, Seen]) -> tuple[tuple[str, str], ...]:
    unread = [(address, seen.skipped) for address, seen in entries.items() if seen.skipped]
    unlisted = [(skipped.address, f"{skipped.address} {skipped.reason}") for skipped in listing.skipped]
    return tuple(sorted([*unlisted, *unread]))


def _analyse(
    index: Path, job: _Job, generation: int, progress: ProgressCallback | None
) -> tuple[dict[str, Seen], tuple[SegmentEntry, ...]]:
    """Write a segment of all the articles of the folder, and say what was seen of each file."""
    entries: dict[str, Seen] = {}
    n_bytes = 0
    with SegmentBuilder(index, segment_name(generation), Analyser(job.settings["language"])) as builder:
        for number, state in enumerate(job.listing.files, 1):
            entries[state.address] = _take_in(builder, state)
            n_bytes += state.size_bytes
            if progress:
                progress(Progress(number, len(job.listing.files), n_bytes))
        return entries, (builder.finish(),) if builder.n_articles else ()


def build(
    index: Path,
    articles: Iterable[Article],
    *,
    language: str | None = None,
    rebuild: bool = False,
    progress: ProgressCallback | None = None,
    on_wait: Callable[[str], None] | None = None,
) -> Report:
    """Build an index of articles that are not files, in place of what is in the index folder now.

    Args:
        index: The index folder, made if need be.
        articles: In any order, each address once. All are held in memory at a time.
        language: Language of the stemmer; None for that of the index, or English.
        rebuild: Let the index be that of a corpus folder, or damaged.
        progress: Called after each article.
        on_wait: Called with the holder's description if another process is writing.

    Raises:
        IndexStateError: The index folder cannot be used, or holds the index of a corpus folder.
        ValueError: An address comes twice.
    """
    check_folder(index)
    check_language((language or DEFAULT_LANGUAGE).lower())
    index.mkdir(parents=True, exist_ok=True)
    with writing(index, on_wait):
        manifest = read_manifest(index) if exists(index) and not rebuild else None
        if manifest and manifest.corpus:
            raise IndexStateError(
                f"the index in {index} belongs to the folder {manifest.corpus}; use another, or rebuild it",
                index,
            )
        generation = _next_generation(index, manifest)
        settings = settings_for(language or (manifest.settings["language"] if manifest else DEFAULT_LANGUAGE))
        ordered = sorted(articles, key=lambda article: article.address)
        n_bytes = 0
        with SegmentBuilder(index, segment_name(generation), Analyser(settings["language"])) as builder:
            for number, article in enumerate(ordered, 1):
                builder.add(article, files.checksum(files.to_json(asdict(article))))
                n_bytes += len(article.text)
                if progress:
                    progress(Progress(number, len(ordered), n_bytes))
            segments = (builder.finish(),) if builder.n_articles else ()
        manifest = Manifest(
            generation=generation,
            settings=settings,
            stop_words=tuple(stop_words(settings["language"])),
            segments=segments,
            updated_at=_now(),
        )
        commit(index, manifest)
        found = Plan({article.address: State.NEW for article in ordered}, has_touched=False)
        return _report(found, manifest, "", has_written=True)


def _take_in(builder: SegmentBuilder, state: folder_of_files.FileState) -> Seen:
    fingerprint, skipped = "", ""
    try:
        data = folder_of_files.read_file(state)
        fingerprint = folder_of_files.fingerprint(data)
        builder.add(read_article(Path(state.path), state.address, data), fingerprint)
    except CorpusError as error:
        skipped = str(error)
    return Seen(state.size_bytes, state.mtime_ns, fingerprint, skipped)


def _fingerprint(state: folder_of_files.FileState) -> str | None:
    try:
        return folder_of_files.fingerprint(folder_of_files.read_file(state))
    except CorpusError:
        return None


def _reason(manifest: Manifest | None, settings: dict[str, Any]) -> str:
    """Say in words why everything must be analysed anew, if so."""
    if manifest is None:
        return ""
    before = manifest.settings
    return "; ".join(
        f"{name} was {before.get(name) or 'none'}, is {now or 'none'}"
        for name, now in settings.items()
        if before.get(name) != now
    )


def _next_generation(index: Path, manifest: Manifest | None) -> int:
    """Give a number that no file in the folder bears and none has borne."""
    return max(manifest.generation if manifest else 0, files.highest_number(index)) + 1


def _report(found: Plan, manifest: Manifest, reason: str, *, has_written: bool) -> Report:
    return Report(
        counts=found.counts,
        n_articles=sum(segment.n_articles - len(segment.dead_articles) for segment in manifest.segments),
        n_passages=sum(segment.n_passages for segment in manifest.segments),
        skipped=manifest.skipped,
        reason=reason,
        has_written=has_written,
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
