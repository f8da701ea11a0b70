"""Which words does a text consist of?

A text is split into chunks (`searcher.text.words.chunks`). A chunk is split into words (`searcher.text.words.words`). Here each word
becomes a token, with a surface and a term. Indexing, querying and highlighting call the same functions, so the words that are found
are the words that are marked.

- *surface*: the word as written, in lower case. Latin and Greek letters lose their accents.
- *term*: the Snowball stem of the word. A possessive ``'s`` is dropped before stemming.

English borrows its few accents. It drops them before stemming, so *resume* finds *résumé*. Other languages write accents themselves.
They drop them after stemming, because French *élevée* is a form of *élever* only with its accents.

An **overlay** is a second token over the same words. It takes no position of its own. There are two kinds:

- A word of two to four alphabetic parts with hyphens between them is also one joined word: *cease-fire* is also *ceasefire*. The
  surface of this overlay keeps the hyphens, and it covers as many positions as there are parts.
- An acronym of a small table is written with and without dots: *UN* is also *u.n*. ``US`` in capitals is only *u.s*, because *us* is
  the pronoun.

Invariants: the positions of a chunk's tokens are 0, 1, 2... if overlays are left out. A chunk has each (term, position) once. Only the
surface of an overlay holds a hyphen, and the token's width is the number of hyphens plus one.
"""

from collections.abc import Callable
from threading import Lock
from typing import Final, NamedTuple

from searcher.text.words.stemmers import load_stemmer
from searcher.text.words.words import EDGES, Found, find_words, fold

ANALYSIS_VERSION: Final = 2
"""Raised whenever the same text would give other tokens, sentences or passages. Indexes are then built anew."""

MAX_COMPOUND: Final = 4
"""A hyphenated word of more parts than these has no joined form."""
MAX_REMEMBERED: Final = 400_000
"""Words whose terms are remembered, about 60 MB. 72 MB of news have 100,000."""

ACRONYMS: Final = frozenset(["us", "un", "uk", "eu", "usa", "ussr", "uae", "uar", "dc", "fbi", "cia", "gop"])
"""In lower case: words that mean something else in capitals."""

_PRONOUNS: Final = frozenset({"us"})
_BORROW_ACCENTS: Final = frozenset({"none", "english", "porter"})
_STEMMING = Lock()


class Token(NamedTuple):
    """One word of a chunk.

    Attributes:
        surface: The word as written, normalised.
        term: Its stem.
        position: Number of the word within the chunk, from 0.
        width: How many positions it covers: 1, or more for an overlay.
        start: First code point within the chunk.
        end: One past the last.
        is_overlay: It stands over other tokens and takes no position.
    """

    surface: str
    term: str
    position: int
    width: int
    start: int
    end: int
    is_overlay: bool


def core_of(chunk: str) -> str:
    """Give the part of a chunk that decides its tokens. Chunks with equal cores have equal tokens, except for their spans.

    >>> core_of("“Wars,”"), core_of("U.S."), core_of("(US)"), core_of("...")
    ('wars', 'U.S', 'US', '')
    """
    core = chunk.strip(EDGES)
    if not (core.isascii() and core.isalpha()):
        return core
    lower = core.lower()
    return core if lower in ACRONYMS else lower


def is_plain(core: str) -> bool:
    """Tell whether a core is one word that needs no normalising."""
    return core.isascii() and core.isalpha() and core.islower()


class Analyser:
    """Turns chunks into tokens, for one language, and remembers the terms of words.

    Args:
        language: A language of `searcher.text.words.stemmers`, in English and lower case, or ``"none"``.
        known_term: Looks up the term of a surface in an index, or gives None. A word that the index holds then needs no stemmer. It
            is only asked in a language where the surface alone decides the term.

    Attributes:
        language: As given.
        folds_first: Accents are dropped before stemming, so the surface alone decides the term.

    Raises:
        ValueError: There is no stemmer for the language, or it is not installed.
    """

    def __init__(
        self, language: str = "english", known_term: Callable[[str], str | None] | None = None
    ) -> None:
        self.language = language
        self.folds_first = language in _BORROW_ACCENTS
        self._known_term = known_term if self.folds_first else None
        if self._known_term is None:
            check_language(language)
        self._terms: dict[str, str] = {}

    def tokens(self, chunk: str) -> list[Token]:
        """Give the tokens of a chunk by position. An overlay comes behind the token that it starts with.

        >>> [(t.surface, t.term, t.position, t.width) for t in Analyser().tokens("“Cease-fires,”")]
        [('cease', 'ceas', 0, 1), ('cease-fires', 'ceasefir', 0, 2), ('fires', 'fire', 1, 1)]
        """
        if is_plain(chunk):
            return [Token(chunk, self.term(chunk), 0, 1, 0, len(chunk), False)]
        if chunk.isascii() and "-" in chunk:
            parts = chunk.lower().split("-")
            if all(map(str.isalpha, parts)) and ACRONYMS.isdisjoint(parts):
                return self._hyphenated(parts)
        return self._searched(chunk)

    def _searched(self, chunk: str) -> list[Token]:
        """Give the tokens of any chunk."""
        tokens: list[Token] = []
        compound: list[Found] = []
        words = find_words(chunk)
        for position, found in enumerate(words):
            if not found.is_joined:
                tokens += self._joined(compound, position)
                compound = []
            compound.append(found)
            tokens += self._word(found, position)
        tokens += self._joined(compound, len(words))
        if len(tokens) == len(words):  # no overlays
            return tokens
        # Drop an overlay that repeats the term of the word it starts with.
        terms = {(token.term, token.position) for token in tokens if not token.is_overlay}
        kept = (
            token for token in tokens if not token.is_overlay or (token.term, token.position) not in terms
        )
        return sorted(kept, key=lambda token: (token.position, token.is_overlay))

    def _hyphenated(self, parts: list[str]) -> list[Token]:
        """Give what `_searched` gives for ASCII words with hyphens between them, in a third of the time: 4 % of indexing."""
        tokens: list[Token] = []
        start = 0
        for position, word in enumerate(parts):
            tokens.append(Token(word, self.term(word), position, 1, start, start + len(word), False))
            start += len(word) + 1
        if len(parts) <= MAX_COMPOUND:
            term = self._joined_term("-".join(parts), "".join(parts))
            if term != tokens[0].term:
                tokens.insert(1, Token("-".join(parts), term, 0, len(parts), 0, start - 1, True))
        return tokens

    def term(self, word: str) -> str:
        """Give the term of a normalised word that has its accents, and no possessive ending."""
        term = self._terms.get(word)
        if term is None:
            if len(self._terms) >= MAX_REMEMBERED:
                self._terms.clear()
            term = self._terms[word] = self._find_term(word)
        return term

    def _find_term(self, word: str) -> str:
        if self.folds_first and not word.isascii():
            word = fold(word)
        if self.language == "none":
            return word
        if self._known_term and word[-2:] != "'s" and (term := self._known_term(word)) is not None:
            return term
        stem = load_stemmer(self.language)
        with _STEMMING:  # a stemmer keeps its state in itself
            return fold(stem(word)) or fold(word)

    def _word(self, found: Found, position: int) -> list[Token]:
        """Give the token of one word and, for an acronym, its overlay."""
        word, kind, written, (start, end), *_ = found
        if kind in ("grouped", "decimal"):
            number = word.replace(",", "")
            return [Token(number, number, position, 1, start, end, False)]
        if kind == "acronym":
            dotted, _, ending = fold(word).partition("'")
            dotted = dotted.rstrip(".")
            plain = dotted.replace(".", "")
            ending = ending and f"'{ending}"
            tokens = [Token(dotted + ending, dotted, position, 1, start, end, False)]
            if plain in ACRONYMS - _PRONOUNS:
                tokens.append(Token(plain + ending, self.term(plain), position, 1, start, end, True))
            return tokens
        base = word.removesuffix("'s")
        if base in ACRONYMS and written[: len(base)].isupper():
            dotted = ".".join(base)
            surface = dotted + word[len(base) :]
            overlay = Token(surface, dotted, position, 1, start, end, base not in _PRONOUNS)
            if base in _PRONOUNS:
                return [overlay]
            return [Token(word, self.term(base), position, 1, start, end, False), overlay]
        return [Token(fold(word), self.term(base), position, 1, start, end, False)]

    def _joined(self, compound: list[Found], end: int) -> list[Token]:
        """Give the overlay of a hyphenated word of two to four alphabetic parts that ends before a position."""
        if not 2 <= len(compound) <= MAX_COMPOUND or not all(found.is_alphabetic for found in compound):
            return []
        surface = "-".join(fold(found.word) for found in compound)
        term = self._joined_term(surface, "".join(found.word for found in compound).removesuffix("'s"))
        n_parts = len(compound)
        span = compound[0].span.start, compound[-1].span.end
        return [Token(surface, term, end - n_parts, n_parts, *span, is_overlay=True)]

    def _joined_term(self, surface: str, word: str) -> str:
        """Give the term of a hyphenated word. ``word`` is the same word without hyphens."""
        known = self._known_term(surface) if self._known_term else None
        return known or self.term(word)


def check_language(language: str) -> None:
    """Raise a `ValueError` if there is no stemmer for a language, or it is not installed."""
    if language != "none":
        load_stemmer(language)
