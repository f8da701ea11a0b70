import re
from html.parser import HTMLParser
from itertools import pairwise
from unicodedata import category

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from searcher import markup

Marks = list[tuple[int, int]]

SPECIALS = [
    *"&<>\"'\\`*_[]|~#-+=.:1)$;wWaé№€“”…( \t\r\n\f\x0b\x1b\x85\x9b\u2028\u00a0\u3000\u202e\u200d\ufe0f\u0301",
    "&amp;", "&#65;", "://", "www.", "1. ", "\n\n", "\r\n", "    ", "\ud83d", "👩\u200d🚀", "\ufffe", "\x1b[31m", "<b>", "**",
]  # fmt: skip
any_text = st.text(st.characters(exclude_categories=[]), max_size=30)
texts = st.one_of(any_text, st.lists(st.sampled_from(SPECIALS), max_size=25).map("".join))


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, Marks]:
    text = draw(texts)
    at = draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True).map(sorted))
    return text, [span for span in pairwise(at) if draw(st.booleans())]


class Reader(HTMLParser):
    """Reads back the text and, for every element of one name, the spans it covers."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.name = name
        self.text = ""
        self.tags: list[str] = []
        self.spans: Marks = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs
        self.tags.append(tag)
        if tag == self.name:
            self.spans.append((len(self.text), -1))

    def handle_endtag(self, tag: str) -> None:
        if tag == self.name:
            self.spans[-1] = (self.spans[-1][0], len(self.text))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(source: str, name: str) -> Reader:
    reader = Reader(name)
    reader.feed(source)
    reader.close()
    return reader


def is_noncharacter(char: str) -> bool:
    return ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF


def is_dangerous(char: str) -> bool:
    """Category and bidirectional class are not what the code looks at."""
    is_bidi = char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    return category(char) in ("Cc", "Cs", "Zl", "Zp") or is_bidi or is_noncharacter(char)


@given(marked_texts())
def test_html_parsed_back_is_the_text_with_its_marks(marked: tuple[str, Marks]) -> None:
    text, marks = marked
    reader = read(markup.html(text, marks), "mark")
    assert reader.spans == marks
    assert reader.tags == ["mark"] * len(marks)
    assert len(reader.text) == len(text)
    for written, shown in zip(text, reader.text, strict=True):
        is_allowed = category(written) not in ("Cc", "Cs") and not is_noncharacter(written)
        if is_allowed or written in "\t\n\f\r":
            assert shown == written
        else:
            assert shown in (" \n" if written.isspace() else "\ufffd")


@given(marked_texts())
def test_html_holds_no_character_that_html_forbids(marked: tuple[str, Marks]) -> None:
    source = markup.html(*marked)
    source.encode()
    assert not [char for char in source if category(char) == "Cc" and char not in "\t\n\f\r"]


@given(marked_texts(), st.booleans())
def test_ansi_without_its_codes_is_plain(marked: tuple[str, Marks], one_line: bool) -> None:
    text, marks = marked
    shown = markup.ansi(text, marks, one_line=one_line)
    assert re.sub(r"\x1b\[[\d;]*m", "", shown) == markup.plain(text, one_line=one_line)


@given(marked_texts(), st.booleans())
def test_exactly_the_marked_characters_are_bold(marked: tuple[str, Marks], one_line: bool) -> None:
    text, marks = marked
    shown = markup.ansi(text, marks, one_line=one_line)
    bold = "".join(re.findall(r"\x1b\[1;31m(.+?)\x1b\[0m", shown))  # the dot: no line break inside
    assert (
        shown.count("\x1b[1;31m")
        == shown.count("\x1b[0m")
        == len(re.findall(r"\x1b\[1;31m.+?\x1b\[0m", shown))
    )
    assert "".join(bold.split()) == "".join(
        markup.plain(text[start:end]).replace(" ", "") for start, end in marks
    )


@given(texts)
def test_nothing_dangerous_reaches_a_terminal(text: str) -> None:
    assert not [char for char in markup.plain(text) if is_dangerous(char)]
    assert not [char for char in markup.plain(text, one_line=False) if is_dangerous(char) and char != "\n"]
    assert not [char for char in markup.markdown(text, []) if is_dangerous(char) and char != "\n"]
    assert not re.search(r"\s\s|[^\S ]", markup.plain(text))


@given(texts)
def test_every_character_that_shows_stays_or_is_visibly_replaced(text: str) -> None:
    written = [char for char in text if not char.isspace()]
    shown = [char for char in markup.plain(text) if not char.isspace()]
    for before, after in zip(written, shown, strict=True):
        assert after == before or (after == "\ufffd" and category(before) in ("Cc", "Cf", "Cn", "Cs"))


@given(marked_texts())
def test_markdown_rendered_is_the_text_with_its_marks(marked: tuple[str, Marks]) -> None:
    text, marks = marked
    rendered = (
        MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markup.markdown(text, marks))
    )
    reader = read(rendered, "strong")
    assert set(reader.tags) <= {"p", "strong"}
    assert reader.text.split() == markup.plain(text).split()
    strong = "".join("".join(reader.text[start:end].split()) for start, end in reader.spans)
    assert strong == "".join(markup.plain(text[start:end]).replace(" ", "") for start, end in marks)
