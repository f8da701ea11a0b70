"""What is said while a folder is watched? The command ``searcher watch``.

Alerts go to stdout and look like the hits of ``searcher query``. With ``--jsonl`` each is a hit as `searcher.wire` has it,
with the ``query`` that found it. `searcher.querying.results.alerts` has the rule of what is new. Everything else goes to stderr.
"""

import signal
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from searcher.cli.opening import say_wait, update_index
from searcher.cli.options import color_option, corpus_option, has_color, index_option
from searcher.errors import IndexLockedError, SearcherError
from searcher.markup import safe

if TYPE_CHECKING:
    from searcher.api import Index
    from searcher.watch import Update


@click.command()
@click.option(
    "--query",
    "queries",
    multiple=True,
    metavar="QUERY",
    help="Print new passages with all the words of this query, each once. Repeatable.",
)
@click.option("--jsonl", "is_jsonl", is_flag=True, help="Print one JSON object for each hit.")
@corpus_option
@index_option
@color_option
def watch(queries: tuple[str, ...], corpus: Path | None, index: Path, color: str, *, is_jsonl: bool) -> None:
    """Keep the index up to date with its folder.

    Ctrl-C or SIGTERM ends the watch. Exit status: 0 ended, 2 error.
    """
    from searcher import wire
    from searcher.api import Index
    from searcher.cli import render
    from searcher.storage.manifest import exists
    from searcher.watch import Trouble

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    has_nothing = not exists(index) or not len(Index(index))
    told = update_index(index, corpus, allow_empty=has_nothing).skipped
    with Index(index) as opened:
        known = ", ".join(f"{_n_known(opened, query):,} for {safe(query)}" for query in queries)
        is_watching, n_alerts = False, 0
        for event in opened.watch(queries, stop=_Stop()):
            if isinstance(event, Trouble):
                _say_trouble(event.error, index)
                continue
            _say(event, told, is_first=not is_watching)
            told = event.report.skipped
            if not is_watching:
                so_far = f"; passages so far: {known}" if known else ""
                click.echo(f"watching {safe(str(opened.corpus))}{so_far}", err=True)
            is_watching = True
            for alert in event.alerts:
                if is_jsonl:
                    for hit in alert:
                        found = {"query": alert.query, **wire.hit_object(hit)}
                        click.echo(wire.to_json(found, indent=None))
                    continue
                lines = [""] if n_alerts else []
                lines += [f"query: {safe(alert.query)}"] if len(queries) > 1 else []
                click.echo("\n".join([*lines, *render.as_text(alert, color=has_color(color))]), color=True)
                n_alerts += 1


class _Stop:
    """Set by Ctrl-C or SIGTERM. The update under way is then finished and told. A second signal interrupts it."""

    def __init__(self) -> None:
        self._is_set = False
        for number in (signal.SIGINT, signal.SIGTERM):
            # A command that a shell runs in the background ignores Ctrl-C.
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._set)

    def is_set(self) -> bool:
        """Tell whether to end."""
        return self._is_set

    def _set(self, _number: int, _frame: FrameType | None) -> None:
        if self._is_set:
            raise KeyboardInterrupt
        self._is_set = True


def _n_known(opened: "Index", query: str) -> int:
    """Say how a query was understood, and count the passages that it finds now."""
    result = opened.search(query, limit=0, match="all")
    for note in result.notes:
        if note.code == "empty":
            raise click.BadParameter(f"{note.message}: {query!r}", param_hint="--query")
        click.echo(f"note: {note.message}", err=True)
    return result.total


def _say_trouble(error: SearcherError | OSError, index: Path) -> None:
    from searcher.wire import one_line

    if isinstance(error, IndexLockedError):
        say_wait(index, error.holder)
    else:
        click.echo(f"searcher: {one_line(error)}", err=True)


def _say(event: "Update", told: tuple[tuple[str, str], ...], *, is_first: bool) -> None:
    """Say what an update did, if anything, and which files were skipped for the first time."""
    from searcher.cli.progress import say_report, say_skipped

    report = event.report
    size = f"{report.n_articles:,} articles, {report.n_passages:,} passages"
    if report.has_changed:
        say_report(report, event.seconds, told=told)
        return
    if event.has_changed:
        changes = f"{len(event.arrived):,} new or changed, {len(event.gone):,} removed"
        click.echo(f"another process has indexed the changes: {size} ({changes})", err=True)
    elif not is_first:
        click.echo(f"up to date: {size}", err=True)
    say_skipped([skipped for skipped in report.skipped if skipped not in told])
