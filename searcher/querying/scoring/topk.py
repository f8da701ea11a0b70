"""Which are the k highest scores?"""

import numpy as np

from searcher.arrays import Numbers, Scores


def top(scores: Scores, k: int) -> Numbers:
    """Choose the k highest scores. Of equal scores, choose those that come first.

    Args:
        scores: float64, shape (n,).
        k: How many scores, at least 0. If there are fewer, all of them are chosen.

    Returns:
        int64, shape (min(k, n),): places in ``scores``, highest score first. Places of equal scores ascend.

    >>> top(np.array([1.0, 3.0, 2.0, 3.0]), 3).tolist()
    [1, 3, 2]
    """
    n = len(scores)
    if k <= 0 or n == 0:
        return np.zeros(0, np.int64)
    chosen = np.arange(n) if n <= k else (scores >= np.partition(scores, n - k)[n - k]).nonzero()[0]
    best: Numbers = chosen[(-scores[chosen]).argsort(kind="stable")[:k]]
    return best
