"""How does Whoosh's parser read our language?

Its `QueryParser` does the syntax, with the plugins chosen here: quoted phrases, parentheses, fields, boosts and
operators. Its query objects are then translated. Words that merely stand side by side become a group of their own, which
is what sets ``a b`` apart from ``a AND b``.

Whoosh's own `PlusMinusPlugin` is not used: it makes a negation of the hyphen in *Nagorno-Karabakh*. Here a minus or plus
counts only at the beginning of a word.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from whoosh import qparser, query
from whoosh.qparser import plugins, syntax

from searcher.language.dates import parse_dates
from searcher.language.reading import FIELD_NAMES, MAX_NESTING, LooseWord, Reading, to_query
from searcher.language.tree import (
    FIELDS,
    NO_KIND,
    And,
    Close,
    Field,
    Kinds,
    Node,
    Not,
    Or,
    Path,
    Query,
    Words,
    weighted,
)
from searcher.model import Kind

FIELD = "text"
_AT_START = r"""(?:^|(?<=[\s("]))"""
_FIELD_START = rf"""{_AT_START[:-1]}|(?<=[\s("][-+])|(?<=^[-+]))"""
_INFIX_START = r"""(?:(?<=[\s)])|(?<="))"""
_INFIX_END = r"""(?=[\s("])"""
_IDLE_OPERATOR = re.compile(
    r"^\s*(?:AND|OR|SENTENCE|PARAGRAPH|NEAR(?:/\d+)?)\s+(?=\S)|(?<=\S)\s+(?:AND|OR|NOT|SENTENCE|PARAGRAPH|NEAR(?:/\d+)?)\s*$"
)
_UNKNOWN_FIELD = re.compile(r'(?<![^\s("])([^\W\d_]{2,}):(?=")')
_EVERY_KIND = "any"
DEFAULT_DISTANCE = 10


class _Loose(query.And):  # type: ignore[misc]  # Whoosh's classes are untyped
    """Words side by side."""


class _Required(query.And):  # type: ignore[misc]
    """One clause behind a plus."""


class _Close(query.And):  # type: ignore[misc]
    """Clauses close to each other."""

    within: Any = None


class _Sentence(_Close):
    within = "sentence"


class _Paragraph(_Close):
    within = "paragraph"


class _LooseGroup(syntax.GroupNode):  # type: ignore[misc]
    qclass = _Loose


class _RequiredGroup(syntax.Wrapper):  # type: ignore[misc]
    @staticmethod
    def qclass(clause: query.Query) -> query.Query:
        return _Required([clause])


class _SentenceGroup(syntax.GroupNode):  # type: ignore[misc]
    qclass = _Sentence


class _ParagraphGroup(syntax.GroupNode):  # type: ignore[misc]
    qclass = _Paragraph


class _NearGroup(syntax.GroupNode):  # type: ignore[misc]
    distance = DEFAULT_DISTANCE
    merging = False

    def query(self, parser: qparser.QueryParser) -> query.Query:
        found = _Close([clause for node in self.nodes if (clause := node.query(parser)) is not None])
        found.within = self.distance
        return found


class _NearOperator(syntax.InfixOperator):  # type: ignore[misc]
    def replace_self(self, parser: qparser.QueryParser, group: Any, position: int) -> int:
        _, _, typed = self.text.partition("/")
        distance = int(typed) if typed else DEFAULT_DISTANCE
        left = group[position - 1] if 0 < position < len(group) - 1 else None
        if isinstance(left, _NearGroup) and left.distance == distance:  # one more that is as near
            left.append(group[position + 1])
            del group[position : position + 2]
            return position
        place: int = super().replace_self(parser, group, position)
        made = group[position - 1] if 0 < position <= len(group) else None
        if isinstance(made, _NearGroup):
            made.distance = distance
        return place


class _PhraseTagger(plugins.PhrasePlugin.PhraseTagger):  # type: ignore[misc]
    def create(self, parser: qparser.QueryParser, match: re.Match[str]) -> syntax.TextNode:
        node = super().create(parser, match)
        node.slop = int(match["slop"] or 0)  # Whoosh takes none for 1, which is no phrase
        return node


class _PhrasePlugin(plugins.PhrasePlugin):  # type: ignore[misc]
    def taggers(self, parser: qparser.QueryParser) -> list[tuple[Any, int]]:  # noqa: ARG002
        return [(_PhraseTagger(self.expr), 0)]


class _DateTagger(plugins.RegexTagger):  # type: ignore[misc]
    def create(self, parser: qparser.QueryParser, match: re.Match[str]) -> syntax.WordNode:  # noqa: ARG002
        node = syntax.WordNode(match["text"])
        node.fieldname = "date"
        return node


class _DatePlugin(plugins.Plugin):  # type: ignore[misc]
    """Takes a date or range whole, brackets and all."""

    def taggers(self, parser: qparser.QueryParser) -> list[tuple[Any, int]]:  # noqa: ARG002
        return [
            (_DateTagger(rf"""{_FIELD_START}date:(?P<text>[\[{{][^\]}}"]*[\]}}]?|"[^"]*"|[^\s()"]+)"""), -10)
        ]


def _infix(word: str, group: type, operator: type = syntax.InfixOperator) -> tuple[Any, int]:
    tagger = plugins.OperatorsPlugin.OpTagger
    return tagger(rf"{_INFIX_START}{word}{_INFIX_END}", group, operator, memo=word), 0


@cache
def _parser() -> qparser.QueryParser:
    prefix = plugins.OperatorsPlugin.OpTagger
    operators = plugins.OperatorsPlugin(
        ops=[
            _infix(r"NEAR(?:/\d{1,9})?", _NearGroup, _NearOperator),
            _infix("SENTENCE", _SentenceGroup),
            _infix("PARAGRAPH", _ParagraphGroup),
            (prefix(rf"{_AT_START}\+(?=[^\s+\-)])", _RequiredGroup, syntax.PrefixOperator, memo="plus"), 0),
        ],
        And=rf"{_INFIX_START}AND{_INFIX_END}",
        Or=rf"{_INFIX_START}OR{_INFIX_END}",
        Not=rf"{_AT_START}(?:NOT(?=[\s(\"])|-(?=[^\s+\-)]))",
        AndNot=None,
        AndMaybe=None,
        Require=None,
    )
    fields = "|".join(name for name in FIELD_NAMES if name != "date")
    chosen = [
        _PhrasePlugin(expr=r'"(?P<text>[^"]*)"(~(?P<slop>\d{1,9})(?![^\s)^"]))?'),
        plugins.GroupPlugin(),
        plugins.FieldsPlugin(expr=rf"{_FIELD_START}(?P<text>{fields}):(?=[^\s)])", remove_unknown=False),
        plugins.BoostPlugin(r"\^(?P<boost>\d{1,4}(\.\d{1,4})?)(?=[\s)\"]|$)"),
        _DatePlugin(),
        operators,
    ]
    return qparser.QueryParser(FIELD, None, plugins=chosen, group=_LooseGroup)


def parse(text: str, reading: Reading) -> list[LooseWord | Node]:
    """Understand a query with operators, phrases, fields or parentheses.

    Args:
        text: Quotation marks are straight and even in number.
        reading: Collects notes.

    Raises:
        QueryError: A date, or a range of dates, is none.
        RecursionError: Clauses are nested too deeply.
    """
    text = _without_idle_operators(_balance(text, reading), reading)
    for unknown in _UNKNOWN_FIELD.finditer(text):
        is_before_phrase = text.count('"', 0, unknown.end()) % 2 == 0
        if is_before_phrase and unknown[1].lower() not in FIELD_NAMES:
            reading.note(
                "unknown-field", f"there is no field {unknown[1]!r}: {unknown[0]} was read as a word"
            )
    translator = _Translator(text, reading)
    parsed = _parser().parse(text, normalize=False)
    clauses = parsed.subqueries if type(parsed) is _Loose and parsed.boost == 1 else [parsed]
    return translator.items(clauses)


class _Translator:
    """Makes our tree of Whoosh's query objects.

    Args:
        text: The query.
        reading: Collects notes.
    """

    def __init__(self, text: str, reading: Reading) -> None:
        self._text = text
        self._reading = reading

    def items(self, clauses: Sequence[query.Query], depth: int = 0) -> list[LooseWord | Node]:
        """Translate clauses that stand side by side."""
        items: list[LooseWord | Node] = []
        for clause in clauses:
            if isinstance(clause, query.Term) and clause.fieldname == FIELD:
                items.extend(LooseWord(word, clause.boost) for word in self._reading.words(clause.text))
            elif (node := self._node(clause, depth + 1)) is not None:
                items.append(node)
        return items

    def _node(self, clause: query.Query, depth: int) -> Node | None:
        """Translate one clause; None if nothing is left of it."""
        if depth > MAX_NESTING:
            raise RecursionError
        if isinstance(clause, query.Term | query.Phrase):
            node = self._leaf(clause)
        elif isinstance(clause, query.Not):
            inner = self._node(clause.query, depth + 1)
            node = None if inner is None else Not(inner)
        elif type(clause) is _Loose:
            items = self.items(clause.subqueries, depth + 1)
            node = _required(to_query(items, self._reading)) if items else None
        else:
            nodes = tuple(
                node for sub in clause.children() if (node := self._node(sub, depth + 1)) is not None
            )
            node = self._joined(clause, nodes) if len(nodes) > 1 else nodes[0] if nodes else None
        boost = getattr(clause, "boost", 1.0)
        return weighted(node, boost) if node is not None and boost != 1 else node

    def _joined(self, clause: query.Query, nodes: tuple[Node, ...]) -> Node:
        if isinstance(clause, _Close):
            members = tuple(_alternatives(node) for node in nodes)
            if all(members):
                if any(words.weight != 1 for member in members for words in member):
                    self._reading.note(
                        "close", "what is close has one weight together: the others were left out"
                    )
                unweighted = tuple(
                    tuple(replace(words, weight=1.0) for words in member) for member in members
                )
                return Close(unweighted, clause.within)
            self._reading.note(
                "close", "only words, phrases and their alternatives can be close: the rest is required"
            )
        return Or(nodes) if isinstance(clause, query.Or) else And(nodes)

    def _leaf(self, clause: query.Term | query.Phrase) -> Node | None:  # noqa: PLR0911  (one return a field)
        is_phrase = isinstance(clause, query.Phrase)
        typed = " ".join(clause.words) if is_phrase else clause.text
        name = clause.fieldname
        if name == "date":
            return parse_dates(typed.strip('"'), self._text)
        if name == "kind":
            return self._kinds(typed)
        if name == "path":
            return Path(typed) if typed.strip("*?/ ") else None
        found = tuple(self._reading.words(typed))
        if not found:
            return None
        if name in FIELDS:
            return Field(name, found, is_phrase)
        is_exact = name == "exact" or (is_phrase and name == FIELD)
        if is_phrase and clause.slop and len(found) > 1:
            return Close(
                tuple((Words((word,), is_exact=is_exact, is_phrase=True),) for word in found), clause.slop
            )
        return Words(found, is_exact=is_exact, is_phrase=is_phrase or name == "stem")

    def _kinds(self, names: str) -> Kinds:
        known = {kind.name.lower(): kind for kind in Kind}
        kinds = set()
        for name in re.split(r"[\s,]+", names.lower()):
            if name == _EVERY_KIND:
                kinds |= set(Kind)
            elif name in known:
                kinds.add(known[name])
            elif name and name != NO_KIND:
                message = (
                    f"there is no kind of passage {name!r}; there are {', '.join(known)} and {_EVERY_KIND}"
                )
                self._reading.note("kind", message)
        return Kinds(frozenset(kinds))


def _required(found: Query) -> Node:
    """Require everything that stands side by side inside parentheses."""
    nodes = (*found.loose, *found.required)
    return nodes[0] if len(nodes) == 1 else And(nodes)


def _alternatives(node: Node) -> tuple[Words, ...]:
    """Give the words that a member of a close group may be; none if it is something else."""
    if isinstance(node, Words):
        return (node,)
    if isinstance(node, Or):
        return (
            tuple(child for child in node.nodes if isinstance(child, Words))
            if all(isinstance(child, Words) for child in node.nodes)
            else ()
        )
    return ()


def _without_idle_operators(text: str, reading: Reading) -> str:
    """Leave out operators at the beginning and end, which have nothing to join."""
    while idle := _IDLE_OPERATOR.search(text):
        reading.note("operator", f"{idle[0].strip()} has nothing to join there, and was left out")
        text = text[: idle.start()] + text[idle.end() :]
    return text


def _balance(text: str, reading: Reading) -> str:
    """Replace parentheses outside quotes that have no partner by spaces."""
    chars = list(text)
    opened: list[int] = []
    lonely: list[int] = []
    is_quoted = False
    for place, char in enumerate(chars):
        if char == '"':
            is_quoted = not is_quoted
        elif char == "(" and not is_quoted:
            opened.append(place)
        elif char == ")" and not is_quoted:
            if opened:
                opened.pop()
            else:
                lonely.append(place)
    lonely += opened
    if lonely:
        reading.note("parentheses", "a parenthesis without a partner was left out")
        for place in lonely:
            chars[place] = " "
    return "".join(chars)
