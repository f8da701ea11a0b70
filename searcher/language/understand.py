"""What does a person mean by what they type?

Every text is understood, except an invalid date and too many patterns. What was changed or assumed is said in notes.
"""

from collections.abc import Collection
from typing import Final

from searcher.language.reading import MAX_NESTING, LooseWord, Reading, to_query
from searcher.language.shortcut import shortcut
from searcher.language.tree import Node, Query
from searcher.model import Note
from searcher.text.words.analysis import Analyser

MAX_WORDS: Final = 500
"""Words of a query that are looked for."""
MAX_CHARACTERS: Final = 20_000

_QUOTES: Final = dict.fromkeys(map(ord, "“”„‟«»″＂"), '"')
_NO_SIGNS: Final = dict.fromkeys(map(ord, '"()'), " ")


def understand(text: str, analyser: Analyser, stop_words: Collection[str]) -> tuple[Query, tuple[Note, ...]]:
    """Understand a query.

    Args:
        text: Anything.
        analyser: That of the index.
        stop_words: Those of the index.

    Returns:
        The query, and what there is to say about it.

    Raises:
        QueryError: A date or a range of dates is invalid, or there are more than `MAX_PATTERNS` patterns.
    """
    reading = Reading(analyser, stop_words)
    typed = text.split()
    if len(typed) > MAX_WORDS or len(text) > MAX_CHARACTERS:
        text = " ".join(typed[:MAX_WORDS])[:MAX_CHARACTERS].translate(_QUOTES)
        reading.note(
            "long", f"only the first {len(text.split()):,} words are looked for, and read as words alone"
        )
        items = _loose(text, reading)
    else:
        text = _close_quotes(text, reading)
        found = shortcut(text, reading)
        items = _parsed(text, reading) if found is None else found
    return to_query(items, reading), tuple(reading.notes)


def _parsed(text: str, reading: Reading) -> list[LooseWord | Node]:
    from searcher.language.operators import parse  # noqa: PLC0415  (imports Whoosh)

    try:
        return parse(text, reading)
    except RecursionError:
        reading.note("nesting", f"operators are nested deeper than {MAX_NESTING}: all were read as words")
        return _loose(text, reading)


def _loose(text: str, reading: Reading) -> list[LooseWord | Node]:
    """Read a text as words, whatever signs it has."""
    return [LooseWord(word) for word in reading.words(text.translate(_NO_SIGNS))]


def _close_quotes(text: str, reading: Reading) -> str:
    straight = text.translate(_QUOTES)
    if straight != text:
        reading.note("quotes", 'typographic quotation marks were read as "')
    if straight.count('"') % 2:
        reading.note("quotes", "a quotation mark was not closed: the phrase runs to the end")
        straight += '"'
    return straight
