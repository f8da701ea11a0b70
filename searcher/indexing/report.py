"""What is said of a change of an index, while it is made and afterwards?"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from searcher.model import Remark
from searcher.storage.snapshot import open_snapshot


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
        reason: Why everything was analysed anew, or empty.
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
    counts: dict[str, int],
    *,
    reason: str = "",
    has_changed: bool = True,
    taken: tuple[str, ...] = (),
    remarks: tuple[Remark, ...] = (),
) -> Report:
    """Describe the present state of an index and how it was come to; arguments as the attributes of `Report`."""
    snapshot = open_snapshot(index)
    return Report(
        counts=counts,
        n_articles=snapshot.n_articles,
        n_passages=snapshot.n_passages,
        skipped=snapshot.manifest.skipped,
        reason=reason,
        has_changed=has_changed,
        taken=taken,
        remarks=remarks,
    )
