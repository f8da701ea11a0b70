"""Which passages of a segment satisfy a clause of a query?

A clause is evaluated for a whole segment at once, or for some of its passages. The answer is a list of passages, and the leaves
of the clause that these passages match.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from searcher.arrays import Bitmap, Mask, Numbers
from searcher.language.tree import And, Close, Foreign, Node, Not, Or, Query, Words
from searcher.model import Kind
from searcher.querying.matching.forms import MAX_FORMS
from searcher.querying.matching.leaves import Leaves, Scored
from searcher.querying.matching.limits import check_limits
from searcher.querying.matching.places import contains
from searcher.querying.matching.selectors import Selectors
from searcher.storage.columns.postings import PostingList, members, to_bitmap, union
from searcher.storage.snapshot import LiveSegment, Snapshot
from searcher.text.words.analysis import Analyser

_NONE: Final = np.zeros(0, np.int64)


class Satisfying(NamedTuple):
    """The passages of one segment that satisfy a clause.

    Attributes:
        passages: int64, ascending.
        scored: The leaves of the clause, each with the passages that match it.
    """

    passages: Numbers
    scored: tuple[Scored, ...] = ()


class Evaluator(Leaves):
    """Evaluates queries over one snapshot. Safe to use from several threads.

    Args:
        snapshot: The snapshot to search.
        analyser: The analyser of the index.
        max_forms: How many words one wildcard or fuzzy word may match.
    """

    def __init__(self, snapshot: Snapshot, analyser: Analyser, max_forms: int = MAX_FORMS) -> None:
        super().__init__(snapshot)
        self._max_forms = max_forms
        self._searched = [(live, self.vocabulary(live)) for live in snapshot.segments]
        self.selectors = Selectors(snapshot, analyser)
        self._heading_kinds = np.array([kind.is_heading for kind in Kind])

    @cached_property
    def is_heading(self) -> list[Mask | None]:
        """For each segment, which live passages are headings; None if there are none."""
        masks = []
        for live in self.snapshot.segments:
            mask = self._heading_kinds[live.segment.columns["passage_kind"]]
            mask = mask if live.live is None else mask & live.live
            masks.append(mask if mask.any() else None)
        return masks

    @cached_property
    def heading_bits(self) -> list[Bitmap | None]:
        """The masks of `is_heading`, as bitmaps."""
        return [None if mask is None else to_bitmap(mask) for mask in self.is_heading]

    def check_limits(self, query: Query) -> None:
        """Refuse a query that asks for too much.

        Raises:
            QueryError: A pattern matches too many words, or too many occurrences would be read.
        """
        check_limits(self._searched, query.loose + query.required, self._max_forms)

    def n_matches(self, node: Node) -> int:
        """Count the live passages that satisfy a clause."""
        if isinstance(node, Words) and node.is_one_term:
            return self.doc_freq(node.words[0].parts[0], is_exact=False)
        return sum(len(self.evaluate(live, node).passages) for live in self.snapshot.segments)

    def is_match(self, live: LiveSegment, passage: int, node: Node) -> bool:
        """Tell whether a live passage satisfies a clause."""
        return len(self.evaluate(live, node, np.array([passage])).passages) > 0

    def evaluate(self, live: LiveSegment, node: Node, among: Numbers | None = None) -> Satisfying:
        """Find the live passages that satisfy a clause, among some live passages, ascending, or all."""
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
                lists = [PostingList(live.segment.scratch, ids=each.passages) for each in found]
                passages = members(union(lists, live.segment.scratch))
                return Satisfying(passages, tuple(leaf for each in found for leaf in each.scored))
            case _:
                return Satisfying(self.selectors.passages(live, node, among))

    def all_of(self, live: LiveSegment, nodes: Sequence[Node], among: Numbers | None = None) -> Satisfying:
        """Find what `evaluate` finds for all of some clauses. Rare clauses come first, and the others look only in what they leave."""
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
        """Estimate how many passages a clause looks at. 0 for a clause that looks at all passages in any case."""
        match node:
            case Words(words, is_exact):
                vocabulary = self.vocabulary(live)
                forms = [
                    vocabulary.forms(part, is_exact=is_exact)
                    for word in words
                    if word.joined is None
                    for part in word.parts
                ]
                return min(
                    (live.segment.n_postings(each.terms) for each in forms), default=live.segment.n_passages
                )
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
