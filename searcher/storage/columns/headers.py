"""Are the columns of a segment there, each of its dtype and as long as the others want it?

Looks at headers alone, however large the columns, so that every opening can ask it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy.typing as npt

from searcher.storage.format import ARTICLE_STRINGS, COLUMNS, OCCURRENCE_BLOCK, VARIANT_DTYPES

Columns = Mapping[str, npt.NDArray[Any]]

_ROWS: Final = ("bitmaps", "ranks")
_LENGTHS: Final = (
    *(
        (f"{name}_starts", "terms_starts", 0)
        for name in ("posting", "occurrence", "variant", "term_surface", "bound")
    ),
    ("term_surfaces", "surfaces_starts", -1),
    ("surface_term", "surfaces_starts", -1),
    ("surface_variant", "surfaces_starts", -1),
    ("dense_postings", "dense_terms", 1),
    ("bitmaps", "dense_terms", 0),
    ("ranks", "dense_terms", 0),
    *((f"passage_{name}", "passage_article", 0) for name in ("start", "end", "length", "kind", "paragraph")),
    ("sentence_starts", "passage_article", 1),
    ("paragraph_starts", "passage_article", 1),
    ("article_passages", "text_starts", 0),
    *(
        (f"article_{name}", "text_starts", -1)
        for name in ("is_file", "body_start", "title_start", "title_end")
    ),
    *((f"article_{name}_starts", "text_starts", 0) for name in ARTICLE_STRINGS),
)
"""A column, another one, and by how many entries the first is longer."""


def shape_faults(columns: Columns) -> Iterator[tuple[str, str]]:
    """Find the columns that are not what `searcher.storage.format` says of their headers.

    Args:
        columns: The columns of a segment.

    Yields:
        Name of a column, and what is the matter with it. Lengths are compared only where all else is as it should be.
    """
    faults = [(name, fault) for name in COLUMNS if (fault := _fault(name, columns.get(name)))]
    yield from faults or _length_faults(columns)


def _fault(name: str, column: npt.NDArray[Any] | None) -> str:
    """Say what is the matter with a column by itself; empty if nothing is."""
    if column is None:
        return "is missing"
    if column.dtype.str not in ((COLUMNS[name],) if COLUMNS[name] else VARIANT_DTYPES):
        return f"has dtype {column.dtype.str}"
    if column.ndim != (2 if name in _ROWS else 1):
        return f"has {column.ndim} dimensions"
    return "is empty" if name.endswith("_starts") and not len(column) else ""


def _length_faults(columns: Columns) -> Iterator[tuple[str, str]]:
    for name, other, more in _LENGTHS:
        if len(columns[name]) != len(columns[other]) + more:
            yield name, f"has {len(columns[name])} entries, not {len(columns[other]) + more}"
    n_blocks = -(-len(columns["codes"]) // OCCURRENCE_BLOCK)
    if len(columns["occurrence_base"]) != n_blocks:
        yield "occurrence_base", f"has {len(columns['occurrence_base'])} entries, not {n_blocks}"
    n_words = -(-len(columns["passage_article"]) // 64)
    for name in _ROWS:
        if columns[name].shape[1] != n_words:
            yield name, f"has {columns[name].shape[1]} words a row, not {n_words}"
