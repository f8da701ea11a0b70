"""Which words of the articles are like a word, or begin like it? The command ``searcher suggest``."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from searcher.cli.completion import complete_word
from searcher.cli.options import index_option, limit_option
from searcher.markup import safe

if TYPE_CHECKING:
    from searcher.querying.suggest import Suggestion


@click.command()
@click.argument("word", shell_complete=complete_word)
@click.option("--prefix", "is_prefix", is_flag=True, help="Name words that begin with WORD.")
@limit_option(help="Words to show at most.")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
@index_option
@click.pass_context
def suggest(
    ctx: click.Context, word: str, limit: int, index: Path, *, is_prefix: bool, is_json: bool
) -> None:
    """Name words of the articles that are spelt like WORD.

    The nearest come first, then those in most passages. Exit status: 0 words, 1 no words, 2 error.
    """
    from searcher import wire
    from searcher.api import Index

    with Index(index) as opened:
        found = (opened.complete if is_prefix else opened.suggest)(word, limit=limit)
    if is_json:
        click.echo(wire.to_json(wire.suggestions_object(word, found, is_prefix=is_prefix)))
    for line in () if is_json else as_text(found):
        click.echo(line)
    ctx.exit(0 if found else 1)


def as_text(found: "Iterable[Suggestion]") -> Iterator[str]:
    """Give a line a word: the word, a tab, how many passages hold it."""
    for suggestion in found:
        n_passages = "1 passage" if suggestion.n_passages == 1 else f"{suggestion.n_passages:,} passages"
        yield f"{safe(suggestion.surface)}\t{n_passages}"
