"""What do typed words mean, and which of the words that stand side by side are required?

Notes on how they were understood are collected in a `Reading`.
"""

import re
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from searcher.errors import QueryError
from searcher.language.tree import (
    Atom,
    Fuzzy,
    Node,
    Not,
    Part,
    Query,
    Selector,
    Wildcard,
    Word,
    Words,
)
from searcher.model import Note
from searcher.text.words.analysis import Analyser, Token, is_plain
from searcher.text.words.chunks import split
from searcher.text.words.words import fold_text

MAX_NESTING: Final = 50
"""Parentheses and negations inside one another that are understood."""
MAX_EDITS: Final = 2
MAX_PATTERNS: Final = 8
"""Wildcards and fuzzy words of one query: each may stand for thousands of words."""
FIELD_NAMES: Final = ("stem", "exact", "kind", "title", "source", "author", "keyword", "path", "date")
OPERATORS: Final = r"AND|OR|NOT|SENTENCE|PARAGRAPH|NEAR(?:/\d+)?"
_UNKNOWN_FIELD = re.compile(r"([^\W\d_]{2,}):(?!//)[^\W_]")
_ADDRESS = re.compile(r"://|[=&]")  # what holds these is no pattern, whatever else it holds
_FUZZY = re.compile(r"(?P<word>.*[^\W_]['’]?)~(?P<edits>\d?)$")
_PATTERN_PIECE = re.compile(r"(?:[^\W_]|[*?'’])+")


class Reading:
    """Collects what there is to say while a query is read.

    Args:
        analyser: Turns typed words into terms.
        stop_words: Surfaces that loose words may leave out.

    Attributes:
        notes: What was said, in order.
    """

    def __init__(self, analyser: Analyser, stop_words: Collection[str]) -> None:
        self.analyser = analyser
        self.stop_words = stop_words
        self.notes: list[Note] = []
        self._n_patterns = 0

    def note(self, code: str, message: str) -> None:
        """Say something once."""
        note = Note(code, message)
        if note not in self.notes:
            self.notes.append(note)

    def words(self, text: str) -> list[Word]:
        """Understand each whitespace-separated word of a text; what holds no letter or digit is left out."""
        words = []
        for typed in text.split():
            word = self._word(typed)
            if word is None:
                self.note("nothing-to-find", f"{typed!r} holds no letter or digit, and was left out")
            else:
                words.append(word)
        return words

    def _word(self, typed: str) -> Word | None:
        if is_plain(typed):  # the direct way to what comes of it below
            return Word(typed, (Part(typed, self.analyser.term(typed)),))
        if (unknown := _UNKNOWN_FIELD.match(typed)) and unknown[1].lower() not in FIELD_NAMES:
            self.note("unknown-field", f"there is no field {unknown[1]!r}: {typed} was read as words")
        if _ADDRESS.search(typed):
            return to_word(typed, self.analyser)
        fuzzy = _FUZZY.match(typed)
        is_pattern = re.search(r"\*|\?(?=[^\W_])", typed) and re.search(r"[^\W_]", typed)
        if not fuzzy and not is_pattern:
            return to_word(typed, self.analyser)
        self._n_patterns += 1
        if self._n_patterns > MAX_PATTERNS:
            raise QueryError(
                f"more than {MAX_PATTERNS} wildcards and fuzzy words, {typed} being the next: ask twice",
                typed,
            )
        if fuzzy:
            return self._fuzzy(fuzzy["word"], int(fuzzy["edits"] or 1))
        return _pattern(typed.rstrip("?!.,;:"), self.analyser)

    def _fuzzy(self, typed: str, edits: int) -> Word | None:
        word = to_word(typed, self.analyser)
        part = word.parts[0] if word and len(word.parts) == 1 else None
        if word is None or not isinstance(part, Part):
            self.note("fuzzy", f"{typed}~ is more than one word, and was read as written")
            return word
        if not 1 <= edits <= MAX_EDITS:
            self.note("fuzzy", f"{typed}~{edits} was read as {typed}~{min(max(edits, 1), MAX_EDITS)}")
        distance = min(max(edits, 1), MAX_EDITS)
        return Word(f"{word.text}~{distance}", (Fuzzy(part.surface, distance),))

    def is_stop_word(self, word: Word) -> bool:
        """Tell whether a loose word is too common to require."""
        part = word.parts[0]
        return len(word.parts) == 1 and isinstance(part, Part) and part.surface in self.stop_words


class LooseWord(NamedTuple):
    """A word that stands beside others with nothing to join them."""

    word: Word
    weight: float = 1.0


def to_query(items: Iterable[LooseWord | Node], reading: Reading) -> Query:
    """Sort what stands side by side at the top of a query into loose words and the rest."""
    items = list(items)
    typed = [item for item in items if isinstance(item, LooseWord)]
    required = tuple(item for item in items if not isinstance(item, LooseWord))
    has_positive = any(not isinstance(node, Not | Selector) for node in required)
    kept = _without_stop_words(typed, reading, has_other=has_positive)
    loose = distinct(Words((item.word,), weight=item.weight) for item in kept)
    phrase = (
        Words(tuple(item.word for item in typed)) if len(typed) > 1 and len(typed) == len(items) else None
    )
    return Query(tuple(loose), required, phrase)


def _without_stop_words(words: list[LooseWord], reading: Reading, *, has_other: bool) -> list[LooseWord]:
    """Leave out common words, unless there is nothing else to look for."""
    kept: list[LooseWord] = []
    left_out: list[str] = []
    for item in words:
        if reading.is_stop_word(item.word):
            left_out.append(item.word.text)
        else:
            kept.append(item)
    if not kept and not has_other:
        return words
    if left_out:
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
    parts: list[Atom] = []
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
    text = _plain(typed[start:end])
    text = text if _ADDRESS.search(text) else re.sub(r"[*?~]", ",", text)
    return Word(text, tuple(parts), Part(whole.surface, whole.term) if whole else None)


def _pattern(typed: str, analyser: Analyser) -> Word | None:
    """Understand a typed word with wildcards: pieces side by side, of which some are patterns."""
    parts: list[Atom] = []
    pieces = [piece for piece in _PATTERN_PIECE.findall(typed) if re.search(r"[^\W_]", piece)]
    whole = typed[typed.index(pieces[0]) : typed.rindex(pieces[-1]) + len(pieces[-1])]
    if not re.search(r"[*?]", whole):  # they stood alone at its edges
        return to_word(whole, analyser)
    for piece in pieces:
        if re.search(r"[*?]", piece):
            letters = re.sub(r"[^*?]+", lambda match: fold_text(match[0]), piece.strip("'’"))
            parts.append(Wildcard(re.sub(r"\*+", "*", letters)))
        else:
            word = to_word(piece, analyser)
            parts += word.parts if word else ()
    return Word(_plain(whole), tuple(parts))


def _plain(word: str) -> str:
    """Write a word so that it is read as nothing else."""
    word = word.lower() if re.fullmatch(OPERATORS, word) else word
    return re.sub(rf"^({'|'.join(FIELD_NAMES)}):", r"\1,", word).replace("^", ",")
