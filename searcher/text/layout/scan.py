"""Where do the chunks and lines of many texts stand?

The texts are laid end to end as bytes. Whole-array operations then tell which bytes are blank, where chunks begin and end,
and how many line breaks stand between two chunks. The chunks are those of `searcher.text.words.chunks.split`. A line
stands between two line breaks, without the blanks at its ends.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Final

import numpy as np

from searcher.arrays import Array
from searcher.text.layout.lines import BREAKS
from searcher.text.words.chunks import MAX_CHUNK_WORDS, cut
from searcher.text.words.words import IRREGULAR

PADDING: Final = 16
"""Blank bytes after the texts, so that this many bytes can be read from the start of any chunk."""

_BLANK, _BREAK, _IRREGULAR = 1, 2, 4
_N_CLASSIFIED: Final = 0x20000  # no blank and no irregular character has a higher code point


@dataclass(frozen=True, slots=True)
class Scan:
    """The chunks and lines of texts that lie end to end. Offsets are bytes from the beginning of the first text.

    Attributes:
        data: The texts in UTF-8, with a line feed before, between and after them, and `PADDING` at the end.
        chunk_starts: int64, shape (n_chunks,). The first byte of each chunk.
        chunk_ends: int64, shape (n_chunks,). One past the last byte of each chunk.
        line_chunks: int64, shape (n_lines,). The first chunk of each line that is not blank.
        line_texts: int64, shape (n_lines,). The number of the text of each line.
        is_stacked: bool, shape (n_lines,). Exactly one line break separates the line from the line before in its text.
    """

    data: bytes
    chunk_starts: Array
    chunk_ends: Array
    line_chunks: Array
    line_texts: Array
    is_stacked: Array
    _text_starts: Array
    _shifts: Array
    _continuations: Array

    def chunks(self) -> list[str]:
        """Give all chunks."""
        places = zip(self.chunk_starts.tolist(), self.chunk_ends.tolist(), strict=True)
        return [self.data[start:end].decode() for start, end in places]

    def code_points(self, offsets: Array) -> Array:
        """Turn offsets into code points. In each text, these count from the number that `scan` was given for the text."""
        texts = self._text_starts.searchsorted(offsets, side="right") - 1
        return offsets - self._continuations.searchsorted(offsets) + self._shifts[texts]


def scan(texts: Sequence[bytes], begins: Sequence[int]) -> Scan:
    r"""Find the chunks and lines of texts.

    Args:
        texts: In UTF-8.
        begins: For each text: the number of its first code point.

    >>> found = scan([b"One two\n\nthree", b" four\nfive"], [0, 100])
    >>> found.chunks()
    ['One', 'two', 'three', 'four', 'five']
    >>> found.line_chunks.tolist(), found.line_texts.tolist(), found.is_stacked.tolist()
    ([0, 2, 3, 4], [0, 0, 1, 1], [False, False, False, True])
    >>> found.code_points(found.chunk_starts).tolist()
    [0, 4, 9, 101, 106]
    """
    data = b"\n".join((b"", *texts, b" " * PADDING))
    text_starts = np.fromiter(accumulate((len(text) + 1 for text in texts), initial=1), np.int64)[:-1]
    codes = np.frombuffer(data, np.uint8)
    is_blank = codes <= 32
    controls = (codes < 32).nonzero()[0]  # nearly all of them are line feeds
    kinds = _classes().take(codes[controls])
    is_blank[controls[kinds & _BLANK == 0]] = False
    breaks, irregular = _wide(codes, is_blank)
    breaks = np.sort(np.append(controls[kinds & _BREAK > 0], breaks), kind="stable")

    edges = (is_blank[1:] != is_blank[:-1]).nonzero()[0]
    starts, ends = edges[::2] + 1, edges[1::2] + 1
    cuts = _cuts(data, starts, ends, irregular)
    if cuts:
        starts, ends = (np.sort(np.append(places, cuts)) for places in (starts, ends))

    breaks = breaks[(codes[breaks] != 10) | (codes[breaks - 1] != 13)]
    behind = starts.searchsorted(breaks)  # the chunk after each break
    firsts = np.append(behind[1:] != behind[:-1], True).nonzero()[0]
    n_breaks = np.diff(firsts, prepend=-1)
    line_chunks = behind[firsts]
    is_line = line_chunks < len(starts)
    line_chunks, n_breaks = line_chunks[is_line], n_breaks[is_line]
    line_texts = text_starts.searchsorted(starts[line_chunks], side="right") - 1
    is_stacked = n_breaks == 1
    is_stacked[:1] = False
    is_stacked[1:] &= line_texts[1:] == line_texts[:-1]
    continuations = (codes.view(np.int8) < -64).nonzero()[0]
    shifts = np.array(begins, np.int64) - (text_starts - continuations.searchsorted(text_starts))
    return Scan(data, starts, ends, line_chunks, line_texts, is_stacked, text_starts, shifts, continuations)


def _wide(codes: Array, is_blank: Array) -> tuple[Array, Array]:
    """Mark blanks of several bytes in ``is_blank``. Give the places of breaks of several bytes, and of irregular characters."""
    at = (codes >= 0xC0).nonzero()[0]
    lead = codes[at].astype(np.int32)
    points = lead & np.where(lead < 0xE0, 0x1F, np.where(lead < 0xF0, 0x0F, 0x07))
    for n_before, least in enumerate((0xC0, 0xE0, 0xF0), 1):
        points = np.where(lead >= least, points << 6 | codes[at + n_before] & 0x3F, points)
    classes = _classes().take(points, mode="clip")
    blank = at[classes & _BLANK > 0]
    is_blank[blank] = is_blank[blank + 1] = is_blank[blank[codes[blank] >= 0xE0] + 2] = True
    return at[classes & _BREAK > 0], at[classes & _IRREGULAR > 0]


@cache
def _classes() -> Array:
    """Give the classes of every code point below `_N_CLASSIFIED`; the last entry stands for all others."""
    every = np.arange(_N_CLASSIFIED, dtype="<u4").tobytes().decode("utf-32-le", "surrogatepass")
    classes = np.zeros(_N_CLASSIFIED + 1, np.uint8)
    for pattern, flag in ((r"\s", _BLANK), (f"[{BREAKS}]", _BREAK), (IRREGULAR, _IRREGULAR)):
        classes[[match.start() for match in re.finditer(pattern, every)]] |= flag
    return classes


def _cuts(data: bytes, starts: Array, ends: Array, irregular: Array) -> list[int]:
    """Give the places at which runs without blanks are cut into several chunks."""
    is_long = ends - starts > MAX_CHUNK_WORDS
    is_long[starts.searchsorted(irregular, side="right") - 1] = True
    cuts: list[int] = []
    for run in is_long.nonzero()[0].tolist():
        pieces = cut(data[starts[run] : ends[run]].decode())
        sizes = [len(piece.encode()) for piece in pieces[:-1]]
        cuts += accumulate(sizes[1:], initial=int(starts[run]) + sizes[0]) if sizes else ()
    return cuts
