"""The program and the naive evaluator give the same answers to the same questions, as people type them.

Vocabularies are small, so that everything collides: hyphenated and joined spellings, inflected forms, possessives, stop
words, articles that are copies of each other. Answers must not depend on how articles are spread over segments, on dead
articles between them, nor on the size of batches.
"""

import random
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import naive
import pytest
from corpora import (
    RICH_WORDS,
    STOP_WORDS,
    WORDS,
    Located,
    assert_same,
    build_both,
    make_articles,
    read_corpus,
    timeless,
)
from sizes import Sizes, both_sizes, tiny
from tokenisers import Tokeniser, plain_tokens, to_word, tokens_of

from searcher import Kind, build_index, open_index
from searcher.api import Index
from searcher.indexing.inversion import batch
from searcher.language.tree import And, Kinds, Node, Not, Or, Part, Query, Word, Words
from searcher.storage import many_terms

N_CORPORA = 90
N_QUERIES = 12
LIMITS = (0, 1, 2, 3, 5, 10, 1000)


class Question(NamedTuple):
    text: str
    meaning: Query


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
        words = [to_word(word, self._tokenise) for word in typed]
        is_positive = any(isinstance(node, Words | And | Or) for _, node in clauses)
        loose = self._without_stop_words(words, has_other=is_positive)
        phrase = Words(tuple(words)) if len(words) > 1 and not clauses else None
        items = [*typed, *(text for text, _ in clauses)]
        if clauses:
            # Loose words stay in order, clauses stand anywhere between them.
            places = sorted(rng.sample(range(len(items)), len(clauses)))
            items = [*typed]
            for place, (text, _) in zip(places, clauses, strict=True):
                items.insert(place, text)
        meaning = Query(tuple(loose), tuple(node for _, node in clauses), phrase)
        return Question(" ".join(items), meaning)

    @staticmethod
    def _without_stop_words(words: list[Word], *, has_other: bool) -> list[Words]:
        kept = [word for word in words if len(word.parts) > 1 or _parts(word)[0].surface not in STOP_WORDS]
        if not kept and not has_other:
            kept = words
        by_meaning = {
            (tuple(part.term for part in _parts(word)), word.joined is None): word for word in kept[::-1]
        }
        return [Words((word,)) for word in list(by_meaning.values())[::-1]]

    def _clause(self, depth: int) -> tuple[str, Node]:
        choices = [self._exact, self._stemmed, self._excluded, self._kinds, self._plus, self._field]
        if depth:
            choices += [self._group, self._group, self._group]
        rng = self._rng
        choice = rng.choice(choices)
        return choice(depth)

    def _phrase(self) -> tuple[str, tuple[Word, ...]]:
        typed = self._rng.choices(self._words, k=self._rng.choice((1, 2, 2, 3)))
        return " ".join(typed), tuple(to_word(word, self._tokenise) for word in typed)

    def _exact(self, _: int) -> tuple[str, Node]:
        text, words = self._phrase()
        return f'"{text}"', Words(words, is_exact=True)

    def _stemmed(self, _: int) -> tuple[str, Node]:
        text, words = self._phrase()
        return f'stem:"{text}"', Words(words)

    def _field(self, _: int) -> tuple[str, Node]:
        typed = self._rng.choice(self._words)
        return f"exact:{typed}", Words((to_word(typed, self._tokenise),), is_exact=True)

    def _plus(self, _: int) -> tuple[str, Node]:
        typed = self._rng.choice(self._words)
        return f"+{typed}", Words((to_word(typed, self._tokenise),))

    def _excluded(self, depth: int) -> tuple[str, Node]:
        if depth and self._rng.random() < 0.5:
            text, node = self._group(depth)
            return f"NOT {text}", Not(node)
        typed = self._rng.choice(self._words)
        return f"-{typed}", Not(Words((to_word(typed, self._tokenise),)))

    def _kinds(self, _: int) -> tuple[str, Node]:
        kinds = self._rng.sample(list(Kind), k=self._rng.choice((1, 2)))
        return f"kind:{','.join(kind.name.lower() for kind in kinds)}", Kinds(frozenset(kinds))

    def _operand(self, depth: int) -> tuple[str, Node]:
        if self._rng.random() < 0.5:
            return self._clause(depth)
        typed = self._rng.choice(self._words)
        return typed, Words((to_word(typed, self._tokenise),))

    def _group(self, depth: int) -> tuple[str, Node]:
        rng = self._rng
        if rng.random() < 0.25:  # side by side in parentheses
            typed = rng.choices(self._words, k=2)
            words = [to_word(word, self._tokenise) for word in typed]
            leaves = self._without_stop_words(words, has_other=False)
            return f"({' '.join(typed)})", leaves[0] if len(leaves) == 1 else And(tuple(leaves))
        operator = rng.choice((And, Or))
        operands = [self._operand(depth - 1) for _ in range(rng.choice((2, 2, 3)))]
        text = f" {operator.__name__.upper()} ".join(text for text, _ in operands)
        return f"({text})", operator(tuple(node for _, node in operands))


def _parts(word: Word) -> list[Part]:
    return [part for part in word.parts if isinstance(part, Part)]


class Case(NamedTuple):
    question: Question
    match: Any
    limit: int


def _cases(rng: random.Random, words: Sequence[str], tokenise: Tokeniser) -> Iterator[Case]:
    asker = Asker(rng, words, tokenise)
    for _ in range(N_QUERIES):
        yield Case(asker.question(), rng.choice(("auto", "auto", "any", "all")), rng.choice(LIMITS))


@pytest.mark.parametrize(
    ("words", "tokenise"), [(WORDS, plain_tokens), (RICH_WORDS, tokens_of("english"))], ids=["plain", "rich"]
)
@pytest.mark.parametrize("block", range(5))
@both_sizes
def test_hits_scores_tiers_and_marks_are_those_of_the_naive_evaluator(  # noqa: PLR0917
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: Sequence[str],
    tokenise: Tokeniser,
    block: int,
    sizes: Sizes,
) -> None:
    numbers = count()
    for seed in sizes(monkeypatch, range(block, N_CORPORA // 2, 5), 3):
        rng = random.Random(f"{seed} {words[0]} {len(words)}")
        folder = tmp_path / str(next(numbers))
        scattered = build_both(rng, folder, make_articles(rng, words), folds=sizes is tiny)
        corpus, located = read_corpus(folder, tokenise)
        with open_index(folder) as index, open_index(scattered) as spread:
            for case in _cases(rng, words, tokenise):
                _check(index, spread, case, corpus, located)


def _check(
    index: Index, spread: Index, case: Case, corpus: naive.Corpus, located: dict[str, Located]
) -> None:
    (text, meaning), match, limit = case
    found = index.search(text, match=match, limit=limit)
    assert_same(found, corpus.search(meaning, match=match, limit=limit), located)
    assert timeless(spread.search(text, match=match, limit=limit)) == timeless(found)


@pytest.mark.parametrize("words", [WORDS, RICH_WORDS], ids=["plain", "rich"])
def test_segments_are_the_same_whatever_the_size_of_batches_and_ranges(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: Sequence[str]
) -> None:
    for seed in range(8):
        rng = random.Random(f"batches {seed}")
        articles = make_articles(rng, words)
        build_index(articles, tmp_path / f"{seed}")
        with monkeypatch.context() as patch:
            patch.setattr(batch, "BATCH_BYTES", rng.choice((1, 50, 300)))
            patch.setattr("searcher.indexing.inversion.threads.n_processors", lambda: 1)
            patch.setattr(many_terms, "RANGE_OCCURRENCES", rng.choice((1, 7, 100)))
            build_index(articles, tmp_path / f"{seed}-cut")
        for suffix in (".npz", ".zst"):
            (whole,) = (tmp_path / f"{seed}").glob(f"segment-*{suffix}")
            (cut,) = (tmp_path / f"{seed}-cut").glob(f"segment-*{suffix}")
            assert cut.read_bytes() == whole.read_bytes()
