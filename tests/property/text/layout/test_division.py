import re

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from searcher.model import Kind, Span
from searcher.text.layout.paragraphs import paragraphs, title_of
from searcher.text.layout.passages import MOST, divide
from searcher.text.layout.sentences import ENDS, MAY_END, STARTS, STARTS_SURELY, boundaries, flags
from searcher.text.words.chunks import split
from searcher.text.words.words import word_spans

WORDS = ["the", "talks", "failed", "Poe", "said", "U.S.", "he.", "it,", "war", "and", "peace"]
LINES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "# A b c",
            "===",
            "---",
            "- item",
            "> quote",
            "| row |",
            "***",
            "Photo: Poe",
            "a, b, c",
            "",
            "  ",
            "\t",
        ]
    ),
    st.lists(st.sampled_from(WORDS), max_size=200).map(" ".join),
)
BREAKS = st.sampled_from(
    ["\n", "\n\n", "\r\n", "\r", "\f", "\x85", "\u2028", "\u2029", "\n \n", "\n    ", "\x1c", "\x0b"]
)
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.tuples(LINES, BREAKS), max_size=25).map(lambda ps: "".join(map("".join, ps))),
)


@given(TEXTS, st.integers(0, 50))
@example("\x1c", 0)
def test_every_character_that_is_not_blank_lies_in_exactly_one_paragraph(text: str, body_start: int) -> None:
    found = paragraphs(text, min(body_start, len(text)))
    covered = [at for p in found for at in range(p.start, p.end)]
    assert len(covered) == len(set(covered))
    assert covered == sorted(covered)
    assert {at for at in range(body_start, len(text)) if not text[at].isspace()} <= set(covered)
    assert all(text[p.start : p.end].strip() == text[p.start : p.end] != "" for p in found)
    assert all(p.start >= body_start for p in found)


@given(TEXTS, TEXTS)
def test_given_title_comes_first(title: str, body: str) -> None:
    found = paragraphs(title + "\n" + body, len(title) + 1, Span(0, len(title)))
    has_words = any(word_spans(chunk) for chunk in split(title))
    if has_words:
        assert found[0].kind is Kind.TITLE
        assert title[found[0].start : found[0].end] == title.strip()
    assert all(p.start > len(title) for p in found[has_words:])
    assert found == sorted(found)


@given(TEXTS)
def test_title_is_one_line_and_empty_only_without_words(text: str) -> None:
    found = paragraphs(text)
    title, title_from = title_of(text, found)
    assert title == " ".join(title.split())
    assert bool(title) == bool(text.strip())
    assert title_from in {"heading", "first line", "first words"}


@given(st.text(alphabet=st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=12))
def test_flags_of_a_chunk_are_consistent(chunk: str) -> None:
    found = flags(chunk)
    assert 0 <= found < 16
    assert found & (ENDS | MAY_END) != ENDS | MAY_END
    assert not found & STARTS_SURELY or found & STARTS


@given(TEXTS)
def test_every_chunk_of_a_text_lies_in_exactly_one_passage(text: str) -> None:
    chunks: list[str] = []
    starts, kinds = [], []
    for paragraph in paragraphs(text):
        starts.append(len(chunks))
        kinds.append(paragraph.kind)
        chunks += text[paragraph.start : paragraph.end].split()
    n_words = np.array([min(len(re.findall(r"\w+", chunk)), 64) for chunk in chunks], dtype=np.int64)
    sentence_starts = boundaries(np.array([flags(chunk) for chunk in chunks], dtype=np.uint8))
    sentence_starts[starts] = True
    cuts = divide(np.array(starts, dtype=np.int64), kinds, n_words, sentence_starts)
    assert [at for place in zip(cuts.firsts, cuts.ends, strict=True) for at in range(*place)] == [
        *range(len(chunks))
    ]


@given(st.data())
def test_no_passage_has_more_words_than_it_may_and_none_is_without(data: st.DataObject) -> None:
    n_words = np.repeat(
        np.array(
            data.draw(st.lists(st.one_of(st.just(0), st.integers(0, 64), st.just(1)), max_size=40)),
            dtype=np.int64,
        ),
        data.draw(st.integers(1, 40)),
    )
    n_chunks = len(n_words)
    at = st.lists(st.integers(1, n_chunks - 1), max_size=20, unique=True) if n_chunks > 1 else st.just([])
    starts = sorted([0, *data.draw(at)]) if n_chunks else []
    kinds = [data.draw(st.sampled_from(Kind)) for _ in starts]
    sentence_starts = np.zeros(n_chunks, dtype=np.bool_)
    sentence_starts[starts + data.draw(at)] = True
    cuts = divide(np.array(starts, dtype=np.int64), kinds, n_words, sentence_starts)
    places = list(zip(cuts.firsts.tolist(), cuts.ends.tolist(), strict=True))
    sizes = [int(n_words[first:end].sum()) for first, end in places]
    assert [at for place in places for at in range(*place)] == list(range(n_chunks))
    assert max(sizes, default=0) <= MOST
    assert len(places) <= 1 or min(sizes) > 0
    kind_of = dict(zip(starts, kinds, strict=True))
    chunk_kinds = np.repeat(list(kind_of.values()), np.diff([*starts, n_chunks]))
    for (first, end), kind in zip(places, cuts.kinds.tolist(), strict=True):
        has_words = n_words[first:end] > 0
        assert set(chunk_kinds[first:end][has_words].tolist()) <= {kind}
