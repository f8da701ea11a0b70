"""How do articles become one segment on disk?

Texts and metadata go out as they come in; batches are inverted to runs, runs are put aside, and at the end merged.
"""

from array import array
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import repeat
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
import zstandard

from searcher.indexing import invert
from searcher.indexing.chunks import ChunkTable
from searcher.indexing.invert import Batch
from searcher.indexing.merge import merge_postings
from searcher.indexing.sources import RunPart
from searcher.indexing.vocabulary import KeyTable
from searcher.model import Article, Span
from searcher.storage.columns import read_columns, write_columns
from searcher.storage.format import ARTICLE_STRINGS, TEMPORARY
from searcher.storage.manifest import SegmentEntry
from searcher.storage.segment import SegmentWriter, string_columns
from searcher.text.analysis import Analyser

Columns = dict[str, npt.NDArray[Any]]

COMPRESSION_LEVEL: Final = 1
MAX_CHUNKS: Final = 500_000
"""Distinct chunks that are remembered from batch to batch: half of all occur once, so their number never stops growing."""

_TABLE: Final = (
    "passage_article",
    "passage_start",
    "passage_end",
    "passage_length",
    "passage_kind",
    "passage_paragraph",
    "sentences",
    "sentences_counts",
    "paragraphs",
    "paragraphs_counts",
)

_ARTICLE_NUMBERS: Final = ("is_file", "body_start", "title_start", "title_end")


class SegmentBuilder:
    """Builds one segment from articles that come sorted by address.

    Args:
        folder: The index folder; temporary files go there too and are removed. What is left of a segment that failed is
            removed when the writer is done with the folder (see `searcher.indexing.lock`).
        name: Name of the segment.
        analyser: Turns chunks into tokens.
    """

    def __init__(self, folder: Path, name: str, analyser: Analyser) -> None:
        self._folder = folder
        self._name = name
        self._analyser = analyser
        self._keys = KeyTable()
        self._chunks = ChunkTable(analyser, self._keys)
        self._batch = Batch(self._chunks)
        self._runs: list[Columns] = []
        self._tables: list[Columns] = []
        # What is sorted or compressed there holds up no Python: the batch after it is taken in meanwhile.
        self._thread = ThreadPoolExecutor(1, "searcher-indexing")
        self._pending: tuple[Future[list[bytes]], Future[Columns]] | None = None
        self._strings: dict[str, list[str]] = {name: [] for name in ARTICLE_STRINGS}
        self._numbers: dict[str, array[int]] = {name: array("I") for name in _ARTICLE_NUMBERS}
        self._text_starts = array("q", [0])
        self._texts = (folder / f"{name}.zst").open("xb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(cancel_futures=True)
        self._texts.close()
        self._runs.clear()  # they map the files
        for path in self._folder.glob(f"{self._name}-*{TEMPORARY}"):
            path.unlink()

    @property
    def n_articles(self) -> int:
        """Articles taken in so far."""
        return len(self._strings["address"])

    def add(self, article: Article, fingerprint: str, *, is_file: bool = True) -> None:
        """Take in an article.

        Args:
            article: Its address is greater than all before.
            fingerprint: Hash of its content.
            is_file: It is a file of the corpus folder; otherwise a program has put it in.

        Raises:
            ValueError: Its address is not greater.
        """
        addresses = self._strings["address"]
        if addresses and article.address <= addresses[-1]:
            raise ValueError(
                f"article {article.address} comes behind {addresses[-1]}: addresses ascend, each once"
            )
        self._batch.add(article)
        strings = {
            "address": article.address,
            "date": article.date or "",
            "source": article.source or "",
            "author": article.author or "",
            "keywords": "\n".join(article.keywords),
            "language": article.language or "",
            "url": article.url or "",
            "fingerprint": fingerprint,
        }
        for name, value in strings.items():
            self._strings[name].append(value)
        title_start, title_end = article.title_span or Span(0, 0)
        for name, number in zip(
            _ARTICLE_NUMBERS, (is_file, article.body_start, title_start, title_end), strict=True
        ):
            self._numbers[name].append(number)
        if self._batch.n_bytes >= invert.BATCH_BYTES:
            self._end_batch()

    def finish(self) -> SegmentEntry:
        """Write the segment and describe it, its files left out. There must be an article in it."""
        if self._batch.texts:
            self._end_batch()
        self._collect(is_alone=not self._runs)
        self._texts.close()
        first_passages = np.append(0, np.cumsum([len(part["passage_article"]) for part in self._tables]))
        table = {name: np.concatenate([part[name] for part in self._tables]) for name in _TABLE}
        for name, starts in (("sentences", "sentence_starts"), ("paragraphs", "paragraph_starts")):
            table[starts] = np.append(0, table.pop(f"{name}_counts").cumsum())
        passages = np.bincount(table["passage_article"], minlength=self.n_articles)
        columns = {
            **table,
            "article_passages": np.append(0, passages.cumsum()),
            "text_starts": np.array(self._text_starts),
            **{f"article_{name}": np.array(numbers) for name, numbers in self._numbers.items()},
        }
        for name, strings in self._strings.items():
            columns |= string_columns(name, strings)
        with SegmentWriter(self._folder, self._name) as writer:
            parts = map(RunPart, self._runs, repeat(self._keys), first_passages.tolist())
            merge_postings([*parts], table["passage_length"], writer)
            for name, column in columns.items():
                writer.write(name, column)
        return SegmentEntry(
            name=self._name,
            n_articles=self.n_articles,
            n_passages=len(table["passage_article"]),
            n_words=int(table["passage_length"].sum(dtype=np.int64)),
        )

    def _end_batch(self) -> None:
        compressed = self._thread.submit(_compressed, self._batch.texts)
        first_article = len(self._strings["title"])
        occurrences, passages, titles = self._batch.invert()
        passages["passage_article"] += first_article
        self._tables.append(passages)
        for title, title_from in titles:
            self._strings["title"].append(title)
            self._strings["title_from"].append(title_from)
        if len(self._chunks) > MAX_CHUNKS:
            self._chunks = ChunkTable(self._analyser, self._keys)
        self._batch = Batch(self._chunks)
        self._collect()
        self._pending = compressed, self._thread.submit(occurrences.sorted)

    def _collect(self, *, is_alone: bool = False) -> None:
        """Put aside what has become of the batch before."""
        if self._pending is None:
            return
        compressed, ordered = self._pending
        self._pending = None
        for frame in compressed.result():
            self._text_starts.append(self._text_starts[-1] + self._texts.write(frame))
        run = ordered.result()
        if not is_alone:
            path = self._folder / f"{self._name}-run{len(self._runs)}{TEMPORARY}"
            write_columns(path, run)
            run = read_columns(path)
        self._runs.append(run)


def _compressed(texts: Sequence[bytes]) -> list[bytes]:
    """Compress texts, each on its own, without holding up other threads."""
    compressor = zstandard.ZstdCompressor(level=COMPRESSION_LEVEL)
    if not any(texts):
        return [compressor.compress(text) for text in texts]  # of nothing at all there are no frames
    frames = compressor.multi_compress_to_buffer([*texts])
    return [frames[number].tobytes() for number in range(len(frames))]
