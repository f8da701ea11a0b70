"""What does a query object of Whoosh's find?"""

from copy import copy
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from whoosh.query import ColumnQuery, ConstantScoreQuery, NullQuery, Query
from whoosh.reading import IndexReader
from whoosh.searching import Searcher

from searcher.querying.whoosh_reader import WhooshReader
from searcher.storage.segment import Numbers


class SegmentMatches(NamedTuple):
    """What a query finds in one segment.

    Attributes:
        passages: int64, ascending, live.
        scores: float64, beside them: Whoosh's.
    """

    passages: Numbers
    scores: npt.NDArray[np.float64]


def search_whoosh(reader: WhooshReader, query: Query) -> list[SegmentMatches]:
    """Run any query object of Whoosh's.

    Scores are Whoosh's BM25F over our counts, or 1 where it scores by constants: good for an order among the passages of
    one query, not to be mixed with the scores of `searcher.ranking`.

    Args:
        reader: Where to look.
        query: What to look for.

    Returns:
        What was found, for each segment of the snapshot.

    Raises:
        whoosh.query.QueryError: The query cannot be run, a phrase in a field without positions, say.
    """
    results = Searcher(reader, closereader=False).search(_mended(query), limit=None)
    docs = np.array([doc for _, doc in results.top_n], np.int64)
    scores = np.array([score for score, _ in results.top_n], np.float64)
    found = np.zeros(len(reader.documents), np.bool_)
    found[docs] = True
    by_doc = np.zeros(len(found))
    by_doc[docs] = scores
    matches = []
    for numbers in reader.documents.numbers:
        passages = ((numbers >= 0) & found[numbers]).nonzero()[0] if len(found) else numbers[:0]
        matches.append(SegmentMatches(passages, by_doc[numbers[passages]]))
    return matches


def _mended(query: Any) -> Any:
    """Copy a query, with what Whoosh misses in its own.

    Most span queries and `whoosh.query.ColumnQuery` cannot say how much they will find, which queries around them ask
    (``NotImplementedError``), and the latter has no score.
    """
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
