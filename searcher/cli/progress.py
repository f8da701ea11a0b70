"""What is said while an index is built, and afterwards? A bar on a terminal, and one line at the end."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import TYPE_CHECKING

import click

from searcher.indexing.report import Progress, ProgressCallback, Report
from searcher.markup import safe

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

MAX_NAMED = 5
"""How many files are named of those that were skipped, and of those that were not understood."""


@contextmanager
def progress_bar() -> Iterator[ProgressCallback | None]:
    """Show a bar on stderr from the first article on, if stderr is a terminal; give the callback that moves it."""
    if not sys.stderr.isatty():
        yield None
        return
    started = time.monotonic()
    with ExitStack() as stack:

        @cache
        def shown() -> "tuple[Bar, TaskID]":
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            name, rates = TextColumn("{task.description}"), TextColumn("{task.fields[rates]}")
            columns = name, BarColumn(), MofNCompleteColumn(), rates, TimeRemainingColumn()
            bar = stack.enter_context(Bar(*columns, console=Console(stderr=True), transient=True))
            return bar, bar.add_task("indexing", total=None, rates="")

        def move(state: Progress) -> None:
            bar, task = shown()
            seconds = max(time.monotonic() - started, 1e-3)
            rate = f"{state.n_done / seconds:,.0f} files/s {state.n_bytes / 1e6 / seconds:.1f} MB/s"
            bar.update(task, completed=state.n_done, total=state.n_total, rates=rate)

        yield move


def say_report(report: Report, seconds: float, *, told: Sequence[tuple[str, str]] = ()) -> None:
    """Say on stderr what an update did. Skipped files in ``told`` are not named again."""
    if report.reason:
        click.echo(f"everything was analysed anew: {safe(report.reason)}", err=True)
    changes = ", ".join(f"{n:,} {state}" for state, n in report.counts.items() if n)
    size = f"{report.n_articles:,} articles, {report.n_passages:,} passages"
    click.echo(f"indexed {size} in {seconds:.1f} s ({changes})", err=True)
    say_skipped([skipped for skipped in report.skipped if skipped not in told])
    _say_first("unclear", [str(remark) for remark in report.remarks])


def say_skipped(skipped: Sequence[tuple[str, str]]) -> None:
    """Name the first few files that could not be taken in, on stderr."""
    _say_first("skipped", [reason for _, reason in skipped])


def _say_first(what: str, lines: Sequence[str]) -> None:
    for line in lines[:MAX_NAMED]:
        click.echo(f"{what}: {safe(line)}", err=True)
    if len(lines) > MAX_NAMED:
        click.echo(f"{what}: {len(lines) - MAX_NAMED:,} more (searcher status names them)", err=True)
