"""What is found in columns over many texts is what is found in each text, one character after the other."""

import re
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from searcher.indexing.inversion import chunk_table as numbering
from searcher.indexing.inversion.analyst import Analyst
from searcher.indexing.inversion.chunk_table import ChunkTable, Facts
from searcher.text.layout.kinds import may_credit
from searcher.text.layout.scan import Scan, scan
from searcher.text.layout.sentences import flags
from searcher.text.words.analysis import Analyser
from searcher.text.words.chunks import split_spans

BREAK = re.compile("\r\n|[\n\r\f\x85\u2028\u2029]")
WORDS = [
    *(
        "war",
        "Wars,",
        "“cease-fire”",
        "U.S.",
        "Шуша",
        "停戦。続く！」",
        "½",
        "㌁" * 20,
        "x" * 65,
        "a," * 70,
        "🙂",
    ),
    *("abcdefg", "abcdefgh", "abcdefghi", "abcdefghijklmno", "abcdefghijklmnop", "abcdefghijklmnopq"),
    *("\0", "abc", "abc\0", "abc\0\0", "abcdefgh\0", "ÿ", "(AFP", "Photo:"),
]
SPACES = [" ", " ", " ", "", "  ", "\t", "\x1c", "\xa0", "\u1680", "\u3000", "\u205f", "\x0b"]
BREAKS = ["\n", "\n\n", "\r\n", "\r", "\r\n\r\n", "\n\r", "\f", "\x85", "\u2028", "\u2029", "\n \n"]
TEXT = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from(SPACES),
        st.sampled_from(BREAKS),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=40,
).map("".join)
TEXTS = st.lists(TEXT, max_size=6)


def scan_of(texts: list[str], begins: list[int] | None = None) -> Scan:
    return scan([text.encode() for text in texts], begins or [0] * len(texts))


@given(TEXTS, st.integers(0, 9))
@example(["\x1c", "", "a"], 0)
def test_chunks_of_texts_are_those_of_each_text(texts: list[str], begin: int) -> None:
    found = scan_of(texts, [begin + number for number in range(len(texts))])
    spans = [
        (begin + number + start, begin + number + end, text[start:end])
        for number, text in enumerate(texts)
        for start, end in split_spans(text, 0, len(text))
    ]
    starts, ends = (found.code_points(places).tolist() for places in (found.chunk_starts, found.chunk_ends))
    assert list(zip(starts, ends, found.chunks(), strict=True)) == spans


@given(TEXTS)
@example(["a\r", "\nb\r\nc\n\rd"])
@example(["a\u2028b", "c"])
def test_lines_are_what_stands_between_breaks(texts: list[str]) -> None:
    found = scan_of(texts)
    starts = found.code_points(found.chunk_starts[found.line_chunks]).tolist()
    lines = []
    for number, text in enumerate(texts):
        n_breaks = 0  # since the last line that is not blank
        is_first = True
        at = 0
        for line in BREAK.split(text):
            if line.strip():
                at = text.index(line, at)
                lines.append((number, at + len(line) - len(line.lstrip()), n_breaks == 1 and not is_first))
                at += len(line)
                n_breaks, is_first = 0, False
            n_breaks += 1
    assert list(zip(found.line_texts.tolist(), starts, found.is_stacked.tolist(), strict=True)) == lines


@pytest.mark.parametrize(("n_slot_bits", "block"), [(20, 1 << 16), (1, 5), (1, 1 << 16)])
@given(texts=st.lists(TEXTS, max_size=4))
@example(
    [["abc abc\0 abc\0\0"], ["abcdefgh abcdefgh\0"], ["abcdefghijklmnop abcdefghijklmnopq abcdefghijklmnop"]]
)
def test_chunks_are_numbered_alike_if_they_are_alike(
    n_slot_bits: int, block: int, texts: list[list[str]]
) -> None:
    """However many have the same hash, and wherever a block of them ends."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbering, "HASH_BITS", n_slot_bits)
        patch.setattr(numbering, "BLOCK_CHUNKS", block)
        table = ChunkTable()
        known: dict[str, int] = {}
        for batch in texts:
            found = scan_of(batch)
            numbers = table.number(found).tolist()
            for chunk, number in zip(found.chunks(), numbers, strict=True):
                assert known.setdefault(chunk, number) == number
        assert sorted(known.values()) == list(range(1, len(known) + 1))
        assert len(table) == len(known)


@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_facts_are_what_analysis_says_of_a_chunk(batches: list[list[str]]) -> None:
    analyser, analyst = Analyser(), Analyst("english")
    table, facts = ChunkTable(), Facts()
    for batch in batches:
        found = scan_of(batch)
        n_known = len(table)
        numbers = table.number(found).tolist()
        facts.add(analyst.look_at(table.newest(len(table) - n_known)))
        keys: dict[int, bytes] = {
            number: key for key, number in zip(analyst.keys(), facts.key_order.tolist(), strict=True)
        }
        first_tokens = [0, *accumulate(facts.n_tokens.tolist())]
        for chunk, number in zip(found.chunks(), numbers, strict=True):
            tokens = analyser.tokens(chunk)
            assert facts.flags[number] == flags(chunk)
            assert facts.may_credit[number] == may_credit(chunk)
            core = facts.core[number]
            assert facts.n_words[core] == sum(not token.is_overlay for token in tokens)
            here = slice(first_tokens[core], first_tokens[core + 1])
            assert [keys[key] for key in facts.token_key[here]] == [
                f"{token.term}\n{token.surface}".encode() for token in tokens
            ]
            assert facts.token_position[here].tolist() == [token.position for token in tokens]


def test_no_texts_have_no_chunks() -> None:
    found = scan([], [])
    assert found.chunks() == []
    assert not len(found.line_chunks)
    assert ChunkTable().number(found).dtype == np.uint32
