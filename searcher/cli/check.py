"""How is the outcome of a check written for people? The command ``searcher check``."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from searcher.markup import safe
from searcher.wire import mend

if TYPE_CHECKING:
    from searcher.storage.check.check import CheckReport


def as_text(report: "CheckReport") -> Iterator[str]:
    """Give the lines for people: one a damage and what to do about it, or one that says what was looked at."""
    index = f"{report.index}/"
    for damage in report.damages:
        column = f", column {damage.column}" if damage.column else ""
        yield safe(f"{index}{damage.file}{column}: {damage.detail}")
    if report.leftovers:
        yield safe(f"left over, no part of the index: {', '.join(report.leftovers)}")
    if report.damages:
        yield safe(f"{len(report.damages):,} damaged; {mend(report)}")
    else:
        looked_at = ("files", report.n_files), ("bytes", report.n_bytes), ("articles", report.n_articles)
        counts = ", ".join(f"{n:,} {what}" for what, n in (*looked_at, ("passages", report.n_passages)))
        yield safe(f"{index}: {counts}: sound")
