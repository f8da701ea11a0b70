"""Which passages of a segment match one leaf of a query, and with which scores?

A leaf is looked for in all live passages of a segment, or in some of them. Its weight comes from the statistics of the whole
snapshot.
"""

from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from searcher.arrays import Bitmap, Numbers, Scores, to_bitmap
from searcher.kernel.postings import PostingList, count_in, posting_list
from searcher.kernel.search import Scope
from searcher.language.tree import Atom, Foreign, Leaf, Part, Word, Words
from searcher.model import Kind
from searcher.querying.matching.forms import Pattern, Vocabulary
from searcher.querying.matching.places import places_of, postings_of
from searcher.querying.scoring.bm25 import idf, saturation_table
from searcher.storage.snapshot import LiveSegment, Snapshot

_IS_HEADING: Final = np.array([kind.is_heading for kind in Kind])


class Scored(NamedTuple):
    """One leaf in one segment.

    Attributes:
        leaf: The leaf.
        postings: The passages that match it, dead ones too.
        within: The only passages in which it counts, as a bitmap; None for all.
    """

    leaf: Leaf
    postings: PostingList
    within: Bitmap | None = None


class Leaves:
    """Finds and scores leaves over one snapshot. Safe to use from several threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._vocabularies = {live.segment.name: Vocabulary(live.segment) for live in snapshot.segments}

    @cached_property
    def saturation(self) -> Scores:
        """The table of `saturation_table` for this snapshot."""
        return saturation_table(self.snapshot.average_length)

    @cached_property
    def scopes(self) -> list[Scope]:
        """What the kernel searches: one for each segment."""
        return [
            Scope(
                live.segment.inverted,
                self.saturation,
                to_bitmap(_IS_HEADING[live.segment.columns["passage_kind"]]),
                live.bits,
            )
            for live in self.snapshot.segments
        ]

    def vocabulary(self, live: LiveSegment) -> Vocabulary:
        """Give the vocabulary of a segment."""
        return self._vocabularies[live.segment.name]

    def weight(self, leaf: Leaf) -> float:
        """Give the factor by which a leaf's saturation is multiplied: the sum of the idf of its words, times its own weight."""
        return leaf.weight * self._idf(leaf)

    def atoms(self, leaf: Leaf) -> list[tuple[Atom, bool]]:
        """List the parts whose idf a leaf sums, and whether each is exact. Of alternatives, only the most common one counts."""
        if isinstance(leaf, Foreign):
            return []
        words = [leaf] if isinstance(leaf, Words) else [min(member, key=self._idf) for member in leaf.members]
        return [(atom, each.is_exact) for each in words for word in each.words for atom in word.parts]

    def _idf(self, leaf: Leaf) -> float:
        return sum(self.atom_idf(atom, is_exact=is_exact) for atom, is_exact in self.atoms(leaf))

    def atom_idf(self, atom: Atom, *, is_exact: bool) -> float:
        """Compute the idf of one part of a word. All words that fit a pattern count as one word."""
        return idf(self.doc_freq(atom, is_exact=is_exact), self.snapshot.n_passages)

    def doc_freq(self, atom: Atom, *, is_exact: bool) -> int:
        """Count the live passages that hold the term of a part, or at least one word that fits a pattern."""
        if isinstance(atom, Part):
            numbers = (
                (live, self.vocabulary(live).term_number(atom.term)) for live in self.snapshot.segments
            )
            return sum(live.doc_freq(number) for live, number in numbers if number >= 0)
        return sum(self._n_holding(live, atom, is_exact=is_exact) for live in self.snapshot.segments)

    def _n_holding(self, live: LiveSegment, pattern: Pattern, *, is_exact: bool) -> int:
        """Count the live passages of a segment that hold at least one word that fits a pattern."""
        postings = postings_of(self.vocabulary(live), Words((Word("", (pattern,)),), is_exact=is_exact))
        return postings.n if live.bits is None else count_in(postings, live.bits.data)

    def postings(self, words: Words) -> list[PostingList]:
        """Find the passages that hold a word or a phrase, with its weight, for each segment; dead passages too."""
        part = words.words[0].parts[0]
        if words.is_one_term and isinstance(part, Part):
            found = []
            doc_freq = 0
            for live in self.snapshot.segments:
                postings = live.segment.inverted.find(part.term.encode())
                doc_freq += postings.n if live.bits is None else count_in(postings, live.bits.data)
                found.append(postings)
            weight = words.weight * idf(doc_freq, self.snapshot.n_passages)
        else:
            found = [postings_of(self.vocabulary(live), words, live.bits) for live in self.snapshot.segments]
            weight = self.weight(words) if any(postings.n for postings in found) else 0.0
        for postings in found:
            postings.weight = weight
        return found

    def leaf(self, live: LiveSegment, leaf: Leaf, among: Bitmap | None = None) -> Scored:
        """Find the passages that match a leaf, at least those among some passages, with its weight."""
        if isinstance(leaf, Foreign):
            passages, scores = leaf.matches.of(live.segment.name)
            codes = live.segment.columns["passage_length"][passages].astype(np.uint16)
            return Scored(leaf, posting_list(passages.astype(np.uint32), codes, scores * leaf.weight))
        part = leaf.words[0].parts[0] if isinstance(leaf, Words) and leaf.is_one_term else None
        if isinstance(part, Part):
            postings = live.segment.inverted.find(part.term.encode())
        else:
            postings = postings_of(self.vocabulary(live), leaf, live.bits if among is None else among)
        if postings.n:
            postings.weight = self.weight(leaf)
        return Scored(leaf, postings)

    def places(self, live: LiveSegment, leaf: Leaf, passages: Numbers) -> list[tuple[int, int]]:
        """Find the places that are marked for a leaf in some passages."""
        if isinstance(leaf, Foreign):
            found: list[tuple[int, int]] = leaf.matches.places(live.segment.name, passages)
            return found
        return places_of(self.vocabulary(live), leaf, passages.tolist())
