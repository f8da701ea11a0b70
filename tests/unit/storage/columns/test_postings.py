"""Bitmaps say what lists of numbers say."""

import numpy as np
import pytest

from searcher.storage.columns.postings import PostingList, Scratch, members, to_bitmap, union

N_PASSAGES = [1, 63, 64, 65, 1_000, 20_000]


def masks(n_passages: int) -> list[np.ndarray]:
    """Make masks of every density, with the first and the last passage in some of them."""
    rng = np.random.default_rng(n_passages)
    found = [rng.random(n_passages) < share for share in (0.0, 0.001, 0.02, 0.5, 1.0)]
    edges = np.zeros(n_passages, np.bool_)
    edges[[0, -1]] = True
    return [*found, edges]


@pytest.mark.parametrize("n_passages", N_PASSAGES)
def test_bitmap_has_the_members_of_its_mask(n_passages: int) -> None:
    for mask in masks(n_passages):
        bitmap = to_bitmap(mask)
        assert len(bitmap) == -(-n_passages // 64)
        assert members(bitmap).tolist() == mask.nonzero()[0].tolist()


@pytest.mark.parametrize("n_passages", N_PASSAGES)
def test_union_is_of_lists_of_either_kind(n_passages: int) -> None:
    scratch = Scratch(n_passages)
    rng = np.random.default_rng(7)
    for _ in range(20):
        chosen = [mask for mask in masks(n_passages) if rng.random() < 0.5]
        lists = []
        for mask in chosen:
            codes = np.zeros(int(mask.sum()), np.uint16)
            is_dense = rng.random() < 0.5
            bitmap = to_bitmap(mask) if is_dense else None
            lists.append(PostingList(scratch, codes, None if is_dense else mask.nonzero()[0], bitmap))
        either = np.any([np.zeros(n_passages, np.bool_), *chosen], axis=0)
        assert members(union(lists, scratch)).tolist() == either.nonzero()[0].tolist()
        assert not scratch.marks().any()
