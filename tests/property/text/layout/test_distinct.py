"""Many chunks at a time are what each is on its own."""

from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.text.layout.distinct import flags_and_cores
from searcher.text.layout.kinds import may_credit, may_credit_each
from searcher.text.layout.sentences import ABBREVIATIONS, STARTERS, TITLES, WORDS_TOO, flags
from searcher.text.words.analysis import ACRONYMS, Analyser, core_of

ANALYSER = Analyser()
KNOWN_WORDS = (
    TITLES | ABBREVIATIONS | WORDS_TOO | STARTERS | ACRONYMS | {"yahoo", "jeopardy", "wham", "yum", "x"}
)
CASES = st.sampled_from(
    [str.lower, str.upper, str.title, str.swapcase, lambda word: word[0] + word[1:].upper()]
)
LETTERS = st.text("abcdefghijklmnopqrstuvwxyzABXYZ", min_size=1, max_size=5)
KNOWN = st.sampled_from(sorted(KNOWN_WORDS))
WORDS = st.builds(lambda case, word: case(word), CASES, KNOWN | LETTERS) | LETTERS
SIGNS = st.text(".?!…,;:'\"`”’»›“‘„([{)]}*_#-–—/$@3é。", max_size=3)
CHUNKS = st.lists(
    st.tuples(SIGNS, WORDS, SIGNS).map("".join)
    | st.sampled_from(["(AFP)", "Photo:", "via", "[+]", "war[12]"]),
    min_size=1,
    max_size=8,
)


def told_together(chunks: list[str]) -> list[tuple[int, str]]:
    found, cores = flags_and_cores("\n".join(chunks).encode())
    return [*zip(found.tolist(), cores, strict=True)]


def told_apart(chunks: list[str]) -> list[tuple[int, str]]:
    return [(flags(chunk), core_of(chunk)) for chunk in chunks]


@settings(max_examples=500)
@given(CHUNKS)
def test_flags_cores_and_credits_of_many_chunks_are_those_of_each(chunks: list[str]) -> None:
    assert told_together(chunks) == told_apart(chunks)
    assert [*may_credit_each("\n".join(chunks))] == [*map(may_credit, chunks)]


@settings(max_examples=500)
@given(WORDS | st.text("az09'’-", min_size=1, max_size=6), st.sampled_from(["", "'s", "’s", "-x", "3"]))
def test_tokens_that_need_no_search_are_those_that_are_found(word: str, ending: str) -> None:
    assert ANALYSER.tokens(word + ending) == ANALYSER._searched(word + ending)


@given(CHUNKS)
def test_chunks_of_which_words_were_learnt_have_the_same_tokens(chunks: list[str]) -> None:
    learned = Analyser()
    learned.learn(chunks)
    assert [*map(learned.tokens, chunks)] == [*map(ANALYSER.tokens, chunks)]


def test_words_that_mean_something_are_asked_each() -> None:
    words = [case(word) for word in sorted(KNOWN_WORDS) for case in (str.lower, str.upper, str.title)]
    chunks = [
        f"{opening}{word}{closing}"
        for word in words
        for opening in ("", "“")
        for closing in ("", ",", ".", "!")
    ]
    assert told_together(chunks) == told_apart(chunks)
    for chunk in (word + ending for word in words for ending in ("", "'s", "’s", "-x")):
        assert ANALYSER.tokens(chunk) == ANALYSER._searched(chunk)
