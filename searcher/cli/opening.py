"""Which index does a command work on, and is it brought up to date first?"""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from searcher.errors import CorpusError, IndexLockedError, IndexMissingError
from searcher.markup import safe

if TYPE_CHECKING:
    from searcher.api import Index
    from searcher.indexing.report import Report

DEFAULT_CORPUS = "corpus"
SCAN_SECONDS = 0.5
"""How long a command that only reads may look through the folder for changes."""


def open_index(
    index: Path, corpus: Path | None, *, no_update: bool, max_forms: int | None = None, is_quiet: bool = False
) -> "Index":
    """Open the index, taking in what has changed first unless that is not wanted or not possible."""
    # Here, where few calls are under way: where many are, Python gets and gives back stack all the time, 7 ms more in all.
    import numpy  # noqa: F401, ICN001

    from searcher.api import Index
    from searcher.indexing.folder.ownership import corpus_of
    from searcher.querying.matching.forms import MAX_FORMS
    from searcher.storage.manifest import exists

    if not exists(index):
        if not no_update:
            update_index(index, corpus, is_quiet=is_quiet)
        return Index(index, max_forms=max_forms or MAX_FORMS)
    if corpus is not None:
        corpus_of(index, corpus)
    opened = Index(index, max_forms=max_forms or MAX_FORMS)
    if no_update or opened.corpus is None:
        return opened
    try:
        update_index(index, opened.corpus, waits=False, max_seconds=SCAN_SECONDS, is_quiet=is_quiet)
    except (CorpusError, IndexLockedError, OSError) as error:
        from searcher.wire import one_line

        if not is_quiet:
            click.echo(f"answering from the index as it is: {one_line(error)}", err=True)
        return opened
    opened.refresh()
    return opened


def update_index(
    index: Path,
    corpus: Path | None,
    *,
    language: str | None = None,
    rebuild: bool = False,
    allow_empty: bool = False,
    discard_articles: bool = False,
    waits: bool = True,
    max_seconds: float | None = None,
    is_quiet: bool = False,
) -> "Report":
    """Build the index or bring it up to date, and say on stderr what was done, if anything."""
    from searcher.cli.progress import progress_bar, say_report
    from searcher.indexing.folder.ownership import corpus_of
    from searcher.indexing.update import update

    folder = _corpus(index, corpus)

    def say_wait(holder: str) -> None:
        if not is_quiet:
            click.echo(f"waiting: {safe(holder)} is writing to {index}", err=True)

    started = time.monotonic()
    with progress_bar("indexing", is_quiet=is_quiet) as progress:
        report = update(
            index,
            corpus_of(index, folder, may_change=rebuild),
            language=language,
            rebuild=rebuild,
            allow_empty=allow_empty,
            discard_articles=discard_articles,
            max_seconds=max_seconds,
            progress=progress,
            on_wait=say_wait if waits else None,
        )
    if report.has_changed and not is_quiet:
        say_report(report, time.monotonic() - started)
    return report


def _corpus(index: Path, corpus: Path | None) -> Path:
    """Tell which folder to index: the one given, the one the index was built from, or ./corpus for a new index."""
    from searcher.storage.manifest import exists, read_manifest

    if corpus is not None:
        return corpus
    if exists(index):
        recorded = read_manifest(index).corpus
        if recorded is None:
            raise CorpusError(
                f"the index in {index} was not built from a folder; name one with --corpus", index
            )
        return Path(recorded)
    if not Path(DEFAULT_CORPUS).is_dir():
        raise IndexMissingError(
            f"no index in {index}, and no folder ./{DEFAULT_CORPUS} to build it from: "
            "name the folder of your articles with --corpus FOLDER",
            index,
        )
    return Path(DEFAULT_CORPUS)


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
