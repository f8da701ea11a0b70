"""What may follow what has been typed at a shell? Words and articles of the index.

The shell asks click, and click asks here; nothing is said on errors, because the user is still typing.
"""

import re
from contextlib import suppress
from pathlib import Path
from typing import Final

import click

from searcher.errors import SearcherError

N_WORDS = 20
_LAST_WORD: Final = r"""^(?P<before>.*?)(?P<word>[^\s"'()+:-][^\s"()+:]*)$"""


def complete_word(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001  (click's signature)
    """Complete the last word of a query, whatever operator, field or quote stands before it."""
    found = re.match(_LAST_WORD, incomplete, re.DOTALL)
    if found is None:
        return []
    with suppress(SearcherError, OSError):
        from searcher.api import Index

        with Index(_index(ctx)) as opened:
            words = opened.complete(found["word"], limit=N_WORDS)
        return [found["before"] + _as_typed(found["word"], suggestion.surface) for suggestion in words]
    return []


def complete_address(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001  (click's signature)
    """Complete the path of an article."""
    with suppress(SearcherError, OSError):
        from searcher.api import Index

        with Index(_index(ctx)) as opened:
            return [address for address in opened.addresses() if address.startswith(incomplete)]
    return []


def _as_typed(typed: str, word: str) -> str:
    """Keep the capitals of what has been typed: some shells drop what does not begin like it."""
    return typed + word[len(typed) :] if word.startswith(typed.lower()) else word


def _index(ctx: click.Context) -> Path:
    return Path(ctx.params.get("index") or "index")
