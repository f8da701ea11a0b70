"""What is a query, once understood? A tree of values.

`Words` are the leaves: one word or several side by side, in any form or exactly as written. `to_text` writes a tree in
the query language.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

from searcher.model import Kind


@dataclass(frozen=True, slots=True)
class Part:
    """One word at one position: its surface and its term."""

    surface: str
    term: str


@dataclass(frozen=True, slots=True)
class Word:
    """One typed word, which may have parts (*Nagorno-Karabakh*, *AT&T*).

    Attributes:
        text: As typed.
        parts: Side by side.
        joined: The same word without its hyphens, which may also stand there; None for others.
    """

    text: str
    parts: tuple[Part, ...]
    joined: Part | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """Words side by side: what a passage is scored by.

    Attributes:
        words: At least one.
        is_exact: As written, case, accents and hyphens aside; otherwise in any form.
        is_phrase: Written with quotes or a field, rather than as a loose word.
    """

    words: tuple[Word, ...]
    is_exact: bool = False
    is_phrase: bool = field(default=False, compare=False)

    @property
    def key(self) -> tuple[bool, tuple[tuple[tuple[str, str], ...], ...]]:
        """What it searches for, whatever way it was written: equal for equal searches, and orderable."""
        spelled = ((*word.parts, word.joined or Part("", "")) for word in self.words)
        return self.is_exact, tuple(
            tuple((part.term, part.surface if self.is_exact else "") for part in parts) for parts in spelled
        )


NO_KIND = "none"


@dataclass(frozen=True, slots=True)
class Kinds:
    """Passages of these kinds; asking for kinds lifts the rule that headings show their article's body."""

    kinds: frozenset[Kind]


@dataclass(frozen=True, slots=True)
class Dates:
    """Passages of articles dated from ``since`` to ``until``, both included; either may be empty."""

    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Within:
    """Every passage of one article, headings as they are."""

    address: str


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Everything else."""

    node: "Node"


Node: TypeAlias = Words | Kinds | Dates | Within | And | Or | Not


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query.

    Attributes:
        loose: Loose words, each once: passages should have them all, but may be relaxed.
        required: What every passage must satisfy.
        phrase: The loose words side by side as typed, common words included, if the query is two or more of them and
            nothing else; None otherwise.
    """

    loose: tuple[Words, ...] = ()
    required: tuple[Node, ...] = ()
    phrase: Words | None = None


def to_text(query: Query) -> str:
    """Write a query in the query language.

    >>> word = Words((Word("war", (Part("war", "war"),)),))
    >>> to_text(Query(loose=(word,), required=(Not(Words(word.words, is_exact=True)),)))
    'war NOT "war"'
    """
    loose = [_text(words, is_inner=True) for words in query.loose]
    required = [_text(node, is_inner=True) for node in query.required]
    is_word = [
        isinstance(node, Words) and not node.is_exact and not node.is_phrase for node in query.required
    ]
    return " ".join(
        [*loose, *(f"+{text}" if plus else text for text, plus in zip(required, is_word, strict=True))]
    )


def _text(node: Node, *, is_inner: bool) -> str:
    match node:
        case Words(words, is_exact, is_phrase):
            typed = " ".join(word.text for word in words)
            quoted = f'"{typed}"' if is_exact else f'stem:"{typed}"'
            text = quoted if is_exact or is_phrase or len(words) > 1 else typed
        case Kinds(kinds):
            text = "kind:" + (",".join(sorted(kind.name.lower() for kind in kinds)) or NO_KIND)
        case Dates(since, until):
            text = f"date:[{since} TO {until}]"
        case Within(address):
            text = f'path:"{address}"'
        case Not(inner):
            text = f"NOT {_text(inner, is_inner=True)}"
        case And(nodes) | Or(nodes):
            text = (" AND " if isinstance(node, And) else " OR ").join(
                _text(child, is_inner=True) for child in nodes
            )
            text = f"({text})" if is_inner else text
    return text
