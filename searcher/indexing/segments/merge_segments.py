"""How do several segments become one?

Their live articles are sorted by address, and their columns are copied under new numbers. Nothing is analysed again. The
columns are exactly those of a segment that is built from these articles at once.

The digest of an index is a hash of the columns that a merge of all its segments would write. So it does not depend on how many
segments there are.
"""

import hashlib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from searcher.arrays import Array, expand
from searcher.indexing.segments.merge import merge_postings
from searcher.indexing.segments.sources import SegmentPart
from searcher.indexing.segments.vocabulary_merge import Sink
from searcher.storage.columns.archive import ColumnWriter
from searcher.storage.format import (
    ARTICLE_NUMBERS,
    ARTICLE_STRINGS,
    COLUMNS,
    PASSAGE_NUMBERS,
    PASSAGE_POSITIONS,
)
from searcher.storage.manifest import SegmentEntry
from searcher.storage.snapshot import LiveSegment


def merge_segments(folder: Path, name: str, segments: Sequence[LiveSegment]) -> SegmentEntry:
    """Write one segment of the live articles of several segments. There must be a live article.

    Args:
        folder: The index folder.
        name: The name of the new segment.
        segments: The segments to merge. They may lie in this folder.

    Returns:
        A description of the new segment, without its files.
    """
    order = _order(segments)
    with ColumnWriter(folder / f"{name}.npz") as writer:
        _write_columns(segments, order, writer)
        writer.write("text_starts", _copy_texts(segments, order, folder / f"{name}.zst"))
    return SegmentEntry(
        name=name,
        n_articles=len(order.counts),
        n_passages=len(order.passages.numbers),
        n_words=sum(live.n_words for live in segments),
    )


def digest(segments: Sequence[LiveSegment], settings: dict[str, Any], stop_words: Sequence[str]) -> str:
    """Give a hash of the live content of segments: 32 hexadecimal digits. How many segments there are does not matter.

    Args:
        segments: The segments of an index.
        settings: The settings of the analysis.
        stop_words: The words that queries leave out.
    """
    sink = _DigestSink()
    sink.add_text(repr((sorted(settings.items()), tuple(stop_words))))
    if segments:
        _write_columns(segments, _order(segments), sink)
    return sink.hexdigest()


class _DigestSink:
    """Hashes columns."""

    def __init__(self) -> None:
        self._hashes: dict[str, hashlib.blake2b] = {}
        self._dtypes: dict[str, str] = {}

    def reserve(self, name: str, *shape: int, dtype: str = "") -> None:
        self._dtypes[name] = COLUMNS[name].dtype or dtype
        self._hashes[name] = hashlib.blake2b(
            f"{name} {self._dtypes[name]} {shape}\n".encode(), digest_size=16
        )

    def append(self, name: str, values: Array) -> None:
        self._hashes[name].update(np.ascontiguousarray(values, self._dtypes[name]).tobytes())

    def write(self, name: str, values: Array) -> None:
        self.reserve(name, *values.shape)
        self.append(name, values)

    def add_text(self, text: str) -> None:
        self._hashes[""] = hashlib.blake2b(text.encode(), digest_size=16)

    def hexdigest(self) -> str:
        whole = hashlib.blake2b(digest_size=16)
        for _, column in sorted(self._hashes.items()):
            whole.update(column.digest())
        return whole.hexdigest()


class _Pick(NamedTuple):
    """Articles or passages of several segments, in the order of the new segment.

    Attributes:
        owners: int64, shape (n,). The old segment of each.
        numbers: int64, shape (n,). The number of each in its old segment.
    """

    owners: Array
    numbers: Array


class _Order(NamedTuple):
    """The order of the new segment.

    Attributes:
        articles: The articles, by address.
        passages: The passages, by article, then by place in the article.
        counts: int64, shape (n_articles,). How many passages each article has.
    """

    articles: _Pick
    passages: _Pick
    counts: Array


def _order(segments: Sequence[LiveSegment]) -> _Order:
    """Sort the live articles by address."""
    rows: list[tuple[bytes, int, int]] = []
    for owner, live in enumerate(segments):
        addresses = live.segment.addresses.blob.tobytes().split(b"\n")
        rows += [(addresses[article], owner, article) for article in live.live_articles.tolist()]
    rows.sort()
    owners = np.array([owner for _, owner, _ in rows], np.int64)
    articles = np.array([article for *_, article in rows], np.int64)
    begins, counts = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    for owner, live in enumerate(segments):
        here = owners == owner
        starts = live.segment.columns["article_passages"].astype(np.int64)
        begins[here] = starts[articles[here]]
        counts[here] = np.diff(starts)[articles[here]]
    passages = _Pick(np.repeat(owners, counts), expand(begins, counts))
    return _Order(_Pick(owners, articles), passages, counts)


def _write_columns(segments: Sequence[LiveSegment], order: _Order, sink: Sink) -> None:
    """Write every column except ``text_starts``, which depends on how the texts were compressed."""
    parts = []
    is_ascending, before = True, -1
    for owner, live in enumerate(segments):
        places = (order.passages.owners == owner).nonzero()[0]
        numbers = np.full(live.segment.n_passages, -1)
        numbers[order.passages.numbers[places]] = places
        parts.append(SegmentPart(live, numbers))
        is_ascending &= not len(places) or int(places[0]) > before
        before = int(places[-1]) if len(places) else before
    length = _take(segments, "passage_length", order.passages)
    merge_postings(parts, length, sink, interleave=not is_ascending)
    for name in PASSAGE_NUMBERS:
        sink.write(name, _take(segments, name, order.passages))
    sink.write("passage_article", np.repeat(np.arange(len(order.counts)), order.counts))
    sink.write("article_passages", np.append(0, order.counts.cumsum()))
    for name, starts in PASSAGE_POSITIONS.items():
        _write_ragged(segments, name, starts, order.passages, sink)
    for name in ARTICLE_NUMBERS:
        sink.write(name, _take(segments, name, order.articles))
    for name in ARTICLE_STRINGS:
        _write_ragged(segments, f"article_{name}", f"article_{name}_starts", order.articles, sink)


def _take(segments: Sequence[LiveSegment], name: str, pick: _Pick) -> Array:
    """Give the entries of a column of several segments, in the new order."""
    found = np.zeros(len(pick.numbers), COLUMNS[name].dtype)
    for owner, live in enumerate(segments):
        here = pick.owners == owner
        found[here] = live.segment.columns[name][pick.numbers[here]]
    return found


def _write_ragged(
    segments: Sequence[LiveSegment], name: str, starts_name: str, pick: _Pick, sink: Sink
) -> None:
    """Write a column of several segments in the new order. Each entry is a range of values."""
    counts = np.zeros(len(pick.numbers), np.int64)
    for owner, live in enumerate(segments):
        here = pick.owners == owner
        counts[here] = np.diff(live.segment.columns[starts_name].astype(np.int64))[pick.numbers[here]]
    starts = np.append(0, counts.cumsum())
    values = np.zeros(int(starts[-1]), COLUMNS[name].dtype)
    for owner, live in enumerate(segments):
        here = (pick.owners == owner).nonzero()[0]
        begins = live.segment.columns[starts_name].astype(np.int64)[pick.numbers[here]]
        values[expand(starts[here], counts[here])] = live.segment.columns[name][expand(begins, counts[here])]
    sink.write(name, values)
    sink.write(starts_name, starts)


def _copy_texts(segments: Sequence[LiveSegment], order: _Order, path: Path) -> Array:
    """Copy the compressed texts, and give where each begins. Texts that stand side by side are copied together."""
    starts = [0]
    with path.open("xb") as file:
        owners, numbers = order.articles
        is_next = (np.diff(owners) == 0) & (np.diff(numbers) == 1)
        for first, end in pairwise([0, *(~is_next).nonzero()[0] + 1, len(numbers)]):
            segment = segments[int(owners[first])].segment
            low, high = int(numbers[first]), int(numbers[end - 1]) + 1
            sizes = np.diff(segment.columns["text_starts"][low : high + 1])
            starts += (starts[-1] + sizes.cumsum()).tolist()
            file.write(segment.texts.frames(low, high))
    return np.array(starts, np.int64)
