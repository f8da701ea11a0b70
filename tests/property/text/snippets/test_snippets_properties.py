from itertools import pairwise
from unicodedata import category

import regex  # type: ignore[import-untyped]  # ships no type information
from hypothesis import given
from hypothesis import strategies as st

from searcher.model import Span
from searcher.text.snippets.characters import continues_character, end_of_solid, first_solid, starts_word
from searcher.text.snippets.windows import _Cuts, best_window

CHARACTERS = [
    "a",
    "b",
    "-",
    ",",
    "é",
    "e\u0301",
    "👩\u200d🚀",
    "👍🏽",
    "🇦🇿",
    "❤\ufe0f",
    "क्ष",
    "한",
    "和",
    "。",
    "「",
    "ไ",
    "กำ",
]
SPACES = [" ", " ", " ", "\n", "  ", "\u3000", "\r\n"]

Case = tuple[str, Span, list[Span], list[int], list[int], int]


@st.composite
def articles(draw: st.DrawFn) -> Case:
    """Text of whole characters, marks that begin and end with a character, sentences anywhere."""
    drawn = draw(
        st.lists(st.one_of(st.sampled_from(CHARACTERS), st.sampled_from(CHARACTERS + SPACES)), max_size=60)
    )
    text = "".join(drawn)
    offsets = st.integers(0, len(text))
    passage = draw(
        st.one_of(st.just(Span(0, len(text))), st.tuples(offsets, offsets).map(lambda at: Span(*sorted(at))))
    )
    inside = st.integers(passage.start, passage.end)
    edges = sorted({passage.start, *draw(st.lists(inside, min_size=3, max_size=12))})
    marks = [
        Span(start, end)
        for start, end in pairwise(edges)
        if not text[start].isspace() and not text[end - 1].isspace() and draw(st.integers(0, 3))
    ]
    groups = draw(st.lists(st.integers(0, 3), min_size=len(marks), max_size=len(marks)))
    starts = sorted({passage.start, *draw(st.lists(inside, max_size=4))})
    return text, passage, marks, groups, starts, draw(st.integers(1, 20))


@st.composite
def articles_of_short_sentences(draw: st.DrawFn) -> Case:
    """Sentences of words that all fit, some words marked."""
    text = ""
    starts: list[int] = []
    marks: list[Span] = []
    groups: list[int] = []
    for words in draw(
        st.lists(st.lists(st.integers(-9, 4), min_size=1, max_size=6), min_size=1, max_size=12)
    ):
        text += draw(st.sampled_from(["", " ", "\n\n"])) if starts else ""
        starts.append(len(text))
        for group in words:
            start = len(text)
            text += "w" * (abs(group) + 1)
            if group >= 0:
                marks.append(Span(start, len(text)))
                groups.append(group)
            text += " "
        text = text[:-1] + "."
    longest = max(end - start for start, end in pairwise([*starts, len(text)]))
    return text, Span(0, len(text)), marks, groups, starts, draw(st.integers(longest, 3 * longest))


def held(window: Span, marks: list[Span]) -> list[int]:
    return [at for at, mark in enumerate(marks) if window.start <= mark.start and mark.end <= window.end]


@given(articles())
def test_a_window_lies_inside_the_passage_with_no_white_space_at_its_ends(case: Case) -> None:
    text, passage, marks, groups, starts, width = case
    start, end = best_window(text, passage, marks, groups, starts, width=width)
    assert passage.start <= start <= end <= passage.end
    assert text[start:end] == text[start:end].strip() or category(text[start + 1])[0] == "M"
    assert (start < end) == bool(text[passage.start : passage.end].strip())


@given(articles())
def test_no_mark_is_cut_and_one_is_shown_if_there_is_any(case: Case) -> None:
    text, passage, marks, groups, starts, width = case
    window = best_window(text, passage, marks, groups, starts, width=width)
    touched = [
        at for at, mark in enumerate(marks) if max(window.start, mark.start) < min(window.end, mark.end)
    ]
    assert touched == held(window, marks)
    assert touched or not marks


@given(articles())
def test_no_character_is_split_inside_the_passage(case: Case) -> None:
    text, passage, marks, groups, starts, width = case
    window = best_window(text, passage, marks, groups, starts, width=width)
    boundaries = {0, *(match.end() for match in regex.finditer(r"\X", text))}
    assert {window.start, window.end} <= boundaries | set(passage)


@given(articles())
def test_only_one_mark_or_character_is_shown_longer_than_the_width(case: Case) -> None:
    text, passage, marks, groups, starts, width = case
    window = best_window(text, passage, marks, groups, starts, width=width)
    inseparable = {at for mark in marks for at in range(mark.start + 1, mark.end)}
    boundaries = {match.end() for match in regex.finditer(r"\X", text)}
    between = range(window.start + 1, window.end)
    assert len(text[window.start : window.end]) <= width or not [
        at for at in between if at in boundaries and at not in inseparable
    ]


@given(articles_of_short_sentences())
def test_sentences_that_fit_are_shown_whole(case: Case) -> None:
    text, _, marks, groups, starts, width = case
    window = best_window(text, Span(0, len(text)), marks, groups, starts, width=width)
    assert window.start in starts
    assert window.end in {len(text[:start].rstrip()) for start in [*starts[1:], len(text)]}
    assert window.end - window.start <= width


@given(articles_of_short_sentences())
def test_no_run_of_sentences_holds_more_groups_or_as_many_with_more_marks(case: Case) -> None:
    text, passage, marks, groups, starts, width = case

    def score(window: Span) -> tuple[int, int]:
        shown = held(window, marks)
        return len({groups[at] for at in shown}), len(shown)

    ends = [len(text[:start].rstrip()) for start in [*starts[1:], len(text)]]
    runs = [Span(start, end) for start in starts for end in ends if 0 < end - start <= width]
    assert score(best_window(text, passage, marks, groups, starts, width=width)) == max(map(score, runs))


@given(articles_of_short_sentences())
def test_a_window_leaves_out_no_sentence_that_would_fit(case: Case) -> None:
    text, passage, marks, groups, starts, width = case
    window = best_window(text, passage, marks, groups, starts, width=width)
    following = [len(text[:start].rstrip()) for start in [*starts[1:], len(text)]]
    assert not [end for end in following if window.end < end and end - window.start <= width]
    assert not [start for start in starts if start < window.start and window.end - start <= width]


@given(articles_of_short_sentences())
def test_without_marks_the_passage_is_shown_from_its_start(case: Case) -> None:
    text, passage, _, _, starts, width = case
    assert best_window(text, passage, [], [], starts, width=width).start == 0


@given(articles())
def test_the_cut_before_or_behind_a_place_is_that_of_all_of_them(case: Case) -> None:
    text, _, marks, _, starts, width = case
    begin = first_solid(text, 0, len(text))
    cuts = _Cuts(text, Span(begin, end_of_solid(text, begin, len(text))), marks, starts, width)
    inner = {at for start, end in marks for at in range(start + 1, end)}

    def parts(start: int, end: int, whole: set[int]) -> list[tuple[int, int]]:
        """Divide what is too long."""
        if end_of_solid(text, start, end) - start <= width:
            return [(start, end)]
        return list(pairwise([start, *sorted(at for at in whole if start < at < end), end]))

    apart = {
        at
        for at in range(1, len(text))
        if at not in inner and not text[at].isspace() and not continues_character(text, at)
    }
    words = {at for at in apart if starts_word(text, at)}
    all_cuts = {
        at
        for sentence in pairwise(cuts._edges)
        for word in parts(*sentence, words)
        for cut in parts(*word, apart)
        for at in cut
    }
    for at in range(len(text) + 1):
        assert cuts.before(at) == max([cut for cut in all_cuts if cut <= at] or [begin])
        assert cuts.behind(at) == min([cut for cut in all_cuts if cut >= at] or [cuts._edges[-1]])
