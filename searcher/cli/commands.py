"""Which commands and options are there?"""

import re
import sys
from contextlib import nullcontext, redirect_stderr
from functools import partial
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import click

from searcher import __version__
from searcher.cli.completion import complete_address, complete_word
from searcher.cli.help import help_query, show_help
from searcher.cli.opening import address_of, open_index, update_index
from searcher.cli.options import color_option, corpus_option, has_color, index_option, limit_option
from searcher.cli.suggest import suggest
from searcher.cli.watch import watch
from searcher.markup import plain, safe
from searcher.model import Match, is_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from searcher.model import Hit, SearchResult

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 130}

no_update_option = click.option("--no-update", is_flag=True, help="Answer from the index as it is.")


class _WordsAmongOptions(click.Command):
    """A command whose words may begin with a minus.

    A short option is one letter alone: ``-n 2``. A minus before two or more characters excludes a word: ``-nuclear``.
    ``--`` ends the options. click would read ``-nuclear`` as ``-n uclear``, so it is given the words behind ``--``.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Tell options from words, and let click parse the options."""
        options: list[str] = []
        words: list[str] = []
        short = {name for param in self.get_params(ctx) for name in param.opts if len(name) == 2}
        valued = (param for param in self.params if not getattr(param, "is_flag", True))
        with_value = {name for param in valued for name in param.opts}
        rest = iter(args)
        for arg in rest:
            if arg == "--":
                words += rest
            elif arg in with_value:
                value = next(rest, None)
                if value is None:
                    return super().parse_args(ctx, [arg])  # click says what is missing
                options += [arg, value]
            elif arg.startswith("--") or arg in short:
                options.append(arg)
            elif re.fullmatch(r"-\w", arg) and not ctx.resilient_parsing:  # a shell asks before all is typed
                raise click.UsageError(f"no option {arg}; to exclude the word, write: NOT {arg[1]}", ctx)
            else:
                words.append(arg)
        return super().parse_args(ctx, [*options, "--", *words])


@click.group(context_settings=_CONTEXT)
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
      eval "$(_SEARCHER_COMPLETE=bash_source searcher)"    (other shells: searcher help command-line)
    """


@searcher.command()
@click.argument("corpus", required=False, type=click.Path(path_type=Path))
@click.option(
    "--corpus", "corpus_given", type=click.Path(path_type=Path), envvar="SEARCHER_CORPUS", hidden=True
)
@index_option
@click.option(
    "--language", help="Language of the articles, for stemming; none does not stem. Default: english."
)
@click.option(
    "--rebuild", is_flag=True, help="Build the index anew, even if it is damaged or of another folder."
)
@click.option("--allow-empty", is_flag=True, help="Let a folder without articles empty the index.")
@click.option(
    "--discard-articles",
    is_flag=True,
    help="With --rebuild: lose articles that programs have put in, where they cannot be read.",
)
@click.option("--no-wait", is_flag=True, help="Fail if another process is writing to the index.")
def index(
    corpus: Path | None,
    corpus_given: Path | None,
    index: Path,
    language: str | None,
    *,
    rebuild: bool,
    allow_empty: bool,
    discard_articles: bool,
    no_wait: bool,
) -> None:
    """Build or update the index of a folder.

    CORPUS is the folder of articles. Default: the folder of the index, or ./corpus for a new index. An index belongs to
    one folder. New, changed, moved and removed files are noticed by size, time and content.
    """
    from searcher.cli.progress import say_skipped

    report = update_index(
        index,
        corpus or corpus_given,
        language=language,
        rebuild=rebuild,
        allow_empty=allow_empty,
        discard_articles=discard_articles,
        waits=not no_wait,
    )
    if not report.has_changed:
        click.echo(f"up to date: {report.n_articles:,} articles, {report.n_passages:,} passages", err=True)
        say_skipped(report.skipped)


@searcher.command(cls=_WordsAmongOptions)
@click.argument("words", nargs=-1, required=True, type=click.UNPROCESSED, shell_complete=complete_word)
@limit_option(help="Passages to show at most.")
@click.option("--any", "match", flag_value="any", help="Rank passages with any of the words by score alone.")
@click.option("--all", "match", flag_value="all", help="Show only passages with all the words.")
@click.option("--phrase", is_flag=True, help="Make each argument a phrase.")
@click.option(
    "--since",
    metavar="DATE",
    default="",
    help="Only articles of this date or later: 2020, 2020-09 or 2020-09-27.",
)
@click.option("--until", metavar="DATE", default="", help="Only articles of this date or earlier.")
@click.option(
    "--explain", is_flag=True, help="Say how the query was understood, and how each score was computed."
)
@click.option(
    "--max-forms",
    metavar="N",
    type=click.IntRange(min=1),
    default=5_000,
    show_default=True,
    help="How many words a wildcard may match.",
)
@click.option("--json", "form", flag_value="json", help="Print one JSON object.")
@click.option("--jsonl", "form", flag_value="jsonl", help="Print one JSON object for each hit.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV with a header line.")
@click.option("--trec", "form", flag_value="trec", help="Print a TREC run; a document is path#start-end.")
@click.option(
    "-l", "--files", "form", flag_value="files", help="Print the paths of the articles shown, best first."
)
@click.option("-c", "--count", "form", flag_value="count", help="Print the number of passages.")
@click.option("-q", "--quiet", "form", flag_value="quiet", help="Print nothing. The exit status tells.")
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
    """Find passages.

    WORDS are joined by spaces. Passages with all the words, in any form, come first. If they are fewer than N, passages
    with some of the words follow.

    \b
      "ethnic cleansing"        side by side, as written (quote it for the shell: '"ethnic cleansing"')
      stem:"ethnic cleansing"   side by side, in any form
      cleans*, cleensing~, a NEAR/5 b, a OR b, -word, source:bbc, date:2020 (searcher help-query has them all)

    A missing index is built, and changed files are taken in first. Exit status: 0 hits, 1 no hits, 2 error.
    """
    if form != "quiet":
        _say_joined_options(words)
    if phrase:
        bare = (word.replace('"', " ") for word in words)
        words = tuple(re.sub(r"^(-?)(.*)$", r'\1"\2"', word, flags=re.DOTALL) for word in bare)
    for option, date in (("--since", since), ("--until", until)):
        if date and not is_date(date):
            why = f"{date!r} is not a date such as 2020, 2020-09 or 2020-09-27"
            raise click.BadParameter(why, param_hint=option)
    with redirect_stderr(StringIO()) if form == "quiet" else nullcontext():
        opened = open_index(index, corpus, no_update=no_update, max_forms=max_forms)
    result = opened.search(" ".join(words), limit=limit, match=match or "auto", since=since, until=until)
    if form not in ("json", "quiet"):
        for note in result.notes:
            if note.code != "relaxed" or form is not None:
                click.echo(f"note: {note.message}", err=True)
    explaining = partial(opened.explain, result.query) if explain else None
    text = "\n".join(_written(result, form, color=has_color(color), explain=explaining))
    if form in ("files", "csv") and sys.stdout.isatty():
        text = plain(text, one_line=False)
    if text:
        click.echo(text, color=True)
    ctx.exit(0 if result.total else 1)


def _written(
    result: "SearchResult", form: str | None, *, color: bool, explain: "Callable[[Hit], object] | None"
) -> "Iterable[str]":
    """Give the lines that are printed of a result in one of the forms."""
    if form in ("json", "jsonl"):
        from searcher import wire

        if form == "json":
            return [wire.to_json(wire.result_object(result))]
        return (wire.to_json(wire.hit_object(hit), indent=None) for hit in result)
    from searcher.cli import render

    forms: dict[str | None, Callable[[], Iterable[str]]] = {
        None: lambda: render.as_text(result, color=color, explain=explain),
        "csv": lambda: [render.as_csv(result)],
        "trec": lambda: render.as_trec(result),
        "files": lambda: dict.fromkeys(ranked.address for ranked in result.ranking),
        "count": lambda: [str(result.total)],
        "quiet": list,
    }
    return forms[form]()


def _say_joined_options(words: tuple[str, ...]) -> None:
    for word in words:
        if re.fullmatch(r"-[clnq]+\d*", word):
            why = f"{word} excludes the word {word[1:]}; an option is one letter alone: -n 2"
            click.echo(f"note: {why}", err=True)


searcher.add_command(show_help)
searcher.add_command(help_query)
searcher.add_command(suggest)
searcher.add_command(watch)


@searcher.command()
@corpus_option
@index_option
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--digest", is_flag=True, help="Print only a hash of what is indexed: equal for equal articles."
)
def status(corpus: Path | None, index: Path, *, is_json: bool, digest: bool) -> None:
    """Say what is indexed, and whether the folder has changed since."""
    from searcher import wire
    from searcher.cli import status as writing

    opened = open_index(index, corpus, no_update=True)
    if digest:
        click.echo(opened.digest())
        return
    found = opened.status()
    click.echo(wire.to_json(wire.status_object(found)) if is_json else "\n".join(writing.as_text(found)))


@searcher.command()
@index_option
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def check(ctx: click.Context, index: Path, *, is_json: bool) -> None:
    """Verify every byte of the index.

    Damage is named, with the command that repairs it. Exit status: 0 sound, 2 damaged.
    """
    from searcher import wire
    from searcher.api import check_index
    from searcher.cli import check as writing

    report = check_index(index)
    click.echo(wire.to_json(wire.check_object(report)) if is_json else "\n".join(writing.as_text(report)))
    ctx.exit(2 if report.damages else 0)


@searcher.command()
@click.argument("path", shell_complete=complete_address)
@click.option("--query", "text", metavar="QUERY", help="Mark what this query finds in the article.")
@corpus_option
@index_option
@no_update_option
@color_option
def show(
    path: str, text: str | None, corpus: Path | None, index: Path, color: str, *, no_update: bool
) -> None:
    """Print one article, with the matches of a query marked.

    PATH is a path as results print it, or the path of the file itself.
    """
    from searcher.cli import render

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


def _say_version(ctx: click.Context, _param: click.Parameter, is_asked: bool) -> None:
    if is_asked and not ctx.resilient_parsing:
        click.echo(f"searcher {__version__}")
        from searcher import kernel

        if not kernel.COMPILED:
            click.echo(f"kernel interpreted, so searching is slow: {kernel.REMEDY}")
        ctx.exit()


for _command in (searcher, *searcher.commands.values()):
    click.option(
        "-V",
        "--version",
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=_say_version,
        help="Show the version and exit.",
    )(_command)
