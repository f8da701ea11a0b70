"""What does one typed word mean, and which of the words that stand side by side may be left out?

A `Reading` collects notes on how a query was understood.
"""

import re
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from searcher.errors import QueryError
from searcher.language.tree import Atom, Fuzzy, Node, Not, Part, Query, Selector, Wildcard, Word, Words, make
from searcher.model import Note
from searcher.text.words.analysis import Analyser, Token
from searcher.text.words.chunks import split
from searcher.text.words.words import fold_text

MAX_NESTING: Final = 50
"""How deep parentheses and negations may be nested."""
MAX_EDITS: Final = 2
MAX_PATTERNS: Final = 8
"""Wildcards and fuzzy words of one query: each may stand for thousands of words."""
FIELD_NAMES: Final = ("stem", "exact", "kind", "title", "source", "author", "keyword", "path", "date")
NEAR: Final = r"NEAR(?:/\d{1,9})?|(?i:near|w)/\d{1,9}"
INFIX: Final = rf"AND|OR|SENTENCE|PARAGRAPH|{NEAR}"
OPERATORS: Final = rf"NOT|{INFIX}"
TYPED: Final = re.compile(r"\S+")
QUOTES: Final = "“”„‟«»″＂"
"""Quotation marks that are read as the straight one."""
_UNKNOWN_FIELD = re.compile(r"([^\W\d_]{2,}):(?!//)[^\W_]")
_ADDRESS = re.compile(r"://|[=&]")  # a word that holds one of these is no pattern, whatever else it holds
_FUZZY = re.compile(r"(?P<word>.*[^\W_]['’]?)~(?P<edits>\d?)$")
_PATTERN = re.compile(r"(?=.*[^\W_]).*(?:\*|\?(?=[^\W_]))")
_PATTERN_PIECE = re.compile(r"(?:[^\W_]|[*?'’])+")
_NEUTRAL: Final = ";"
"""Stands for a sign that would be read as more than it was. It divides words, as the sign did, and joins no numbers."""
_LOWER_CASE: Final = {"not": "write NOT or - to exclude a word", "or": "write OR for either of two words"}
"""Operators that are words in lower case, and what to write for the operator. Of ``and`` there is nothing to say."""


class LooseWord(NamedTuple):
    """A word that stands beside others with nothing to join them."""

    word: Word
    weight: float = 1.0


class Reading:
    """Reads the words of a query, and collects what there is to say about them.

    Args:
        text: The whole query, as typed.
        analyser: Turns typed words into terms.
        stop_words: Surfaces that loose words may leave out.

    Attributes:
        notes: What was said, in order.
    """

    def __init__(self, text: str, analyser: Analyser, stop_words: Collection[str]) -> None:
        self.text = text
        self.analyser = analyser
        self.stop_words = stop_words
        self.notes: list[Note] = []
        self._n_patterns = 0

    def note(self, code: str, message: str) -> None:
        """Say something once."""
        note = Note(code, message)
        if note not in self.notes:
            self.notes.append(note)

    def note_field(self, name: str, typed: str) -> None:
        """Say that a word looks like a field, if there is no such field."""
        if name not in FIELD_NAMES:
            why = " (fields are written in small letters)" if name.lower() in FIELD_NAMES else ""
            self.note("unknown-field", f"there is no field {name!r}{why}: {typed} was read as words")

    def words(self, text: str, at: int) -> list[Word]:
        """Understand each word of a part of the query, which begins at ``at``. A word without letters or digits is left out.

        Raises:
            QueryError: The query has too many patterns.
        """
        words: list[Word] = []
        end = 0
        for typed in text.split():
            start = text.index(typed, end)
            end = start + len(typed)
            if (word := self.word(typed, at + start)) is not None:
                words.append(word)
        return words

    def word(self, typed: str, at: int) -> Word | None:
        """Understand one word, as `words` does; None if it holds no letter or digit."""
        if plain := plain_word(typed, self.analyser):
            return plain
        word = self._odd_word(typed, at)
        if word is None:
            self.note("nothing-to-find", f"{typed!r} holds no letter or digit, and was left out")
        return word

    def _odd_word(self, typed: str, at: int) -> Word | None:
        if field := _UNKNOWN_FIELD.match(typed):
            self.note_field(field[1], typed)
        fuzzy = _FUZZY.match(typed)
        if _ADDRESS.search(typed) or not (fuzzy or _PATTERN.match(typed)):
            return to_word(typed, self.analyser)
        self._n_patterns += 1
        if self._n_patterns > MAX_PATTERNS:
            message = f"the query has more than {MAX_PATTERNS} wildcards and fuzzy words; the next is {typed}"
            raise QueryError(f"{message}: ask for some of them in another query", self.text, at)
        if fuzzy:
            return self._fuzzy(fuzzy["word"], int(fuzzy["edits"] or 1))
        return _pattern(typed.rstrip("?!.,;:"), self.analyser)

    def _fuzzy(self, typed: str, edits: int) -> Word | None:
        word = to_word(typed, self.analyser)
        part = word.parts[0] if word and len(word.parts) == 1 else None
        if word is None or not isinstance(part, Part):
            self.note("fuzzy", f"{typed}~ is more than one word, and was read as written")
            return word
        distance = min(max(edits, 1), MAX_EDITS)
        if distance != edits:
            self.note("fuzzy", f"{typed}~{edits} was read as {typed}~{distance}")
        return Word(f"{word.text}~{distance}", (Fuzzy(part.surface, distance),))


def plain_word(typed: str, analyser: Analyser) -> Word | None:
    """Understand a word of ASCII letters, as `Reading.word` does; None for one all in capitals, and for any other word."""
    if not (typed.isascii() and typed.isalpha()) or typed.isupper():
        return None
    surface = typed.lower()
    return make(Word, (typed, (make(Part, (surface, analyser.term(surface))),), None))


def plain_query(text: str, analyser: Analyser, stop_words: frozenset[str]) -> Query | None:
    """Understand a query of plain words, as `to_query` does; None if a word comes twice, or there may be anything to say."""
    words: list[Word] = []
    loose: dict[object, Words] = {}
    for typed in text.split():
        word = plain_word(typed, analyser)
        if word is None:
            return None
        surface, term = word.parts[0]  # type: ignore[misc]  # it is a part
        if term in loose or surface in stop_words or surface in _LOWER_CASE:
            return None
        words.append(word)
        loose[term] = make(Words, ((word,), False, False, 1.0))
    phrase = make(Words, (tuple(words), False, False, 1.0)) if len(words) > 1 else None
    return make(Query, (tuple(loose.values()), (), phrase))


def to_query(items: Sequence[LooseWord | Node], reading: Reading) -> Query:
    """Sort what stands side by side into loose words, each once, and the rest; common words may be left out."""
    typed = [item for item in items if isinstance(item, LooseWord)]
    if not typed:
        return make(Query, ((), tuple(items), None))
    required = tuple([item for item in items if not isinstance(item, LooseWord)])
    for place, item in enumerate(items[:-1]):
        word = item.word.text.lower() if isinstance(item, LooseWord) else ""
        if word in _LOWER_CASE and (place or word == "not"):
            reading.note("lower-case", f"{word!r} was read as a word: {_LOWER_CASE[word]}")
    loose = typed
    kept = [item for item in typed if not _is_common(item.word, reading)]
    if len(kept) < len(typed) and (kept or any(not isinstance(node, Not | Selector) for node in required)):
        loose = kept
        named = ", ".join(dict.fromkeys(item.word.text for item in typed if item not in kept))
        reading.note("common-words", f"left out as too common: {named} (quote words to require them)")
    leaves = [Words((item.word,), weight=item.weight) for item in reversed(loose)]
    distinct = tuple({leaf.key: leaf for leaf in leaves}.values())[::-1]
    is_phrase = len(typed) > 1 and len(typed) == len(items)
    return Query(distinct, required, Words(tuple(item.word for item in typed)) if is_phrase else None)


def _is_common(word: Word, reading: Reading) -> bool:
    part = word.parts[0]
    return len(word.parts) == 1 and isinstance(part, Part) and part.surface in reading.stop_words


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
    text = typed[start:end]
    text = text if _ADDRESS.search(text) else re.sub(r"[*?~]", _NEUTRAL, text)
    return Word(_plain(text), tuple(parts), Part(whole.surface, whole.term) if whole else None)


def _pattern(typed: str, analyser: Analyser) -> Word | None:
    """Understand a typed word with wildcards: pieces side by side, some of them patterns."""
    found = [piece for piece in _PATTERN_PIECE.finditer(typed) if re.search(r"[^\W_]", piece[0])]
    # A ? that ends a word is no wildcard.
    whole = typed[found[0].start() : found[-1].end()].lstrip("'’").rstrip("?'’")
    if not _PATTERN.match(whole):  # the wildcards stood alone at its edges
        return to_word(whole, analyser)
    parts: list[Atom] = []
    for piece in _PATTERN_PIECE.findall(whole):
        if not re.search(r"[*?]", piece):
            word = to_word(piece, analyser)
            parts += word.parts if word else ()
        elif re.search(r"[^\W_]", piece):
            letters = re.sub(r"[^*?]+", lambda match: fold_text(match[0]), piece.strip("'’"))
            parts.append(Wildcard(re.sub(r"\*+", "*", letters)))
    return Word(_plain(whole.replace("~", _NEUTRAL)), tuple(parts))


def _plain(word: str) -> str:
    """Write a word so that it is read as nothing else."""
    word = word.lower().replace("/", _NEUTRAL) if re.fullmatch(OPERATORS, word) else word
    word = re.sub(rf"^({'|'.join(FIELD_NAMES)}):", rf"\1{_NEUTRAL}", word)
    return word.lstrip("-+!").replace("^", _NEUTRAL)
