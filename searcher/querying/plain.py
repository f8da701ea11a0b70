"""How do words rank passages, of which a passage must have any, or all? Without a look at every passage that has one.

Such are loose words, and words that are required or joined by OR, with nothing else asked. `searcher.querying.best` finds
the best passages of a segment; here those of all segments are put together, and the rule of headings
(`searcher.querying.pick`) is applied to those that are the best, of which there are few.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt

from searcher.model import Kind, Match
from searcher.querying.best import Weighed, exact_scores, with_all, with_any
from searcher.querying.evaluate import Evaluator
from searcher.querying.found import Place, choose
from searcher.querying.pick import Candidates, without_headings
from searcher.querying.places import contains
from searcher.querying.tree import And, Kinds, Or, Query, Words
from searcher.ranking.bm25 import Scores
from searcher.ranking.topk import top
from searcher.storage.numbers import distinct
from searcher.storage.postings import Bitmap, Numbers, PostingList, intersection, members, ranks_of, union
from searcher.storage.snapshot import LiveSegment

_SHORT: Final = 2_000
"""Postings that are put in order sooner than a bitmap is made."""
_AMONG: Final = 4
"""Times as many are looked at where there are headings, which may not stand for their articles."""
_FEW: Final = 256
"""Passages that are put in order as fast as the best are set apart."""
_EVERY_KIND: Final = Kinds(frozenset(Kind))

Mask = npt.NDArray[np.bool_]


class PlainWords:
    """Words over one snapshot.

    Args:
        evaluator: Of the snapshot.
        words: At least one; each may be a phrase or stand for several words. Of each, what it finds in each segment.
        leaves: Gives the words themselves.
        has_all: A passage must hold all of them, rather than any.
        is_loose: A heading that alone has all of them is shown as a passage of its article that has some, if there is one.
        shows_headings: The rule of headings does not apply.
    """

    def __init__(
        self,
        evaluator: Evaluator,
        words: Sequence[Sequence[Weighed]],
        leaves: Callable[[], Sequence[Words]],
        *,
        has_all: bool,
        is_loose: bool = True,
        shows_headings: bool = False,
    ) -> None:
        self._evaluator = evaluator
        self._by_word = words
        self._leaves = leaves
        self._segments = evaluator.snapshot.segments
        self._is_loose = is_loose
        self._shows_headings = shows_headings
        self._is_heading = [None] * len(self._segments) if shows_headings else evaluator.is_heading
        self._has_all = has_all and len(words) > 1
        self._words = list(zip(*words, strict=True))  # by segment
        self._with_all: list[tuple[Numbers, Scores] | None] = [None] * len(self._segments)

    @property
    def can_be_relaxed(self) -> bool:
        """Tell whether there are several loose words, of which a passage must have all."""
        return self._is_loose and self._has_all

    @property
    def loose(self) -> Sequence[Words]:
        """The words, if they are loose."""
        return self._leaves() if self._is_loose else ()

    @property
    def required(self) -> Sequence[Words]:
        """The words, if they are not."""
        return () if self._is_loose else self._leaves()

    @property
    def counts(self) -> list[int]:
        """Live passages that hold each of the words."""
        return [sum(len(word.postings) for word in segments) for segments in self._by_word]

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
        bits = self._bits(lists, live)
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
            heading_bits = self._evaluator.heading_bits[number]
            assert heading_bits is not None
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

    def _bits(self, lists: Sequence[PostingList], live: LiveSegment) -> Bitmap | None:
        """Give the passages that match as a bitmap, where it is made sooner than a list of them."""
        bitmaps = [each.bitmap for each in lists if each.bitmap is not None]
        if self._has_all:
            return np.bitwise_and.reduce(bitmaps) if len(bitmaps) == len(lists) else None
        return union(lists, live.segment.scratch) if sum(map(len, lists)) > _SHORT else None

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
                self._evaluator,
                self._by_word,
                self._leaves,
                has_all=False,
                shows_headings=self._shows_headings,
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
        if len(self._segments) == 1:
            return [
                Place(0, passage, shown, tier, score)
                for score, passage, shown in self._best_of(0, self._segments[0], k, 0.0, left_out[0])
            ]
        best: list[tuple[float, bytes, Place]] = []
        for number, live in enumerate(self._segments):
            least = -best[-1][0] if len(best) >= k else 0.0
            articles, addresses = live.segment.columns["passage_article"], live.segment.addresses
            for score, passage, shown in self._best_of(number, live, k, least, left_out[number]):
                address = addresses[int(articles[passage])]
                best.append((-score, address, Place(number, passage, shown, tier, score)))
            best.sort(key=lambda each: each[:2])  # stable: within a segment ties are in order already
            del best[k:]
        return [place for *_, place in best]

    def _best_of(
        self, number: int, live: LiveSegment, k: int, least: float, left_out: Numbers | None
    ) -> list[tuple[float, int, int]]:
        """Give the k best hits of one segment, or all those that may be among the best of the snapshot.

        Returns:
            Score, passage, and what it is shown as.
        """
        is_heading = self._is_heading[number]
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
        order = _best_order(passages, scores, k, is_besides)
        if left_out is not None:
            owners = live.segment.columns["passage_article"]
            order = order[~contains(left_out, owners[passages[order]])]
        best = order[:k]
        if is_heading is None or not is_heading[passages[best]].any():
            matched = passages[best].tolist()
            return list(zip(scores[best].tolist(), matched, matched, strict=True))
        n = k
        while True:
            n *= _AMONG
            hits = self._for_articles(number, live, order[:n], passages, scores)
            if len(hits) >= k or n >= len(order):
                return hits[:k]

    def _all_of(self, number: int) -> tuple[Numbers, Scores]:
        """Give the passages of a segment that hold all the words, and their scores."""
        found = self._with_all[number]
        if found is None:
            found = self._with_all[number] = with_all(self._words[number], self._evaluator.saturation)
        return found

    def _for_articles(
        self, number: int, live: LiveSegment, best: Numbers, passages: Numbers, scores: Scores
    ) -> list[tuple[float, int, int]]:
        """Apply the rule of headings to the best passages.

        Args:
            number: Of the segment.
            live: The segment.
            best: Places among the passages, best first.
            passages: Passages that match, int64, ascending: all of them, where they must have all the words.
            scores: Beside them.

        Returns:
            Of those that remain: score, passage, and what it is shown as.
        """
        is_heading = self._is_heading[number]
        assert is_heading is not None
        matched = passages[best]
        owners = live.segment.columns["passage_article"]
        headings = matched[is_heading[matched]]
        article_of = dict(zip(headings.tolist(), owners[headings].tolist(), strict=True))
        stand = self._without_body(number, live, sorted(set(article_of.values())), passages)
        hits = []
        for score, passage in zip(scores[best].tolist(), matched.tolist(), strict=True):
            article = article_of.get(passage)
            if article is None:
                hits.append((score, passage, passage))
            elif article in stand:
                stand.remove(article)  # of several headings the first stands for it
                hits.append((score, passage, self._stand_in(number, live, article)))
        return hits

    def _without_body(self, number: int, live: LiveSegment, articles: list[int], known: Numbers) -> set[int]:
        """Tell which of some articles, ascending, have no body passage that matches."""
        is_heading, edges = self._is_heading[number], live.segment.columns["article_passages"]
        assert is_heading is not None
        asked = np.array(articles)
        body = known[~is_heading[known]]
        firsts, ends = edges[asked].astype(np.int64), edges[asked + 1].astype(np.int64)
        asked = asked[body.searchsorted(firsts) == body.searchsorted(ends)]
        if self._has_all or not len(asked):
            return set(asked.tolist())
        inside = live.segment.passages_of(asked)
        inside = inside[~is_heading[inside]]
        inside = inside[_count_words(self._words[number], inside) > 0]
        return set(asked.tolist()).difference(live.segment.columns["passage_article"][inside].tolist())

    def _stand_in(self, number: int, live: LiveSegment, article: int) -> int:
        """Give the body passage as which the heading of an article is shown: the best that has some of the words, or -1."""
        is_heading = self._is_heading[number]
        assert is_heading is not None
        if not self._is_loose:
            return -1
        inside = live.segment.passages_of(np.array([article]))
        inside = inside[~is_heading[inside]]
        inside = inside[_count_words(self._words[number], inside) > 0]
        scores = exact_scores(self._words[number], self._evaluator.saturation, inside)
        return int(inside[int(scores.argmax())]) if len(inside) else -1


def plain_words(evaluator: Evaluator, query: Query, match: Match) -> PlainWords | None:
    """Give the words of which a passage must have any, or all, if nothing else is asked."""
    required = tuple(node for node in query.required if node != _EVERY_KIND)
    shows_headings = len(required) < len(query.required)
    if query.loose and not required:
        return PlainWords(
            evaluator,
            [*map(evaluator.weighed, query.loose)],
            lambda: query.loose,
            has_all=match != "any",
            shows_headings=shows_headings,
        )
    if query.loose or not required:
        return None
    joined = required[0] if len(required) == 1 and isinstance(required[0], And | Or) else And(required)
    words = [node for node in joined.nodes if isinstance(node, Words)]
    has_all = isinstance(joined, And)
    # Of phrases that a passage must have beside others, only those there are looked for.
    looks_less = has_all and len(words) > 1 and not all(node.is_one_term for node in words)
    if not words or len(words) < len(joined.nodes) or looks_less:
        return None
    weighed = [*map(evaluator.weighed, words)]
    return PlainWords(
        evaluator,
        weighed,
        lambda: words,
        has_all=has_all,
        is_loose=False,
        shows_headings=shows_headings,
    )


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
