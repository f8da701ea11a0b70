"""Query objects of every type of Whoosh's, at random."""

import random
from typing import Any

from whoosh import query as whoosh
from whoosh.query import spans

POSITIONAL = ("text", "text", "exact", "title", "source", "author")


class Asker:
    """Makes up query objects of every type, from the terms of an index and a few that it does not hold."""

    def __init__(self, rng: random.Random, reader: Any) -> None:
        self._rng = rng
        self._terms: dict[str, list[str]] = {}
        for field, term in reader.all_terms():
            self._terms.setdefault(field, ["nowhere"]).append(term.decode())

    def term(self, field: str) -> str:
        return self._rng.choice(self._terms.get(field, ["nowhere"]))

    def query(self, depth: int = 3) -> Any:
        leaves = [
            self._term, self._phrase, self._prefix, self._wildcard, self._regex, self._fuzzy, self._range, self._every,
            self._variations, self._span, self._ordered,
        ]  # fmt: skip
        if depth and self._rng.random() < 0.6:
            return self._compound(depth)
        return self._rng.choice(leaves)()

    def _field(self) -> str:
        return self._rng.choice((*POSITIONAL, "exact", "keyword", "path", "date", "kind"))

    def _term(self) -> Any:
        field = self._field()
        return whoosh.Term(field, self.term(field), boost=self._rng.choice((1.0, 2.5)))

    def _phrase(self) -> Any:
        field = self._rng.choice(POSITIONAL)
        words = [self.term(field) for _ in range(self._rng.choice((1, 2, 2, 3)))]
        return whoosh.Phrase(field, words, slop=self._rng.choice((1, 1, 2, 5)))

    def _prefix(self) -> Any:
        field = self._field()
        term = self.term(field)
        return whoosh.Prefix(field, term[: self._rng.randint(0, 3)])

    def _wildcard(self) -> Any:
        field = self._field()
        chars = [char if self._rng.random() < 0.6 else self._rng.choice("?*") for char in self.term(field)]
        return whoosh.Wildcard(field, "".join(chars))

    def _regex(self) -> Any:
        field = self._field()
        return whoosh.Regex(
            field, self._rng.choice((r"t.*s?$", r"[a-f]\w+", r"(war|fire).*", r".*ir", "f?ire"))
        )

    def _fuzzy(self) -> Any:
        field = self._field()
        chars = list(self.term(field))
        at = self._rng.randrange(len(chars))
        if self._rng.random() < 0.5:
            chars[at] = self._rng.choice("aeit")
        else:
            chars[at : at + 2] = chars[at : at + 2][::-1]
        options = {"maxdist": self._rng.choice((1, 2)), "prefixlength": self._rng.choice((0, 1, 2))}
        return whoosh.FuzzyTerm(field, "".join(chars), **options)

    def _range(self) -> Any:
        field = self._field()
        start, end = sorted(self.term(field) for _ in range(2))
        limits = {"startexcl": self._rng.random() < 0.3, "endexcl": self._rng.random() < 0.3}
        return whoosh.TermRange(
            field, self._rng.choice((start, None)), self._rng.choice((end, None)), **limits
        )

    def _every(self) -> Any:
        return whoosh.Every(self._rng.choice((None, "text", "source", "date", "keyword")))

    def _variations(self) -> Any:
        return whoosh.Variations("exact", self._rng.choice(("talk", "fire", "town", "war")))

    def _span(self, depth: int = 2) -> Any:
        rng = self._rng
        field = rng.choice(POSITIONAL)

        def operand() -> Any:
            if depth and rng.random() < 0.3:
                return self._span(depth - 1)
            if rng.random() < 0.2:
                return whoosh.Prefix(field, self.term(field)[:2])
            return whoosh.Term(field, self.term(field))

        near = {"slop": rng.choice((1, 2, 4)), "ordered": rng.random() < 0.5, "mindist": rng.choice((0, 1))}
        few = [operand() for _ in range(rng.choice((2, 3)))]
        a, b = few[:2]
        made = {
            "near": lambda: spans.SpanNear(a, b, **near),
            "near2": lambda: spans.SpanNear2(few, **near),
            "first": lambda: spans.SpanFirst(a, limit=rng.choice((0, 1, 5))),
            "or": lambda: spans.SpanOr(few),
            "not": lambda: spans.SpanNot(a, b),
            "contains": lambda: spans.SpanContains(spans.SpanNear(a, b, slop=6), few[-1]),
            "before": lambda: spans.SpanBefore(a, b),
            "condition": lambda: spans.SpanCondition(a, b),
        }
        return made[rng.choice(list(made))]()

    def _ordered(self) -> Any:
        field = self._rng.choice(POSITIONAL)
        terms = [whoosh.Term(field, self.term(field)) for _ in range(2)]
        if self._rng.random() < 0.5:
            return whoosh.Ordered(terms)
        return whoosh.Sequence(terms, slop=self._rng.choice((1, 3)), ordered=self._rng.random() < 0.5)

    def _compound(self, depth: int) -> Any:
        rng = self._rng
        few = [self.query(depth - 1) for _ in range(rng.choice((2, 2, 3, 5)))]
        makers = [
            lambda: whoosh.And(few),
            lambda: whoosh.Or(few),
            lambda: whoosh.Or(few, scale=0.9),
            lambda: whoosh.Not(few[0]),
            lambda: whoosh.And([few[0], whoosh.Not(few[1])]),
            lambda: whoosh.AndNot(few[0], few[1]),
            lambda: whoosh.AndMaybe(few[0], few[1]),
            lambda: whoosh.Require(few[0], few[1]),
            lambda: whoosh.Otherwise(few[0], few[1]),
            lambda: whoosh.DisjunctionMax(few, tiebreak=rng.choice((0.0, 0.3))),
            lambda: whoosh.ConstantScoreQuery(few[0], 2.0),
            lambda: self._wildcard().normalize(),
            lambda: self._range().normalize(),
        ]
        return rng.choice(makers)()
