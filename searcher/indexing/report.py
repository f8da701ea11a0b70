"""What is reported of a change of an index, while it is made and afterwards?"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from searcher.indexing.folder.plan import State, counts_of
from searcher.model import Remark
from searcher.storage.snapshot import Snapshot, open_snapshot


class Progress(NamedTuple):
    """How far a build has come.

    Attributes:
        n_done: Articles taken in or skipped.
        n_total: Articles to take in.
        n_bytes: Bytes read so far.
    """

    n_done: int
    n_total: int
    n_bytes: int


class Report(NamedTuple):
    """What an update did.

    Attributes:
        counts: How many are new, changed, moved, removed, unchanged, unreadable: files of the folder, or articles that a
            program puts in.
        n_articles: Articles now in the index.
        n_passages: Passages now in the index.
        skipped: Address and reason of each file that could not be taken in.
        reason: Why everything was analysed anew, and what was lost by that; or empty.
        has_changed: A reader sees other articles, or other reasons why files were skipped, than before.
        taken: Addresses of the articles that were taken in, sorted.
        remarks: What was not understood of the files that were read.
    """

    counts: dict[str, int]
    n_articles: int
    n_passages: int
    skipped: tuple[tuple[str, str], ...]
    reason: str
    has_changed: bool
    taken: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()


ProgressCallback = Callable[[Progress], None]
WaitCallback = Callable[[str], None]


def report(
    index: Path,
    states: Mapping[str, State],
    *,
    reason: str = "",
    has_changed: bool = True,
    taken: tuple[str, ...] = (),
    remarks: tuple[Remark, ...] = (),
    snapshot: Snapshot | None = None,
) -> Report:
    """Describe a change of an index, by what became of each file or article. The other arguments are attributes of `Report`.

    Counts of the index are those of ``snapshot``, or if it is None, of the index as it is now.
    """
    snapshot = snapshot or open_snapshot(index)
    return Report(
        counts=counts_of(states),
        n_articles=snapshot.n_articles,
        n_passages=snapshot.n_passages,
        skipped=snapshot.manifest.skipped,
        reason=reason,
        has_changed=has_changed,
        taken=taken,
        remarks=remarks,
    )
