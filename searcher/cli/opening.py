"""Which index does a command work on? `searcher.session` decides. This module prints what `session` reports."""

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from searcher.errors import CorpusError
from searcher.markup import safe

if TYPE_CHECKING:
    from searcher.api import Index
    from searcher.indexing.report import Report


def open_index(index: Path, corpus: Path | None, *, no_update: bool, max_forms: int | None = None) -> "Index":
    """Open the index, brought up to date unless that is not wanted or not possible."""
    # NumPy is imported here because the stack is shallow. In a deep stack Python allocates and frees stack memory again and
    # again while it imports NumPy: 7 ms more.
    import numpy  # noqa: F401, ICN001

    from searcher.api import Index
    from searcher.cli.progress import progress_bar, say_report
    from searcher.querying.matching.forms import MAX_FORMS
    from searcher.session import SCAN_SECONDS, open_up_to_date

    with progress_bar() as progress:
        opened = open_up_to_date(
            index,
            corpus,
            updates=not no_update,
            max_seconds=SCAN_SECONDS,
            progress=progress,
            on_wait=partial(say_wait, index),
        )
    if opened.obstacle:
        from searcher.wire import one_line

        click.echo(f"answering from the index as it is: {one_line(opened.obstacle)}", err=True)
    if opened.report and opened.report.has_changed:
        say_report(opened.report, opened.seconds)
    return Index(index, max_forms=max_forms or MAX_FORMS, snapshot=opened.snapshot)


def update_index(
    index: Path,
    corpus: Path | None,
    *,
    language: str | None = None,
    rebuild: bool = False,
    allow_empty: bool = False,
    discard_articles: bool = False,
    waits: bool = True,
) -> "Report":
    """Build the index or bring it up to date, and say on stderr what was done, if anything."""
    from searcher.cli.progress import progress_bar, say_report
    from searcher.indexing.update import update
    from searcher.session import find_manifest, folder_of

    folder = folder_of(index, corpus, None if rebuild and corpus else find_manifest(index, rebuild=rebuild))
    started = time.monotonic()
    with progress_bar() as progress:
        report = update(
            index,
            folder,
            language=language,
            rebuild=rebuild,
            allow_empty=allow_empty,
            discard_articles=discard_articles,
            progress=progress,
            on_wait=partial(say_wait, index) if waits else None,
        )
    if report.has_changed:
        say_report(report, time.monotonic() - started)
    return report


def say_wait(index: Path, holder: str) -> None:
    """Say on stderr for whom the command waits."""
    click.echo(f"waiting: {safe(holder)} is writing to {index}", err=True)


def address_of(opened: "Index", path: str) -> str:
    """Find the article that a path names, as given or as a file of the corpus folder.

    Raises:
        CorpusError: There is none.
    """
    addresses = opened.addresses()
    named = [path]
    if opened.corpus is not None and Path(path).resolve().is_relative_to(opened.corpus):
        named.append(Path(path).resolve().relative_to(opened.corpus).as_posix())
    for address in named:
        if address in addresses:
            return address
    for address, reason in opened.status().skipped:
        if address in named:
            raise CorpusError(reason, Path(path))
    import difflib

    similar = [address for address in addresses if path in address][:3]
    close = similar or difflib.get_close_matches(path, addresses, n=3, cutoff=0.4)
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    raise CorpusError(f"no article {path!r} in the index{hint}", Path(path))
