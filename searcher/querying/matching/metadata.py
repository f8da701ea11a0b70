"""Which articles have some words in a field of their metadata?

When a field is first asked for, each distinct core of its chunks is analysed once, because chunks with the same core have the
same words. A query then compares its words with each core once. Only the articles that have all the words are read again, to
see whether the words stand side by side.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np

from searcher.arrays import Mask
from searcher.language.tree import Atom, Part, Wildcard, Word
from searcher.querying.matching.patterns import Lines
from searcher.querying.matching.places import spellings
from searcher.text.words.analysis import Analyser, core_of
from searcher.text.words.chunks import split


class _Written(NamedTuple):
    """One word of an article's metadata. The surface has no hyphens."""

    surface: str
    term: str
    width: int


_Line = list[list[_Written]]
"""The words at each position of a line."""
_Test = Callable[[_Written], bool]
"""Tells whether a word of the metadata is one that a query asks for."""


class Metadata:
    """One field of the articles of a segment.

    Args:
        values: The value of the field, for each article.
        analyser: The analyser of the index.
        separator: Whitespace that divides a value into lines, which no phrase crosses. None if a value is one line.
    """

    def __init__(self, values: Sequence[str], analyser: Analyser, separator: str | None) -> None:
        self._values = values
        self._separator = separator
        cores = [[core_of(chunk) for chunk in split(value)] for value in values]
        distinct_cores = dict.fromkeys(chain.from_iterable(cores))
        self._numbers = {core: number for number, core in enumerate(distinct_cores)}
        self._cores = np.array([self._numbers[core] for core in chain.from_iterable(cores)], np.int64)
        self._owners = np.repeat(np.arange(len(values)), np.array([len(each) for each in cores], np.int64))
        self._lines = [_line(core, analyser) for core in distinct_cores]

    def holding(self, words: Sequence[Word], *, is_exact: bool) -> Mask:
        """Tell which articles have words side by side in one line. Each word may be written in any of its spellings."""
        tests = [
            [[self._test(atom, is_exact=is_exact) for atom in parts] for parts in spellings(word)]
            for word in words
        ]
        has_all = np.ones(len(self._values), np.bool_)
        for spelt in tests:
            firsts = [parts[0] for parts in spelt]
            fits = np.array([_has_any(line, firsts) for line in self._lines], np.bool_)
            has_it = np.zeros(len(self._values), np.bool_)
            has_it[self._owners[fits[self._cores]]] = True
            has_all &= has_it
        if len(tests) != 1 or any(len(parts) > 1 for parts in tests[0]):
            for article in has_all.nonzero()[0].tolist():
                lines = (
                    self._values[article].split(self._separator)
                    if self._separator
                    else [self._values[article]]
                )
                has_all[article] = any(_are_side_by_side(self._line(line), tests) for line in lines)
        return has_all

    def _test(self, atom: Atom, *, is_exact: bool) -> _Test:
        """Make the test of one part of a word."""
        if isinstance(atom, Part):
            bare = atom.surface.replace("-", "")
            return lambda written: written.surface == bare if is_exact else written.term == atom.term
        numbers = (
            self._surfaces.fitting(atom.pattern)
            if isinstance(atom, Wildcard)
            else self._surfaces.near(atom.surface, atom.distance).numbers
        )
        fitting = set(map(self._surfaces.word, numbers.tolist()))
        return lambda written: written.surface in fitting

    @cached_property
    def _surfaces(self) -> Lines:
        surfaces = {written.surface for line in self._lines for here in line for written in here}
        return Lines("".join(f"{surface}\n" for surface in surfaces).encode())

    def _line(self, text: str) -> _Line:
        return [here for chunk in split(text) for here in self._lines[self._numbers[core_of(chunk)]]]


def _line(core: str, analyser: Analyser) -> _Line:
    """Analyse a core."""
    line: _Line = []
    for token in analyser.tokens(core):
        if not token.is_overlay:
            line.append([])
        line[-1].append(_Written(token.surface.replace("-", ""), token.term, token.width))
    return line


def _has_any(line: _Line, tests: Sequence[_Test]) -> bool:
    return any(fits(written) for here in line for written in here for fits in tests)


def _are_side_by_side(line: _Line, words: Sequence[Sequence[Sequence[_Test]]]) -> bool:
    """Tell whether words follow each other somewhere in a line. Each word is given by the tests of its spellings."""
    ends = set(range(len(line)))
    for spelt in words:
        ends = {end for tests in spelt for end in _ends(line, ends, tests)}
    return bool(ends)


def _ends(line: _Line, starts: set[int], tests: Sequence[_Test]) -> set[int]:
    """Find where the parts of a word end that follow each other from any of some positions."""
    for fits in tests:
        starts = {
            start + written.width
            for start in starts
            if start < len(line)
            for written in line[start]
            if fits(written)
        }
    return starts
