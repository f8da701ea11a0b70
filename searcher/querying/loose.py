"""How do loose words rank passages, with nothing else asked? Without a look at every passage that has one of them.

`searcher.querying.best` finds the best passages of a segment; here those of all segments are put together, and the rule of
headings (`searcher.querying.pick`) is applied to those that are the best, of which there are few.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from searcher.querying.best import Weighed, exact_scores, with_all, with_any
from searcher.querying.evaluate import Evaluator
from searcher.querying.found import Place
from searcher.querying.tree import Words
from searcher.ranking.bm25 import Scores
from searcher.ranking.topk import top
from searcher.storage.postings import Bitmap, Numbers
from searcher.storage.segment import distinct, expand
from searcher.storage.snapshot import LiveSegment

_AMONG: Final = 4
"""Times as many as are asked for are looked at where headings may stand for their articles."""

Mask = npt.NDArray[np.bool_]


class LooseWords:
    """Loose words over one snapshot.

    Args:
        evaluator: Of the snapshot.
        words: At least one.
        has_all: A passage must hold all of them, rather than any.
    """

    def __init__(self, evaluator: Evaluator, words: Sequence[Words], *, has_all: bool) -> None:
        self._evaluator = evaluator
        self._segments = evaluator.snapshot.segments
        self._has_all = has_all and len(words) > 1
        self._words = [[evaluator.weighed(live, each) for each in words] for live in self._segments]
        self._with_all: list[tuple[Numbers, Scores] | None] = [None] * len(self._segments)

    @property
    def counts(self) -> list[int]:
        """Live passages that hold each of the words."""
        return [sum(len(word.postings) for word in words) for words in zip(*self._words, strict=True)]

    @property
    def has_headings(self) -> bool:
        """Whether any live passage is a heading, so that `count` counts more than there are hits."""
        return any(self._evaluator.is_heading(live) is not None for live in self._segments)

    def count(self) -> int:
        """Count the passages that match."""
        return sum(map(self._count, range(len(self._segments))))

    def _count(self, number: int) -> int:
        if self._has_all:
            return len(self._all_of(number)[0])
        words = self._words[number]
        if len(words) == 1:
            return len(words[0].postings)
        bitmap: Bitmap = np.zeros((self._segments[number].segment.n_passages + 63) // 64, np.uint64)
        for word in words:
            word.postings.add_to(bitmap)
        return int(np.bitwise_count(bitmap).sum())

    def best(self, k: int) -> list[Place]:
        """Give the k best hits, best first; ties by address of the article, then place in it."""
        best: list[tuple[float, bytes, Place]] = []
        for number, live in enumerate(self._segments):
            found = self._best_of(number, live, k, -best[-1][0] if len(best) >= k else 0.0)
            if len(self._segments) == 1:
                return found
            articles, addresses = live.segment.columns["passage_article"], live.segment.addresses
            best += [(-place.score, addresses[int(articles[place.passage])], place) for place in found]
            best.sort(key=lambda each: each[:2])  # stable: within a segment ties are in order already
            del best[k:]
        return [place for *_, place in best]

    def _best_of(self, number: int, live: LiveSegment, k: int, least: float) -> list[Place]:
        """Give the k best hits of one segment, or all those that may be among the best of the snapshot."""
        is_heading = self._evaluator.is_heading(live)
        wanted = k if is_heading is None else _AMONG * k
        while True:
            if self._has_all:
                passages, scores = self._all_of(number)
            else:
                saturation, scratch = self._evaluator.saturation, live.segment.scratch
                passages, scores = with_any(self._words[number], saturation, scratch, wanted, least)
            order = top(scores, wanted)
            best, scores = passages[order], scores[order]
            shown = best
            if is_heading is not None and (headings := is_heading[best]).any():
                keep, shown = self._for_articles(number, live, best, headings)
                best, scores, shown = best[keep], scores[keep], shown[keep]
            if len(best) >= k or len(order) < wanted:
                each = zip(best[:k].tolist(), shown.tolist(), scores.tolist(), strict=False)
                return [Place(number, passage, at, 0, score) for passage, at, score in each]
            wanted *= _AMONG

    def _all_of(self, number: int) -> tuple[Numbers, Scores]:
        """Give the passages of a segment that hold all the words, and their scores."""
        found = self._with_all[number]
        if found is None:
            found = self._with_all[number] = with_all(self._words[number], self._evaluator.saturation)
        return found

    def _for_articles(
        self, number: int, live: LiveSegment, best: Numbers, is_heading: Mask
    ) -> tuple[npt.NDArray[Any], Numbers]:
        """Apply the rule of headings to the best passages, best first.

        Returns:
            The places of those that remain, and what each of all is shown as.
        """
        columns = live.segment.columns
        articles = columns["passage_article"][best].astype(np.int64)
        asked = distinct(articles[is_heading])
        first = columns["article_passages"][asked].astype(np.int64)
        inside = expand(first, columns["article_passages"][asked + 1] - first)
        inside = inside[~self._evaluator.heading_kinds[columns["passage_kind"][inside]]]
        owners = columns["passage_article"][inside]
        scores, n_words = self._scores_inside(self._words[number], inside)
        n_needed = len(self._words[number]) if self._has_all else 1
        shown, keep, seen = best.copy(), [], set()
        for place, article in enumerate(articles.tolist()):
            if is_heading[place]:
                if article in seen:
                    continue
                seen.add(article)
                own = (owners == article).nonzero()[0]
                if (n_words[own] >= n_needed).any():
                    continue
                some = own[n_words[own] > 0]
                shown[place] = int(inside[some[int(scores[some].argmax())]]) if len(some) else -1
            keep.append(place)
        return np.array(keep, np.int64), shown

    def _scores_inside(self, words: Sequence[Weighed], passages: Numbers) -> tuple[Scores, Numbers]:
        """Score some passages, and count the words that each has."""
        n_words = np.zeros(len(passages), np.int64)
        for word in words:
            n_words[word.postings.find(passages)[0]] += 1
        return exact_scores(words, self._evaluator.saturation, passages), n_words
