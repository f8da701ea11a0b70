"""Which query tree does a query object of Whoosh's mean?

Some query objects have an equal in the query tree, and become that: terms, phrases, prefixes, wildcards and fuzzy terms of the
fields ``text`` and ``exact``; kinds; And, Or, Not, AndNot and Every over anything. Every other query object becomes a leaf that
Whoosh's own matchers evaluate over our index (`searcher.querying.whoosh.matches`). Its words are scored in the same way.

Terms are taken as they are: stems in ``text``, and words as written in ``exact`` (see `searcher.querying.whoosh.fields`). No
query is relaxed, because a query object says itself what is required.
"""

import re
from typing import Any

from whoosh import query as whoosh

from searcher.errors import QueryError
from searcher.language.tree import (
    And,
    Atom,
    Foreign,
    Fuzzy,
    Kinds,
    Node,
    Not,
    Or,
    Part,
    Query,
    Wildcard,
    Word,
    Words,
    weighted,
)
from searcher.model import Kind
from searcher.querying.whoosh.matches import WhooshMatches
from searcher.querying.whoosh.reader import WhooshReader
from searcher.text.words.analysis import Analyser

_NOTHING = Kinds(frozenset())
_MAX_EDITS = 2


def describe(query: object) -> str:
    """Write a query object as Python does, without the memory addresses of objects.

    Raises:
        TypeError: The argument is not a query object.
    """
    if not isinstance(query, whoosh.Query):
        raise TypeError(f"a query is a string or a query object of Whoosh's, not {type(query).__name__}")
    return re.sub(r" object at 0x[0-9a-f]+", "", repr(query))


def translate(query: Any, reader: WhooshReader, analyser: Analyser) -> Query:
    """Translate a query object into a query tree.

    Args:
        query: The query object.
        reader: The reader of the index, with which Whoosh's matchers evaluate what has no equal in the tree.
        analyser: The analyser of the index.

    Raises:
        QueryError: Whoosh cannot run the query.
        TypeError: The argument is not a query object.
    """
    describe(query)
    node = _Translator(reader, analyser).node(query)
    return Query(required=node.nodes if isinstance(node, And) and node.nodes else (node,))


class _Translator:
    def __init__(self, reader: WhooshReader, analyser: Analyser) -> None:
        self._reader = reader
        self._analyser = analyser

    def node(self, query: Any) -> Node:
        made = self._native(query)
        if made is None:
            return self._foreign(query)
        boost = getattr(query, "boost", 1.0)
        return made if boost == 1 else weighted(made, boost)

    def _native(self, query: Any) -> Node | None:  # noqa: PLR0911  (one return a type)
        """Give the equal of a query in the tree, without the boost of the query. None if there is no equal."""
        kind = type(query)  # a subclass may mean something else
        if query is whoosh.NullQuery or (kind in (whoosh.And, whoosh.Or) and not query.subqueries):
            return _NOTHING
        if kind is whoosh.And:
            return And(tuple(map(self.node, query.subqueries)))
        if kind is whoosh.Or and not query.minmatch and not query.scale:
            return Or(tuple(map(self.node, query.subqueries)))
        if kind is whoosh.AndNot:
            return And((self.node(query.a), Not(self.node(query.b))))
        if kind is whoosh.Not:
            return Not(self.node(query.query))
        if kind is whoosh.Every and query.fieldname is None:
            return And(())
        if kind is whoosh.Term and query.fieldname == "kind":
            return Kinds(frozenset(kind for kind in Kind if kind.name.lower() == query.text))
        return self._words(query)

    def _words(self, query: Any) -> Words | None:
        is_exact = query.field() == "exact"
        if not is_exact and query.field() != "text":
            return None
        kind = type(query)
        words: list[Word | None] = [None]
        if kind is whoosh.Term:
            words = [self._word(query.text, is_exact=is_exact)]
        elif kind is whoosh.Phrase and query.words and query.slop == 1:
            words = [self._word(text, is_exact=is_exact) for text in query.words]
        elif is_exact:
            atom = _pattern(query)
            words = [Word(query.text, (atom,)) if atom else None]
        found = tuple(word for word in words if word)
        return Words(found, is_exact=is_exact, is_phrase=True) if len(found) == len(words) else None

    def _word(self, text: str | bytes, *, is_exact: bool) -> Word | None:
        text = text.decode() if isinstance(text, bytes) else text
        if not is_exact:
            return Word(text, (Part(text, text),))
        text = text.replace("-", "")
        parts = [token for token in self._analyser.tokens(text) if not token.is_overlay]
        is_whole = len(parts) == 1 and parts[0].surface == text
        return Word(text, (Part(text, parts[0].term),)) if is_whole else None

    def _foreign(self, query: Any) -> Foreign:
        try:
            matches = WhooshMatches(self._reader, query)
        except (whoosh.QueryError, re.error) as error:
            text = describe(query)
            raise QueryError(f"Whoosh cannot run {text}: {error}", text) from error
        asks_kind = any(field == "kind" for field, _ in query.iter_all_terms())
        return Foreign(describe(query), matches, asks_kind=asks_kind)


def _pattern(query: Any) -> Atom | None:
    """Give the equal of a query for words as written that fit a pattern. None if there is no equal."""
    kind = type(query)
    if kind is whoosh.Prefix or (kind is whoosh.Wildcard and not re.search(r"[\[\]!]", query.text)):
        text = query.text.replace("-", "")
        return Wildcard(re.sub(r"\*+", "*", f"{text}*" if kind is whoosh.Prefix else text))
    if kind is whoosh.FuzzyTerm and not query.prefixlength and 1 <= query.maxdist <= _MAX_EDITS:
        return Fuzzy(query.text.replace("-", ""), query.maxdist)
    return None
