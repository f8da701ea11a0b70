"""What is a query that has been understood? A tree of values.

Three kinds of leaves score: `Words` (side by side), `Close` (close to each other) and `Foreign` (scored by Whoosh). The other
leaves only select. `to_text` writes a tree in the query language; `searcher.language.understand` reads that back to the same
clauses.

All classes are named tuples, because a dataclass adds a third of a millisecond to every start.
"""

import re
from typing import Any, Final, Literal, NamedTuple, Protocol, TypeAlias

from searcher.model import Kind

make: Final = tuple.__new__
"""``make(Part, (surface, term))`` makes a `Part` in half the time of ``Part(surface, term)``. Every field must be given."""


class Part(NamedTuple):
    """One word at one position: its surface and its term."""

    surface: str
    term: str


class Wildcard(NamedTuple):
    """Any word that fits a pattern as written, hyphens aside: ``*`` is any characters, ``?`` is one."""

    pattern: str


class Fuzzy(NamedTuple):
    """Any word that is at most ``distance`` edits away as written."""

    surface: str
    distance: int


Atom: TypeAlias = Part | Wildcard | Fuzzy


class Word(NamedTuple):
    """One typed word, which may have parts (*Nagorno-Karabakh*, *AT&T*).

    Attributes:
        text: As typed, so that it is read as this word again.
        parts: The parts, side by side.
        joined: The same word without its hyphens, which is found too; None if the word has no hyphens.
    """

    text: str
    parts: tuple[Atom, ...]
    joined: Part | None = None


Key: TypeAlias = tuple[str, ...]

_NO_ATOM: Final = ("", "")


def _key(atom: Atom | None, *, is_exact: bool) -> Key:
    if isinstance(atom, Part):
        return (atom.term, atom.surface if is_exact else "")
    if isinstance(atom, Wildcard):
        return ("*", atom.pattern)
    return _NO_ATOM if atom is None else (f"~{atom.distance}", atom.surface)


class Words(NamedTuple):
    """Words side by side, at least one.

    Attributes:
        is_exact: Find the words as written, case, accents and hyphens aside; otherwise in any form.
        is_phrase: Written with quotes or a field, rather than as a loose word.
        weight: The score is multiplied by it.
    """

    words: tuple[Word, ...]
    is_exact: bool = False
    is_phrase: bool = False
    weight: float = 1.0

    @property
    def key(self) -> Key:
        """What is searched for: equal for equal searches however they were written, and orderable."""
        if self.is_one_term:
            # Behind the term: no surface, and no joined word.
            return ("", self.words[0].parts[0].term, "", "", "", "", "")  # type: ignore[union-attr]  # it is a part
        key = ["exact" if self.is_exact else ""]
        for word in self.words:
            for atom in (*word.parts, word.joined):
                key += _key(atom, is_exact=self.is_exact)
            key += _NO_ATOM
        return tuple(key)

    @property
    def is_one_term(self) -> bool:
        """Tell whether the postings of one term answer it."""
        words, is_exact, _, _ = self
        _, parts, _ = words[0]
        return len(words) == len(parts) == 1 and not is_exact and isinstance(parts[0], Part)


class Close(NamedTuple):
    """Words or phrases close to each other, in any order.

    Attributes:
        members: At least two. Each is a set of alternatives; their own weights do not count.
        within: Positions from the first member to the last (neighbours are 1 apart), or one sentence, or one paragraph.
        weight: The score is multiplied by it.
    """

    members: tuple[tuple[Words, ...], ...]
    within: int | Literal["sentence", "paragraph"]
    weight: float = 1.0

    @property
    def key(self) -> Key:
        """What is searched for: equal for equal searches, and orderable."""
        keys = [sorted(words.key for words in member) for member in self.members]
        members = sorted("\t".join(text for key in alternatives for text in key) for alternatives in keys)
        return ("~", str(self.within), *members)


class ForeignMatches(Protocol):
    """What an engine has found for a query object that the tree cannot say; see `searcher.querying.whoosh.matches`."""

    def of(self, segment: str) -> tuple[Any, Any]:
        """Give the passages of a segment that match, ascending, and their scores."""

    def places(self, segment: str, passages: Any) -> Any:
        """Give the places of the matches in some passages of a segment."""


class Foreign(NamedTuple):
    """A query object of Whoosh's that the tree cannot say, with what Whoosh has found for it.

    Attributes:
        text: The query object as Python writes it.
        matches: What Whoosh has found.
        asks_kind: The query object asks for kinds of passages.
        weight: The score is multiplied by it.
    """

    text: str
    matches: ForeignMatches
    asks_kind: bool = False
    weight: float = 1.0

    @property
    def key(self) -> Key:
        """What is searched for: orderable."""
        return ("whoosh", self.text)


Leaf: TypeAlias = Words | Close | Foreign

NO_KIND: Final = "none"
FIELDS: Final = ("title", "source", "author", "keyword")


class Kinds(NamedTuple):
    """Passages of these kinds. A query for kinds shows headings themselves rather than the body of their article."""

    kinds: frozenset[Kind]


class Dates(NamedTuple):
    """Passages of articles dated from ``since`` to ``until``: whole or partial ISO dates, or empty.

    Attributes:
        is_exclusive: Leave out the days of ``since`` and ``until`` themselves.
    """

    since: str
    until: str
    is_exclusive: bool = False


class Undated(NamedTuple):
    """Passages of articles without a date."""

    date: Literal["none"] = "none"


class Field(NamedTuple):
    """Passages of articles that have words side by side in one of the `FIELDS`, in any form or exactly as written."""

    name: str
    words: tuple[Word, ...]
    is_exact: bool


class Path(NamedTuple):
    """Passages of articles whose address holds the pattern or, if it has ``*`` or ``?``, ends with a match; case aside."""

    pattern: str


class Within(NamedTuple):
    """Every passage of the articles with some addresses.

    Attributes:
        keeps_headings: A heading that matches is a hit like any other passage.
    """

    addresses: tuple[str, ...]
    keeps_headings: bool


class And(NamedTuple):
    """All of them."""

    nodes: tuple["Node", ...]
    operator: Literal["AND"] = "AND"  # or it would be equal to `Or` of the same


class Or(NamedTuple):
    """At least one of them."""

    nodes: tuple["Node", ...]
    operator: Literal["OR"] = "OR"


class Not(NamedTuple):
    """Everything else."""

    node: "Node"


Selector: TypeAlias = Kinds | Dates | Undated | Field | Path | Within
Node: TypeAlias = Leaf | Selector | And | Or | Not


class Query(NamedTuple):
    """A whole query.

    Attributes:
        loose: Loose words, each once. A passage should have them all; if too few do, some are enough.
        required: Every passage must satisfy these.
        phrase: All the typed words side by side, common words included, if the query is two or more loose words and
            nothing else; None otherwise.
    """

    loose: tuple[Words, ...] = ()
    required: tuple[Node, ...] = ()
    phrase: Words | None = None


def weighted(node: Node, factor: float) -> Node:
    """Multiply the weight of every leaf."""
    match node:
        case Words() | Close() | Foreign():
            return node._replace(weight=node.weight * factor)
        case And(nodes):
            return And(tuple(weighted(child, factor) for child in nodes))
        case Or(nodes):
            return Or(tuple(weighted(child, factor) for child in nodes))
        case _:
            return node


def to_text(query: Query) -> str:
    """Write a query in the query language.

    >>> word = Words((Word("war", (Part("war", "war"),)),))
    >>> to_text(Query(loose=(word,), required=(Not(Words(word.words, is_exact=True)),)))
    'war NOT "war"'
    """
    texts = [node_text(words) for words in query.loose]
    for node in query.required:
        is_word = isinstance(node, Words) and not node.is_exact and not node.is_phrase
        texts.append(f"+{node_text(node)}" if is_word else node_text(node))
    return " ".join(texts)


def node_text(node: Node) -> str:
    """Write one clause in the query language."""
    match node:
        case Words(words, is_exact, is_phrase, weight):
            typed = _typed(words)
            quoted = f'"{typed}"' if is_exact else f'stem:"{typed}"'
            return (quoted if is_exact or is_phrase or len(words) > 1 else typed) + _weight_text(weight)
        case Close(members, within, weight):
            text = _close_text(members, within)
            return text if weight == 1 else f"({text}){_weight_text(weight)}"
        case And(nodes) | Or(nodes):
            return "(" + f" {node.operator} ".join(map(node_text, nodes)) + ")"
        case Not(inner):
            return f"NOT {node_text(inner)}"
        case Foreign(text):
            return text
        case _:
            return _selector_text(node)


def _typed(words: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in words)


def _weight_text(weight: float) -> str:
    return "" if weight == 1 else f"^{weight:.4f}".rstrip("0").rstrip(".")


def _close_text(members: tuple[tuple[Words, ...], ...], within: int | str) -> str:
    is_plain = all(
        len(member) == 1 and member[0].is_exact and len(member[0].words) == 1 for member in members
    )
    if is_plain and isinstance(within, int) and within:
        return f'"{_typed(tuple(member[0].words[0] for member in members))}"~{within}'
    operator = f"NEAR/{within}" if isinstance(within, int) else within.upper()
    return f" {operator} ".join(
        node_text(member[0] if len(member) == 1 else Or(member)) for member in members
    )


def _selector_text(node: Selector) -> str:  # noqa: PLR0911  (one return a selector)
    match node:
        case Kinds(kinds):
            return "kind:" + (",".join(sorted(kind.name.lower() for kind in kinds)) or NO_KIND)
        case Dates(since, until, is_exclusive):
            if is_exclusive:
                return f"date:>{since}" if since else f"date:<{until}"
            return f"date:{since}" if since == until else f"date:[{f'{since} TO {until}'.strip()}]"
        case Undated():
            return f"date:{node.date}"
        case Field(name, words, is_exact):
            return f'{name}:"{_typed(words)}"' if is_exact else f"{name}:{_typed(words)}"
        case Path(pattern):
            return f'path:"{pattern}"' if re.search(r"[\s()^]", pattern) else f"path:{pattern}"
        case Within(addresses):
            return " OR ".join(f'path:"{address}"' for address in addresses)
