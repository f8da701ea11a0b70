"""How much room does an index take while it is changed?"""

import random
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from faults import Operation, watched

from searcher import Article, Index, build_index
from searcher.indexing.segments import merge_policy
from searcher.storage.manifest import read_manifest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")


class Scale:
    """Weighs a folder at every operation."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.peak_bytes = 0

    def before(self, operation: Operation) -> None:
        pass

    def after(self, operation: Operation) -> None:  # noqa: ARG002
        self.peak_bytes = max(self.peak_bytes, size_bytes(self._folder))


def size_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def articles(numbers: Iterable[int]) -> list[Article]:
    made = []
    for number in numbers:
        rng = random.Random(number)
        words = [f"w{int(rng.paretovariate(0.6)) % 20_000}" for _ in range(rng.randint(100, 400))]
        made.append(Article(address=f"{number:05}", text=" ".join(words)))
    return made


@pytest.mark.parametrize("n_new", [0, 100, 400])
def test_fold_takes_little_more_than_twice_what_is_live(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_new: int
) -> None:
    monkeypatch.setattr(merge_policy, "CLASS_SIZES", (50, 100_000, 1_000_000))
    path = tmp_path / "index"
    build_index(articles(range(700)), path, language="none")
    with Index(path) as index:
        index.remove(f"{number:05}" for number in range(80))  # as many dead as may be
        (before,) = read_manifest(path).segments
        assert len(before.dead_articles) == 80
        scale = Scale(path)
        with watched(scale):
            if n_new:
                index.put(articles(range(10_000, 10_000 + n_new)))
            else:
                index.remove(f"{number:05}" for number in range(80, 100))
    (after,) = read_manifest(path).segments
    assert not after.dead_articles
    assert 1.9 < scale.peak_bytes / read_manifest(path).size_bytes <= 2.2
