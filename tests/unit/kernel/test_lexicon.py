"""A string is found where bisection finds it."""

from bisect import bisect_left

from hypothesis import given
from hypothesis import strategies as st

from searcher.kernel.lexicon import Lexicon
from searcher.storage.columns.strings import pack

STRINGS = st.text("ab\xff", max_size=4).map(str.encode) | st.binary(max_size=3)


@given(st.lists(STRINGS, max_size=20), st.lists(STRINGS))
def test_string_is_found_where_bisection_finds_it(strings: list[bytes], others: list[bytes]) -> None:
    strings.sort()
    lexicon = Lexicon(*pack(strings))
    assert lexicon.n == len(strings)
    for string in (
        *strings,
        *others,
        *(string[:-1] for string in strings),
        *(each + b"a" for each in strings),
    ):
        place = bisect_left(strings, string)
        assert lexicon.lower_bound(string) == place
        assert lexicon.find(string) == (place if string in strings else -1)
