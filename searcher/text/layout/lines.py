"""Which lines of a text belong to one paragraph?

A blank line always separates paragraphs. Between blank lines, every line is a paragraph, unless the text is hard-wrapped.
(Scraped news often has a title, a blank line, and then one paragraph a line.) Hard-wrapped text is recognised by its
lines: nearly every line is as long as possible, because the first word of the next line had no room on it. Text wrapped
by hand is less even, but its lines continue in lower case.

In wrapped text, a line with room left for the first word of the next line ends a paragraph. An indented line starts one.
Without either sign, two paragraphs are taken for one.

Markdown is not parsed. Only the signs that separate paragraphs are recognised: headings, list items, quotes, table rows,
rules, fences. The time is linear in the length of the text.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

LONGEST_WRAPPED_LINE: Final = 100
"""No person and no editor wraps lines at a greater width."""
SHORTEST_WRAPPED_LINE: Final = 30
"""Shorter lines are verse, lists or addresses rather than wrapped text."""
WRAP_TOLERANCE: Final = 2
"""How many characters shorter than possible a full line may be."""
LONGEST_HEADING: Final = 200
"""The most characters of an underlined heading."""
RAGGED_SHARE: Final = 0.6
"""In text wrapped by hand, a line is full if its width is at least this share of the widest line."""
ENOUGH_PAIRS: Final = 3
"""Fewer pairs of neighbouring lines do not show whether a text is wrapped."""

BREAKS: Final = "\n\r\f\x85\u2028\u2029"
"""Characters that end a line. A carriage return before a line feed ends no line of its own."""

_Bounds = tuple[int, int]
_MARKER: Final = re.compile(
    r"""(?P<heading>\#{1,6}(?=\s))
    | (?P<quote>>)
    | (?P<row>\|)
    | (?P<fence>```|~~~)
    | (?P<rule>([-*_=])(?:[ \t]*\6){2,})
    | (?P<item>(?:[-*+•‣–—]|\d{1,3}[.)])[ \t])""",
    re.VERBOSE,
)
_MARKER_CHARACTERS: Final = frozenset("#>|`~-*_=+•‣–—0123456789")
_FLOWING: Final = frozenset([("", ""), ("", "item"), ("quote", "quote")])
_QUOTE: Final = re.compile(r"(?:>[ \t]*)+")
_SENTENCE_END: Final = re.compile(r"""[.?!…:;。！？；：։।؟۔]["'”’»)\]*_]*$""")


class _Line(NamedTuple):
    """A line that is not blank."""

    start: int
    end: int
    indent: int
    marker: str
    is_stacked: bool
    """No blank line stands between it and the line before."""

    @property
    def width(self) -> int:
        """Columns from the margin to the last character."""
        return self.indent + self.end - self.start


class _Setting(NamedTuple):
    """How the lines of a text were wrapped."""

    width: int
    """The width in columns of hard-wrapped text; 0 for any other text."""
    is_narrow: bool
    """No line is longer than `LONGEST_WRAPPED_LINE`."""


def paragraph_begins(
    text: str, spans: Sequence[_Bounds], stacked: Sequence[bool], text_start: int = 0
) -> list[bool]:
    r"""Tell which lines of a text begin a paragraph. Every other line continues the paragraph of the line before.

    Args:
        text: The whole article.
        spans: The lines that are not blank, in text order, without blanks around them.
        stacked: For each line: exactly one line break separates it from the line before.
        text_start: The first line begins here or later.

    >>> spans = [(0, 7), (8, 15), (16, 20), (21, 25)]
    >>> paragraph_begins("Heading\n=======\nOne.\nTwo.", spans, [False, True, True, True])
    [True, False, True, True]
    """
    lines = [
        _Line(start, end, _indent(text, start, text_start), _marker(text, start, end), is_stacked)
        for (start, end), is_stacked in zip(spans, stacked, strict=True)
    ]
    setting = _Setting(_wrap_width(text, lines), max(line.width for line in lines) <= LONGEST_WRAPPED_LINE)
    begins = [True]
    in_item = lines[0].marker == "item"
    for previous, line in pairwise(lines):
        begins.append(
            not line.is_stacked
            or not _continues(text, previous, line, setting, in_item=in_item, is_second=begins[-1])
        )
        if begins[-1]:
            in_item = line.marker == "item"
    return begins


def _indent(text: str, start: int, body_start: int) -> int:
    """Count the blanks before the first character of a line."""
    margin = start
    while margin > body_start and text[margin - 1].isspace() and text[margin - 1] not in BREAKS:
        margin -= 1
    return start - margin


def _marker(text: str, start: int, end: int) -> str:
    """Name the Markdown construct with which a line begins, or ``""``."""
    if text[start] not in _MARKER_CHARACTERS:
        return ""
    match = _MARKER.match(text, start, end)
    if not match or (match["rule"] and match.end() != end):
        return "item" if match and text[start + 1] in " \t" else ""
    if match["rule"]:
        return "underline" if not set(text[start:end]) - {text[start]} and text[start] in "=-" else "rule"
    return match.lastgroup or ""


def _wrap_width(text: str, lines: list[_Line]) -> int:
    """Give the width at which a text is hard-wrapped, or 0 for any other text.

    A program makes every line as long as possible. So if the longest line is the width, then only the last line of a
    paragraph has room for the first word of the next line.
    """
    stacked = (pair for pair in pairwise(lines) if pair[1].is_stacked)
    pairs = [(one, two) for one, two in stacked if (two.marker, one.marker) in _FLOWING]
    widths = _widths(text, pairs)
    if not widths or widths[-1] < SHORTEST_WRAPPED_LINE:
        return 0
    shorter = (pair for pair in pairs if pair[0].width <= LONGEST_WRAPPED_LINE)
    pairs = [(one, two) for one, two in shorter if two.indent <= one.indent + 1]
    # A few lines may be longer, because of a long word or a correction made by hand.
    for width in (widths[-1], widths[len(widths) * 9 // 10]):
        if _is_set_to(text, pairs, width):
            return width
    # Text wrapped by hand: at least half of the lines break off before a word in lower case.
    n_broken_off = sum(_is_broken_off(text, previous, line) for previous, line in pairs)
    is_ragged = len(pairs) >= ENOUGH_PAIRS and 2 * n_broken_off >= len(pairs)
    return int(widths[-1] * RAGGED_SHARE) if is_ragged else 0


def _widths(text: str, pairs: list[tuple[_Line, _Line]]) -> list[int]:
    """Give the widths of the lines, sorted; an empty list if more than one line in 20 is too long for wrapped text."""
    lines = {line.start: line for pair in pairs for line in pair}.values()
    widths = sorted(line.width for line in lines if " " in text[line.start : line.end])
    n_short = bisect_right(widths, LONGEST_WRAPPED_LINE)
    return widths[:n_short] if 20 * n_short >= 19 * len(widths) else []


def _is_set_to(text: str, pairs: list[tuple[_Line, _Line]], width: int) -> bool:
    """Tell whether the lines are wrapped at ``width``: nearly every line is full or ends with a sentence."""
    n_full = n_broken_off = n_explained = 0
    for previous, line in pairs:
        ends_sentence = _ends_sentence(text, previous)
        if _is_full(text, previous, line, width):
            n_full += 1
            n_broken_off += not ends_sentence
        else:
            n_explained += ends_sentence
    n_pairs = len(pairs)
    is_filled = n_full >= 0.4 * n_pairs and n_full + n_explained >= 0.8 * n_pairs
    # Lines of one sentence each may have equal lengths by chance. Wrapped lines break off inside sentences too.
    return is_filled and n_pairs >= ENOUGH_PAIRS and 2 * n_broken_off >= n_full


def _is_full(text: str, line: _Line, following: _Line, width: int) -> bool:
    """Tell whether the line had no room left for the first word of the following line."""
    if not width:
        return False
    room = max(width - WRAP_TOLERANCE - line.width - 1, 0)
    quote = _QUOTE.match(text, following.start, following.end)
    start = quote.end() if quote else following.start
    words = text[start : min(start + room + 1, following.end)].split(None, 1)
    return bool(words) and len(words[0]) > room


def _ends_sentence(text: str, line: _Line) -> bool:
    return _SENTENCE_END.search(text, max(line.start, line.end - 6), line.end) is not None


def _continues(
    text: str, previous: _Line, line: _Line, setting: _Setting, *, in_item: bool, is_second: bool
) -> bool:
    """Tell whether a line continues the paragraph of the line directly above it.

    The paragraph so far is a list item if ``in_item``. It has one line if ``is_second``.
    """
    if line.marker == "underline":
        is_heading = is_second and not previous.marker and previous.width <= LONGEST_HEADING
        return is_heading and (text[line.start] == "=" or not _ends_sentence(text, previous))
    if previous.marker in ("heading", "row", "fence", "rule", "underline"):
        return False
    if line.marker == "quote" or previous.marker == "quote":
        return line.marker == previous.marker and _is_full(text, previous, line, setting.width)
    if line.marker == "item":
        may_go_on = not in_item and not _ends_sentence(text, previous)
        return may_go_on and _is_full(text, previous, line, setting.width)
    return not line.marker and _flows_on(text, previous, line, setting, in_item=in_item, is_second=is_second)


def _flows_on(
    text: str, previous: _Line, line: _Line, setting: _Setting, *, in_item: bool, is_second: bool
) -> bool:
    """Tell whether a line without a marker continues the line above it. Arguments are those of ``_continues``."""
    is_broken_off = setting.is_narrow and _is_broken_off(text, previous, line)
    if not setting.width or previous.width > LONGEST_WRAPPED_LINE or is_broken_off:
        return is_broken_off
    if line.indent > previous.indent + 1 and not in_item:
        return False
    # In text wrapped by hand, a line with room left may still continue. A first line with room left is rather a heading.
    is_uneven = not is_second and 2 * previous.width > setting.width and not _ends_sentence(text, previous)
    return is_uneven or _is_full(text, previous, line, setting.width)


def _is_broken_off(text: str, previous: _Line, line: _Line) -> bool:
    """Tell whether a line ends inside a sentence that the next line continues in lower case: a sign of wrapping by hand.

    Very short lines do not count: they are headings, names and list entries.
    """
    first = text[line.start]
    return (
        first.islower()
        and first != first.title()
        and not text[line.start + 1 : line.start + 2].isupper()
        and not text.startswith("by ", line.start)
        and previous.width >= SHORTEST_WRAPPED_LINE
        and not _ends_sentence(text, previous)
    )
