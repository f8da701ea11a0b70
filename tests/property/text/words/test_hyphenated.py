"""Words with hyphens between them, whose tokens need no search, have the tokens that a search finds."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searcher.text.words.analysis import ACRONYMS, Analyser

ANALYSER = Analyser()
WORDS = st.sampled_from([*sorted(ACRONYMS), "dying", "wars"]) | st.text("azAZé09'’", min_size=1, max_size=4)
HYPHENATED = st.lists(WORDS, min_size=1, max_size=6).map("-".join)


@example("end-s", "")  # joined, it has the term of its first part
@settings(max_examples=1000)
@given(HYPHENATED, st.sampled_from(["", "'s", "’s", "-", "3"]))
def test_tokens_that_need_no_search_are_those_that_are_found(words: str, ending: str) -> None:
    assert ANALYSER.tokens(words + ending) == ANALYSER._searched(words + ending)


@pytest.mark.parametrize("acronym", sorted(ACRONYMS))
def test_acronyms_in_any_case_have_the_tokens_that_are_found(acronym: str) -> None:
    for word in (acronym, acronym.upper(), acronym.title()):
        for chunk in (word, f"{word}-x", f"x-{word}", f"{word}'s", f"{word}’s"):
            assert ANALYSER.tokens(chunk) == ANALYSER._searched(chunk)
