"""How does a shell complete a word or the path of an article?

The shell asks click, and click asks here. Errors are not told, because the user is still typing.
"""

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import click

from searcher.errors import SearcherError

if TYPE_CHECKING:
    from searcher.api import Index

N_WORDS = 20
_LAST_WORD: Final = r"""^(?P<before>.*?)(?P<word>[^\s"'()+:-][^\s"()+:]*)$"""


def complete_word(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001  (click's signature)
    """Complete the last word of a query, whatever operator, field or quote stands before it."""
    found = re.match(_LAST_WORD, incomplete, re.DOTALL)
    if found is None:
        return []
    with suppress(SearcherError, OSError), _open(ctx) as opened:
        words = opened.complete(found["word"], limit=N_WORDS)
        return [found["before"] + _as_typed(found["word"], suggestion.surface) for suggestion in words]
    return []


def complete_address(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001  (click's signature)
    """Complete the path of an article."""
    with suppress(SearcherError, OSError), _open(ctx) as opened:
        return [address for address in opened.addresses() if address.startswith(incomplete)]
    return []


def _as_typed(typed: str, word: str) -> str:
    """Keep the capitals as typed. Some shells drop a completion that does not begin with what was typed."""
    return typed + word[len(typed) :] if word.startswith(typed.lower()) else word


def _open(ctx: click.Context) -> "Index":
    from searcher.api import Index

    return Index(ctx.params.get("index") or "index")
