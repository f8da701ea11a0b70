"""Ranking by the book: one passage after the other, one word after the other, in plain Python.

It knows the rules of tiers, headings and scores, and nothing of columns, segments or limits on memory. Articles are
tokens already; queries are tuples:

- ``Words(words, is_exact)``: words side by side. A word is ``Word(parts, joined)``, a part ``(surface, term)``.
- ``("and", nodes)``, ``("or", nodes)``, ``("not", node)``, ``("kind", names)``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import Any, NamedTuple

K1, B = 1.2, 0.75
TIERS = ("all", "article", "any")
HEADINGS = ("title", "keywords")

Part = tuple[str, str]
Tree = Any


class Token(NamedTuple):
    surface: str
    term: str
    position: int
    width: int = 1


class Word(NamedTuple):
    parts: tuple[Part, ...]
    joined: Part | None = None


class Words(NamedTuple):
    words: tuple[Word, ...]
    is_exact: bool = False

    @property
    def terms(self) -> list[str]:
        return [term for word in self.words for _, term in word.parts]

    @property
    def order(self) -> tuple[bool, Any]:
        """Scores are added in this order, because sums of floating-point numbers depend on it."""
        return self.is_exact, [
            [(term, surface if self.is_exact else "") for surface, term in word.parts] for word in self.words
        ]


@dataclass
class Passage:
    kind: str
    tokens: list[Token]

    def __post_init__(self) -> None:
        self.at: dict[int, list[Token]] = {}
        for token in self.tokens:
            self.at.setdefault(token.position, []).append(token)
        self.terms = {token.term for token in self.tokens}
        self.length = len(self.at)
        self.is_heading = self.kind in HEADINGS


@dataclass
class Article:
    address: str
    passages: list[Passage]


class Hit(NamedTuple):
    """What is shown; ``places`` are the runs of positions to mark, in the passage shown."""

    address: str
    passage: int
    shown: int
    tier: str
    score: float
    places: frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Result:
    hits: list[Hit]
    tiers: dict[str, int]
    total: int
    match: str
    side_by_side: int | None


class _Match(NamedTuple):
    tier: int
    score: float
    article: int
    passage: int


def places(passage: Passage, words: Words) -> set[tuple[int, int]]:
    """Every run of positions at which the words stand side by side, the joined spelling of a word included."""

    def ends_of_part(part: Part, start: int) -> Iterator[int]:
        surface, term = part
        for token in passage.at.get(start, ()):
            is_meant = (
                token.surface.replace("-", "") == surface.replace("-", "")
                if words.is_exact
                else token.term == term
            )
            if is_meant:
                yield start + token.width

    def ends(sequence: Sequence[Part], start: int) -> Iterator[int]:
        if not sequence:
            yield start
            return
        for middle in ends_of_part(sequence[0], start):
            yield from ends(sequence[1:], middle)

    def ends_of_words(rest: Sequence[Word], start: int) -> Iterator[int]:
        if not rest:
            yield start
            return
        spellings = [rest[0].parts, *([(rest[0].joined,)] if rest[0].joined else [])]
        for spelling in spellings:
            for middle in ends(spelling, start):
                yield from ends_of_words(rest[1:], middle)

    return {(start, end) for start in passage.at for end in ends_of_words(words.words, start)}


class Corpus:
    """The live articles."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.articles = sorted(articles, key=lambda article: article.address)
        everything = [passage for article in articles for passage in article.passages]
        self.n_passages = len(everything)
        n_words = sum(passage.length for passage in everything)
        self.average = n_words / self.n_passages if n_words else 1.0
        self.doc_freq: dict[str, int] = {}
        for passage in everything:
            for term in passage.terms:
                self.doc_freq[term] = self.doc_freq.get(term, 0) + 1

    def idf(self, term: str) -> float:
        df = self.doc_freq.get(term, 0)
        return log(1 + (self.n_passages - df + 0.5) / (df + 0.5))

    def score(self, words: Words, passage: Passage) -> float:
        tf = len({start for start, _ in places(passage, words)})
        idf = sum(self.idf(term) for term in words.terms)
        return tf / (tf + K1 * (1 - B + B * passage.length / self.average)) * idf

    def search(
        self,
        loose: Sequence[Words],
        required: Sequence[Tree] = (),
        *,
        phrase: Words | None = None,
        match: str = "auto",
        limit: int = 10,
    ) -> Result:
        """Answer a query.

        Args:
            loose: Loose words, stop words left out, each once.
            required: The other clauses.
            phrase: The loose words side by side, to be counted.
            match: As for the program.
            limit: Hits at most.
        """
        required = list(required)
        found = self._matches(loose, required, is_tiered=match != "any") if loose or required else []
        if not any(_asks_for_kinds(node) for node in required):
            ranked = self._without_headings(
                found, [node[1] for node in required if isinstance(node, tuple) and node[0] == "not"]
            )
        else:
            ranked = [(hit, hit.passage) for hit in found]
        if match == "all":
            ranked = [pair for pair in ranked if pair[0].tier == 0]
        ranked.sort(
            key=lambda pair: (
                pair[0].tier,
                -pair[0].score,
                self.articles[pair[0].article].address,
                pair[0].passage,
            )
        )
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
            side_by_side=None if phrase is None else self.search([], [phrase]).total,
        )

    def _matches(self, loose: Sequence[Words], required: list[Tree], *, is_tiered: bool) -> list[_Match]:
        found = []
        for number, article in enumerate(self.articles):
            has_all = all(any(places(passage, words) for passage in article.passages) for words in loose)
            for place, passage in enumerate(article.passages):
                fits, counting = _satisfies(passage, ("and", required))
                present = [words for words in loose if places(passage, words)]
                if not fits or (loose and not present):
                    continue
                score = 0.0
                for words in sorted([*present, *counting], key=lambda words: words.order):
                    score += self.score(words, passage)
                is_complete = len(present) == len(loose) or not is_tiered
                found.append(_Match(0 if is_complete else 1 if has_all else 2, score, number, place))
        return found

    def _without_headings(self, found: list[_Match], excluded: list[Tree]) -> list[tuple[_Match, int]]:
        """Give what stays, each with the number of the passage to show, which is none that the query excludes."""
        kept: list[tuple[_Match, int]] = []
        for number, article in enumerate(self.articles):
            here = sorted(
                (match for match in found if match.article == number),
                key=lambda match: (match.tier, -match.score, match.passage),
            )
            headings = [match for match in here if article.passages[match.passage].is_heading]
            others = [match for match in here if not article.passages[match.passage].is_heading]
            if headings and (not others or headings[0].tier < others[0].tier):
                if others:
                    shown = others.pop(0).passage
                else:
                    leads = [i for i, passage in enumerate(article.passages) if passage.kind == "body"]
                    shown = leads[0] if leads else headings[0].passage
                    if any(_satisfies(article.passages[shown], node)[0] for node in excluded):
                        shown = headings[0].passage
                kept.append((headings[0], shown))
            kept += [(match, match.passage) for match in others]
        return kept

    def _hit(self, match: _Match, shown: int, loose: Sequence[Words], required: list[Tree]) -> Hit:
        article = self.articles[match.article]
        passage = article.passages[shown]
        marked = [*loose, *_satisfies(passage, ("and", required))[1]]
        return Hit(
            address=article.address,
            passage=match.passage,
            shown=shown,
            tier=TIERS[match.tier],
            score=match.score,
            places=frozenset(place for words in marked for place in places(passage, words)),
        )


def _satisfies(passage: Passage, node: Tree) -> tuple[bool, list[Words]]:
    """Tell whether a passage satisfies a clause, and which of its leaves count."""
    if isinstance(node, Words):
        return (True, [node]) if places(passage, node) else (False, [])
    operator, operand = node
    if operator == "kind":
        return passage.kind in operand, []
    if operator == "not":
        return not _satisfies(passage, operand)[0], []
    branches = [_satisfies(passage, child) for child in operand]
    fits = all(fit for fit, _ in branches) if operator == "and" else any(fit for fit, _ in branches)
    return fits, [leaf for fit, leaves in branches if fit and fits for leaf in leaves]


def _asks_for_kinds(node: Tree) -> bool:
    if isinstance(node, Words):
        return False
    operator, operand = node
    return operator == "kind" or (
        operator in ("and", "or") and any(_asks_for_kinds(child) for child in operand)
    )
