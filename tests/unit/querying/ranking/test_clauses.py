"""Words alone are searched as words; clauses are evaluated only where they say more."""

import pytest

from searcher.language.tree import And, Dates, Kinds, Node, Not, Or, Part, Query, Within, Word, Words
from searcher.model import Kind, Match
from searcher.querying.ranking.clauses import deciding


def word(text: str) -> Words:
    return Words((Word(text, (Part(text, text),)),))


A, B, C = map(word, "abc")
PHRASE = Words((*A.words, *B.words), is_phrase=True)
EVERY_KIND = Kinds(frozenset(Kind))
YEAR = Dates("2020", "2020")


@pytest.mark.parametrize("match", ["any", "all", "auto"])
def test_loose_words_alone_need_no_clause(match: Match) -> None:
    asked = deciding(Query((C, A, B)), match)
    assert asked.words == [A, B, C], "in the order of their sum"
    assert (asked.is_loose, asked.clauses, asked.has_headings) == (True, (), True)
    assert asked.has_all == asked.is_tiered == (match != "any")


@pytest.mark.parametrize("match", ["any", "all", "auto"])
def test_one_loose_word_has_no_tiers(match: Match) -> None:
    asked = deciding(Query((A,)), match)
    assert (asked.words, asked.has_all, asked.is_tiered) == ((A,), False, False)


@pytest.mark.parametrize("required", [(A, B), (And((A, B)),), (A, B, EVERY_KIND)])
def test_required_words_need_no_clause(required: tuple[Node, ...]) -> None:
    asked = deciding(Query(required=required), "auto")
    assert (asked.words, asked.has_all, asked.is_tiered, asked.clauses) == ([A, B], True, False, ())
    assert asked.has_headings == (EVERY_KIND not in required)


@pytest.mark.parametrize("required", [(Or((A, PHRASE)),), (Or((A, PHRASE)), EVERY_KIND)])
def test_words_and_phrases_joined_by_or_need_no_clause(required: tuple[Node, ...]) -> None:
    asked = deciding(Query(required=required), "auto")
    assert (asked.words, asked.has_all, asked.clauses) == ([A, PHRASE], False, ())


def test_phrase_alone_needs_no_clause() -> None:
    asked = deciding(Query(required=(PHRASE,)), "auto")
    assert (asked.words, asked.clauses) == ([PHRASE], ())


@pytest.mark.parametrize("required", [(PHRASE, A), (A, YEAR), (Not(A),), (Or((A, YEAR)),), (YEAR,)])
def test_phrase_beside_words_is_looked_for_only_where_they_are_and_so_are_other_clauses(
    required: tuple[Node, ...],
) -> None:
    asked = deciding(Query(required=required), "auto")
    assert (asked.words, asked.clauses, asked.is_loose) == ((), required, False)


def test_clauses_beside_loose_words_are_kept_but_for_every_kind() -> None:
    asked = deciding(Query((A,), (EVERY_KIND, YEAR)), "auto")
    assert (asked.words, asked.clauses, asked.has_headings) == ((A,), [YEAR], False)


@pytest.mark.parametrize(
    ("clause", "has_headings"),
    [
        (Kinds(frozenset([Kind.TITLE])), False),
        (Or((A, Kinds(frozenset([Kind.TITLE])))), False),
        (Not(Kinds(frozenset([Kind.TITLE]))), True),
        (Within(("a",), keeps_headings=True), False),
        (Within(("a",), keeps_headings=False), True),
    ],
)
def test_clause_that_asks_for_kinds_lifts_the_rule_of_headings(
    clause: Kinds | Or | Not | Within, has_headings: bool
) -> None:
    assert deciding(Query((A,), (clause,)), "auto").has_headings == has_headings
