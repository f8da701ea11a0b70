"""What is the vocabulary of a segment, put together from those of its sources?

Every source brings its keys in order: term, line feed, surface. They are merged range by range, so that few of them are Python
objects at a time: one takes the room of twenty numbers. Kept of each are its bytes and a few numbers.
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
"""Bytes of keys that are looked at at a time."""
RANGE_SURFACES: Final = 100_000
"""Surfaces that are sorted at a time, or more, if so many begin alike."""


class Sink(Protocol):
    """Takes columns, as `searcher.storage.writer.SegmentWriter` does."""

    def reserve(self, name: str, *shape: int, dtype: str = "") -> None:
        """Announce a column that comes piece by piece."""

    def append(self, name: str, values: Array) -> None:
        """Take a piece of it."""

    def write(self, name: str, values: Array) -> None:
        """Take a whole column."""


class Vocabulary:
    """Terms and surfaces of all sources together; their keys are numbered in order.

    Args:
        each: The keys of every source, each once; there must be one.

    Attributes:
        n_terms: How many terms there are.
        term_keys: int64, shape (n_terms + 1,): where the keys of each begin.
        key_term: uint32, shape (n_keys,): the term of each.
        key_variant: Beside it: its place among the keys of its term.
        places: Beside ``each``: uint32, by the number that a key has there: its number here.
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
        """Lay out terms and surfaces."""
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
    """Give some of the strings of two columns, as `searcher.storage.columns.strings.pack` lays them out."""
    ends = starts[numbers + 1] - 1
    return [data[start:end] for start, end in zip(starts[numbers].tolist(), ends.tolist(), strict=True)]


def _ranges(each: Sequence[Array]) -> Iterator[dict[int, list[bytes]]]:
    """Give, range by range, the keys that sources have there: those from one key to another, of all that have any."""
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
    """Give the keys from a byte on that have so many bytes, at least one."""
    while True:
        data = packed[at : at + n_bytes].tobytes()
        if at + n_bytes >= len(packed):
            return data.split(b"\0")
        end = data.rfind(b"\0")
        if end >= 0:
            return data[:end].split(b"\0")
        n_bytes *= 2


def _sorted(blob: Array, starts: Array) -> tuple[Packing, Array]:
    """Sort strings, and give the order; equal ones stay as they stand."""
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
        end = int(edges[min(int(edges.searchsorted(first + RANGE_SURFACES)), len(edges) - 1)])
        strings = strings_at(data, starts, order[first:end])
        places = sorted(range(len(strings)), key=strings.__getitem__)
        found.add([strings[place] for place in places])
        order[first:end] = order[first:end][places]
        first = end
    return found, order
