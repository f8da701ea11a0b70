"""Whoosh, the maintained one, with its own index."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

from questions import Question
from texts import Corpus
from whoosh import fields, highlight, index, qparser, scoring
from whoosh.analysis import SpaceSeparatedTokenizer, StemmingAnalyzer

from peers import Form, Ranking, boolean, folder_size

MEMORY_MB = 512


class _Whoosh:
    name = "whoosh"
    version = version("whoosh3")
    settings = f"StemmingAnalyzer without stop words, positions, {MEMORY_MB} MB a writer, texts stored"
    scale = None  # its idf is another

    def build(self, corpus: Corpus, folder: Path, form: Form, *, workers: int) -> None:
        analyzer = StemmingAnalyzer(stoplist=None, minsize=1) if form == "raw" else SpaceSeparatedTokenizer()
        schema = fields.Schema(body=fields.TEXT(analyzer=analyzer, phrase=True, stored=form == "raw"))
        writer = index.create_in(str(folder), schema).writer(limitmb=MEMORY_MB, procs=workers)
        for text in corpus.lines(form):
            writer.add_document(body=text)
        writer.commit()

    def size_bytes(self, folder: Path) -> int:
        return folder_size(folder)

    def open(self, corpus: Corpus, folder: Path, form: Form) -> None:  # noqa: ARG002  (the index knows its analyzer)
        opened = index.open_dir(str(folder))
        self._searcher = opened.searcher(weighting=scoring.BM25F(B=0.75, K1=1.2))
        self._parser = qparser.QueryParser("body", opened.schema)

    def write(self, question: Question, form: Form) -> str:
        return boolean(question, form, " AND NOT ")

    def search(self, asked: str, k: int) -> Any:
        return self._searcher.search(self._parser.parse(asked), limit=k)

    def ranking(self, found: Any) -> Ranking:
        return [(hit.docnum, hit.score) for hit in found]

    def count(self, asked: str) -> int:
        return sum(1 for _ in self._parser.parse(asked).docs(self._searcher))

    def snippets(self, asked: str, k: int) -> list[str]:
        found = self.search(asked, k)
        found.fragmenter = highlight.ContextFragmenter(maxchars=250, surround=60)
        return [hit.highlights("body", top=1) for hit in found]

    def forget(self) -> None:
        """It remembers nothing of queries but which documents filters let through."""


PEER = _Whoosh()
