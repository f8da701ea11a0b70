"""Xapian, by the Python package that comes with it (Debian: ``python3-xapian``)."""

import os
import sys
from pathlib import Path
from typing import Any

from questions import Question
from texts import Corpus

from peers import Form, Ranking, Unable, boolean, folder_size

try:
    import xapian
except ImportError:  # Debian's package belongs to the system's Python
    sys.path.append("/usr/lib/python3/dist-packages")
    import xapian

FLUSH_DOCUMENTS = 100_000
SNIPPET_CHARACTERS = 250


class _Xapian:
    name = "xapian"
    version = xapian.version_string()
    settings = (
        f"English stems, all of them, with positions, flushed every {FLUSH_DOCUMENTS:,} documents, compacted"
    )
    scale = None  # its idf is another

    def build(self, corpus: Corpus, folder: Path, form: Form, *, workers: int) -> None:
        if workers > 1:
            raise Unable("it has one writer")
        os.environ["XAPIAN_FLUSH_THRESHOLD"] = str(FLUSH_DOCUMENTS)
        flags = xapian.DB_CREATE_OR_OVERWRITE | xapian.DB_NO_SYNC | xapian.DB_DANGEROUS
        base = xapian.WritableDatabase(str(folder / "building"), flags)
        generator = xapian.TermGenerator()
        generator.set_stemmer(xapian.Stem("english"))
        generator.set_stemming_strategy(xapian.TermGenerator.STEM_ALL)
        for text in corpus.lines(form):
            document = xapian.Document()
            if form == "raw":
                document.set_data(text)
                generator.set_document(document)
                generator.set_termpos(0)
                generator.index_text(text)
            else:
                for position, term in enumerate(text.split()):
                    if len(term) < 100:
                        document.add_posting(term, position)
            base.add_document(document)
        base.commit()
        base.compact(str(folder / "glass"))
        base.close()
        for path in (folder / "building").iterdir():
            path.unlink()

    def size_bytes(self, folder: Path) -> int:
        return folder_size(folder)

    def open(self, corpus: Corpus, folder: Path, form: Form) -> None:  # noqa: ARG002
        self._base = xapian.Database(str(folder / "glass"))
        self._stemmer = xapian.Stem("english" if form == "raw" else "none")
        self._parser = xapian.QueryParser()
        self._parser.set_stemmer(self._stemmer)
        self._parser.set_stemming_strategy(
            xapian.QueryParser.STEM_ALL if form == "raw" else xapian.QueryParser.STEM_NONE
        )
        self._parser.set_database(self._base)

    def write(self, question: Question, form: Form) -> str:
        return boolean(question, form)

    def _enquire(self, asked: str) -> Any:
        flags = xapian.QueryParser.FLAG_PHRASE | xapian.QueryParser.FLAG_BOOLEAN
        enquire = xapian.Enquire(self._base)
        enquire.set_query(self._parser.parse_query(asked, flags))
        return enquire

    def search(self, asked: str, k: int) -> Any:
        enquire = self._enquire(asked)
        enquire.set_weighting_scheme(xapian.BM25Weight(1.2, 0, 1, 0.75, 0))
        return [(match.docid, match.weight) for match in enquire.get_mset(0, k)]

    def ranking(self, found: Any) -> Ranking:
        return [(number - 1, weight) for number, weight in found]

    def count(self, asked: str) -> int:
        enquire = self._enquire(asked)
        enquire.set_weighting_scheme(xapian.BoolWeight())
        count: int = enquire.get_mset(0, 0, self._base.get_doccount()).get_matches_estimated()
        return count

    def snippets(self, asked: str, k: int) -> list[str]:
        enquire = self._enquire(asked)
        enquire.set_weighting_scheme(xapian.BM25Weight(1.2, 0, 1, 0.75, 0))
        found = enquire.get_mset(0, k)
        flags = xapian.MSet.SNIPPET_BACKGROUND_MODEL | xapian.MSet.SNIPPET_EXHAUSTIVE
        return [
            found.snippet(
                match.document.get_data(), SNIPPET_CHARACTERS, self._stemmer, flags, "<mark>", "</mark>"
            ).decode()
            for match in found
        ]

    def forget(self) -> None:
        """It remembers nothing of queries."""


PEER = _Xapian()
