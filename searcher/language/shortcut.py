"""Which queries need no parser, and what do they mean?

It reads three kinds of query: plain words, perhaps with + or -; plain words with one operator between them; one phrase. An
operator must be in `reading.OPERATORS`, or this module reads it as a plain word. `searcher.language.operators` gives the same
for these queries, but importing Whoosh's parser takes longer than to search.
"""

import re
from itertools import islice
from typing import Final

from searcher.language.reading import FIELD_NAMES, OPERATORS, QUOTES, LooseWord, Reading
from searcher.language.tree import And, Node, Not, Or, Words, make

# No operator, no field, and nothing that `searcher.language.understand.tidied` changes.
_ITEM: Final = (
    rf"""(?!(?:{OPERATORS})(?!\S))(?![-+!]?(?:{"|".join(FIELD_NAMES)}):\S)"""
    rf"""(?!/|[-+!]+[-+!][^\s\-+!)])[^\s"()^{QUOTES}]++\s*+"""
)
_SHORTCUT: Final = re.compile(
    rf"""\s*+(?:
        (?P<stem>stem:)?"(?P<phrase>[^"{QUOTES}]*+)"\s*+
        | (?:{_ITEM}(?:(?P<all>(?:AND\s++{_ITEM})++) | (?P<any>(?:OR\s++{_ITEM})++) | (?P<items>(?:{_ITEM})*+)))?+
    )""",
    re.VERBOSE,
)
_JOINED: Final[dict[str | None, type[And | Or]]] = {"all": And, "any": Or}
_SIGNED: Final = re.compile(r"([-+!](?=[^\s\-+!]))?(\S+)")


def shortcut(text: str, reading: Reading) -> list[LooseWord | Node] | None:
    """Tell what stands side by side in a query, as `searcher.language.operators.parse` does; None if it takes the parser."""
    found = _SHORTCUT.fullmatch(text)
    if found is None:
        return None
    kind = found.lastgroup
    if kind == "phrase":
        words = tuple(reading.words(found["phrase"], found.start("phrase")))
        return [make(Words, (words, not found["stem"], True, 1.0))] if words else []
    operator = _JOINED.get(kind)
    items: list[LooseWord | Node] = []
    for each in islice(_SIGNED.finditer(text), 0, None, 2 if operator else 1):
        sign, typed = each.groups()
        if (word := reading.word(typed, each.start(2))) is not None:
            node = make(Words, ((word,), False, False, 1.0))
            items.append(Not(node) if sign in ("-", "!") else node if sign or operator else LooseWord(word))
    return [operator(tuple(items))] if operator and len(items) > 1 else items  # type: ignore[arg-type]  # none is loose
