"""Where do the words of some texts stand, in code points?

The spans are those of `searcher.text.words.words.word_spans`. That function takes one chunk; this module takes many texts
at once. The texts are laid end to end, and whole-array operations find the runs of ASCII letters and digits, with
apostrophes inside them (*war's*, *don't*). Other chunks (*U.S.*, *3.5*, *l'homme*, *Şuşa*, very long ones) go to
`word_spans`. In news, one chunk in 200 does.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from searcher.arrays import Numbers
from searcher.text.words.chunks import MAX_CHUNK_WORDS, cut
from searcher.text.words.words import word_spans

_APOSTROPHES: Final = "'‘’`"
_LEANING: Final = "cdjlmnst"
"""Letters that, alone before an apostrophe, may be a separate word: *l'homme*."""
# The classes after _PLAIN may join words or be part of a word.
_BLANK, _WORD, _PLAIN, _APOSTROPHE, _STOP, _ODD = range(6)
_CLASSES: Final = {
    _BLANK: r"\s",
    _WORD: "[0-9A-Za-z]",
    _PLAIN: r"[\x00-\x08\x0e-\x1b\x7f!\"#$%&()*+/:;<=>?@[\\\]^_{|}~©·–—“”•…-]",
    _APOSTROPHE: f"[{_APOSTROPHES}]",
    _STOP: "[.,]",
}
_N_CLASSIFIED: Final = 0x3001  # no blank has a higher code point; every higher code point is odd


class Offsets(NamedTuple):
    """Where words and chunks stand in texts that lie end to end, with one character between two texts.

    Attributes:
        text_starts: Where each text begins.
        first_words: The number of the first word of each text; at the end, the number of all words.
        starts: int64, ascending: the first character of each word.
        ends: int64: one past the last character of each word.
        chunk_starts: int64, ascending: where chunks begin. Some of these places begin no chunk.
    """

    text_starts: list[int]
    first_words: list[int]
    starts: memoryview
    ends: memoryview
    chunk_starts: memoryview

    def chunk(self, word: int) -> int:
        """Give the place where the chunk of a word begins."""
        start: int = self.chunk_starts[bisect_right(self.chunk_starts, self.starts[word]) - 1]
        return start


def word_offsets(texts: Sequence[str]) -> Offsets:
    """Find the words of texts.

    >>> found = word_offsets(["The war's end.", "(Cease-fire!)"])
    >>> found.text_starts, found.first_words, found.starts.tolist(), found.ends.tolist()
    ([1, 16], [0, 3, 5], [1, 5, 11, 17, 23], [4, 10, 14, 22, 27])
    >>> found.chunk(1), found.chunk(4)
    (5, 16)
    """
    joined = "\n".join(("", *texts, "\n"))
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), "<u4")
    classes = _classes().take(codes, mode="clip")
    is_word = classes == _WORD
    blanks = (classes == _BLANK).nonzero()[0]

    is_special = is_word[:-2] & is_word[2:]
    is_special &= classes[1:-1] > _PLAIN
    is_special |= classes[1:-1] == _ODD
    unclear = []
    for at in (is_special.nonzero()[0] + 1).tolist():
        if joined[at] in _APOSTROPHES and not _may_part(joined, at):
            is_word[at] = True
        else:
            unclear.append(at)
    runs = {*(blanks.searchsorted(np.array(unclear, np.int64)) - 1).tolist()}
    runs.update((blanks[1:] - blanks[:-1] > MAX_CHUNK_WORDS + 1).nonzero()[0].tolist())
    chunk_starts, starts, ends = [], [], []
    for run in runs:
        at, end = int(blanks[run]) + 1, int(blanks[run + 1])
        is_word[at:end] = False
        chunks = cut(joined[at:end])
        for chunk in chunks:
            spans = word_spans(chunk)
            # `is_word` cannot separate words that touch, so that such words are added to the lists below.
            if len(chunks) == 1 and all(span.end < behind.start for span, behind in pairwise(spans)):
                for span in spans:
                    is_word[at + span.start : at + span.end] = True
                continue
            starts += [at + span.start for span in spans]
            ends += [at + span.end for span in spans]
            chunk_starts.append(at)
            at += len(chunk)
    edges = (is_word[1:] != is_word[:-1]).nonzero()[0] + 1
    word_starts = _with(edges[::2], starts)
    text_starts = [*accumulate((len(text) + 1 for text in texts), initial=1)]
    return Offsets(
        text_starts[:-1],
        word_starts.searchsorted(text_starts).tolist(),
        word_starts.data,
        _with(edges[1::2], ends).data,
        _with(blanks + 1, chunk_starts).data,
    )


def _may_part(text: str, at: int) -> bool:
    """Tell whether an apostrophe between letters or digits may separate two words: *l'homme*, *qu'elle*."""
    before, beyond = text[at - 1].lower(), text[at - 2]
    may_lean = beyond in "qQ" if before == "u" else before in _LEANING and not beyond.isalnum()
    return may_lean and text[at + 2].isalpha()


def _with(places: Numbers, others: list[int]) -> Numbers:
    """Add places to ascending places, and keep them ascending."""
    return np.sort(np.concatenate([places, np.array(others, np.int64)]), kind="stable") if others else places


@cache
def _classes() -> npt.NDArray[Any]:
    """Give the class of every code point below `_N_CLASSIFIED`; the last entry is the class of all others."""
    every = np.arange(_N_CLASSIFIED, dtype="<u4").tobytes().decode("utf-32-le")
    classes = np.full(_N_CLASSIFIED + 1, _ODD, np.uint8)
    for kind, pattern in _CLASSES.items():
        classes[[match.start() for match in re.finditer(pattern, every)]] = kind
    return classes
