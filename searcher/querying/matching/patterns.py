"""Which of many words fit a pattern, or are nearly the same as one?

The words are one text, a line each. The longest stretch of a pattern's letters is sought in it, and only the lines that
hold it are compared. A word is compared only with those of nearly its length and letters.
"""

import re
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from searcher.arrays import Numbers, distinct, expand

_ONE: Final = "(?:[^\n\x80-\xff]|[\xc0-\xff][\x80-\xbf]+)"  # one code point, in UTF-8
_END: Final = ord("\n")


class Lines:
    """Words to be looked through. Safe to use from several threads.

    Args:
        text: UTF-8; each word is followed by a line feed.
    """

    def __init__(self, text: bytes) -> None:
        self._text = b"\n" + text
        self._bytes = np.frombuffer(self._text, np.uint8)
        self._starts: Numbers = (self._bytes == _END).nonzero()[0] + 1

    def fitting(self, pattern: str) -> Numbers:
        """Find the words that fit a pattern.

        Args:
            pattern: ``*`` for any characters, ``?`` for one.

        Returns:
            int64, ascending: numbers of words.
        """
        if not len(self._starts[:-1]):
            return self._starts[:0]
        pieces = [piece.encode() for piece in re.split(r"[*?]", f"\n{pattern}\n")]
        longest = max(pieces, key=len) if len(pieces) > 1 else b"\n"
        at = [match.start() for match in re.finditer(re.escape(longest), self._text)]
        places = np.array(at, np.int64) + longest.startswith(b"\n")
        found = distinct(self._starts[:-1].searchsorted(places, side="right") - 1)
        if "?" not in pattern and [piece for piece in pieces if piece != b"\n"] in ([longest], []):
            return found
        begins = self._starts[found]
        sizes = self._starts[found + 1] - begins
        text = self._bytes[expand(begins, sizes)].tobytes()
        expression = _expression(pattern.encode().decode("latin-1"))  # a character a byte
        fits = re.finditer(f"(?m)^{expression}\n".encode("latin-1"), text)
        starts = np.array([match.start() for match in fits], np.int64)
        chosen: Numbers = found[(sizes.cumsum() - sizes).searchsorted(starts)]
        return chosen

    def near(self, word: str, distance: int) -> Numbers:
        """Find the words at most so many edits away; exchanging two neighbours is one.

        Returns:
            int64, ascending: numbers of words.
        """
        from rapidfuzz.distance import OSA  # noqa: PLC0415  (only fuzzy words need it)
        from rapidfuzz.process import cdist  # noqa: PLC0415  (not every run needs it)

        lengths, letters = self._makeup
        # An edit changes the length by at most one, and which letters there are by at most two.
        n_other = np.bitwise_count(
            letters ^ _letters(np.frombuffer(f"{word}\n".encode("utf-32-le"), "<u4"))[0]
        )
        likely = ((abs(lengths - len(word)) <= distance) & (n_other <= 2 * distance)).nonzero()[0]
        begins, ends = self._starts[likely].tolist(), (self._starts[likely + 1] - 1).tolist()
        choices = [self._text[begin:end].decode() for begin, end in zip(begins, ends, strict=True)]
        distances = cdist([word], choices, scorer=OSA.distance, score_cutoff=distance, dtype=np.uint32)
        numbers: Numbers = likely[distances[0] <= distance]
        return numbers

    @cached_property
    def _makeup(self) -> tuple[Numbers, npt.NDArray[np.uint64]]:
        """Give the length of each word, in code points, and its letters."""
        codes = np.frombuffer(self._text[1:].decode().encode("utf-32-le"), "<u4")
        ends = (codes == _END).nonzero()[0]
        return np.diff(ends, prepend=-1) - 1, _letters(codes)


def _letters(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint64]:
    """Mark which letters each line of a text has: uint64, a bit for every 64th code point."""
    ends = (codes == _END).nonzero()[0]
    if not len(ends):
        return np.zeros(0, np.uint64)
    marks = np.uint64(1) << (codes & 63).astype(np.uint64)
    found: npt.NDArray[np.uint64] = np.bitwise_or.reduceat(marks, np.append(0, ends[:-1] + 1))
    return found


def _expression(pattern: str) -> str:
    r"""Write a pattern as a regular expression, which is fast however many stars there are.

    What stands between two stars is taken where it first comes: nothing behind it is better served by a later place.

    >>> print(_expression("a*b*c"))
    a(?>.*?b).*c
    """
    first, *others = (
        "".join(_ONE if char == "?" else re.escape(char) for char in piece) for piece in pattern.split("*")
    )
    if not others:
        return first
    return first + "".join(f"(?>.*?{piece})" for piece in others[:-1] if piece) + f".*{others[-1]}"
