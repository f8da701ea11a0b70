"""Ranking by the book: one passage after the other, one word after the other, in plain Python.

It knows the rules of clauses, tiers, headings and scores, and nothing of columns, segments or limits on memory. Articles
are tokens already, and queries are understood. `naive_forms` finds words side by side, `naive_close` words near one
another, `naive_select` articles.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import NamedTuple, TypeAlias

import naive_close
from naive_forms import Place, Token
from naive_select import Metadata, selects

from searcher.language.tree import (
    And,
    Atom,
    Close,
    Dates,
    Foreign,
    Kinds,
    Node,
    Not,
    Or,
    Part,
    Query,
    Within,
    Words,
)
from searcher.model import Kind

Leaf: TypeAlias = Words | Close

K1, B = 1.2, 0.75
TIERS = ("all", "article", "any")


class Passage(naive_close.Passage):
    """One passage, of one article."""

    def __init__(self, article: Metadata, kind: Kind, tokens: Iterable[Token]) -> None:
        super().__init__(tokens)
        self.article = article
        self.kind = kind
        self._found: dict[Leaf, Found] = {}

    def find(self, leaf: Leaf) -> "Found":
        """Find where a leaf stands."""
        if leaf not in self._found:
            if isinstance(leaf, Close):
                starts, places = naive_close.wholes(self, leaf)
            else:
                places = self.places(leaf)
                starts = {start for start, _ in places}
            self._found[leaf] = Found(len(starts), frozenset(places))
        return self._found[leaf]


class Found(NamedTuple):
    frequency: int
    places: frozenset[Place]


@dataclass
class Article:
    metadata: Metadata
    passages: list[Passage]

    @property
    def address(self) -> str:
        return self.metadata.address


class Hit(NamedTuple):
    """What is shown; ``places`` are the runs of positions to mark, in the passage shown and in the one that matched."""

    address: str
    passage: int
    shown: int
    tier: str
    score: float
    places: frozenset[Place]
    places_of_match: frozenset[Place]


@dataclass(frozen=True)
class Result:
    hits: list[Hit]
    tiers: dict[str, int]
    total: int
    match: str
    side_by_side: int | None
    clauses: list[int]


class _Match(NamedTuple):
    tier: int
    score: float
    article: int
    passage: int


class Corpus:
    """The live articles."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.articles = sorted(articles, key=lambda article: article.address)
        self.passages = [passage for article in self.articles for passage in article.passages]
        n_words = sum(passage.length for passage in self.passages)
        self.average = n_words / len(self.passages) if n_words else 1.0
        self._idf: dict[tuple[Atom, bool], float] = {}

    def idf(self, atom: Atom, *, is_exact: bool) -> float:
        """Weigh a term or, for a pattern, all that fits it as one synonym."""
        # An exact word is as rare as its term.
        key = atom, is_exact and not isinstance(atom, Part)
        if key not in self._idf:
            df = sum(bool(passage.places_of_part(atom, is_exact=key[1])) for passage in self.passages)
            self._idf[key] = log(1 + (len(self.passages) - df + 0.5) / (df + 0.5))
        return self._idf[key]

    def rarity(self, words: Words) -> float:
        """Sum the idf of the parts of words."""
        return sum(self.idf(part, is_exact=words.is_exact) for word in words.words for part in word.parts)

    def score(self, leaf: Leaf, passage: Passage) -> float:
        if isinstance(leaf, Close):  # of alternatives, the commonest
            rarity = sum(min(map(self.rarity, member)) for member in leaf.members)
        else:
            rarity = self.rarity(leaf)
        tf = passage.find(leaf).frequency
        return tf / (tf + K1 * (1 - B + B * passage.length / self.average)) * (leaf.weight * rarity)

    def search(
        self,
        query: Query,
        *,
        match: str = "auto",
        limit: int = 10,
        since: str = "",
        until: str = "",
        within: str = "",
    ) -> Result:
        """Answer a query, as understood; arguments as for the program."""
        loose, required = list(query.loose), list(query.required)
        if loose or required:
            required += [Dates(since, until)] if since or until else []
            required += [Within((within,), keeps_headings=True)] if within else []
        ranked = self._ranked(loose, required, match=match)
        counts = [sum(hit.tier == tier for hit, _ in ranked) for tier in range(3)]
        widest = 0
        if match == "auto":
            while sum(counts[: widest + 1]) < limit and any(counts[widest + 1 :]):
                widest += 1
            while widest and not counts[widest]:
                widest -= 1
        ranked = [pair for pair in ranked if pair[0].tier <= widest]
        return Result(
            hits=[self._hit(hit, shown, loose, required) for hit, shown in ranked[:limit]],
            tiers=dict(zip(TIERS, counts, strict=True)) if match == "auto" else {match: counts[0]},
            total=len(ranked),
            match=TIERS[widest] if match == "auto" else match,
            side_by_side=len(self._ranked([], [query.phrase, *required], match="all"))
            if query.phrase
            else None,
            clauses=[
                sum(satisfies(passage, node)[0] for passage in self.passages) for node in (*loose, *required)
            ],
        )

    def _ranked(self, loose: list[Words], required: list[Node], *, match: str) -> list[tuple[_Match, int]]:
        """Give every match, best first, with the number of the passage to show."""
        found = list(self._matches(loose, required, is_tiered=match != "any")) if loose or required else []
        if any(map(_asks_for_kinds, required)):
            ranked = [(hit, hit.passage) for hit in found]
        else:
            ranked = self._without_headings(
                found, [node for clause in required for node in _excluded(clause)]
            )
        if match == "all":
            ranked = [pair for pair in ranked if pair[0].tier == 0]
        ranked.sort(key=lambda pair: (pair[0].tier, -pair[0].score, pair[0].article, pair[0].passage))
        return ranked

    def _matches(self, loose: list[Words], required: list[Node], *, is_tiered: bool) -> Iterator[_Match]:
        for number, article in enumerate(self.articles):
            has_all = all(any(passage.places(words) for passage in article.passages) for words in loose)
            for place, passage in enumerate(article.passages):
                fit, counting = satisfies(passage, And(tuple(required)))
                present = [words for words in loose if passage.places(words)]
                if not fit or (loose and not present):
                    continue
                score = 0.0
                # Sums of floating-point numbers depend on the order.
                for leaf in sorted([*present, *counting], key=lambda leaf: leaf.key):
                    score += self.score(leaf, passage)
                is_complete = len(present) == len(loose) or not is_tiered
                yield _Match(0 if is_complete else 1 if has_all else 2, score, number, place)

    def _without_headings(self, found: list[_Match], excluded: list[Node]) -> list[tuple[_Match, int]]:
        """Give what stays, each with the number of the passage to show, which is none that the query excludes."""
        kept: list[tuple[_Match, int]] = []
        for number, article in enumerate(self.articles):
            here = sorted(
                (match for match in found if match.article == number),
                key=lambda match: (match.tier, -match.score, match.passage),
            )
            headings = [match for match in here if article.passages[match.passage].kind.is_heading]
            others = [match for match in here if not article.passages[match.passage].kind.is_heading]
            if headings and (not others or headings[0].tier < others[0].tier):
                if others:
                    shown = others.pop(0).passage
                else:
                    leads = [i for i, passage in enumerate(article.passages) if passage.kind is Kind.BODY]
                    shown = leads[0] if leads else headings[0].passage
                    if any(satisfies(article.passages[shown], node)[0] for node in excluded):
                        shown = headings[0].passage
                kept.append((headings[0], shown))
            kept += [(match, match.passage) for match in others]
        return kept

    def _hit(self, match: _Match, shown: int, loose: list[Words], required: list[Node]) -> Hit:
        article = self.articles[match.article]

        def marked(passage: Passage) -> frozenset[Place]:
            leaves = [*loose, *satisfies(passage, And(tuple(required)))[1]]
            return frozenset(place for leaf in leaves for place in passage.find(leaf).places)

        return Hit(
            address=article.address,
            passage=match.passage,
            shown=shown,
            tier=TIERS[match.tier],
            score=match.score,
            places=marked(article.passages[shown]),
            places_of_match=marked(article.passages[match.passage]),
        )


def satisfies(passage: Passage, node: Node) -> tuple[bool, list[Leaf]]:
    """Tell whether a passage satisfies a clause, and which of its leaves count."""
    match node:
        case Words() | Close():
            return (True, [node]) if passage.find(node).frequency else (False, [])
        case Foreign():
            raise TypeError("only Whoosh can tell")
        case Not(inner):
            return not satisfies(passage, inner)[0], []
        case And(nodes) | Or(nodes):
            branches = [satisfies(passage, child) for child in nodes]
            fitting = [fit for fit, _ in branches]
            fit = all(fitting) if isinstance(node, And) else any(fitting)
            return fit, [leaf for fits, leaves in branches if fits and fit for leaf in leaves]
        case _:
            return selects(node, passage.article, passage.kind), []


def _asks_for_kinds(node: Node) -> bool:
    """Tell whether headings are wanted as they are."""
    return (
        isinstance(node, Kinds)
        or (isinstance(node, Within) and node.keeps_headings)
        or (isinstance(node, And | Or) and any(map(_asks_for_kinds, node.nodes)))
    )


def _excluded(node: Node) -> list[Node]:
    """List what no passage may hold, whatever else."""
    if isinstance(node, Not):
        return [node.node]
    return [each for child in node.nodes for each in _excluded(child)] if isinstance(node, And) else []
