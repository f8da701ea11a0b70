"""Which words does a part of a query stand for, and where do words stand side by side? One word after the other."""

from collections.abc import Iterable
from functools import cache, reduce
from typing import NamedTuple

from searcher.language.tree import Atom, Fuzzy, Part, Wildcard, Word, Words

Place = tuple[int, int]
"""A run of positions, half-open."""


class Token(NamedTuple):
    surface: str
    term: str
    position: int
    width: int = 1


class Line:
    """Tokens that phrases may run through: a passage, or one line of metadata."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        self._standing: dict[tuple[str, str], list[Place]] = {}
        for surface, term, position, width in tokens:
            self._standing.setdefault((surface, term), []).append((position, position + width))
        self.length = len({start for places in self._standing.values() for start, _ in places})
        self._places: dict[Words, set[Place]] = {}

    def places(self, words: Words) -> set[Place]:
        """Every run of positions at which the words stand side by side, the joined spelling of a word included."""
        if words not in self._places:
            found = [self._places_of_word(word, is_exact=words.is_exact) for word in words.words]
            self._places[words] = reduce(_side_by_side, found)
        return self._places[words]

    def _places_of_word(self, word: Word, *, is_exact: bool) -> set[Place]:
        found = reduce(_side_by_side, [self.places_of_part(part, is_exact=is_exact) for part in word.parts])
        return found | (self.places_of_part(word.joined, is_exact=is_exact) if word.joined else set())

    def places_of_part(self, part: Atom, *, is_exact: bool) -> set[Place]:
        return {
            place
            for (surface, term), places in self._standing.items()
            if fits(part, surface, term, is_exact=is_exact)
            for place in places
        }


def _side_by_side(left: set[Place], right: set[Place]) -> set[Place]:
    return {(start, end) for start, middle in left for begin, end in right if begin == middle}


@cache
def fits(atom: Atom, surface: str, term: str, *, is_exact: bool) -> bool:
    """Tell whether a word is what a part of a query asks for; hyphens make no difference."""
    written = surface.replace("-", "")
    match atom:
        case Part():
            return written == atom.surface.replace("-", "") if is_exact else term == atom.term
        case Wildcard(pattern):
            return fits_pattern(pattern, written)
        case Fuzzy(sought, distance):
            return n_edits(written, sought) <= distance


def fits_pattern(pattern: str, word: str) -> bool:
    """Tell whether a word fits a pattern: ``*`` for any characters, ``?`` for one."""
    if not pattern:
        return not word
    if pattern[0] == "*":
        return any(fits_pattern(pattern[1:], word[skipped:]) for skipped in range(len(word) + 1))
    return word[:1] != "" and pattern[0] in ("?", word[0]) and fits_pattern(pattern[1:], word[1:])


def n_edits(one: str, other: str) -> int:
    """Count the letters to change, add, leave out or exchange with their neighbour, none of them twice."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, another in enumerate(other, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != another))
            if i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]
