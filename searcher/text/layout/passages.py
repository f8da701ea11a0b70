"""How are articles cut into passages?

A passage is a run of whole chunks. Consecutive body paragraphs fill it until it has ``FULL`` words; a paragraph longer
than ``LONG`` is cut at sentence starts, in pieces of about ``PIECE``; a body tail under ``SHORT`` joins the passage before
it where it fits. Titles, captions and keyword lines are passages of their own, and end the body passage before them,
since a passage is one span of the article.

Invariants: the passages hold every chunk exactly once, in order; none has more than ``MOST`` words; none has no words,
unless the whole article has none: signs alone (``***``) join a neighbour. Nothing but the article decides.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, repeat
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


_Stretch = tuple[int, int, Kind, bool]
"""First chunk of a paragraph or a piece of one, its words, its kind, and whether no more is to follow."""


class Cuts(NamedTuple):
    """Passages, in order.

    Attributes:
        firsts: int64, shape (n_passages,): the first chunk of each.
        ends: Beside them: one past the last.
        kinds: uint8, beside them: `Kind`.
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
    """Cut articles into passages, each on its own.

    Args:
        paragraph_starts: Shape (n_paragraphs,), ascending. The first chunk of each paragraph; the first is 0.
        kinds: The kind of each paragraph.
        n_words: Shape (n_chunks,). The positions each chunk takes, at most 64.
        sentence_starts: bool, shape (n_chunks,). Whether a sentence starts at a chunk.
        articles: The first paragraph of each article, ascending; there is one unless they say otherwise.

    Returns:
        The passages; none for an article without chunks.

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
    is_odd = (sizes == 0) | (sizes > LONG)
    limits = [*articles, len(sizes)]
    n_odd: list[int] = np.append(0, is_odd.cumsum())[limits].tolist()
    paragraphs = list(zip(bounds.tolist(), sizes.tolist(), kinds, repeat(False)))
    firsts: list[int] = []
    passage_kinds: list[Kind] = []
    for article, (first, end) in enumerate(pairwise(limits)):
        here = paragraphs[first:end]
        is_odd_article = n_odd[article] < n_odd[article + 1]
        stretches = (
            _stretches(here, int(bounds[end]), words_before, sentence_starts) if is_odd_article else here
        )
        _fill(stretches, firsts, passage_kinds)
    starts = np.array(firsts, np.int64)
    return Cuts(starts, np.append(starts, n_chunks)[1:], np.array(passage_kinds, np.uint8))


def _stretches(
    paragraphs: Sequence[_Stretch],
    article_end: int,
    words_before: npt.NDArray[np.int64],
    sentence_starts: npt.NDArray[np.bool_],
) -> Iterator[_Stretch]:
    """Cut paragraphs that are too long in pieces, each of which but the last closes a passage."""
    stops = [*(start for start, *_ in paragraphs[1:]), article_end]
    for (start, size, given_kind, _), stop in zip(paragraphs, stops, strict=True):
        # A title or caption of signs alone is no passage.
        kind = given_kind if size else Kind.BODY
        if size <= (LONG if kind is Kind.BODY else MOST):
            yield start, size, kind, False
        else:
            for first, end in _pieces(words_before, sentence_starts, start, stop):
                yield first, int(words_before[end] - words_before[first]), kind, end < stop


def _fill(stretches: Iterable[_Stretch], firsts: list[int], kinds: list[Kind]) -> None:
    """Put the paragraphs of an article, or pieces of them, into passages, which begin where those before them end.

    Args:
        stretches: Those of one article.
        firsts: The first chunks of passages, to be added to.
        kinds: Beside them: their kinds.
    """
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
    # Signs before the first words have no passage before them to join.
    if len(firsts) > n_before + 1 and first_size == 0:
        del firsts[n_before + 1], kinds[n_before]


def _joins(size: int, size_before: int, kinds: Sequence[Kind], n_before: int) -> bool:
    """Tell whether a short body passage, the last of those so far, joins the body passage before it."""
    if len(kinds) < n_before + 2:
        return False
    return size == 0 or (size < SHORT and kinds[-2] is Kind.BODY and size + size_before <= MOST)


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
