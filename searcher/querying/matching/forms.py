"""Which terms and surfaces of a segment does one part of a query mean?

A stemmed part means its term, with all surfaces of the term. An exact part, a wildcard and a fuzzy word are compared with
surfaces, without their hyphens. They mean the surfaces that fit, and the terms of these surfaces. A wildcard or fuzzy word is
called a *pattern* here, and is compared with the whole vocabulary at once.
"""

from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from searcher.arrays import Numbers, distinct
from searcher.kernel import places as kernel
from searcher.kernel.gathering import Gathered, gather
from searcher.language.tree import Atom, Fuzzy, Part, Wildcard
from searcher.querying.matching.patterns import Lines
from searcher.storage.many_terms import ManyTerms
from searcher.storage.segment import Segment
from searcher.storage.snapshot import LiveSegment

MAX_FORMS: Final = 5_000
"""How many words a pattern may match, by default. So many of the most common words take half a second."""
MAX_KNOWN: Final = 256
"""For how many parts a segment remembers the forms. With only one, 1,000 mixed queries over 128,000 passages take 4 % longer."""
MAX_GATHERED: Final = 8
"""For how many patterns a segment remembers the places: as many as one query may have."""
MAX_NUMBERS: Final = 10_000
"""Of how many terms a segment remembers the number. Looking up a number takes 8 microseconds; so many numbers take 1 MB."""

Pattern = Wildcard | Fuzzy
_NONE: Final = np.zeros(0, np.int64)


class Forms(NamedTuple):
    """What a part means in one segment.

    Attributes:
        terms: int64, ascending: the terms.
        slots: int64, ascending: the surfaces, as places in the column ``term_surfaces``. None if there is at most one term,
            and all its surfaces are meant.
    """

    terms: Numbers
    slots: Numbers | None


class Vocabulary:
    """Finds the forms of parts in one segment. Safe to use from several threads."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self._numbers: dict[str, int] = {}
        self._known: dict[Atom, Forms] = {}
        self._gathered: dict[Atom, Gathered] = {}

    def term_number(self, term: str) -> int:
        """Give the number of a term; -1 if the segment does not have it."""
        number = self._numbers.get(term)
        if number is None:
            if len(self._numbers) >= MAX_NUMBERS:
                self._numbers.clear()
            number = self._numbers[term] = self.segment.terms.find(term.encode())
        return number

    def forms(self, atom: Atom, *, is_exact: bool) -> Forms:
        """Find the terms and surfaces that a part means."""
        if isinstance(atom, Part) and not is_exact:
            number = self.term_number(atom.term)
            return Forms(np.array([number]) if number >= 0 else _NONE, None)
        found = self._known.get(atom)
        if found is None:
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            surfaces = self._written_as(atom) if isinstance(atom, Part) else self._matching(atom)
            found = self._known[atom] = self._of_surfaces(surfaces)
        return found

    def part(self, atom: Atom, *, is_exact: bool) -> kernel.Part:
        """Give where a part of a word stands."""
        if isinstance(atom, Part):
            number = self.term_number(atom.term)
            if not is_exact:
                return self.segment.places.part(number)
            written = self.segment.places.written(number, atom.surface.encode())
            if written is not None:
                return written
        return self.gathered(atom).part()

    def gathered(self, atom: Atom) -> Gathered:
        """Gather the places of the surfaces that a pattern fits or, of an exact part, as which it is written."""
        found = self._gathered.get(atom)
        if found is None:
            if len(self._gathered) >= MAX_GATHERED:
                self._gathered.clear()
            slots = self.forms(atom, is_exact=True).slots
            found = self._gathered[atom] = gather(self.segment.places, _NONE if slots is None else slots)
        return found

    def _matching(self, pattern: Pattern) -> Numbers:
        """Find the surfaces that a pattern matches: int64, ascending."""
        if isinstance(pattern, Fuzzy):
            return self._lines.near(pattern.surface.replace("-", ""), pattern.distance).numbers
        return self._fitting(pattern.pattern)

    def _of_surfaces(self, numbers: Numbers) -> Forms:
        columns = self.segment.columns
        terms = columns["surface_term"][numbers].astype(np.int64)
        slots = columns["term_surface_starts"][terms].astype(np.int64) + columns["surface_variant"][numbers]
        return Forms(distinct(terms), np.sort(slots))

    def _written_as(self, part: Part) -> Numbers:
        """Find the surfaces that equal the surface of a part, without hyphens.

        Some may belong to other terms: if a word is stemmed before its accents are folded, one surface may have several terms.
        """
        segment = self.segment
        surface = part.surface.encode()
        low, high = (segment.surfaces.lower_bound(bound) for bound in (surface, surface + b"\0"))
        numbers = [*range(low, high)]
        term = self.term_number(part.term)
        if term >= 0:
            written = surface.replace(b"-", b"")
            low, high = (int(n) for n in segment.columns["term_surface_starts"][term : term + 2])
            own = segment.columns["term_surfaces"][low:high].tolist()
            numbers += [number for number in own if segment.surfaces[number].replace(b"-", b"") == written]
        return np.array(sorted(set(numbers)), np.int64)

    def _fitting(self, pattern: str) -> Numbers:
        """Find the surfaces that a wildcard matches, without their hyphens: int64, ascending."""
        first = pattern[:1].encode()
        if first in (b"", b"*", b"?"):
            return self._lines.fitting(pattern)
        # Only the first letter is sure to stand there: a hyphen may follow it.
        low, high = (self.segment.surfaces.lower_bound(bound) for bound in (first, first + b"\xff"))
        return self._bare(low, high).fitting(pattern) + low

    def _bare(self, low: int, high: int) -> Lines:
        """Give the surfaces from ``low`` to ``high - 1`` without their hyphens."""
        surfaces = self.segment.surfaces
        text = surfaces.blob[int(surfaces.starts[low]) : int(surfaces.starts[high])]
        return Lines(text.tobytes().translate(None, b"-"))

    @cached_property
    def _lines(self) -> Lines:
        return self._bare(0, len(self.segment.surfaces))


def live_surfaces(live: LiveSegment, forms: Forms) -> set[bytes]:
    """Give the surfaces that a pattern means, if they stand in live passages."""
    segment, slots = live.segment, forms.slots
    assert slots is not None
    columns = segment.columns
    if live.live is not None:
        found, owners = ManyTerms(segment, forms.terms).occurrences()
        starts = columns["term_surface_starts"].astype(np.int64)[forms.terms]
        is_live = live.live[found.passages]
        slots = np.intersect1d(slots, (starts[owners] + found.variants)[is_live])
    return {segment.surfaces[number] for number in columns["term_surfaces"][slots].tolist()}
