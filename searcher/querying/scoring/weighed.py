"""What score do several words have together in a passage?

Scores are always summed in the order of the words' keys. A score therefore does not depend on how a query was written or
evaluated.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from searcher.arrays import Codes, Numbers, Scores
from searcher.language.tree import Key
from searcher.storage.columns.postings import PostingList


class Weighed(NamedTuple):
    """One word or phrase in one segment, with its weight.

    Attributes:
        key: What the word searches for. Scores are summed in the order of keys.
        postings: The live passages that hold the word.
        bounds: Some codes. No code of the postings scores higher than the best of these.
        weight: The factor by which saturation is multiplied.
    """

    key: Key
    postings: PostingList
    bounds: Codes
    weight: float


def worth(word: Weighed, saturation: Scores, codes: Codes) -> Scores:
    """Compute the score of a word for each of some codes."""
    scores = saturation.take(codes, mode="clip")  # no code is out of range, and this mode is faster
    scores *= word.weight
    return scores


class Share(NamedTuple):
    """What one word or leaf adds to the scores of some passages.

    Attributes:
        key: What it searches for.
        places: int64: places among the passages.
        scores: float64, beside them.
    """

    key: Key
    places: Numbers
    scores: Scores


def share(word: Weighed, saturation: Scores, passages: Numbers) -> Share:
    """Find what a word adds to the scores of some passages, given ascending."""
    places, ordinals = word.postings.find(passages)
    return Share(word.key, places, worth(word, saturation, word.postings.codes[ordinals]))


def summed(shares: Iterable[Share], n_passages: int) -> Scores:
    """Sum up the scores of so many passages."""
    total = np.zeros(n_passages)
    for _, places, scores in sorted(shares, key=lambda share: share.key):
        total[places] += scores
    return total


def exact_scores(words: Sequence[Weighed], saturation: Scores, passages: Numbers) -> Scores:
    """Compute the scores of some passages, given ascending."""
    return summed([share(word, saturation, passages) for word in words], len(passages))


def with_all(words: Sequence[Weighed], saturation: Scores) -> tuple[Numbers, Scores]:
    """Find the passages that hold all of at least one word, and compute their scores."""
    by_rarity = sorted(words, key=lambda word: len(word.postings.codes))
    passages = by_rarity[0].postings.passages
    codes = [by_rarity[0].postings.codes]
    for word in by_rarity[1:]:
        places, ordinals = word.postings.find(passages)
        passages = passages[places]
        codes = [*(each[places] for each in codes), word.postings.codes[ordinals]]
    scores = [worth(word, saturation, own) for word, own in zip(by_rarity, codes, strict=True)]
    if len(scores) > 2:  # two scores have the same sum in either order
        order = sorted(range(len(scores)), key=lambda number: by_rarity[number].key)
        scores = [scores[number] for number in order]
    total = scores[0]
    for each in scores[1:]:
        total += each
    return passages, total
