"""`searcher` itself, asked by its public API; only to forget is not in it, since nobody else has to."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from questions import INTERSECTION, LEFT_OUT, PHRASE, TYPED, UNION, Clause, Question
from texts import Corpus, place

import searcher
from peers import Form, Ranking, folder_size
from searcher import build_index, open_index
from searcher.model import Match, Ranked
from searcher.storage.format import FORMAT_VERSION
from searcher.text.words.words import word_spans


class Asked(NamedTuple):
    """A question: a query, and which of its loose words a passage must have."""

    text: str
    match: Match


class _Searcher:
    name = "searcher"
    version = f"{searcher.__version__}, index format {FORMAT_VERSION}"
    settings = "as it comes"
    scale = 1.0

    def build(self, corpus: Corpus, folder: Path, form: Form, *, workers: int) -> None:  # noqa: ARG002  (it divides articles itself, and counts the cores)
        build_index(corpus.articles(), folder)

    def size_bytes(self, folder: Path) -> int:
        return folder_size(folder)

    def open(self, corpus: Corpus, folder: Path, form: Form) -> None:  # noqa: ARG002  (one index has both)
        self._corpus = corpus
        self._index = open_index(folder)

    def write(self, question: Question, form: Form) -> Asked:  # noqa: ARG002
        if question.kind == UNION:
            return Asked(" OR ".join(map(_written, question.should)), "any")
        if question.kind == UNION + LEFT_OUT:
            return Asked(" ".join(map(_written, question.should)), "any")
        if question.kind == INTERSECTION + LEFT_OUT:
            return Asked(" ".join(map(_written, question.must)), "all")
        if question.kind == PHRASE:
            return Asked(_written(question.must[0]), "any")
        if question.kind == TYPED:
            return Asked(question.text, "auto")
        signed = (("+", question.must), ("", question.should), ("-", question.excluded))
        text = " ".join(sign + _written(clause) for sign, clauses in signed for clause in clauses)
        return Asked(text, "any")

    def search(self, asked: Asked, k: int) -> Sequence[Ranked]:
        return self._index.search(asked.text, match=asked.match, limit=k).ranking

    def ranking(self, found: Sequence[Ranked]) -> Ranking:
        places = [place(ranked.address, ranked.start) for ranked in found]
        numbers = np.searchsorted(self._corpus.places(), places).tolist()
        return [(number, ranked.score) for number, ranked in zip(numbers, found, strict=True)]

    def count(self, asked: Asked) -> int:
        return self._index.search(asked.text, match=asked.match, limit=0).total

    def snippets(self, asked: Asked, k: int) -> list[str]:
        result = self._index.search(asked.text, match=asked.match, limit=k)
        return [hit.snippet.html() for hit in result]

    def forget(self) -> None:
        opened = self._index._open
        opened.analyser._terms.clear()
        for vocabulary in opened._evaluator._vocabularies.values():
            vocabulary._known.clear()
            vocabulary._gathered.clear()
        word_spans.cache_clear()

    def with_headings(self, asked: Asked) -> Asked:
        """Ask the same, but let titles be hits like any other passage, as they are for the other engines."""
        return Asked(f"{asked.text} kind:any", asked.match)


def _written(clause: Clause) -> str:
    text = " ".join(clause.words)
    return text if len(clause.words) == 1 else f'stem:"{text}"'


PEER = _Searcher()
