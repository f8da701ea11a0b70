"""Which words stand in a chunk, as they are written?

Apostrophes are one character, invisible characters vanish, then NFKC and case folding. What remains is words: letters and
digits with their combining marks, joined by inner apostrophes; numbers with thousands separators or one decimal point; dotted
acronyms. Scripts without spaces give one character a word. Everything else separates.
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
# Where scripts without spaces begin and end, in turn: as a pattern they would take 2 ms to compile, at every start.
_UNSPACED: Final = (
    "\u0e00\u0f00\u1000\u10a0\u1780\u1800\u2e80\u2fe0\u3005\u3008\u3021\u302a\u3040\u3130"
    "\u31f0\u3200\u3400\u4dc0\u4e00\ua000\uf900\ufb00\U00020000\U00040000"
)
# Stops that end a chunk, and characters that normalise to several words.
IRREGULAR = re.compile(
    "[。！？\u00bc-\u00be\u0e33\u0eb3\u0edc\u0edd\u2100-\u2106\u2150-\u2189\u309f\u30ff\u32c0-\u33fe\ufdfa\ufdfb\U0001f200\U0001f201]"
)

# Their words never join those beside them, nor does a raised figure: *2½* is two numbers, *word¹* has a footnote.
_ALONE = re.compile(f"{IRREGULAR.pattern}|[\u00b2\u00b3\u00b9\u2070-\u2079]")
# Articles and prepositions that lean on the next word in Romance languages, and in names of theirs: *l'homme*.
_ELISION = re.compile(r"(?:[cdjlmnst]|(?:jus|lors|puis)?qu)'(?=[^\W\d_]{2})")
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

# What stands around words and is no part of them, whatever they are.
EDGES: Final = "\"'()*,-./:;?[]_`{}–—‘’“”…!"
_AROUND: Final = EDGES + "$%"
# One word, whatever stands around it, and one to which a stop behind it belongs.
_WHOLE = re.compile(r"[0-9]+\.[0-9]+|[0-9]{1,3}(?:,[0-9]{3}){1,6}")
_DOTTED = re.compile(r"[A-Za-z](?:\.[A-Za-z])+")
_ITSELF: Final = [Span(i, i + 1) for i in range(512)]


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


class Found(NamedTuple):
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


def find_words(chunk: str) -> list[Found]:
    """Find the words of a chunk, in order."""
    normal, spans = _normalise(chunk)
    shape = normal.translate(_SHAPES)
    words: list[Found] = []
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
                Found(
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
        words.append(Found(word, kind, chunk[span[0] : span[1]], span, is_joined, is_alphabetic))
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
    core = chunk.strip(_AROUND)
    if core.isascii() and (core.isalnum() or _WHOLE.fullmatch(core)):  # the same, without a search
        start = chunk.index(core)
        return (Span(start, start + len(core)),)
    if chunk.isascii() and _DOTTED.fullmatch(core):
        start = chunk.index(core)
        end = start + len(core)
        return (Span(start, end + (chunk[end : end + 1] == ".")),)
    return tuple(found.span for found in find_words(chunk))
