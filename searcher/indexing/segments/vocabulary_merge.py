"""How do the vocabularies of several sources become one?

Every source has sorted keys: term, line feed, surface. The keys are merged range by range, so that only few keys are Python
objects at a time: such an object takes as much memory as twenty numbers. In the end each key is its bytes and a few numbers.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import compress
from operator import ne
from typing import Final, Protocol

import numpy as np

from searcher.arrays import Array
from searcher.indexing.inversion.key_table import SortedKeys
from searcher.indexing.inversion.sort_occurrences import by_number
from searcher.storage.columns.strings import Packing

RANGE_BYTES: Final = 2_000_000
"""Bytes of keys that are merged at a time. This bounds memory: 660,000 keys take 74 MB, and 256 MB if merged at once."""
STRINGS_AT_A_TIME: Final = 100_000
"""Strings that are Python objects at a time, while surfaces are sorted and while keys are made. It may be more if more surfaces
begin with the same four bytes.

This bounds memory: 660,000 surfaces take 98 MB, and 238 MB if sorted at once; as many keys take 44 MB, and 137 MB at once.
"""


class Sink(Protocol):
    """Takes columns, as `searcher.storage.columns.archive.ColumnWriter` does."""

    def reserve(self, name: str, *shape: int, dtype: str = "") -> None:
        """Announce a column that is then appended piece by piece."""

    def append(self, name: str, values: Array) -> None:
        """Take a piece of a column."""

    def write(self, name: str, values: Array) -> None:
        """Take a whole column."""


class MergedVocabulary:
    """The terms and surfaces of all sources. Their keys are numbered in their sorted order.

    Args:
        each: The keys of the sources; at least one source.

    Attributes:
        n_terms: The number of terms.
        term_keys: int64, shape (n_terms + 1,). Where the keys of each term begin.
        key_term: uint32, shape (n_keys,). The term of each key.
        key_variant: uint32, shape (n_keys,). The place of each key among the keys of its term.
        places: For each source: uint32, by the number of a key in the source: the number of the key here.
    """

    def __init__(self, each: Sequence[SortedKeys]) -> None:
        self._terms, self._surfaces = Packing(), Packing()
        self.places = [np.empty(len(keys.numbers), np.uint32) for keys in each]
        n_seen = [0] * len(each)
        n_keys = 0
        first_keys = array("I")
        last = b""
        for owned in _ranges([keys.packed for keys in each]):
            keys = sorted(set().union(*owned.values())) if len(owned) > 1 else next(iter(owned.values()))
            numbers = range(n_keys, n_keys + len(keys))
            number_of = dict(zip(keys, numbers, strict=True)) if len(owned) > 1 else {}
            for owner, own in owned.items():
                here = each[owner].numbers[n_seen[owner] : n_seen[owner] + len(own)]
                found = map(number_of.__getitem__, own) if number_of else numbers
                self.places[owner][here] = np.fromiter(found, np.uint32, len(own))
                n_seen[owner] += len(own)
            pairs = b"\n".join(keys).split(b"\n")
            terms = pairs[::2]
            is_first = [*map(ne, terms, [last, *terms])]
            first_keys.extend(compress(numbers, is_first))
            self._terms.add([*compress(terms, is_first)])
            self._surfaces.add(pairs[1::2])
            n_keys += len(keys)
            last = terms[-1]
        self.n_terms = len(first_keys)
        self.term_keys = np.append(np.array(first_keys, np.int64), n_keys)
        counts = np.diff(self.term_keys)
        self.key_term = np.repeat(np.arange(self.n_terms, dtype=np.uint32), counts)
        first_of_key = np.repeat(np.array(first_keys, np.uint32), counts)
        self.key_variant = np.arange(n_keys, dtype=np.uint32) - first_of_key

    def write(self, sink: Sink) -> None:
        """Write the columns of terms and surfaces."""
        blob, starts = self._terms.columns()
        sink.write("terms", blob)
        sink.write("terms_starts", starts)
        surfaces, by_surface = _sorted(*self._surfaces.columns())
        blob, starts = surfaces.columns()
        sink.write("surfaces", blob)
        sink.write("surfaces_starts", starts)
        sink.write("surface_term", self.key_term[by_surface])
        sink.write("surface_variant", self.key_variant[by_surface])
        sink.write("term_surface_starts", self.term_keys)
        places = np.empty(len(by_surface), np.uint32)
        places[by_surface] = np.arange(len(by_surface), dtype=np.uint32)
        sink.write("term_surfaces", places)


def strings_at(data: bytes, starts: Array, numbers: Array) -> list[bytes]:
    """Give some strings of two columns in the layout of `searcher.storage.columns.strings.pack`."""
    ends = starts[numbers + 1] - 1
    return [data[start:end] for start, end in zip(starts[numbers].tolist(), ends.tolist(), strict=True)]


def _ranges(each: Sequence[Array]) -> Iterator[dict[int, list[bytes]]]:
    """Cut the range of all keys into short ranges. For each of them, give the keys of the sources that have any in it."""
    at = [0] * len(each)
    n_bytes = RANGE_BYTES // len(each) + 1
    while ahead := {
        owner: _window(packed, at[owner], n_bytes)
        for owner, packed in enumerate(each)
        if at[owner] < len(packed)
    }:
        fence = min(keys[-1] for keys in ahead.values())
        owned = {owner: keys[: bisect_right(keys, fence)] for owner, keys in ahead.items()}
        for owner, keys in owned.items():
            at[owner] += sum(map(len, keys)) + len(keys)
        yield {owner: keys for owner, keys in owned.items() if keys}


def _window(packed: Array, at: int, n_bytes: int) -> list[bytes]:
    """Give the keys that begin at a byte, of about ``n_bytes`` bytes together; at least one key."""
    while True:
        data = packed[at : at + n_bytes].tobytes()
        if at + n_bytes >= len(packed):
            return data.split(b"\0")
        end = data.rfind(b"\0")
        if end >= 0:
            return data[:end].split(b"\0")
        n_bytes *= 2


def _sorted(blob: Array, starts: Array) -> tuple[Packing, Array]:
    """Sort strings, and give their order. Equal strings stay in their order.

    The first four bytes of each string are sorted as a number. Then ranges of strings are sorted.
    """
    ends = starts[1:].astype(np.int64) - 1
    codes = np.zeros(len(ends), np.uint32)
    for place in range(4):
        at = starts[:-1].astype(np.int64) + place
        codes = codes << np.uint32(8) | np.where(at < ends, blob.take(at, mode="clip"), 0).astype(np.uint32)
    order = by_number(codes)
    codes = codes[order]
    edges = (np.append(codes[1:] != codes[:-1], True)).nonzero()[0] + 1
    data = blob.tobytes()
    found = Packing()
    first = 0
    while first < len(order):
        end = int(edges[min(int(edges.searchsorted(first + STRINGS_AT_A_TIME)), len(edges) - 1)])
        strings = strings_at(data, starts, order[first:end])
        places = sorted(range(len(strings)), key=strings.__getitem__)
        found.add([strings[place] for place in places])
        order[first:end] = order[first:end][places]
        first = end
    return found, order
