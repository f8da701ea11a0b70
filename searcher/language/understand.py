"""What does a person mean by what they type?

Every text is understood, except an invalid date and too many patterns. What was changed or assumed is said in notes.
"""

import re
from typing import Final

from searcher.language.reading import MAX_NESTING, QUOTES, TYPED, LooseWord, Reading, plain_query, to_query
from searcher.language.shortcut import shortcut
from searcher.language.tree import Node, Query
from searcher.model import Note
from searcher.text.words.analysis import Analyser

MAX_WORDS: Final = 500
"""Words of a query that are looked for."""
MAX_CHARACTERS: Final = 20_000

_STRAIGHT: Final = dict.fromkeys(map(ord, QUOTES), '"')
_NO_SIGNS: Final = dict.fromkeys(map(ord, QUOTES + '"()'), " ")
_REGEX: Final = re.compile(
    r""""[^"]*"|(?<![^\s(])(?P<regex>/(?=[^\s/"])(?=[^/"]*[.*+?|\\^$\[({])[^/"]*(?<=\S)/)(?![^\s)])"""
)
# Of several signs before a word, the last one counts.
_REPEATED_SIGNS: Final = re.compile(r"""("[^"]*")|(?<![^\s("])[-+!]+(?=[-+!][^\s\-+!)])""")


def understand(text: str, analyser: Analyser, stop_words: frozenset[str]) -> tuple[Query, tuple[Note, ...]]:
    """Understand a query, and give notes on how it was understood.

    Args:
        text: Anything.
        analyser: That of the index.
        stop_words: Those of the index.

    Raises:
        QueryError: A date or a range of dates is invalid, or there are more than `MAX_PATTERNS` patterns.
    """
    is_long = len(text) > 2 * MAX_WORDS and (len(text) > MAX_CHARACTERS or len(text.split()) > MAX_WORDS)
    if not is_long and (query := plain_query(text, analyser, stop_words)) is not None:
        return query, ()
    reading = Reading(text, analyser, stop_words)
    items = _first_words(text, reading) if is_long else _items(text, reading)
    return to_query(items, reading), tuple(reading.notes)


def _items(text: str, reading: Reading) -> list[LooseWord | Node]:
    """Tell what stands side by side in a query."""
    found = shortcut(text, reading)
    if found is None:
        text = tidied(text, reading)
        found = shortcut(text, reading)
    return _parsed(text, reading) if found is None else found


def tidied(text: str, reading: Reading) -> str:
    """Straighten quotation marks, and blank signs that count for nothing. Characters keep their places, which errors tell."""
    text = _without_regexes(_close_quotes(text, reading), reading)
    return _REPEATED_SIGNS.sub(lambda found: found[1] or " " * len(found[0]), text)


def _first_words(text: str, reading: Reading) -> list[LooseWord | Node]:
    """Read the beginning of a text as words, whatever signs it has."""
    ends = [typed.end() for typed in TYPED.finditer(text)][:MAX_WORDS]
    start = text[: min(max(ends, default=0), MAX_CHARACTERS)].translate(_NO_SIGNS)
    n_words = len(start.split())
    reading.note("long", f"only the first {n_words:,} words are looked for, and are read as words alone")
    return _loose(start, reading)


def _parsed(text: str, reading: Reading) -> list[LooseWord | Node]:
    from searcher.language.operators import parse  # noqa: PLC0415  (imports Whoosh)

    try:
        return parse(text, reading)
    except RecursionError:
        reading.note("nesting", f"operators are nested deeper than {MAX_NESTING}: all were read as words")
        return _loose(text.translate(_NO_SIGNS), reading)


def _loose(text: str, reading: Reading) -> list[LooseWord | Node]:
    return [LooseWord(word) for word in reading.words(text, 0)]


def _close_quotes(text: str, reading: Reading) -> str:
    straight = text.translate(_STRAIGHT)
    if straight != text:
        reading.note("quotes", 'typographic quotation marks were read as "')
    if straight.count('"') % 2:
        reading.note("quotes", "a quotation mark was not closed: the phrase runs to the end")
        straight += '"'
    return straight


def _without_regexes(text: str, reading: Reading) -> str:
    """Blank the signs between two slashes, and say so."""

    def read(found: re.Match[str]) -> str:
        if found["regex"] is None:
            return found[0]
        message = f"{' '.join(found[0].split())} was read as words: there are no regular expressions"
        reading.note("regex", f"{message}, only * and ? in a word")
        return re.sub(r"\W", " ", found[0])

    return _REGEX.sub(read, text)
