"""Which passages of a segment satisfy a clause of a query?

A clause is evaluated for a whole segment at once, or among some of its passages: ascending passage numbers, and the leaves
that made them match.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from searcher.arrays import Bitmap, Numbers
from searcher.language.tree import And, Close, Foreign, Node, Not, Or, Words
from searcher.model import Kind
from searcher.querying.matching.forms import MAX_FORMS
from searcher.querying.matching.leaves import Leaves, Scored
from searcher.querying.matching.limits import check
from searcher.querying.matching.places import contains
from searcher.querying.matching.selectors import Selectors
from searcher.storage.columns.postings import PostingList, members, to_bitmap, union
from searcher.storage.snapshot import LiveSegment, Snapshot
from searcher.text.words.analysis import Analyser

_NONE: Final = np.zeros(0, np.int64)
_NO_CODES: Final = np.zeros(0, np.uint16)
_OF_PHRASE: Final = 8
"""Passages that are looked up in the time in which words are found side by side in one."""


class Satisfying(NamedTuple):
    """What satisfies a clause.

    Attributes:
        passages: int64, ascending.
        scored: The leaves that made them match, each with the passages in which it did.
    """

    passages: Numbers
    scored: tuple[Scored, ...] = ()


class Evaluator(Leaves):
    """Evaluates queries over one snapshot. Safe to use from several threads.

    Args:
        snapshot: What to search.
        analyser: That of the index.
        max_forms: Words for which one wildcard or fuzzy word may stand.
    """

    def __init__(self, snapshot: Snapshot, analyser: Analyser, max_forms: int = MAX_FORMS) -> None:
        super().__init__(snapshot)
        self._max_forms = max_forms
        self.selectors = Selectors(snapshot, analyser)
        self._heading_kinds = np.array([kind.is_heading for kind in Kind])

    @cached_property
    def is_heading(self) -> list[npt.NDArray[np.bool_] | None]:
        """Which passages of each segment are headings; None if no live one is."""
        masks = []
        for live in self.snapshot.segments:
            mask = self._heading_kinds[live.segment.columns["passage_kind"]]
            mask = mask if live.live is None else mask & live.live
            masks.append(mask if mask.any() else None)
        return masks

    @cached_property
    def heading_bits(self) -> list[Bitmap | None]:
        """The same as bitmaps."""
        return [None if mask is None else to_bitmap(mask) for mask in self.is_heading]

    def require_few_forms(self, nodes: Iterable[Node]) -> None:
        """Make sure that no pattern stands for too many words, and that clauses do not have too much read.

        Raises:
            QueryError: They do.
        """
        check([(live, self.vocabulary(live)) for live in self.snapshot.segments], nodes, self._max_forms)

    def n_matches(self, node: Node) -> int:
        """Count the live passages that satisfy a clause."""
        if isinstance(node, Words) and node.is_one_term:
            return self.doc_freq(node.words[0].parts[0], is_exact=False)
        return sum(len(self.evaluate(live, node).passages) for live in self.snapshot.segments)

    def is_match(self, live: LiveSegment, passage: int, node: Node) -> bool:
        """Tell whether a live passage satisfies a clause."""
        return len(self.evaluate(live, node, np.array([passage])).passages) > 0

    def evaluate(self, live: LiveSegment, node: Node, among: Numbers | None = None) -> Satisfying:
        """Find the passages that satisfy a clause, of all live ones or among some, int64, ascending."""
        match node:
            case Words() | Close() | Foreign():
                scored = self.leaf(live, node, among)
                return Satisfying(scored.passages, (scored,))
            case Not(inner):
                excluded = self.evaluate(live, inner, among).passages
                if among is None:
                    return Satisfying(_without(live, excluded))
                return Satisfying(among[~contains(excluded, among)])
            case And(nodes):
                return self.all_of(live, nodes, among)
            case Or(nodes):
                found = [self.evaluate(live, child, among) for child in nodes]
                lists = [PostingList(live.segment.scratch, _NO_CODES, each.passages) for each in found]
                passages = members(union(lists, live.segment.scratch))
                return Satisfying(passages, tuple(leaf for each in found for leaf in each.scored))
            case _:
                return Satisfying(self.selectors.passages(live, node, among))

    def all_of(self, live: LiveSegment, nodes: Sequence[Node], among: Numbers | None = None) -> Satisfying:
        """Find the passages that satisfy several clauses: the rarest first, then among what is left."""
        if among is None and not nodes:
            among = _without(live, _NONE)
        found: dict[int, Satisfying] = {}
        for number in sorted(range(len(nodes)), key=lambda number: self._work(live, nodes[number])):
            found[number] = self.evaluate(live, nodes[number], among)
            among = found[number].passages
        assert among is not None
        leaves = [leaf for number in range(len(nodes)) for leaf in found[number].scored]
        return Satisfying(among, tuple(leaf.among(among, live.segment.scratch) for leaf in leaves))

    def _work(self, live: LiveSegment, node: Node) -> int:
        """Estimate how much work a clause is, in passages; 0 for one that has to be evaluated everywhere."""
        match node:
            case Words(words, is_exact):
                vocabulary = self.vocabulary(live)
                forms = [
                    vocabulary.forms(part, is_exact=is_exact)
                    for word in words
                    if word.joined is None
                    for part in word.parts
                ]
                least = min(
                    (live.segment.n_postings(each.terms) for each in forms), default=live.segment.n_passages
                )
                return least if node.is_one_term else _OF_PHRASE * least
            case Close() | Foreign():
                return 0
            case And(nodes):
                return min((self._work(live, child) for child in nodes), default=live.segment.n_passages)
            case Or(nodes):
                return sum(self._work(live, child) for child in nodes)
            case Not():
                return live.segment.n_passages
            case _:
                return live.segment.n_passages // 2


def _without(live: LiveSegment, passages: Numbers) -> Numbers:
    mask = np.ones(live.segment.n_passages, np.bool_) if live.live is None else live.live.copy()
    mask[passages] = False
    return mask.nonzero()[0]
