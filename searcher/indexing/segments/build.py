"""How do articles become one segment on disk?

Articles are collected into batches. Each full batch is inverted to a run. Runs and compressed texts are written to files in the
order of the articles. In the end the runs are merged. Then the columns of articles and passages are written.
"""

from array import array
from collections import deque
from itertools import accumulate
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np

from searcher.arrays import Array
from searcher.indexing.inversion import batch
from searcher.indexing.inversion.batch import Batch
from searcher.indexing.inversion.helper.pipeline import Finished, Inversion, LocalAnalyst, start_analyst
from searcher.indexing.segments.merge import merge_postings
from searcher.indexing.segments.sources import RunPart
from searcher.indexing.segments.spill import Spill, Spilled
from searcher.model import Article, Span
from searcher.storage.articles import to_strings
from searcher.storage.columns.archive import ColumnWriter
from searcher.storage.columns.strings import Packing
from searcher.storage.format import (
    ARTICLE_NUMBERS,
    ARTICLE_STRINGS,
    PASSAGE_NUMBERS,
    PASSAGE_POSITIONS,
    TEMPORARY,
)
from searcher.storage.manifest import SegmentEntry
from searcher.text.words.analysis import Analyser

Columns = dict[str, Array]

_TABLE: Final = (
    "passage_article",
    *PASSAGE_NUMBERS,
    *PASSAGE_POSITIONS,
    *(f"{name}_counts" for name in PASSAGE_POSITIONS),
)
"""The columns of passages that batches give."""
_TITLE: Final = frozenset({"title", "title_from"})
"""These metadata are known only after the batch of an article is inverted."""


class SegmentBuilder:
    """Builds one segment from articles sorted by address.

    Args:
        folder: The index folder. Temporary files are written there and removed. After a failure, `searcher.indexing.lock`
            removes what is left of the segment.
        name: The name of the segment.
        analyser: Turns chunks into tokens.
    """

    def __init__(self, folder: Path, name: str, analyser: Analyser) -> None:
        self._folder = folder
        self._name = name
        self._language = analyser.language
        self._batch = Batch()
        self._inversion: Inversion | None = None
        self._spill = Spill(folder / f"{name}-runs{TEMPORARY}")
        self._runs: list[Spilled] = []
        self._tables: list[Columns] = []
        self._last_address = ""
        self._new: dict[str, list[str]] = {name: [] for name in ARTICLE_STRINGS}
        self._strings = {name: Packing() for name in ARTICLE_STRINGS}
        self._numbers: dict[str, array[int]] = {name: array("I") for name in ARTICLE_NUMBERS}
        self._given_titles = deque[tuple[str | None, str]]()
        self._text_sizes: list[Array] = []
        self._texts = (folder / f"{name}.zst").open("xb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._inversion is not None:
            self._inversion.close()
        self._texts.close()
        self._spill.close()
        for path in self._folder.glob(f"{self._name}-*{TEMPORARY}"):
            path.unlink()

    @property
    def n_articles(self) -> int:
        """The number of articles added so far."""
        return len(self._numbers["article_file_end"])

    def add(self, article: Article, fingerprint: str) -> None:
        """Add an article.

        Args:
            article: Its address must be greater than all addresses before.
            fingerprint: A hash of its content.

        Raises:
            ValueError: The address is not greater.
        """
        if article.address <= self._last_address:
            raise ValueError(
                f"article {article.address} comes behind {self._last_address}: addresses ascend, each once"
            )
        self._last_address = article.address
        self._batch.add(article)
        self._given_titles.append((article.title, article.title_from))
        strings = {**to_strings(article), "address": article.address, "fingerprint": fingerprint}
        for name in strings.keys() - _TITLE:
            self._new[name].append(strings[name])
        title_start, title_end = article.title_span or Span(0, 0)
        numbers = {
            "article_file_end": len(article.file or ""),
            "article_body_start": article.body_start,
            "article_title_start": title_start,
            "article_title_end": title_end,
        }
        for name, number in numbers.items():
            self._numbers[name].append(number)
        if self._batch.n_bytes >= batch.BATCH_BYTES:
            self._inversion = self._inversion or Inversion(start_analyst(self._language))
            self._invert(self._inversion)

    def finish(self) -> SegmentEntry:
        """Write the segment, and describe it without its files. It must have an article."""
        parts = self._run_parts()
        self._texts.close()
        # The parts of a column are freed as soon as the column is complete.
        table = {name: np.concatenate([part.pop(name) for part in self._tables]) for name in _TABLE}
        for name, starts in PASSAGE_POSITIONS.items():
            table[starts] = np.append(0, table.pop(f"{name}_counts").cumsum(dtype=np.int64))
        passages = np.bincount(table["passage_article"], minlength=self.n_articles)
        columns = {
            **table,
            "article_passages": np.append(0, passages.cumsum()),
            "text_starts": np.append(0, np.concatenate(self._text_sizes).cumsum()),
            **{name: np.array(numbers) for name, numbers in self._numbers.items()},
        }
        for name, strings in self._strings.items():
            columns[f"article_{name}"], columns[f"article_{name}_starts"] = strings.columns()
        with ColumnWriter(self._folder / f"{self._name}.npz") as writer:
            merge_postings(parts, table["passage_length"], writer)
            for name, column in columns.items():
                writer.write(name, column)
        return SegmentEntry(
            name=self._name,
            n_articles=self.n_articles,
            n_passages=len(table["passage_article"]),
            n_words=int(table["passage_length"].sum(dtype=np.int64)),
        )

    def _invert(self, inversion: Inversion) -> None:
        """Have the batch inverted, and write the batches that are finished."""
        for finished in inversion.add(self._batch):
            self._write_batch(finished)
        self._batch = Batch()

    def _write_batch(self, found: Finished) -> None:
        """Write the run and the texts of a batch, and keep its metadata."""
        first_article = len(self._strings["title"])
        for title, title_from in found.inverted.titles:
            given_title, given_from = self._given_titles.popleft()
            self._new["title"].append(given_title or title)
            self._new["title_from"].append(given_from if given_title else title_from)
        self._pack()
        table = found.inverted.passages
        table["passage_article"] += np.uint32(first_article)
        self._tables.append(table)
        self._texts.write(found.frames)
        self._text_sizes.append(found.frame_sizes)
        self._runs.append(self._spill.put(found.inverted.run))

    def _pack(self) -> None:
        """Turn the new strings of articles into bytes."""
        for name, strings in self._new.items():
            self._strings[name].add([string.encode() for string in strings])
            strings.clear()

    def _run_parts(self) -> list[RunPart]:
        """Finish all batches, and give their runs."""
        inversion = self._inversion = self._inversion or Inversion(LocalAnalyst(self._language))
        if self._batch.texts:
            self._invert(inversion)
        for finished in inversion.rest():
            self._write_batch(finished)
        keys = inversion.keys()
        inversion.close()
        self._inversion = None  # frees its memory, which is more than the merge needs
        del inversion
        counts = [len(table["passage_article"]) for table in self._tables]
        firsts = accumulate(counts, initial=0)
        return [RunPart(run, keys, first) for run, first in zip(self._runs, firsts, strict=False)]
