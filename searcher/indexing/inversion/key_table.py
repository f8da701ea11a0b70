"""Which surfaces of which terms are there, and in which order?

A *key* is a term, a line feed and a surface, as bytes. Keys are numbered in the order of their appearance, and these
numbers stay; the order of the keys is kept beside them, and new ones are sorted in: every batch needs it.
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


class Numbers(defaultdict[_Thing, int]):
    """Numbers what it is asked for, from 0."""

    def __init__(self) -> None:
        super().__init__()
        self.default_factory = self.__len__

    def newest(self, n: int) -> list[_Thing]:
        """Give what was numbered last, in the order of the numbers."""
        return [*islice(reversed(self), n)][::-1]


@dataclass(frozen=True, slots=True, eq=False)
class SortedKeys:
    """Keys in order, in little room.

    Attributes:
        packed: uint8: the keys as bytes, zero bytes between them.
        numbers: uint32, shape (n_keys,): their numbers.
    """

    packed: Array
    numbers: Array

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.packed.tobytes().split(b"\0") if len(self.numbers) else ())


class KeyTable(Numbers[bytes]):
    """Numbers keys in the order of their appearance, and sorts them when asked to.

    Attributes:
        in_order: The keys, sorted.
        order: int64, beside them: their numbers.
        terms: int64, by number: the number of the term, in the order of appearance.
    """

    def __init__(self) -> None:
        super().__init__()
        self.in_order: list[bytes] = []
        self.order, self.terms = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self._term_numbers = Numbers[bytes]()

    def sorted(self) -> SortedKeys:
        """Give the keys in order."""
        self.sort()
        return SortedKeys(np.frombuffer(b"\0".join(self.in_order), np.uint8), self.order.astype(np.uint32))

    def sort(self) -> None:
        """Bring the attributes up to date."""
        n_known = len(self.order)
        new = self.newest(len(self) - n_known)
        terms = [self._term_numbers[key.partition(b"\n")[0]] for key in new]
        self.terms = np.append(self.terms, np.array(terms, np.int64))
        numbers = sorted(range(len(new)), key=new.__getitem__)
        new = [new[number] for number in numbers]
        places = [bisect_left(self.in_order, key) for key in new]
        self.order = np.insert(self.order, places, np.array(numbers, np.int64) + n_known)
        self.in_order += new
        self.in_order.sort()  # two that are sorted are merged
