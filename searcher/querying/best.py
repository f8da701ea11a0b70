"""Which passages have the best scores for some words, without looking at every passage that has one?

MaxScore, a column at a time: words in the order of what they can add at most; as soon as the words that are left cannot
together lift a passage among the best, only passages that are candidates already are looked up in their postings. A passage
is dropped only where it is further off than rounding can be, since sums on the way are made in whatever order. The scores of
what remains are then summed again, words in one fixed order, so that they are those of any other way.

Turtle and Flood, "Query Evaluation: Strategies and Optimizations", 1995.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from searcher.querying.tree import Key
from searcher.ranking.bm25 import Scores
from searcher.storage.numbers import distinct
from searcher.storage.postings import Codes, Numbers, PostingList, Scratch

Mask = npt.NDArray[np.bool_]
_SLACK: Final = 1 - 1e-9
"""By how much sums in another order may be off, and more."""
_BLOCKS: Final = 8
"""Blocks a best passage that is sought, in looking for a score that so many passages reach."""
_SHORT: Final = 2_000
"""Postings that are summed up before much can be said of which need not be."""
_PROMISING: Final = 64
"""Passages a best one that is sought, which are looked up to know early what the best will reach."""
_MORE: Final = 4
"""Times as many are taken for the best where too many of them are found besides."""
_FEW: Final = 64
"""Candidates of which the exact score takes no longer than a closer look."""


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


def exact_scores(words: Sequence[Weighed], saturation: Scores, passages: Numbers) -> Scores:
    """Score some passages, ascending."""
    total = np.zeros(len(passages))
    for word in sorted(words, key=lambda word: word.key):
        places, ordinals = word.postings.find(passages)
        total[places] += saturation.take(word.postings.codes[ordinals]) * word.weight
    return total


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


def worth(word: Weighed, saturation: Scores, codes: Codes) -> Scores:
    """Score a word where it has these codes."""
    scores = saturation.take(codes, mode="clip")  # as they are: there is a place for every code
    scores *= word.weight
    return scores


def with_any(  # noqa: PLR0917
    words: Sequence[Weighed],
    saturation: Scores,
    scratch: Scratch,
    k: int,
    least: float = 0.0,
    is_besides: Mask | None = None,
) -> tuple[Numbers, Scores]:
    """Find passages that hold any of some words, among them the k best, and score them.

    Args:
        words: The words.
        saturation: Of the snapshot.
        scratch: Of the segment.
        k: How many, at least 1.
        least: A score below which no passage is wanted.
        is_besides: Which passages do not count towards the k, and are found besides where they are as good; None for none.

    Returns:
        int64, ascending, and beside them the scores.
    """
    if len(words) == 1:
        return _with_one(words[0], saturation, k, least, is_besides)
    if sum(len(word.postings) for word in words) <= _SHORT:
        return _with_any_of_all(words, saturation, scratch)
    ceilings = [float(saturation.take(word.bounds).max(initial=0.0)) * word.weight for word in words]
    order = sorted(range(len(words)), key=ceilings.__getitem__, reverse=True)
    by_ceiling = [words[place] for place in order]
    # What the words behind each can add at most.
    rest = [sum(ceilings[place] for place in order[number + 1 :]) for number in range(len(order))]
    sums = scratch.sums()
    used: list[Numbers] = []
    candidates: list[Numbers] = []
    threshold = least * _SLACK
    for number, word in enumerate(by_ceiling):
        ceiling = rest[number] + ceilings[order[number]]
        n_candidates = sum(map(len, candidates))
        if used and ceiling < threshold and n_candidates <= len(word.postings):
            break
        passages = word.postings.passages
        scores = saturation.take(word.postings.codes)
        scores *= word.weight
        if used:
            scores += sums.take(passages)
            passages, scores = _at_least(threshold - rest[number], passages, scores)
            threshold = max(threshold, _reached(scores, k, passages, is_besides))
        else:
            threshold = max(threshold, _promised(by_ceiling, saturation, passages, scores, k, is_besides))
        needed = threshold - rest[number]
        passages, scores = _at_least(needed, passages, scores)
        if needed > 0:
            candidates = [each[(sums.take(each) >= needed).nonzero()[0]] for each in candidates]
        sums[passages] = scores
        used.append(passages)
        candidates.append(passages)
    found = distinct(np.concatenate(candidates)) if len(candidates) > 1 else candidates[0]
    reached = sums.take(found)
    for passages in used:
        sums[passages] = 0
    scratch.give_sums(sums)
    if len(found) > _FEW:
        left = list(zip(by_ceiling, rest, strict=True))[len(used) :]
        found = _still_able(left, saturation, found, reached, k, threshold, is_besides)
    return found, exact_scores(words, saturation, found)


def _at_least(needed: float, passages: Numbers, scores: Scores) -> tuple[Numbers, Scores]:
    if needed <= 0:
        return passages, scores
    keep = (scores >= needed).nonzero()[0]
    return passages[keep], scores[keep]


def _promised(  # noqa: PLR0917
    words: Sequence[Weighed],
    saturation: Scores,
    passages: Numbers,
    scores: Scores,
    k: int,
    is_besides: Mask | None,
) -> float:
    """Give a score that at least k passages reach: some that are good for the first of some words, looked up for all."""
    n_blocks = _PROMISING * k
    if len(passages) < 2 * n_blocks:
        return _reached(scores, k, passages, is_besides)
    width = len(scores) // n_blocks
    if is_besides is not None:
        scores = np.where(is_besides.take(passages), 0.0, scores)
    best = scores[: n_blocks * width].reshape(n_blocks, width).argmax(axis=1) + np.arange(n_blocks) * width
    promising, total = passages[best], scores[best]
    for word in words[1:]:
        places, ordinals = word.postings.find(promising)
        total[places] += saturation.take(word.postings.codes[ordinals]) * word.weight
    return _reached(total, k, promising, is_besides)


def _still_able(  # noqa: PLR0917
    left: Sequence[tuple[Weighed, float]],
    saturation: Scores,
    candidates: Numbers,
    reached: Scores,
    k: int,
    threshold: float,
    is_besides: Mask | None,
) -> Numbers:
    """Drop the candidates that cannot be among the best, going through words that are left and what those behind can add."""
    for word, rest in left:
        places, ordinals = word.postings.find(candidates)
        reached[places] += saturation.take(word.postings.codes[ordinals]) * word.weight
        threshold = max(threshold, _reached(reached, k, candidates, is_besides))
        candidates, reached = _at_least(threshold - rest, candidates, reached)
    return candidates


def _with_any_of_all(
    words: Sequence[Weighed], saturation: Scores, scratch: Scratch
) -> tuple[Numbers, Scores]:
    """Give every passage that holds any of some words."""
    sums = scratch.sums()
    for word in sorted(words, key=lambda word: word.key):
        sums[word.postings.passages] += saturation.take(word.postings.codes) * word.weight
    passages = distinct(np.concatenate([word.postings.passages for word in words]))
    scores = sums[passages]
    sums[passages] = 0
    scratch.give_sums(sums)
    return passages, scores


def _with_one(
    word: Weighed, saturation: Scores, k: int, least: float, is_besides: Mask | None
) -> tuple[Numbers, Scores]:
    scores = saturation.take(word.postings.codes) * word.weight
    passages = word.postings.passages
    n = k
    while n < len(scores):
        kept, best = _at_least(max(least, _reached(scores, n)), passages, scores)
        if is_besides is None or len(kept) - np.count_nonzero(is_besides.take(kept)) >= k:
            return kept, best
        n *= _MORE
    return passages, scores


def _reached(
    scores: Scores, k: int, passages: Numbers | None = None, is_besides: Mask | None = None
) -> float:
    """Give a score that at least k of these reach, less what rounding may make of it: 0 if there are not so many.

    Args:
        scores: Of some passages.
        k: How many.
        passages: The passages, if not all of them count.
        is_besides: Which passages do not; None for none.
    """
    if len(scores) < k:
        return 0.0
    if passages is not None and is_besides is not None:
        scores = scores[~is_besides.take(passages)]
        if len(scores) < k:
            return 0.0
    n_blocks = _BLOCKS * k
    if len(scores) >= 2 * n_blocks:
        width = len(scores) // n_blocks
        scores = scores[: n_blocks * width].reshape(n_blocks, width).max(axis=1)
    return float(np.partition(scores, len(scores) - k)[len(scores) - k]) * _SLACK
