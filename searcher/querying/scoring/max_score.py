"""Which k passages have the best scores for some words?

The method is MaxScore, a column at a time. It does not look at every passage that holds a word:

- The ceiling of a word is the highest score that the word has in any passage. Words are taken in the order of their
  ceilings, highest first.
- The threshold is a score that k passages are known to reach. It rises as more words are taken.
- Once the ceilings of the remaining words together stay below the threshold, no new passage can be among the best. From
  then on, only the candidates found so far are looked up in the postings of the remaining words.

On the way, scores are summed in any order, so they may be off by rounding. A passage is therefore dropped only if it is
further from the threshold than rounding can explain. At the end, the scores of the remaining passages are summed again in
the one fixed order of words, so they equal the scores that any other way computes.

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
"""A threshold is lowered by this factor. Sums in another order differ by less."""
_BLOCKS: Final = 8
"""How many blocks of scores are sampled for each of the k passages when a threshold is estimated."""
_SHORT: Final = 2_000
"""Up to so many postings, all are summed up: finding out which can be left out would take longer."""
_PROMISING: Final = 16
"""How many passages are looked up for each of the k passages to get a first threshold."""
_MORE: Final = 4
"""By which factor the number of best passages is raised if too many of them do not count."""
_SAMPLE: Final = 1 << 13
"""How many postings of one word are sampled to get a first threshold."""
_FEW: Final = 64
"""Up to so many candidates get their exact scores at once: dropping some of them first would take as long."""


def with_any(  # noqa: PLR0917
    words: Sequence[Weighed],
    saturation: Scores,
    scratch: Scratch,
    k: int,
    least: float = 0.0,
    is_besides: Mask | None = None,
) -> tuple[Numbers, Scores]:
    """Find passages that hold at least one of some words, the k best among them, and compute their scores.

    Args:
        words: The words.
        saturation: Of the snapshot.
        scratch: Of the segment.
        k: How many passages, at least 1.
        least: No passage with a lower score is wanted.
        is_besides: Marks the passages that do not count towards the k. They are found in addition if they are as good.
            None if all passages count.

    Returns:
        int64, ascending: the passages. And float64: their scores.
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
    # What the words after each word can add at most, together.
    rest = [sum(ceilings[place] for place in order[number + 1 :]) for number in range(len(order))]
    threshold = max(least * _SLACK, _promised(by_ceiling, saturation, k, is_besides))
    found, reached = _worth_at_least(
        threshold - rest[0], by_ceiling[0].postings, _by_code(by_ceiling[0], saturation)
    )
    n_used = 1
    for word in by_ceiling[1:]:
        if rest[n_used - 1] < threshold and len(found) <= len(word.postings.codes):
            break  # no passage without an earlier word is wanted, and the candidates are few
        found, reached = _joined(found, reached, word, saturation, threshold - rest[n_used])
        threshold = max(threshold, _reached(reached, k, found, is_besides))
        found, reached = _at_least(threshold - rest[n_used], found, reached)
        n_used += 1
    if len(words) > 2 and len(found) <= _FEW:
        return found, exact_scores(words, saturation, found)
    left = list(zip(by_ceiling, rest, strict=True))[n_used:]
    found, reached = _still_able(left, saturation, found, reached, k, threshold, is_besides)
    # Two scores have the same sum in either order.
    return found, reached if len(words) == 2 else exact_scores(words, saturation, found)


def _joined(
    found: Numbers, reached: Scores, word: Weighed, saturation: Scores, needed: float
) -> tuple[Numbers, Scores]:
    """Add the scores of a word to the candidates, and add the passages in which the word alone scores as much as needed."""
    by_code = _by_code(word, saturation)
    places, ordinals = word.postings.find(found)
    reached[places] += by_code.take(word.postings.codes[ordinals])
    candidates, others = _at_least(needed, found, reached), _worth_at_least(needed, word.postings, by_code)
    either = np.concatenate((candidates[0], others[0]))
    order = either.argsort(kind="stable")
    either = either[order]
    is_first = np.ones(len(either), np.bool_)
    is_first[1:] = either[1:] != either[:-1]  # where a passage is in both, the sum stands first
    chosen = is_first.nonzero()[0]
    return either[chosen], np.concatenate((candidates[1], others[1]))[order[chosen]]


def _able(scores: Scores, needed: float) -> Numbers | slice:
    """Find the places of the scores that are as high as needed."""
    return (scores >= needed).nonzero()[0] if needed > 0 else slice(None)


def _at_least(needed: float, passages: Numbers, scores: Scores) -> tuple[Numbers, Scores]:
    able = _able(scores, needed)
    return passages[able], scores[able]


def _by_code(word: Weighed, saturation: Scores) -> Scores:
    """Compute the score of a word for each code, up to its highest frequency."""
    table: Scores = saturation[: (int(word.bounds.max()) | 255) + 1] * word.weight
    return table


def _worth_at_least(needed: float, postings: PostingList, by_code: Scores) -> tuple[Numbers, Scores]:
    """Find the passages in which a word scores as much as needed, with these scores. ``by_code`` is that of `_by_code`."""
    codes = postings.codes
    if needed <= 0:
        return postings.passages, by_code.take(codes, mode="clip")
    able = (by_code >= needed).take(codes, mode="clip").nonzero()[0]
    return postings.passages_at(able), by_code.take(codes[able])


def _promised(words: Sequence[Weighed], saturation: Scores, k: int, is_besides: Mask | None) -> float:
    """Find a score that at least k passages reach.

    The passages that are best for one word are taken, and their scores for all words are summed.
    """
    # The first word with enough postings.
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
    if len(promising) > 2 * n_promising:  # with equal scores
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
    """Add the scores of the remaining words to the candidates, and drop those that cannot be among the best.

    ``left`` holds each remaining word, and what the words after it can add at most.
    """
    for word, rest in left:
        places, ordinals = word.postings.find(candidates)
        reached[places] += worth(word, saturation, word.postings.codes[ordinals])
        threshold = max(threshold, _reached(reached, k, candidates, is_besides))
        candidates, reached = _at_least(threshold - rest, candidates, reached)
    return candidates, reached


def _with_any_of_all(
    words: Sequence[Weighed], saturation: Scores, scratch: Scratch
) -> tuple[Numbers, Scores]:
    """Find every passage that holds at least one of some words."""
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
    if len(codes) > 2 * _SAMPLE:  # leave out the codes that score less than the k best of a sample
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
    """Find a score that at least k of some scores reach, lowered by what rounding may change.

    Args:
        scores: The scores of some passages.
        k: How many.
        passages: The passages, if some of them may not count.
        is_besides: Marks the passages that do not count; None if all count.

    Returns:
        The score; 0 if there are fewer than k scores.
    """
    if len(scores) < k:
        return 0.0
    if passages is not None:
        scores = _counted(scores, passages, is_besides)
    if len(scores) >= 2 * _BLOCKS * k:
        scores = scores[_best_of_blocks(scores, _BLOCKS * k)]
    return float(np.partition(scores, len(scores) - k)[len(scores) - k]) * _SLACK


def _counted(scores: Scores, passages: Numbers, is_besides: Mask | None) -> Scores:
    """Give the scores, with 0 for passages that do not count."""
    if is_besides is None:
        return scores
    scores = scores.copy()
    scores[is_besides[passages].nonzero()[0]] = 0.0
    return scores


def _best_of_blocks(scores: Scores, n_blocks: int) -> Numbers:
    """Divide the scores into blocks, and find the place of the best score of each. There are fewer blocks than scores."""
    width = len(scores) // n_blocks
    best: Numbers = scores[: n_blocks * width].reshape(n_blocks, width).argmax(axis=1)
    best += np.arange(0, n_blocks * width, width)
    return best
