"""The program and the naive evaluator give the same answers to the same questions.

Vocabularies are small, so that everything collides: hyphenated and joined spellings, inflected forms, possessives, stop
words, articles that are copies of each other. Answers must not depend on how articles are spread over segments, on dead
articles between them, nor on the size of batches.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import naive
import pytest
from naive import Part, Token, Tree, Word, Words
from nltk.stem.snowball import SnowballStemmer

from searcher import Article, Kind, SearchResult, Span, build_index, open_index
from searcher.api import Index
from searcher.indexing import invert, sources
from searcher.indexing.build import SegmentBuilder
from searcher.storage.manifest import SegmentEntry, commit, read_manifest, seal
from searcher.storage.snapshot import open_snapshot
from searcher.text.analysis import Analyser, split_spans

N_CORPORA = 90
N_QUERIES = 12
LIMITS = (0, 1, 2, 3, 5, 10, 1000)
STOP_WORDS = ("the", "of", "in", "to", "at", "t")

WORDS = [
    "war",
    "wars",
    "talk",
    "talks",
    "talking",
    "peace",
    "cease",
    "fire",
    "fires",
    "ceasefire",
    "ceasefires",
    "cease-fire",
    "cease-fires",
    "town",
    "town's",
    "towns",
    "peace-talks",
    "war-talks",
    "town-to-town",
    "co-op",
    "co-op-s",
    "coop",
    "to",
    "the",
    "of",
    "in",
    "the",
]
FILLERS = ["lead", "copper", "zinc", "nickel"]
RICH_WORDS = [
    "war",
    "Wars",
    "war's",
    "cease-fire",
    "ceasefire",
    "Cease‐fires",
    "cease",
    "fire",
    "U.S.",
    "US",
    "us",
    "UN",
    "U.N.",
    "un",
    "Bakı",
    "Baki",
    "café",
    "cafés",
    "Café’s",
    "停戦",
    "戦",
    "3.5",
    "100,437",
    "100437",
    "AT&T",
    "at",
    "t",
    "cease-fire/truce",
    "truce",
    "co-operation",
    "cooperation",
    "the",
    "of",
]


@dataclass(frozen=True)
class Analysed:
    """Tokens, and where the word at each position stands."""

    tokens: list[Token]
    spans: list[Span]


Tokeniser = Callable[[str], Analysed]


def _plain_tokens(text: str) -> Analysed:
    """A second tokeniser, for letters, apostrophes and hyphens of English."""
    stem = SnowballStemmer("english").stem
    tokens: list[Token] = []
    spans: list[Span] = []
    for run in re.finditer(r"[a-z']+(?:-[a-z']+)*", text.lower()):
        first, at = len(spans), run.start()
        parts = run.group().split("-")
        for part in parts:
            tokens.append(Token(part, stem(part.removesuffix("'s")), len(spans)))
            spans.append(Span(at, at + len(part)))
            at += len(part) + 1
        if 2 <= len(parts) <= 4:
            tokens.append(Token(run.group(), stem("".join(parts)), first, len(parts)))
    return Analysed(tokens, spans)


def _rich_tokens(text: str) -> Analysed:
    """The program's own analysis, for whatever words there are."""
    analyser = Analyser()
    tokens: list[Token] = []
    spans: list[Span] = []
    for chunk in split_spans(text, 0, len(text)):
        first = len(spans)
        for token in analyser.tokens(text[chunk.start : chunk.end]):
            tokens.append(Token(token.surface, token.term, first + token.position, token.width))
            if not token.is_overlay:
                spans.append(Span(chunk.start + token.start, chunk.start + token.end))
    return Analysed(tokens, spans)


def _word(typed: str, tokenise: Tokeniser) -> Word:
    """What a typed word means: its parts, dotted where that is a spelling of it, and its joined form."""
    found = tokenise(typed)
    parts: dict[int, Part] = {}
    joined: Part | None = None
    for surface, term, position, width in found.tokens:
        if width == len(found.spans) > 1:
            joined = surface, term
        elif width == 1 and (position not in parts or "." in surface):
            parts[position] = surface, term
    return Word(tuple(parts[position] for position in sorted(parts)), joined)


class Question(NamedTuple):
    text: str
    loose: list[Words]
    required: list[Tree]
    phrase: Words | None


class Asker:
    """Makes up questions, as text and as what they mean."""

    def __init__(self, rng: random.Random, words: Sequence[str], tokenise: Tokeniser) -> None:
        self._rng = rng
        self._words = words
        self._tokenise = tokenise

    def question(self) -> Question:
        rng = self._rng
        typed = rng.choices(self._words, k=rng.choice((0, 1, 1, 2, 2, 3, 4)))
        clauses = [self._clause(2) for _ in range(rng.choice((0, 0, 0, 1, 1, 2)))]
        if (
            not typed
            and len(clauses) == 1
            and set(bare := clauses[0][0].strip("()").split()) <= set(self._words)
        ):
            typed, clauses = bare, []  # parentheses around everything change nothing
        words = [_word(word, self._tokenise) for word in typed]
        is_positive = any(isinstance(node, Words) or node[0] in ("and", "or") for _, node in clauses)
        loose = self._without_stop_words(words, has_other=is_positive)
        phrase = Words(tuple(words)) if len(words) > 1 and not clauses else None
        items = [*typed, *(text for text, _ in clauses)]
        if clauses:
            # Loose words stay in order, clauses stand anywhere between them.
            places = sorted(rng.sample(range(len(items)), len(clauses)))
            items = [*typed]
            for place, (text, _) in zip(places, clauses, strict=True):
                items.insert(place, text)
        return Question(" ".join(items), loose, [node for _, node in clauses], phrase)

    @staticmethod
    def _without_stop_words(words: list[Word], *, has_other: bool) -> list[Words]:
        kept = [word for word in words if len(word.parts) > 1 or word.parts[0][0] not in STOP_WORDS]
        if not kept and not has_other:
            kept = words
        by_meaning = {
            (tuple(term for _, term in word.parts), word.joined is None): word for word in kept[::-1]
        }
        return [Words((word,)) for word in list(by_meaning.values())[::-1]]

    def _clause(self, depth: int) -> tuple[str, Tree]:
        choices = [self._exact, self._stemmed, self._excluded, self._kinds, self._plus, self._field]
        if depth:
            choices += [self._group, self._group, self._group]
        rng = self._rng
        choice = rng.choice(choices)
        return choice(depth)

    def _phrase(self) -> tuple[str, tuple[Word, ...]]:
        typed = self._rng.choices(self._words, k=self._rng.choice((1, 2, 2, 3)))
        return " ".join(typed), tuple(_word(word, self._tokenise) for word in typed)

    def _exact(self, _: int) -> tuple[str, Tree]:
        text, words = self._phrase()
        return f'"{text}"', Words(words, is_exact=True)

    def _stemmed(self, _: int) -> tuple[str, Tree]:
        text, words = self._phrase()
        return f'stem:"{text}"', Words(words)

    def _field(self, _: int) -> tuple[str, Tree]:
        typed = self._rng.choice(self._words)
        return f"exact:{typed}", Words((_word(typed, self._tokenise),), is_exact=True)

    def _plus(self, _: int) -> tuple[str, Tree]:
        typed = self._rng.choice(self._words)
        return f"+{typed}", Words((_word(typed, self._tokenise),))

    def _excluded(self, depth: int) -> tuple[str, Tree]:
        if depth and self._rng.random() < 0.5:
            text, node = self._group(depth)
            return f"NOT {text}", ("not", node)
        typed = self._rng.choice(self._words)
        return f"-{typed}", ("not", Words((_word(typed, self._tokenise),)))

    def _kinds(self, _: int) -> tuple[str, Tree]:
        kinds = self._rng.sample(["body", "title", "caption", "keywords"], k=self._rng.choice((1, 2)))
        return f"kind:{','.join(kinds)}", ("kind", frozenset(kinds))

    def _operand(self, depth: int) -> tuple[str, Tree]:
        if self._rng.random() < 0.5:
            return self._clause(depth)
        typed = self._rng.choice(self._words)
        return typed, Words((_word(typed, self._tokenise),))

    def _group(self, depth: int) -> tuple[str, Tree]:
        rng = self._rng
        if rng.random() < 0.25:  # side by side in parentheses
            typed = rng.choices(self._words, k=2)
            words = [_word(word, self._tokenise) for word in typed]
            leaves = self._without_stop_words(words, has_other=False)
            return f"({' '.join(typed)})", leaves[0] if len(leaves) == 1 else ("and", leaves)
        operator = rng.choice(["and", "or"])
        operands = [self._operand(depth - 1) for _ in range(rng.choice((2, 2, 3)))]
        text = f" {operator.upper()} ".join(text for text, _ in operands)
        return f"({text})", (operator, [node for _, node in operands])


def _articles(rng: random.Random, words: Sequence[str]) -> list[Article]:
    """Make up a few articles, some of them copies of others."""
    texts: list[str] = []
    for _ in range(rng.randint(1, 9)):
        if texts and rng.random() < 0.3:
            texts.append(rng.choice(texts))
            continue
        used = rng.sample(words, k=min(rng.randint(3, 12), len(words)))
        paragraphs = []
        if rng.random() < 0.6:
            paragraphs.append("# " + " ".join(rng.choices([*used, *FILLERS], k=rng.randint(3, 6))))
        if rng.random() < 0.4:
            paragraphs.append("Keywords: " + ", ".join(rng.choices(used, k=rng.randint(2, 4))))
        for _ in range(rng.randint(0, 4)):
            if rng.random() < 0.3:
                paragraphs.append("Photo: " + " ".join(rng.choices([*used, *FILLERS], k=rng.randint(3, 8))))
            here = [
                *rng.sample(used, k=rng.randint(1, len(used))),
                *rng.choices(FILLERS, k=rng.randint(1, 12)),
            ]
            size = rng.choice((6, 30, 82, 82, 130, 260))
            paragraphs.append(" ".join(rng.choices(here, k=size)))
        texts.append("\n\n".join(paragraphs))
    names = rng.sample(["a", "b", "B", "c/a", "c", "d", "é", "e", "f", "g"], k=len(texts))
    return [Article(address=name, text=text) for name, text in zip(names, texts, strict=True)]


class Located(NamedTuple):
    """Passages of an article as the index has them: only their bounds and kinds are taken from it."""

    passages: list[tuple[int, int, Kind]]
    words: list[list[Span]]


def _corpus(index: Path, tokenise: Tokeniser) -> tuple[naive.Corpus, dict[str, Located]]:
    """Read the passages of an index of one segment, and tokenise them anew."""
    articles: list[naive.Article] = []
    located: dict[str, Located] = {}
    snapshot = open_snapshot(index)
    for live in snapshot.segments:
        columns = live.segment.columns
        for number in range(live.segment.n_articles):
            article = live.segment.article(number)
            bounds: list[tuple[int, int, Kind]] = []
            words: list[list[Span]] = []
            passages: list[naive.Passage] = []
            first, end = (int(place) for place in columns["article_passages"][number : number + 2])
            for place in range(first, end):
                start, stop = int(columns["passage_start"][place]), int(columns["passage_end"][place])
                kind = Kind(int(columns["passage_kind"][place]))
                analysed = tokenise(article.text[start:stop])
                bounds.append((start, stop, kind))
                words.append([Span(start + word.start, start + word.end) for word in analysed.spans])
                passages.append(naive.Passage(kind.name.lower(), analysed.tokens))
            articles.append(naive.Article(article.address, passages))
            located[article.address] = Located(bounds, words)
    return naive.Corpus(articles), located


def _marks(places: frozenset[tuple[int, int]], words: Sequence[Span]) -> tuple[Span, ...]:
    """Turn runs of positions into spans; those that overlap become one."""
    merged: list[Span] = []
    for start, end in sorted((words[first].start, words[last - 1].end) for first, last in places):
        if merged and start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Span(start, end))
    return tuple(merged)


def _assert_same(found: SearchResult, expected: naive.Result, located: dict[str, Located]) -> None:
    shown = []
    for hit in expected.hits:
        start, end, kind = located[hit.address].passages[hit.shown]
        marks = _marks(hit.places, located[hit.address].words[hit.shown])
        shown.append((hit.address, start, end, kind, hit.tier, hit.shown != hit.passage, marks))
    assert [
        (
            hit.article.address,
            hit.passage.start,
            hit.passage.end,
            hit.passage.kind,
            hit.match,
            hit.heading is not None,
            hit.marks,
        )
        for hit in found
    ] == shown
    assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected.hits], abs=1e-9)
    assert [hit.rank for hit in found] == list(range(1, len(shown) + 1))
    assert found.tiers == expected.tiers
    assert (found.total, found.match, found.side_by_side) == (
        expected.total,
        expected.match,
        expected.side_by_side,
    )


def _spread(rng: random.Random, index: Path, scattered: Path, articles: list[Article]) -> None:
    """Build the same index in several segments, with dead articles in them."""
    scattered.mkdir()
    slices: list[list[Article]] = [[] for _ in range(rng.randint(2, 4))]
    dead: list[set[str]] = [set() for _ in slices]
    for article in articles:
        home, other = rng.sample(range(len(slices)), 2)
        slices[home].append(article)
        if rng.random() < 0.4:  # an older state of it
            slices[other].append(replace(article, text=rng.choice(articles).text + " war"))
            dead[other].add(article.address)
    segments: list[SegmentEntry] = []
    for number, (part, gone) in enumerate(zip(slices, dead, strict=True), 1):
        if not part:
            continue
        part.sort(key=lambda article: article.address)
        with SegmentBuilder(scattered, f"segment-{number:08d}", Analyser()) as builder:
            for article in part:
                builder.add(article, "")
            entry = seal(scattered, builder.finish())
        tombstones = tuple(i for i, article in enumerate(part) if article.address in gone)
        segments.append(replace(entry, dead_articles=tombstones))
    commit(scattered, replace(read_manifest(index), segments=tuple(segments)))


def _timeless(result: SearchResult) -> SearchResult:
    return replace(result, elapsed_ms=0.0)


class Case(NamedTuple):
    question: Question
    match: Any
    limit: int


def _cases(rng: random.Random, words: Sequence[str], tokenise: Tokeniser) -> Iterator[Case]:
    asker = Asker(rng, words, tokenise)
    for _ in range(N_QUERIES):
        yield Case(asker.question(), rng.choice(("auto", "auto", "any", "all")), rng.choice(LIMITS))


def _build(
    rng: random.Random, folder: Path, words: Sequence[str], tokenise: Tokeniser
) -> tuple[list[Article], naive.Corpus, dict[str, Located]]:
    articles = _articles(rng, words)
    build_index(articles, folder)
    corpus, located = _corpus(folder, tokenise)
    return articles, corpus, located


@pytest.mark.parametrize(
    ("words", "tokenise"), [(WORDS, _plain_tokens), (RICH_WORDS, _rich_tokens)], ids=["plain", "rich"]
)
@pytest.mark.parametrize("block", range(5))
def test_hits_scores_tiers_and_marks_are_those_of_the_naive_evaluator(
    tmp_path: Path, words: Sequence[str], tokenise: Tokeniser, block: int
) -> None:
    numbers = count()
    for seed in range(block, N_CORPORA // 2, 5):
        rng = random.Random(f"{seed} {words[0]} {len(words)}")
        folder = tmp_path / str(next(numbers))
        articles, corpus, located = _build(rng, folder, words, tokenise)
        scattered = folder.with_name(f"{folder.name}-scattered")
        _spread(rng, folder, scattered, articles)
        with open_index(folder) as index, open_index(scattered) as spread:
            for case in _cases(rng, words, tokenise):
                _check(index, spread, case, corpus, located)


def _check(
    index: Index, spread: Index, case: Case, corpus: naive.Corpus, located: dict[str, Located]
) -> None:
    (text, loose, required, phrase), match, limit = case
    found = index.search(text, match=match, limit=limit)
    expected = corpus.search(loose, required, phrase=phrase, match=match, limit=limit)
    _assert_same(found, expected, located)
    assert _timeless(spread.search(text, match=match, limit=limit)) == _timeless(found)


@pytest.mark.parametrize("words", [WORDS, RICH_WORDS], ids=["plain", "rich"])
def test_segments_are_the_same_whatever_the_size_of_batches_and_ranges(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: Sequence[str]
) -> None:
    for seed in range(8):
        rng = random.Random(f"batches {seed}")
        articles = _articles(rng, words)
        build_index(articles, tmp_path / f"{seed}")
        with monkeypatch.context() as patch:
            patch.setattr(invert, "BATCH_CHUNKS", rng.choice((1, 50, 300)))
            patch.setattr(sources, "RANGE_OCCURRENCES", rng.choice((1, 7, 100)))
            build_index(articles, tmp_path / f"{seed}-cut")
        for suffix in (".npz", ".zst"):
            (whole,) = (tmp_path / f"{seed}").glob(f"segment-*{suffix}")
            (cut,) = (tmp_path / f"{seed}-cut").glob(f"segment-*{suffix}")
            assert cut.read_bytes() == whole.read_bytes()
