r"""How does text with marks look as plain text, on a terminal, in HTML and in Markdown?

This is the only place that escapes. Whatever stands in ``text``, the output is safe where it goes: no control character,
bidirectional override or half of a surrogate pair reaches a terminal, and no character of the text acts as markup. What is
taken out leaves U+FFFD behind, so that nobody mistakes the rest for the original. Zero-width characters that writing needs
(joiners, soft hyphens, variation selectors, direction marks) stay.

It does not choose what to show, shorten or add an ellipsis, and it imports nothing of the project.

Marks are half-open, in code points of ``text``, sorted and disjoint; what reaches outside the text is clipped.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final
from unicodedata import category

# ECMA-48: bold and red, which reads on dark and on light grounds; then everything off.
_ANSI_ON, _ANSI_OFF = "\x1b[1;31m", "\x1b[0m"

# C0, DEL and C1 without those that are white space; halves of surrogate pairs; what is no character.
_NOT_TEXT = (range(9), range(0x0E, 0x1C), range(0x7F, 0x85), range(0x86, 0xA0), range(0xD800, 0xE000))
_NO_CHARACTERS = (
    range(0xFDD0, 0xFDF0),
    *(range(plane - 2, plane) for plane in range(1 << 16, 18 << 16, 1 << 16)),
)
# Bidirectional embeddings, overrides and isolates, the deprecated formats behind them, interlinear annotation.
_REORDERING = (range(0x202A, 0x202F), range(0x2066, 0x2070), range(0xFFF9, 0xFFFC))

# What takes the place of what is unsafe, by code point: tables are made in a fraction of the time that patterns take.
_REPLACED = dict.fromkeys(chain(*_NOT_TEXT, *_NO_CHARACTERS), "\ufffd")
# White space that HTML does not allow: a plain line break or space takes its place.
_IN_HTML = _REPLACED | str.maketrans("\x0b\x1c\x1d\x1e\x85\x1f", "\n\n\n\n\n ")
_ON_TERMINAL = (
    _REPLACED
    | dict.fromkeys(chain(*_REORDERING), "\ufffd")
    | str.maketrans("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\t\x1f", "\n\n\n\n\n\n\n\n  ")
)

_WHITE = re.compile(r"\s+")
_LONE_RETURN = re.compile(r"\r(?!\n)")
# Where marks begin and end; no text has these control characters by then.
_OPENING, _CLOSING = "\x01", "\x02"

# Everywhere: CommonMark and GFM inline markup, entities, dollars (mathematics in notebooks) and the characters that would
# make a bare address a link, because a link would take the marks inside it as part of its target.
_MARKDOWN_INLINE: Final = r"[\\`*_\[\]<>|~$]|&(?=#?\w+;)|:(?=//)|(?<=[wW]{3})\."
# At the start of a line: headings, their underlines, lists, definitions and the rulers of tables.
_MARKDOWN_LEADING: Final = r"(?m)^[^\S\n]*(?:\d{1,9}([.)])(?!\S)|([#+\-=:]))"

_Edit = tuple[int, int, str]


def plain(text: str, *, one_line: bool = True) -> str:
    r"""Render without marks, safe for a terminal.

    Args:
        text: Anything.
        one_line: Make every run of white space one space; otherwise keep it, line breaks as ``\n`` and tabs as spaces.

    Returns:
        Text without control characters; without ``one_line``, ``\n`` aside.

    >>> plain("Heavy\r\n\tshelling \x1b[2J")
    'Heavy shelling \ufffd[2J'
    >>> plain("Heavy\r\n\tshelling", one_line=False)
    'Heavy\n shelling'
    """
    return ansi(text, (), one_line=one_line)


def safe(text: str) -> str:
    r"""Render a title, a path or a message on one line, safe for a terminal.

    >>> safe("Baku\n\x07News")
    'Baku \ufffdNews'
    """
    return plain(text)


def ansi(text: str, marks: Sequence[tuple[int, int]], *, one_line: bool = True) -> str:
    r"""Render for a terminal, marks bold and red.

    A mark over several lines is closed at the end of each and opened again on the next, because pagers start every line
    afresh. White space at the edges of a mark is not marked.

    Args:
        text: Anything.
        marks: Spans of ``text``, sorted and disjoint.
        one_line: As for `plain`.

    Returns:
        Exactly ``plain(text, one_line=one_line)`` once the ``\x1b[...m`` sequences are taken out.

    >>> ansi("Heavy shelling", [(6, 14)])
    'Heavy \x1b[1;31mshelling\x1b[0m'
    """
    text = _neutral(text)
    if one_line:
        edits = [(white.start(), white.end(), " ") for white in _WHITE.finditer(text)]
        spans = _solid(text, marks, n_breaks=len(text) + 1)
    else:
        edits = [(at, at + 1, "") for at, char in enumerate(text) if char == "\r"]
        spans = _solid(text, marks, n_breaks=1)
    return _weave(text, edits, spans, _ANSI_ON, _ANSI_OFF)


def html(text: str, marks: Sequence[tuple[int, int]]) -> str:
    r"""Render as HTML, marks in ``<mark>`` elements.

    White space and direction controls are kept; the element that holds the result should isolate its direction
    (``<bdi>`` or ``dir="auto"``).

    Args:
        text: Anything.
        marks: Spans of ``text``, sorted and disjoint.

    Returns:
        Phrasing content, also fit for a quoted attribute where there are no marks. Parsed, it has as many code points as
        ``text``: characters that HTML does not allow are U+FFFD, or a space or line break where they are white space.

    >>> html("AT&T <b>", [(0, 4)])
    '<mark>AT&amp;T</mark> &lt;b&gt;'
    """
    if not text.replace("\n", " ").isprintable():  # as hardly any is
        text = text.translate(_IN_HTML)
    pieces, done = [], 0
    for start, end in _clipped(text, marks):
        pieces += [text[done:start], _OPENING, text[start:end], _CLOSING]
        done = end
    text = "".join([*pieces, text[done:]]).replace("&", "&amp;")  # before other references are there
    text = text.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;").replace("'", "&#x27;")
    return text.replace(_OPENING, "<mark>").replace(_CLOSING, "</mark>")


def markdown(text: str, marks: Sequence[tuple[int, int]]) -> str:
    r"""Render as Markdown (CommonMark, GFM), marks in ``**``.

    Line breaks stay soft breaks and blank lines stay paragraph breaks; indentation and space at line ends go, as they
    would act as markup. Marks that touch become one; a mark over several paragraphs becomes one in each.

    Where a mark begins or ends with punctuation right beside a letter, ``**`` would be no delimiter: that letter is
    written as a character reference, which ends and begins with punctuation.

    Args:
        text: Anything.
        marks: Spans of ``text``, sorted and disjoint.

    Returns:
        Markdown that renders as paragraphs of the text with nothing but the marks strong.

    Source:
        https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run

    >>> print(markdown("1. snake_case", [(3, 8)]))
    1\. **snake**\_case
    >>> print(markdown("non-combatants", [(3, 14)]))
    no&#110;**-combatants**
    """
    text = _neutral(text)
    spans: list[tuple[int, int]] = []
    for start, end in _solid(text, marks, n_breaks=2):
        touches = bool(spans) and spans[-1][1] == start
        spans[-1:] = [(spans[-1][0], end)] if touches else [*spans[-1:], (start, end)]
    edits = {found.start(): f"\\{found[0]}" for found in re.finditer(_MARKDOWN_INLINE, text)}
    for found in re.finditer(_MARKDOWN_LEADING, text):
        at = found.start(found.lastindex or 0)
        edits[at] = f"\\{text[at]}"
    for start, end in spans:
        for inner, outer in ((start, start - 1), (end - 1, end)):
            if 0 <= outer < len(text) and category(text[inner])[0] in "PS" and not _flanks(text[outer]):
                edits[outer] = f"&#{ord(text[outer])};"
    whites = ((white.start(), white.end(), _markdown_white(white)) for white in _WHITE.finditer(text))
    return _weave(text, [*((at, at + 1, new) for at, new in edits.items()), *whites], spans, "**", "**")


def _markdown_white(white: re.Match[str]) -> str:
    """Say what a run of white space becomes in Markdown."""
    if white.start() == 0 or white.end() == len(white.string):
        return ""
    n_breaks = white[0].count("\n")
    return "\n" * min(n_breaks, 2) if n_breaks else re.sub(" +", " ", white[0])


def _flanks(char: str) -> bool:
    """Tell whether every version of CommonMark takes the character for white space or punctuation."""
    return char.isspace() or category(char)[0] == "P" or (char.isascii() and not char.isalnum())


def _neutral(text: str) -> str:
    r"""Replace what may not reach a terminal, code point for code point.

    Line breaks become ``\n`` and other control white space a space; a ``\r`` is left only before ``\n``.
    """
    return _LONE_RETURN.sub("\n", text.translate(_ON_TERMINAL))


def _clipped(text: str, marks: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield what of the marks lies inside the text and is not empty."""
    size = len(text)
    for start, end in marks:
        if 0 <= start < end <= size:
            yield start, end
        elif max(start, 0) < min(end, size):
            yield max(start, 0), min(end, size)


def _solid(text: str, marks: Iterable[tuple[int, int]], *, n_breaks: int) -> list[tuple[int, int]]:
    """Trim marks to begin and end with a character, and part them at white space with that many line breaks.

    A run of white space then never lies half inside a mark, so it can be rewritten as a whole.
    """
    spans: list[tuple[int, int]] = []
    for mark_start, mark_end in _clipped(text, marks):
        start = mark_start
        for white in _WHITE.finditer(text, mark_start, mark_end):
            at_edge = white.start() == mark_start or white.end() == mark_end
            if at_edge or white[0].count("\n") >= n_breaks:
                spans.append((start, white.start()))
                start = white.end()
        spans.append((start, mark_end))
    return [(start, end) for start, end in spans if start < end]


def _weave(
    text: str, edits: Iterable[_Edit], marks: Iterable[tuple[int, int]], opening: str, closing: str
) -> str:
    """Apply edits ``(start, end, replacement)`` and put marks around what they cover."""
    steps = [(start, 1, end, new) for start, end, new in edits]
    for start, end in marks:
        steps += [(start, 0, start, opening), (end, 0, end, closing)]
    steps.sort(
        key=lambda step: step[:2]
    )  # at one place the mark's edge first; stable, so a closing before an opening
    pieces, done = [], 0
    for start, _, end, new in steps:
        pieces += [text[done:start], new]
        done = end
    return "".join([*pieces, text[done:]])
