"""What is special about a random query, and can it be typed?"""

import re
from collections.abc import Iterator

from corpora import STOP_WORDS

from searcher.language.reading import MAX_PATTERNS
from searcher.language.tree import (
    And,
    Atom,
    Close,
    Dates,
    Field,
    Fuzzy,
    Node,
    Not,
    Or,
    Part,
    Path,
    Query,
    Wildcard,
    Within,
    Word,
    Words,
)


def branches(node: Node) -> Iterator[Node]:
    """Give a node and all that is asked for below it, but not what is excluded."""
    yield node
    if isinstance(node, And | Or):
        for child in node.nodes:
            yield from branches(child)


def features(node: Node) -> Iterator[str]:
    """Name what is special about a node, leaving aside what stands below it."""
    yield type(node).__name__
    match node:
        case Words():
            yield from _of_words("Words", node)
            yield from ["weight"] * (node.weight != 1)
        case Close(members, within):
            place = f"Close in {within}" if isinstance(within, str) else "Close"
            yield f"{place}: {min(len(members), 3)} members"
            yield from [f"{place}: alternatives"] * any(len(member) > 1 for member in members)
            yield from ["Close: repeated"] * (len(set(members)) < len(members))
            yield from (name for member in members for words in member for name in _of_words("Close", words))
            yield from ["weight"] * (node.weight != 1)
        case Field(name, words, is_exact):
            yield f"Field: {name}"
            yield from _of_words("Field", Words(words, is_exact=is_exact))
        case Path(pattern):
            yield "Path: pattern" if set("*?") & set(pattern) else "Path: text"
        case Dates(since, until, is_exclusive):
            ends = ["since"] * bool(since) + ["until"] * bool(until)
            yield f"Dates: {' '.join(ends)}{' exclusive' * is_exclusive}"
            yield from (
                f"Dates: {('year', 'month', 'day')[date.count('-')]}" for date in (since, until) if date
            )
        case And(nodes) | Or(nodes):
            yield from ["nested"] * any(isinstance(child, And | Or | Not) for child in nodes)
        case Not(inner):
            yield f"Not: {type(inner).__name__ if isinstance(inner, Words | Close | And | Or | Not) else 'selector'}"


def _of_words(owner: str, words: Words) -> Iterator[str]:
    is_phrase = len(words.words) > 1
    form = "exact" if words.is_exact else "stemmed"
    yield f"{owner}: {form} {'phrase' if is_phrase else 'word'}"
    for word in words.words:
        where = "in hyphenated word" if len(word.parts) > 1 else "in phrase" if is_phrase else "alone"
        for kind in (Wildcard, Fuzzy):
            if any(isinstance(part, kind) for part in word.parts):
                yield f"{owner}: {kind.__name__} {where}"
        if word.joined and word.joined.surface.endswith("'s"):
            yield f"{form} hyphenated possessive"
        elif word.joined:
            yield f"{owner}: {form} hyphenated word"


def can_be_typed(query: Query) -> bool:
    """Tell whether there is a way to type a query."""
    clauses = [*query.loose, *query.required]
    words = [word for clause in clauses for word in _words(clause)]
    n_patterns = sum(not isinstance(part, Part) for word in words for part in word.parts)
    is_common = any(words.words[0].text.lower() in STOP_WORDS for words in query.loose)
    return (
        all(map(_is_typable, clauses))
        and all(map(_is_word, words))
        and n_patterns <= MAX_PATTERNS
        and not is_common
    )


def _words(node: Node) -> Iterator[Word]:
    match node:
        case Words(words) | Field(_, words):
            yield from words
        case Close(members):
            for member in members:
                for leaf in member:
                    yield from leaf.words
        case And(nodes) | Or(nodes):
            for child in nodes:
                yield from _words(child)
        case Not(inner):
            yield from _words(inner)


def _is_typable(node: Node) -> bool:
    match node:
        case And(nodes) | Or(nodes):
            return all(map(_is_typable, nodes))
        case Not(inner):
            return _is_typable(inner)
        case Close(members):  # what is close has one weight
            return all(words.weight == 1 for member in members for words in member)
        case Field(_, words, is_exact):
            return is_exact or len(words) == 1
        case Path(pattern):
            return pattern.strip("*?/") != ""
        case _:
            return not isinstance(node, Within)


def _is_word(word: Word) -> bool:
    return (
        all(isinstance(part, Part) for part in word.parts)
        or (len(word.parts) == 1 and _is_pattern(word.parts[0]))
        or all(_is_pattern(part) and not isinstance(part, Fuzzy) for part in word.parts)
    )


def _is_pattern(atom: Atom) -> bool:
    match atom:
        case Part(surface):
            return surface.isalpha()
        case Wildcard(pattern):
            return re.fullmatch(r"[a-z*?]*[a-z*]", pattern) is not None
        case Fuzzy(surface):
            return re.fullmatch(r"[a-z]+", surface) is not None
