"""Whatever a person types is understood, and said back in words that mean the same."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searcher import Article, build_index, open_index
from searcher.api import Index
from searcher.language import operators
from searcher.language.reading import Reading
from searcher.language.tree import And, Node, Not, Or, Query, Words, to_text
from searcher.language.understand import understand
from searcher.text.words.analysis import Analyser

ANALYSER = Analyser()
STOP_WORDS = frozenset(["the", "of", "to", "a", "not", "and", "or"])
WORDS = [
    *("war", "Wars", "the", "of", "cease-fire", "ceasefire", "AT&T", "town's", "US", "not", "停戦", "1,000"),
    *("-war", "+war", "--war", "war-", "NOTwar", "war:", "text:war", "stem:war", "exact:War", "kind:title"),
    *(
        "kind:body,title",
        "kind:nonsense",
        "'war'",
        "war^2",
        "war~",
        "wa*",
        "[war",
        "{war",
        "\\war",
        "…",
        "-",
        "+",
    ),
]
SIGNS = [
    '"',
    '"',
    "(",
    ")",
    "AND",
    "OR",
    "NOT",
    "-",
    "+",
    "stem:",
    "exact:",
    "kind:",
    "“",
    "„",
    "\\",
    "'",
    "*",
    ":",
]
SPACES = [" ", " ", " ", "\t", "\n", "\u3000", "\x1c", "\xa0"]
PIECES = st.one_of(
    st.sampled_from(WORDS), st.sampled_from(SIGNS), st.sampled_from(SPACES), st.sampled_from(SPACES)
)
QUERIES = st.one_of(st.lists(PIECES, max_size=14).map("".join), st.text(max_size=30))
PLAIN = st.lists(
    st.one_of(
        st.sampled_from(
            [word for word in WORDS if not word.startswith(("-w", "+w", "stem", "exact", "kind"))]
        ),
        st.text(st.characters(exclude_characters='"()“”„‟«»″＂', exclude_categories=["Cs"]), max_size=8),
    ),
    max_size=8,
)


def _meaning(node: Node) -> Any:
    """A clause without the way it was typed."""
    if isinstance(node, Words):
        return node.is_exact, tuple((word.parts, word.joined) for word in node.words)
    if isinstance(node, And | Or):
        return type(node), tuple(map(_meaning, node.nodes))
    return (Not, _meaning(node.node)) if isinstance(node, Not) else node


def _meanings(query: Query) -> Any:
    return [_meaning(node) for node in query.loose], [_meaning(node) for node in query.required]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("index") / "index"
    texts = [
        "the war of towns",
        "a cease-fire\n\nPhoto: the US and AT&T",
        "# War, not peace\n\nThe town's ceasefire",
    ]
    build_index([Article(address=str(i), text=text) for i, text in enumerate(texts)], folder)
    with open_index(folder) as opened:
        yield opened


@settings(max_examples=400)
@given(query=QUERIES, match=st.sampled_from(["auto", "all", "any"]), limit=st.integers(0, 5))
def test_any_text_is_a_query(index: Index, query: str, match: Any, limit: int) -> None:
    found = index.search(query, match=match, limit=limit)
    assert found.query == query
    assert len(found) == min(limit, found.total)


@settings(max_examples=1000)
@given(QUERIES)
@example("+war peace")
@example("kind:nonsense war")
@example("-war NOT")
@example('""--war')
@example('""kind:title')
@example("war*war~")
@example("a~1,")
@example("war-war-*")
def test_understood_query_means_what_was_typed(typed: str) -> None:
    query, _ = understand(typed, ANALYSER, STOP_WORDS)
    again, _ = understand(to_text(query), ANALYSER, STOP_WORDS)
    assert _meanings(again) == _meanings(query)


def _parsed(text: str) -> tuple[Query, list[Any]]:
    reading = Reading(ANALYSER, STOP_WORDS)
    return operators.parse(text, reading), reading.notes


@settings(max_examples=500)
@given(PLAIN)
def test_plain_words_mean_the_same_to_the_parser(words: list[str]) -> None:
    text = " ".join(word for word in words if word not in ("AND", "OR", "NOT") and word[:1] not in ("-", "+"))
    query, notes = understand(text, ANALYSER, STOP_WORDS)
    assert _parsed(text) == (query, list(notes))


@settings(max_examples=500)
@given(PLAIN)
def test_one_quoted_phrase_means_the_same_to_the_parser(words: list[str]) -> None:
    text = f'"{" ".join(words)}"'
    query, notes = understand(text, ANALYSER, STOP_WORDS)
    assert _parsed(text) == (query, list(notes))


@settings(max_examples=500)
@given(st.lists(st.from_regex(r"[-+]?[A-Za-z]{1,4}", fullmatch=True)))
@example(["+war", "-War", "the", "uS"])
@example(["the", "+of", "to"])
@example(["US", "-UN"])
def test_words_behind_signs_mean_the_same_to_the_parser(words: list[str]) -> None:
    text = " ".join(word for word in words if word.strip("+-") not in ("AND", "OR", "NOT", "NEAR"))
    query, notes = understand(text, ANALYSER, STOP_WORDS)
    assert _parsed(text) == (query, list(notes))


@settings(max_examples=500)
@given(PLAIN | st.lists(st.from_regex(r"[A-Za-z]{1,4}", fullmatch=True)))
@example(["war"])
@example(["of", "US"])
def test_one_phrase_in_any_form_means_the_same_to_the_parser(words: list[str]) -> None:
    text = f'stem:"{" ".join(words)}"'
    query, notes = understand(text, ANALYSER, STOP_WORDS)
    assert _parsed(text) == (query, list(notes))


def test_colon_before_a_closing_quote_is_no_field() -> None:
    assert _parsed('"said the mayor:"')[1] == []
    assert [note.code for note in _parsed('mayor:"said he"')[1]] == ["unknown-field"]


LETTERS = st.one_of(
    st.sampled_from(
        ["war", "Wars", "the", "of", "US", "WAR", "not", "or", "Or", "AND", "OR", "NOT", "NEAR", "x"]
    ),
    st.text("abcXYZ-+", max_size=4),
)


@settings(max_examples=500)
@given(
    st.lists(LETTERS, max_size=6),
    st.lists(st.sampled_from(["OR", "OR", "AND"]), min_size=6, max_size=6),
    st.booleans(),
)
@example(["war", "peace", "war"], ["OR", "OR"], False)
@example(["war", "peace", "war"], ["AND", "OR"], False)
@example(["war", "peace"], ["AND"], False)
def test_words_with_an_operator_between_them_mean_the_same_to_the_parser(
    words: list[str], operators: list[str], has_end: bool
) -> None:
    pieces = [piece for pair in zip(words, operators, strict=False) for piece in pair]
    text = " ".join(pieces if has_end else pieces[:-1])
    query, notes = understand(text, ANALYSER, STOP_WORDS)
    if not any(word[:1] in ("+", "-") for word in words):
        assert _parsed(text) == (query, list(notes))
