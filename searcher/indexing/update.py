"""How does an index come to hold what the files of its folder are now?

`update` compares the corpus folder with the catalogue and takes in what differs, in one commit, under the lock of the one
writer. If the analysis itself has changed, everything is analysed anew: files are read again, and articles that programs have put in
are read from the index.
"""

from contextlib import suppress
from pathlib import Path

from searcher.errors import CorpusError, IndexLockedError
from searcher.indexing.folder.ownership import check_folder
from searcher.indexing.folder.pending import Job, examine
from searcher.indexing.lock import writing
from searcher.indexing.report import ProgressCallback, Report, WaitCallback, report
from searcher.readers import SUFFIXES
from searcher.storage import files
from searcher.storage.manifest import Manifest, signature
from searcher.storage.snapshot import Snapshot, naming_damage, open_snapshot
from searcher.text.words.analysis import check_language


def update(
    index: Path,
    corpus: Path,
    *,
    known: Snapshot | None = None,
    language: str | None = None,
    rebuild: bool = False,
    allow_empty: bool = False,
    discard_articles: bool = False,
    max_seconds: float | None = None,
    progress: ProgressCallback | None = None,
    on_wait: WaitCallback | None = None,
) -> Report:
    """Bring an index up to date with its corpus folder, building it if there is none.

    Args:
        index: The index folder, made if need be.
        corpus: The corpus folder, as `searcher.session.folder_of` gives it.
        known: The index as it was when it was opened, if it has been. Where nothing has changed, nothing is read again.
        language: Language of the stemmer; None for that of the index, or English.
        rebuild: Build everything anew. The index may be damaged, or of another format.
        allow_empty: A folder without articles means that there are none any more.
        discard_articles: A rebuild may lose articles that programs have put in and that cannot be read.
        max_seconds: Give up if looking through the folder takes longer.
        progress: Called after each article.
        on_wait: Called with the holder's description if another process is writing.

    Raises:
        CorpusError: The folder is missing, holds no articles, or takes too long to look through.
        IndexStateError: The index folder cannot be used, or a rebuild would lose articles.
    """
    if known is None:
        check_folder(index)

    def look(manifest: Manifest | None = None) -> Job:
        job = examine(index, corpus, language, rebuild=rebuild, max_seconds=max_seconds, known=manifest)
        if not job.listing.files and not allow_empty and (job.manifest is None or job.gone):
            suffixes = ", ".join(sorted(SUFFIXES))
            raise CorpusError(
                f"no articles ({suffixes}) in {corpus}; if that is so: searcher index --allow-empty", corpus
            )
        return job

    before = known.signature if known else signature(index)
    job = look(known.manifest if known else None)
    if job.manifest and job.is_current:
        # Neither a folder that cannot be written to nor another writer keeps a fresh index from being searched. What a
        # killed writer has left is deleted on leaving the lock.
        if job.plan.has_touched or files.unnamed(index, job.manifest.file_names):
            with suppress(OSError, IndexLockedError), writing(index, None):
                if job.plan.has_touched and signature(index) == before:
                    _carry_out(index, corpus, job, None, discards=False)
        return report(index, job.plan.states, has_changed=False, snapshot=known)
    check_language(job.settings["language"])
    with writing(index, on_wait), naming_damage(lambda: open_snapshot(index)):
        if signature(index) != before:  # another process has written meanwhile
            job = look()
        if job.manifest and job.is_current:
            return report(index, job.plan.states, has_changed=False)
        return _carry_out(index, corpus, job, progress, discards=discard_articles)


def _carry_out(
    index: Path, corpus: Path, job: Job, progress: ProgressCallback | None, *, discards: bool
) -> Report:
    from searcher.indexing.apply import carry_out  # noqa: PLC0415  (imports all that analyses and writes)

    return carry_out(index, corpus, job, progress, discards=discards)
