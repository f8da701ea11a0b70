"""Which articles have some words in a field of their metadata?

Chunks that have a core in common have their words in common: each core is analysed once, when the field is first asked for,
and asked once for each word of a query. Only articles that have all the words are looked at for whether they stand side by side.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from searcher.arrays import Mask
from searcher.language.tree import Atom, Fuzzy, Part, Wildcard, Word
from searcher.querying.matching.phrases import spellings
from searcher.text.words.analysis import Analyser, core_of
from searcher.text.words.chunks import split


class _Told(NamedTuple):
    """One word of an article's metadata, its surface without hyphens."""

    surface: str
    term: str
    width: int


_Line = list[list[_Told]]
"""What stands at each position."""
_Test = Callable[[_Told], bool]


class Metadata:
    """One field of the articles of a segment.

    Args:
        values: What stands in it, by article.
        analyser: Turns that into words.
        separator: What stands between lines, which no phrase crosses; None for one line.
    """

    def __init__(self, values: Sequence[str], analyser: Analyser, separator: str | None) -> None:
        self._values = values
        self._separator = separator
        # As they come, each chunk is numbered by its core.
        self._numbers: dict[str, int] = {}
        numbers: dict[str, int] = {}
        cores: list[int] = []
        counts = []
        for value in values:
            chunks = [chunk for line in self._lines(value) for chunk in split(line)]
            for chunk in chunks:
                if chunk not in numbers:
                    numbers[chunk] = self._numbers.setdefault(core_of(chunk), len(self._numbers))
            cores += map(numbers.__getitem__, chunks)
            counts.append(len(chunks))
        self._cores = np.array(cores, np.int64)
        self._owners = np.arange(len(values)).repeat(counts)
        self._told = [_told(core, analyser) for core in self._numbers]

    def holding(self, words: Sequence[Word], *, is_exact: bool) -> Mask:
        """Tell which articles have words side by side in a line, each in one of its spellings."""
        tests = [_tests(word, is_exact=is_exact) for word in words]
        has_all = np.ones(len(self._values), np.bool_)
        for written in tests:
            first = [parts[0] for parts in written]
            fits = np.array([_has_any(line, first) for line in self._told], np.bool_)
            has_it = np.zeros(len(self._values), np.bool_)
            has_it[self._owners[fits[self._cores]]] = True
            has_all &= has_it
        if len(tests) != 1 or any(len(parts) > 1 for parts in tests[0]):
            for article in has_all.nonzero()[0].tolist():
                lines = map(self._line, self._lines(self._values[article]))
                has_all[article] = any(_are_side_by_side(line, tests) for line in lines)
        return has_all

    def _lines(self, value: str) -> list[str]:
        return value.split(self._separator) if self._separator else [value]

    def _line(self, text: str) -> _Line:
        return [here for chunk in split(text) for here in self._told[self._numbers[core_of(chunk)]]]


def _told(core: str, analyser: Analyser) -> _Line:
    """Give the words of a chunk."""
    line: _Line = []
    for token in analyser.tokens(core):
        if not token.is_overlay:
            line.append([])
        line[-1].append(_Told(token.surface.replace("-", ""), token.term, token.width))
    return line


def _has_any(line: _Line, tests: Sequence[_Test]) -> bool:
    return any(fits(told) for here in line for told in here for fits in tests)


def _are_side_by_side(line: _Line, words: Sequence[Sequence[Sequence[_Test]]]) -> bool:
    ends = set(range(len(line)))
    for written in words:
        ends = {end for tests in written for end in _ends(line, ends, tests)}
    return bool(ends)


def _ends(line: _Line, starts: set[int], tests: Sequence[_Test]) -> set[int]:
    """Give where the parts of a word end, one behind the other from any of some positions."""
    for fits in tests:
        starts = {
            start + told.width for start in starts if start < len(line) for told in line[start] if fits(told)
        }
    return starts


def _tests(word: Word, *, is_exact: bool) -> list[list[_Test]]:
    """Make tests of the parts of a word, for each way to spell it."""
    return [[_test(atom, is_exact=is_exact) for atom in parts] for parts in spellings(word)]


def _test(atom: Atom, *, is_exact: bool) -> _Test:
    """Make a test of one word of a line."""
    match atom:
        case Part(surface, term):
            written = surface.replace("-", "")
            return lambda told: told.surface == written if is_exact else told.term == term
        case Wildcard(pattern):
            symbols = {"*": ".*", "?": "."}
            fits = cache(
                re.compile("".join(symbols.get(char) or re.escape(char) for char in pattern)).fullmatch
            )
            return lambda told: fits(told.surface) is not None
        case Fuzzy(surface, distance):
            from rapidfuzz.distance import OSA  # noqa: PLC0415  (only fuzzy words need it)

            n_edits = cache(lambda written: OSA.distance(written, surface, score_cutoff=distance))
            return lambda told: n_edits(told.surface) <= distance
