"""Under which terms, and as which surfaces, may a part of a query stand in a segment?

A stemmed part stands under its term, whatever the surface. An exact part, a wildcard and a fuzzy word are matched
against surfaces, hyphens aside, and give terms with those of their variants that fit. Patterns run over the whole mapped
vocabulary at once.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from searcher.querying.lines import Lines
from searcher.querying.tree import Atom, Fuzzy, Part, Wildcard
from searcher.storage.postings import Numbers
from searcher.storage.segment import Segment, distinct
from searcher.storage.snapshot import LiveSegment

MAX_FORMS: Final = 5_000
"""Words for which one pattern may stand unless more are asked for: half a second's work where they are as common as can be."""
MAX_REMEMBERED: Final = 256

Mask = npt.NDArray[np.bool_]
Fits = Mask | None
"""Which variants of a term fit; None for all of them."""
Pattern = Wildcard | Fuzzy


class Vocabulary:
    """The words of one segment, as queries ask for them. Safe to use from several threads.

    Args:
        segment: The segment.
    """

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self._known: dict[tuple[Atom, bool] | str, dict[int, Fits]] = {}
        self._fit: dict[Pattern, Numbers] = {}
        self._term_widths: dict[int, Numbers | None] = {}

    @cached_property
    def widths(self) -> Numbers:
        """int64, by surface, terms in order and variants within: how many positions it covers."""
        surfaces = self.segment.surfaces
        is_hyphen = np.append(0, (surfaces.blob == ord("-")).cumsum(dtype=np.int64))
        hyphens = np.diff(is_hyphen[surfaces.starts])
        widths: Numbers = hyphens[self.segment.columns["term_surfaces"]] + 1
        return widths

    def fitting(
        self, forms: dict[int, Fits], terms: Numbers, owners: Numbers, variants: Numbers
    ) -> tuple[Mask, Numbers]:
        """Tell which occurrences of some terms have a variant that fits, and how wide each is.

        Args:
            forms: As `forms` gives them.
            terms: int64, ascending: the terms of ``forms``.
            owners: int64, by occurrence: place of its term in ``terms``.
            variants: int64, by occurrence.
        """
        starts = self.segment.columns["term_surface_starts"].astype(np.int64)
        fits = np.ones(len(self.widths), np.bool_)
        for term, chosen in forms.items():
            if chosen is not None:
                fits[starts[term] : starts[term + 1]] = chosen
        surfaces = starts[terms][owners] + variants
        return fits[surfaces], self.widths[surfaces]

    def forms(self, atom: Atom, *, is_exact: bool) -> dict[int, Fits]:
        """Give the terms under which a part may stand, by number, with the variants that fit."""
        # The hash of a string is remembered, that of an atom is not.
        key = atom.term if isinstance(atom, Part) and not is_exact else (atom, is_exact)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MAX_REMEMBERED:
                self._known.clear()
            found = self._known[key] = self._find(atom, is_exact=is_exact)
        return found

    def by_width(self, term: int, fits: Fits) -> list[tuple[int, Fits]]:
        """Sort variants of a term by how many positions they cover: each number with those that cover so many."""
        if term not in self._term_widths:
            each = [surface.count(b"-") + 1 for surface in self.segment.surfaces_of(term)]
            self._term_widths[term] = None if max(each) == 1 else np.array(each)
        widths = self._term_widths[term]
        if widths is None:
            return [(1, fits)]
        chosen = widths if fits is None else widths[fits]
        return [
            (width, widths == width if fits is None else fits & (widths == width))
            for width in distinct(chosen).tolist()
        ]

    def _find(self, atom: Atom, *, is_exact: bool) -> dict[int, Fits]:
        if isinstance(atom, Part) and not is_exact:
            number = self.segment.terms.find(atom.term.encode())
            return {number: None} if number >= 0 else {}
        if isinstance(atom, Part):
            return self._of_surfaces(self._written_as(atom))
        return self._of_surfaces(self.matching(atom).tolist())

    def matching(self, pattern: Pattern) -> Numbers:
        """Give the numbers of the surfaces that fit a pattern: int64, ascending."""
        if pattern not in self._fit:
            if len(self._fit) >= MAX_REMEMBERED:
                self._fit.clear()
            self._fit[pattern] = (
                self._fitting(pattern.pattern)
                if isinstance(pattern, Wildcard)
                else self._lines.near(pattern.surface.replace("-", ""), pattern.distance)
            )
        return self._fit[pattern]

    def _of_surfaces(self, numbers: Iterable[int]) -> dict[int, Fits]:
        columns = self.segment.columns
        starts = columns["term_surface_starts"]
        found: dict[int, Fits] = {}
        for number in numbers:
            term = int(columns["surface_term"][number])
            n_variants = int(starts[term + 1]) - int(starts[term])
            if n_variants == 1:
                found[term] = None
                continue
            fits = found.setdefault(term, np.zeros(n_variants, np.bool_))
            assert fits is not None
            fits[int(columns["surface_variant"][number])] = True
        return found

    def _written_as(self, part: Part) -> list[int]:
        """Find the surfaces equal to that of a part, hyphens aside.

        They belong to its term or, where the language stems words before it folds them, to others too.
        """
        segment = self.segment
        surface = part.surface.encode()
        numbers = []
        number = segment.surfaces.lower_bound(surface)
        while number < len(segment.surfaces) and segment.surfaces[number] == surface:
            numbers.append(number)
            number += 1
        term = segment.terms.find(part.term.encode())
        if term >= 0:
            written = surface.replace(b"-", b"")
            low, high = (int(n) for n in segment.columns["term_surface_starts"][term : term + 2])
            own = segment.columns["term_surfaces"][low:high].tolist()
            numbers += [number for number in own if segment.surfaces[number].replace(b"-", b"") == written]
        return sorted(set(numbers))

    def _fitting(self, pattern: str) -> Numbers:
        """Find the surfaces that fit a pattern, hyphens aside."""
        first = pattern[:1].encode()
        if first in (b"", b"*", b"?"):
            return self._lines.fitting(pattern)
        # A hyphen may follow the first letter.
        low, high = (
            self.segment.surfaces.lower_bound(first),
            self.segment.surfaces.lower_bound(first + b"\xff"),
        )
        return self._bare(low, high).fitting(pattern) + low

    def _bare(self, low: int, high: int) -> Lines:
        """Give a range of surfaces without their hyphens."""
        surfaces = self.segment.surfaces
        text = surfaces.blob[int(surfaces.starts[low]) : int(surfaces.starts[high])]
        return Lines(text.tobytes().translate(None, b"-"))

    @cached_property
    def _lines(self) -> Lines:
        return self._bare(0, len(self.segment.surfaces))


def live_surfaces(live: LiveSegment, numbers: Numbers) -> set[bytes]:
    """Give those of some surfaces of a segment that stand in live passages."""
    segment = live.segment
    if live.live is not None:
        columns = segment.columns
        terms = distinct(columns["surface_term"][numbers].astype(np.int64))
        found, owners = segment.occurrences_of_all(terms)
        starts = columns["term_surface_starts"].astype(np.int64)[terms]
        is_live = live.live[found.passages]
        there = columns["term_surfaces"][(starts[owners] + found.variants)[is_live]]
        numbers = np.intersect1d(numbers, there)
    return {segment.surfaces[number] for number in numbers.tolist()}
