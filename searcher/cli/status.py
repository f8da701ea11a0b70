"""How is the state of an index written for people? The command ``searcher status``."""

from collections.abc import Iterator

from searcher.indexing.folder.status import Status
from searcher.markup import safe
from searcher.session import SCAN_SECONDS


def as_text(status: Status) -> Iterator[str]:
    """Give the lines for people."""
    yield f"index      {safe(str(status.index))}, {_size(status.size_bytes)}, written {status.updated_at}"
    yield f"corpus     {safe(str(status.corpus)) if status.corpus else 'none: articles came from Python'}"
    yield f"state      {_freshness(status)}"
    if status.scan_ms > SCAN_SECONDS * 1000:
        seconds = f"{status.scan_ms / 1000:.1f} s"
        yield f"           looking through the folder took {seconds}: queries do not wait for this and answer from the index as it is"
    yield f"articles   {status.n_articles:,}"
    yield f"passages   {status.n_passages:,}"
    yield f"words      {status.n_words:,}, {status.n_terms:,} distinct terms ({status.language})"
    yield f"skipped    {len(status.skipped):,}"
    for _, reason in status.skipped:
        yield f"           {safe(reason)}"
    if status.remarks:
        yield f"unclear    {len(status.remarks):,}"
    for remark in status.remarks:
        yield f"           {safe(str(remark))}"
    if not status.is_compiled:
        yield f"kernel     interpreted, so searching is slow: {status.remedy}"


def _freshness(status: Status) -> str:
    if status.is_fresh is None:
        return "unknown: the folder is gone" if status.corpus else "as put in"
    if status.is_fresh:
        return "fresh"
    changes = ", ".join(f"{n:,} {state}" for state, n in status.changes.items() if n and state != "unchanged")
    return f"stale: {changes} (searcher index takes them in)"


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:.1f} MB" if n_bytes >= 100_000 else f"{n_bytes / 1e3:.1f} kB"
