"""Whatever a person types is understood, and said back in words that mean the same."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from typed import DATES, INFIXES, KINDS, queries
from typed import SIGNS as TYPED_SIGNS
from typed import Words as TypedWords

from searcher import Article, QueryError, build_index, open_index
from searcher.api import Index
from searcher.language import operators
from searcher.language.reading import Reading, plain_query, to_query
from searcher.language.shortcut import shortcut
from searcher.language.tree import Query, to_text
from searcher.language.understand import tidied, understand
from searcher.model import Note
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
PIECES_AT_RANDOM = [
    *(
        *WORDS,
        *SIGNS,
        *TYPED_SIGNS,
        *INFIXES,
        *KINDS,
        *DATES,
        "NOT",
        "NEAR/0",
        "W/5",
        "1,000",
        "12:30",
        "C++",
    ),
    *("http://x.y/z?a=*", "w?r", "w*r?", "wa~", "wa~7", "~3", "^", "^0.25", "^9999", "^0.0001", "^10000"),
    *("path:a*b", "date:", "path:", "title:", "Title:", "url:", "x_y", "a/b", "/a[b]/", "\u0301", "!!", "+-"),
]
PLAIN = [
    *(
        "war",
        "war of towns",
        "+war -towns the",
        "war AND towns",
        "war OR towns OR peace",
        "cease-fire, 1,000!",
    ),
    *('"of the towns"', 'stem:"of towns"', ' "cease-fire" ', "停戦 wa* towm~", "foo:bar", "", "- war"),
]


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


def _assert_reads_back(text: str) -> None:
    found = _understood(text)
    if isinstance(found, QueryError):
        assert found.query == text
        assert 0 <= found.position <= len(text)
        return
    again, notes = understand(to_text(found), ANALYSER, STOP_WORDS)
    assert (again.loose, again.required) == (found.loose, found.required), text
    # What was changed is not changed again, but an unknown field stays one, and so does a "not".
    assert {note.code for note in notes} <= {"unknown-field", "lower-case"}, text


def _understood(text: str) -> Query | QueryError:
    try:
        return understand(text, ANALYSER, STOP_WORDS)[0]
    except QueryError as error:
        return error


@settings(max_examples=1500)
@given(st.one_of(QUERIES, queries(TypedWords(WORDS, ["the", "of", "not"], ["war", "US"]))))
@example("+war peace")
@example("kind:nonsense war")
@example("-war NOT")
@example('""--war')
@example('""kind:title')
@example("war*war~")
@example("a~1,")
@example("war-war-*")
@example("NOT NOT NEAR/3 war peace")
@example("1,000^9999 12:30~312")
@example("wa*s?- of")
@example("a/*b~2-")
@example("!\u0301")
@example('path:"\u3000"')
@example('title:)NOT AND "war"')
@example("((war^0.1234)^0.1234 town^9999)^0.1234 (war^9999 -town)^99")
@example('"war" NEAR/0 "of"')
def test_what_was_understood_reads_back_to_the_same_tree(text: str) -> None:
    _assert_reads_back(text)


@pytest.mark.parametrize("seed", range(3))
def test_pieces_put_together_at_random_read_back_to_the_same_tree(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(2_000):
        pieces = (rng.choice(PIECES_AT_RANDOM) + rng.choice(["", " "]) for _ in range(rng.randint(1, 14)))
        _assert_reads_back("".join(pieces))


def _read(read: Any, text: str) -> tuple[Any, list[Note]]:
    reading = Reading(text, ANALYSER, STOP_WORDS)
    return read(text, reading), reading.notes


SIGNED = st.one_of(
    st.sampled_from([*WORDS, "US", "NEAR", "Or", "x", "-UN", "x^2", "12:30", "x-kind:body", "--kind:body"]),
    st.from_regex(r"[-+]?[A-Za-z]{1,4}", fullmatch=True),
    st.text(st.characters(exclude_characters='"', exclude_categories=["Cs"]), max_size=6),
)
SHORT = st.one_of(
    st.lists(SIGNED, max_size=6).map(" ".join),
    st.builds(
        str.join, st.sampled_from([" AND ", " OR ", " OR\n"]), st.lists(SIGNED, min_size=1, max_size=5)
    ),
    st.builds('{}"{}"'.format, st.sampled_from(["", "stem:"]), st.lists(SIGNED, max_size=5).map(" ".join)),
)


@settings(max_examples=1500)
@given(SHORT | QUERIES)
@example("+war -War the uS")
@example("the +of to")
@example("US -UN")
@example("war AND peace OR war")
@example("- OR war")
@example("+- AND -+war")
def test_shortcut_means_the_same_as_the_parser(text: str) -> None:
    text = text.replace('"', "") if text.count('"') % 2 else text
    found, notes = _read(shortcut, text)
    if found is not None:
        assert (found, notes) == _read(operators.parse, text)


@settings(max_examples=1500)
@given(SHORT | QUERIES)
@example("“war”")
@example('"war “of” towns"')
@example("war /x+y/")
@example("/x+y/ war")
@example("war --towns")
@example("peace AND --towns")
def test_what_takes_the_shortcut_is_tidy(text: str) -> None:
    found, _ = _read(shortcut, text)
    if found is not None:
        assert _read(tidied, text) == (text, [])


@given(SHORT | st.lists(st.sampled_from([*WORDS, "x", "Wars", "a", "Towns"]), max_size=4).map(" ".join))
@example("Wars not")
@example("not war")
@example("war or towns")
@example("war the")
@example("war US")
@example("war OR wars")
@example("war towns Wars")
@example("")
def test_query_of_plain_words_means_what_the_parser_reads(text: str) -> None:
    text, common = text.replace('"', ""), frozenset(["the", "a"])
    found = plain_query(text, ANALYSER, common)
    if found is not None:
        reading = Reading(text, ANALYSER, common)
        items = operators.parse(text, reading)
        assert (found, []) == (to_query(items, reading), reading.notes)


@pytest.mark.parametrize("text", ["war", "Towns war", "McDonald visits Nagorno"])
def test_plain_words_are_read_at_a_glance(text: str) -> None:
    assert plain_query(text, ANALYSER, STOP_WORDS) is not None


@pytest.mark.parametrize("text", PLAIN)
def test_plain_query_takes_the_shortcut(text: str) -> None:
    found, notes = _read(shortcut, text)
    assert found is not None
    assert (found, notes) == _read(operators.parse, text)


@pytest.mark.parametrize(
    "text", ["war (of towns)", "a AND b OR c", 'war "of towns"', "war^2", "-kind:title", "war AND"]
)
def test_query_with_signs_goes_to_the_parser(text: str) -> None:
    assert _read(shortcut, text)[0] is None


@pytest.mark.parametrize("unit", ["a", "A ", "a OR ", "a AND ", "+a ", "+", "a:", '"', "stem:", "NEAR/1"])
def test_long_text_takes_no_time(unit: str) -> None:
    """A pattern that tried words in several ways would not end."""
    for end in ("", "!", '"', "("):
        _read(shortcut, unit * 3000 + end)


def test_colon_before_a_closing_quote_is_no_field() -> None:
    assert _read(operators.parse, '"said the mayor:"')[1] == []
    assert [note.code for note in _read(operators.parse, 'mayor:"said he"')[1]] == ["unknown-field"]
