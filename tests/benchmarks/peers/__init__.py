"""The engines that are compared, each behind the same few functions.

One document of every engine is one passage of `searcher`, and document numbers are its passage numbers. An engine holds
passages in one of two ways:

- *raw*: the texts as they stand, stored in the index, each engine splitting and stemming them in its own best way. So
  building, sizes and snippets are measured.
- *stems*: the stems that `searcher` finds in them, joined by spaces, which every engine only splits. So all of them hold
  the very same words, and queries are measured.
"""

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, Protocol

from questions import Clause, Question
from texts import Corpus

Form = Literal["raw", "stems"]
Ranking = list[tuple[int, float]]
Writer = Callable[[Clause, Form], str]

OURS = "searcher"
NAMES = (OURS, "tantivy", "fts5", "bm25s", "whoosh", "xapian")
"""In the order of the tables; each is a module of this package."""
MAX_PASSAGES = {"fts5": 2_000_000, "bm25s": 2_000_000, "whoosh": 200_000, "xapian": 2_000_000}
"""Who takes hours, or all memory, for more passages than these. Of 100,000, FTS5 takes 31 ms to rank any of the words, and bm25s takes
0.5 GB to build; both grow with the number."""


class Unable(Exception):  # noqa: N818  (not an error: some engines lack something)
    """An engine does not have what it is asked for."""


class Peer(Protocol):
    """One engine.

    Attributes:
        name: As in `NAMES`.
        version: Of the engine.
        settings: How it is configured, for the report.
        scale: What its scores are divided by to be those of BM25 as Lucene has it, k1 = 1.2, b = 0.75; None if they are
            of another kind.
    """

    name: str
    version: str
    settings: str
    scale: float | None

    def build(self, corpus: Corpus, folder: Path, form: Form, *, workers: int) -> None:
        """Build an index in an empty folder, with so many threads or processes, or raise `Unable`.

        What is indexed is streamed from disk, unless the engine needs all at once.
        """
        ...

    def size_bytes(self, folder: Path) -> int:
        """Give the size of an index."""
        ...

    def open(self, corpus: Corpus, folder: Path, form: Form) -> None:
        """Open the index of a corpus for what follows."""
        ...

    def write(self, question: Question, form: Form) -> Any:
        """Write a question in the engine's own language, or raise `Unable`."""
        ...

    def search(self, asked: Any, k: int) -> Any:
        """Parse and answer: the best k with their scores, in the engine's own form."""
        ...

    def ranking(self, found: Any) -> Ranking:
        """Turn what `search` gave into document numbers and scores, best first."""
        ...

    def count(self, asked: Any) -> int:
        """Parse, and count all documents that match, exactly; or raise `Unable`."""
        ...

    def snippets(self, asked: Any, k: int) -> list[str]:
        """Parse and answer: the best k, each with a snippet in which words are marked; or raise `Unable`."""
        ...

    def forget(self) -> None:
        """Forget parsed queries and their results."""
        ...


def too_slow(names: Iterable[str], n_passages: int) -> list[str]:
    """Give those of some engines that are left out when there are so many passages."""
    return [name for name in names if n_passages > MAX_PASSAGES.get(name, n_passages)]


def load(name: str) -> Peer:
    """Import an engine.

    Raises:
        ImportError: It is not installed.
    """
    peer: Peer = import_module(f"peers.{name}").PEER
    return peer


def words(clause: Clause, form: Form) -> str:
    """Write a word, or a phrase in quotes."""
    found = clause.words if form == "raw" else clause.terms
    return found[0] if len(found) == 1 else f'"{" ".join(found)}"'


def boolean(question: Question, form: Form, but: str = " NOT ", write: Writer = words) -> str:
    """Write a question with AND, OR and NOT, however the last is written, and clauses as `words` does."""
    wanted = [write(clause, form) for clause in question.must]
    if question.should:
        should = " OR ".join(write(clause, form) for clause in question.should)
        wanted.append(f"({should})" if question.must else should)
    return but.join([" AND ".join(wanted), *(write(clause, form) for clause in question.excluded)])


def folder_size(folder: Path) -> int:
    """Add up the sizes of the files of a folder, in bytes."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
