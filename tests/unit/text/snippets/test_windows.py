import re
from collections import Counter

import pytest

from searcher.model import Span
from searcher.text.snippets import characters, windows
from searcher.text.snippets.windows import best_window


def marked(source: str) -> tuple[str, list[Span], list[int], list[int]]:
    """Read ``|`` as the start of a sentence and ``<2 word>`` as a mark of group 2."""
    text, marks, groups, starts = "", [], [], [0]
    for piece in re.split(r"(\||<\d [^>]*>)", source):
        if piece == "|":
            starts.append(len(text))
        elif piece.startswith("<"):
            marks.append(Span(len(text), len(text) + len(piece) - 4))
            groups.append(int(piece[1]))
            text += piece[3:-1]
        else:
            text += piece
    return text, marks, groups, starts


def window(source: str, width: int) -> str:
    text, marks, groups, starts = marked(source)
    start, end = best_window(text, Span(0, len(text)), marks, groups, starts, width=width)
    return text[start:end]


# which sentences


def test_more_different_groups_beat_more_marks() -> None:
    assert (
        window("<0 War>, <0 war>, <0 war>. |Then <0 war> and <1 peace>. |End.", 20) == "Then war and peace."
    )


def test_more_marks_beat_an_earlier_sentence() -> None:
    assert window("One <0 war> then. |Two <0 war> <0 war>. |None here.", 14) == "Two war war."


def test_the_earliest_of_equal_sentences_wins() -> None:
    assert window("No. |One <0 war>. |No, no. |Two <0 war>. |No.", 8) == "One war."


def test_neighbouring_sentences_with_other_words_are_shown_together() -> None:
    assert (
        window("<0 War>. |Much between. |More <0 war>. |Then <1 peace>. |Rest.", 24)
        == "More war. Then peace."
    )


def test_a_window_grows_by_what_follows_before_what_precedes() -> None:
    source = "Before it. |The <0 war>. |After it."
    assert window(source, 20) == "The war. After it."
    assert window(source, 29) == "Before it. The war. After it."


def test_a_window_grows_backwards_where_what_follows_does_not_fit() -> None:
    assert window("Before. |The <0 war>. |And a long sentence after it.", 20) == "Before. The war."


def test_a_window_holds_exactly_its_width_at_most() -> None:
    assert window("The <0 war>. |After it.", 18) == "The war. After it."
    assert window("The <0 war>. |After it.", 17) == "The war."


def test_a_passage_that_fits_is_shown_whole() -> None:
    assert window("One. |Two <0 war>. |Three.", 240) == "One. Two war. Three."


def test_sentences_that_share_a_mark_stay_together() -> None:
    text = "First. In the U.S. Army now. Last."
    starts = [0, 7, 19, 29]
    start, end = best_window(text, Span(0, 34), [Span(14, 23)], [0], starts, width=21)
    assert text[start:end] == "In the U.S. Army now."
    text = "He came first. In the U.S. Army now."
    start, end = best_window(text, Span(0, 36), [Span(8, 13), Span(22, 31)], [0, 0], [0, 15, 27], width=27)
    assert text[start:end] == "He came first."


# the lead


def test_without_marks_the_lead_is_shown() -> None:
    assert window("One here. |Two here. |Three here.", 20) == "One here. Two here."


def test_without_marks_a_long_first_sentence_is_cut_behind_a_word() -> None:
    assert window("Shelling continued all night long.", 20) == "Shelling continued"


def test_a_short_sentence_is_filled_up_with_the_beginning_of_a_long_one() -> None:
    assert (
        window("BAKU. |Shelling continued all night long, people said.", 30) == "BAKU. Shelling continued all"
    )


# long sentences


def test_a_long_sentence_is_shown_from_its_start_where_the_mark_is_near() -> None:
    source = "Officials said that <0 shelling> continued all night long."
    assert window(source, 30) == "Officials said that shelling"


def test_a_mark_far_inside_a_long_sentence_has_context_on_both_sides() -> None:
    source = "All the officials in the town said that <0 shelling> continued all night long without end."
    assert window(source, 30) == "said that shelling continued"


def test_a_mark_at_the_end_of_a_long_sentence_gets_all_the_context_before_it() -> None:
    assert (
        window("All the officials in the town said it was <0 shelling>.", 30)
        == "the town said it was shelling."
    )


def test_the_richest_part_of_a_long_sentence_is_shown() -> None:
    source = (
        "The <0 war> in which so many of them died ended when <0 war> met <1 peace> at last in the hills."
    )
    assert window(source, 30) == "when war met peace at last in"


def test_the_end_of_a_long_sentence_is_shown_with_the_next_for_the_sake_of_another_word() -> None:
    source = "In the town nobody at all remembered the <0 war>. |Now <1 peace>. |Unmarked."
    assert window(source, 25) == "the war. Now peace."


def test_a_hyphenated_word_is_shown_whole_around_its_mark() -> None:
    source = "It was in all the villages of Nagorno-<0 Karabakh>, people in many other places said."
    assert window(source, 30) == "of Nagorno-Karabakh, people in"


@pytest.mark.parametrize("width", [1, 5, 20])
def test_a_mark_longer_than_the_width_is_shown_whole(width: int) -> None:
    assert window("It was <0 a very long list of words> there. |More.", width) == "a very long list of words"


def test_a_window_does_not_grow_into_a_part_of_another_mark() -> None:
    assert window("In <0 war> they were <0 side by side> for many years", 20) == "In war they were"
    assert window("For very many years <0 side by side> in <1 war> and <2 peace>", 18) == "in war and peace"


def test_marks_that_stick_to_long_words_are_shown_within_the_width() -> None:
    assert window("See aaaaaaaaaaaaaaaaaaaa<0 war>bbbbbbbbbbbbbbbbbbbbbbbb there.", 9) == "aaawarbbb"


# characters


@pytest.mark.parametrize(
    "character",
    [
        "e\u0301", "क्\u200dष", "क्ष", "👩\u200d👩\u200d👧", "👍🏽", "❤\ufe0f", "1\ufe0f\u20e3", "🏴\U000e0067\U000e007f", "🇦🇿",
        "\u1112\u1161\u11ab", "\ud83d\ude00", "กำ", "ｶﾞ", "葛\U000e0100",
    ],
)  # fmt: skip
def test_no_character_is_split(character: str) -> None:
    text = character * 9
    for width in range(1, 20):
        shown = window(text, width)
        assert shown
        assert shown == character * (len(shown) // len(character))
        start, end = best_window(
            text,
            Span(0, len(text)),
            [Span(4 * len(character), 4 * len(character) + 1)],
            [0],
            [0],
            width=width,
        )
        assert start % len(character) == end % len(character) == 0
        assert start <= 4 * len(character) < end


def test_scripts_without_spaces_are_cut_at_characters() -> None:
    assert window("战争在山中持续了许多年<0 和平>终于在去年秋天到来", 8) == "许多年和平终于在"
    assert (
        window("战争在山中持续了许多年 人们等待<0 和平>终于在秋天到来", 16)
        == "多年 人们等待和平终于在秋天到来"
    )
    assert window("人们说战争<0 和平>在BBC说", 4) == "争和平在"


def test_punctuation_of_such_scripts_stays_with_its_words() -> None:
    assert window("战争在山中持续了多年，人<0 和平>终于在秋天到来", 7) == "人和平终于在秋"
    assert window("战争在山中<0 和平>终「于在秋天到来」", 6) == "在山中和平终"


# edges


@pytest.mark.parametrize("between", [",", "." * 40, "/peace-talks/"])
def test_a_word_that_holds_many_marks_is_gone_through_once(
    monkeypatch: pytest.MonkeyPatch, between: str
) -> None:
    text = between.join(["war"] * 200)
    looked_at = Counter[int]()

    def starts_word(text: str, at: int) -> bool:
        looked_at[at] += 1
        return characters.starts_word(text, at)

    monkeypatch.setattr(windows, "starts_word", starts_word)
    marks = [Span(*found.span()) for found in re.finditer("war", text)]
    start, end = best_window(text, Span(0, len(text)), marks, [0] * len(marks), [0])
    assert 0 < end - start <= 320
    assert looked_at.total() < 4 * len(text)


def test_a_window_has_no_white_space_at_its_ends() -> None:
    assert window(" \n One. |\n\n The <0 war>.\n\n|After. \n", 8) == "The war."
    assert window(" \n One. |\n\n The <0 war>.\n\n|After. \n", 80) == "One. \n\n The war.\n\nAfter."


def test_a_blank_passage_gives_an_empty_window() -> None:
    start, end = best_window("a \n b", Span(1, 4), [], [], [1])
    assert start == end


def test_offsets_are_those_of_the_article() -> None:
    text = "Another passage.\n\nFirst. The war. Last.\n\nAnother."
    passage = Span(18, 39)
    assert best_window(text, passage, [Span(29, 32)], [7], [18, 25, 34], width=8) == Span(25, 33)
    assert best_window(text, passage, [Span(29, 32)], [7], [18, 25, 34], width=80) == passage
    assert best_window(text, passage, [], [], [18, 25, 34], width=80) == passage


def test_sentence_starts_may_leave_out_the_passage_start() -> None:
    assert best_window("One. Two.", Span(0, 9), [], [], [5], width=5) == Span(0, 4)


def test_a_width_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="not 0"):
        best_window("a", Span(0, 1), [], [], [0], width=0)


def test_every_mark_needs_its_group() -> None:
    with pytest.raises(ValueError, match="2 marks and 1 groups"):
        best_window("a b", Span(0, 3), [Span(0, 1), Span(2, 3)], [0], [0])
