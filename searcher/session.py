"""Which index and which folder does a door work on, and is the index built or brought up to date first?

Doors are the command, the functions of `searcher.api`, and whatever else answers people or programs. They all decide here.
Nothing is printed: what there is to tell is a value of `Opened`, or goes to a callback.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from searcher.errors import CorpusError, IndexLockedError, IndexMissingError, IndexStateError, SearcherError
from searcher.storage.format import CARRIED_OVER, FORMAT_VERSION
from searcher.storage.manifest import Manifest, exists, read_manifest, signature
from searcher.storage.snapshot import Snapshot, open_snapshot

if TYPE_CHECKING:
    from searcher.indexing.report import ProgressCallback, Report, WaitCallback

DEFAULT_INDEX: Final = "index"
DEFAULT_CORPUS: Final = "corpus"
SCAN_SECONDS: Final = 0.5
"""How long a query looks through the folder for changes before it answers from the index as it is."""
T = TypeVar("T")


class Opened(NamedTuple):
    """The state of an index that can be searched, and what happened before.

    Attributes:
        snapshot: The state.
        report: What an update did; None if there was none.
        seconds: How long the update took.
        obstacle: Why the index could not be brought up to date, if it was to be.
    """

    snapshot: Snapshot
    report: "Report | None" = None
    seconds: float = 0.0
    obstacle: SearcherError | OSError | None = None


def open_up_to_date(
    index: Path,
    corpus: Path | None = None,
    *,
    updates: bool = True,
    max_seconds: float | None = None,
    progress: "ProgressCallback | None" = None,
    on_wait: "WaitCallback | None" = None,
) -> Opened:
    """Open an index for searching, and take in what has changed in its folder first.

    A missing index is built. An index that is there is opened even if it cannot be brought up to date.

    Args:
        index: The index folder.
        corpus: As for `folder_of`.
        updates: False opens the index as it is, and builds none.
        max_seconds: How long an index that is there may look through the folder for changes.
        progress: Called after each article.
        on_wait: As for `searcher.indexing.update.update`, while a new index is built.

    Raises:
        CorpusError: The index belongs to another folder. Or a new index cannot be built from this one.
        IndexMissingError: There is no index, and no folder to build one from, or none is to be built.
        IndexStateError: The index cannot be used.
    """
    snapshot = _unless_missing(open_snapshot, index) if updates else open_snapshot(index)
    if snapshot and corpus is None and snapshot.manifest.corpus is None:
        return Opened(snapshot)
    folder = folder_of(index, corpus, snapshot.manifest if snapshot else None)
    if snapshot and not updates:
        return Opened(snapshot)
    from searcher.indexing.update import update  # noqa: PLC0415  (searching does not need it)

    started = time.monotonic()
    try:
        if snapshot:
            report = update(index, folder, known=snapshot, max_seconds=max_seconds)
        else:
            report = update(index, folder, progress=progress, on_wait=on_wait)
    except (CorpusError, IndexLockedError, OSError) as obstacle:
        if snapshot:
            return Opened(snapshot, obstacle=obstacle)
        raise
    seconds = time.monotonic() - started
    if snapshot is None or signature(index) != snapshot.signature:
        snapshot = open_snapshot(index, snapshot)
    return Opened(snapshot, report, seconds)


def find_manifest(index: Path, *, rebuild: bool = False) -> Manifest | None:
    """Read the manifest of an index; None if there is no index in the folder. A rebuild also takes the format before.

    Raises:
        IndexVersionError: It was written in another format.
        IndexCorruptError: The manifest is damaged.
    """
    versions = CARRIED_OVER if rebuild else (FORMAT_VERSION,)
    return _unless_missing(lambda folder: read_manifest(folder, versions), index)


def folder_of(index: Path, corpus: Path | None, manifest: Manifest | None) -> Path:
    """Tell which corpus folder an index is to hold: its own, or for a new index the one that was named, or ``./corpus``.

    Without a manifest, the index is new, or to be built anew from the folder that was named.

    Raises:
        CorpusError: The index belongs to another folder, or to none.
        IndexMissingError: There is no index, and no folder to build one from.
    """
    if manifest is None:
        if corpus is None and not Path(DEFAULT_CORPUS).is_dir():
            raise IndexMissingError(
                f"no index in {index}, and no folder ./{DEFAULT_CORPUS} to build it from: "
                "name the folder of your articles with --corpus FOLDER",
                index,
            )
        return (corpus or Path(DEFAULT_CORPUS)).resolve()
    if manifest.corpus is None:
        state = "holds articles from Python and has no corpus folder"
    elif corpus is None or corpus.resolve() == Path(manifest.corpus):
        return Path(manifest.corpus)
    else:
        state = f"belongs to {manifest.corpus}, not to {corpus.resolve()}"
    raise CorpusError(
        f"the index in {index} {state}; use another folder with --index, "
        f"or build it anew: searcher index {corpus or 'CORPUS'} --rebuild --index {index}",
        corpus or index,
    )


def _unless_missing(read: Callable[[Path], T], index: Path) -> T | None:
    """Read something of an index; None if there is none in the folder."""
    try:
        return read(index)
    except IndexStateError:
        if exists(index):
            raise
        return None
