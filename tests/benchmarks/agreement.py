"""Did the engines find the same? Nobody is to win by doing less.

Counts are compared as they are. Of the ten best, the passages are compared, ties at the last place aside, and, where an
engine ranks by the same formula, the scores by rank.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peers import Ranking
from questions import Question

K = 10
TIE = 1e-5
"""Relative difference below which scores are equal: some engines keep them in single precision."""
MAX_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an engine found for a question.

    Attributes:
        count: How many in all; None if it cannot count.
        ranking: The ten best; ours is longer, so that ties with the tenth are known.
    """

    count: int | None
    ranking: Ranking


def compare(
    ours: Sequence[Outcome], theirs: Sequence[Outcome], questions: Sequence[Question], scale: float | None
) -> dict[str, Any]:
    """Compare the outcomes of two engines for the same questions.

    Returns:
        ``counted``: questions counted by both; ``same_count``: those with equal counts; ``count_ratio``: all of theirs to
        all of ours; ``examples``: questions with the largest difference; ``overlap``: mean share of their ten best that
        are among ours; ``same_scores``: questions all of whose scores agree within a thousandth; ``score_error``: mean
        relative difference of scores by rank.
    """
    pairs = list(zip(ours, theirs, questions, strict=True))
    counted = [
        (our.count, their.count, question.text)
        for our, their, question in pairs
        if our.count is not None and their.count is not None
    ]
    differing = sorted(
        ((theirs, ours, text) for ours, theirs, text in counted if ours != theirs),
        key=lambda each: -abs(each[0] - each[1]),
    )
    overlaps = [
        _overlap(our.ranking, their.ranking) for our, their, _ in pairs if our.ranking or their.ranking
    ]
    found: dict[str, Any] = {
        "counted": len(counted),
        "same_count": len(counted) - len(differing),
        "count_ratio": sum(theirs for _, theirs, _ in counted) / max(1, sum(ours for ours, *_ in counted))
        if counted
        else None,
        "examples": [
            {"query": text, "theirs": theirs, "ours": ours} for theirs, ours, text in differing[:MAX_EXAMPLES]
        ],
        "overlap": sum(overlaps) / max(1, len(overlaps)),
    }
    if scale is not None:
        errors = [
            _error(our.ranking, their.ranking, scale)
            for our, their, _ in pairs
            if our.ranking and their.ranking
        ]
        found["same_scores"] = sum(worst < 1e-3 for _, worst in errors)
        found["score_error"] = sum(mean for mean, _ in errors) / max(1, len(errors))
        found["compared"] = len(errors)
    return found


def _overlap(ours: Ranking, theirs: Ranking) -> float:
    """Give the share of their ten best that by our scores are as good as our tenth."""
    if not ours:
        return 0.0
    score_of = dict(ours)
    tenth = ours[:K][-1][1] * (1 - TIE)
    return sum(score_of.get(number, 0.0) >= tenth for number, _ in theirs) / len(ours[:K])


def _error(ours: Ranking, theirs: Ranking, scale: float) -> tuple[float, float]:
    """Give the mean and the largest relative difference of scores by rank."""
    errors = [
        abs(their / scale - our) / our for (_, our), (_, their) in zip(ours, theirs, strict=False) if our > 0
    ]
    return (sum(errors) / len(errors), max(errors)) if errors else (0.0, 0.0)
