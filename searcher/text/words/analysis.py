"""What words does a text consist of?

A text is split into chunks (`searcher.text.words.chunks`), a chunk, once per distinct chunk, into words (`searcher.text.words.words`), and
those become tokens here. Indexing, querying and highlighting call the same functions, so what is found is what is marked.

- *surface*: the word folded: accents are dropped from Latin and Greek letters.
- *term*: the Snowball stem of the word without a possessive ``'s``, folded. Where the language itself writes accents,
  stemming comes before folding (French *élevée* is a form of *élever* only with its accents); English borrows its few accents, and folds
  first, so that *resume* finds *résumé*.

**Overlays** take no position of their own. A word of two to four alphabetic parts with hyphens between them also stands
there joined (*cease-fire*: ``ceasefire``, over two positions; its surface keeps the hyphens). Acronyms of a small table
stand there dotted and undotted, except that ``US`` in capitals is only ``u.s``: undotted it would be the pronoun.

Invariants: positions of a chunk's tokens, overlays aside, are 0, 1, 2...; (term, position) is unique within a chunk;
only overlay surfaces hold a hyphen, and their width is the number of hyphens plus one.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from threading import Lock
from typing import Final, NamedTuple, Protocol, cast

from searcher.text.words.words import EDGES, Found, find_words, fold

ANALYSIS_VERSION: Final = 2
"""Raised whenever the same text would give other tokens, sentences or passages: indexes are then built anew."""

MAX_COMPOUND: Final = 4
"""Parts of a hyphenated word that also stands there joined."""
MAX_REMEMBERED: Final = 400_000

ACRONYMS: Final = frozenset(["us", "un", "uk", "eu", "usa", "ussr", "uae", "uar", "dc", "fbi", "cia", "gop"])
"""In lower case: words that mean something else in capitals."""

_PRONOUNS: Final = frozenset({"us"})
_ACCENTS_ARE_BORROWED: Final = frozenset({"none", "english", "porter"})
_LETTERS: Final = re.compile("[a-z]+")
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


class _Stemmer(Protocol):
    def stem(self, token: str) -> str: ...


def core_of(chunk: str) -> str:
    """Give the part of a chunk on which its tokens depend: equal cores have equal tokens, but for spans.

    >>> core_of("“Wars,”"), core_of("U.S."), core_of("(US)"), core_of("...")
    ('wars', 'U.S', 'US', '')
    """
    core = chunk.strip(EDGES)
    if not (core.isascii() and core.isalpha()):
        return core
    lower = core.lower()
    return core if lower in ACRONYMS else lower


def is_plain(core: str) -> bool:
    """Tell whether a core is one word, and just as it is written."""
    return core.isascii() and core.isalpha() and core.islower()


class Analyser:
    """Turns chunks into tokens, for one language, remembering the terms of words.

    Args:
        language: A language of NLTK's Snowball stemmers, in English and lower case, or ``"none"``.
        known_term: Looks up the term of a surface in an index, or gives None. With it, words that the index has seen
            need no stemmer. Used only where surfaces determine terms, that is, where folding comes first.

    Attributes:
        language: As given.
        folds_first: Surfaces determine terms: a word is folded, which gives its surface, and then stemmed.

    Raises:
        ValueError: There is no stemmer for the language.
    """

    def __init__(
        self, language: str = "english", known_term: Callable[[str], str | None] | None = None
    ) -> None:
        self.language = language
        self.folds_first = language in _ACCENTS_ARE_BORROWED
        self._known_term = known_term if self.folds_first else None
        self._stemmer: _Stemmer | None = None
        self._plain_stem: Callable[[str], str] | None = None
        if language != "none" and self._known_term is None:
            self._stemmer = _load_stemmer(language)
            if isinstance(self._stemmer, _English):
                self._plain_stem = self._stemmer.plain_stem
        self._terms: dict[str, str] = {}

    def tokens(self, chunk: str) -> list[Token]:
        """Give the tokens of a chunk, by position, an overlay behind the token that it starts with.

        >>> [(t.surface, t.term, t.position, t.width) for t in Analyser().tokens("“Cease-fires,”")]
        [('cease', 'ceas', 0, 1), ('cease-fires', 'ceasefir', 0, 2), ('fires', 'fire', 1, 1)]
        """
        if is_plain(chunk):
            return [Token(chunk, self.term(chunk), 0, 1, 0, len(chunk), False)]  # the same, without a search
        return self._simple(chunk) or self._searched(chunk)

    def _simple(self, chunk: str) -> list[Token]:
        """Give the tokens of a chunk that is so simple that a search would find the same; none if it is not."""
        word = chunk.lower()
        if chunk.isascii():
            if chunk.isalnum() and word not in ACRONYMS:
                return [Token(word, self.term(word), 0, 1, 0, len(chunk), False)]
            parts = word.split("-")
            if len(parts) > 1 and all(map(str.isalpha, parts)) and ACRONYMS.isdisjoint(parts):
                return self._hyphenated(parts)
        base = word[:-2]
        if chunk.endswith(("'s", "’s")) and base.isascii() and base.isalpha() and base not in ACRONYMS:
            return [Token(f"{base}'s", self.term(base), 0, 1, 0, len(chunk), False)]
        return []

    def _searched(self, chunk: str) -> list[Token]:
        """Give the tokens of any chunk."""
        tokens: list[Token] = []
        compound: list[Found] = []
        words = find_words(chunk)
        for position, found in enumerate(words):
            if not found.is_joined:
                if len(compound) > 1:
                    tokens += self._joined(compound, position - len(compound))
                compound = []
            compound.append(found)
            tokens += self._word(found, position)
        if len(compound) > 1:
            tokens += self._joined(compound, len(words) - len(compound))
        if len(tokens) == len(words):  # no overlays
            return tokens
        return _unique(sorted(tokens, key=lambda token: (token.position, token.is_overlay)))

    def _hyphenated(self, parts: list[str]) -> list[Token]:
        """Give the tokens of several words of ASCII letters with hyphens between them."""
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
        """Give the term of a normalised, unfolded word without its possessive ending."""
        term = self._terms.get(word)
        if term is None:
            if len(self._terms) >= MAX_REMEMBERED:
                self._terms.clear()
            term = self._terms[word] = self._stem(word)
        return term

    def learn(self, chunks: Iterable[str]) -> None:
        """Find the terms of English words of chunks together, which takes less time than one by one, and remember them."""
        if not self._plain_stem:
            return
        from searcher.text.words.stems import stems  # noqa: PLC0415  (no query needs it)

        text = "\n".join(chunks).lower()
        words = {*_LETTERS.findall(text), *_LETTERS.findall(text.replace("-", ""))}
        new = [word for word in words if word not in self._terms]
        if len(self._terms) + len(new) > MAX_REMEMBERED:
            self._terms.clear()
        self._terms.update(zip(new, stems(new), strict=True))

    def _stem(self, word: str) -> str:
        if self._plain_stem and is_plain(word):
            return self._plain_stem(word)  # there is nothing to fold, to ask or to lock
        if self.language == "none":
            return fold(word)
        if self.folds_first:
            word = fold(word)
        if (
            self._known_term is not None
            and not word.endswith("'s")
            and (term := self._known_term(word)) is not None
        ):
            return term
        if self._stemmer is None:
            self._stemmer = _load_stemmer(self.language)
        with _STEMMING:  # NLTK's Arabic stemmer keeps its state in itself
            return fold(self._stemmer.stem(word)) or fold(word)

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

    def _joined(self, compound: list[Found], position: int) -> list[Token]:
        """Give the overlay of a hyphenated word, if its parts are such as to have one."""
        if not 2 <= len(compound) <= MAX_COMPOUND or not all(found.is_alphabetic for found in compound):
            return []
        surface = "-".join(fold(found.word) for found in compound)
        term = self._joined_term(surface, "".join(found.word for found in compound).removesuffix("'s"))
        span = compound[0].span.start, compound[-1].span.end
        return [Token(surface, term, position, len(compound), *span, is_overlay=True)]

    def _joined_term(self, surface: str, word: str) -> str:
        """Give the term of a hyphenated word; ``word`` is what it is without hyphens."""
        known = self._known_term(surface) if self._known_term else None
        return known or self.term(word)


def _unique(tokens: list[Token]) -> list[Token]:
    """Drop an overlay that repeats the term of the word it starts with."""
    words = {(token.term, token.position) for token in tokens if not token.is_overlay}
    return [token for token in tokens if not token.is_overlay or (token.term, token.position) not in words]


def check_language(language: str) -> None:
    """Make sure that there is a stemmer for a language.

    Raises:
        ValueError: There is none; the message lists those there are.
    """
    if language != "none":
        _load_stemmer(language)


class _English:
    """NLTK's English stemmer, in a third of the time; NLTK is imported for odd words only."""

    def __init__(self) -> None:
        from searcher.text.words.english import stem  # noqa: PLC0415  (a query of words that the index holds needs none)

        self.plain_stem = stem

    def stem(self, token: str) -> str:
        if token.startswith("'") or token.endswith(("'", "'s")) or token != token.lower():
            return _load_snowball("english").stem(token)
        return self.plain_stem(token)


def _load_stemmer(language: str) -> _Stemmer:
    return _English() if language == "english" else _load_snowball(language)


@lru_cache(maxsize=1)
def _load_snowball(language: str) -> _Stemmer:
    from nltk.stem.snowball import SnowballStemmer  # noqa: PLC0415  (a quarter of a second)

    if language not in SnowballStemmer.languages:
        known = ", ".join(SnowballStemmer.languages)
        raise ValueError(f"no stemmer for language {language!r}; known are: none, {known}")
    return cast("_Stemmer", SnowballStemmer(language))
