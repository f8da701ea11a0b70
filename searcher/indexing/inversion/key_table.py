"""Which surfaces does each term have?

A *key* is a term, a line feed and a surface, as bytes. A key gets a number when it first occurs and keeps the number.
Every batch needs the sorted order of the keys, so new keys are merged into this order.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import numpy as np

from searcher.arrays import Array

_Thing = TypeVar("_Thing")


class Numbering(defaultdict[_Thing, int]):
    """Numbers things from 0, in the order in which they are first looked up."""

    def __init__(self) -> None:
        super().__init__()
        self.default_factory = self.__len__

    def newest(self, n: int) -> list[_Thing]:
        """Give the last ``n`` things, in the order of their numbers."""
        return [*islice(reversed(self), n)][::-1]


@dataclass(frozen=True, slots=True, eq=False)
class SortedKeys:
    """Sorted keys, as columns.

    Attributes:
        packed: uint8. The keys as bytes, with zero bytes between them.
        numbers: uint32, shape (n_keys,). The number of each key.
    """

    packed: Array
    numbers: Array

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.packed.tobytes().split(b"\0") if len(self.numbers) else ())


class KeyTable(Numbering[bytes]):
    """Numbers keys, and keeps them sorted.

    Attributes:
        in_order: The keys, sorted.
        order: int64. The numbers of the sorted keys.
        terms: int64, by number of a key. The number of its term, in the order in which terms first occur.
    """

    def __init__(self) -> None:
        super().__init__()
        self.in_order: list[bytes] = []
        self.order, self.terms = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self._term_numbers = Numbering[bytes]()

    def sorted(self) -> SortedKeys:
        """Give the sorted keys."""
        self.sort()
        return SortedKeys(np.frombuffer(b"\0".join(self.in_order), np.uint8), self.order.astype(np.uint32))

    def sort(self) -> None:
        """Add the new keys to the attributes."""
        n_known = len(self.order)
        new = self.newest(len(self) - n_known)
        terms = [self._term_numbers[key.partition(b"\n")[0]] for key in new]
        self.terms = np.append(self.terms, np.array(terms, np.int64))
        numbers = sorted(range(len(new)), key=new.__getitem__)
        new = [new[number] for number in numbers]
        places = [bisect_left(self.in_order, key) for key in new]
        self.order = np.insert(self.order, places, np.array(numbers, np.int64) + n_known)
        self.in_order += new
        self.in_order.sort()  # fast: Python's sort merges two sorted parts
