"""How do articles become sorted columns?

Batch by batch. Articles are laid end to end, split into chunks and lines, and the chunks numbered; a chunk is analysed when
it is first seen, and remembered. Everything after that is whole-array arithmetic: which passage, which position, which
surface, and one sort of integers that pack term, passage, position and variant. The outcome is a *run*, whose passages
follow those of the run before.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from searcher.indexing.chunks import ChunkTable
from searcher.indexing.runs import Occurrences, occurrences
from searcher.indexing.vocabulary import KeyTable, SortedKeys
from searcher.model import Article, Span
from searcher.text.analysis import Analyser
from searcher.text.paragraphs import Paragraph, Paragraphs, find, sources, title_of
from searcher.text.passages import Cuts, divide
from searcher.text.scan import Scan, scan
from searcher.text.sentences import boundaries

BATCH_BYTES: Final = 6_000_000
"""Bytes of text after which a batch is inverted: about a million chunks."""
MAX_KEYS: Final = 500_000
"""Surfaces of terms that are at hand at a time: about 0.2 GB."""
MAX_CHUNKS: Final = 500_000
"""Distinct chunks that are remembered from batch to batch: half of all occur once, so their number never stops growing."""

Array = npt.NDArray[Any]


class Inverted(NamedTuple):
    """What a batch consists of; articles and passages count from 0.

    Attributes:
        occurrences: Its occurrences, to be sorted.
        passages: The passage columns of a segment, counts in place of starts.
        titles: The title of each article, and where it comes from; given ones as they were given.
        epoch: Which of the `Inverter.keys` those of the occurrences are.
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

    def to_message(self) -> tuple[dict[str, Any], dict[str, Array]]:
        """Say all that matters of the articles: see `searcher.indexing.messages`."""
        spans = [article.title_span or (-1, -1) for article in self.articles]
        header = {
            "what": "batch",
            "has_title": [bool(article.title) for article in self.articles],
            "body_start": [article.body_start for article in self.articles],
            "title_span": spans,
        }
        sizes = np.array([len(text) for text in self.texts], np.int64)
        return header, {"sizes": sizes, "texts": np.frombuffer(b"".join(self.texts), np.uint8)}

    @classmethod
    def from_message(cls, header: dict[str, Any], columns: dict[str, Array]) -> Self:
        """Make a batch of which the same is to be said; given titles are ``"-"``."""
        batch = cls()
        data = columns["texts"].tobytes()
        ends = columns["sizes"].cumsum().tolist()
        rows = zip(
            [0, *ends], ends, header["has_title"], header["body_start"], header["title_span"], strict=False
        )
        for start, end, has_title, body_start, (title_start, title_end) in rows:
            span = Span(title_start, title_end) if title_start >= 0 else None
            title = "-" if has_title else None
            text = data[start:end]
            batch.texts.append(text)
            batch.articles.append(
                Article(address="-", text=text.decode(), title=title, body_start=body_start, title_span=span)
            )
        batch.n_bytes = len(data)
        return batch


class Inverter:
    """Finds out what batches consist of, remembering the chunks it has seen.

    Args:
        analyser: Turns chunks into tokens.
    """

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser
        self._ended: list[SortedKeys] = []
        self._keys = KeyTable()
        self._chunks = ChunkTable(analyser, self._keys)

    def keys(self) -> list[SortedKeys]:
        """Give the keys of all batches so far, by epoch: when there are too many, numbering begins anew."""
        return [*self._ended, self._keys.sorted()]

    def invert(self, batch: Batch) -> Inverted:
        """Work out the occurrences, passages and titles of a batch."""
        if len(self._keys) > MAX_KEYS:
            self._ended.append(self._keys.sorted())
            self._keys = KeyTable()
            self._chunks = ChunkTable(self._analyser, self._keys)
        if len(self._chunks) > MAX_CHUNKS:
            self._chunks = ChunkTable(self._analyser, self._keys)
        table = self._chunks
        stretches = [
            source
            for number, (article, text) in enumerate(zip(batch.articles, batch.texts, strict=True))
            for source in sources(number, article, text)
        ]
        seen = scan([source.data for source in stretches], [source.start for source in stretches])
        chunks = table.number(seen).astype(np.int64)
        found = find(batch.articles, stretches, seen, np.array(table.may_credit).take(chunks))
        sentence_starts = boundaries(np.array(table.flags).take(chunks))
        sentence_starts[found.chunks] = True
        chunk_core = np.array(table.core, np.int64).take(chunks)
        n_words = np.array(table.cores.n_words).take(chunk_core)

        cuts = divide(found.chunks, found.kinds, n_words, sentence_starts, found.bounds[:-1])
        columns, firsts = _passages(cuts, found, seen), cuts.firsts
        n_chunks = np.diff(firsts, append=len(chunks))
        words_before = np.append(0, n_words.cumsum(dtype=np.int64))
        length = np.diff(words_before[np.append(firsts, len(chunks))]).astype(np.uint8)
        passage = np.repeat(np.arange(len(firsts), dtype=np.uint32), n_chunks)
        position = (words_before[:-1] - np.repeat(words_before[firsts], n_chunks)).astype(np.uint8)
        columns["passage_length"] = length
        for name, places in (("sentences", sentence_starts.nonzero()[0]), ("paragraphs", found.chunks)):
            counts, positions = _inner_starts(passage[places], position[places], length)
            columns[name], columns[f"{name}_counts"] = positions, counts
        titles = [_title(article, found.of(number)) for number, article in enumerate(batch.articles)]
        unsorted = occurrences(table.cores, chunk_core, passage, position)
        return Inverted(unsorted, columns, titles, len(self._ended))


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
