"""How are articles cut into passages?

A passage is a run of whole chunks. Consecutive body paragraphs fill it until it has ``FULL`` words; a paragraph longer
than ``LONG`` is cut at sentence starts, in pieces of about ``PIECE``; a body tail under ``SHORT`` joins the passage before
it where it fits. Titles, captions and keyword lines are passages of their own, and end the body passage before them,
since a passage is one span of the article.

Invariants: the passages hold every chunk exactly once, in order; none has more than ``MOST`` words; none has no words,
unless the whole article has none: signs alone (``***``) join a neighbour. Nothing but the article decides.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from searcher.model import Kind

FULL: Final = 80
"""Words at which a passage takes no further paragraph."""
LONG: Final = 200
"""Words above which a paragraph is cut."""
PIECE: Final = 100
"""Words that the pieces of a long paragraph should have."""
SHORT: Final = 25
"""Words below which a passage is not worth reading alone."""
MOST: Final = 255
"""Words a passage may have: its length is stored in one byte."""

_WORTH_CUTTING: Final = PIECE + PIECE // 2


class Cut(NamedTuple):
    """One passage: chunks ``first`` up to, but not including, ``end``."""

    first: int
    end: int
    kind: Kind


def divide(
    paragraph_starts: npt.NDArray[np.integer[Any]],
    kinds: Sequence[Kind],
    n_words: npt.NDArray[np.integer[Any]],
    sentence_starts: npt.NDArray[np.bool_],
    articles: Sequence[int] = (0,),
) -> list[Cut]:
    """Cut articles into passages, each on its own.

    Args:
        paragraph_starts: Shape (n_paragraphs,), ascending. The first chunk of each paragraph; the first is 0.
        kinds: The kind of each paragraph.
        n_words: Shape (n_chunks,). The positions each chunk takes, at most 64.
        sentence_starts: bool, shape (n_chunks,). Whether a sentence starts at a chunk.
        articles: The first paragraph of each article, ascending; there is one unless they say otherwise.

    Returns:
        The passages in order; none for an article without chunks.

    >>> n_words = np.ones(200, dtype=np.int64)
    >>> sentence_starts = np.arange(200) % 10 == 0
    >>> divide(np.array([0, 8, 98, 128, 190]), [Kind.TITLE, *[Kind.BODY] * 4], n_words, sentence_starts)
    ... # doctest: +NORMALIZE_WHITESPACE
    [Cut(first=0, end=8, kind=<Kind.TITLE: 1>), Cut(first=8, end=98, kind=<Kind.BODY: 0>),
     Cut(first=98, end=200, kind=<Kind.BODY: 0>)]
    """
    n_chunks = len(n_words)
    if not n_chunks:
        return []
    words_before = np.zeros(n_chunks + 1, dtype=np.int64)
    np.cumsum(n_words, out=words_before[1:])
    starts: list[int] = paragraph_starts.tolist()
    bounds = [*starts, n_chunks]
    before: list[int] = words_before[bounds].tolist()
    sizes = [after - at for at, after in pairwise(before)]

    cuts: list[Cut] = []
    for first_paragraph, end_paragraph in pairwise([*articles, len(sizes)]):
        filling = _Filling()
        for i in range(first_paragraph, end_paragraph):
            size = sizes[i]
            # A title or caption of signs alone is no passage.
            kind = kinds[i] if size else Kind.BODY
            if size <= (LONG if kind is Kind.BODY else MOST):
                filling.add(bounds[i], bounds[i + 1], size, kind)
                continue
            for first, end in _pieces(words_before, sentence_starts, bounds[i], bounds[i + 1]):
                filling.add(
                    first, end, int(words_before[end] - words_before[first]), kind, closes=end < bounds[i + 1]
                )
        cuts += filling.finish()
    return cuts


class _Filling:
    """The passages made so far, the last of which may still grow."""

    def __init__(self) -> None:
        self._cuts: list[Cut] = []
        self._sizes: list[int] = []
        self._is_open = False

    def add(self, first: int, end: int, size: int, kind: Kind, *, closes: bool = False) -> None:
        """Put a paragraph, or a piece of one, into the open passage or a new one; ``closes``: no more is to follow."""
        is_body = kind is Kind.BODY
        if self._is_open and is_body and self._sizes[-1] + size <= MOST:
            self._cuts[-1] = Cut(self._cuts[-1].first, end, kind)
            self._sizes[-1] += size
        else:
            self._close()
            self._cuts.append(Cut(first, end, kind))
            self._sizes.append(size)
        self._is_open = is_body and not closes and self._sizes[-1] < FULL

    def _close(self) -> None:
        """Let a short body passage join the body passage before it."""
        if not self._is_open or len(self._cuts) < 2:
            return
        last, previous = self._cuts[-1], self._cuts[-2]
        size = self._sizes[-1] + self._sizes[-2]
        if self._sizes[-1] == 0 or (self._sizes[-1] < SHORT and previous.kind is Kind.BODY and size <= MOST):
            self._cuts[-2:] = [Cut(previous.first, last.end, previous.kind)]
            self._sizes[-2:] = [size]

    def finish(self) -> list[Cut]:
        """Close the last passage and give them all."""
        self._close()
        # Signs before the first words have no passage before them to join.
        if len(self._cuts) > 1 and self._sizes[0] == 0:
            self._cuts[:2] = [Cut(self._cuts[0].first, self._cuts[1].end, self._cuts[1].kind)]
        return self._cuts


def _pieces(
    words_before: npt.NDArray[np.int64], sentence_starts: npt.NDArray[np.bool_], first: int, end: int
) -> list[tuple[int, int]]:
    """Cut a long paragraph near every ``PIECE`` words, at sentence starts wherever there are any.

    Args:
        words_before: int64, shape (n_chunks + 1,), ascending. Words of all chunks before each.
        sentence_starts: bool, shape (n_chunks,).
        first: First chunk of the paragraph.
        end: One past its last.

    Returns:
        First chunk of each piece and one past its last.
    """
    candidates = np.flatnonzero(sentence_starts[first + 1 : end]) + (first + 1)
    words_at = words_before[candidates]
    total = int(words_before[end])
    pieces: list[tuple[int, int]] = []
    while total - int(words_before[first]) > _WORTH_CUTTING:
        begun = int(words_before[first])
        near = _nearest(words_at, begun + PIECE, begun + SHORT, begun + MOST)
        cut = int(candidates[near]) if near is not None else -1
        if cut < 0:
            if total - begun <= MOST:
                break
            # One sentence fills a passage: never mind where it is cut. Chunks have at most 64 words.
            aim = begun + PIECE
            reach = int(np.searchsorted(words_before, aim))
            is_nearer = words_before[reach] - aim <= aim - words_before[reach - 1]
            cut = max(reach if is_nearer else reach - 1, first + 1)
        pieces.append((first, cut))
        first = cut
    if (
        pieces
        and total - int(words_before[first]) < SHORT
        and total - int(words_before[pieces[-1][0]]) <= MOST
    ):
        first = pieces.pop()[0]
    pieces.append((first, end))
    return pieces


def _nearest(words_at: npt.NDArray[np.int64], aim: int, least: int, most: int) -> int | None:
    """Find the place whose word count is nearest to ``aim``, within ``least`` to ``most``; the earlier of two."""
    right = int(np.searchsorted(words_at, aim))
    places = [i for i in (right - 1, right) if 0 <= i < len(words_at) and least <= words_at[i] <= most]
    return min(places, key=lambda i: abs(int(words_at[i]) - aim), default=None)
