"""Which passages have the best scores for some words, without looking at every passage that has one?

MaxScore, a column at a time: words in the order of what they can add at most; as soon as the words that are left cannot
together lift a passage among the best, only passages that are candidates already are looked up in their postings. A passage
is dropped only where it is further off than rounding can be, since sums on the way are made in whatever order. The scores of
what remains are then summed again, words in one fixed order, so that they are those of any other way.

Turtle and Flood, "Query Evaluation: Strategies and Optimizations", 1995.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from searcher.arrays import Mask, Numbers, Scores, distinct
from searcher.querying.scoring.weighed import Weighed, exact_scores, worth
from searcher.storage.columns.postings import PostingList, Scratch

_NONE: Final = np.zeros(0, np.int64)
_SLACK: Final = 1 - 1e-9
"""By how much sums in another order may be off, and more."""
_BLOCKS: Final = 8
"""Blocks a best passage that is sought, in looking for a score that so many passages reach."""
_SHORT: Final = 2_000
"""Postings that are summed up before much can be said of which need not be."""
_PROMISING: Final = 16
"""Passages a best one that is sought, which are looked up to know early what the best will reach."""
_MORE: Final = 4
"""Times as many are taken for the best where too many of them are found besides."""
_SAMPLE: Final = 1 << 13
"""Postings of one word of which the best say early what the best of all will reach."""
_FEW: Final = 64
"""Candidates of which the exact score takes no longer than a closer look."""


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
    words = [word for word in words if len(word.postings.codes)]
    if not words:
        return _NONE, np.zeros(0)
    if len(words) == 1:
        return _with_one(words[0], saturation, k, least, is_besides)
    if sum(len(word.postings.codes) for word in words) <= _SHORT:
        return _with_any_of_all(words, saturation, scratch)
    ceilings = [max(saturation.take(word.bounds).tolist()) * word.weight for word in words]
    order = sorted(range(len(words)), key=ceilings.__getitem__, reverse=True)
    by_ceiling = [words[place] for place in order]
    # What the words behind each can add at most.
    rest = [sum(ceilings[place] for place in order[number + 1 :]) for number in range(len(order))]
    threshold = max(least * _SLACK, _promised(by_ceiling, saturation, k, is_besides))
    found, reached = _worth_at_least(
        threshold - rest[0], by_ceiling[0].postings, _by_code(by_ceiling[0], saturation)
    )
    n_used = 1
    for word in by_ceiling[1:]:
        if rest[n_used - 1] < threshold and len(found) <= len(word.postings.codes):
            break  # no passage without the words before is wanted, and those that have one are few
        found, reached = _joined(found, reached, word, saturation, threshold - rest[n_used])
        threshold = max(threshold, _reached(reached, k, found, is_besides))
        found, reached = _at_least(threshold - rest[n_used], found, reached)
        n_used += 1
    if len(words) > 2 and len(found) <= _FEW:
        return found, exact_scores(words, saturation, found)
    left = list(zip(by_ceiling, rest, strict=True))[n_used:]
    found, reached = _still_able(left, saturation, found, reached, k, threshold, is_besides)
    # Two numbers have the same sum whichever comes first.
    return found, reached if len(words) == 2 else exact_scores(words, saturation, found)


def _joined(
    found: Numbers, reached: Scores, word: Weighed, saturation: Scores, needed: float
) -> tuple[Numbers, Scores]:
    """Add to candidates what a word is worth in them, and the passages in which it alone is worth so much."""
    by_code = _by_code(word, saturation)
    places, ordinals = word.postings.find(found)
    reached[places] += by_code.take(word.postings.codes[ordinals])
    candidates, others = _at_least(needed, found, reached), _worth_at_least(needed, word.postings, by_code)
    either = np.concatenate((candidates[0], others[0]))
    order = either.argsort(kind="stable")
    either = either[order]
    is_first = np.ones(len(either), np.bool_)
    is_first[1:] = either[1:] != either[:-1]  # of a passage that is both, the sum comes first
    chosen = is_first.nonzero()[0]
    return either[chosen], np.concatenate((candidates[1], others[1]))[order[chosen]]


def _able(scores: Scores, needed: float) -> Numbers | slice:
    """Give the places of scores that are as high as needed."""
    return (scores >= needed).nonzero()[0] if needed > 0 else slice(None)


def _at_least(needed: float, passages: Numbers, scores: Scores) -> tuple[Numbers, Scores]:
    able = _able(scores, needed)
    return passages[able], scores[able]


def _by_code(word: Weighed, saturation: Scores) -> Scores:
    """Score a word by code, up to its highest frequency."""
    table: Scores = saturation[: (int(word.bounds.max()) | 255) + 1] * word.weight
    return table


def _worth_at_least(needed: float, postings: PostingList, by_code: Scores) -> tuple[Numbers, Scores]:
    """Find the postings of a word that are worth so much, and score them, knowing what each code is worth."""
    codes = postings.codes
    if needed <= 0:
        return postings.passages, by_code.take(codes, mode="clip")
    able = (by_code >= needed).take(codes, mode="clip").nonzero()[0]
    return postings.passages_at(able), by_code.take(codes[able])


def _promised(words: Sequence[Weighed], saturation: Scores, k: int, is_besides: Mask | None) -> float:
    """Give a score that at least k passages reach: those that are best for one of some words, looked up for all."""
    # The first that has enough of them.
    leader = next((word for word in words if len(word.postings.codes) >= _PROMISING * k), words[0])
    postings, by_code = leader.postings, _by_code(leader, saturation)
    sampled = by_code.take(postings.codes[:_SAMPLE], mode="clip")
    if is_besides is not None:
        sampled = sampled[~is_besides[postings.passages_at(slice(_SAMPLE))]]
    n_promising = min(_PROMISING * k, max(k, len(postings.codes) // 2))
    rank = max(n_promising * len(sampled) // len(postings.codes), 1)
    if len(sampled) < rank:
        return 0.0
    enough = float(np.partition(sampled, len(sampled) - rank)[len(sampled) - rank])
    promising, total = _worth_at_least(enough, postings, by_code)
    if is_besides is not None:
        counted = (~is_besides[promising]).nonzero()[0]
        promising, total = promising[counted], total[counted]
    if len(promising) > 2 * n_promising:  # of equal worth
        every = len(promising) // n_promising
        promising, total = promising[::every], total[::every].copy()
    for word in words:
        if word is not leader:
            places, ordinals = word.postings.find(promising)
            total[places] += worth(word, saturation, word.postings.codes[ordinals])
    return _reached(total, k)


def _still_able(  # noqa: PLR0917
    left: Sequence[tuple[Weighed, float]],
    saturation: Scores,
    candidates: Numbers,
    reached: Scores,
    k: int,
    threshold: float,
    is_besides: Mask | None,
) -> tuple[Numbers, Scores]:
    """Drop the candidates that cannot be among the best, going through words that are left and what those behind can add."""
    for word, rest in left:
        places, ordinals = word.postings.find(candidates)
        reached[places] += worth(word, saturation, word.postings.codes[ordinals])
        threshold = max(threshold, _reached(reached, k, candidates, is_besides))
        candidates, reached = _at_least(threshold - rest, candidates, reached)
    return candidates, reached


def _with_any_of_all(
    words: Sequence[Weighed], saturation: Scores, scratch: Scratch
) -> tuple[Numbers, Scores]:
    """Give every passage that holds any of some words."""
    sums = scratch.sums()
    for word in sorted(words, key=lambda word: word.key):
        sums[word.postings.passages] += worth(word, saturation, word.postings.codes)
    passages = distinct(np.concatenate([word.postings.passages for word in words]))
    scores = sums[passages]
    sums[passages] = 0
    scratch.give_sums(sums)
    return passages, scores


def _with_one(
    word: Weighed, saturation: Scores, k: int, least: float, is_besides: Mask | None
) -> tuple[Numbers, Scores]:
    codes, passages = word.postings.codes, word.postings.passages
    if len(codes) > 2 * _SAMPLE:  # what is worth less than the best of the first is left out by its code
        sampled = worth(word, saturation, codes[:_SAMPLE])
        enough = max(least, _reached(sampled, k, passages[:_SAMPLE], is_besides))
        able = (saturation * word.weight >= enough).take(codes, mode="clip").nonzero()[0]
        codes, passages = codes[able], passages[able]
    scores = worth(word, saturation, codes)
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
    if passages is not None:
        scores = _counted(scores, passages, is_besides)
    if len(scores) >= 2 * _BLOCKS * k:
        scores = scores[_best_of_blocks(scores, _BLOCKS * k)]
    return float(np.partition(scores, len(scores) - k)[len(scores) - k]) * _SLACK


def _counted(scores: Scores, passages: Numbers, is_besides: Mask | None) -> Scores:
    """Give scores with 0 for those of passages that do not count."""
    if is_besides is None:
        return scores
    scores = scores.copy()
    scores[is_besides[passages].nonzero()[0]] = 0.0
    return scores


def _best_of_blocks(scores: Scores, n_blocks: int) -> Numbers:
    """Give the place of the best in each of so many blocks, of which there are fewer than scores."""
    width = len(scores) // n_blocks
    best: Numbers = scores[: n_blocks * width].reshape(n_blocks, width).argmax(axis=1)
    best += np.arange(0, n_blocks * width, width)
    return best
