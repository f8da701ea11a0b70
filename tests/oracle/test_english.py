"""English stems against NLTK's, which say what they are."""

import json
import lzma
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.stem.snowball import SnowballStemmer

from searcher.text.words import english
from searcher.text.words.analysis import Analyser
from searcher.text.words.stems import stems

NEWS = Path(__file__).parents[2].parent / "shared" / "data" / "news.jsonl.xz"
STEM: Callable[[str], str] = SnowballStemmer("english").stem
SUFFIXES = re.findall(
    r"\w+",
    """
    s es ies ied sses us ss eed eedly ed edly ing ingly y e l le at bl iz bb dd tt y yy ization ational fulness ousness iveness
    tional biliti lessli entli ation alism aliti ousli iviti fulli enci anci abli izer ator alli bli ogi li alize icate iciti
    ative ical ness ful ement ance ence able ible ment ant ent ism ate iti ous ive ize ion al er ic sion tion
""",
)
BEGINNINGS = [
    "gener",
    "commun",
    "arsen",
    "y",
    "sk",
    "proceed",
    "inning",
    "hop",
    "b",
    "a",
    "eye",
    "ёж",
    "é",
    "don't",
    "80",
]
PIECES = st.sampled_from([*SUFFIXES, *SUFFIXES, *BEGINNINGS, *"aeiouybcdstlgmnrwxkh"])
WORDS = st.lists(PIECES, min_size=1, max_size=6).map("".join)


def is_plain(word: str) -> bool:
    return not word.startswith("'") and not word.endswith(("'", "'s")) and word == word.lower()


@settings(max_examples=2000)
@given(WORDS)
def test_stem_of_a_made_up_word_is_that_of_nltk(word: str) -> None:
    assert english.stem(word) == STEM(word)


@given(st.text(min_size=1, max_size=12).map(str.lower).filter(is_plain))
def test_stem_of_any_characters_is_that_of_nltk(word: str) -> None:
    assert english.stem(word) == STEM(word)


@settings(max_examples=1000)
@given(st.lists(WORDS.filter(lambda word: word.isascii() and word.isalpha()), max_size=30))
def test_stems_of_many_words_are_those_of_each(words: list[str]) -> None:
    assert stems(words) == [*map(english.stem, words)]


def test_stems_of_many_words_with_two_y_are_those_of_each() -> None:
    words = ["yyed", "ayyns", "yyyed", "by", "eyyly"]
    assert stems(words) == [*map(english.stem, words)]


def test_stems_of_the_news_are_those_of_nltk() -> None:
    if not NEWS.exists():
        pytest.skip(f"no news to compare on: {NEWS} is absent")
    with lzma.open(NEWS, "rt", encoding="utf-8") as lines:
        words = {
            word for line in lines for word in re.findall(r"\w+(?:'\w+)?", json.loads(line)["text"].lower())
        }
    assert len(words) > 50_000
    assert [word for word in words if is_plain(word) and english.stem(word) != STEM(word)] == []
    letters = [word for word in words if re.fullmatch("[a-z]+", word)]
    assert stems(letters) == [*map(english.stem, letters)]


@pytest.mark.parametrize("word", ["'tis", "cats'", "cat's's", "ǅ"])
def test_odd_words_are_left_to_nltk(word: str) -> None:
    assert Analyser().term(word) == STEM(word)
