"""Does a query ask for too much?

A pattern may match only so many words, and a query may read only so many occurrences. How many a query would read is
estimated from how often its words occur, before anything is read.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import Final, TypeAlias

from searcher.errors import QueryError
from searcher.language.tree import And, Atom, Close, Node, Not, Or, Part, Wildcard, Words, node_text
from searcher.querying.matching.forms import Pattern, Vocabulary, live_surfaces
from searcher.querying.matching.places import all_atoms, spellings
from searcher.storage.snapshot import LiveSegment

Segments: TypeAlias = Sequence[tuple[LiveSegment, Vocabulary]]
MIN_ALLOWED: Final = 15_000_000
"""How many occurrences a query may read in any index: about a second's work."""
SHARE: Final = 1.25
"""How many occurrences a query may read for each word of the index, if that is more."""
_OF_PATTERN: Final = 2
"""Reading one occurrence of a pattern takes as long as reading so many others. Its idf reads the occurrence once more."""
_OF_CLOSE: Final = 4
"""Reading one occurrence for NEAR and the like takes as long as reading so many others."""
MAX_UNCHECKED: Final = 6
"""A query of so few parts, without patterns, may read what it likes. Checking it would take a mixed query 3 % more time."""


def check_limits(segments: Segments, nodes: Sequence[Node], max_forms: int) -> None:
    """Refuse a query that asks for too much. Words that only dead passages hold do not count towards ``max_forms``.

    Raises:
        QueryError: A pattern matches too many words, or too many occurrences would be read.
    """
    if _n_parts(nodes) <= MAX_UNCHECKED or all(
        isinstance(node, Words) and node.is_one_term for node in nodes
    ):
        return  # little is read, or nothing but postings
    leaves = [leaf for node in nodes for leaf in _leaves(node)]
    atoms = [atom for leaf in leaves for words in _words(leaf) for atom in all_atoms(words)]
    patterns = dict.fromkeys(atom for atom in atoms if not isinstance(atom, Part))
    for pattern in patterns:
        _check_forms(segments, pattern, max_forms)
    if not patterns and len(atoms) <= MAX_UNCHECKED:
        return
    allowed = max(MIN_ALLOWED, SHARE * sum(live.n_words for live, _ in segments))
    count = cache(partial(_count, segments))
    n_read = 0.0
    for leaf in leaves:
        n_read += _n_read(count, leaf)
        if n_read > allowed:
            text = node_text(leaf)
            raise QueryError(
                f"{text} has too many common words"
                f"{'' if leaf is leaves[0] else ' together with what stands before it'}: ask for less at once",
                text,
            )


def _n_parts(nodes: Sequence[Node]) -> float:
    """Count the parts of words; infinitely many if one is a pattern, or if there is anything but words."""
    n_parts = 0.0
    for node in nodes:
        if isinstance(node, Words):
            for _, parts, joined in node.words:
                n_parts += len(parts) + (joined is not None)
                for part in parts:
                    if not isinstance(part, Part):
                        return math.inf
        else:
            n_parts += _n_parts(node.nodes) if isinstance(node, And | Or) else math.inf
    return n_parts


def _check_forms(segments: Segments, pattern: Pattern, max_forms: int) -> None:
    found = [(live, vocabulary.forms(pattern, is_exact=True)) for live, vocabulary in segments]
    if sum(len(forms.slots) for _, forms in found if forms.slots is not None) <= max_forms:
        return
    n_forms = len(set().union(*(live_surfaces(live, forms) for live, forms in found)))
    if n_forms > max_forms:
        text = pattern.pattern if isinstance(pattern, Wildcard) else f"{pattern.surface}~{pattern.distance}"
        raise QueryError(
            f"{text} matches {n_forms:,} words, more than {max_forms:,}: "
            "write more of its letters, or allow more (--max-forms, max_forms)",
            text,
        )


def _leaves(node: Node) -> Iterator[Words | Close]:
    """List the leaves of a clause that look for words of the text."""
    match node:
        case Words() | Close():
            yield node
        case And(nodes) | Or(nodes):
            for child in nodes:
                yield from _leaves(child)
        case Not(inner):
            yield from _leaves(inner)


def _words(leaf: Words | Close) -> list[Words]:
    return [leaf] if isinstance(leaf, Words) else [words for member in leaf.members for words in member]


def _count(segments: Segments, atom: Atom, *, is_exact: bool) -> tuple[int, int]:
    """Count the live postings and the live occurrences of a part.

    Dead ones do not count, so that a query is refused or not whatever the index held before.
    """
    counts = [live.count(vocabulary.forms(atom, is_exact=is_exact).terms) for live, vocabulary in segments]
    return sum(n_postings for n_postings, _ in counts), sum(n_occurrences for _, n_occurrences in counts)


def _n_read(count: Callable[..., tuple[int, int]], leaf: Words | Close) -> float:
    """Estimate how many occurrences are read for a leaf: those in the passages that may hold all its words."""
    if isinstance(leaf, Words):
        atoms = all_atoms(leaf)
        if len(atoms) == 1:
            if isinstance(atoms[0], Part) and not leaf.is_exact:
                return 0.0  # the postings tell how often it occurs
            return count(atoms[0], is_exact=leaf.is_exact)[1]
        return _n_read_of(count, leaf, _n_holding(count, leaf))
    n_passages = min(sum(_n_holding(count, words) for words in member) for member in leaf.members)
    each = {words.key: words for words in _words(leaf)}.values()
    return _OF_CLOSE * sum(_n_read_of(count, words, n_passages) for words in each)


def _n_holding(count: Callable[..., tuple[int, int]], words: Words) -> int:
    """Tell how many passages at most may hold all of some words."""
    return min(
        sum(min(count(part, is_exact=words.is_exact)[0] for part in parts) for parts in spellings(word))
        for word in words.words
    )


def _n_read_of(count: Callable[..., tuple[int, int]], words: Words, n_passages: int) -> float:
    """Estimate how many occurrences of some words are read in so many passages."""
    n_read = 0.0
    for atom in all_atoms(words):
        n_postings, n_occurrences = count(atom, is_exact=words.is_exact)
        in_reach = n_occurrences * min(1.0, n_passages / max(1, n_postings))
        n_read += in_reach if isinstance(atom, Part) else _OF_PATTERN * in_reach + n_occurrences
    return n_read
