"""bm25s with its Numba backend: unions only, and no positions."""

from pathlib import Path
from typing import Any

import bm25s
import numba
import Stemmer
from questions import Question
from texts import Corpus

from peers import Form, Ranking, Unable, folder_size


class _Bm25s:
    name = "bm25s"
    version = f"{bm25s.__version__} with Numba {numba.__version__}"
    settings = "lucene, k1 1.2, b 0.75, Numba, scores in memory, no positions, no texts"
    scale = 1.0

    def build(self, corpus: Corpus, folder: Path, form: Form, *, workers: int) -> None:
        if workers > 1:
            raise Unable("it has no workers")
        if form == "raw":
            tokens = bm25s.tokenize(
                list(corpus.lines(form)),
                stopwords=None,
                stemmer=Stemmer.Stemmer("english"),
                show_progress=False,
            )
        else:
            known: dict[str, int] = {}
            ids = [
                [known.setdefault(word, len(known)) for word in text.split()] for text in corpus.lines(form)
            ]
            tokens = bm25s.tokenization.Tokenized(ids=ids, vocab=known)
        retriever = bm25s.BM25(method="lucene", k1=1.2, b=0.75, backend="numba")
        retriever.index(tokens, show_progress=False)
        retriever.save(str(folder), show_progress=False)

    def size_bytes(self, folder: Path) -> int:
        return folder_size(folder)

    def open(self, corpus: Corpus, folder: Path, form: Form) -> None:  # noqa: ARG002
        if form == "raw":
            raise Unable("it makes no snippets")
        self._retriever = bm25s.BM25.load(str(folder), show_progress=False)
        self._retriever.backend = "numba"
        numba.set_num_threads(1)
        self._retriever.activate_numba_scorer()
        self.search(next(iter(self._retriever.vocab_dict)).split() or ["a"], 10)  # compiles

    def write(self, question: Question, form: Form) -> list[str]:  # noqa: ARG002
        if question.must:
            raise Unable("it has unions only")
        return [term for clause in question.should for term in clause.terms]

    def search(self, asked: list[str], k: int) -> Any:
        if not any(term in self._retriever.vocab_dict for term in asked):
            return [], []
        n_passages = self._retriever.scores["num_docs"]
        found = self._retriever.retrieve([asked], k=min(k, n_passages), n_threads=0, show_progress=False)
        return found.documents[0], found.scores[0]

    def ranking(self, found: Any) -> Ranking:
        return [(int(number), float(score)) for number, score in zip(*found, strict=True) if score > 0]

    def count(self, asked: list[str]) -> int:  # noqa: ARG002
        raise Unable("it does not count")

    def snippets(self, asked: list[str], k: int) -> list[str]:  # noqa: ARG002
        raise Unable("it makes no snippets")

    def forget(self) -> None:
        """It remembers nothing of queries."""


PEER = _Bm25s()
