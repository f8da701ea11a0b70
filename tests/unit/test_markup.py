import re
from collections.abc import Callable

import pytest
from markdown_it import MarkdownIt

from searcher import markup

ON, OFF = "\x1b[1;31m", "\x1b[0m"

commonmark = MarkdownIt("commonmark")
gfm = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def rendered(text: str, marks: list[tuple[int, int]]) -> str:
    """HTML of the Markdown, the same under CommonMark and with GFM's tables and strikethrough."""
    source = markup.markdown(text, marks)
    assert commonmark.render(source) == gfm.render(source)
    return str(commonmark.render(source)).removesuffix("\n")


# plain and safe


def test_white_space_runs_become_one_space_on_one_line() -> None:
    assert markup.plain("a \t\r\n\n\u00a0\u2028b\x0b\x85\x1fc") == "a b c"


@pytest.mark.parametrize(
    "line_break", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028"]
)
def test_every_line_break_becomes_a_newline_where_lines_are_kept(line_break: str) -> None:
    assert markup.plain(f"a{line_break}b", one_line=False) == "a\nb"


def test_white_space_other_than_line_breaks_and_tabs_is_kept_where_lines_are_kept() -> None:
    assert markup.plain("  a\t b\u00a0c\n\n\nd ", one_line=False) == "  a  b\u00a0c\n\n\nd "


@pytest.mark.parametrize(
    "char",
    [
        *map(chr, range(9)), *map(chr, range(14, 28)), "\x7f", "\x80", "\x84", "\x86", "\x9b", "\x9f", "\ud800", chr(0xDFFF),
        *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x2070)), "\ufff9", "\ufffe", "\U0010ffff",
    ],
)  # fmt: skip
def test_dangerous_characters_are_replaced_one_for_one(char: str) -> None:
    assert markup.plain(f"a{char}b") == markup.plain(f"a{char}b", one_line=False) == "a\ufffdb"
    assert markup.ansi(f"a{char}b", []) == "a\ufffdb"
    assert markup.markdown(f"a{char}b", []) == "a\ufffdb"


@pytest.mark.parametrize(
    "char", ["\u200d", "\u200c", "\u00ad", "\ufe0f", "\u200e", "\u0301", "\U000e0067", "ə", "\ue000"]
)
def test_invisible_characters_that_writing_needs_stay(char: str) -> None:
    assert markup.plain(f"a{char}b") == f"a{char}b"
    assert markup.html(f"a{char}b", []) == f"a{char}b"
    assert markup.markdown(f"a{char}b", []) == f"a{char}b"


def test_escape_sequences_lose_their_escape_character() -> None:
    assert markup.plain("\x1b]0;title\x07 \x1b[2J") == "\ufffd]0;title\ufffd \ufffd[2J"


def test_safe_text_is_one_plain_line() -> None:
    assert markup.safe("a\r\n\x1b[31mb\u202ec") == "a \ufffd[31mb\ufffdc"


# ansi


def test_each_mark_is_switched_on_and_off() -> None:
    assert markup.ansi("one two three", [(0, 3), (8, 13)]) == f"{ON}one{OFF} two {ON}three{OFF}"


def test_adjoining_marks_stay_two_on_a_terminal() -> None:
    assert markup.ansi("ab", [(0, 1), (1, 2)]) == f"{ON}a{OFF}{ON}b{OFF}"


def test_a_mark_over_a_line_break_covers_both_words_on_one_line() -> None:
    assert markup.ansi("ethnic\r\n  cleansing", [(0, 19)]) == f"{ON}ethnic cleansing{OFF}"


def test_a_mark_is_closed_at_the_end_of_each_line_where_lines_are_kept() -> None:
    text = "an ethnic\r\n cleansing"
    assert markup.ansi(text, [(3, 21)], one_line=False) == f"an {ON}ethnic{OFF}\n {ON}cleansing{OFF}"


def test_a_mark_that_ends_inside_white_space_loses_no_word() -> None:
    assert markup.ansi("a  b  c", [(2, 5)]) == f"a {ON}b{OFF} c"
    assert markup.ansi("a\r\nb", [(0, 2), (2, 4)], one_line=False) == f"{ON}a{OFF}\n{ON}b{OFF}"


@pytest.mark.parametrize("marks", [[(-1, 1), (2, 99)], [(0, 1), (2, 3), (3, 9), (50, 60)]])
def test_marks_outside_the_text_are_clipped(marks: list[tuple[int, int]]) -> None:
    assert markup.ansi("abc", marks) == f"{ON}a{OFF}b{ON}c{OFF}"
    assert markup.html("abc", marks) == "<mark>a</mark>b<mark>c</mark>"
    assert markup.markdown("abc", marks) == "**a**b**c**"


@pytest.mark.parametrize("render", [markup.ansi, markup.html, markup.markdown])
def test_empty_marks_leave_no_trace(render: Callable[..., str]) -> None:
    assert render("abc", [(1, 1), (2, 2)]) == "abc"


def test_blank_marks_leave_no_trace_where_they_would_not_show() -> None:
    assert markup.ansi("a b", [(1, 2)]) == "a b"
    assert markup.markdown("a b", [(1, 2)]) == "a b"


# html


def test_html_escapes_both_quotes_and_the_three_brackets_of_markup() -> None:
    assert markup.html("""<a href="x" title='y'>&amp;</a>""", []) == (
        "&lt;a href=&quot;x&quot; title=&#x27;y&#x27;&gt;&amp;amp;&lt;/a&gt;"
    )


def test_html_marks_go_around_escaped_characters() -> None:
    assert markup.html("a<b>c", [(1, 2), (2, 4)]) == "a<mark>&lt;</mark><mark>b&gt;</mark>c"


def test_html_keeps_white_space_and_replaces_controls() -> None:
    assert markup.html(" a\t\r\n\n\f b \u2028\x00\x1b\x9f\ud800\ufdd0\U0001ffff", []) == (
        " a\t\r\n\n\f b \u2028\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd"
    )


def test_html_keeps_control_white_space_as_allowed_white_space() -> None:
    assert markup.html("\x0b\x1c\x1d\x1e\x85\x1f", []) == "\n\n\n\n\n "


def test_html_keeps_direction_controls() -> None:
    assert markup.html("\u2067abc\u2069", []) == "\u2067abc\u2069"


# markdown


@pytest.mark.parametrize(
    "text",
    [
        "# heading", "#heading", "- item", "+ item", "* item", "1. item", "12) item", "> quote", "=== ", "---", "***",
        "___", "```code", "~~~", "    code", "\tcode", "[a]: http://b", "[a](b)", "![a](b)", "<b>bold</b>", "<!-- -->",
        "`code`", "*a* **b** __c__ _d_", "~~gone~~", "a\\b", "a\\", "&amp; &#35; &#x23; &copy;", "AT&T", "<http://a.b>",
        "- - -", ": definition", "$5 and $6", "| a |", "\u3000\u3000indented",
    ],
)  # fmt: skip
@pytest.mark.parametrize("before", ["", "title\n", "title\n\n", "title\r\n   "])
def test_markdown_shows_text_as_written(text: str, before: str) -> None:
    shown = rendered(before + text, [])
    assert re.findall("<[^>]*>", shown) == ["<p>", "</p>"] * (2 if before == "title\n\n" else 1)
    text_shown = re.sub("<[^>]*>", "", shown)
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text_shown = text_shown.replace(entity, char)
    assert text_shown.split() == (before + text).split()


def test_markdown_tables_do_not_arise() -> None:
    assert rendered("| a | b |\n|---|---|\n| c | d |", []).startswith("<p>| a | b |")
    assert markup.markdown("a\n:-:\nb", []) == "a\n\\:-:\nb"  # GFM needs no bar for a table of one column


@pytest.mark.parametrize(
    ("text", "mark", "expected"),
    [
        ("non-combatants", (4, 14), "non-<strong>combatants</strong>"),
        ("non-combatants", (3, 14), "non<strong>-combatants</strong>"),
        ("cleansing", (0, 5), "<strong>clean</strong>sing"),
        ("cleansing", (2, 5), "cl<strong>ean</strong>sing"),
        ("U.S.backed", (0, 4), "<strong>U.S.</strong>backed"),
        ("the“U.S.”of", (3, 9), "the<strong>“U.S.”</strong>of"),
        ("5€each", (1, 2), "5<strong>€</strong>each"),
        ("5$each", (1, 2), "5<strong>$</strong>each"),
        ("a*b*c", (1, 4), "a<strong>*b*</strong>c"),
        ("**", (0, 1), "<strong>*</strong>*"),
        ("a\\b", (1, 2), "a<strong>\\</strong>b"),
        ("e\u0301\u2026e\u0301", (2, 3), "e\u0301<strong>\u2026</strong>e\u0301"),
        ("x\x07y", (1, 2), "x<strong>\ufffd</strong>y"),
        ("(war)", (1, 4), "(<strong>war</strong>)"),
        ("the war ends", (3, 8), "the <strong>war</strong> ends"),
        ("see www.aliyev.az now", (8, 14), "see www.<strong>aliyev</strong>.az now"),
    ],
)
def test_markdown_marks_render_wherever_they_stand(text: str, mark: tuple[int, int], expected: str) -> None:
    assert rendered(text, [mark]) == f"<p>{expected}</p>"


def test_a_letter_between_two_marks_of_punctuation_is_referenced_once() -> None:
    assert rendered("(a)x(b)", [(0, 3), (4, 7)]) == "<p><strong>(a)</strong>x<strong>(b)</strong></p>"


def test_adjoining_marks_are_one_in_markdown() -> None:
    assert markup.markdown("ethniccleansing", [(0, 6), (6, 15)]) == "**ethniccleansing**"


def test_a_mark_over_a_soft_break_is_one_and_over_paragraphs_is_two() -> None:
    assert markup.markdown("a ethnic\r\n   cleansing b", [(2, 22)]) == "a **ethnic\ncleansing** b"
    assert markup.markdown("a ethnic\n \t\n cleansing b", [(2, 22)]) == "a **ethnic**\n\n**cleansing** b"


def test_white_space_that_would_act_as_markup_goes() -> None:
    assert markup.markdown("\n    a  b   \n\n\n\tc\n", []) == "a b\n\nc"


def test_addresses_do_not_become_links() -> None:
    assert markup.markdown("https://www.a.az and www.b.az", []) == "https\\://www\\.a.az and www\\.b.az"
