"""What are the English stems of many words?

Those that `searcher.text.words.english.stem` gives of each, in a quarter of the time: the words are laid end to end, and each of its steps is
taken by all of them at once, by the same tables. Regions are told by their lengths, for each is an end of its word.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final

import numpy as np

from searcher.arrays import Array
from searcher.text.words import english
from searcher.text.words.bytewise import between, lines, table

_AT_ONCE: Final = 8
"""Letters that are compared at once; no suffix is longer."""
_VOWEL: Final = table(english.VOWELS)
_LOOSE: Final = table(english.VOWELS + "wxY")
_DOUBLED: Final = table("bdfgmnprt")


def stems(words: Sequence[str]) -> list[str]:
    """Give the stems of words of the letters *a* to *z*.

    >>> stems(["cleansing", "nationalities", "eyes", "by"])
    ['cleans', 'nation', 'eye', 'by']
    """
    found = _Words(words)
    found.drop_plural()
    found.drop_ending()
    found.turn_y()
    for rules in english.STEPS:
        found.replace(rules)
    found.drop_last()
    return [
        english.stem(word) if len(word) <= 2 or word in english.SPECIAL or "yy" in word else stem
        for word, stem in zip(words, found.left(), strict=True)
    ]


class _Words:
    """Words that are cut and mended at their ends, in place."""

    def __init__(self, words: Sequence[str]) -> None:
        data = bytearray("\n".join(("\n" * (_AT_ONCE - 1), *words, "")).encode())
        letters = self._letters = np.frombuffer(data, np.uint8)
        self._read = np.ndarray(len(data) - _AT_ONCE + 1, ">u8", data, strides=(1,))
        breaks = (letters == ord("\n")).nonzero()[0][_AT_ONCE - 1 :]
        self._starts, self._breaks = breaks[:-1] + 1, breaks[1:]
        self._ends = self._breaks.copy()

        y = (letters == ord("y")).nonzero()[0]
        letters[y[_VOWEL.take(letters[y - 1]) | (letters[y - 1] == ord("\n"))]] = ord("Y")
        is_vowel = _VOWEL.take(letters)
        vowels = np.append(is_vowel.nonzero()[0], len(data))
        self._first_vowels = vowels[vowels.searchsorted(self._starts)]
        is_vowel[breaks] = True  # which no region goes beyond
        closed = (_VOWEL.take(letters[:-1]) & ~is_vowel[1:]).nonzero()[0] + 2
        closed = np.append(closed, [len(data), len(data) + 2])
        begins = closed[closed.searchsorted(self._starts, side="right")]
        for beginning in english.BEGINNINGS:
            stops = np.minimum(self._starts + len(beginning), len(data))
            at = _ends_with(self._read[stops - _AT_ONCE], f"\n{beginning}").nonzero()[0]
            begins[at] = stops[at]
        self._r1 = np.maximum(self._ends - begins, 0)
        self._r2 = np.maximum(self._ends - closed[closed.searchsorted(begins + 1, side="right")], 0)

    def left(self) -> list[str]:
        """Give what is left of them."""
        kept = ~between(self._ends, self._breaks, len(self._letters))
        kept[:_AT_ONCE] = False
        self._letters[self._letters == ord("Y")] = ord("y")
        return lines(self._letters, kept)

    def drop_plural(self) -> None:
        """Take *-s* and the like off."""
        last = self._last()
        n_cut = np.zeros(len(last), np.int64)
        n_cut[_ends_with(last, "s") & self._has_vowel(2)] = 1
        n_cut[_ends_with(last, "us") | _ends_with(last, "ss")] = 0
        is_ie = _ends_with(last, "ied") | _ends_with(last, "ies")
        n_cut[is_ie] = np.where(self._sizes()[is_ie] > 4, 2, 1)
        n_cut[_ends_with(last, "sses")] = 2
        at = n_cut.nonzero()[0]
        self._exchange(at, n_cut[at], "")

    def drop_ending(self) -> None:
        """Take *-ed*, *-ing* and the like off."""
        last = self._last()
        is_free = np.ones(len(last), np.bool_)
        for suffix in english.VERBAL:
            has_it = is_free & _ends_with(last, suffix)
            is_free &= ~has_it
            n_cut = len(suffix)
            if suffix.startswith("ee"):
                self._exchange((has_it & (self._r1 >= n_cut)).nonzero()[0], n_cut, "ee", n_cut)
            else:
                at = (has_it & self._has_vowel(n_cut)).nonzero()[0]
                self._exchange(at, n_cut, "")
                self._mend(at)

    def turn_y(self) -> None:
        """Let a last *y* behind a consonant be *i*."""
        final, second = self._letters[self._ends - 1], self._letters[self._ends - 2]
        is_y = (final == ord("y")) | (final == ord("Y"))
        self._letters[self._ends[is_y & (self._sizes() > 2) & ~_VOWEL.take(second)] - 1] = ord("i")

    def replace(self, rules: Mapping[str, Sequence[english.Rule]]) -> None:
        """Apply to each the first rule whose suffix it has, if it may be."""
        last = self._last()
        is_free = np.ones(len(last), np.bool_)
        for rule in chain(*rules.values()):
            has_it = is_free & _ends_with(last, rule.suffix)
            is_free &= ~has_it
            has_it &= (self._r1 if rule.region == 1 else self._r2) >= len(rule.suffix)
            at = has_it.nonzero()[0]
            if rule.behind:
                at = at[table(rule.behind).take(self._letters[self._ends[at] - len(rule.suffix) - 1])]
            self._exchange(at, rule.n_cut, rule.added, rule.least, rule.other)

    def drop_last(self) -> None:
        """Take a last *-e* or *-l* off."""
        final, second, third, fourth = (self._letters[self._ends - place] for place in (1, 2, 3, 4))
        is_e = final == ord("e")
        is_loose = _LOOSE.take(second) | ~_VOWEL.take(third) | _VOWEL.take(fourth)
        is_dropped = (self._r2 > 0) & (is_e | (final == ord("l")) & (second == ord("l")))
        is_dropped |= (self._r1 > 0) & is_e & (self._sizes() >= 4) & is_loose
        self._ends -= is_dropped

    def _mend(self, at: Array) -> None:
        """Make what is left of some verbs one again: *hop(p)*, *hop(e)*."""
        last = self._last()[at]
        lacks_e = _ends_with(last, "at") | _ends_with(last, "bl") | _ends_with(last, "iz")
        final, second, third = (self._letters[self._ends[at] - place] for place in (1, 2, 3))
        is_doubled = (final == second) & _DOUBLED.take(final) & ~lacks_e
        is_closed = ~_LOOSE.take(final) | (~_VOWEL.take(final) & (self._sizes()[at] == 2))
        is_short = is_closed & _VOWEL.take(second) & ~_VOWEL.take(third) & (self._r1[at] == 0)
        self._exchange(at[is_doubled], 1, "")
        short = at[is_short & ~is_doubled & ~lacks_e]
        self._exchange(short, 0, "e")
        self._r1[short] = self._r2[short] = 0
        at = at[lacks_e]
        is_long = (self._sizes()[at] >= 5) | (self._r1[at] >= 2)
        self._exchange(at, 0, "e")
        self._r2[at] -= ~is_long

    def _exchange(self, at: Array, n_cut: Any, added: str, least: int = 0, other: str = "") -> None:
        """Exchange the last letters of some; of a region R2 of less than ``least`` letters, others are left."""
        self._ends[at] -= n_cut
        for letter in added:
            self._letters[self._ends[at]] = ord(letter)
            self._ends[at] += 1
        r1, r2 = (np.maximum(sizes[at] - n_cut, 0) + len(added) for sizes in (self._r1, self._r2))
        self._r2[at] = np.where(self._r2[at] >= least, r2, len(other))
        self._r1[at] = r1

    def _last(self) -> Array:
        """Give the last letters of each, the last one lowest."""
        last: Array = self._read[self._ends - _AT_ONCE].astype(np.uint64)
        return last

    def _sizes(self) -> Array:
        sizes: Array = self._ends - self._starts
        return sizes

    def _has_vowel(self, n_last: int) -> Array:
        """Tell whether there is a vowel before so many last letters."""
        has_vowel: Array = self._first_vowels < self._ends - n_last
        return has_vowel


def _ends_with(last: Array, suffix: str) -> Array:
    has_it: Array = last & np.uint64((1 << 8 * len(suffix)) - 1) == np.uint64(int.from_bytes(suffix.encode()))
    return has_it
