"""Under which terms, and as which surfaces, may a part of a query stand in a segment?

A stemmed part stands under its term, whatever the surface. An exact part, a wildcard and a fuzzy word are matched
against surfaces, hyphens aside, and give terms with those of their variants that fit. Patterns run over the whole mapped
vocabulary at once.
"""

from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from searcher.arrays import Mask, Numbers, distinct, expand
from searcher.language.tree import Atom, Fuzzy, Part, Wildcard
from searcher.querying.matching.patterns import Lines
from searcher.storage.many_terms import ManyTerms
from searcher.storage.segment import Segment
from searcher.storage.snapshot import LiveSegment

MAX_FORMS: Final = 5_000
"""Words for which one pattern may stand unless more are asked for: half a second's work where they are as common as can be."""
MAX_REMEMBERED: Final = 256

Fits = Mask | None
"""Which variants of a term fit; None for all of them."""
Pattern = Wildcard | Fuzzy
_NONE: Final = np.zeros(0, np.int64)


class Forms(NamedTuple):
    """Under which terms a part may stand.

    Attributes:
        terms: int64, ascending.
        slots: int64, ascending: places in the column ``term_surfaces`` of the surfaces that fit; None for all of one term.
    """

    terms: Numbers
    slots: Numbers | None


class Vocabulary:
    """The words of one segment, as queries ask for them. Safe to use from several threads.

    Args:
        segment: The segment.
    """

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self._numbers: dict[str, int] = {}
        self._known: dict[tuple[Atom, bool], Forms] = {}
        self._fit: dict[Pattern, Numbers] = {}
        self._term_widths: dict[int, tuple[int, Numbers | None]] = {}

    def term_number(self, term: str) -> int:
        """Give the number of a term, or -1."""
        number = self._numbers.get(term)
        if number is None:
            if len(self._numbers) >= MAX_REMEMBERED:
                self._numbers.clear()
            number = self._numbers[term] = self.segment.terms.find(term.encode())
        return number

    def forms(self, atom: Atom, *, is_exact: bool) -> Forms:
        """Give the terms under which a part may stand, with the surfaces that fit."""
        if isinstance(atom, Part) and not is_exact:
            number = self.term_number(atom.term)
            return Forms(np.array([number]) if number >= 0 else _NONE, None)
        key = (atom, is_exact)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MAX_REMEMBERED:
                self._known.clear()
            surfaces = (
                np.array(self._written_as(atom), np.int64) if isinstance(atom, Part) else self.matching(atom)
            )
            found = self._known[key] = self._of_surfaces(surfaces)
        return found

    def only_width(self, forms: Forms) -> int | None:
        """Tell how many positions forms cover, if it is one number for all of them."""
        if len(forms.terms) > 1:
            assert forms.slots is not None
            widths = self._surface_widths(self.segment.columns["term_surfaces"][forms.slots])
        else:
            of_variants = self.widths_of_variants(forms)
            if of_variants is None:
                return 1
            widths = of_variants[of_variants > 0]
        return int(widths[0]) if (widths == widths[0]).all() else None

    def fits(self, forms: Forms) -> Fits:
        """Tell which variants fit, if the forms are of one term."""
        widths = self.widths_of_variants(forms) if forms.slots is not None and len(forms.terms) == 1 else None
        if widths is None or widths.all():
            return None
        fits: Mask = widths > 0
        return fits

    def widths(self, forms: Forms, owners: Numbers, variants: Numbers) -> Numbers:
        """Tell how many positions occurrences of forms cover: 0 where it is of a variant that does not fit.

        Args:
            forms: Of at least one term.
            owners: int64, by occurrence: place of its term among the forms.
            variants: int64, by occurrence.
        """
        if len(forms.terms) == 1:
            by_variant = self.widths_of_variants(forms)
            found: Numbers = np.ones(len(variants), np.int64) if by_variant is None else by_variant[variants]
            return found
        assert forms.slots is not None
        columns = self.segment.columns
        by_slot = np.zeros(len(columns["term_surfaces"]), np.uint8)
        by_slot[forms.slots] = self._surface_widths(columns["term_surfaces"][forms.slots])
        starts = columns["term_surface_starts"][forms.terms].astype(np.int64)
        widths: Numbers = by_slot[starts[owners] + variants].astype(np.int64)
        return widths

    def widths_of_variants(self, forms: Forms) -> Numbers | None:
        """Give how many positions each variant of one term covers, 0 if it does not fit; None if all do and cover one."""
        term = int(forms.terms[0])
        if term not in self._term_widths:
            each = [surface.count(b"-") + 1 for surface in self.segment.surfaces_of(term)]
            self._term_widths[term] = len(each), None if max(each) == 1 else np.array(each)
        n_variants, widths = self._term_widths[term]
        if forms.slots is None or len(forms.slots) == n_variants:
            return widths
        chosen = forms.slots - int(self.segment.columns["term_surface_starts"][term])
        fitting = np.zeros(n_variants, np.int64)
        fitting[chosen] = 1 if widths is None else widths[chosen]
        return fitting

    def holding(self, forms: Forms) -> Mask:
        """Tell which passages hold any of some forms: bool, shape (n_passages,)."""
        if forms.slots is None or not len(forms.terms):
            return ManyTerms(self.segment, forms.terms).holding_any()
        starts = self.segment.columns["term_surface_starts"]
        begins, ends = (starts[forms.terms + n].astype(np.int64) for n in (0, 1))
        n_fitting = forms.slots.searchsorted(ends) - forms.slots.searchsorted(begins)
        is_whole = n_fitting == ends - begins
        holds = ManyTerms(self.segment, forms.terms[is_whole]).holding_any()
        # Of other terms it takes a look at each occurrence.
        others = Forms(forms.terms[~is_whole], forms.slots[np.repeat(~is_whole, n_fitting)])
        if len(others.terms):
            found, owners = ManyTerms(self.segment, others.terms).occurrences()
            holds[found.passages[self.widths(others, owners, found.variants) > 0]] = True
        return holds

    def _surface_widths(self, numbers: npt.NDArray[np.uint32]) -> Numbers:
        """Give how many positions surfaces cover; at least one surface."""
        surfaces = self.segment.surfaces
        begins = surfaces.starts[numbers].astype(np.int64)
        sizes = self.segment.require_within("surfaces", surfaces.starts[numbers + 1] - begins)
        is_hyphen = surfaces.blob[expand(begins, sizes)] == ord("-")
        widths: Numbers = np.add.reduceat(is_hyphen, sizes.cumsum() - sizes, dtype=np.int64) + 1
        return widths

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

    def _of_surfaces(self, numbers: Numbers) -> Forms:
        columns = self.segment.columns
        terms = columns["surface_term"][numbers].astype(np.int64)
        slots = columns["term_surface_starts"][terms].astype(np.int64) + columns["surface_variant"][numbers]
        return Forms(distinct(terms), np.sort(slots))

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
        term = self.term_number(part.term)
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
        found, owners = ManyTerms(segment, terms).occurrences()
        starts = columns["term_surface_starts"].astype(np.int64)[terms]
        is_live = live.live[found.passages]
        there = columns["term_surfaces"][(starts[owners] + found.variants)[is_live]]
        numbers = np.intersect1d(numbers, there)
    return {segment.surfaces[number] for number in numbers.tolist()}
