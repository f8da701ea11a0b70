"""How do articles become sorted columns?

Batch by batch. Articles are laid end to end, split into chunks and lines, and the chunks numbered; a chunk is analysed when
it is first seen, and remembered. Everything after that is whole-array arithmetic: which passage, which position, which
surface, and one sort of integers that pack term, passage, position and variant. The outcome is a *run*, whose passages
follow those of the run before.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from searcher.indexing.chunks import ChunkTable
from searcher.indexing.runs import Occurrences, occurrences
from searcher.model import Article
from searcher.text.paragraphs import Paragraphs, Source, find, sources, title_of
from searcher.text.passages import Cut, divide
from searcher.text.scan import Scan, scan
from searcher.text.sentences import boundaries

BATCH_BYTES: Final = 6_000_000
"""Bytes of text after which a batch is inverted: about a million chunks."""

Array = npt.NDArray[Any]


class Inverted(NamedTuple):
    """What a batch consists of; articles and passages count from 0.

    Attributes:
        occurrences: Its occurrences, to be sorted.
        passages: The passage columns of a segment, counts in place of starts.
        titles: The title of each article, and where it comes from.
    """

    occurrences: Occurrences
    passages: dict[str, Array]
    titles: list[tuple[str, str]]


class Batch:
    """Articles to be inverted together.

    Args:
        table: The chunks seen so far, this batch's to be added.

    Attributes:
        texts: Their texts in UTF-8.
        n_bytes: Length of these.
    """

    def __init__(self, table: ChunkTable) -> None:
        self._table = table
        self._articles: list[Article] = []
        self._sources: list[Source] = []
        self.texts: list[bytes] = []
        self.n_bytes = 0

    def add(self, article: Article) -> None:
        """Take in one article."""
        data = article.text.encode()
        self.texts.append(data)
        self._sources += sources(len(self._articles), article, data)
        self._articles.append(article)
        self.n_bytes += len(data)

    def invert(self) -> Inverted:
        """Work out the occurrences, passages and titles of the batch."""
        seen = scan([source.data for source in self._sources], [source.start for source in self._sources])
        table = self._table
        chunks = table.number(seen).astype(np.int64)
        found = find(self._articles, self._sources, seen, np.array(table.may_credit).take(chunks))
        sentence_starts = boundaries(np.array(table.flags).take(chunks))
        sentence_starts[found.chunks] = True
        chunk_core = np.array(table.core, np.int64).take(chunks)
        n_words = np.array(table.cores.n_words).take(chunk_core)

        cuts = divide(found.chunks, found.kinds, n_words, sentence_starts, found.bounds[:-1])
        columns, firsts = self._passages(cuts, found, seen)
        n_chunks = np.diff(firsts, append=len(chunks))
        words_before = np.append(0, n_words.cumsum(dtype=np.int64))
        length = np.diff(words_before[np.append(firsts, len(chunks))]).astype(np.uint8)
        passage = np.repeat(np.arange(len(firsts), dtype=np.uint32), n_chunks)
        position = (words_before[:-1] - np.repeat(words_before[firsts], n_chunks)).astype(np.uint8)
        columns["passage_length"] = length
        for name, places in (("sentences", sentence_starts.nonzero()[0]), ("paragraphs", found.chunks)):
            counts, positions = _inner_starts(passage[places], position[places], length)
            columns[name], columns[f"{name}_counts"] = positions, counts
        titles = [self._title(number, found) for number in range(len(self._articles))]
        return Inverted(occurrences(table.cores, chunk_core, passage, position), columns, titles)

    def _passages(self, cuts: list[Cut], found: Paragraphs, seen: Scan) -> tuple[dict[str, Array], Array]:
        """Give the columns of passages, and the chunks at which they begin."""
        firsts, ends, kinds = np.array(cuts, np.int64).reshape(-1, 3).T
        paragraphs = found.chunks.searchsorted(firsts, side="right") - 1
        articles = np.searchsorted(found.bounds, paragraphs, side="right") - 1
        columns = {
            "passage_article": articles,
            "passage_start": seen.code_points(seen.chunk_starts[firsts]),
            "passage_end": seen.code_points(seen.chunk_ends[ends - 1]),
            "passage_kind": kinds,
            "passage_paragraph": paragraphs - np.array(found.bounds)[articles] + 1,
        }
        return columns, firsts

    def _title(self, number: int, found: Paragraphs) -> tuple[str, str]:
        article = self._articles[number]
        if article.title:
            return article.title, article.title_from
        return title_of(article.text, found.of(number))


def _inner_starts(passages: Array, positions: Array, length: Array) -> tuple[Array, Array]:
    """Keep the starts inside passages: not at 0, not behind the last word, each position once."""
    keep = (positions > 0) & (positions < length[passages])
    keep[1:] &= (passages[1:] != passages[:-1]) | (positions[1:] != positions[:-1])
    counts = np.bincount(passages[keep], minlength=len(length))
    return counts.astype(np.int64), positions[keep].astype(np.uint8)
