"""How does a corpus lie on disk?

A corpus is a folder: its articles in ``articles.txt``, and in ``passages`` the texts of their passages and their stems, one passage a
line, so that every engine indexes just the same ones. What is there already is used again, unless it was made from other texts or by
another version of the analysis. Everything is streamed: no corpus has to fit into memory.
"""

import json
import tempfile
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sources import Source, kept, numbered, read_texts, write_texts

from searcher import Article, build_index
from searcher.storage.snapshot import open_snapshot
from searcher.text.words.analysis import ANALYSIS_VERSION, Analyser
from searcher.text.words.chunks import split

N_TOGETHER: Final = 50_000
"""Articles that are divided into passages together, with 2 GB of memory."""
MAX_STEMMED: Final = 1_000_000
"""Chunks whose stems are remembered, about."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder with a corpus in it.

    Attributes:
        folder: Where; its name is that of the corpus.
        key: Equal for corpora of equal passages.
    """

    folder: Path
    key: str

    @property
    def name(self) -> str:
        """What it is called."""
        return self.folder.name

    def articles(self) -> Iterator[Article]:
        """Read the articles."""
        return numbered(read_texts(self.folder / "articles.txt"))

    def lines(self, name: str) -> Iterator[str]:
        """Read ``raw`` texts or ``stems``, one string a passage."""
        with (self.folder / "passages" / f"{name}.txt").open(encoding="utf-8", newline="\n") as lines:
            for line in lines:
                yield line[:-1]

    def places(self) -> npt.NDArray[np.int64]:
        """Read where the passages begin, as `place` has it, ascending."""
        places: npt.NDArray[np.int64] = np.load(self.folder / "passages" / "places.npy", mmap_mode="r")
        return places

    def facts(self) -> dict[str, Any]:
        """Read what is known of it: sizes and numbers."""
        facts: dict[str, Any] = json.loads(
            (self.folder / "passages" / "facts.json").read_text(encoding="utf-8")
        )
        return facts

    def files(self) -> Path:
        """Give the folder of its articles as files, written if need be."""

        def write(folder: Path) -> None:
            folder.mkdir()
            for article in self.articles():
                (folder / article.address).write_bytes(article.text.encode())

        return kept(self.folder / "files", self.key, write)


def place(address: str, start: int) -> int:
    """Number a passage by its article and first code point; passages of an index are in this order."""
    return int(address.partition(".")[0]) << 32 | start


def prepare(folder: Path, source: Source) -> Corpus:
    """Make a corpus of texts, unless it is there: articles, passages and stems."""
    folder.mkdir(parents=True, exist_ok=True)
    write_texts(folder / "articles.txt", source)
    corpus = Corpus(folder, f"{source.key} {ANALYSIS_VERSION}")
    kept(folder / "passages", corpus.key, lambda path: _export(corpus, path))
    return corpus


def _export(corpus: Corpus, folder: Path) -> None:
    """Write out the passages, as texts and as stems, in the order of an index."""
    folder.mkdir()
    analyser = Analyser()
    stems_of: dict[str, str] = {}
    places = array("q")
    facts = {"articles": 0, "passages": 0, "words": 0, "text_bytes": 0}
    articles = corpus.articles()
    with (
        (folder / "raw.txt").open("w", encoding="utf-8", newline="\n") as texts,
        (folder / "stems.txt").open("w", encoding="utf-8", newline="\n") as stems,
    ):
        while some := list(islice(articles, N_TOGETHER)):
            facts["articles"] += len(some)
            facts["text_bytes"] += sum(len(article.text.encode()) for article in some)
            if len(stems_of) > MAX_STEMMED:
                stems_of.clear()
            for address, start, text in _passages(some):
                chunks = split(text)
                for chunk in {*chunks}.difference(stems_of):
                    tokens = analyser.tokens(chunk)
                    stems_of[chunk] = " ".join(token.term for token in tokens if not token.is_overlay)
                words = " ".join(filter(None, map(stems_of.__getitem__, chunks)))
                texts.write(" ".join(text.split()) + "\n")
                stems.write(words + "\n")
                places.append(place(address, start))
                facts["words"] += len(words.split())
    np.save(folder / "places.npy", np.frombuffer(places, np.int64))
    facts["passages"] = len(places)
    (folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")


def _passages(articles: list[Article]) -> Iterator[tuple[str, int, str]]:
    """Give address, start and text of each passage, from an index: an article's passages depend on that article alone."""
    with tempfile.TemporaryDirectory() as index:
        build_index(articles, index)
        (live,) = open_snapshot(Path(index)).segments
        names = ("passage_article", "passage_start", "passage_end")
        for number, start, end in zip(*(live.segment.columns[name].tolist() for name in names), strict=True):
            yield articles[number].address, start, articles[number].text[start:end]
