"""How does Whoosh step through the documents of a term?"""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from whoosh.matching import LeafMatcher, Matcher, NullMatcher, ReadTooFar
from whoosh.query.spans import Span

from searcher.querying.whoosh.postings import TermPostings


class PostingsMatcher(LeafMatcher):  # type: ignore[misc]  # Whoosh's classes are not typed for us
    """Steps through the documents of a term. All documents are one block."""

    def __init__(
        self, found: TermPostings, term: tuple[str, bytes], format_: Any, scorer: Any, at: int = 0
    ) -> None:
        self._found = found
        self._ids = found.ids
        self._term = term
        self.format = format_
        self.scorer = scorer
        self._at = at

    def copy(self) -> "PostingsMatcher":
        """Give a matcher at the same place."""
        return PostingsMatcher(self._found, self._term, self.format, self.scorer, self._at)

    def is_active(self) -> bool:
        """Tell whether the matcher stands at a document."""
        return self._at < len(self._ids)

    def reset(self) -> None:
        """Go back to the first document."""
        self._at = 0

    def replace(self, minquality: float = 0) -> Matcher:
        """Give this matcher, or one without documents if no document that is good enough is left."""
        is_over = not self.is_active() or (minquality and self.max_quality() < minquality)
        return NullMatcher() if is_over else self

    def id(self) -> int:
        """Give the document. At the end, give the last one: Whoosh's ``AndNotMatcher`` asks there too."""
        return self._ids[min(self._at, len(self._ids) - 1)]

    def all_ids(self) -> Iterator[int]:
        """List the documents from here on."""
        return iter(self._ids[self._at :])

    def next(self) -> None:
        """Step to the next document."""
        if not self.is_active():
            raise ReadTooFar
        self._at += 1

    def skip_to(self, id: int) -> None:  # noqa: A002  (Whoosh's signature)
        """Step to the first document with at least this number."""
        if not self.is_active():
            raise ReadTooFar
        self._at = bisect_left(self._ids, id, self._at)

    def skip_to_quality(self, minquality: float) -> int:
        """Skip the block if it is not good enough. Return how many blocks were skipped."""
        if not self.is_active() or self.block_quality() > minquality:
            return 0
        self._at = len(self._ids)
        return 1

    def weight(self) -> float:
        """Count the occurrences of the term in the document."""
        return float(self._found.weights[self._at])

    def block_max_weight(self) -> float:
        """Give the largest weight of the documents."""
        return float(self._found.weights.max())

    def block_min_length(self) -> int:
        """Give the length of the shortest document."""
        return int(self._found.lengths.min())

    def block_max_length(self) -> int:
        """Give the length of the longest document."""
        return int(self._found.lengths.max())

    def value(self) -> bytes:
        """Give the positions of the occurrences in the document, encoded in the format of the field."""
        encoded: bytes = self.format.encode([start for start, _ in self._found.spans(self._at)])
        return encoded

    def spans(self) -> list[Span]:
        """List the positions that each occurrence in the document covers."""
        if not self.supports("positions"):
            return list(super().spans())
        return [Span(first, last) for first, last in self._found.spans(self._at)]
