"""tantivy, by its Python package. Not to count is the faster way to hits, to make all scores equal the faster way to counts."""

from pathlib import Path
from typing import Any

import tantivy
from questions import Question
from texts import Corpus

from peers import Form, Ranking, folder_size, words

HEAP_BYTES = 1_000_000_000
"""A thread. Enough for one segment from one thread, which is the fastest to search."""
SNIPPET_CHARACTERS = 250


class _Tantivy:
    name = "tantivy"
    version = tantivy.__version__.split(",")[0].removeprefix("tantivy v")
    settings = (
        f"en_stem, positions, heap {HEAP_BYTES // 1_000_000:,} MB a thread, texts stored (LZ4), count=False"
    )
    scale = 2.2

    def build(self, corpus: Corpus, folder: Path, form: Form, *, workers: int) -> None:
        schema = tantivy.SchemaBuilder()
        schema.add_text_field(
            "body", tokenizer_name="en_stem" if form == "raw" else "whitespace", stored=form == "raw"
        )
        schema.add_unsigned_field("id", fast=True)
        index = tantivy.Index(schema.build(), str(folder))
        writer = index.writer(HEAP_BYTES * workers, workers)
        for number, text in enumerate(corpus.lines(form)):
            document = tantivy.Document()
            document.add_text("body", text)
            document.add_unsigned("id", number)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def size_bytes(self, folder: Path) -> int:
        return folder_size(folder)

    def open(self, corpus: Corpus, folder: Path, form: Form) -> None:  # noqa: ARG002  (the index knows its tokenizer)
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()

    def write(self, question: Question, form: Form) -> str:
        should = " ".join(words(clause, form) for clause in question.should)
        if question.must and question.should:
            should = f"+({should})"
        signed = [
            *(f"+{words(clause, form)}" for clause in question.must),
            should,
            *(f"-{words(clause, form)}" for clause in question.excluded),
        ]
        return " ".join(filter(None, signed))

    def _parse(self, asked: str) -> Any:
        return self._index.parse_query(asked, ["body"])

    def search(self, asked: str, k: int) -> Any:
        return self._searcher.search(self._parse(asked), k, count=False).hits

    def ranking(self, found: Any) -> Ranking:
        numbers = self._searcher.fast_field_values("id", [address for _, address in found])
        return [(number, score) for number, (score, _) in zip(numbers, found, strict=True)]

    def count(self, asked: str) -> int:
        unranked = tantivy.Query.const_score_query(self._parse(asked), 1.0)
        count: int = self._searcher.search(unranked, 1, count=True).count
        return count

    def snippets(self, asked: str, k: int) -> list[str]:
        query = self._parse(asked)
        hits = self._searcher.search(query, k, count=False).hits
        generator = tantivy.SnippetGenerator.create(self._searcher, query, self._index.schema, "body")
        generator.set_max_num_chars(SNIPPET_CHARACTERS)
        return [
            generator.snippet_from_doc(self._searcher.doc(address)).to_html().replace("b>", "mark>")
            for _, address in hits
        ]

    def forget(self) -> None:
        """It remembers nothing of queries."""


PEER = _Tantivy()
