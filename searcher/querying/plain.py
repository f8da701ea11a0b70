"""How do words rank passages, of which a passage must have any, or all? Without a look at every passage that has one.

Such are loose words, and words that are required or joined by OR, with nothing else asked. `searcher.querying.best` finds
the best passages of a segment; here those of all segments are put together, and the rule of headings
(`searcher.querying.pick`) is applied to those that are the best, of which there are few.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from searcher.querying.best import Weighed, exact_scores, with_all, with_any
from searcher.querying.evaluate import Evaluator
from searcher.querying.found import Place, choose
from searcher.querying.pick import Candidates, without_headings
from searcher.querying.places import contains
from searcher.querying.tree import Words
from searcher.ranking.bm25 import Scores
from searcher.ranking.topk import top
from searcher.storage.numbers import distinct
from searcher.storage.postings import Numbers, members, ranks_of, union
from searcher.storage.snapshot import LiveSegment

_SHORT: Final = 2_000
"""Postings that are put in order sooner than a bitmap is made."""
_AMONG: Final = 4
"""Times as many are looked at where headings that do not stand for their articles were among them."""

Mask = npt.NDArray[np.bool_]


class PlainWords:
    """Words over one snapshot.

    Args:
        evaluator: Of the snapshot.
        words: At least one; each may be a phrase or stand for several words.
        has_all: A passage must hold all of them, rather than any.
        is_loose: A heading that alone has all of them is shown as a passage of its article that has some, if there is one.
        shows_headings: The rule of headings does not apply.
    """

    def __init__(
        self,
        evaluator: Evaluator,
        words: Sequence[Words],
        *,
        has_all: bool,
        is_loose: bool = True,
        shows_headings: bool = False,
    ) -> None:
        self._evaluator = evaluator
        self._asked = words
        self._segments = evaluator.snapshot.segments
        self._is_loose = is_loose
        self._shows_headings = shows_headings
        self._is_heading = [None if shows_headings else evaluator.is_heading(live) for live in self._segments]
        self._has_all = has_all and len(words) > 1
        self._words = list(zip(*map(evaluator.weighed, words), strict=True))  # by segment
        self._with_all: list[tuple[Numbers, Scores] | None] = [None] * len(self._segments)

    @property
    def required(self) -> Sequence[Words]:
        """The words, if they are not loose."""
        return () if self._is_loose else self._asked

    @property
    def counts(self) -> list[int]:
        """Live passages that hold each of the words."""
        return [sum(len(words[n].postings) for words in self._words) for n in range(len(self._asked))]

    @property
    def n_matches(self) -> int:
        """Live passages that hold any of the words, or all of them: headings too."""
        return sum(self._count(number, live, None) for number, live in enumerate(self._segments))

    def count(self) -> int:
        """Count the hits."""
        each = zip(self._segments, self._is_heading, strict=True)
        return sum(self._count(number, live, is_heading) for number, (live, is_heading) in enumerate(each))

    def _count(self, number: int, live: LiveSegment, is_heading: Mask | None) -> int:
        lists = [word.postings for word in self._words[number]]
        if is_heading is None and len(lists) == 1:
            return len(lists[0])
        if self._has_all or sum(map(len, lists)) <= _SHORT:
            passages = (
                self._all_of(number)[0]
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
            bits = union(lists, live.segment.scratch)
            if is_heading is None:
                return int(np.bitwise_count(bits).sum())
            heading_bits = self._evaluator.heading_bits(live)
            matched, bits = members(bits & heading_bits), bits & ~heading_bits
            n_body = int(np.bitwise_count(bits).sum())
            below = partial(ranks_of, bits)
        if not len(matched):
            return n_body
        # A heading counts where nothing else of its article matches, and then once.
        articles = distinct(live.segment.columns["passage_article"][matched].astype(np.int64))
        edges = live.segment.columns["article_passages"]
        ranks = below(np.concatenate([edges[articles], edges[articles + 1]]).astype(np.int64))
        return n_body + int((ranks[: len(articles)] == ranks[len(articles) :]).sum())

    def best(self, k: int) -> list[Place]:
        """Give the k best hits, best first; ties by address of the article, then place in it."""
        return self._best(k, 0, [None] * len(self._segments))

    def relaxed(self, k: int) -> tuple[list[Place], int]:
        """Give the k best hits, tier by tier, if there are fewer that have all the words; and the widest tier shown."""
        complete = [self._complete_articles(number, live) for number, live in enumerate(self._segments)]
        better = [
            self._of_articles(number, live, articles)
            for number, (live, articles) in enumerate(zip(self._segments, complete, strict=True))
        ]
        places = choose(better, 1, k)
        widest = 1 if any((found.tiers == 1).any() for found in better) else 0
        if len(places) < k:
            any_of_them = PlainWords(
                self._evaluator, self._asked, has_all=False, shows_headings=self._shows_headings
            )
            rest = any_of_them._best(k - len(places), 2, complete)
            places, widest = [*places, *rest], 2 if rest else widest
        return places, widest

    def _complete_articles(self, number: int, live: LiveSegment) -> Numbers:
        """Find the articles of a segment that have all the words, wherever in them."""
        owners = live.segment.columns["passage_article"]
        by_rarity = sorted((word.postings for word in self._words[number]), key=len)
        articles = distinct(owners[by_rarity[0].passages].astype(np.int64))
        for postings in by_rarity[1:]:
            holds = np.zeros(live.segment.n_articles, np.bool_)
            holds[owners[postings.passages]] = True
            articles = articles[holds[articles]]
        return articles

    def _of_articles(self, number: int, live: LiveSegment, articles: Numbers) -> Candidates:
        """Put the passages of articles that have all the words into tiers."""
        inside = live.segment.passages_of(articles)
        words = self._words[number]
        n_words = _count_words(words, inside)
        inside, n_words = inside[n_words > 0], n_words[n_words > 0]
        tiers = (n_words < len(words)).astype(np.int64)
        scores = exact_scores(words, self._evaluator.saturation, inside)
        found = Candidates(live, inside, inside.copy(), tiers, scores)
        return found if self._is_heading[number] is None else without_headings(found)

    def _best(self, k: int, tier: int, left_out: Sequence[Numbers | None]) -> list[Place]:
        """Give the k best hits, without those of some articles of each segment."""
        best: list[tuple[float, bytes, Place]] = []
        for number, live in enumerate(self._segments):
            least = -best[-1][0] if len(best) >= k else 0.0
            each = self._best_of(number, live, k, least, left_out[number])
            places = [Place(number, passage, shown, tier, score) for passage, shown, score in each]
            if len(self._segments) == 1:
                return places
            articles, addresses = live.segment.columns["passage_article"], live.segment.addresses
            best += [(-place.score, addresses[int(articles[place.passage])], place) for place in places]
            best.sort(key=lambda each: each[:2])  # stable: within a segment ties are in order already
            del best[k:]
        return [place for *_, place in best]

    def _best_of(
        self, number: int, live: LiveSegment, k: int, least: float, left_out: Numbers | None
    ) -> Iterable[tuple[int, int, float]]:
        """Give the k best hits of one segment, or all those that may be among the best of the snapshot."""
        is_heading, owners = self._is_heading[number], live.segment.columns["passage_article"]
        is_besides = is_heading
        if left_out is not None:
            is_besides = (
                np.zeros(live.segment.n_passages, np.bool_) if is_heading is None else is_heading.copy()
            )
            is_besides[live.segment.passages_of(left_out)] = True
        if self._has_all:
            passages, scores = self._all_of(number)
        else:
            words, scratch = self._words[number], live.segment.scratch
            passages, scores = with_any(words, self._evaluator.saturation, scratch, k, least, is_besides)
        order = _best_order(scores, k, None if is_besides is None else is_besides[passages])
        passages, scores = passages[order], scores[order]
        if left_out is not None:
            stays = ~contains(left_out, owners[passages])
            passages, scores = passages[stays], scores[stays]
        n = k
        while True:
            best = shown = passages[:n]
            keep: Numbers | slice = slice(None)
            if is_heading is not None and (headings := is_heading[best]).any():
                keep, shown = self._for_articles(number, live, best, headings)
                best, shown = best[keep], shown[keep]
            if len(best) >= k or n >= len(passages):
                return zip(best[:k].tolist(), shown[:k].tolist(), scores[:n][keep][:k].tolist(), strict=True)
            n *= _AMONG

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
        inside = live.segment.passages_of(asked)
        inside = inside[~self._evaluator.heading_kinds[columns["passage_kind"][inside]]]
        words = self._words[number]
        n_words = _count_words(words, inside)
        n_needed = len(words) if self._has_all else 1
        owners = columns["passage_article"][inside]
        has_body = set(owners[n_words >= n_needed].tolist())
        shown, keep = best.copy(), []
        for place, article in enumerate(articles.tolist()):
            if not is_heading[place]:
                keep.append(place)
            elif article not in has_body:
                has_body.add(article)  # of several headings the first stands for it
                keep.append(place)
                own = inside[(owners == article) & (n_words > 0)] if self._is_loose else inside[:0]
                scores = exact_scores(words, self._evaluator.saturation, own)
                shown[place] = int(own[int(scores.argmax())]) if len(own) else -1
        return np.array(keep, np.int64), shown


def _best_order(scores: Scores, k: int, is_besides: Mask | None) -> Numbers:
    """Give the places of the best, best first, until k count; equal ones as they come.

    Args:
        scores: Of anything.
        k: How many.
        is_besides: Which do not count towards the k; None for none.
    """
    if is_besides is None:
        return top(scores, k)
    counted = scores[~is_besides]
    chosen = np.arange(len(scores))
    if len(counted) > k:
        chosen = (scores >= np.partition(counted, len(counted) - k)[len(counted) - k]).nonzero()[0]
    best: Numbers = chosen[(-scores[chosen]).argsort(kind="stable")]
    return best


def _count_words(words: Sequence[Weighed], passages: Numbers) -> Numbers:
    """Count the words that each of some passages has."""
    n_words = np.zeros(len(passages), np.int64)
    for word in words:
        n_words[word.postings.find(passages)[0]] += 1
    return n_words
