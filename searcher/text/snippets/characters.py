"""Where may a text be cut? At the start of a word, or between two characters as a reader sees them."""

import re
from bisect import bisect_right
from typing import Final
from unicodedata import category, combining

_ZWJ = "\u200d"
_VIRAMA_CLASS = 9
# Scripts that write words without spaces between them: Thai, Lao, Tibetan, Burmese, Khmer, Chinese, Japanese, Yi.
# The string holds the first code point of each range, then the first one after the range. A pattern instead would take
# 2 ms to compile at every start of the program.
_UNSPACED: Final = "\u0e00\u10a0\u1780\u1800\u2e80\ua4d0\uf900\ufb00\uff00\ufff0\U00020000\U00040000"
_FIRST_MARK: Final = "\u0300"
_PUNCTUATION: Final = "–—‘’“”•…"
# These continue a character although they are not combining marks: joiners, sara am, half-width voicing marks, skin tones,
# tags, the second half of a surrogate pair.
_CONTINUES = re.compile(
    "[\u200c\u200d\u0e33\u0eb3\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\udc00-\udfff]"
)
_REGIONAL = re.compile("[\U0001f1e6-\U0001f1ff]+\\Z")


def starts_word(text: str, at: int) -> bool:
    """Tell whether a word may start here: after white space, or anywhere in a script without spaces.

    In a script without spaces, closing punctuation stays with the character before it, and opening punctuation with the
    character after it.
    """
    before, here = text[at - 1], text[at]
    if before.isspace():
        return True
    return (
        (here >= _UNSPACED[0] or before >= _UNSPACED[0])
        and (_is_unspaced(before) or _is_unspaced(here))
        and category(here) not in ("Pe", "Pf", "Po")
        and category(before) not in ("Ps", "Pi")
    )


def _is_unspaced(char: str) -> bool:
    """Tell whether a character belongs to a script without spaces."""
    return bisect_right(_UNSPACED, char) % 2 == 1


def continues_character(text: str, at: int) -> bool:
    """Tell whether the code points before and after this place are one character to a reader.

    This is a short form of the grapheme clusters of Unicode Standard Annex 29, without prepended marks.
    """
    before, here = text[at - 1], text[at]
    if (before < _FIRST_MARK or before in _PUNCTUATION) and (here < _FIRST_MARK or here in _PUNCTUATION):
        return False
    if category(here)[0] == "M" or _CONTINUES.match(here):
        return True
    if before == _ZWJ or combining(before) == _VIRAMA_CLASS or _is_one_syllable(before, here):
        return True
    flags = _REGIONAL.search(text, max(at - 64, 0), at) if _REGIONAL.match(here) else None
    return flags is not None and (flags.end() - flags.start()) % 2 == 1


def _is_one_syllable(before: str, here: str) -> bool:
    """Tell whether two Korean letters, or a syllable and a letter, are written as one syllable."""
    if "\u1100" <= before <= "\u115f":  # leading
        return "\u1100" <= here <= "\u11a7" or "\uac00" <= here <= "\ud7a3"
    if "\u11a8" <= before <= "\u11ff":  # trailing
        return "\u11a8" <= here <= "\u11ff"
    is_open = "\u1160" <= before <= "\u11a7" or "\uac00" <= before <= "\ud7a3"
    return is_open and "\u1160" <= here <= "\u11ff"


def first_solid(text: str, start: int, end: int) -> int:
    """Give the first place from ``start`` that is not white space. White space that carries an accent counts as a character."""
    while (
        start < end
        and text[start].isspace()
        and not (start + 1 < end and continues_character(text, start + 1))
    ):
        start += 1
    return start


def end_of_solid(text: str, start: int, end: int) -> int:
    """Give one past the last place before ``end`` that is not white space."""
    while end > start and text[end - 1].isspace():
        end -= 1
    return end
