"""How does Whoosh's parser read our language?

Its `QueryParser` does the syntax, with the plugins chosen here: quoted phrases, parentheses, fields, and operators. Its
query objects are then translated. Words that merely stand side by side become a group of their own, which is what sets
``a b`` apart from ``a AND b``.

Whoosh's own `PlusMinusPlugin` is not used: it makes a negation of the hyphen in *Nagorno-Karabakh*. Here a minus or plus
counts only at the beginning of a word.
"""

import re
from functools import cache

from whoosh import qparser, query
from whoosh.qparser import plugins, syntax

from searcher.model import Kind
from searcher.querying.language import MAX_NESTING, LooseWord, Reading, to_node, to_query
from searcher.querying.tree import NO_KIND, And, Kinds, Node, Not, Or, Query, Words

FIELD = "text"
_AT_START = r"""(?:^|(?<=[\s("]))"""
_FIELDS = rf"""{_AT_START[:-1]}|(?<=[\s("][-+])|(?<=^[-+]))(?P<text>stem|exact|kind):(?=[^\s)])"""
_EVERY_KIND = "any"


class _Loose(query.And):  # type: ignore[misc]  # Whoosh's classes are untyped
    """Words side by side."""


class _Required(query.And):  # type: ignore[misc]
    """One clause behind a plus."""


class _LooseGroup(syntax.GroupNode):  # type: ignore[misc]
    qclass = _Loose


class _RequiredGroup(syntax.Wrapper):  # type: ignore[misc]
    @staticmethod
    def qclass(clause: query.Query) -> query.Query:
        return _Required([clause])


@cache
def _parser() -> qparser.QueryParser:
    operators = plugins.OperatorsPlugin(
        ops=[
            (
                plugins.OperatorsPlugin.OpTagger(
                    rf"{_AT_START}\+(?=[^\s+\-)])", _RequiredGroup, syntax.PrefixOperator, memo="plus"
                ),
                0,
            )
        ],
        And=r"(?:(?<=[\s)])|(?<=\"))AND(?=[\s(\"])",
        Or=r"(?:(?<=[\s)])|(?<=\"))OR(?=[\s(\"])",
        Not=rf"{_AT_START}(?:NOT(?=[\s(\"])|-(?=[^\s+\-)]))",
        AndNot=None,
        AndMaybe=None,
        Require=None,
    )
    chosen = [
        plugins.PhrasePlugin(expr=r'"(?P<text>[^"]*)"(?P<slop>(?!))?'),
        plugins.GroupPlugin(),
        plugins.FieldsPlugin(expr=_FIELDS, remove_unknown=False),
        operators,
    ]
    return qparser.QueryParser(FIELD, None, plugins=chosen, group=_LooseGroup)


def parse(text: str, reading: Reading) -> Query:
    """Understand a query with operators, phrases, fields or parentheses.

    Args:
        text: Quotation marks are straight and even in number.
        reading: Collects notes.
    """
    text = _balance(text, reading)
    parsed = _parser().parse(text, normalize=False)
    if type(parsed) is _Loose:
        return to_query(_items(parsed.subqueries, reading), reading)
    return to_query(_items([parsed], reading), reading)


def _items(clauses: list[query.Query], reading: Reading, depth: int = 0) -> list[LooseWord | Node]:
    """Translate clauses that stand side by side."""
    items: list[LooseWord | Node] = []
    for clause in clauses:
        if isinstance(clause, query.Term) and clause.fieldname == FIELD:
            items.extend(LooseWord(word) for word in reading.words(clause.text))
        elif (node := _node(clause, reading, depth + 1)) is not None:
            items.append(node)
    return items


def _node(  # noqa: PLR0911  (one return a kind of clause)
    clause: query.Query, reading: Reading, depth: int = 0
) -> Node | None:
    """Translate one clause; None if nothing is left of it."""
    if depth > MAX_NESTING:
        raise RecursionError
    if isinstance(clause, query.Term | query.Phrase):
        is_phrase = isinstance(clause, query.Phrase)
        words = " ".join(clause.words) if is_phrase else clause.text
        if clause.fieldname == "kind":
            return _kinds(words, reading)
        found = tuple(reading.words(words))
        if not found:
            return None
        is_exact = clause.fieldname == "exact" or (is_phrase and clause.fieldname == FIELD)
        return Words(found, is_exact=is_exact, is_phrase=is_phrase or clause.fieldname == "stem")
    if isinstance(clause, query.Not):
        inner = _node(clause.query, reading, depth + 1)
        return None if inner is None else Not(inner)
    if type(clause) is _Loose:
        items = _items(clause.subqueries, reading, depth + 1)
        return to_node(items, reading) if items else None
    nodes = tuple(node for sub in clause.children() if (node := _node(sub, reading, depth + 1)) is not None)
    if len(nodes) <= 1:
        return nodes[0] if nodes else None
    return Or(nodes) if isinstance(clause, query.Or) else And(nodes)


def _kinds(names: str, reading: Reading) -> Kinds:
    known = {kind.name.lower(): kind for kind in Kind}
    kinds = set()
    for name in re.split(r"[\s,]+", names.lower()):
        if name == _EVERY_KIND:
            kinds |= set(Kind)
        elif name in known:
            kinds.add(known[name])
        elif name and name != NO_KIND:
            reading.note(
                "kind",
                f"there is no kind of passage {name!r}; there are {', '.join(known)} and {_EVERY_KIND}",
            )
    return Kinds(frozenset(kinds))


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
