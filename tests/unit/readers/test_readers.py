from collections.abc import Iterator
from pathlib import Path

import pytest

from searcher import Article
from searcher.errors import CorpusError
from searcher.readers import FORMATS, SUFFIXES, Format, read_articles, suffix_of, version_of


def read_one(address: str, data: bytes) -> Article:
    (article,), remarks = read_articles(f"/corpus/{address}", address, data)
    assert remarks == []
    return article


@pytest.mark.parametrize("address", ["a.txt", "b/a.TEXT", "a.Md", "2020.10/a.b.markdown"])
def test_suffix_picks_the_reader_whatever_its_case(address: str) -> None:
    article = read_one(address, "Şuşa\r\n".encode())
    assert (article.address, article.text, article.body_start) == (address, "Şuşa\r\n", 0)


@pytest.mark.parametrize(
    ("address", "data", "what"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b"\xef\xbb\xbf \r\n\t", "empty"),
        ("a.txt", "\u2003\u00a0\n".encode(), "empty"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        ("a.txt", b"\x01\x02\x03\x04\x05 text", "binary"),
        ("a.txt", b"stray \0 byte", "binary"),
        ("a.txt", bytes(range(1, 256)) * 3, "encoding"),
        ("a.txt", b"\xff\xfea\0b", "UTF-16"),
        ("a.pdf", b"text", "format"),
        ("txt", b"text", "format"),
    ],
)
def test_what_cannot_be_read_is_named_on_one_line(address: str, data: bytes, what: str) -> None:
    path = Path("/corpus") / address
    with pytest.raises(CorpusError, match=what) as caught:
        read_articles(str(path), address, data)
    message = str(caught.value)
    assert caught.value.path == path
    assert address in message
    assert ": " in message
    assert message.isprintable()


def test_unknown_suffix_error_lists_the_known_ones() -> None:
    with pytest.raises(CorpusError, match=r"\.markdown, \.md, \.text, \.txt"):
        read_articles("a.doc", "a.doc", b"text")


def test_bad_front_matter_does_not_lose_the_article() -> None:
    article = read_one("a.md", b"---\n[oops\n---\nBody.")
    assert (article.text, article.body_start) == ("---\n[oops\n---\nBody.", 0)


def test_article_of_front_matter_alone_is_not_empty() -> None:
    assert read_one("a.md", b"---\ntitle: Shusha\n---\n").title == "Shusha"


def test_suffixes_are_in_the_form_they_are_looked_up_in() -> None:
    assert all(suffix_of("name" + suffix) == suffix for suffix in SUFFIXES)


def test_no_suffix_is_of_two_formats() -> None:
    assert len(SUFFIXES) == sum(len(known.suffixes) for known in FORMATS)
    assert version_of("a.TXT") == FORMATS[0].version
    assert version_of("a.doc") == 0


def lines(path: str, data: bytes) -> Iterator[Article]:
    for number, line in enumerate(data.decode().split("\n"), 1):
        name, _, text = line.rpartition(":")
        yield Article(address=f"{path}/{name or number}", text=text, file=path)


@pytest.fixture
def _lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SUFFIXES, ".lines", Format((".lines",), 1, lines))


@pytest.mark.usefixtures("_lines")
def test_file_may_give_several_articles_sorted_and_those_without_text_are_left_out() -> None:
    articles, _ = read_articles("a.lines", "a.lines", b"b:Second.\n \na:First.")
    assert [(article.address, article.text) for article in articles] == [
        ("a.lines/a", "First."),
        ("a.lines/b", "Second."),
    ]


@pytest.mark.usefixtures("_lines")
@pytest.mark.parametrize(
    ("data", "what"),
    [(b"\n \n", "empty"), (b"Text.\nx\0y", "binary"), (b"a:x\na:y", "two articles 'a.lines/a'")],
)
def test_file_of_several_articles_is_taken_in_whole_or_not_at_all(data: bytes, what: str) -> None:
    with pytest.raises(CorpusError, match=what):
        read_articles("a.lines", "a.lines", data)
