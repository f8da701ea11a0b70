import numpy as np
import pytest

from searcher.querying import best
from searcher.querying.best import with_any
from searcher.querying.weighed import Weighed
from searcher.ranking.bm25 import saturation_table
from searcher.storage.postings import PostingList, Scratch


def test_as_many_as_are_sought_are_found_besides_what_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(best, "_SAMPLE", 40)
    scratch = Scratch(100)
    is_title = np.arange(100) < 60
    codes = np.where(is_title, 1 << 8 | 3, 1 << 8 | 90).astype(np.uint16)
    word = Weighed(("war",), PostingList(scratch, codes, np.arange(100)), codes, 1.0)
    passages, scores = with_any([word], saturation_table(50.0), scratch, 10, 0.0, is_title)
    assert len(passages) == len(scores)
    assert np.count_nonzero(~is_title[passages]) >= 10
