"""Which words stand in a chunk, as they are written?

A chunk is normalised first: all apostrophes become one character, invisible characters vanish, then come NFKC and case folding.
Words are then

- letters and digits with their combining marks, and apostrophes between them,
- numbers with thousands separators or one decimal point,
- dotted acronyms,
- in scripts without spaces, single characters.

Everything else separates words.
"""

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

from searcher.model import Span

_INVISIBLE: Final = dict.fromkeys(
    chain(
        *((0xAD, 0x34F, 0x61C, 0xFEFF), range(0x180B, 0x180F), range(0x200B, 0x2010), range(0x202A, 0x202F)),
        *(range(0x2060, 0x2065), range(0x2066, 0x2070), range(0xFE00, 0xFE10), range(0xE0000, 0xE1000)),
    )
)
_PLAIN: Final = _INVISIBLE | dict.fromkeys(map(ord, "'’ʼ´`‘‛＇"), "'")
_JOINED_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
# Where scripts without spaces begin and end, in turn. A pattern of these ranges would take 2 ms to compile at every start.
_UNSPACED: Final = (
    "\u0e00\u0f00\u1000\u10a0\u1780\u1800\u2e80\u2fe0\u3005\u3008\u3021\u302a\u3040\u3130"
    "\u31f0\u3200\u3400\u4dc0\u4e00\ua000\uf900\ufb00\U00020000\U00040000"
)
IRREGULAR = re.compile(
    "[。！？\u00bc-\u00be\u0e33\u0eb3\u0edc\u0edd\u2100-\u2106\u2150-\u2189\u309f\u30ff\u32c0-\u33fe\ufdfa\ufdfb\U0001f200\U0001f201]"
)
"""Stops that end a chunk, and characters that normalise to several words."""

# The words of these characters never join their neighbours, nor does a raised figure: *2½* is two numbers, *word¹* has a footnote.
_ALONE = re.compile(f"{IRREGULAR.pattern}|[\u00b2\u00b3\u00b9\u2070-\u2079]")
# Articles and prepositions that are written together with the next word in Romance languages: *l'homme*.
_ELISION = re.compile(r"(?:[cdjlmnst]|(?:jus|lors|puis)?qu)'(?=[^\W\d_]{2})")
_WORD = re.compile(
    r"""
      (?P<acronym>  am*(?:\.am*)+(?:\.?'am*)?(?![a0m]))
    | (?P<grouped>  (?<!0,)0{1,3}(?:,000){1,6}(?:\.0+)?(?![0]|[,.]0))
    | (?P<decimal>  (?<!0\.)0+\.0+(?![0]|\.0))
    | (?P<word>     [a0][a0m]*(?:'[a0m]+)*)
    | (?P<unspaced> cm*)
    | (?P<marks>    m+)  # marks without a letter
    """,
    re.VERBOSE,
)

EDGES: Final = "\"'()*,-./:;?[]_`{}–—‘’“”…!"
"""What may stand around words and is part of none."""

_ITSELF: Final = [Span(i, i + 1) for i in range(512)]


class _Shapes(dict[int, str]):
    """Maps a code point of a normalised text to its class.

    The classes are ``a`` for a letter, ``0`` for a digit, ``c`` for a letter of a script without spaces, ``m`` for a combining mark. An
    apostrophe, a stop, a comma and a hyphen stand for themselves. Every other character is a space.
    """

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
    """Tell whether this character loses its accents: Latin and Greek letters and digits do."""
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
    """Normalise a whole text as words are normalised, and drop its accents."""
    if text.isascii():
        return text.lower().replace("`", "'")
    plain = text.translate(_PLAIN)
    return fold(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", plain).casefold()))


def _is_attached(char: str) -> bool:
    """Tell whether a character composes with the character before it."""
    return unicodedata.category(char).startswith("M") or "\u1160" <= char <= "\u11ff"


def _normal_form(cluster: str) -> str:
    """Normalise a character with all that is attached to it."""
    cluster = cluster.translate(_PLAIN)
    normal = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    return f" {normal} " if _ALONE.match(cluster) else normal


class _Normal(dict[int, str]):
    """Maps a code point to its normal form if that is one character, whatever stands beside it; otherwise to two spaces."""

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
    """Normalise a chunk. Say for each character of the normal form which span of the chunk it comes from."""
    if chunk.isascii():
        return chunk.lower().replace("`", "'"), _itself(len(chunk))
    normal = chunk.translate(_NORMAL)
    if len(normal) == len(chunk):  # each character has a normal form of its own
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


class Found(NamedTuple):
    """A word of a chunk, before it has a term.

    Attributes:
        word: The word, normalised, with its accents.
        kind: Name of the group of `_WORD` that matched it.
        written: The part of the chunk that the word comes from.
        span: Where that part stands.
        is_joined: A single hyphen stands between the word and the word before.
        is_alphabetic: The word consists of letters and their marks. A possessive ending does not count.
    """

    word: str
    kind: str
    written: str
    span: Span
    is_joined: bool
    is_alphabetic: bool


def find_words(chunk: str) -> list[Found]:
    """Find the words of a chunk, in order."""
    normal, spans = _normalise(chunk)
    shape = normal.translate(_SHAPES)
    words: list[Found] = []
    end_of_last = -1
    for match in _WORD.finditer(shape):
        start, end = match.span()
        kind = match.lastgroup or ""
        is_joined = bool(words) and shape[end_of_last:start] == "-"
        is_alphabetic = kind == "word"
        end_of_last = end
        if kind == "word" and "'" in match[0]:
            if elided := _ELISION.match(normal, start, end):
                last = elided.end() - 1
                span = Span(spans[start].start, spans[last - 1].end)
                words.append(Found(normal[start:last], kind, chunk[slice(*span)], span, is_joined, False))
                start, is_joined = elided.end(), False
            is_alphabetic = "'" not in normal[start:end].removesuffix("'s")
        is_alphabetic = is_alphabetic and "0" not in shape[start:end]
        span = Span(spans[start].start, spans[end - 1].end)
        if kind == "acronym" and shape[end : end + 1] == "." and shape[end - 2] != "'":
            span = Span(span.start, spans[end].end)  # the last stop is part of U.S., whatever else it is
        words.append(Found(normal[start:end], kind, chunk[slice(*span)], span, is_joined, is_alphabetic))
    return words


@lru_cache(maxsize=1 << 16)
def word_spans(chunk: str) -> tuple[Span, ...]:
    """Give the spans of the words of a chunk, by position, in code points of the chunk.

    The spans are those of `searcher.text.words.analysis.Analyser.tokens` without overlays. No stemmer is needed.

    >>> word_spans("“Cease-fire,”")
    (Span(start=1, end=6), Span(start=7, end=11))
    >>> word_spans("(4th),")
    (Span(start=1, end=4),)
    """
    return tuple(found.span for found in find_words(chunk))
