"""Which hits does a query have, if one looks at every passage and follows the rules of `searcher.querying.ranking.matches`?

Words are what stands between spaces and punctuation. So texts must be of words that have no other form, such as *w12*.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import log
from typing import NamedTuple, TypeAlias

from searcher import Article
from searcher.language.tree import And, Dates, Kinds, Node, Not, Or, Part, Query, Within, Words
from searcher.model import Kind, Match
from searcher.storage.snapshot import Snapshot

K1, B = 1.2, 0.75


Place: TypeAlias = tuple[int, int]
"""A segment and the number of a passage in it."""


class Passage(NamedTuple):
    """One live passage."""

    segment: int
    number: int
    article: Article
    kind: Kind
    words: list[str]


class Hit(NamedTuple):
    """As `searcher.querying.ranking.rank.RankedHit`."""

    segment: int
    tier: int
    score: float
    passage: int
    shown: int


class _Match(NamedTuple):
    tier: int
    score: float
    passage: Passage


class PlainRanking:
    """The live passages of a snapshot, read from the texts of its articles.

    Args:
        snapshot: The snapshot.
        articles: Its live articles.
    """

    def __init__(self, snapshot: Snapshot, articles: Sequence[Article]) -> None:
        by_address = {article.address: article for article in articles}
        self.passages: list[Passage] = []
        self.by_article: dict[str, list[Passage]] = defaultdict(list)
        for segment, live in enumerate(snapshot.segments):
            columns = live.segment.columns
            names = ("passage_article", "passage_kind", "passage_start", "passage_end")
            rows = zip(*(columns[name].tolist() for name in names), strict=True)
            for number, (owner, kind, start, end) in enumerate(rows):
                if live.is_live(owner):
                    article = by_address[live.segment.addresses[owner].decode()]
                    words = re.findall(r"\w+", article.text[start:end].lower())
                    passage = Passage(segment, number, article, Kind(kind), words)
                    self.passages.append(passage)
                    self.by_article[article.address].append(passage)
        self.average = sum(len(passage.words) for passage in self.passages) / len(self.passages)
        self._frequencies: dict[tuple[str, ...], list[tuple[Passage, int]]] = {}
        self._scores: dict[Words, dict[Place, float]] = {}
        self._satisfying: dict[tuple[Node, ...], dict[Place, list[Words]]] = {}

    def scores(self, words: Words) -> dict[Place, float]:
        """Give the score of words in each passage that has them, by the formula of `searcher.querying.scoring.bm25`."""
        if words not in self._scores:
            terms = tuple(part.term for word in words.words for part in word.parts if isinstance(part, Part))
            n = len(self.passages)
            dfs = [len(self._found((term,))) for term in terms]
            weight = words.weight * sum(log(1 + (n - df + 0.5) / (df + 0.5)) for df in dfs)
            self._scores[words] = {
                passage[:2]: tf / (tf + K1 * (1 - B + B * len(passage.words) / self.average)) * weight
                for passage, tf in self._found(terms)
            }
        return self._scores[words]

    def satisfying(self, required: tuple[Node, ...]) -> dict[Place, list[Words]]:
        """Give the passages that satisfy all clauses of a query, each with the words that count in it."""
        if required not in self._satisfying:
            node = And(required)
            found = ((passage, self._counting(passage, node)) for passage in self.passages)
            self._satisfying[required] = {
                passage[:2]: counting for passage, counting in found if counting is not None
            }
        return self._satisfying[required]

    def _counting(self, passage: Passage, node: Node) -> list[Words] | None:
        """Give the words of a clause that count in a passage; None if the passage does not satisfy it."""
        counting: list[Words] = []
        match node:
            case Words():
                fits, counting = passage[:2] in self.scores(node), [node]
            case Not(inner):
                fits = self._counting(passage, inner) is None
            case And(nodes) | Or(nodes):
                branches = [self._counting(passage, child) for child in nodes]
                fitting = [branch for branch in branches if branch is not None]
                fits = bool(fitting) if isinstance(node, Or) else len(fitting) == len(nodes)
                counting = [words for branch in fitting for words in branch]
            case Kinds(kinds):
                fits = passage.kind in kinds
            case Dates(since, until):
                fits = since <= (passage.article.date or "") <= until
            case Within(addresses):
                fits = passage.article.address in addresses
            case _:
                raise TypeError(node)
        return counting if fits else None

    def hits(self, query: Query, match: Match) -> list[Hit]:
        """Give all hits, those of the best tier first, then by score, then by address and place."""
        found: list[tuple[_Match, int]] = []
        for passages in self.by_article.values():
            matching = [*self._matches(passages, query, is_tiered=match != "any")]
            if any(map(_lifts_the_rule, query.required)):
                found += [(each, each.passage.number) for each in matching]
            else:
                found += _without_headings(matching)
        if match == "all":
            found = [(each, shown) for each, shown in found if each.tier == 0]
        found.sort(key=lambda pair: (pair[0].tier, -pair[0].score, pair[0].passage.article.address))
        return [
            Hit(each.passage.segment, each.tier, each.score, each.passage.number, shown)
            for each, shown in found
        ]

    def _matches(self, passages: list[Passage], query: Query, *, is_tiered: bool) -> Iterator[_Match]:
        """Give what matches in one article."""
        if not query.loose and not query.required:
            return
        satisfying = self.satisfying(query.required)
        loose = [(words, self.scores(words)) for words in query.loose]
        has_all = all(any(each[:2] in scores for each in passages) for _, scores in loose)
        for passage in passages:
            present = [words for words, scores in loose if passage[:2] in scores]
            if query.loose and not present:
                continue
            if passage[:2] not in satisfying:
                continue
            counting = satisfying[passage[:2]]
            score = 0.0
            for words in sorted([*present, *counting], key=lambda words: words.key):
                score += self.scores(words)[passage[:2]]
            is_first = len(present) == len(query.loose) or not is_tiered
            yield _Match(0 if is_first else 1 if has_all else 2, score, passage)

    def _found(self, terms: tuple[str, ...]) -> list[tuple[Passage, int]]:
        """Give the passages in which terms stand side by side, and how often."""
        if terms not in self._frequencies:
            self._frequencies[terms] = []
            for passage in self.passages:
                if terms[0] in passage.words:
                    runs = zip(*(passage.words[place:] for place in range(len(terms))), strict=False)
                    if count := sum(run == terms for run in runs):
                        self._frequencies[terms].append((passage, count))
        return self._frequencies[terms]


def _lifts_the_rule(node: Node) -> bool:
    """Tell whether headings are hits like other passages."""
    if isinstance(node, Kinds):
        return True
    if isinstance(node, Within):
        return node.keeps_headings
    return isinstance(node, And | Or) and any(map(_lifts_the_rule, node.nodes))


def _without_headings(matching: list[_Match]) -> list[tuple[_Match, int]]:
    """Give the hits of one article, each with the passage to show."""

    def order(match: _Match) -> tuple[int, float, int]:
        return match.tier, -match.score, match.passage.number

    headings = sorted((match for match in matching if match.passage.kind.is_heading), key=order)
    others = sorted((match for match in matching if not match.passage.kind.is_heading), key=order)
    hits: list[tuple[_Match, int]] = []
    if headings and not others:
        hits = [(headings[0], -1)]
    elif headings and headings[0].tier < others[0].tier:
        hits = [(headings[0], others.pop(0).passage.number)]
    hits += [(match, match.passage.number) for match in others]
    return sorted(hits, key=lambda hit: hit[0].passage.number)
