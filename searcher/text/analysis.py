"""What words does a text consist of?

A text is split into chunks, and a chunk, once per distinct chunk, into tokens. Indexing, querying and highlighting call
the same functions, so what is found is what is marked. This module knows no files and no queries.

**Chunks** are the maximal runs of non-whitespace, cut further behind ideographic full stops and wherever a run would
yield more than `MAX_CHUNK_WORDS` words (a text without spaces, say); a cut never falls inside a word.

**Tokens.** Apostrophes are one character, invisible characters vanish, then NFKC and case folding. What remains is
words: letters and digits with their combining marks, joined by inner apostrophes; numbers with thousands separators or
one decimal point; dotted acronyms. Scripts without spaces give one character a token. Everything else separates.

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
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from functools import lru_cache
from itertools import chain, pairwise
from threading import Lock
from typing import Final, NamedTuple, Protocol, cast

from searcher.model import Span

ANALYSIS_VERSION: Final = 2
"""Raised whenever the same text would give other tokens, sentences or passages: indexes are then built anew."""

MAX_CHUNK_WORDS: Final = 64
MAX_COMPOUND: Final = 4
"""Parts of a hyphenated word that also stands there joined."""
MAX_REMEMBERED: Final = 400_000

_INVISIBLE: Final = dict.fromkeys(
    chain(
        *((0xAD, 0x34F, 0x61C, 0xFEFF), range(0x180B, 0x180F), range(0x200B, 0x2010), range(0x202A, 0x202F)),
        *(range(0x2060, 0x2065), range(0x2066, 0x2070), range(0xFE00, 0xFE10), range(0xE0000, 0xE1000)),
    )
)
_PLAIN: Final = _INVISIBLE | dict.fromkeys(map(ord, "'’ʼ´`‘‛＇"), "'")
_JOINED_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
# Where scripts without spaces begin and end, in turn: as a pattern they would take 2 ms to compile, at every start.
_UNSPACED: Final = (
    "\u0e00\u0f00\u1000\u10a0\u1780\u1800\u2e80\u2fe0\u3005\u3008\u3021\u302a\u3040\u3130"
    "\u31f0\u3200\u3400\u4dc0\u4e00\ua000\uf900\ufb00\U00020000\U00040000"
)
_IDEOGRAPHIC_STOP: Final = "[。！？]+[」』”’）】》]*"
# Stops that end a chunk, and characters that normalise to several words.
IRREGULAR = re.compile(
    "[。！？\u00bc-\u00be\u0e33\u0eb3\u0edc\u0edd\u2100-\u2106\u2150-\u2189\u309f\u30ff\u32c0-\u33fe\ufdfa\ufdfb\U0001f200\U0001f201]"
)

_RUN = re.compile(r"\S+")
# Their words never join those beside them, nor does a raised figure: *2½* is two numbers, *word¹* has a footnote.
_ALONE = re.compile(f"{IRREGULAR.pattern}|[\u00b2\u00b3\u00b9\u2070-\u2079]")
# Articles and prepositions that lean on the next word in Romance languages, and in names of theirs: *l'homme*.
_ELISION = re.compile(r"(?:[cdjlmnst]|(?:jus|lors|puis)?qu)'(?=[^\W\d_]{2})")
# How far behind a word what stands there can change it: the groups of a number.
_REACH: Final = 40
_WORD = re.compile(
    r"""
      (?P<acronym>  am*(?:\.am*)+(?:\.?'am*)?(?![a0m]))
    | (?P<grouped>  (?<!0,)0{1,3}(?:,000){1,6}(?:\.0+)?(?![0]|[,.]0))
    | (?P<decimal>  (?<!0\.)0+\.0+(?![0]|\.0))
    | (?P<word>     [a0][a0m]*(?:'[a0m]+)*)
    | (?P<unspaced> cm*)
    | (?P<marks>    m+)  # so that every character that is part of words can be found
    """,
    re.VERBOSE,
)

_ACRONYMS: Final = frozenset(["us", "un", "uk", "eu", "usa", "ussr", "uae", "uar", "dc", "fbi", "cia", "gop"])
_PRONOUNS: Final = frozenset({"us"})
_ACCENTS_ARE_BORROWED: Final = frozenset({"none", "english", "porter"})


# What stands around words and is no part of them, whatever they are.
_EDGES: Final = "\"'()*,-./:;?[]_`{}–—‘’“”…!"
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


_ITSELF: Final = [Span(i, i + 1) for i in range(8 * MAX_CHUNK_WORDS)]


class _Stemmer(Protocol):
    def stem(self, token: str) -> str: ...


class _Shapes(dict[int, str]):
    """Code point of a normalised text to its class: letter ``a``, digit ``0``, unspaced ``c``, mark ``m``, else itself."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char.isdecimal():
            shape = "0"
        elif char.isalnum():
            shape = "c" if bisect_right(_UNSPACED, char) % 2 else "a"
        elif unicodedata.category(char).startswith("M"):
            shape = "m"
        elif char in "'.,":
            shape = char
        elif char in "-‐":
            shape = "-"
        else:
            shape = " "
        self[code] = shape
        return shape


_SHAPES = _Shapes()


@lru_cache(maxsize=4096)
def _drops_marks(char: str) -> bool:
    """Tell whether accents on this character are folded: Latin, Greek and digits."""
    return char.isdecimal() or unicodedata.name(char, "").startswith(("LATIN", "GREEK"))


def fold(word: str) -> str:
    """Drop the accents of Latin and Greek letters from a normalised word.

    >>> fold("şuşa"), fold("bakı"), fold("café"), fold("ёж")
    ('susa', 'baki', 'cafe', 'ёж')
    """
    if word.isascii():
        return word
    kept: list[str] = []
    drops = False
    for char in unicodedata.normalize("NFD", word):
        if unicodedata.category(char).startswith("M"):
            if drops:
                continue
        else:
            drops = _drops_marks(char)
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_JOINED_LETTERS)


def fold_text(text: str) -> str:
    """Normalise a whole text as words are: apostrophes, invisible characters, compatibility forms, case, accents."""
    if text.isascii():
        return text.lower().replace("`", "'")
    plain = text.translate(_PLAIN)
    return fold(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", plain).casefold()))


def _is_attached(char: str) -> bool:
    """Tell whether a character composes with the one before it."""
    return unicodedata.category(char).startswith("M") or "\u1160" <= char <= "\u11ff"


def core_of(chunk: str) -> str:
    """Give the part of a chunk on which its tokens depend: equal cores have equal tokens, but for spans.

    >>> core_of("“Wars,”"), core_of("U.S."), core_of("(US)"), core_of("...")
    ('wars', 'U.S', 'US', '')
    """
    core = chunk.strip(_EDGES)
    if not (core.isascii() and core.isalpha()):
        return core
    lower = core.lower()
    return core if lower in _ACRONYMS else lower


def is_plain(core: str) -> bool:
    """Tell whether a core is one word, and just as it is written."""
    return core.isascii() and core.isalpha() and core.islower()


def _normal_form(cluster: str) -> str:
    """Normalise a character and what is attached to it."""
    cluster = cluster.translate(_PLAIN)
    normal = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    return f" {normal} " if _ALONE.match(cluster) else normal


class _Normal(dict[int, str]):
    """Code point to its normal form if that is one character, whatever stands beside it; else to two."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        normal = _normal_form(char)
        is_simple = len(normal) == 1 and not _is_attached(char)
        self[code] = normal if is_simple else "  "
        return self[code]


_NORMAL = _Normal()


def _itself(n: int) -> list[Span]:
    """Give a span for each of n characters, or more."""
    return _ITSELF if n <= len(_ITSELF) else [Span(i, i + 1) for i in range(n)]


def _normalise(chunk: str) -> tuple[str, list[Span]]:
    """Normalise a chunk, and say for each character of the outcome which span of the chunk it comes from."""
    if chunk.isascii():
        return chunk.lower().replace("`", "'"), _itself(len(chunk))
    normal = chunk.translate(_NORMAL)
    if len(normal) == len(chunk):
        return normal, _itself(len(chunk))
    out: list[str] = []
    spans = []
    i = 0
    while i < len(chunk):
        start = i
        cluster = chunk[i]
        i += 1
        end = i
        while i < len(chunk) and (_is_attached(chunk[i]) or ord(chunk[i]) in _INVISIBLE):
            cluster += chunk[i]
            i += 1
            if ord(chunk[i - 1]) not in _INVISIBLE:
                end = i
        normal = _normal_form(cluster)
        out.append(normal)
        spans.extend([Span(start, end)] * len(normal))
    return "".join(out), spans


class Analyser:
    """Turns chunks into tokens, for one language, remembering the terms of words.

    Args:
        language: A language of NLTK's Snowball stemmers, in English and lower case, or ``"none"``.
        known_term: Looks up the term of a surface in an index, or gives None. With it, words that the index has seen
            need no stemmer. Used only where surfaces determine terms, that is, where folding comes first.

    Raises:
        ValueError: There is no stemmer for the language.
    """

    def __init__(
        self, language: str = "english", known_term: Callable[[str], str | None] | None = None
    ) -> None:
        self.language = language
        self._folds_first = language in _ACCENTS_ARE_BORROWED
        self._known_term = known_term if self._folds_first else None
        self._stemmer: _Stemmer | None = None
        if language != "none" and self._known_term is None:
            self._stemmer = _load_stemmer(language)
        self._terms: dict[str, str] = {}

    def tokens(self, chunk: str) -> list[Token]:
        """Give the tokens of a chunk, by position, an overlay behind the token that it starts with.

        >>> [(t.surface, t.term, t.position, t.width) for t in Analyser().tokens("“Cease-fires,”")]
        [('cease', 'ceas', 0, 1), ('cease-fires', 'ceasefir', 0, 2), ('fires', 'fire', 1, 1)]
        """
        if is_plain(chunk):
            return [Token(chunk, self.term(chunk), 0, 1, 0, len(chunk), False)]  # the same, without a search
        if chunk.isascii() and chunk.replace("-", "").isalpha():
            parts = chunk.lower().split("-")
            if all(parts) and _ACRONYMS.isdisjoint(parts):
                return self._hyphenated(parts)  # the same again
        tokens: list[Token] = []
        compound: list[_Found] = []
        words = _find_words(chunk)
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

    def _stem(self, word: str) -> str:
        if self.language == "none":
            return fold(word)
        if self._folds_first:
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

    def _word(self, found: "_Found", position: int) -> list[Token]:
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
            if plain in _ACRONYMS - _PRONOUNS:
                tokens.append(Token(plain + ending, self.term(plain), position, 1, start, end, True))
            return tokens
        base = word.removesuffix("'s")
        if base in _ACRONYMS and written[: len(base)].isupper():
            dotted = ".".join(base)
            surface = dotted + word[len(base) :]
            overlay = Token(surface, dotted, position, 1, start, end, base not in _PRONOUNS)
            if base in _PRONOUNS:
                return [overlay]
            return [Token(word, self.term(base), position, 1, start, end, False), overlay]
        return [Token(fold(word), self.term(base), position, 1, start, end, False)]

    def _joined(self, compound: "list[_Found]", position: int) -> list[Token]:
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


class _Found(NamedTuple):
    """A word found in a chunk, before it has a term.

    Attributes:
        word: The word, normalised but not folded.
        kind: Name of the group of `_WORD` that found it.
        written: The stretch of the chunk that it comes from.
        span: Where that stands.
        is_joined: A single hyphen stands between it and the word before.
        is_alphabetic: It consists of letters and their marks, a possessive ending aside.
    """

    word: str
    kind: str
    written: str
    span: Span
    is_joined: bool
    is_alphabetic: bool


def _find_words(chunk: str) -> list[_Found]:
    normal, spans = _normalise(chunk)
    shape = normal.translate(_SHAPES)
    words: list[_Found] = []
    end_of_last = -1
    for match in _WORD.finditer(shape):
        start, end = match.span()
        kind = match.lastgroup or ""
        span = Span(spans[start][0], spans[end - 1][1])
        is_joined = shape[end_of_last:start] == "-" if words else False
        if kind == "acronym" and shape[end : end + 1] == "." and shape[end - 2] != "'":
            span = Span(span.start, spans[end].end)  # the last stop is part of U.S., whatever else it is
        word = normal[start:end]
        has_apostrophe = "'" in word
        if has_apostrophe and kind == "word" and (elided := _ELISION.match(word)):
            cut = start + elided.end()
            article = Span(span.start, spans[cut - 2].end)
            words.append(
                _Found(
                    normal[start : cut - 1],
                    kind,
                    chunk[slice(*article)],
                    article,
                    is_joined,
                    is_alphabetic=False,
                )
            )
            start, word, is_joined = cut, normal[cut:end], False
            span = Span(spans[start].start, span.end)
        is_alphabetic = kind == "word" and "0" not in shape[start:end]
        if has_apostrophe:
            is_alphabetic = is_alphabetic and "'" not in word.removesuffix("'s")
        words.append(_Found(word, kind, chunk[span[0] : span[1]], span, is_joined, is_alphabetic))
        end_of_last = end
    return words


@lru_cache(maxsize=1 << 16)
def word_spans(chunk: str) -> tuple[Span, ...]:
    """Give the spans of the words of a chunk, by position, in code points of the chunk.

    Needs no stemmer: the same spans that `Analyser.tokens` gives, overlays aside.

    >>> word_spans("“Cease-fire,”")
    (Span(start=1, end=6), Span(start=7, end=11))
    >>> word_spans("(4th),")
    (Span(start=1, end=4),)
    """
    core = chunk.strip(_EDGES)
    if core.isalnum() and core.isascii():  # the same, without a search
        start = chunk.index(core)
        return (Span(start, start + len(core)),)
    return tuple(found.span for found in _find_words(chunk))


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
        from searcher.text.english import stem  # noqa: PLC0415  (a query of words that the index holds needs none)

        self._stem = stem

    def stem(self, token: str) -> str:
        if token.startswith("'") or token.endswith(("'", "'s")) or token != token.lower():
            return _load_snowball("english").stem(token)
        return self._stem(token)


def _load_stemmer(language: str) -> _Stemmer:
    return _English() if language == "english" else _load_snowball(language)


@lru_cache(maxsize=1)
def _load_snowball(language: str) -> _Stemmer:
    from nltk.stem.snowball import SnowballStemmer  # noqa: PLC0415  (a quarter of a second)

    if language not in SnowballStemmer.languages:
        known = ", ".join(SnowballStemmer.languages)
        raise ValueError(f"no stemmer for language {language!r}; known are: none, {known}")
    return cast("_Stemmer", SnowballStemmer(language))


def split(text: str) -> list[str]:
    """Split a text into chunks.

    Args:
        text: Any text.

    Returns:
        The chunks in order. Joined, they are the text without its whitespace.
    """
    runs = text.split()
    if max(map(len, runs), default=0) <= MAX_CHUNK_WORDS and (text.isascii() or not IRREGULAR.search(text)):
        return runs
    return [chunk for run in runs for chunk in cut(run)]


def split_spans(text: str, start: int, end: int) -> list[Span]:
    """Give the spans of the chunks of ``text[start:end]``, in code points of ``text``."""
    if text.isascii() or not IRREGULAR.search(text, start, end):
        spans = [Span(*run.span()) for run in _RUN.finditer(text, start, end)]
        if all(run_end - run_start <= MAX_CHUNK_WORDS for run_start, run_end in spans):
            return spans
    spans = []
    for run in _RUN.finditer(text, start, end):
        at = run.start()
        for chunk in cut(run.group()):
            spans.append(Span(at, at + len(chunk)))
            at += len(chunk)
    return spans


def cut(run: str) -> list[str]:
    """Cut a run of non-whitespace into chunks, behind ideographic stops and wherever a chunk is full of words.

    Where a chunk ends depends only on what follows its beginning, so that a run is cut the same from any chunk on.
    """
    if len(run) <= MAX_CHUNK_WORDS and (run.isascii() or not IRREGULAR.search(run)):
        return [run]
    chunks: list[str] = []
    start = 0
    for stop in [*(match.end() for match in re.finditer(_IDEOGRAPHIC_STOP, run)), len(run)]:
        while start < stop:
            end = _chunk_end(run, start, stop)
            chunks.append(run[start:end])
            start = end
    return chunks


def _chunk_end(run: str, start: int, stop: int) -> int:
    """Tell where the chunk that begins at ``start`` ends; only as much of a long run is looked at as it takes."""
    window = 8 * MAX_CHUNK_WORDS
    while True:
        is_whole = start + window >= stop
        words = [found.span for found in _find_words(run[start : min(start + window, stop)])]
        if is_whole and len(words) <= MAX_CHUNK_WORDS:
            return stop
        reliable = window if is_whole else window - _REACH
        for n_words, (word, after) in enumerate(pairwise(words), 1):
            # One character may give up to six words (U+3301), which stay together.
            if n_words >= MAX_CHUNK_WORDS - 6 and word.end <= after.start and after.end <= reliable:
                return start + word.end
        if is_whole:
            return stop
        window *= 4
