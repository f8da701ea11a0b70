"""Makes up queries over the words of an index: any text, any assembly of the language's pieces, and whole expressions."""

from typing import Final, NamedTuple

import numpy as np
from hypothesis import strategies as st

from searcher.storage.segment import Segment

SIGNS: Final = [*'""()-+!^~*?:/“\'…\\[]\n\u3000', "~2", " TO ", "^2", "/x+y/"]
INFIXES: Final = [
    *(
        "AND",
        "OR",
        "SENTENCE",
        "PARAGRAPH",
        "NEAR",
        "NEAR/1",
        "NEAR/5",
        "NEAR/255",
        "NEAR/99999",
        "w/5",
        "near/2",
    ),
    *("and", "or", "not", "AND NOT", "AND OR"),
]
FIELDS: Final = ["title", "source", "author", "keyword", "path", "stem", "exact", "kind", "url"]
KINDS: Final = ["kind:title", "kind:body", "kind:caption", "kind:any", "kind:nonsense"]
DATES: Final = [
    "date:2019", "date:2019-07", "date:[2018-09 TO 2020-11]", "date:[ TO 2019]", "date:>2019-01-01", "date:<2020",
    "date:none", "date:2019-13", "date:soon", "date:[", "date:\u0662\u0660\u0661\u0669",
]  # fmt: skip


class Words(NamedTuple):
    """Words of an index as they are written: all, the commonest, and those of the common ones that are short."""

    all: list[str]
    common: list[str]
    short: list[str]


def words_of(segment: Segment) -> Words:
    """Read the words of a segment, by falling number of passages that hold them in any form."""
    counts = np.diff(segment.columns["posting_starts"])[segment.columns["surface_term"]]
    surfaces = segment.surfaces.blob.tobytes().decode().split("\n")
    found = [surfaces[number] for number in np.argsort(-counts, kind="stable").tolist()]
    return Words(found, found[:300], [word for word in found[:3_000] if len(word) <= 4])


def queries(words: Words) -> st.SearchStrategy[str]:
    """Make up any text, pieces put together at random, many words of a kind, or an expression of some depth."""
    word = st.one_of(*map(_any_of, words))
    pattern = st.one_of(
        st.builds("{}~{}".format, word, st.sampled_from(["", "1", "2", "2", "3"])),
        st.builds(_with_wildcard, word, st.sampled_from("*?"), st.integers(0, 6)),
        st.builds(_with_wildcard, word, st.sampled_from("*?"), st.integers(0, 6), st.integers(0, 6)),
    )
    several = _joined(st.one_of(word, word, word, pattern), " ", 1, 8)
    atom = st.one_of(
        word,
        word,
        pattern,
        _joined(word, "-", 2, 5),
        st.builds('"{}"'.format, several),
        st.builds('"{}"~{}'.format, several, st.sampled_from([0, 1, 5, 50, 99_999])),
        st.builds("{}:{}".format, st.sampled_from(FIELDS), st.one_of(word, pattern)),
        st.builds('{}:"{}"'.format, st.sampled_from(FIELDS), several),
        st.sampled_from([*KINDS, *DATES]),
    )
    infix = st.sampled_from([" ", " ", *(f" {operator} " for operator in INFIXES)])
    piece = st.one_of(word, st.sampled_from(SIGNS), infix, st.just(" NOT "), atom)
    return st.one_of(
        st.text(max_size=60),
        st.builds(str.join, st.sampled_from(["", " "]), st.lists(piece, max_size=40)),
        _joined(word, " ", 1, 60),
        infix.flatmap(lambda sign: _joined(pattern, sign, 1, 8)),
        st.recursive(atom, lambda inner: _wider(inner, infix), max_leaves=16),
        st.recursive(atom, lambda inner: _wider(inner, infix), max_leaves=16),
    )


def _any_of(words: list[str]) -> st.SearchStrategy[str]:
    # Given the words themselves, hypothesis would write them out in its messages.
    return st.integers(0, len(words) - 1).map(lambda number: words[number])


def _wider(inner: st.SearchStrategy[str], infix: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        infix.flatmap(lambda sign: _joined(inner, sign, 2, 8)),
        st.builds("({})".format, inner),
        st.builds(
            "{}{}".format, st.sampled_from(["-", "+", "!", "NOT ", "NOT NOT ", "title:", "stem:"]), inner
        ),
        st.builds("{}^{}".format, inner, st.sampled_from(["2", "0", "0.5", "9999", "x"])),
    )


def _joined(item: st.SearchStrategy[str], sign: str, least: int, most: int) -> st.SearchStrategy[str]:
    return st.lists(item, min_size=least, max_size=most).map(sign.join)


def _with_wildcard(word: str, sign: str, *places: int) -> str:
    for place in places:
        word = word[:place] + sign + word[place + 1 :]
    return word
