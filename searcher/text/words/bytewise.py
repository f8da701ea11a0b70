"""How are strings that lie end to end, as bytes, looked at all at once?"""

import numpy as np

from searcher.arrays import Array


def table(signs: str) -> Array:
    """Tell, by value, whether a byte is one of these ASCII signs."""
    return np.isin(np.arange(256), [*signs.encode()])


def between(starts: Array, ends: Array, n: int) -> Array:
    """Tell of n bytes whether each stands in one of some stretches.

    >>> between(np.array([1, 2, 4]), np.array([2, 2, 6]), 7).astype(int).tolist()
    [0, 1, 0, 0, 1, 1, 0]
    """
    steps = np.bincount(starts, minlength=n) - np.bincount(ends, minlength=n)
    return steps.cumsum() > 0


def lines(codes: Array, kept: Array) -> list[str]:
    r"""Give the lines that are left of bytes when only some of them are kept, of which the last is a line feed.

    >>> lines(np.frombuffer(b"one\ntwo\n", np.uint8), np.array([1, 0, 0, 1, 1, 1, 0, 1], np.bool_))
    ['o', 'tw']
    """
    return codes[kept].tobytes().decode().split("\n")[:-1]
