"""What do Whoosh's own matchers find for a query object, and where does it stand?

Query objects that the query tree cannot express are evaluated here (see `searcher.querying.whoosh.translate`). Words have the
same scores as elsewhere, so these scores can be added to those of the evaluator.
"""

from collections.abc import Iterator
from copy import copy
from typing import Any, NamedTuple

import numpy as np
from whoosh.query import (
    AndNot,
    ColumnQuery,
    ConstantScoreQuery,
    MultiTerm,
    Not,
    NullQuery,
    Phrase,
    Query,
    Require,
    Term,
)
from whoosh.query.positional import Sequence
from whoosh.query.spans import SpanQuery
from whoosh.reading import IndexReader
from whoosh.scoring import BaseScorer, WeightingModel
from whoosh.searching import SearchContext
from whoosh.searching import Searcher as WhooshSearcher

from searcher.arrays import Numbers, Scores
from searcher.querying.matching.places import POSITION_BITS
from searcher.querying.scoring.bm25 import idf, saturation_table
from searcher.querying.whoosh.fields import TEXT_FIELDS
from searcher.querying.whoosh.reader import WhooshReader

Spans = set[tuple[int, int]]
"""First and last positions in one passage."""

_NEXT_TO_NOTHING = 1e-12  # not 0: some of Whoosh's unions take a score of 0 for no match


class SegmentMatches(NamedTuple):
    """What a query finds in one segment.

    Attributes:
        passages: int64, ascending: live passages.
        scores: float64, one for each passage.
    """

    passages: Numbers
    scores: Scores


class WhooshMatches:
    """What a query object finds in a snapshot.

    Args:
        reader: The reader of the snapshot.
        query: The query object.

    Raises:
        whoosh.query.QueryError: Whoosh cannot run the query, for example a phrase in a field without positions.
        re.error: The query holds an invalid regular expression.
    """

    def __init__(self, reader: WhooshReader, query: Query) -> None:
        self._reader = reader
        self._query = _mended(query)
        self._searcher = WhooshSearcher(reader, closereader=False, weighting=_Bm25(reader))
        docs, scores = [], []
        matcher = self._query.matcher(self._searcher, self._searcher.context())
        while matcher.is_active():
            docs.append(matcher.id())
            scores.append(matcher.score())
            matcher.next()
        found = np.zeros(len(reader.documents), np.bool_)
        found[docs] = True
        by_doc = np.zeros(len(found))
        by_doc[docs] = scores
        self._by_segment = {}
        for live, numbers in zip(reader.snapshot.segments, reader.documents.numbers, strict=True):
            passages = ((numbers >= 0) & found[numbers]).nonzero()[0] if len(found) else numbers[:0]
            self._by_segment[live.segment.name] = SegmentMatches(passages, by_doc[numbers[passages]])

    def of(self, segment: str) -> SegmentMatches:
        """Give what the query finds in a segment, given by name."""
        return self._by_segment[segment]

    def places(self, segment: str, passages: Numbers) -> list[tuple[int, int]]:
        """Find the words for which passages of a segment match.

        For a span query, these are the words inside the spans that it finds. For other queries, these are all the words of the
        clauses that match.

        Args:
            segment: Name of the segment.
            passages: int64, ascending: look only in these.
        """
        names = [live.segment.name for live in self._reader.snapshot.segments]
        numbers = self._reader.documents.numbers[names.index(segment)]
        return [
            (passage << POSITION_BITS | start, (passage << POSITION_BITS) + end + 1)
            for passage in passages[numbers[passages] >= 0].tolist()
            for start, end in self._spans(self._query, int(numbers[passage]))
        ]

    def _spans(self, query: Query, doc: int) -> Spans:
        """Find the words for which a document matches a query. There are none if it does not match."""
        matcher = query.matcher(self._searcher, SearchContext(needs_current=True))
        if matcher.is_active():
            matcher.skip_to(doc)
        if not matcher.is_active() or matcher.id() != doc:
            return set()
        if isinstance(query, Phrase | Sequence | SpanQuery):
            wholes = [(span.start, span.end) for span in matcher.spans()]
            words = {span for leaf in _leaves(query) for span in self._words(leaf, doc)}
            if isinstance(query, Phrase) and query.slop == 1:
                return set(wholes) if query.fieldname in TEXT_FIELDS else set()
            return {(start, end) for start, end in words if any(a <= start and end <= b for a, b in wholes)}
        if children := list(query.children()):
            return {span for child in children for span in self._spans(child, doc)}
        return self._words(query, doc)

    def _words(self, leaf: Query, doc: int) -> Spans:
        """Find all words of a document that a query without clauses asks for."""
        if isinstance(leaf, Phrase):
            terms = {(leaf.fieldname, word) for word in leaf.words}
        elif isinstance(leaf, Term | MultiTerm):
            terms = set(leaf.existing_terms(self._reader, expand=True))
        else:
            terms = set()
        spans: Spans = set()
        for field, term in terms:
            matcher = self._reader.postings(field, term) if field in TEXT_FIELDS else None
            if matcher and (field, term) in self._reader:
                matcher.skip_to(doc)
                if matcher.is_active() and matcher.id() == doc:
                    spans |= {(span.start, span.end) for span in matcher.spans()}
        return spans


def _leaves(query: Query) -> Iterator[Query]:
    """List the queries inside a query that have no queries inside them."""
    children = [query.q] if isinstance(query, SpanQuery) and hasattr(query, "q") else list(query.children())
    if not children:
        yield query
    for child in children:
        yield from _leaves(child)


class _Bm25(WeightingModel):  # type: ignore[misc]  # Whoosh's classes are not typed for us
    """Weighs words as `searcher.querying.scoring.bm25` does. Terms that select articles or kinds weigh next to nothing."""

    def __init__(self, reader: WhooshReader) -> None:
        self._reader = reader
        self._table = saturation_table(reader.snapshot.average_length)

    def scorer(self, searcher: Any, fieldname: str, text: str, qf: int = 1) -> BaseScorer:  # noqa: ARG002  (Whoosh's signature)
        """Give what scores the documents of a term."""
        weight = _NEXT_TO_NOTHING
        if fieldname in TEXT_FIELDS:
            weight = idf(self._reader.doc_frequency(fieldname, text), len(self._reader.documents))
        return _Scorer(self._table, weight, self._reader.documents.lengths)


class _Scorer(BaseScorer):  # type: ignore[misc]  # Whoosh's classes are not typed for us
    def __init__(self, table: Scores, weight: float, lengths: Numbers) -> None:
        self._table = table
        self._weight = weight
        self._lengths = lengths

    def score(self, matcher: Any) -> float:
        code = int(matcher.weight()) << 8 | int(self._lengths[matcher.id()])
        return float(self._table[code]) * self._weight

    def max_quality(self) -> float:
        return self._weight  # saturation stays below 1


def _mended(query: Any) -> Any:
    """Copy a query, and mend three faults of Whoosh's query objects.

    - Most span queries and `whoosh.query.ColumnQuery` cannot estimate how much they will find. Queries around them need the
      estimate, and fail with ``NotImplementedError``.
    - `whoosh.query.ColumnQuery` has no score.
    - The matcher of `whoosh.query.AndNot` accepts documents that it should not.
    """
    if isinstance(query, AndNot):
        return Require(_mended(query.a), Not(_mended(query.b)))
    if isinstance(query, list | tuple):
        return type(query)(map(_mended, query))
    if not isinstance(query, Query) or query is NullQuery:
        return query
    made = copy(query)
    vars(made).update({name: _mended(value) for name, value in vars(query).items()})
    if type(made).estimate_size is Query.estimate_size:
        made.estimate_size = _doc_count
    return ConstantScoreQuery(made) if isinstance(made, ColumnQuery) else made


def _doc_count(reader: IndexReader) -> int:
    count: int = reader.doc_count()
    return count
