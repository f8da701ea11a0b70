"""What is said while an index is built? A bar on a terminal, one line at the end anywhere."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from searcher.indexing.report import Progress, ProgressCallback, Report
from searcher.markup import safe

MAX_NAMED = 5
"""Files that are named of those that were skipped, and of those that were not understood."""


@contextmanager
def progress_bar(what: str, *, is_quiet: bool = False) -> Iterator[ProgressCallback | None]:
    """Show a bar on stderr while articles are taken in, if that is a terminal; give the callback that moves it."""
    if is_quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    rates = TextColumn("{task.fields[rates]}")
    started = time.monotonic()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        rates,
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None, rates="")

        def move(state: Progress) -> None:
            seconds = max(time.monotonic() - started, 1e-3)
            rate = f"{state.n_done / seconds:,.0f} files/s {state.n_bytes / 1e6 / seconds:.1f} MB/s"
            bar.update(task, completed=state.n_done, total=state.n_total, rates=rate)

        yield move


def say_report(report: Report, seconds: float, *, told: Sequence[tuple[str, str]] = ()) -> None:
    """Say on stderr what an update did; of files that were skipped, those that have not been told."""
    if report.reason:
        click.echo(f"everything was analysed anew: {safe(report.reason)}", err=True)
    changes = ", ".join(f"{n:,} {state}" for state, n in report.counts.items() if n)
    click.echo(
        f"indexed {report.n_articles:,} articles, {report.n_passages:,} passages in {seconds:.1f} s ({changes})",
        err=True,
    )
    say_skipped([skipped for skipped in report.skipped if skipped not in told])
    _say_first("unclear", [str(remark) for remark in report.remarks])


def say_skipped(skipped: Sequence[tuple[str, str]]) -> None:
    """Name the files that could not be taken in, the first few of them, on stderr."""
    _say_first("skipped", [reason for _, reason in skipped])


def _say_first(what: str, lines: Sequence[str]) -> None:
    for line in lines[:MAX_NAMED]:
        click.echo(f"{what}: {safe(line)}", err=True)
    if len(lines) > MAX_NAMED:
        click.echo(f"{what}: {len(lines) - MAX_NAMED:,} more (searcher status names them)", err=True)
