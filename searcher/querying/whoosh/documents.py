"""Which documents does Whoosh see, and in which order?

A document is a live passage. The documents of all segments are numbered together, without gaps. They are ordered by the address
of their article, then by their place in the article.
"""

from collections.abc import Iterator

import numpy as np
from whoosh.columns import ColumnReader

from searcher.arrays import Numbers, expand
from searcher.storage.snapshot import Snapshot

_NONE = np.zeros(0, np.int64)


class Documents:
    """The documents of a snapshot.

    Attributes:
        segments: The segments.
        numbers: For each segment int64, shape (n_passages,): the document of each passage; -1 for a dead passage.
        passages: int64, shape (n_documents,): the number of each document's passage in its segment.
        article_of: int64, shape (n_documents,), ascending: the place of each document's article in ``articles``.
        lengths: int64, shape (n_documents,): how many words each document has.
        kinds: int64, shape (n_documents,): the `Kind` of each document.
        articles: The live articles by address, each as the number of its segment and its number in the segment.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.segments = snapshot.segments
        ranked = sorted(
            (live.segment.addresses[article], number, article)
            for number, live in enumerate(self.segments)
            for article in range(live.segment.n_articles)
            if live.is_live(article)
        )
        self.articles = [(number, article) for _, number, article in ranked]
        ranks = [np.full(live.segment.n_articles, -1) for live in self.segments]
        for rank, (number, article) in enumerate(self.articles):
            ranks[number][article] = rank
        by_passage = [
            ranks[n][live.segment.columns["passage_article"]] for n, live in enumerate(self.segments)
        ]
        passages = [(articles >= 0).nonzero()[0] for articles in by_passage]
        article_of = concatenate([by_passage[n][numbers] for n, numbers in enumerate(passages)])
        order = article_of.argsort(kind="stable")
        self.article_of = article_of[order]
        self.passages = concatenate(passages)[order]
        self.lengths = self._column("passage_length", passages)[order]
        self.kinds = self._column("passage_kind", passages)[order]
        places = np.empty_like(order)
        places[order] = np.arange(len(order))
        self.numbers = [np.full(len(articles), -1) for articles in by_passage]
        start = 0
        for n, numbers in enumerate(passages):
            self.numbers[n][numbers] = places[start : start + len(numbers)]
            start += len(numbers)

    def _column(self, name: str, passages: list[Numbers]) -> Numbers:
        columns = [live.segment.columns[name] for live in self.segments]
        return concatenate([columns[n][numbers].astype(np.int64) for n, numbers in enumerate(passages)])

    def __len__(self) -> int:
        return len(self.passages)

    def of_articles(self, articles: Numbers) -> Numbers:
        """List the documents of some articles. Both ascend."""
        starts = self.article_of.searchsorted(articles)
        return expand(starts, self.article_of.searchsorted(articles, side="right") - starts)

    def values(self, name: str) -> list[str]:
        """List one of the strings in `searcher.storage.format.ARTICLE_STRINGS` for every article."""
        strings = [list(live.segment.article_strings(name)) for live in self.segments]
        return [strings[number][article] for number, article in self.articles]


class Values(ColumnReader):  # type: ignore[misc]  # Whoosh's classes are not typed for us
    """One value for each document, given as its number among all values."""

    def __init__(self, values: list[str], numbers: Numbers) -> None:
        self._values = [value.encode() for value in values]
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, docnum: int) -> bytes:
        return self._values[int(self._numbers[docnum])]

    def __iter__(self) -> Iterator[bytes]:
        return (self._values[number] for number in self._numbers.tolist())


def concatenate(arrays: list[Numbers]) -> Numbers:
    """Concatenate any number of int64 arrays. The result is empty if there are none."""
    return np.concatenate([_NONE, *arrays])
