"""Which commands and options are there?"""

import re
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from searcher import __version__
from searcher.cli.completion import complete_address, complete_word
from searcher.cli.help import help_query, show_help
from searcher.cli.opening import address_of, open_index, update_index
from searcher.cli.options import color_option, corpus_option, has_color, index_option
from searcher.cli.suggest import suggest
from searcher.cli.watch import watch
from searcher.markup import plain, safe
from searcher.model import Match, is_date

if TYPE_CHECKING:
    from collections.abc import Callable

_CONTEXT = {"help_option_names": ["--help"], "max_content_width": 130}

no_update_option = click.option("--no-update", is_flag=True, help="Answer from the index as it is.")


class _Verbatim(click.Command):
    """A command whose words may begin with a hyphen: ``-word`` excludes, ``--`` ends the options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        literal = args[end + 1 :]
        rest = super().parse_args(ctx, args[:end])
        if ctx.resilient_parsing:  # a shell asks how to go on
            return rest
        for word in ctx.params["words"]:
            if word.startswith("--"):
                import difflib  # noqa: PLC0415  (a command imports only what it needs)

                known = [name for param in self.params for name in param.opts if name.startswith("--")]
                close = difflib.get_close_matches(word.partition("=")[0], known)
                raise click.NoSuchOption(word.partition("=")[0], possibilities=close, ctx=ctx)
        ctx.params["words"] = (*ctx.params["words"], *literal)
        if not ctx.params["words"]:
            raise click.MissingParameter(ctx=ctx, param_type="argument", param_hint="WORDS")
        return rest


@click.group(context_settings=_CONTEXT)
@click.version_option(__version__, message="%(prog)s %(version)s")
def searcher() -> None:  # a backspace keeps click from filling the lines that follow
    """Find passages in a folder of articles.

    \b
    Examples:
      searcher query ethnic cleansing          passages with both words, in any form
      searcher query '"ethnic cleansing"'      the phrase as written
      searcher query --phrase "ethnic cleansing"
      searcher query ceasefire -Lachin --since 2020-09
      searcher index path/to/articles --index path/to/index

    \b
    To have the Tab key complete commands, words and paths of articles:
      eval "$(_SEARCHER_COMPLETE=bash_source searcher)"       (or zsh_source; fish: ... fish_source searcher | source)
    """


@searcher.command(context_settings=_CONTEXT)
@click.argument("corpus", required=False, type=click.Path(path_type=Path))
@click.option(
    "--corpus", "corpus_given", type=click.Path(path_type=Path), envvar="SEARCHER_CORPUS", hidden=True
)
@index_option
@click.option("--language", help="Language of the articles, for stemming, or none. Default: english.")
@click.option("--rebuild", is_flag=True, help="Build anew whatever is there, even from another folder.")
@click.option("--allow-empty", is_flag=True, help="Take a folder without articles for what it is.")
@click.option("--no-wait", is_flag=True, help="Fail if another process is writing to the index.")
def index(
    corpus: Path | None,
    corpus_given: Path | None,
    index: Path,
    language: str | None,
    *,
    rebuild: bool,
    allow_empty: bool,
    no_wait: bool,
) -> None:
    """Build the index of a folder of articles, or bring it up to date.

    CORPUS is the folder the index was built from, or ./corpus for a new index, unless it is named. New, changed, moved
    and removed files are noticed by size, time and content. An index belongs to one folder.
    """
    from searcher.cli.progress import say_skipped  # noqa: PLC0415  (a command imports only what it needs)

    report = update_index(
        index,
        corpus or corpus_given,
        language=language,
        rebuild=rebuild,
        allow_empty=allow_empty,
        waits=not no_wait,
    )
    if not report.has_changed:
        click.echo(f"up to date: {report.n_articles:,} articles, {report.n_passages:,} passages", err=True)
        say_skipped(report.skipped)


@searcher.command(
    cls=_Verbatim,
    context_settings={**_CONTEXT, "ignore_unknown_options": True, "allow_interspersed_args": True},
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, shell_complete=complete_word)
@click.option(
    "--limit", type=click.IntRange(min=0), default=10, show_default=True, help="Passages to show at most."
)
@click.option("--any", "match", flag_value="any", help="Passages with any of the words, by score alone.")
@click.option("--all", "match", flag_value="all", help="Only passages with all the words.")
@click.option("--phrase", is_flag=True, help="Make each argument a phrase.")
@click.option(
    "--since",
    metavar="DATE",
    default="",
    help="Only articles of this day or later (2020, 2020-09, 2020-09-27).",
)
@click.option("--until", metavar="DATE", default="", help="Only articles of this day or earlier.")
@click.option(
    "--explain", is_flag=True, help="Say how the query was understood, and why each hit has its score."
)
@click.option(
    "--max-forms",
    type=click.IntRange(min=1),
    default=5_000,
    show_default=True,
    help="Words for which a wildcard may stand.",
)
@click.option("--json", "form", flag_value="json", help="Print one JSON object.")
@click.option("--jsonl", "form", flag_value="jsonl", help="Print one JSON object a hit.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV with a header line.")
@click.option("--trec", "form", flag_value="trec", help="Print a TREC run; a document is path#start-end.")
@click.option(
    "--files", "form", flag_value="files", help="Print the paths of the articles shown, best first."
)
@click.option("--count", "form", flag_value="count", help="Print the number of passages.")
@corpus_option
@index_option
@no_update_option
@color_option
@click.pass_context
def query(  # noqa: PLR0917  (click passes them by name)
    ctx: click.Context,
    words: tuple[str, ...],
    limit: int,
    match: Match | None,
    since: str,
    until: str,
    max_forms: int,
    form: str | None,
    corpus: Path | None,
    index: Path,
    color: str,
    *,
    phrase: bool,
    explain: bool,
    no_update: bool,
) -> None:
    """Search.

    WORDS, joined by spaces, mean passages with all of them, in any form; then, where those are few, with some.

    \b
      "ethnic cleansing"        side by side, as written (quote it for the shell: '"ethnic cleansing"')
      stem:"ethnic cleansing"   side by side, in any form
      cleans*, cleensing~, a NEAR/5 b, a OR b, -a, source:bbc, date:2020 (searcher help-query has them all)

    The index is built if there is none, and changed files are taken in first. Exit status: 0 hits, 1 no hits, 2 error.
    """
    from searcher.cli import render  # noqa: PLC0415  (a command imports only what it needs)

    if phrase:
        words = tuple(
            re.sub(r"^(-?)(.*)$", r'\1"\2"', word.replace('"', " "), flags=re.DOTALL) for word in words
        )
    for name, date in (("--since", since), ("--until", until)):
        _check_date(name, date)
    opened = open_index(index, corpus, no_update=no_update, max_forms=max_forms)
    result = opened.search(" ".join(words), limit=limit, match=match or "auto", since=since, until=until)
    explaining = partial(opened.explain, result.query) if explain else None
    written: dict[str | None, Callable[[], str]] = {
        None: lambda: "\n".join(render.as_text(result, color=has_color(color), explain=explaining)),
        "json": lambda: render.as_json(result),
        "jsonl": lambda: "\n".join(render.as_jsonl(result)),
        "csv": lambda: render.as_csv(result),
        "trec": lambda: "\n".join(render.as_trec(result)),
        "files": lambda: "\n".join(dict.fromkeys(ranked.address for ranked in result.ranking)),
        "count": lambda: str(result.total),
    }
    if form != "json":
        for note in result.notes:
            if note.code != "relaxed" or form is not None:
                click.echo(f"note: {note.message}", err=True)
    text = written[form]()
    if form in ("files", "csv") and sys.stdout.isatty():
        text = plain(text, one_line=False)
    if text:
        click.echo(text, color=True)
    ctx.exit(0 if result.total else 1)


searcher.add_command(show_help)
searcher.add_command(help_query)
searcher.add_command(suggest)
searcher.add_command(watch)


@searcher.command(context_settings=_CONTEXT)
@corpus_option
@index_option
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--digest",
    is_flag=True,
    help="Print a hash of what is indexed, equal for equal articles, and nothing else.",
)
def status(corpus: Path | None, index: Path, *, is_json: bool, digest: bool) -> None:
    """Say what is indexed, and whether the folder has changed since."""
    from searcher.cli import status as writing  # noqa: PLC0415  (a command imports only what it needs)

    opened = open_index(index, corpus, no_update=True)
    if digest:
        click.echo(opened.digest())
        return
    click.echo(writing.as_json(opened.status()) if is_json else "\n".join(writing.as_text(opened.status())))


@searcher.command(context_settings=_CONTEXT)
@index_option
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def check(ctx: click.Context, index: Path, *, is_json: bool) -> None:
    """Verify every byte of the index, and name damage with the command that mends it. Exit status: 0 sound, 2 damaged."""
    from searcher.api import check_index  # noqa: PLC0415  (a command imports only what it needs)
    from searcher.cli import check as writing  # noqa: PLC0415  (a command imports only what it needs)

    report = check_index(index)
    click.echo(writing.as_json(report) if is_json else "\n".join(writing.as_text(report)))
    ctx.exit(2 if report.damages else 0)


@searcher.command(context_settings=_CONTEXT)
@click.argument("path", shell_complete=complete_address)
@click.option("--query", "text", metavar="QUERY", help="Mark what this query finds in the article.")
@corpus_option
@index_option
@no_update_option
@color_option
def show(
    path: str, text: str | None, corpus: Path | None, index: Path, color: str, *, no_update: bool
) -> None:
    """Read one article, with what a query finds in it marked.

    PATH is as results give it, below the folder of articles; a path to the file itself will do.
    """
    from searcher.cli import render  # noqa: PLC0415  (a command imports only what it needs)

    opened = open_index(index, corpus, no_update=no_update)
    article = opened.article(address_of(opened, path))
    marks = opened.marks(text, article.address) if text else ()
    lines = render.title_lines(article, None, color=has_color(color))
    body = render.marked_text(article.text, marks, color=has_color(color))
    click.echo("\n".join([*lines, safe(article.address), "", body]), color=True)
    if text:
        lines_marked = dict.fromkeys(str(article.text.count("\n", 0, mark.start) + 1) for mark in marks)
        where = f", in line{'s' * (len(lines_marked) > 1)} {', '.join(lines_marked)}" if marks else ""
        click.echo(f"{len(marks):,} marked{where}", err=True)


def _check_date(option: str, date: str) -> None:
    if date and not is_date(date):
        raise click.BadParameter(
            f"{date!r} is not a date such as 2020, 2020-09 or 2020-09-27", param_hint=option
        )
