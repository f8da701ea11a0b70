"""A build leaves it as it was how Python looks for garbage."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from searcher import Article
from searcher.indexing.inversion import batch, threads
from searcher.indexing.inversion.batch import Batch, BatchNumberer, NumberedBatch
from searcher.indexing.inversion.garbage import paused_garbage_collection
from searcher.indexing.segments.build import SegmentBuilder
from searcher.text.words.analysis import Analyser


@pytest.fixture(autouse=True)
def _enabled() -> Iterator[None]:
    yield
    gc.enable()


@pytest.mark.parametrize("is_enabled", [True, False])
def test_garbage_is_looked_for_between_batches_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_enabled: bool
) -> None:
    during: list[bool] = []
    between: list[bool] = []
    number_chunks = BatchNumberer.number

    def number_and_look(numberer: BatchNumberer, batch: Batch) -> NumberedBatch:
        during.append(gc.isenabled())
        return number_chunks(numberer, batch)

    monkeypatch.setattr(BatchNumberer, "number", number_and_look)
    monkeypatch.setattr(threads, "n_processors", lambda: 1)
    monkeypatch.setattr(batch, "BATCH_BYTES", 1)
    if not is_enabled:
        gc.disable()
    with SegmentBuilder(tmp_path, "segment-00000001", Analyser()) as builder:
        for number in range(3):
            builder.add(Article(address=f"{number}", text="One two."), "")
            between.append(gc.isenabled())
        builder.finish()
    assert during == [False] * 3
    assert between == [is_enabled] * 3
    assert gc.isenabled() == is_enabled


def test_what_fails_leaves_it_too() -> None:
    with pytest.raises(KeyError), paused_garbage_collection():
        raise KeyError
    assert gc.isenabled()
