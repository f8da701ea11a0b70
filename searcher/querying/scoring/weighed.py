"""What are words worth together, in passages that hold some of them, or all?

Sums are made in one fixed order of the words, so that a score does not depend on how a query was written or evaluated.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from searcher.arrays import Codes, Numbers, Scores
from searcher.language.tree import Key
from searcher.storage.columns.postings import PostingList


class Weighed(NamedTuple):
    """One word, or what is found like one, in one segment.

    Attributes:
        key: What it searches for: scores are summed in the order of keys.
        postings: The live passages that hold it.
        bounds: Codes of which one at least is worth as much as any other of the postings.
        weight: What saturation is multiplied by.
    """

    key: Key
    postings: PostingList
    bounds: Codes
    weight: float


def worth(word: Weighed, saturation: Scores, codes: Codes) -> Scores:
    """Score a word where it has these codes."""
    scores = saturation.take(codes, mode="clip")  # as they are: there is a place for every code
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
    """Give what a word adds to some passages, ascending."""
    places, ordinals = word.postings.find(passages)
    return Share(word.key, places, worth(word, saturation, word.postings.codes[ordinals]))


def summed(shares: Iterable[Share], n_passages: int) -> Scores:
    """Sum up the scores of so many passages."""
    total = np.zeros(n_passages)
    for _, places, scores in sorted(shares, key=lambda share: share.key):
        total[places] += scores
    return total


def exact_scores(words: Sequence[Weighed], saturation: Scores, passages: Numbers) -> Scores:
    """Score some passages, ascending."""
    return summed([share(word, saturation, passages) for word in words], len(passages))


def with_all(words: Sequence[Weighed], saturation: Scores) -> tuple[Numbers, Scores]:
    """Find the passages that hold all of some words, at least one, and score them."""
    by_rarity = sorted(words, key=lambda word: len(word.postings.codes))
    passages = by_rarity[0].postings.passages
    codes = [by_rarity[0].postings.codes]
    for word in by_rarity[1:]:
        places, ordinals = word.postings.find(passages)
        passages = passages[places]
        codes = [*(each[places] for each in codes), word.postings.codes[ordinals]]
    scores = [worth(word, saturation, own) for word, own in zip(by_rarity, codes, strict=True)]
    if len(scores) > 2:  # two numbers have the same sum whichever comes first
        order = sorted(range(len(scores)), key=lambda number: by_rarity[number].key)
        scores = [scores[number] for number in order]
    total = scores[0]
    for each in scores[1:]:
        total += each
    return passages, total
