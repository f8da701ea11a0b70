"""What is indexed, and does the index hold what its folder holds?"""

import time
from dataclasses import dataclass
from pathlib import Path

from searcher import kernel
from searcher.errors import CorpusError
from searcher.indexing.folder.pending import examine
from searcher.indexing.folder.plan import Plan
from searcher.model import Remark
from searcher.storage.catalogue import read_state
from searcher.storage.manifest import read_manifest
from searcher.storage.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Status:
    """What is indexed.

    Attributes:
        index: The index folder.
        corpus: The corpus folder it was built from, or None.
        language: Language of the stemmer.
        n_articles: Live articles.
        n_passages: Live passages.
        n_terms: Distinct terms.
        n_words: Words in the live passages.
        size_bytes: Size of the index on disk.
        updated_at: When it was last written, ISO 8601, UTC.
        is_fresh: Whether the newest state of the index holds what the corpus folder holds; None if there is no such
            folder any more.
        changes: Files of the folder by state.
        scan_ms: How long it took to look through the folder, in milliseconds.
        skipped: Address and reason of each file that could not be taken in.
        remarks: What was not understood of the files that were taken in.
        is_compiled: Whether the kernel, the innermost loops of searching, is compiled. If not, searching is slow.
        remedy: What to do to have it compiled; empty if it is.
    """

    index: Path
    corpus: Path | None
    language: str
    n_articles: int
    n_passages: int
    n_terms: int
    n_words: int
    size_bytes: int
    updated_at: str
    is_fresh: bool | None
    changes: dict[str, int]
    scan_ms: float
    skipped: tuple[tuple[str, str], ...]
    remarks: tuple[Remark, ...]
    is_compiled: bool
    remedy: str


def status(index: Path, snapshot: Snapshot) -> Status:
    """Say what a snapshot of an index holds, and compare its folder, if there is one, with the newest state of the index."""
    manifest = snapshot.manifest
    n_terms = snapshot.n_terms
    _, catalogue = read_state(index)
    started = time.perf_counter()
    changes = _compare(index)
    scan_ms = (time.perf_counter() - started) * 1000
    return Status(
        index=index,
        corpus=Path(manifest.corpus) if manifest.corpus else None,
        language=manifest.settings["language"],
        n_articles=snapshot.n_articles,
        n_passages=snapshot.n_passages,
        n_terms=n_terms,
        n_words=snapshot.n_words,
        size_bytes=manifest.size_bytes,
        updated_at=manifest.updated_at,
        is_fresh=changes.is_fresh if changes else None,
        changes=changes.counts if changes else {},
        scan_ms=scan_ms,
        skipped=manifest.skipped,
        remarks=tuple(remark for seen in catalogue.entries.values() for remark in seen.remarks),
        is_compiled=kernel.COMPILED,
        remedy=kernel.REMEDY,
    )


def _compare(index: Path) -> Plan | None:
    """Compare the corpus folder with the newest state of the index, if there is such a folder."""
    corpus = read_manifest(index).corpus
    try:
        return examine(index, Path(corpus)).plan if corpus else None
    except CorpusError:
        return None
