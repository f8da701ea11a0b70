"""Lists of numbers, as arrays."""

import numpy as np

from searcher.storage.columns.postings import Numbers


def distinct(values: Numbers) -> Numbers:
    """Sort numbers and keep one of equal ones: `numpy.unique` hashes, which takes ten times as long.

    Quickest where they are a few ascending runs, one behind the other.

    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    ordered = np.sort(values, kind="stable")
    keep = np.ones(len(ordered), np.bool_)
    keep[1:] = ordered[1:] != ordered[:-1]
    return ordered[keep]


def expand(begins: Numbers, counts: Numbers) -> Numbers:
    """Concatenate the ranges that begin here and are so long.

    >>> expand(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    before = counts.cumsum() - counts
    return np.repeat(begins - before, counts) + np.arange(int(counts.sum()))
