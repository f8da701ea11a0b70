"""Lines are found that are like a pattern or a word by the naive definitions."""

from hypothesis import example, given
from hypothesis import strategies as st
from naive_forms import fits_pattern, n_edits

from searcher.querying.matching.patterns import Lines

WORDS = st.lists(st.text("abé戦.'", min_size=1, max_size=7), max_size=12)


def lines(words: list[str]) -> Lines:
    return Lines("".join(f"{word}\n" for word in words).encode())


@given(WORDS, st.text("abé戦.*?", max_size=6))
@example(["ab", "ab"], "ab")
@example(["aab", "bab"], "a*b")
@example(["ba", "ab", "b"], "*b")
@example(["戦", "é", "ab"], "?")
@example(["ab"], "")
@example([], "*")
def test_words_that_fit_a_pattern_are_found(words: list[str], pattern: str) -> None:
    expected = [number for number, word in enumerate(words) if fits_pattern(pattern, word)]
    assert lines(words).fitting(pattern).tolist() == expected


@given(WORDS, st.text("abé戦.'", min_size=1, max_size=7), st.sampled_from([1, 2, 3]))
@example(["ab", "ba", "abb", "a", "bb", "éb"], "ab", 1)
@example([], "ab", 1)
def test_words_a_few_edits_away_are_found(words: list[str], sought: str, most: int) -> None:
    expected = [(word, n_edits(word, sought)) for word in words if n_edits(word, sought) <= most]
    near = lines(words).near(sought, most)
    found = [*map(lines(words).word, near.numbers.tolist())]
    assert [*zip(found, near.n_edits.tolist(), strict=True)] == expected


def test_pattern_of_many_stars_is_no_trap() -> None:
    assert lines(["bbb" + "a" * 200]).fitting("bbb" + "*a" * 40 + "*c").tolist() == []
