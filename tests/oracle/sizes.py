"""Sizes from which on the program goes another way or takes several steps: as they are, or tiny, so that any corpus crosses them.

No answer depends on one of them, so whatever a test asserts, it asserts with tiny sizes too.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import ModuleType
from typing import Any, Final

import pytest

from searcher.indexing.inversion import batch, chunk_table, threads
from searcher.indexing.segments import merge, merge_policy, sources, vocabulary_merge
from searcher.querying.matching import forms, limits
from searcher.querying.results import hits
from searcher.storage import format as specification
from searcher.storage import many_terms, segment
from searcher.storage.check import recount
from searcher.storage.columns import headers
from searcher.text.words import analysis

NEVER: Final = 1 << 40
"""A size that nothing reaches, for a way that is usual in large corpora."""

TINY: Final[Sequence[tuple[Sequence[ModuleType], str, Sequence[Any]]]] = (
    # Indexing
    ([batch], "BATCH_BYTES", (1, 200)),
    ([chunk_table], "BLOCK_CHUNKS", (3, 50)),
    ([chunk_table], "HASH_BITS", (1, 3)),
    ([chunk_table], "_SHORT_BYTES", (0, 4)),
    ([vocabulary_merge], "RANGE_BYTES", (1, 40)),
    ([vocabulary_merge, sources], "STRINGS_AT_A_TIME", (1, 7)),
    ([merge_policy], "CLASS_SIZES", ((1, 2, 3), (4, 8, 16, 32), range(1, 100))),
    ([merge_policy], "MAX_DEAD_SHARE", (0.4, 1.0)),
    # Storage
    ([specification, merge, recount], "DENSE_FRACTION", (0, 4, NEVER)),  # no term is dense, some are, all are
    ([specification, merge, recount, segment, headers], "OCCURRENCE_BLOCK", (4, 8)),
    ([many_terms], "RANGE_OCCURRENCES", (1, 20)),
    # Querying
    ([forms], "MAX_GATHERED", (0, 1)),
    ([forms], "MAX_KNOWN", (0, 1)),
    ([forms], "MAX_NUMBERS", (0, 1)),
    ([limits], "MAX_UNCHECKED", (0,)),
    ([hits], "_AT_ONCE", (1, 3)),
    # Text
    ([analysis], "MAX_REMEMBERED", (0, 1)),
)
"""Modules that have a size, its name in them, and values of which any may be taken.

Left out are sizes that decide what is refused or written, and how many look-ups Whoosh's readers remember: with few, they are
made over and over.
"""


def shrink(patch: pytest.MonkeyPatch, seed: object) -> None:
    """Give every size one of its tiny values, whatever others there are."""
    for modules, name, values in TINY:
        value = random.Random(f"{seed} {modules[0].__name__} {name}").choice(values)
        for module in modules:
            patch.setattr(module, name, value)
    patch.setattr(
        threads, "n_processors", lambda: 1
    )  # a helper takes its time to start: tests/unit/test_pipeline.py has some


def usual(patch: pytest.MonkeyPatch, seeds: Sequence[int], every: int) -> Iterable[int]:  # noqa: ARG001  (as `tiny`)
    """Give all seeds of a test, and leave sizes as they are."""
    return seeds


def tiny(patch: pytest.MonkeyPatch, seeds: Sequence[int], every: int) -> Iterator[int]:
    """Give every so manieth seed of a test, and let sizes be tiny: others for each."""
    for seed in seeds[::every]:
        shrink(patch, seed)
        yield seed


Sizes = Callable[[pytest.MonkeyPatch, Sequence[int], int], Iterable[int]]
both_sizes = pytest.mark.parametrize("sizes", [usual, tiny])
