"""Which are the k highest scores?"""

import numpy as np
import numpy.typing as npt


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
    if k < n:
        threshold = np.partition(scores, n - k)[n - k]
        above = (scores > threshold).nonzero()[0]
        level = (scores == threshold).nonzero()[0][: k - len(above)]
        chosen = np.concatenate((above, level))
    else:
        chosen = np.arange(n)
    return chosen[np.lexsort((chosen, -scores[chosen]))]
