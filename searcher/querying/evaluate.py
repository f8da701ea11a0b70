"""Which passages of a segment satisfy a query, and what is each clause worth there?

Every clause is evaluated for a whole segment at once: ascending passage numbers, and scores beside them. Dead passages
are left out at the leaves. Weights come from the statistics of the whole snapshot.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from searcher.model import Kind
from searcher.querying.places import contains, find_places
from searcher.querying.tree import And, Dates, Kinds, Node, Not, Or, Within, Words
from searcher.ranking.bm25 import Scores, idf, saturation_table
from searcher.storage.segment import Numbers
from searcher.storage.snapshot import LiveSegment, Snapshot

_NONE = np.zeros(0, np.int64)


class Scored(NamedTuple):
    """What one leaf contributes.

    Attributes:
        words: The leaf.
        passages: int64, ascending: where it counts.
        scores: float64, beside them.
    """

    words: Words
    passages: Numbers
    scores: Scores

    def among(self, passages: Numbers) -> "Scored":
        """Keep what it contributes to these passages."""
        keep = contains(passages, self.passages)
        return Scored(self.words, self.passages[keep], self.scores[keep])


@dataclass(frozen=True, slots=True)
class Matches:
    """What satisfies a clause.

    Attributes:
        passages: int64, ascending.
        scored: The leaves that made them match, each with the passages in which it did.
    """

    passages: Numbers
    scored: tuple[Scored, ...] = ()

    def among(self, passages: Numbers) -> "Matches":
        """Keep the matches that are also in ``passages``."""
        kept = self.passages[contains(passages, self.passages)]
        return Matches(kept, tuple(leaf.among(kept) for leaf in self.scored))


class Evaluator:
    """Evaluates queries over one snapshot. Safe to use from several threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._dates: dict[str, tuple[npt.NDArray[np.str_], npt.NDArray[np.str_]]] = {}

    @cached_property
    def _table(self) -> Scores:
        return saturation_table(self.snapshot.average_length)

    @cached_property
    def n_undated(self) -> int:
        """Number of live articles without a date."""
        return sum(
            not date and live.is_live(number)
            for live in self.snapshot.segments
            for number, date in enumerate(live.segment.article_strings("date"))
        )

    def weight(self, words: Words) -> float:
        """Give the idf of a leaf: the sum over its words, and over their parts."""
        terms = [part.term for word in words.words for part in word.parts]
        return sum(idf(self.snapshot.doc_freq(term.encode()), self.snapshot.n_passages) for term in terms)

    def leaf(self, live: LiveSegment, words: Words) -> Scored:
        """Find and score the passages that hold words side by side, as often as they do."""
        word = words.words[0]
        if len(words.words) == 1 and len(word.parts) == 1 and not words.is_exact:
            number = live.segment.terms.find(word.parts[0].term.encode())
            if number < 0:
                return Scored(words, _NONE, np.zeros(0))
            passages, codes = live.postings(number)
            return Scored(words, passages, self._table.take(codes) * self.weight(words))
        places = find_places(live.segment, words)
        is_new = np.ones(len(places.passages), np.bool_)  # one start counts once, however many ends it has
        is_new[1:] = (np.diff(places.passages) != 0) | (np.diff(places.starts) != 0)
        passages, frequencies = np.unique(places.passages[is_new], return_counts=True)
        if live.live is not None:
            keep = live.live[passages]
            passages, frequencies = passages[keep], frequencies[keep]
        lengths = live.segment.columns["passage_length"][passages]
        return Scored(words, passages, self._table.take(frequencies << 8 | lengths) * self.weight(words))

    def evaluate(self, live: LiveSegment, node: Node) -> Matches:
        """Find the passages that satisfy a clause."""
        if isinstance(node, Words):
            scored = self.leaf(live, node)
            return Matches(scored.passages, (scored,))
        if isinstance(node, Kinds | Dates):
            mask = self._kind_mask(live, node) if isinstance(node, Kinds) else self._date_mask(live, node)
            return Matches((mask if live.live is None else mask & live.live).nonzero()[0])
        if isinstance(node, Within):
            number = live.segment.addresses.find(node.address.encode())
            starts = live.segment.columns["article_passages"]
            is_here = number >= 0 and live.is_live(number)
            return Matches(np.arange(int(starts[number]), int(starts[number + 1])) if is_here else _NONE)
        if isinstance(node, Not):
            return Matches(self._without(live, self.evaluate(live, node.node).passages))
        if isinstance(node, And):
            return self.all_of(live, [self.evaluate(live, child) for child in node.nodes])
        assert isinstance(node, Or)
        found = [self.evaluate(live, child) for child in node.nodes]
        passages = np.unique(np.concatenate([matches.passages for matches in found]))
        return Matches(passages, tuple(leaf for matches in found for leaf in matches.scored))

    @staticmethod
    def all_of(live: LiveSegment, found: list[Matches]) -> Matches:
        """Find the passages that satisfy several clauses; all live ones if there are none."""
        if not found:
            return Matches(Evaluator._without(live, _NONE))
        passages = min((matches.passages for matches in found), key=len)
        for matches in found:
            passages = passages[contains(matches.passages, passages)]
        return Matches(passages, tuple(leaf.among(passages) for matches in found for leaf in matches.scored))

    @staticmethod
    def _without(live: LiveSegment, passages: Numbers) -> Numbers:
        mask = np.ones(live.segment.n_passages, np.bool_) if live.live is None else live.live.copy()
        mask[passages] = False
        return mask.nonzero()[0]

    @staticmethod
    def _kind_mask(live: LiveSegment, node: Kinds) -> npt.NDArray[np.bool_]:
        wanted = np.zeros(len(Kind), np.bool_)
        wanted[[int(kind) for kind in node.kinds]] = True
        mask: npt.NDArray[np.bool_] = wanted[live.segment.columns["passage_kind"]]
        return mask

    def _date_mask(self, live: LiveSegment, node: Dates) -> npt.NDArray[np.bool_]:
        """Mark the passages of articles whose date, or the days it may stand for, meet the range."""
        segment = live.segment
        if segment.name not in self._dates:
            dates = list(segment.article_strings("date"))
            first = np.array([date and first_day(date) for date in dates], np.str_)
            self._dates[segment.name] = first, np.array([date and last_day(date) for date in dates], np.str_)
        first, last = self._dates[segment.name]
        articles = first != ""
        if node.since:
            articles &= last >= first_day(node.since)
        if node.until:
            articles &= first <= last_day(node.until)
        mask: npt.NDArray[np.bool_] = articles[segment.columns["passage_article"]]
        return mask


def first_day(date: str) -> str:
    """Give the first day that a whole or partial ISO date may stand for.

    >>> first_day("2020"), first_day("2020-10")
    ('2020-01-01', '2020-10-01')
    """
    return date + "-01-01"[len(date) - 4 :] if len(date) < 10 else date


def last_day(date: str) -> str:
    """Give a date that no day of a whole or partial ISO date comes after.

    >>> last_day("2020"), last_day("2020-10")
    ('2020-12-31', '2020-10-31')
    """
    return date + "-12-31"[len(date) - 4 :] if len(date) < 10 else date
