"""SQLite's FTS5."""

import sqlite3
from pathlib import Path
from typing import Any

from questions import Clause, Question
from texts import Corpus

from peers import Form, Ranking, Unable, boolean

SNIPPET_WORDS = 40
_TOKENIZERS = {
    "raw": "porter unicode61 remove_diacritics 2",
    # Whatever is no whitespace belongs to a word.
    "stems": "unicode61 remove_diacritics 0 categories ''L* N* Co M* P* S*''",
}


def _quoted(clause: Clause, form: Form) -> str:
    return f'"{" ".join(clause.words if form == "raw" else clause.terms)}"'


class _Fts5:
    name = "fts5"
    version = sqlite3.sqlite_version
    settings = (
        "porter, detail=full, one transaction, journal and synchronous off, automerge off and optimized at the end, "
        "order by rank, mapped"
    )
    scale = None  # its idf is another

    def build(self, corpus: Corpus, folder: Path, form: Form, *, workers: int) -> None:
        if workers > 1:
            raise Unable("it has one writer")
        base = sqlite3.connect(folder / "fts5.db", isolation_level=None)
        base.executescript("pragma journal_mode=off; pragma synchronous=off; pragma cache_size=-256000;")
        content = "" if form == "raw" else ", content=''"
        base.execute(
            f"create virtual table passages using fts5(body{content}, tokenize='{_TOKENIZERS[form]}')"
        )
        base.execute("insert into passages(passages, rank) values('automerge', 0)")
        base.execute("begin")
        base.executemany("insert into passages(rowid, body) values(?, ?)", enumerate(corpus.lines(form)))
        base.execute("insert into passages(passages) values('optimize')")
        base.execute("commit")
        base.close()

    def size_bytes(self, folder: Path) -> int:
        """Give the size without the free pages that merging leaves, as `vacuum` would."""
        base = sqlite3.connect(folder / "fts5.db")
        pages, free, size = (
            base.execute(f"pragma {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        base.close()
        return int((pages - free) * size)

    def open(self, corpus: Corpus, folder: Path, form: Form) -> None:  # noqa: ARG002  (the table knows its tokenizer)
        self._base = sqlite3.connect(f"file:{folder / 'fts5.db'}?mode=ro", uri=True)
        self._base.execute("pragma mmap_size=8000000000")
        self._base.execute("pragma cache_size=-64000")

    def write(self, question: Question, form: Form) -> str:
        return boolean(question, form, write=_quoted)

    def search(self, asked: str, k: int) -> Any:
        return self._base.execute(
            "select rowid, rank from passages where passages match ? order by rank limit ?", (asked, k)
        ).fetchall()

    def ranking(self, found: Any) -> Ranking:
        return [(number, -rank) for number, rank in found]

    def count(self, asked: str) -> int:
        row = self._base.execute("select count(*) from passages where passages match ?", (asked,)).fetchone()
        return int(row[0])

    def snippets(self, asked: str, k: int) -> list[str]:
        rows = self._base.execute(
            f"select snippet(passages, 0, '<mark>', '</mark>', '...', {SNIPPET_WORDS}), rank "
            "from passages where passages match ? order by rank limit ?",
            (asked, k),
        )
        return [snippet for snippet, _ in rows]

    def forget(self) -> None:
        """It remembers nothing of queries; prepared statements aside, as for everybody who uses it."""


PEER = _Fts5()
