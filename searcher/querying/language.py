"""What does a person mean by what they type?

Every text is accepted. What was changed or assumed is said in notes. Plain words, and one quoted phrase, are understood
here; anything else goes to `searcher.querying.parser`, which would understand those two the same.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from searcher.model import Note
from searcher.querying.tree import And, Kinds, Node, Not, Part, Query, Word, Words
from searcher.text.analysis import Analyser, Token, split

MAX_NESTING = 50
"""Parentheses and negations inside one another that are understood."""

_QUOTES = re.compile("[“”„‟«»″＂]")
_SPECIAL = re.compile(
    r"""["()] | (?<!\S)[-+]\S | (?<!\S)(?:AND|OR|NOT)(?!\S) | (?<![^\s\-+])(?:stem|exact|kind):\S""",
    re.VERBOSE,
)


@dataclass(slots=True)
class Reading:
    """Collects what there is to say while a query is read.

    Attributes:
        analyser: Turns typed words into terms.
        stop_words: Surfaces that loose words may leave out.
        notes: What was said, in order.
    """

    analyser: Analyser
    stop_words: Collection[str]
    notes: list[Note] = field(default_factory=list)

    def note(self, code: str, message: str) -> None:
        """Say something once."""
        note = Note(code, message)
        if note not in self.notes:
            self.notes.append(note)

    def words(self, text: str) -> list[Word]:
        """Understand each whitespace-separated word of a text; what holds no letter or digit is left out."""
        words = []
        for typed in text.split():
            word = to_word(typed, self.analyser)
            if word is not None:
                words.append(word)
            else:
                self.note("nothing-to-find", f"{typed!r} holds no letter or digit, and was left out")
        return words

    def is_stop_word(self, word: Word) -> bool:
        """Tell whether a loose word is too common to require."""
        return len(word.parts) == 1 and word.parts[0].surface in self.stop_words


def understand(text: str, analyser: Analyser, stop_words: Collection[str]) -> tuple[Query, tuple[Note, ...]]:
    """Understand a query.

    Args:
        text: Anything.
        analyser: That of the index.
        stop_words: Those of the index.

    Returns:
        The query, and what there is to say about it.
    """
    reading = Reading(analyser, frozenset(stop_words))
    text = _close_quotes(text, reading)
    if not _SPECIAL.search(text):
        query = to_query([LooseWord(word) for word in reading.words(text)], reading)
    elif len(text) > 1 and re.fullmatch(r'\s*"[^"]*"\s*', text):
        words = reading.words(text.strip()[1:-1])
        query = Query(required=(Words(tuple(words), is_exact=True, is_phrase=True),) if words else ())
    else:
        from searcher.querying.parser import parse  # noqa: PLC0415  (imports Whoosh)

        try:
            query = parse(text, reading)
        except RecursionError:
            reading.note("nesting", f"operators are nested deeper than {MAX_NESTING}: all were read as words")
            query = to_query(
                [LooseWord(word) for word in reading.words(re.sub(r'["()]', " ", text))], reading
            )
    return query, tuple(reading.notes)


@dataclass(frozen=True, slots=True)
class LooseWord:
    """A word that stands beside others with nothing to join them."""

    word: Word


def to_query(items: Iterable[LooseWord | Node], reading: Reading) -> Query:
    """Sort what stands side by side at the top of a query into loose words and the rest."""
    items = list(items)
    typed = [item.word for item in items if isinstance(item, LooseWord)]
    required = tuple(item for item in items if not isinstance(item, LooseWord))
    has_positive = any(not isinstance(node, Not | Kinds) for node in required)
    kept = without_stop_words(typed, reading, has_other=has_positive)
    loose = distinct(Words((word,)) for word in kept)
    phrase = Words(tuple(typed)) if len(typed) > 1 and len(typed) == len(items) else None
    return Query(tuple(loose), required, phrase)


def to_node(items: Iterable[LooseWord | Node], reading: Reading) -> Node:
    """Require everything that stands side by side inside parentheses."""
    query = to_query(items, reading)
    nodes = (*query.loose, *query.required)
    return nodes[0] if len(nodes) == 1 else And(nodes)


def without_stop_words(words: list[Word], reading: Reading, *, has_other: bool) -> list[Word]:
    """Leave out common words, unless there is nothing else to look for."""
    kept = [word for word in words if not reading.is_stop_word(word)]
    if not kept and not has_other:
        return words
    if left_out := [word.text for word in words if reading.is_stop_word(word)]:
        named = ", ".join(dict.fromkeys(left_out))
        reading.note("common-words", f"left out as too common: {named} (quote words to require them)")
    return kept


def distinct(leaves: Iterable[Words]) -> list[Words]:
    """Keep one of those that search for the same."""
    return list({leaf.key: leaf for leaf in reversed(list(leaves))}.values())[::-1]


def to_word(typed: str, analyser: Analyser) -> Word | None:
    """Understand one typed word: its tokens side by side, or None if it has none.

    An acronym that is also indexed dotted is taken dotted, which the undotted word in lower case is not.
    """
    parts: list[Part] = []
    joined: list[Token] = []
    start, end, at = len(typed), 0, 0
    for chunk in split(typed):
        for token in analyser.tokens(chunk):
            start, end = min(start, at + token.start), max(end, at + token.end)
            if not token.is_overlay:
                parts.append(Part(token.surface, token.term))
            elif token.width > 1:
                joined.append(token)
            elif "." in token.surface:
                parts[-1] = Part(token.surface, token.term)
        at += len(chunk)
    if not parts:
        return None
    whole = joined[0] if len(joined) == 1 and joined[0].width == len(parts) else None
    return Word(_plain(typed[start:end]), tuple(parts), Part(whole.surface, whole.term) if whole else None)


def _plain(word: str) -> str:
    """Write a word so that it is read as nothing else."""
    return re.sub(r"^(stem|exact|kind):", r"\1,", word.lower() if word in ("AND", "OR", "NOT") else word)


def _close_quotes(text: str, reading: Reading) -> str:
    straight = _QUOTES.sub('"', text)
    if straight != text:
        reading.note("quotes", 'typographic quotation marks were read as "')
    if straight.count('"') % 2:
        reading.note("quotes", "a quotation mark was not closed: the phrase runs to the end")
        straight += '"'
    return straight
