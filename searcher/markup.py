r"""How does text with marks look as plain text, on a terminal, in HTML and in Markdown?

Only this module escapes text. Its output is safe for any input. No control character, bidirectional override or half of a
surrogate pair reaches a terminal. No character of the text acts as markup. U+FFFD replaces every unsafe character, so that
a reader sees that a character is missing. Zero-width characters that some scripts need stay: joiners, soft hyphens,
variation selectors, direction marks.

The module does not choose what to show. It shortens nothing and adds no ellipsis.

Marks are half-open spans in code points of ``text``, sorted and disjoint. A mark that reaches outside the text is clipped.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final
from unicodedata import category

# ECMA-48: bold and red, which is legible on dark and on light backgrounds; then all attributes off.
_ANSI_ON, _ANSI_OFF = "\x1b[1;31m", "\x1b[0m"

# C0, DEL and C1 except white space; halves of surrogate pairs.
_NOT_TEXT = (range(9), range(0x0E, 0x1C), range(0x7F, 0x85), range(0x86, 0xA0), range(0xD800, 0xE000))
# Code points that Unicode reserves as "noncharacters".
_NO_CHARACTERS = (
    range(0xFDD0, 0xFDF0),
    *(range(plane - 2, plane) for plane in range(1 << 16, 18 << 16, 1 << 16)),
)
# Bidirectional embeddings, overrides and isolates; the deprecated format characters that follow them; interlinear annotation.
_REORDERING = (range(0x202A, 0x202F), range(0x2066, 0x2070), range(0xFFF9, 0xFFFC))

# Replacements for unsafe characters, by code point. Python builds these tables much faster than it compiles patterns.
_REPLACED = dict.fromkeys(chain(*_NOT_TEXT, *_NO_CHARACTERS), "\ufffd")
# HTML does not allow some white space: replace it with a line feed or a space.
_IN_HTML = _REPLACED | str.maketrans("\x0b\x1c\x1d\x1e\x85\x1f", "\n\n\n\n\n ")
_ON_TERMINAL = (
    _REPLACED
    | dict.fromkeys(chain(*_REORDERING), "\ufffd")
    | str.maketrans("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\t\x1f", "\n\n\n\n\n\n\n\n  ")
)

_WHITE = re.compile(r"\s+")
_LONE_RETURN = re.compile(r"\r(?!\n)")
# These stand for the start and end of a mark. They cannot occur in the text, because control characters are already replaced.
_OPENING, _CLOSING = "\x01", "\x02"

# To escape anywhere: inline markup of CommonMark and GFM, entities, dollars (mathematics in notebooks), and the characters
# that turn a bare address into a link. A link would take the marks inside it as part of its target.
_MARKDOWN_INLINE: Final = r"[\\`*_\[\]<>|~$]|&(?=#?\w+;)|:(?=//)|(?<=[wW]{3})\."
# To escape at the start of a line: headings, their underlines, lists, definitions, and the rulers of tables.
_MARKDOWN_LEADING: Final = r"(?m)^[^\S\n]*(?:\d{1,9}([.)])(?!\S)|([#+\-=:]))"

_Edit = tuple[int, int, str]


def plain(text: str, *, one_line: bool = True) -> str:
    r"""Render without marks, safe for a terminal.

    With ``one_line``, every run of white space becomes one space. Otherwise white space is kept, with line breaks as ``\n``
    and tabs as spaces. No other control character is left.

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

    A mark over several lines is closed at the end of each line and opened again on the next line, because pagers reset
    colours at every line. White space at the edges of a mark is not marked. All else is as `plain` gives it.

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

    White space and direction controls are kept. The element that holds the result should isolate its direction
    (``<bdi>`` or ``dir="auto"``).

    The result is phrasing content. Without marks it may also stand in a quoted attribute. Once parsed, it has as many code
    points as ``text``. U+FFFD replaces a character that HTML does not allow; a space or line break replaces such white space.

    >>> html("AT&T <b>", [(0, 4)])
    '<mark>AT&amp;T</mark> &lt;b&gt;'
    """
    if not text.replace("\n", " ").isprintable():  # nearly every text is printable
        text = text.translate(_IN_HTML)
    pieces, done = [], 0
    for start, end in _clipped(text, marks):
        pieces += [text[done:start], _OPENING, text[start:end], _CLOSING]
        done = end
    text = "".join([*pieces, text[done:]]).replace("&", "&amp;")  # first, as the other references contain "&"
    text = text.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;").replace("'", "&#x27;")
    return text.replace(_OPENING, "<mark>").replace(_CLOSING, "</mark>")


def markdown(text: str, marks: Sequence[tuple[int, int]]) -> str:
    r"""Render as Markdown (CommonMark, GFM), marks in ``**``.

    The result renders as paragraphs of the text, in which only the marks are strong. Line breaks stay soft breaks, and blank lines stay paragraph breaks. Indentation and space at line ends are removed,
    because they would act as markup. Marks that touch are joined. A mark over several paragraphs is split at each
    paragraph break.

    Markdown does not take ``**`` for a delimiter between a letter outside the mark and punctuation inside. There the letter
    is written as a character reference, which begins and ends with punctuation.

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
    """Give what replaces a run of white space in Markdown."""
    if white.start() == 0 or white.end() == len(white.string):
        return ""
    n_breaks = white[0].count("\n")
    return "\n" * min(n_breaks, 2) if n_breaks else re.sub(" +", " ", white[0])


def _flanks(char: str) -> bool:
    """Tell whether the character is white space or punctuation in every version of CommonMark."""
    return char.isspace() or category(char)[0] == "P" or (char.isascii() and not char.isalnum())


def _neutral(text: str) -> str:
    r"""Replace characters that may not reach a terminal, each by one code point.

    Line breaks become ``\n``. Other control white space becomes a space. A ``\r`` is left only before ``\n``.
    """
    return _LONE_RETURN.sub("\n", text.translate(_ON_TERMINAL))


def _clipped(text: str, marks: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the marks, clipped to the text, without empty ones."""
    size = len(text)
    for start, end in marks:
        if 0 <= start < end <= size:
            yield start, end
        elif max(start, 0) < min(end, size):
            yield max(start, 0), min(end, size)


def _solid(text: str, marks: Iterable[tuple[int, int]], *, n_breaks: int) -> list[tuple[int, int]]:
    """Trim white space from the edges of marks, and split marks at white space with at least ``n_breaks`` line breaks.

    After this no run of white space lies half inside a mark, so that the run can be replaced as a whole.
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
    """Apply the edits ``(start, end, replacement)``, and insert ``opening`` and ``closing`` around each mark."""
    steps = [(start, 1, end, new) for start, end, new in edits]
    for start, end in marks:
        steps += [(start, 0, start, opening), (end, 0, end, closing)]
    # At one place, edges of marks come before edits. The sort is stable, so a closing comes before an opening.
    steps.sort(key=lambda step: step[:2])
    pieces, done = [], 0
    for start, _, end, new in steps:
        pieces += [text[done:start], new]
        done = end
    return "".join([*pieces, text[done:]])
