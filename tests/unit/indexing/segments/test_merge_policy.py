"""Which segments are merged? Claims over random histories of segments, as numbers alone."""

import random
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from searcher.indexing.segments import merge_policy
from searcher.indexing.segments.merge_policy import CLASS_SIZES, MAX_DEAD_SHARE, segments_to_merge

SMALL = (4, 64, 1024)


@dataclass
class History:
    """Segments as live and dead passages, changed as `searcher.indexing.change` does."""

    live: list[int] = field(default_factory=list)
    dead: list[int] = field(default_factory=list)
    n_added: int = 0
    n_copied: int = 0

    def change(self, n_new: int, n_gone: int, rng: random.Random) -> list[int]:
        """Add passages, bury some, fold; give the sizes of what was copied."""
        for _ in range(min(n_gone, sum(self.live))):
            place = rng.choices(range(len(self.live)), self.live)[0]
            self.live[place] -= 1
            self.dead[place] += 1
        keep = [place for place, n_live in enumerate(self.live) if n_live]
        self.live = [self.live[place] for place in keep] + [n_new] * bool(n_new)
        self.dead = [self.dead[place] for place in keep] + [0] * bool(n_new)
        self.n_added += n_new
        chosen = segments_to_merge(self.live, self.dead, n_new=int(bool(n_new)))
        copied = [self.live[place] for place in chosen]
        rest = [place for place in range(len(self.live)) if place not in chosen]
        if copied:
            self.live = [*(self.live[place] for place in rest), sum(copied)]
            self.dead = [*(self.dead[place] for place in rest), 0]
            self.n_copied += sum(copied)
        return copied


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge_policy, "CLASS_SIZES", SMALL)


def tier(n_passages: int) -> int:
    return sum(n_passages > limit for limit in merge_policy.CLASS_SIZES)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("seed", range(20))
def test_any_history_keeps_few_segments_and_few_dead(seed: int) -> None:
    rng = random.Random(f"tiers {seed}")
    history = History()
    largest, most_gone = rng.choice([(1, 1), (5, 2), (300, 50), (3000, 3000)])
    for _ in range(300):
        n_new, n_gone = rng.randint(0, largest), rng.randint(0, most_gone) * rng.randint(0, 1)
        is_folded = bool(history.change(n_new, n_gone, rng))
        assert len(history.live) <= len(SMALL) + 1
        if is_folded:
            *others, folded = history.live
            assert all(tier(folded) < tier(other) for other in others)
        for live, dead in zip(history.live, history.dead, strict=True):
            assert dead <= MAX_DEAD_SHARE * (live + dead)
            assert tier(live) or not dead  # the smallest tier has none: rewriting it costs next to nothing


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("n_new", [1, 3, 20])
def test_passage_is_copied_a_bounded_number_of_times(n_new: int) -> None:
    history, rng = History(), random.Random(0)
    n_updates = 6 * SMALL[-1] // n_new
    for _ in range(n_updates):
        history.change(n_new, 0, rng)
    # The smallest tier is rewritten each time; a larger one once in as many passages as the one below it holds.
    a_tier = [larger / smaller for smaller, larger in pairwise(SMALL)]
    last = history.n_added / SMALL[-1]
    bound = n_updates * (SMALL[0] + n_new) + history.n_added * (sum(a_tier) + last)
    assert history.n_copied <= bound


@pytest.mark.usefixtures("small")
def test_burying_one_at_a_time_copies_a_segment_once_in_an_eighth_of_it() -> None:
    history, rng = History(live=[800], dead=[0]), random.Random(0)
    copies = [history.change(0, 1, rng) for _ in range(100)]
    assert copies == [[]] * 100
    assert history.change(0, 1, rng) == [699]


def test_update_of_a_large_index_leaves_the_large_segments_alone() -> None:
    assert CLASS_SIZES == (4_096, 65_536, 1_048_576)
    live = [2_000_000, 600_000, 30_000, 4_000]
    assert segments_to_merge([*live, 90], [0, 0, 0, 0, 0], n_new=1) == [3, 4]
    assert segments_to_merge([*live, 100], [0, 0, 0, 0, 0], n_new=1) == [
        2,
        3,
        4,
    ]  # more than the smallest tier holds
    assert segments_to_merge([2_000_000, 600_000, 64_000, 4_000, 4_000], [0] * 5, n_new=1) == [1, 2, 3, 4]
    assert segments_to_merge(live, [0, 60_000, 0, 0], n_new=0) == []
    assert segments_to_merge(live, [0, 0, 0, 1], n_new=0) == [3]
    assert segments_to_merge(live, [0, 100_000, 0, 0], n_new=0) == [1, 2, 3]


def test_nothing_new_and_nothing_dead_is_nothing_to_do() -> None:
    assert segments_to_merge([], [], n_new=0) == []
    assert segments_to_merge([5], [0], n_new=1) == []
    assert segments_to_merge([70_000, 5_000, 5], [0, 0, 0], n_new=0) == []
