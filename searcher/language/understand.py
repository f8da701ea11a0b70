"""What does a person mean by what they type?

Every text is accepted, except a date that is none and words that stand for too much. What was changed or assumed is
said in notes. Plain words, with a plus or minus, with one operator between them, or with nothing, and one quoted phrase,
are understood here; anything else goes to `searcher.language.operators`, which would understand those the same.
"""

import re
from collections.abc import Collection, Iterable
from typing import Final

from searcher.language.reading import FIELD_NAMES, MAX_NESTING, OPERATORS, LooseWord, Reading, to_query
from searcher.language.tree import (
    And,
    Node,
    Not,
    Or,
    Query,
    Word,
    Words,
)
from searcher.model import Note
from searcher.text.words.analysis import Analyser

MAX_WORDS: Final = 500
"""Words of a query that are looked for."""
MAX_CHARACTERS: Final = 20_000

_QUOTES: Final = dict.fromkeys(map(ord, "“”„‟«»″＂"), '"')
_SPECIAL = re.compile(
    rf"""["()] | (?<!\S)[-+]\S | (?<!\S)(?:{OPERATORS})(?!\S) | (?<![^\s\-+])(?:{"|".join(FIELD_NAMES)}):\S | \S\^\d""",
    re.VERBOSE,
)
# A word that has no meaning but its own, perhaps behind a sign: operators and acronyms are capitals.
_LETTERS = re.compile(r"[-+]?[A-Za-z]*[a-z][A-Za-z]*")
_PHRASE = re.compile(r'\s*(?P<stem>stem:(?=" *[A-Za-z][A-Za-z ]*"\s*\Z))?"(?P<words>[^"]*)"\s*')


def understand(text: str, analyser: Analyser, stop_words: Collection[str]) -> tuple[Query, tuple[Note, ...]]:
    """Understand a query.

    Args:
        text: Anything.
        analyser: That of the index.
        stop_words: Those of the index.

    Returns:
        The query, and what there is to say about it.

    Raises:
        QueryError: A date, or a range of dates, is none; or there are more than `MAX_PATTERNS` patterns.
    """
    reading = Reading(analyser, frozenset(stop_words))
    typed = text.split()
    if len(typed) > MAX_WORDS or len(text) > MAX_CHARACTERS:
        text = " ".join(typed[:MAX_WORDS])[:MAX_CHARACTERS]
        reading.note(
            "long", f"only the first {len(text.split()):,} words are looked for, and read as words alone"
        )
        query = to_query(_loose(reading.words(re.sub(r'["()“”„‟«»″＂]', " ", text))), reading)
        return query, tuple(reading.notes)
    if text.isascii() and all(map(_LETTERS.fullmatch, typed)):
        return to_query([_item(item, reading) for item in typed], reading), tuple(reading.notes)
    if text.isascii() and (joined := _joined(typed, reading)):
        return to_query([joined], reading), ()
    text = _close_quotes(text, reading)
    if not _SPECIAL.search(text):
        query = to_query(_loose(reading.words(text)), reading)
    elif phrase := _PHRASE.fullmatch(text):
        words = reading.words(phrase["words"])
        leaf = Words(tuple(words), is_exact=not phrase["stem"], is_phrase=True)
        query = Query(required=(leaf,) if words else ())
    else:
        from searcher.language.operators import parse  # noqa: PLC0415  (imports Whoosh)

        try:
            query = parse(text, reading)
        except RecursionError:
            reading.note("nesting", f"operators are nested deeper than {MAX_NESTING}: all were read as words")
            query = to_query(_loose(reading.words(re.sub(r'["()]', " ", text))), reading)
    return query, tuple(reading.notes)


def _item(typed: str, reading: Reading) -> "LooseWord | Node":
    """Understand a word of letters, perhaps behind a sign."""
    word = reading.letters(typed.lstrip("+-"))
    if typed[0] == "+":
        return Words((word,))
    return Not(Words((word,))) if typed[0] == "-" else LooseWord(word)


def _joined(typed: list[str], reading: Reading) -> And | Or | None:
    """Understand words of letters with one operator between them."""
    words = typed[::2]
    operators = set(typed[1::2])
    if operators not in ({"AND"}, {"OR"}) or len(typed) % 2 == 0:
        return None
    if not all(word.isalpha() and _LETTERS.fullmatch(word) for word in words):
        return None
    nodes = tuple(Words((reading.letters(word),)) for word in words)
    return Or(nodes) if "OR" in operators else And(nodes)


def _loose(words: Iterable[Word]) -> list[LooseWord | Node]:
    return [LooseWord(word) for word in words]


def _close_quotes(text: str, reading: Reading) -> str:
    straight = text.translate(_QUOTES)
    if straight != text:
        reading.note("quotes", 'typographic quotation marks were read as "')
    if straight.count('"') % 2:
        reading.note("quotes", "a quotation mark was not closed: the phrase runs to the end")
        straight += '"'
    return straight
