import numpy as np
import pytest

from searcher.querying.scoring import max_score
from searcher.querying.scoring.bm25 import saturation_table
from searcher.querying.scoring.max_score import with_any
from searcher.querying.scoring.weighed import Weighed
from searcher.storage.columns.postings import PostingList, Scratch


def test_as_many_as_are_sought_are_found_besides_what_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(max_score, "_SAMPLE", 40)
    scratch = Scratch(100)
    is_title = np.arange(100) < 60
    codes = np.where(is_title, 1 << 8 | 3, 1 << 8 | 90).astype(np.uint16)
    word = Weighed(("war",), PostingList(scratch, codes, np.arange(100)), codes, 1.0)
    passages, scores = with_any([word], saturation_table(50.0), scratch, 10, 0.0, is_title)
    assert len(passages) == len(scores)
    assert np.count_nonzero(~is_title[passages]) >= 10
