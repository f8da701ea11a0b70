"""Which of many words fit a pattern, or are written nearly like another word?

The words are one text, with one word on each line. A pattern is compared only with the lines that hold its longest piece without a
wildcard. A word is compared only with words of nearly the same length and letters: of 114,000 words these are a few hundred, and
comparing takes 1 ms in place of 60.
"""

import re
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from searcher.arrays import Numbers, distinct, expand

_ONE: Final = "(?:[^\n\x80-\xff]|[\xc0-\xff][\x80-\xbf]+)"  # one code point, in UTF-8
_END: Final = ord("\n")


class Near(NamedTuple):
    """Words that are written nearly like another word.

    Attributes:
        numbers: int64, ascending: numbers of the words.
        n_edits: int64, beside them: how many edits away each word is.
    """

    numbers: Numbers
    n_edits: Numbers


class Lines:
    """Words to look through. Safe to use from several threads.

    Args:
        text: UTF-8; each word is followed by a line feed.
    """

    def __init__(self, text: bytes) -> None:
        self._text = b"\n" + text
        self._bytes = np.frombuffer(self._text, np.uint8)
        self._starts: Numbers = (self._bytes == _END).nonzero()[0] + 1

    def fitting(self, pattern: str) -> Numbers:
        """Find the words that fit a pattern: int64, ascending. ``*`` stands for any characters, ``?`` for one."""
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

    def near(self, word: str, most: int) -> Near:
        """Find the words that are at most so many edits away.

        An edit inserts, deletes or replaces one letter, or swaps two neighbours. No letter is edited twice: this is the distance of
        optimal string alignment.
        """
        from rapidfuzz.distance import OSA  # noqa: PLC0415  (only fuzzy words and suggestions need it)
        from rapidfuzz.process import cdist  # noqa: PLC0415  (the same)

        lengths, letters = self._lengths_and_letters
        own = _letters(np.frombuffer(f"{word}\n".encode("utf-32-le"), "<u4"))[0]
        # An edit changes the length by one at most, and adds or removes two letters at most.
        is_likely = (abs(lengths - len(word)) <= most) & (np.bitwise_count(letters ^ own) <= 2 * most)
        likely = is_likely.nonzero()[0]
        words = [self.word(number) for number in likely.tolist()]
        n_edits = cdist([word], words, scorer=OSA.distance, score_cutoff=most, dtype=np.int64)[0]
        is_near = n_edits <= most
        return Near(likely[is_near], n_edits[is_near])

    def word(self, number: int) -> str:
        """Give the word with this number."""
        return self._text[self._starts[number] : self._starts[number + 1] - 1].decode()

    @cached_property
    def _lengths_and_letters(self) -> tuple[Numbers, npt.NDArray[np.uint64]]:
        """Give the length of each word in code points, and its letters as `_letters` marks them."""
        codes = np.frombuffer(self._text[1:].decode().encode("utf-32-le"), "<u4")
        ends = (codes == _END).nonzero()[0]
        return np.diff(ends, prepend=-1) - 1, _letters(codes)


def _letters(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint64]:
    """Mark which letters each line of a text has: one uint64 a line. Letters 64 code points apart share a bit."""
    ends = (codes == _END).nonzero()[0]
    if not len(ends):
        return np.zeros(0, np.uint64)
    marks = np.uint64(1) << (codes & 63).astype(np.uint64)
    found: npt.NDArray[np.uint64] = np.bitwise_or.reduceat(marks, np.append(0, ends[:-1] + 1))
    return found


def _expression(pattern: str) -> str:
    r"""Write a pattern as a regular expression that is fast however many stars the pattern has.

    A piece between two stars is matched where it first occurs, and nowhere else. If the rest of the pattern fits behind a later place,
    it fits behind the first place too.

    >>> print(_expression("a*b*c"))
    a(?>.*?b).*c
    """
    first, *others = (
        "".join(_ONE if char == "?" else re.escape(char) for char in piece) for piece in pattern.split("*")
    )
    if not others:
        return first
    return first + "".join(f"(?>.*?{piece})" for piece in others[:-1] if piece) + f".*{others[-1]}"
