"""Which terms and surfaces of a segment does one part of a query mean?

A stemmed part means its term, with all surfaces of the term. An exact part, a wildcard and a fuzzy word are compared with
surfaces, without their hyphens. They mean the surfaces that fit, and the terms of these surfaces. A wildcard or fuzzy word is
called a *pattern* here, and is compared with the whole vocabulary at once.
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
"""How many words a pattern may match, by default. So many of the most common words take half a second."""
MAX_KNOWN: Final = 256
"""For how many parts a segment remembers the forms. With only one, 1,000 mixed queries over 128,000 passages take 4 % longer."""
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
        self._term_widths: dict[int, tuple[int, Numbers | None]] = {}

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

    def only_width(self, forms: Forms) -> int | None:
        """Tell how many positions the forms cover, if all of them cover the same number; otherwise None."""
        if len(forms.terms) > 1:
            assert forms.slots is not None
            widths = self._surface_widths(self.segment.columns["term_surfaces"][forms.slots])
        else:
            of_variants = self.widths_of_variants(forms)
            if of_variants is None:
                return 1
            widths = of_variants[of_variants > 0]
        return int(widths[0]) if (widths == widths[0]).all() else None

    def fits(self, forms: Forms) -> Mask | None:
        """Tell which variants of one term are meant. None if all are meant, or if there are several terms."""
        widths = self.widths_of_variants(forms) if forms.slots is not None and len(forms.terms) == 1 else None
        if widths is None or widths.all():
            return None
        fits: Mask = widths > 0
        return fits

    def widths(self, forms: Forms, owners: Numbers, variants: Numbers) -> Numbers:
        """Tell how many positions each occurrence covers: 0 if its surface is not meant.

        Args:
            forms: The forms, with at least one term.
            owners: int64, for each occurrence: the place of its term in the terms of the forms.
            variants: int64, for each occurrence: which variant of its term it is.
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
        """Tell how many positions each variant of one term covers: 0 if it is not meant.

        None if all variants are meant and cover one position.
        """
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
        """Tell which passages hold at least one of the forms: bool, shape (n_passages,)."""
        if forms.slots is None or not len(forms.terms):
            return ManyTerms(self.segment, forms.terms).holding_any()
        starts = self.segment.columns["term_surface_starts"]
        begins, ends = (starts[forms.terms + n].astype(np.int64) for n in (0, 1))
        n_fitting = forms.slots.searchsorted(ends) - forms.slots.searchsorted(begins)
        is_whole = n_fitting == ends - begins
        holds = ManyTerms(self.segment, forms.terms[is_whole]).holding_any()
        # Some surfaces of the other terms are not meant, so each of their occurrences is looked at.
        others = Forms(forms.terms[~is_whole], forms.slots[np.repeat(~is_whole, n_fitting)])
        if len(others.terms):
            found, owners = ManyTerms(self.segment, others.terms).occurrences()
            holds[found.passages[self.widths(others, owners, found.variants) > 0]] = True
        return holds

    def _surface_widths(self, numbers: npt.NDArray[np.uint32]) -> Numbers:
        """Tell how many positions each of at least one surface covers."""
        surfaces = self.segment.surfaces
        begins = surfaces.starts[numbers].astype(np.int64)
        sizes = self.segment.require_within("surfaces", surfaces.starts[numbers + 1] - begins)
        is_hyphen = surfaces.blob[expand(begins, sizes)] == ord("-")
        widths: Numbers = np.add.reduceat(is_hyphen, sizes.cumsum() - sizes, dtype=np.int64) + 1
        return widths

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
