"""Which passages have the best scores for some loose words, without looking at every passage that has one?

MaxScore, a column at a time: words in the order of what they can add at most; as soon as the words that are left cannot
together lift a passage among the best, only passages that are candidates already are looked up in their postings. Sums
on the way are of single precision, and a passage is dropped only where it is further off than their rounding. The scores of
what remains are then summed in double precision, words in one fixed order, so that they are those of any other way.

Turtle and Flood, "Query Evaluation: Strategies and Optimizations", 1995.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from searcher.querying.tree import Key
from searcher.ranking.bm25 import Scores
from searcher.storage.postings import Numbers, PostingList, Scratch
from searcher.storage.segment import distinct

_SLACK: Final = 1 - 1e-5
"""By how much sums of single precision may be off, and more."""
_BLOCKS: Final = 8
"""Blocks a best passage that is sought, in looking for a score that so many passages reach."""
_FEW: Final = 64
"""Candidates of which the exact score takes no longer than a closer look."""
_NONE = np.zeros(0, np.int64)

Sums = npt.NDArray[np.float32]


class Saturation(NamedTuple):
    """What a frequency in a passage of some length is worth.

    Attributes:
        exact: float64, by code.
        coarse: The same, of single precision.
    """

    exact: Scores
    coarse: Sums


@dataclass(frozen=True, slots=True)
class Weighed:
    """One loose word in one segment.

    Attributes:
        key: What it searches for: scores are summed in the order of keys.
        postings: The live passages that hold it.
        weight: What saturation is multiplied by.
        ceiling: No passage has a higher score for it.
    """

    key: Key
    postings: PostingList
    weight: float
    ceiling: float


def exact_scores(words: Sequence[Weighed], saturation: Saturation, passages: Numbers) -> Scores:
    """Score some passages, ascending."""
    total = np.zeros(len(passages))
    for word in sorted(words, key=lambda word: word.key):
        places, ordinals = word.postings.find(passages)
        total[places] += saturation.exact.take(word.postings.codes[ordinals]) * word.weight
    return total


def with_all(words: Sequence[Weighed], saturation: Saturation) -> tuple[Numbers, Scores]:
    """Find the passages that hold all of some words, at least one, and score them."""
    by_rarity = sorted(words, key=lambda word: len(word.postings))
    passages = by_rarity[0].postings.passages
    ordinals = [np.arange(len(passages))]
    for word in by_rarity[1:]:
        places, found = word.postings.find(passages)
        passages = passages[places]
        ordinals = [*(each[places] for each in ordinals), found]
    total = np.zeros(len(passages))
    for word, own in sorted(zip(by_rarity, ordinals, strict=True), key=lambda pair: pair[0].key):
        total += saturation.exact.take(word.postings.codes[own]) * word.weight
    return passages, total


def with_any(
    words: Sequence[Weighed], saturation: Saturation, scratch: Scratch, k: int, least: float
) -> tuple[Numbers, Scores]:
    """Find passages that hold any of some words, among them the k best, and score them.

    Args:
        words: The words.
        saturation: Of the snapshot.
        scratch: Of the segment.
        k: How many, at least 1.
        least: A score below which no passage is wanted.

    Returns:
        int64, ascending, and beside them the scores.
    """
    by_ceiling = sorted(words, key=lambda word: -word.ceiling)
    rest = [0.0]
    for word in reversed(by_ceiling):
        rest.append(rest[-1] + word.ceiling)
    rest.reverse()  # what the words from here on can add at most
    sums = scratch.sums()
    touched: list[Numbers] = []
    threshold = least * _SLACK
    n_gone_through = 0
    for number, word in enumerate(by_ceiling):
        if touched and rest[number] < threshold:
            break
        n_gone_through += 1
        passages = word.postings.passages
        scores = saturation.coarse.take(word.postings.codes)
        scores *= np.float32(word.weight)
        if touched:
            scores += sums.take(passages)
        threshold = max(threshold, _reached(scores, k))
        if (needed := threshold - rest[number + 1]) > 0:
            keep = (scores >= needed).nonzero()[0]
            passages, scores = passages[keep], scores[keep]
        sums[passages] = scores
        touched.append(passages)
    needed = threshold - rest[n_gone_through]
    found = [passages[(sums.take(passages) >= needed).nonzero()[0]] for passages in touched]
    candidates = distinct(np.concatenate(found)) if len(found) > 1 else found[0]
    reached = sums.take(candidates)
    for passages in touched:
        sums[passages] = 0
    scratch.give_sums(sums)
    for number, word in enumerate(by_ceiling[n_gone_through:], n_gone_through + 1):
        if len(candidates) <= _FEW:
            break
        places, ordinals = word.postings.find(candidates)
        reached[places] += saturation.coarse.take(word.postings.codes[ordinals]) * np.float32(word.weight)
        threshold = max(threshold, _reached(reached, k))
        keep = (reached >= threshold - rest[number]).nonzero()[0]
        candidates, reached = candidates[keep], reached[keep]
    return candidates, exact_scores(words, saturation, candidates)


def _reached(scores: Sums, k: int) -> float:
    """Give a score that at least k of these reach, less what rounding may make of it: 0 if there are not so many."""
    n_blocks = _BLOCKS * k
    if len(scores) < k:
        return 0.0
    if len(scores) >= 2 * n_blocks:
        width = len(scores) // n_blocks
        scores = scores[: n_blocks * width].reshape(n_blocks, width).max(axis=1)
    return float(np.partition(scores, len(scores) - k)[len(scores) - k]) * _SLACK
