"""What score does a word have in a passage?

The formula is BM25 in the form of Lucene, with exact passage lengths. The score is the idf of the word times a saturation
that depends on frequency and passage length. A passage has at most 255 words, so there are only 65,536 cases. Their
saturation is computed once for an average length, and scoring looks it up.
"""

import math
from typing import Final

import numpy as np

from searcher.arrays import Scores

K1: Final = 1.2
B: Final = 0.75


def idf(doc_freq: int, n_passages: int) -> float:
    """Weigh a word by its rarity. The weight is always positive.

    ``ln(1 + (N - df + 0.5) / (df + 0.5))``.

    Args:
        doc_freq: Live passages that hold the word.
        n_passages: Live passages of the whole index, not of one segment.

    Raises:
        ValueError: ``doc_freq`` is negative or exceeds ``n_passages``.

    Source:
        Kamphuis et al., "Which BM25 Do You Mean?", ECIR 2020, the variant called Lucene.

    >>> round(idf(1, 2), 4), round(idf(2, 2), 4)
    (0.6931, 0.1823)
    """
    if not 0 <= doc_freq <= n_passages:
        raise ValueError(f"a document frequency of {doc_freq} among {n_passages} passages")
    return math.log(1 + (n_passages - doc_freq + 0.5) / (doc_freq + 0.5))


def saturation_table(average_length: float) -> Scores:
    """Compute the saturation of every frequency in every passage length.

    ``tf / (tf + k1 * (1 - b + b * length / average_length))``, always below 1.

    Args:
        average_length: Mean length of the live passages, in words, above 0.

    Returns:
        float64, shape (65536,). The place of a value is its code: frequency << 8 | length.

    >>> table = saturation_table(10.0)
    >>> bool(table[1 << 8 | 10] == 1 / 2.2), bool(table[2 << 8 | 10] > table[1 << 8 | 10])
    (True, True)
    """
    codes = np.arange(1 << 16)
    frequency, length = (codes >> 8).astype(np.float64), (codes & 255).astype(np.float64)
    return frequency / (frequency + K1 * (1 - B + B * length / average_length))
