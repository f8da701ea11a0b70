"""Which are the k highest scores?"""

from typing import Final

import numpy as np
import numpy.typing as npt

_FEW: Final = 256
"""Scores that are sorted as fast as the highest are set apart."""


def top(scores: npt.NDArray[np.float64], k: int) -> npt.NDArray[np.int64]:
    """Choose the k highest scores; among equal ones those that come first.

    Args:
        scores: float64, shape (n,).
        k: How many, at least 0; all of them if there are fewer.

    Returns:
        int64, shape (min(k, n),): places in ``scores``, highest first, equal ones ascending.

    >>> top(np.array([1.0, 3.0, 2.0, 3.0]), 3).tolist()
    [1, 3, 2]
    """
    n = len(scores)
    if k <= 0 or n == 0:
        return np.zeros(0, np.int64)
    if n <= _FEW or n <= k:
        order: npt.NDArray[np.int64] = (-scores).argsort(kind="stable")[:k]
        return order
    chosen = (scores >= np.partition(scores, n - k)[n - k]).nonzero()[0]
    best: npt.NDArray[np.int64] = chosen[(-scores[chosen]).argsort(kind="stable")[:k]]
    return best
