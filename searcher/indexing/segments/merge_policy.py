"""Which segments are to be folded into one?

A segment belongs to a tier by its live passages: what is new is folded with the smallest tier, what comes of it with the
tier that it then belongs to, and so on, until it is in a lower tier than all others. So there are at most as many segments
as tiers, a passage is copied a bounded number of times a tier, and an update rewrites the smallest tier alone as long as
that stays small. A segment with many dead passages is rewritten too, which bounds what lies idle on the disk. Pure.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

TIERS: Final = (4_096, 65_536, 1_048_576)
"""Live passages that a segment of each tier has at most; those of the last tier have more."""
MAX_DEAD: Final = 1 / 8
"""Share of dead passages from which on a segment is rewritten: old and new together stay below 2.2 times what is live."""


def to_fold(live: Sequence[int], dead: Sequence[int], *, n_new: int) -> list[int]:
    """Choose the segments to fold into one.

    Args:
        live: Live passages of each segment, all above 0; the new segments stand at the end.
        dead: Dead passages of each.
        n_new: How many of them are new.

    Returns:
        Their places, ascending; nothing if all may stay as they are.

    >>> to_fold([350_000, 900, 1], [0, 0, 0], n_new=1)
    [1, 2]
    >>> to_fold([350_000, 900], [20, 0], n_new=0), to_fold([350_000, 900], [90_000, 0], n_new=0)
    ([], [0, 1])
    """
    chosen = {
        place
        for place, (n_live, n_dead) in enumerate(zip(live, dead, strict=True))
        if place >= len(live) - n_new
        or n_dead > MAX_DEAD * (n_live + n_dead)
        or (n_dead and not _tier(n_live))
    }
    if not chosen:
        return []
    while True:
        tier = _tier(sum(live[place] for place in chosen))
        joining = {place for place, n_live in enumerate(live) if _tier(n_live) <= tier} - chosen
        if not joining:
            break
        chosen |= joining
    is_whole = len(chosen) == 1 and not any(dead[place] for place in chosen)
    return [] if is_whole else sorted(chosen)


def _tier(n_passages: int) -> int:
    return bisect_left(TIERS, n_passages)
