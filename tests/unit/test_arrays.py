"""Bitmaps say what lists of numbers say."""

import numpy as np
import pytest

from searcher.arrays import members, to_bitmap


@pytest.mark.parametrize("n_passages", [1, 63, 64, 65, 1_000, 20_000])
def test_bitmap_has_the_members_of_its_mask(n_passages: int) -> None:
    rng = np.random.default_rng(n_passages)
    masks = [rng.random(n_passages) < share for share in (0.0, 0.001, 0.02, 0.5, 1.0)]
    edges = np.zeros(n_passages, np.bool_)
    edges[[0, -1]] = True
    for mask in [*masks, edges]:
        bitmap = to_bitmap(mask)
        assert len(bitmap) == -(-n_passages // 64)
        assert members(bitmap).tolist() == mask.nonzero()[0].tolist()
