"""Which passages of a segment satisfy a clause of a query?

A clause is evaluated for a whole segment at once, or for some of its passages. The answer is a bitmap of passages, and the
leaves of the clause.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from searcher.arrays import Bitmap, to_bitmap
from searcher.kernel.postings import among, count_bits, mark
from searcher.language.tree import And, Close, Foreign, Node, Not, Or, Query, Words
from searcher.querying.matching.forms import MAX_FORMS
from searcher.querying.matching.leaves import Leaves, Scored
from searcher.querying.matching.limits import check_limits
from searcher.querying.matching.selectors import Selectors
from searcher.storage.snapshot import LiveSegment, Snapshot
from searcher.text.words.analysis import Analyser


class Satisfying(NamedTuple):
    """The passages of one segment that satisfy a clause.

    Attributes:
        passages: As a bitmap; live ones only.
        scored: The leaves of the clause.
    """

    passages: Bitmap
    scored: tuple[Scored, ...] = ()

    def counted(self) -> tuple[Scored, ...]:
        """Give the leaves, counting only where the clause is satisfied."""
        return tuple(
            leaf._replace(
                within=self.passages if leaf.within is None else leaf.within & self.passages,
                postings=among(leaf.postings, self.passages.data),
            )
            for leaf in self.scored
        )


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
        return sum(count_bits(self.evaluate(live, node).passages.data) for live in self.snapshot.segments)

    def is_match(self, live: LiveSegment, passage: int, node: Node) -> bool:
        """Tell whether a live passage satisfies a clause."""
        one = np.zeros(live.segment.n_passages, np.bool_)
        one[passage] = True
        return bool(self.evaluate(live, node, to_bitmap(one)).passages.any())

    def evaluate(self, live: LiveSegment, node: Node, inside: Bitmap | None = None) -> Satisfying:
        """Find the live passages that satisfy a clause, among some live passages, or all."""
        match node:
            case Words() | Close() | Foreign():
                scored = self.leaf(live, node, inside)
                bits = np.zeros(-(-live.segment.n_passages // 64), np.uint64)
                mark(scored.postings, bits.data)
                allowed = live.bits if inside is None else inside
                return Satisfying(bits if allowed is None else bits & allowed, (scored,))
            case Not(inner):
                every = live.every if inside is None else inside
                return Satisfying(every & ~self.evaluate(live, inner, inside).passages)
            case And(nodes):
                found = self.all_of(live, nodes, inside)
                return Satisfying(found.passages, found.counted())
            case Or(nodes):
                each = [self.evaluate(live, child, inside) for child in nodes]
                passages = np.bitwise_or.reduce([one.passages for one in each])
                return Satisfying(passages, tuple(leaf for one in each for leaf in one.scored))
            case _:
                selected = self.selectors.passages(live, node)
                return Satisfying(selected & (live.every if inside is None else inside))

    def all_of(self, live: LiveSegment, nodes: Sequence[Node], inside: Bitmap | None = None) -> Satisfying:
        """Find what `evaluate` finds for all of some clauses; their leaves count everywhere.

        Rare clauses come first, and the others look only in what they leave.
        """
        passages = live.every if inside is None else inside
        found: dict[int, Satisfying] = {}
        for number in sorted(range(len(nodes)), key=lambda number: self._work(live, nodes[number])):
            found[number] = self.evaluate(live, nodes[number], passages if found else inside)
            passages = found[number].passages
        return Satisfying(
            passages, tuple(leaf for number in range(len(nodes)) for leaf in found[number].scored)
        )

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
