"""Which queries need no parser, and what do they mean?

It reads three kinds of query: plain words, perhaps with + or -; plain words with one operator between them; one phrase. An
operator must be in `reading.OPERATORS`, or this module reads it as a plain word. `searcher.language.operators` gives the same
for these queries, but importing Whoosh's parser takes longer than to search.
"""

import re
from typing import Final

from searcher.language.reading import FIELD_NAMES, OPERATORS, TYPED, LooseWord, Reading
from searcher.language.tree import And, Node, Not, Or, Words

_ITEM: Final = rf"""(?!(?:{OPERATORS})(?!\S))(?![-+!]?(?:{"|".join(FIELD_NAMES)}):\S)[^\s"()^]++\s*+"""
_SHORTCUT: Final = re.compile(
    rf"""\s*+(?:
        (?P<items>(?:{_ITEM})*+)
        | (?P<all>{_ITEM}(?:AND\s++{_ITEM})++)
        | (?P<any>{_ITEM}(?:OR\s++{_ITEM})++)
        | (?P<stem>stem:)?"(?P<phrase>[^"]*+)"\s*+
    )""",
    re.VERBOSE,
)


def shortcut(text: str, reading: Reading) -> list[LooseWord | Node] | None:
    """Tell what stands side by side in a query, as `searcher.language.operators.parse` does; None if it takes the parser."""
    found = _SHORTCUT.fullmatch(text)
    if found is None:
        return None
    if (phrase := found["phrase"]) is not None:
        words = tuple(reading.words(phrase, found.start("phrase")))
        return [Words(words, is_exact=not found["stem"], is_phrase=True)] if words else []
    typed = [*TYPED.finditer(text)]
    if found["items"] is not None:
        return [item for each in typed if (item := _item(each, reading)) is not None]
    joined = (_item(each, reading) for each in typed[::2])
    nodes = tuple(Words((item.word,)) if isinstance(item, LooseWord) else item for item in joined if item)
    return [And(nodes) if found["all"] else Or(nodes)] if len(nodes) > 1 else [*nodes]


def _item(found: re.Match[str], reading: Reading) -> LooseWord | Node | None:
    """Understand a word, perhaps behind a sign; None if it holds no letter or digit."""
    typed = found[0]
    has_sign = typed[0] in "-+!" and typed[1:2] not in ("", "-", "+", "!")
    word = reading.word(typed[has_sign:], found.start() + has_sign)
    if word is None or not has_sign:
        return LooseWord(word) if word else None
    return Words((word,)) if typed[0] == "+" else Not(Words((word,)))
