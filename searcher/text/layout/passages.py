"""How are articles cut into passages?

A passage is a run of whole chunks. Consecutive body paragraphs fill a passage until it has ``FULL`` words. A paragraph
longer than ``LONG`` words is cut at sentence starts into pieces of about ``PIECE`` words. A last body passage under
``SHORT`` words joins the passage before it if the two fit together. Titles, captions and keyword lines are passages of
their own. They also end the body passage before them, because a passage is one span of the article.

Invariants: the passages of an article depend on that article alone. They hold every chunk exactly once, in order. No
passage has more than ``MOST`` words. Every passage has words, unless the whole article has none: a paragraph of signs
(``***``) joins a neighbour.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, repeat
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from searcher.model import Kind

FULL: Final = 80
"""A passage with this many words takes no further paragraph."""
LONG: Final = 200
"""A paragraph with more words is cut."""
PIECE: Final = 100
"""How many words a piece of a long paragraph should have."""
SHORT: Final = 25
"""A passage with fewer words is not worth reading alone."""
MOST: Final = 255
"""The most words of a passage: its length is stored in one byte."""

_WORTH_CUTTING: Final = PIECE + PIECE // 2

_Stretch = tuple[int, int, Kind, bool]
"""A paragraph, or a piece of one: its first chunk, the number of its words, its kind, and whether it ends its passage."""


class Cuts(NamedTuple):
    """Passages, in order.

    Attributes:
        firsts: int64, shape (n_passages,). The first chunk of each passage.
        ends: int64, shape (n_passages,). One past the last chunk of each.
        kinds: uint8, shape (n_passages,). The `Kind` of each.
    """

    firsts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    kinds: npt.NDArray[np.uint8]


def divide(
    paragraph_starts: npt.NDArray[np.integer[Any]],
    kinds: Sequence[Kind],
    n_words: npt.NDArray[np.integer[Any]],
    sentence_starts: npt.NDArray[np.bool_],
    articles: Sequence[int] = (0,),
) -> Cuts:
    """Cut articles into passages, each article by itself.

    Args:
        paragraph_starts: Shape (n_paragraphs,), ascending. The first chunk of each paragraph; the first value is 0.
        kinds: The kind of each paragraph.
        n_words: Shape (n_chunks,). How many words each chunk has, at most 64.
        sentence_starts: bool, shape (n_chunks,). Whether a sentence starts at the chunk.
        articles: The first paragraph of each article, ascending. By default there is one article.

    Returns:
        The passages. An article without chunks has none.

    >>> n_words = np.ones(200, dtype=np.int64)
    >>> sentence_starts = np.arange(200) % 10 == 0
    >>> divide(np.array([0, 8, 98, 128, 190]), [Kind.TITLE, *[Kind.BODY] * 4], n_words, sentence_starts)
    Cuts(firsts=array([ 0,  8, 98]), ends=array([  8,  98, 200]), kinds=array([1, 0, 0], dtype=uint8))
    """
    n_chunks = len(n_words)
    words_before = np.zeros(n_chunks + 1, dtype=np.int64)
    np.cumsum(n_words, out=words_before[1:])
    bounds = np.append(paragraph_starts, n_chunks)
    sizes = np.diff(words_before[bounds])
    # Only paragraphs without words and long paragraphs need `_stretches`. Skipping it elsewhere saves 2 % of the time of indexing.
    is_odd = (sizes == 0) | (sizes > LONG)
    limits = [*articles, len(sizes)]
    n_odd_before: list[int] = np.append(0, is_odd.cumsum())[limits].tolist()
    paragraphs = list(zip(bounds.tolist(), sizes.tolist(), kinds, repeat(False)))
    firsts: list[int] = []
    passage_kinds: list[Kind] = []
    for article, (first, end) in enumerate(pairwise(limits)):
        here = paragraphs[first:end]
        has_odd = n_odd_before[article] < n_odd_before[article + 1]
        stretches = _stretches(here, int(bounds[end]), words_before, sentence_starts) if has_odd else here
        _fill(stretches, firsts, passage_kinds)
    starts = np.array(firsts, np.int64)
    return Cuts(starts, np.append(starts, n_chunks)[1:], np.array(passage_kinds, np.uint8))


def _stretches(
    paragraphs: Sequence[_Stretch],
    article_end: int,
    words_before: npt.NDArray[np.int64],
    sentence_starts: npt.NDArray[np.bool_],
) -> Iterator[_Stretch]:
    """Cut the paragraphs that are too long into pieces. Every piece but the last one ends its passage."""
    stops = [*(start for start, *_ in paragraphs[1:]), article_end]
    for (start, size, given_kind, _), stop in zip(paragraphs, stops, strict=True):
        # A title or caption without words is no passage.
        kind = given_kind if size else Kind.BODY
        if size <= (LONG if kind is Kind.BODY else MOST):
            yield start, size, kind, False
        else:
            for first, end in _pieces(words_before, sentence_starts, start, stop):
                yield first, int(words_before[end] - words_before[first]), kind, end < stop


def _fill(stretches: Iterable[_Stretch], firsts: list[int], kinds: list[Kind]) -> None:
    """Put the paragraphs and pieces of an article into passages. Add first chunk and kind of each to ``firsts`` and ``kinds``."""
    n_before = len(firsts)
    size = size_before = first_size = 0
    is_open = False
    for first, added, kind, closes in stretches:
        is_body = kind is Kind.BODY
        if is_open and is_body and size + added <= MOST:
            size += added
        else:
            if is_open and _joins(size, size_before, kinds, n_before):
                del firsts[-1], kinds[-1]
                size += size_before
            if len(firsts) == n_before + 1:
                first_size = size
            firsts.append(first)
            kinds.append(kind)
            size, size_before = added, size
        is_open = is_body and not closes and size < FULL
    if is_open and _joins(size, size_before, kinds, n_before):
        del firsts[-1], kinds[-1]
        size += size_before
    # A first passage without words cannot join the passage before it, so it joins the next one.
    if len(firsts) > n_before + 1 and first_size == 0:
        del firsts[n_before + 1], kinds[n_before]


def _joins(size: int, size_before: int, kinds: Sequence[Kind], n_before: int) -> bool:
    """Tell whether the last body passage so far is short enough to join the body passage before it."""
    if len(kinds) < n_before + 2:
        return False
    return size == 0 or (size < SHORT and kinds[-2] is Kind.BODY and size + size_before <= MOST)


def _pieces(
    words_before: npt.NDArray[np.int64], sentence_starts: npt.NDArray[np.bool_], first: int, end: int
) -> list[tuple[int, int]]:
    """Cut a long paragraph after about every ``PIECE`` words, at a sentence start if there is one near.

    The paragraph and its pieces are given by their first chunk and one past their last chunk.
    """
    candidates = np.flatnonzero(sentence_starts[first + 1 : end]) + (first + 1)
    words_at = words_before[candidates]
    total = int(words_before[end])
    pieces: list[tuple[int, int]] = []
    while total - int(words_before[first]) > _WORTH_CUTTING:
        begun = int(words_before[first])
        near = _nearest(words_at, begun + PIECE, begun + SHORT, begun + MOST)
        if near is not None:
            cut = int(candidates[near])
        else:
            if total - begun <= MOST:
                break
            # One sentence fills a whole passage, so cut inside it. A chunk has at most 64 words, so the passage fits.
            aim = begun + PIECE
            reach = int(np.searchsorted(words_before, aim))
            is_nearer = words_before[reach] - aim <= aim - words_before[reach - 1]
            cut = max(reach if is_nearer else reach - 1, first + 1)
        pieces.append((first, cut))
        first = cut
    is_short = total - int(words_before[first]) < SHORT
    if pieces and is_short and total - int(words_before[pieces[-1][0]]) <= MOST:
        first = pieces.pop()[0]
    pieces.append((first, end))
    return pieces


def _nearest(words_at: npt.NDArray[np.int64], aim: int, least: int, most: int) -> int | None:
    """Find the place whose word count is nearest to ``aim``, between ``least`` and ``most``. Of two, take the earlier one."""
    right = int(np.searchsorted(words_at, aim))
    places = [i for i in (right - 1, right) if 0 <= i < len(words_at) and least <= words_at[i] <= most]
    return min(places, key=lambda i: abs(int(words_at[i]) - aim), default=None)
