"""How do words rank passages, of which a passage must have any, or all? Without a look at every passage that has one.

Such are loose words, and words that are required or joined by OR, with nothing else asked. What they find in each segment
(`searcher.querying.ranking.segment_words`) is put together here.
"""

from collections.abc import Callable, Sequence
from typing import Final

from searcher.arrays import Numbers
from searcher.language.tree import And, Kinds, Or, Query, Words
from searcher.model import Kind, Match
from searcher.querying.matching.evaluate import Evaluator
from searcher.querying.ranking.clause_matches import Place, choose
from searcher.querying.ranking.segment_words import SegmentWords
from searcher.querying.scoring.weighed import Weighed

_EVERY_KIND: Final = Kinds(frozenset(Kind))


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
        self._is_loose = is_loose
        self._shows_headings = shows_headings
        self._has_all = has_all and len(words) > 1
        self._inside = [
            SegmentWords(
                evaluator,
                number,
                found,
                has_all=self._has_all,
                is_loose=is_loose,
                shows_headings=shows_headings,
            )
            for number, found in enumerate(zip(*words, strict=True))
        ]

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
        return sum(words.count(with_headings=True) for words in self._inside)

    def count(self) -> int:
        """Count the hits."""
        return sum(words.count() for words in self._inside)

    def best(self, k: int) -> list[Place]:
        """Give the k best hits, best first; ties by address of the article, then place in it."""
        return self._best(k, 0, [None] * len(self._inside))

    def relaxed(self, k: int) -> tuple[list[Place], int]:
        """Give the k best hits, tier by tier, if there are fewer that have all the words; and the widest tier shown."""
        complete = [words.complete_articles() for words in self._inside]
        better = [words.of_articles(articles) for words, articles in zip(self._inside, complete, strict=True)]
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

    def _best(self, k: int, tier: int, left_out: Sequence[Numbers | None]) -> list[Place]:
        """Give the k best hits, without those of some articles of each segment."""
        if len(self._inside) == 1:
            found = self._inside[0].best(k, 0.0, left_out[0])
            return [Place(0, passage, shown, tier, score) for score, passage, shown in found]
        best: list[tuple[float, str, Place]] = []
        for number, words in enumerate(self._inside):
            least = -best[-1][0] if len(best) >= k else 0.0
            segment = self._evaluator.snapshot.segments[number].segment
            for score, passage, shown in words.best(k, least, left_out[number]):
                place = Place(number, passage, shown, tier, score)
                best.append((-score, segment.where(passage)[0], place))
            best.sort(key=lambda each: each[:2])  # stable: within a segment ties are in order already
            del best[k:]
        return [place for *_, place in best]


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
