"""Whatever Unicode an article holds: its words are found, its passages lose nothing, and chunks are the same from anywhere."""

import re
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searcher import Article, Span, build_index, open_index
from searcher.storage.snapshot import open_snapshot
from searcher.text.layout.passages import MOST
from searcher.text.words.analysis import Analyser, Token, core_of
from searcher.text.words.chunks import MAX_CHUNK_WORDS, split, split_spans
from searcher.text.words.words import word_spans

ANALYSER = Analyser()
APOSTROPHES = "'’ʼ´`‘‛＇"
PIECES = st.sampled_from(
    [
        *"ab1.,'’´`-‐‑_&@/",
        *(
            "war",
            "Wars",
            "cease-fire",
            "Cease‐fires",
            "ceasefire",
            "town's",
            "x’s-eye",
            "U.S.",
            "US",
            "UN",
            "us",
        ),
        *("100,437", "1,2,345", "3.5", "1.2.3", "5½", "½", "²", "ª", "\u0663", "3\u0301", "A\u030a½"),
        *(
            "\u0301",
            "\u0308",
            "\u0327",
            "e\u0301",
            "é",
            "Å",
            "\u00ad",
            "\u200b",
            "\u200d",
            "\ufeff",
            "\u0600",
        ),
        *(
            "中",
            "停戦",
            "。",
            "！」",
            "か\u3099",
            "㌁",
            "\ufdfa",
            "ก",
            "\u0e33",
            "한",
            "\u1112\u1161\u11ab",
            "\u1100",
        ),
        *("İ", "ı", "ß", "ŉ", "ﬁ", "Ǆ", "ς", "ΐ", "ǰ", "\U0001d400", "ʼ", "🙂", "dying's", "in-ning"),
    ]
)
SPACES = st.sampled_from([" ", " ", " ", "\n", "\n\n", "\u3000", "\x1c", "\xa0", "\u2028"])
CHARACTERS = st.characters(exclude_categories=["Cs"])
TEXTS = st.lists(st.one_of(PIECES, PIECES, SPACES, CHARACTERS), max_size=40).map("".join)
UNSPACED = st.builds(
    lambda pieces, times: "".join(pieces) * times,
    st.lists(st.one_of(PIECES, st.sampled_from("1,.")), min_size=1, max_size=30),
    st.integers(1, 40),
)
LONG_TEXTS = st.lists(st.one_of(TEXTS, UNSPACED, SPACES), max_size=8).map("".join)


def _words(text: str) -> list[tuple[Span, Token]]:
    """The tokens of a text, overlays aside, and where they stand in it."""
    return [
        (Span(chunk.start + token.start, chunk.start + token.end), token)
        for chunk in split_spans(text, 0, len(text))
        for token in ANALYSER.tokens(text[chunk.start : chunk.end])
        if not token.is_overlay
    ]


def _overlaps(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


@given(LONG_TEXTS)
@example("㌁" * 40)
def test_chunks_hold_every_character_that_is_not_blank_once(text: str) -> None:
    spans = split_spans(text, 0, len(text))
    covered = [at for start, end in spans for at in range(start, end)]
    assert covered == [at for at in range(len(text)) if not text[at].isspace()]
    assert [text[start:end] for start, end in spans] == split(text)


@given(LONG_TEXTS)
@example("run-s")
@example("½" * 100)
@example("\u0e33" * 100)
@example("ﷺ" * 100)
def test_tokens_of_a_chunk_keep_their_invariants(text: str) -> None:
    for chunk in split(text):
        tokens = ANALYSER.tokens(chunk)
        words = [token for token in tokens if not token.is_overlay]
        assert len(words) <= MAX_CHUNK_WORDS
        assert [token.position for token in words] == list(range(len(words)))
        assert [Span(token.start, token.end) for token in words] == list(word_spans(chunk))
        assert len({(token.term, token.position) for token in tokens}) == len(tokens)
        for token in tokens:
            assert token.surface
            assert token.term
            assert 0 <= token.start < token.end <= len(chunk)
            assert not re.search(r"\s", token.surface + token.term)
            assert token.width == token.surface.count("-") + 1
            assert token.is_overlay or token.width == 1
            assert token.position + token.width <= len(words)


@given(
    st.lists(
        st.one_of(PIECES, st.sampled_from("\"'()*,-./:;?[]_`{}–—‘’“”…! US us USs UK's")), max_size=8
    ).map("".join)
)
@example("‘’s")
@example(",100,437,")
@example(".5.")
@example("'US'")
@example("US's")
def test_tokens_depend_on_the_core_of_a_chunk_alone(text: str) -> None:
    for chunk in split(text):
        whole, core = (
            [token._replace(start=0, end=0) for token in ANALYSER.tokens(part)]
            for part in (chunk, core_of(chunk))
        )
        assert whole == core


@given(TEXTS)
def test_span_of_a_word_slices_back_to_that_word(text: str) -> None:
    words = _words(text)
    for i, (span, token) in enumerate(words):
        beside = words[max(i - 1, 0) : i] + words[i + 1 : i + 2]
        if any(_overlaps(span, other) for other, _ in beside):
            continue  # one character of the text that is several words
        again = [found for _, found in _words(text[slice(*span)])]
        assert [(found.surface, found.term) for found in again] == [(token.surface, token.term)]


@given(UNSPACED)
@example("a" * 64 + "1,234" * 40)
@example("1," * 200 + "345")
@example("a.1,2,345." * 31)
@example("㌁" * 40)
def test_long_runs_are_cut_the_same_from_any_chunk_to_any_other(text: str) -> None:
    spans = split_spans(text, 0, len(text))
    edges = [span.start for span in spans]
    for i, start in enumerate(edges):
        assert split_spans(text, start, len(text)) == spans[i:]
        assert split_spans(text, 0, spans[i].end) == spans[: i + 1]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> "_Folders":
    return _Folders(tmp_path_factory.mktemp("indexes"))


class _Folders:
    """Builds indexes, each in a folder of its own."""

    def __init__(self, parent: Path) -> None:
        self._parent = parent
        self._numbers = count()

    def build(self, articles: list[Article]) -> Path:
        folder = self._parent / str(next(self._numbers))
        build_index(articles, folder)
        return folder


@settings(max_examples=40)
@given(texts=st.lists(LONG_TEXTS, min_size=1, max_size=12), body_start=st.integers(0, 20))
def test_passages_hold_every_character_behind_the_front_matter_once(
    folders: _Folders, texts: list[str], body_start: int
) -> None:
    articles = [
        Article(address=f"{i:03}", text=text, body_start=min(body_start, len(text)))
        for i, text in enumerate(texts)
    ]
    (live,) = open_snapshot(folders.build(articles)).segments
    columns = live.segment.columns
    for number, article in enumerate(articles):
        here = (columns["passage_article"] == number).nonzero()[0]
        spans = [(int(columns["passage_start"][i]), int(columns["passage_end"][i])) for i in here]
        covered = [at for start, end in spans for at in range(start, end) if not article.text[at].isspace()]
        assert covered == [
            at for at in range(article.body_start, len(article.text)) if not article.text[at].isspace()
        ]
        lengths = [
            sum(len(word_spans(article.text[slice(*chunk)])) for chunk in split_spans(article.text, *span))
            for span in spans
        ]
        assert lengths == columns["passage_length"][here].tolist()
        assert all(0 < length <= MOST for length in lengths) or len(lengths) == 1
    assert np.all(columns["passage_start"] <= columns["passage_end"])


@settings(max_examples=30)
@given(texts=st.lists(TEXTS, min_size=1, max_size=12))
def test_every_word_of_a_text_finds_it_and_is_marked(folders: _Folders, texts: list[str]) -> None:
    articles = [Article(address=f"{i:03}", text=text) for i, text in enumerate(texts)]
    with open_index(folders.build(articles)) as index:
        for number, text in enumerate(texts):
            words = [span for span, _ in _words(text)]
            for span, typed in _typed(text, words):
                found = index.search(f"kind:any {typed}", limit=1000, match="any")
                marks = [mark for hit in found if hit.article.address == f"{number:03}" for mark in hit.marks]
                assert any(mark.start <= span.start and span.end <= mark.end for mark in marks), typed


def _typed(text: str, words: list[Span]) -> list[tuple[Span, str]]:
    """What a reader of a text may type: its words as they stand, as phrase, in any form, and loose."""
    queries: dict[str, Span] = {}
    for match in re.finditer(r"[^\W_]+", text):
        covering = [span for span in words if _overlaps(span, Span(*match.span()))]
        if not covering:
            assert not match.group().strip(APOSTROPHES)
            continue
        span = _whole_words(words, covering)
        written = text[slice(*span)]
        queries |= {f'"{written}"': span, f'stem:"{written}"': span}
        if written not in ("AND", "OR", "NOT"):
            queries[written] = span
    return [(span, typed) for typed, span in queries.items()]


def _whole_words(words: list[Span], covering: list[Span]) -> Span:
    """Widen to whole words: one character may belong to two, as in 5½."""
    while True:
        span = Span(covering[0].start, covering[-1].end)
        wider = [word for word in words if _overlaps(word, span)]
        if wider == covering:
            return span
        covering = wider
