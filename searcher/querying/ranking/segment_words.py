"""How do words rank the passages of one segment, of which a passage must have any, or all?

`searcher.querying.scoring.max_score` finds those that may be the best; the rule of headings (`searcher.querying.ranking.headings`) is applied to
those that are, of which there are few.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import numpy as np

from searcher.arrays import Bitmap, Mask, Numbers, Scores, distinct
from searcher.querying.matching.evaluate import Evaluator
from searcher.querying.matching.places import contains
from searcher.querying.ranking.headings import Candidates, without_headings
from searcher.querying.scoring.max_score import with_any
from searcher.querying.scoring.topk import top
from searcher.querying.scoring.weighed import Weighed, exact_scores, with_all
from searcher.storage.columns.postings import intersection, members, ranks_of, union

_SHORT: Final = 2_000
"""Postings that are put in order sooner than a bitmap is made."""
_AT_ONCE: Final = 2
"""Times as many are got out of arrays together where there are headings, which may not stand for their articles."""
_FEW: Final = 256
"""Passages that are put in order as fast as the best are set apart."""


class SegmentWords:
    """Words in one segment.

    Args:
        evaluator: Of the snapshot.
        number: Of the segment.
        words: At least one: what it finds there.
        has_all: A passage must hold all of them, rather than any.
        is_loose: A heading that alone has all of them is shown as a passage of its article that has some, if there is one.
        shows_headings: The rule of headings does not apply.
    """

    def __init__(
        self,
        evaluator: Evaluator,
        number: int,
        words: Sequence[Weighed],
        *,
        has_all: bool,
        is_loose: bool,
        shows_headings: bool,
    ) -> None:
        self._evaluator = evaluator
        self._number = number
        self._words = words
        self._live = evaluator.snapshot.segments[number]
        self._segment = self._live.segment
        self._has_all = has_all
        self._is_loose = is_loose
        self._is_heading = None if shows_headings else evaluator.is_heading[number]
        self._all: tuple[Numbers, Scores] | None = None

    def count(self, *, with_headings: bool = False) -> int:
        """Count the hits, or all passages that match, headings too."""
        is_heading = None if with_headings else self._is_heading
        lists = [word.postings for word in self._words]
        if is_heading is None and len(lists) == 1:
            return len(lists[0])
        bits = self._bits()
        if bits is None:
            passages = (
                intersection(lists)
                if self._has_all
                else distinct(np.concatenate([each.passages for each in lists]))
            )
            if is_heading is None:
                return len(passages)
            headings = is_heading[passages]
            matched, body = passages[headings], passages[~headings]
            n_body = len(body)
            below: Callable[[Numbers], Numbers] = body.searchsorted
        else:
            if is_heading is None:
                return int(np.bitwise_count(bits).sum())
            heading_bits = self._evaluator.heading_bits[self._number]
            assert heading_bits is not None
            matched, bits = members(bits & heading_bits), bits & ~heading_bits
            n_body = int(np.bitwise_count(bits).sum())
            below = partial(ranks_of, bits)
        if not len(matched):
            return n_body
        # A heading counts where nothing else of its article matches, and then once.
        articles = distinct(self._segment.columns["passage_article"][matched].astype(np.int64))
        edges = self._segment.columns["article_passages"]
        ranks = below(np.concatenate([edges[articles], edges[articles + 1]]).astype(np.int64))
        return n_body + int((ranks[: len(articles)] == ranks[len(articles) :]).sum())

    def _bits(self) -> Bitmap | None:
        """Give the passages that match as a bitmap, where it is made sooner than a list of them."""
        lists = [word.postings for word in self._words]
        bitmaps = [each.bitmap for each in lists if each.bitmap is not None]
        if self._has_all:
            return np.bitwise_and.reduce(bitmaps) if len(bitmaps) == len(lists) else None
        return union(lists, self._segment.scratch) if sum(map(len, lists)) > _SHORT else None

    def complete_articles(self) -> Numbers:
        """Find the articles that have all the words, wherever in them."""
        owners = self._segment.columns["passage_article"]
        by_rarity = sorted((word.postings for word in self._words), key=len)
        articles = distinct(owners[by_rarity[0].passages].astype(np.int64))
        for postings in by_rarity[1:]:
            holds = np.zeros(self._segment.n_articles, np.bool_)
            holds[owners[postings.passages]] = True
            articles = articles[holds[articles]]
        return articles

    def of_articles(self, articles: Numbers) -> Candidates:
        """Put the passages of articles that have all the words into tiers."""
        inside = self._segment.passages_of(articles)
        n_words = _count_words(self._words, inside)
        inside, n_words = inside[n_words > 0], n_words[n_words > 0]
        tiers = (n_words < len(self._words)).astype(np.int64)
        scores = exact_scores(self._words, self._evaluator.saturation, inside)
        found = Candidates(self._live, inside, inside.copy(), tiers, scores)
        return found if self._is_heading is None else without_headings(found)

    def best(
        self, k: int, least: float = 0.0, left_out: Numbers | None = None
    ) -> list[tuple[float, int, int]]:
        """Give the k best hits, or fewer that may be among the best of the snapshot.

        Args:
            k: How many.
            least: A score below which no hit is wanted.
            left_out: Articles of which none is, int64, ascending; None for none.

        Returns:
            Score, passage, and what it is shown as.
        """
        is_heading = self._is_heading
        is_besides = is_heading
        if left_out is not None:
            is_besides = (
                np.zeros(self._segment.n_passages, np.bool_) if is_heading is None else is_heading.copy()
            )
            is_besides[self._segment.passages_of(left_out)] = True
        if self._has_all:
            passages, scores = self._with_all()
        else:
            passages, scores = with_any(
                self._words, self._evaluator.saturation, self._segment.scratch, k, least, is_besides
            )
        order = _best_order(passages, scores, k, is_besides)
        if left_out is not None:
            owners = self._segment.columns["passage_article"]
            order = order[~contains(left_out, owners[passages[order]])]
        best = order[:k]
        if is_heading is None or not is_heading[passages[best]].any():
            matched = passages[best].tolist()
            return list(zip(scores[best].tolist(), matched, matched, strict=True))
        return self._for_articles(order, passages, scores, k)

    def _with_all(self) -> tuple[Numbers, Scores]:
        """Give the passages that hold all the words, and their scores."""
        if self._all is None:
            self._all = with_all(self._words, self._evaluator.saturation)
        return self._all

    def _for_articles(
        self, order: Numbers, passages: Numbers, scores: Scores, k: int
    ) -> list[tuple[float, int, int]]:
        """Apply the rule of headings to passages, best first, until there are k hits.

        Args:
            order: Places among the passages, best first.
            passages: Passages that match, int64, ascending: all of them, where they must have all the words.
            scores: Beside them.
            k: How many.

        Returns:
            Score, passage, and what it is shown as.
        """
        assert self._is_heading is not None
        is_heading, known = self._is_heading.data, passages.data
        hits: list[tuple[float, int, int]] = []
        led: set[int] = set()
        for first in range(0, len(order), _AT_ONCE * k):
            places = order[first : first + _AT_ONCE * k]
            for score, passage in zip(scores[places].tolist(), passages[places].tolist(), strict=True):
                if not is_heading[passage]:
                    hits.append((score, passage, passage))
                elif (article := self._segment.article_of(passage)) not in led:
                    led.add(article)  # of several headings the first stands for it
                    if not self._has_body(article, known, is_heading):
                        hits.append((score, passage, self._stand_in(article)))
                if len(hits) == k:
                    return hits
        return hits

    def _has_body(self, article: int, known: memoryview, is_heading: memoryview) -> bool:
        """Tell whether an article has a body passage that matches: first among those known to match."""
        first, end = self._segment.passages_in(article)
        at = bisect_left(known, first)
        while at < len(known) and known[at] < end:
            if not is_heading[known[at]]:
                return True
            at += 1
        if not self._has_all:
            for word in self._words:
                for passage in word.postings.between(first, end):
                    if not is_heading[passage]:
                        return True
        return False

    def _stand_in(self, article: int) -> int:
        """Give the body passage as which the heading of an article is shown: the best that has some of the words, or -1."""
        is_heading = self._is_heading
        assert is_heading is not None
        if not self._is_loose:
            return -1
        inside = self._segment.passages_of(np.array([article]))
        inside = inside[~is_heading[inside]]
        inside = inside[_count_words(self._words, inside) > 0]
        scores = exact_scores(self._words, self._evaluator.saturation, inside)
        return int(inside[int(scores.argmax())]) if len(inside) else -1


def _best_order(passages: Numbers, scores: Scores, k: int, is_besides: Mask | None) -> Numbers:
    """Give the places of the best passages, best first, until k count; equal ones as they come.

    Args:
        passages: Some passages.
        scores: Beside them.
        k: How many.
        is_besides: Which of all passages do not count towards the k; None for none.
    """
    if is_besides is None:
        return top(scores, k)
    if len(scores) <= _FEW:  # that are put in order as fast as the best are set apart
        return (-scores).argsort(kind="stable")
    counted = scores[~is_besides[passages]]
    chosen = np.arange(len(scores))
    if len(counted) > k:
        chosen = (scores >= np.partition(counted, len(counted) - k)[len(counted) - k]).nonzero()[0]
    best: Numbers = chosen[(-scores[chosen]).argsort(kind="stable")]
    return best


def _count_words(words: Sequence[Weighed], passages: Numbers) -> Numbers:
    """Count the words that each of some passages has."""
    n_words = np.zeros(len(passages), np.int64)
    for word in words:
        n_words[word.postings.places(passages)] += 1
    return n_words
