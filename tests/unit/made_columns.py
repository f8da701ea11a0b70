"""Columns of a segment that has just what the kernel reads, made of plain dictionaries."""

from collections.abc import Container, Sequence
from itertools import accumulate

import numpy as np

from searcher.arrays import Array, Bitmap, to_bitmap
from searcher.storage.columns.strings import pack

Codes = dict[int, int]
"""The code of each passage that has a term."""


def bitmap(numbers: Container[int], n: int) -> Bitmap:
    """Write numbers below n as a bitmap."""
    return to_bitmap(np.array([number in numbers for number in range(n)], np.bool_))


def made_columns(terms: Sequence[Codes], sizes: Sequence[int], dense: Container[int]) -> dict[str, Array]:
    """Make the columns.

    Args:
        terms: The postings of each term. The terms are called *t0000*, *t0001* and so on.
        sizes: How many passages each article has.
        dense: The terms that have a bitmap.
    """
    n_passages = sum(sizes)
    numbers = [term for term in range(len(terms)) if term in dense]
    maps = [bitmap(terms[term], n_passages) for term in numbers]
    ranks = [[0, *accumulate(word.bit_count() for word in each.tolist())][:-1] for each in maps]
    n_words = -(-n_passages // 64)
    codes = [code for term in terms for _, code in sorted(term.items())]
    bounds = [sorted(set(term.values())) for term in terms]
    blob, starts = pack(f"t{number:04}".encode() for number in range(len(terms)))
    ids = [passage for number, term in enumerate(terms) if number not in numbers for passage in sorted(term)]
    return {
        "terms": blob,
        "terms_starts": starts,
        "posting_starts": np.cumsum([0, *map(len, terms)], dtype=np.int64),
        "dense_postings": np.cumsum([0, *(len(terms[term]) for term in numbers)], dtype=np.int64),
        "dense_terms": np.array(numbers, np.uint32),
        "passage_ids": np.array(ids, np.uint32),
        "bitmaps": np.array(maps, np.uint64).reshape(-1, n_words),
        "ranks": np.array(ranks, np.uint32).reshape(-1, n_words),
        "codes": np.array(codes, np.uint16),
        "bound_starts": np.cumsum([0, *map(len, bounds)], dtype=np.uint32),
        "bounds": np.array([code for each in bounds for code in each], np.uint16),
        "passage_article": np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes),
        "article_passages": np.cumsum([0, *sizes], dtype=np.uint32),
    }
