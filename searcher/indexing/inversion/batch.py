"""How do articles become sorted columns?

Batch by batch. Articles are laid end to end, split into chunks and lines, and the chunks numbered; a chunk is analysed when
it is first seen, by `searcher.indexing.inversion.analyst`, and remembered. Everything after that is whole-array arithmetic: which passage, which position, which
surface, and one sort of integers that pack term, passage, position and variant. The outcome is a *run*, whose passages
follow those of the run before.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from searcher.arrays import Array
from searcher.indexing.inversion.analyst import CHUNKS, KEYS
from searcher.indexing.inversion.chunk_table import ChunkTable, Facts
from searcher.indexing.inversion.sort_occurrences import Occurrences, occurrences
from searcher.model import Article
from searcher.text.layout.paragraphs import Paragraph, Paragraphs, Source, find, sources, title_of
from searcher.text.layout.passages import Cuts, divide
from searcher.text.layout.scan import Scan, scan
from searcher.text.layout.sentences import boundaries

BATCH_BYTES: Final = 4_000_000
"""Bytes of text after which a batch is inverted: about 650,000 chunks."""
MAX_KEYS: Final = 500_000
"""Surfaces of terms that are at hand at a time: about 0.2 GB."""
MAX_CHUNKS: Final = 500_000
"""Distinct chunks that are remembered from batch to batch: half of all occur once, so their number never stops growing."""


class Inverted(NamedTuple):
    """What a batch consists of; articles and passages count from 0.

    Attributes:
        occurrences: Its occurrences, to be sorted.
        passages: The passage columns of a segment, counts in place of starts.
        titles: The title of each article, and where it comes from; given ones as they were given.
        epoch: Which of the `searcher.indexing.inversion.analyst.Analyst.keys` those of the occurrences are.
    """

    occurrences: Occurrences
    passages: dict[str, Array]
    titles: list[list[str]]
    epoch: int


class Batch:
    """Articles to be inverted together.

    Attributes:
        articles: The articles.
        texts: Their texts in UTF-8.
        n_bytes: Length of these.
    """

    def __init__(self) -> None:
        self.articles: list[Article] = []
        self.texts: list[bytes] = []
        self.n_bytes = 0

    def add(self, article: Article) -> None:
        """Take in one article."""
        data = article.text.encode()
        self.articles.append(article)
        self.texts.append(data)
        self.n_bytes += len(data)


class Begun(NamedTuple):
    """A batch of which the chunks are numbered.

    Attributes:
        batch: The batch.
        stretches: What of it is divided into paragraphs.
        seen: Where chunks and lines stand in these.
        chunks: The number of each chunk.
        new: Those numbered first in this batch, with line feeds between them.
        forget: What has been forgotten before: see `searcher.indexing.inversion.analyst`.
        facts: Where what analysis says of these has to be added before the batch can be ended.
        epoch: How often keys have been forgotten.
    """

    batch: Batch
    stretches: list[Source]
    seen: Scan
    chunks: Array
    new: bytes
    forget: str
    facts: Facts
    epoch: int


class Inverter:
    """Finds out what batches consist of, remembering the chunks it has seen: they are begun and ended in the same order."""

    def __init__(self) -> None:
        self._chunks = ChunkTable()
        self._facts = Facts()
        self._epoch = 0

    def begin(self, batch: Batch) -> Begun:
        """Number the chunks of a batch. What analysis says of new ones need not be known, nor what it said of those before."""
        forget = ""
        if len(self._facts.key_order) > MAX_KEYS:
            forget = KEYS
            self._epoch += 1
        elif len(self._chunks) > MAX_CHUNKS:
            forget = CHUNKS
        if forget:
            self._chunks, self._facts = ChunkTable(), Facts()
        stretches = [
            source
            for number, (article, text) in enumerate(zip(batch.articles, batch.texts, strict=True))
            for source in sources(number, article, text)
        ]
        seen = scan([source.data for source in stretches], [source.start for source in stretches])
        n_known = len(self._chunks)
        chunks = self._chunks.number(seen)
        new = self._chunks.newest(len(self._chunks) - n_known)
        return Begun(batch, stretches, seen, chunks, new, forget, self._facts, self._epoch)


def end(begun: Begun) -> Inverted:
    """Work out the occurrences, passages and titles of a batch, once all is known of its chunks."""
    batch, seen, facts = begun.batch, begun.seen, begun.facts
    chunks = begun.chunks.astype(np.int64)
    found = find(batch.articles, begun.stretches, seen, facts.may_credit.take(chunks))
    sentence_starts = boundaries(facts.flags.take(chunks))
    sentence_starts[found.chunks] = True
    chunk_core = facts.core.astype(np.int64).take(chunks)
    n_words = facts.n_words.take(chunk_core)

    cuts = divide(found.chunks, found.kinds, n_words, sentence_starts, found.bounds[:-1])
    columns, firsts = _passages(cuts, found, seen), cuts.firsts
    n_chunks = np.diff(firsts, append=len(chunks))
    # A passage has so few words that one byte is enough to count them, whatever it counts from.
    words_before = n_words.cumsum(dtype=np.uint8) - n_words
    position = words_before - np.repeat(words_before[firsts], n_chunks)
    length = np.add.reduceat(n_words, firsts, dtype=np.uint8)
    passage = np.repeat(np.arange(len(firsts), dtype=np.uint32), n_chunks)
    columns["passage_length"] = length
    for name, places in (("sentences", sentence_starts.nonzero()[0]), ("paragraphs", found.chunks)):
        counts, positions = _inner_starts(passage[places], position[places], length)
        columns[name], columns[f"{name}_counts"] = positions, counts
    titles = [_title(article, found.of(number)) for number, article in enumerate(batch.articles)]
    unsorted = occurrences(facts, chunk_core, passage, position)
    return Inverted(unsorted, columns, titles, begun.epoch)


def _passages(cuts: Cuts, found: Paragraphs, seen: Scan) -> dict[str, Array]:
    """Give the columns of passages."""
    paragraphs = found.chunks.searchsorted(cuts.firsts, side="right") - 1
    articles = np.searchsorted(found.bounds, paragraphs, side="right") - 1
    return {
        "passage_article": articles.astype(np.uint32),
        "passage_start": seen.code_points(seen.chunk_starts[cuts.firsts]).astype(np.uint32),
        "passage_end": seen.code_points(seen.chunk_ends[cuts.ends - 1]).astype(np.uint32),
        "passage_kind": cuts.kinds,
        "passage_paragraph": (paragraphs - np.array(found.bounds)[articles] + 1).astype(np.uint32),
    }


def _title(article: Article, paragraphs: Iterator[Paragraph]) -> list[str]:
    if article.title:
        return [article.title, article.title_from]
    return [*title_of(article.text, paragraphs)]


def _inner_starts(passages: Array, positions: Array, length: Array) -> tuple[Array, Array]:
    """Keep the starts inside passages: not at 0, not behind the last word, each position once."""
    keep = (positions > 0) & (positions < length[passages])
    keep[1:] &= (passages[1:] != passages[:-1]) | (positions[1:] != positions[:-1])
    counts = np.bincount(passages[keep], minlength=len(length))
    return counts.astype(np.uint8), positions[keep].astype(np.uint8)
