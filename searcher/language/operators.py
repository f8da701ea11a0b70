"""How does Whoosh's parser read our language?

Whoosh's `QueryParser` does the syntax, with the plugins chosen here: quoted phrases, parentheses, fields, boosts and operators.
The syntax tree that it gives is then translated into ours. Words that merely stand side by side become a group of their own,
because ``a b`` is not ``a AND b``.

Whoosh's own `PlusMinusPlugin` is not used: it reads the hyphen in *Nagorno-Karabakh* as a minus. Here a minus or plus counts
only at the beginning of a word.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final

from whoosh import qparser
from whoosh.qparser import plugins, syntax

from searcher.language.dates import parse_dates
from searcher.language.reading import FIELD_NAMES, INFIX, MAX_NESTING, NEAR, LooseWord, Reading, to_query
from searcher.language.tree import FIELDS, NO_KIND, And, Close, Field, Kinds, Node, Not, Or, Path, Words
from searcher.model import Kind

DEFAULT_DISTANCE: Final = 10
MAX_WEIGHT: Final = 9999.0
_DECIMALS: Final = 4
_EVERY_KIND: Final = "any"

_AT_START: Final = r"""(?:^|(?<=[\s("]))"""
_FIELD_START: Final = rf"""{_AT_START[:-1]}|(?<=[\s("][-+!])|(?<=^[-+!]))"""
_DATES: Final = r"""[\[{][^\]}"]*[\]}]?|"[^"]*"|[^\s()"]+"""
_PIECE: Final = re.compile(
    rf"""(?P<open>\()|(?P<close>\))|(?:(?<![^\s()"])(?P<infix>{INFIX})|(?<![^\s("])(?P<not>NOT))(?![^\s()"])|"[^"]*"|[^\s()"]+"""
)
_UNKNOWN_FIELD: Final = re.compile(r"([^\W\d_]{2,}):")
_KINDS: Final = {kind.name.lower(): frozenset([kind]) for kind in Kind} | {
    NO_KIND: frozenset[Kind](),
    _EVERY_KIND: frozenset(Kind),
}


class _LooseGroup(syntax.GroupNode):  # type: ignore[misc]  # Whoosh's classes are untyped
    """What stands side by side."""


class _RequiredGroup(syntax.Wrapper):  # type: ignore[misc]
    """What stands behind a plus."""


class _CloseGroup(syntax.GroupNode):  # type: ignore[misc]
    within: Any = None


class _SentenceGroup(_CloseGroup):
    within = "sentence"


class _ParagraphGroup(_CloseGroup):
    within = "paragraph"


class _NearGroup(_CloseGroup):
    merging = False


class _CloseOperator(syntax.InfixOperator):  # type: ignore[misc]
    def replace_self(self, parser: qparser.QueryParser, group: Any, position: int) -> int:
        last = position + 1
        while isinstance(group[last], syntax.PrefixOperator):
            last += 1
        for prefix in range(last - 1, position, -1):  # a NEAR -b: the minus belongs to b alone
            group[prefix].replace_self(parser, group, prefix)
        place: int = super().replace_self(parser, group, position)
        return place


class _NearOperator(_CloseOperator):
    def replace_self(self, parser: qparser.QueryParser, group: Any, position: int) -> int:
        super().replace_self(parser, group, position)
        made, (_, _, typed) = group[position - 1], self.text.partition("/")
        made.within = int(typed) if typed else DEFAULT_DISTANCE
        before = made[0]
        if isinstance(before, _NearGroup) and before.within == made.within:  # one more that is as near
            before.append(made[1])
            group[position - 1] = before
        return position


class _PhraseTagger(plugins.PhrasePlugin.PhraseTagger):  # type: ignore[misc]
    def create(self, parser: qparser.QueryParser, match: re.Match[str]) -> syntax.TextNode:
        node = super().create(parser, match)
        node.slop = int(match["slop"] or 0)  # Whoosh reads a phrase without a number as ~1
        return node


class _DateTagger(plugins.RegexTagger):  # type: ignore[misc]
    def create(self, parser: qparser.QueryParser, match: re.Match[str]) -> syntax.WordNode:  # noqa: ARG002  (Whoosh gives it)
        node = syntax.WordNode(match["text"])
        node.fieldname = "date"
        return node


class _Plugin(plugins.Plugin):  # type: ignore[misc]
    def __init__(self, tagger: plugins.RegexTagger, priority: int = 0) -> None:
        self._tagger = tagger, priority

    def taggers(self, parser: qparser.QueryParser) -> list[tuple[Any, int]]:  # noqa: ARG002  (Whoosh gives it)
        return [self._tagger]


def _infix(pattern: str, group: type, operator: type = syntax.InfixOperator) -> tuple[Any, int]:
    return plugins.OperatorsPlugin.OpTagger(rf"""(?<=[\s)"])(?:{pattern})(?=[\s("])""", group, operator), 0


def _prefix(pattern: str, group: type) -> tuple[Any, int]:
    # From right to left, or a NOT behind a NOT would have nothing behind it.
    operator = syntax.PrefixOperator
    return plugins.OperatorsPlugin.OpTagger(rf"{_AT_START}(?:{pattern})", group, operator, leftassoc=False), 0


@cache
def _parser() -> qparser.QueryParser:
    operators = [  # those that hold more tightly first
        _infix(NEAR, _NearGroup, _NearOperator),
        _infix("SENTENCE", _SentenceGroup, _CloseOperator),
        _infix("PARAGRAPH", _ParagraphGroup, _CloseOperator),
        _prefix(r"\+(?=[^\s+\-!)])", _RequiredGroup),
        _prefix(r'NOT(?=[\s("])|[-!](?=[^\s+\-!)])', syntax.NotGroup),
        _infix("AND", syntax.AndGroup),
        _infix("OR", syntax.OrGroup),
    ]
    fields = "|".join(name for name in FIELD_NAMES if name != "date")
    chosen = [
        _Plugin(_PhraseTagger(r'"(?P<text>[^"]*)"(~(?P<slop>\d{1,9})(?![^\s)^"]))?')),
        plugins.GroupPlugin(),
        plugins.FieldsPlugin(expr=rf"{_FIELD_START}(?P<text>{fields}):(?=[^\s)])", remove_unknown=False),
        plugins.BoostPlugin(r"\^(?P<boost>\d{1,4}(\.\d{1,4})?)(?=[\s)\"]|$)"),
        _Plugin(_DateTagger(rf"{_FIELD_START}date:(?P<text>{_DATES})"), -10),  # a range, before its brackets
        plugins.OperatorsPlugin(operators, clean=True),
    ]
    return qparser.QueryParser(None, None, plugins=chosen, group=_LooseGroup)


def parse(text: str, reading: Reading) -> list[LooseWord | Node]:
    """Tell what stands side by side in a query with operators, phrases, fields or parentheses.

    Args:
        text: The query, with straight quotation marks, even in number.
        reading: Collects notes.

    Raises:
        QueryError: A date or a range of dates is invalid, or there are too many patterns.
        RecursionError: Clauses are nested too deeply.
    """
    return _Translator(reading).items(_parser().process(_tidied(text, reading)))


class _Translator:
    """Makes our tree of Whoosh's syntax tree."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def items(self, nodes: Iterable[Any], depth: int = 0, weight: float = 1.0) -> list[LooseWord | Node]:
        """Translate what stands side by side."""
        items: list[LooseWord | Node] = []
        for node in nodes:
            if isinstance(node, syntax.WordNode) and node.fieldname is None:
                words = self._reading.words(node.text, node.startchar)
                items += [LooseWord(word, _product(weight, node.boost)) for word in words]
            elif (found := self._node(node, depth + 1, weight)) is not None:
                items.append(found)
        return items

    def _node(self, node: Any, depth: int, weight: float) -> Node | None:
        """Translate one node; None if nothing is left of it."""
        if depth > MAX_NESTING:
            raise RecursionError
        weight = _product(weight, node.boost)
        if isinstance(node, syntax.TextNode):
            return self._leaf(node, weight)
        if isinstance(node, _LooseGroup):
            found = to_query(self.items(node, depth + 1, weight), self._reading)
            return _joined(And, (*found.loose, *found.required))
        if isinstance(node, syntax.NotGroup):
            inner = self._node(node[0], depth + 1, 1.0)
            return None if inner is None else Not(inner)
        inside = (self._node(child, depth + 1, weight) for child in node)
        nodes = tuple(child for child in inside if child is not None)
        if isinstance(node, _CloseGroup) and len(nodes) > 1:
            return self._close(nodes, node.within, weight)
        return _joined(Or if isinstance(node, syntax.OrGroup) else And, nodes)

    def _close(self, nodes: tuple[Node, ...], within: Any, weight: float) -> Node:
        members = tuple(_alternatives(node) for node in nodes)
        note = self._reading.note
        if not all(members):
            note("close", "only words, phrases and their alternatives can be close: the rest is required")
            return And(nodes)
        if any(words.weight != weight for member in members for words in member):
            note("close", "words that are close have one weight together: others were left out")
        unweighted = (tuple(words._replace(weight=1.0) for words in member) for member in members)
        return Close(tuple(unweighted), within, weight)

    def _leaf(self, node: Any, weight: float) -> Node | None:
        is_phrase = isinstance(node, plugins.PhrasePlugin.PhraseNode)
        name = node.fieldname
        if name in ("date", "kind", "path"):
            return self._selector(node)
        words = tuple(self._reading.words(node.text, node.textstartchar if is_phrase else node.startchar))
        if not words:
            return None
        if name in FIELDS:
            return Field(name, words, is_phrase)
        is_exact = name == "exact" or (is_phrase and name is None)
        if is_phrase and node.slop and len(words) > 1:
            members = tuple((Words((word,), is_exact=is_exact, is_phrase=True),) for word in words)
            return Close(members, node.slop, weight)
        return Words(words, is_exact=is_exact, is_phrase=is_phrase or name is not None, weight=weight)

    def _selector(self, node: Any) -> Node | None:
        if node.fieldname == "date":
            start = node.startchar + len("date:") + node.text.startswith('"')
            return parse_dates(node.text.strip('"'), self._reading.text, start)
        if node.fieldname == "kind":
            return self._kinds(node.text)
        pattern = " ".join(node.text.split())
        return Path(pattern) if pattern.strip("*?/ ") else None

    def _kinds(self, names: str) -> Kinds:
        found = re.findall(r"[^\s,]+", names.lower())
        for name in found:
            if name not in _KINDS:
                there_are = ", ".join(sorted(_KINDS.keys() - {NO_KIND}))
                self._reading.note("kind", f"there is no kind of passage {name!r}; there are {there_are}")
        return Kinds(frozenset().union(*(_KINDS.get(name, ()) for name in found)))


def _product(weight: float, factor: float) -> float:
    """Multiply weights; what comes of it can be typed."""
    return min(round(weight * factor, _DECIMALS), MAX_WEIGHT)


def _joined(operator: type[And] | type[Or], nodes: tuple[Node, ...]) -> Node | None:
    return operator(nodes) if len(nodes) > 1 else nodes[0] if nodes else None


def _alternatives(node: Node) -> tuple[Words, ...]:
    """Give the words that a member of a close group may be; none if it is something else."""
    nodes = node.nodes if isinstance(node, Or) else (node,)
    words = tuple(child for child in nodes if isinstance(child, Words))
    return words if len(words) == len(nodes) else ()


def _tidied(text: str, reading: Reading) -> str:
    """Blank parentheses without a partner and operators with nothing to join, and say so."""
    lonely = [*_lonely(_PIECE.finditer(text))]
    if lonely:
        reading.note("parentheses", "a parenthesis without a partner was left out")
        text = _blanked(text, lonely)
    for piece in _PIECE.finditer(text):
        field = _UNKNOWN_FIELD.fullmatch(piece[0])
        if field and text[piece.end() : piece.end() + 1] == '"':
            reading.note_field(field[1], field[0])
    idle = [*_idle(_PIECE.finditer(text))]
    for piece in idle:
        reading.note("operator", f"{piece[0]} has nothing to join there, and was left out")
    return _blanked(text, idle)


def _blanked(text: str, pieces: Iterable[re.Match[str]]) -> str:
    chars = list(text)
    for piece in pieces:
        chars[piece.start() : piece.end()] = " " * len(piece[0])
    return "".join(chars)


def _lonely(pieces: Iterable[re.Match[str]]) -> Iterator[re.Match[str]]:
    """Give the parentheses without a partner."""
    opened: list[re.Match[str]] = []
    for piece in pieces:
        if piece["open"]:
            opened.append(piece)
        elif piece["close"] and opened:
            opened.pop()
        elif piece["close"]:
            yield piece
    yield from opened


def _idle(pieces: Iterable[re.Match[str]]) -> Iterator[re.Match[str]]:
    """Give the operators that do not stand between what they could join, the second of two that stand together."""
    before: list[re.Match[str]] = []
    for piece in (*pieces, None):
        while before and before[-1].lastgroup in ("infix", "not") and (piece is None or piece["close"]):
            yield before.pop()
        if piece and piece["infix"] and (not before or before[-1].lastgroup in ("open", "infix", "not")):
            yield piece
        elif piece:
            before.append(piece)
