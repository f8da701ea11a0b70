"""The vocabulary of a segment is that of its sources together, however little of it is looked at at a time."""

from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from searcher.indexing.inversion.key_table import SortedKeys
from searcher.indexing.segments import vocabulary_merge
from searcher.indexing.segments.vocabulary_merge import MergedVocabulary
from searcher.storage.columns.strings import Strings

Key = tuple[bytes, bytes]
WORDS = st.sampled_from(
    [b"a", b"ab", b"abcd", b"abcde", b"abcdf", b"b", "ш".encode(), "шуша".encode(), b"x" * 40]
)


class Sink:
    """Keeps columns."""

    def __init__(self) -> None:
        self.columns: dict[str, npt.NDArray[Any]] = {}

    def write(self, name: str, values: npt.NDArray[Any]) -> None:
        self.columns[name] = values

    def strings(self, name: str) -> list[bytes]:
        column = Strings(self.columns[name], self.columns[f"{name}_starts"])
        return [column[number] for number in range(len(column))]


def sorted_keys(source: list[Key]) -> SortedKeys:
    """Number keys as they come, and sort them."""
    order = sorted(range(len(source)), key=lambda number: b"\n".join(source[number]))
    packed = b"\0".join(b"\n".join(source[number]) for number in order)
    return SortedKeys(np.frombuffer(packed, np.uint8), np.array(order, np.uint32))


@pytest.mark.parametrize(("range_bytes", "range_surfaces"), [(0, 1), (10, 2), (2_000_000, 100_000)])
@given(sources=st.lists(st.lists(st.tuples(WORDS, WORDS), unique=True, max_size=12), min_size=1, max_size=4))
@example(sources=[[(b"a", b"b"), (b"a", b"a")], [(b"ab", b"a"), (b"a", b"b")]])
@example(sources=[[]])
def test_vocabulary_is_that_of_all_sources(
    range_bytes: int, range_surfaces: int, sources: list[list[Key]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vocabulary_merge, "RANGE_BYTES", range_bytes)
        patch.setattr(vocabulary_merge, "STRINGS_AT_A_TIME", range_surfaces)
        found = MergedVocabulary([*map(sorted_keys, sources)])
        sink = Sink()
        found.write(cast("vocabulary_merge.Sink", sink))  # no column comes in pieces
    expected = sorted({b"\n".join(key) for source in sources for key in source})
    pairs = [(term, surface) for term, surface in (key.split(b"\n") for key in expected)]
    terms = sorted({term for term, _ in pairs})
    assert found.n_terms == len(terms)
    assert [terms[term] for term in found.key_term] == [term for term, _ in pairs]
    firsts = [[term for term, _ in pairs].index(term) for term in terms]
    assert found.term_keys.tolist() == [*firsts, len(pairs)]
    assert found.key_variant.tolist() == [
        place - firsts[term] for place, term in enumerate(found.key_term.tolist())
    ]
    for source, places in zip(sources, found.places, strict=True):
        assert [pairs[place] for place in places] == source

    assert sink.strings("terms") == terms
    by_surface = sorted(range(len(pairs)), key=lambda place: pairs[place][1])
    assert sink.strings("surfaces") == [pairs[place][1] for place in by_surface]
    assert sink.columns["surface_term"].tolist() == found.key_term[by_surface].tolist()
    assert sink.columns["surface_variant"].tolist() == found.key_variant[by_surface].tolist()
    assert sink.columns["term_surfaces"].tolist() == [by_surface.index(place) for place in range(len(pairs))]
    assert sink.columns["term_surface_starts"].tolist() == found.term_keys.tolist()
