"""Which passages match a query of words only? Not every passage that has a word is looked at.

This covers queries made only of loose words, of required words, of words joined by OR, or of one phrase.
`searcher.querying.scoring.max_score` finds the passages that may be the best. The rules of tiers and headings
(`searcher.querying.ranking.headings`) are applied only to articles for which they matter.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Final

import numpy as np

from searcher.arrays import Bitmap, Mask, Numbers, Scores, distinct
from searcher.language.tree import And, Kinds, Leaf, Or, Query, Words
from searcher.model import Kind, Match
from searcher.querying.matching.evaluate import Evaluator
from searcher.querying.matching.places import contains
from searcher.querying.ranking.clause_matches import ClauseMatches
from searcher.querying.ranking.headings import Candidates, articles_with_all, candidates
from searcher.querying.ranking.matches import Best
from searcher.querying.scoring.max_score import with_any
from searcher.querying.scoring.topk import top
from searcher.querying.scoring.weighed import Weighed, share, with_all
from searcher.storage.columns.postings import PostingList, intersection, members, union

_SHORT: Final = 2_000
"""Postings that are put in order sooner than a bitmap is made."""
_AT_ONCE: Final = 2
"""How many times as many passages as hits are looked at together, where some are headings that may be dropped."""
_FEW: Final = 256
"""Passages that are put in order as fast as the best are set apart."""
_NONE: Final = np.zeros(0, np.int64)
_EVERY_KIND: Final = Kinds(frozenset(Kind))


class WordMatches:
    """The hits of a query in one segment, as `Matches`.

    Args:
        evaluator: Of the snapshot.
        number: Of the segment.
        query: The query.
        match: As of `searcher.engine.Options`.
        words: The words of the query.
        weighed: Beside them: what each finds in the segment.
        has_all: A passage must hold all the words, rather than any.
    """

    def __init__(  # noqa: PLR0917  (called in one place)
        self,
        evaluator: Evaluator,
        number: int,
        query: Query,
        match: Match,
        words: Sequence[Words],
        weighed: Sequence[Weighed],
        has_all: bool,
    ) -> None:
        self._evaluator = evaluator
        self._live = evaluator.snapshot.segments[number]
        self._segment = self._live.segment
        self._query = query
        self._match = match
        self._words = words
        self._weighed = weighed
        self._has_all = has_all and len(words) > 1
        shows_headings = _EVERY_KIND in query.required
        self._is_heading = None if shows_headings else evaluator.is_heading[number]
        self._heading_bits = None if shows_headings else evaluator.heading_bits[number]

    def best(self, tier: int, k: int, floor: float) -> Best:
        """Give the k best hits of a tier, best first; those below the floor may be left out."""
        if tier == 1:
            return self._of_complete.best(tier, k, floor)
        if tier == 2:
            return self._best(k, floor, has_all=False, left_out=self._complete)
        return self._best(k, floor, has_all=self._has_all, left_out=None)

    def _best(self, k: int, floor: float, *, has_all: bool, left_out: Numbers | None) -> Best:
        """Give the k best hits that have any of the words, or all of them, without those of the articles left out."""
        is_heading = is_besides = self._is_heading
        if left_out is not None:
            n_passages = self._segment.n_passages
            is_besides = np.zeros(n_passages, np.bool_) if is_heading is None else is_heading.copy()
            is_besides[self._segment.passages_of(left_out)] = True
        saturation = self._evaluator.saturation
        if has_all:
            passages, scores = with_all(self._weighed, saturation)
        else:
            passages, scores = with_any(
                self._weighed, saturation, self._segment.scratch, k, floor, is_besides
            )
        order = _best_order(passages, scores, k, is_besides)
        if left_out is not None:
            order = order[~contains(left_out, self._owners[passages[order]])]
        best = order[:k]
        if is_heading is not None and is_heading[passages[best]].any():
            return self._led(passages[order], scores[order], k, is_heading, has_all=has_all)
        matched = passages[best].tolist()
        return Best(scores[best].tolist(), matched, matched)

    def _led(self, passages: Numbers, scores: Scores, k: int, is_heading: Mask, *, has_all: bool) -> Best:
        """Apply the rule of headings to passages that match, best first, until there are k hits."""
        hits = Best([], [], [])
        for first in range(0, len(passages), _AT_ONCE * k):
            some = passages[first : first + _AT_ONCE * k]
            led = self._in_articles(self._articles(some[is_heading[some]]), has_all=has_all)
            shown = dict(zip(led.passages.tolist(), led.shown.tolist(), strict=True))
            for score, passage in zip(scores[first:].tolist(), some.tolist(), strict=False):
                if not is_heading[passage] or passage in shown:
                    hits.scores.append(score)
                    hits.passages.append(passage)
                    hits.shown.append(shown[passage] if is_heading[passage] else passage)
            if len(hits.scores) >= k:
                break
        return Best(hits.scores[:k], hits.passages[:k], hits.shown[:k])

    def count(self, tier: int) -> int:
        """Count the hits of a tier."""
        if tier == 1:
            return len(self._of_complete.of_tier(tier))
        if tier == 2:
            n_complete = len(self._in_articles(self._complete, has_all=False).passages)
            return self._count(has_all=False) - n_complete
        return self._count(has_all=self._has_all)

    def passages(self, tier: int) -> Numbers:
        """Give the passages that are the hits of a tier."""
        return ClauseMatches(self._evaluator, self._live, self._query, self._match).passages(tier)

    def leaves(self) -> Sequence[tuple[Leaf, Numbers | None]]:
        """List what is marked in hits, loose words aside."""
        return [] if self._query.loose else [(words, None) for words in self._words]

    @property
    def _owners(self) -> Numbers:
        return self._segment.columns["passage_article"]

    def _articles(self, passages: Numbers) -> Numbers:
        return distinct(self._owners[passages].astype(np.int64))

    @cached_property
    def _complete(self) -> Numbers:
        """The articles that have all the words, wherever in them."""
        return articles_with_all(self._segment, [word.postings.passages for word in self._weighed])

    @cached_property
    def _of_complete(self) -> Candidates:
        return self._in_articles(self._complete, has_all=True)

    def _in_articles(self, articles: Numbers, *, has_all: bool) -> Candidates:
        """Give the hits in some articles.

        Args:
            articles: int64, ascending; if ``has_all``, only such as have all the words.
            has_all: Loose words make tiers: the first tier has all the words. Other words must all be there.
        """
        inside = self._segment.passages_of(articles)
        is_tiered = has_all and bool(self._query.loose)
        if has_all and not is_tiered:
            for word in self._weighed:
                inside = inside[word.postings.places(inside)]
        return candidates(
            self._segment,
            inside,
            [share(word, self._evaluator.saturation, inside) for word in self._weighed],
            [],
            articles if is_tiered else None,
            shows_headings=self._is_heading is None,
        )

    def _count(self, *, has_all: bool) -> int:
        """Count the hits that have any of the words, or all of them, in one tier."""
        lists = [word.postings for word in self._weighed]
        is_heading, heading_bits, segment = self._is_heading, self._heading_bits, self._segment
        if len(lists) == 1 and is_heading is None:
            return len(lists[0])
        passages, headings = None, _NONE
        bits = self._bits(has_all=has_all)
        if bits is None:
            passages = (
                intersection(lists)
                if has_all
                else distinct(np.concatenate([each.passages for each in lists]))
            )
            n_matched = len(passages)
            if is_heading is not None:
                headings = passages[is_heading[passages]]
        else:
            n_matched = int(np.bitwise_count(bits).sum())
            if heading_bits is not None:
                headings = members(bits & heading_bits)
        if is_heading is None or not len(headings):
            return n_matched
        # An article with headings that match counts once for all of them, and only if no other passage of it matches.
        articles = self._articles(headings)
        inside = segment.passages_of(articles)
        matched = inside[PostingList(segment.scratch, ids=passages, bitmap=bits).places(inside)]
        has_body = self._articles(matched[~is_heading[matched]])
        return n_matched - len(headings) + len(articles) - len(has_body)

    def _bits(self, *, has_all: bool) -> Bitmap | None:
        """Give the passages that match as a bitmap, where it is made sooner than a list of them."""
        lists = [word.postings for word in self._weighed]
        bitmaps = [each.bitmap for each in lists if each.bitmap is not None]
        if has_all:
            return np.bitwise_and.reduce(bitmaps) if len(bitmaps) == len(lists) else None
        return union(lists, self._segment.scratch) if sum(map(len, lists)) > _SHORT else None


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
    if len(scores) <= _FEW:
        return (-scores).argsort(kind="stable")
    counted = scores[~is_besides[passages]]
    chosen = np.arange(len(scores))
    if len(counted) > k:
        chosen = (scores >= np.partition(counted, len(counted) - k)[len(counted) - k]).nonzero()[0]
    best: Numbers = chosen[(-scores[chosen]).argsort(kind="stable")]
    return best


def words_of(query: Query, match: Match) -> tuple[Sequence[Words], bool] | None:
    """Give the words of which a passage must have any, or all, if nothing else is asked; and whether it must have all."""
    required = tuple(node for node in query.required if node != _EVERY_KIND)
    if query.loose and not required:
        return query.loose, match != "any"
    if query.loose or not required:
        return None
    joined = required[0] if len(required) == 1 and isinstance(required[0], And | Or) else And(required)
    words = [node for node in joined.nodes if isinstance(node, Words)]
    has_all = isinstance(joined, And)
    # Where a passage must have a phrase and more, the other words say where the phrase need not be looked for.
    looks_less = has_all and len(words) > 1 and not all(node.is_one_term for node in words)
    if not words or len(words) < len(joined.nodes) or looks_less:
        return None
    return words, has_all
