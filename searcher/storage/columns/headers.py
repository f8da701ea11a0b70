"""Are the columns of a segment there, each of its dtype and of its length?

This looks at headers only, however large the columns are, so that every opening can ask it.
"""

from collections.abc import Iterator, Mapping

from searcher.arrays import Array
from searcher.storage.format import COLUMNS, OCCURRENCE_BLOCK, VARIANT_DTYPES

Columns = Mapping[str, Array]


def shape_faults(columns: Columns) -> Iterator[tuple[str, str]]:
    """Find the columns that are not what `searcher.storage.format` says of their headers.

    Args:
        columns: The columns of a segment.

    Yields:
        Name of a column, and what is wrong with it. Lengths are compared only where everything else is right.
    """
    faults = [(name, fault) for name in COLUMNS if (fault := _fault(name, columns.get(name)))]
    yield from faults or _length_faults(columns)


def _fault(name: str, column: Array | None) -> str:
    """Say what is wrong with a column by itself; empty if nothing is."""
    dtype, _, n_more, is_table = COLUMNS[name]
    if column is None:
        return "is missing"
    if column.dtype.str not in ((dtype,) if dtype else VARIANT_DTYPES):
        return f"has dtype {column.dtype.str}"
    if column.ndim != (2 if is_table else 1):
        return f"has {column.ndim} dimensions"
    return "is empty" if n_more and not len(column) else ""


def _length_faults(columns: Columns) -> Iterator[tuple[str, str]]:
    counts = {
        "terms": len(columns["terms_starts"]) - 1,
        "surfaces": len(columns["surfaces_starts"]) - 1,
        "dense terms": len(columns["dense_terms"]),
        "blocks": -(-len(columns["codes"]) // OCCURRENCE_BLOCK),
        "passages": len(columns["passage_article"]),
        "articles": len(columns["text_starts"]) - 1,
    }
    n_words = -(-counts["passages"] // 64)
    for name, (_, of, n_more, is_table) in COLUMNS.items():
        column = columns[name]
        if of and len(column) != counts[of] + n_more:
            yield name, f"has {len(column)} entries, not {counts[of] + n_more}"
        if is_table and column.shape[1] != n_words:
            yield name, f"has {column.shape[1]} words a row, not {n_words}"
