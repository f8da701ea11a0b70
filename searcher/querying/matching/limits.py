"""Does a query ask for too much?

A pattern may stand for so many words, and a query may have so much read. That is worked out before anything is read, from
how often words occur.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from typing import Final

from searcher.errors import QueryError
from searcher.language.tree import And, Atom, Close, Node, Not, Or, Part, Wildcard, Words, node_text
from searcher.querying.matching.forms import Pattern, Vocabulary, live_surfaces
from searcher.querying.matching.phrases import spellings
from searcher.storage.snapshot import LiveSegment

MIN_ALLOWED: Final = 15_000_000
"""Occurrences that any query may have read: about a second's work."""
SHARE: Final = 1.25
"""Occurrences that a query may have read for each word of the index, if that is more."""
_OF_PATTERN: Final = 2
"""Occurrences that take as long as one of a part of many terms, besides a look at it for what the part is worth."""
_OF_CLOSE: Final = 4
"""Occurrences that take as long as one near others."""
_FEW: Final = 6
"""Parts that may be as common as they like."""


def check(segments: Sequence[tuple[LiveSegment, Vocabulary]], nodes: Iterable[Node], max_forms: int) -> None:
    """Make sure that clauses do not ask for too much.

    Args:
        segments: Of the snapshot.
        nodes: The clauses.
        max_forms: Words for which one pattern may stand; what the index held once does not count.

    Raises:
        QueryError: They do.
    """
    leaves = [leaf for node in nodes for leaf in _leaves(node)]
    atoms = [atom for leaf in leaves for words in _words(leaf) for atom in _atoms(words)]
    patterns = dict.fromkeys(atom for atom in atoms if not isinstance(atom, Part))
    for pattern in patterns:
        _check_forms(segments, pattern, max_forms)
    if not patterns and len(atoms) <= _FEW:
        return
    allowed = max(MIN_ALLOWED, SHARE * sum(live.n_words for live, _ in segments))
    count = cache(partial(_count, segments))
    n_read = 0.0
    for leaf in leaves:
        n_read += _n_read(count, leaf)
        if n_read > allowed:
            text = node_text(leaf)
            raise QueryError(
                f"{text} has too many common words to be looked for"
                f"{'' if leaf is leaves[0] else ' with what stands before it'}: ask for less at once",
                text,
            )


def _check_forms(
    segments: Sequence[tuple[LiveSegment, Vocabulary]], pattern: Pattern, max_forms: int
) -> None:
    found = [(live, vocabulary.matching(pattern)) for live, vocabulary in segments]
    if sum(len(numbers) for _, numbers in found) <= max_forms:
        return
    n_forms = len(set().union(*(live_surfaces(live, numbers) for live, numbers in found)))
    if n_forms > max_forms:
        text = pattern.pattern if isinstance(pattern, Wildcard) else f"{pattern.surface}~{pattern.distance}"
        raise QueryError(
            f"{text} stands for {n_forms:,} words, more than {max_forms:,}: "
            "write more of its letters, or allow more (--max-forms, max_forms)",
            text,
        )


def _leaves(node: Node) -> Iterator[Words | Close]:
    """Give the leaves of a clause that look for words of the text."""
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


def _atoms(words: Words) -> list[Atom]:
    return [atom for word in words.words for parts in spellings(word) for atom in parts]


def _count(
    segments: Sequence[tuple[LiveSegment, Vocabulary]], atom: Atom, *, is_exact: bool
) -> tuple[int, int]:
    """Count the live postings of a part, and its occurrences: the same, however the index came to be."""
    counts = [live.count(vocabulary.forms(atom, is_exact=is_exact).terms) for live, vocabulary in segments]
    return sum(n_postings for n_postings, _ in counts), sum(n_occurrences for _, n_occurrences in counts)


def _n_read(count: Callable[..., tuple[int, int]], leaf: Words | Close) -> float:
    """Estimate how many occurrences are read for a leaf: those in passages that may hold all its words."""
    if isinstance(leaf, Words):
        atoms = _atoms(leaf)
        if len(atoms) == 1:
            if isinstance(atoms[0], Part) and not leaf.is_exact:
                return 0.0  # postings tell how often
            return count(atoms[0], is_exact=leaf.is_exact)[1]
        return _n_read_of(count, leaf, _n_holding(count, leaf))
    n_passages = min(sum(_n_holding(count, words) for words in member) for member in leaf.members)
    each = {words.key: words for words in _words(leaf)}.values()
    return _OF_CLOSE * sum(_n_read_of(count, words, n_passages) for words in each)


def _n_holding(count: Callable[..., tuple[int, int]], words: Words) -> int:
    """Give how many passages at most may hold some words."""
    return min(
        sum(min(count(part, is_exact=words.is_exact)[0] for part in parts) for parts in spellings(word))
        for word in words.words
    )


def _n_read_of(count: Callable[..., tuple[int, int]], words: Words, n_passages: int) -> float:
    n_read = 0.0
    for atom in _atoms(words):
        n_postings, n_occurrences = count(atom, is_exact=words.is_exact)
        in_reach = n_occurrences * min(1.0, n_passages / max(1, n_postings))
        n_read += in_reach if isinstance(atom, Part) else _OF_PATTERN * in_reach + n_occurrences
    return n_read
