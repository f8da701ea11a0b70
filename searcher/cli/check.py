"""How is the outcome of a check written? The command ``searcher check``.

The JSON object, version 1 (`SCHEMA`), has: ``schema``; ``index``; ``is_sound``; ``damages``, each with ``file``, ``column``
(or null) and ``detail``; ``mend``, what to do about them (or null); ``leftovers``, files that are no part of the index and do no
harm; ``n_files``, ``n_bytes``, ``n_columns``, ``n_articles`` and ``n_passages``, what was looked at. It is printed for a
damaged index too.
"""

import json
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from searcher.markup import safe
from searcher.storage.format import MANIFEST

if TYPE_CHECKING:
    from searcher.storage.check.check import CheckReport

SCHEMA: Final = 1


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


def mend(report: "CheckReport") -> str:
    """Say what to do about a damaged index."""
    index = shlex.quote(str(report.index))
    if report.corpus is not None:
        return f"rebuild with: searcher index {shlex.quote(str(report.corpus))} --rebuild --index {index}"
    if any(damage.file == MANIFEST for damage in report.damages):  # which may have named a folder
        return f"rebuild with: searcher index CORPUS --rebuild --index {index}"
    return f"its articles came from Python: build_index(articles, {str(report.index)!r}, rebuild=True)"


def as_json(report: "CheckReport") -> str:
    """Write it as one JSON object."""
    damages = [
        {"file": damage.file, "column": damage.column or None, "detail": damage.detail}
        for damage in report.damages
    ]
    values = {
        "schema": SCHEMA,
        "index": str(report.index),
        "is_sound": not damages,
        "damages": damages,
        "mend": mend(report) if damages else None,
        "leftovers": report.leftovers,
        "n_files": report.n_files,
        "n_bytes": report.n_bytes,
        "n_columns": report.n_columns,
        "n_articles": report.n_articles,
        "n_passages": report.n_passages,
    }
    return json.dumps(values, ensure_ascii=False, indent=1)
