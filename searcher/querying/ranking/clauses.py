"""Which words of a query decide what matches, and what do its other clauses say?"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from searcher.language.tree import And, Foreign, Kinds, Node, Not, Or, Query, Within, Words
from searcher.model import Kind, Match

_EVERY_KIND: Final = Kinds(frozenset(Kind))


class Deciding(NamedTuple):
    """How a query is searched.

    Attributes:
        is_loose: The words are loose ones.
        words: Those of which a passage must have any, or all, in the order in which scores are summed; none if the clauses alone decide, or nothing is asked.
        has_all: A passage must have all of them.
        is_tiered: Passages with some of them come after those with all.
        clauses: What a passage must satisfy too.
        has_headings: The rule of headings applies.
    """

    is_loose: bool
    words: Sequence[Words]
    has_all: bool
    is_tiered: bool
    clauses: Sequence[Node]
    has_headings: bool


def deciding(query: Query, match: Match) -> Deciding:
    """Tell how a query is searched."""
    is_tiered = match != "any" and len(query.loose) > 1
    if not query.required:
        return Deciding(True, _in_order(query.loose), is_tiered, is_tiered, (), True)
    clauses = [node for node in query.required if node != _EVERY_KIND]
    has_headings = not any(map(_shows_headings, query.required))
    if query.loose:
        return Deciding(True, _in_order(query.loose), is_tiered, is_tiered, clauses, has_headings)
    joined = clauses[0] if len(clauses) == 1 and isinstance(clauses[0], And | Or) else And(tuple(clauses))
    words = [node for node in joined.nodes if isinstance(node, Words)]
    has_all = isinstance(joined, And)
    # Where a passage must have a phrase and more, the other words say where the phrase need not be looked for.
    looks_less = has_all and len(words) > 1 and not all(node.is_one_term for node in words)
    if not words or len(words) < len(joined.nodes) or looks_less:
        return Deciding(False, (), True, False, query.required, has_headings)
    return Deciding(False, _in_order(words), has_all, False, (), has_headings)


def _in_order(words: Sequence[Words]) -> Sequence[Words]:
    """Sort words by what they search for. Two scores have the same sum in either order."""
    return words if len(words) <= 2 else sorted(words, key=lambda each: each.key)


def excluded(node: Node) -> list[Node]:
    """List what a clause excludes, whatever else it asks for."""
    if isinstance(node, Not):
        return [node.node]
    return [inner for child in node.nodes for inner in excluded(child)] if isinstance(node, And) else []


def _shows_headings(node: Node) -> bool:
    """Tell whether a clause lifts the rule of headings."""
    return (
        isinstance(node, Kinds)
        or (isinstance(node, Within) and node.keeps_headings)
        or (isinstance(node, Foreign) and node.asks_kind)
        or (isinstance(node, And | Or) and any(map(_shows_headings, node.nodes)))
    )
