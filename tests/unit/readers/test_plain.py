import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.model import Article, Remark
from searcher.readers.plain import date_of_address, parse_date, read_plain


def read(text: str, address: str = "a.txt") -> Article:
    return read_bytes(address, text.encode())


def read_bytes(address: str, data: bytes) -> Article:
    article, *_ = read_plain(address, data)
    assert isinstance(article, Article)
    return article


def remarks(text: str, address: str = "a.txt") -> list[Article | Remark]:
    return [*read_plain(address, text.encode())][1:]


def body(article: Article) -> str:
    return article.text[article.body_start :]


def title_as_written(article: Article) -> str | None:
    return article.text[slice(*article.title_span)] if article.title_span else None


FULL = """---
title: "Shusha: a city"
date: 2020-10-01
source: Newsweek
authors: [Ann Lee, Bob Ray]
keywords: [war, city, war]
lang: en
link: https://example.org/a?b=1#c
---
Body.
"""


def test_every_field_of_front_matter_is_read() -> None:
    article = read(FULL)
    assert (article.title, article.title_from, article.date) == (
        "Shusha: a city",
        "front matter",
        "2020-10-01",
    )
    assert (article.source, article.author) == ("Newsweek", "Ann Lee, Bob Ray")
    assert (article.keywords, article.language) == (("war", "city"), "en")
    assert article.url == "https://example.org/a?b=1#c"
    assert article.text == FULL
    assert body(article) == "Body.\n"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_spans_hold_for_all_line_ends_and_behind_a_mark(line_end: str) -> None:
    text = FULL.replace("\n", line_end)
    article = read_bytes("a.md", b"\xef\xbb\xbf" + text.encode())
    assert article.text == text
    assert body(article) == "Body." + line_end
    assert title_as_written(article) == "Shusha: a city"


@pytest.mark.parametrize(
    ("written", "title", "in_text"),
    [
        ("title: Plain words # a comment", "Plain words", "Plain words"),
        ("title: 'Single quotes'", "Single quotes", "Single quotes"),
        ("title:   “Curly” 😀 title  ", "“Curly” 😀 title", "“Curly” 😀 title"),
        ("title: >-\n  Folded\n  title\nsource: x", "Folded title", "Folded\n  title"),
        ("title: |\n  Literal title\n", "Literal title", "Literal title"),
        ("title: Two\n  lines", "Two lines", "Two\n  lines"),
        ("Title: Capital key", "Capital key", "Capital key"),
        ("title: 'It''s written otherwise'", "It's written otherwise", None),
        (r'title: "Caf\u00e9"', "Café", None),
        (r'title: "\ud83d\ude00 as in JSON"', "😀 as in JSON", None),
        ("title: [A, B]", "A, B", None),
        ("title: 1984", "1984", "1984"),
        ("title: No", "No", "No"),
        ("title: 2020-10-01", "2020-10-01", "2020-10-01"),
        ("title:", None, None),
        ("title: ~", None, None),
        ('title: " "', None, None),
        ("source: 😀 before\ntitle: After", "After", "After"),
    ],
)
def test_title_is_found_where_it_stands(written: str, title: str | None, in_text: str | None) -> None:
    article = read(f"---\n{written}\n---\nBody.")
    assert (article.title, title_as_written(article), body(article)) == (title, in_text, "Body.")
    assert article.title_from == ("front matter" if title else "given")


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: never closed\n\nBody.",
        "---\nJust prose between rules.\n---\nBody.",
        "---\n- a\n- list\n---\nBody.",
        "---\n---\nBody.",
        "\n---\ntitle: not at the start\n---\nBody.",
        "--- title: no line of its own\n---\nBody.",
        "----\ntitle: four dashes\n---\nBody.",
        "---\na: &x [1]\nb: *x\n---\nBody.",
        "---\na: &x [*x]\n---\nBody.",
        "---\ntitle: long\nnote: " + "x" * 70_000 + "\n---\nBody.",
        "---\na: " + "[" * 30_000 + "\n---\nBody.",
        "Plain text.",
    ],
)
def test_what_is_no_front_matter_stays_text(text: str) -> None:
    article = read(text)
    assert (article.text, article.body_start, article.title) == (text, 0, None)


def test_aliases_that_would_grow_to_billions_are_refused_at_once() -> None:
    lines = ["l0: &l0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12)]
    article = read("---\n" + "\n".join(lines) + "\nkeywords: *l11\n---\nBody.")
    assert (article.body_start, article.keywords) == (0, ())


def test_dots_close_front_matter_and_it_may_end_the_file() -> None:
    assert body(read("---\ntitle: A\n...\nBody.")) == "Body."
    assert body(read("---\ntitle: A\n---")) == ""


def test_only_the_first_closing_line_counts() -> None:
    assert body(read("---\ntitle: A\n---\nOne.\n---\nTwo.")) == "One.\n---\nTwo."


@pytest.mark.parametrize(
    ("written", "keywords"),
    [
        ("tags: war, city,, war ,", ("war", "city")),
        ("keywords: [2020, yes, 'a, b']", ("2020", "yes", "a, b")),
        ("keywords: []\ntags: war", ("war",)),
        ("keywords:\n  - name: war\n    id: 7\n  - city", ("war", "city")),
        ("keywords: ~", ()),
    ],
)
def test_keywords_may_be_a_list_or_a_line(written: str, keywords: tuple[str, ...]) -> None:
    assert read(f"---\n{written}\n---\n").keywords == keywords


def test_odd_values_become_text_and_empty_ones_nothing() -> None:
    article = read("---\nauthor: {name: Ann Lee, id: 3}\nsource: 24\nlanguage: ''\nurl:\nlink: x.org\n---\n")
    assert (article.author, article.source, article.language, article.url) == ("Ann Lee", "24", None, "x.org")


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("date: 2020-10-01", "2020-10-01"),
        ("date: '2020-10-01'", "2020-10-01"),
        ("date: 2020-10-1", "2020-10-01"),
        ("date: 2020/10/01", "2020-10-01"),
        ("date: 20201001", "2020-10-01"),
        ("date: 2020-10-01T23:30:00-05:00", "2020-10-01"),
        ("date: 2020-10-01 01:15:00 +0400", "2020-10-01"),
        ("date: 2020-10", "2020-10"),
        ("date: 2020", "2020"),
        ("published: 2020-10-01", "2020-10-01"),
        ("date: last week\npublished: 2020-10-01", "2020-10-01"),
        ("date: 2020-02-30", None),
        ("date: 2020-13", None),
        ("date: '0000-01-01'", None),
        ("date: 01.10.2020", None),
        ("date: 12345", None),
        ("date: 2020-10-01 to 2020-10-05", None),
        ("date: [2020]", "2020"),
        ("date: ٢٠٢٠", None),
    ],
)
def test_dates_are_taken_as_written_or_not_at_all(written: str, date: str | None) -> None:
    article = read(f"---\ntitle: A\n{written}\n---\n")
    assert (article.date, article.title) == (date, "A")


def test_front_matter_date_wins_over_the_name_and_an_unusable_one_does_not() -> None:
    assert read("---\ndate: 2019\n---\n", "2020-10-01.txt").date == "2019"
    assert read("---\ndate: soon\n---\n", "2020-10-01.txt").date == "2020-10-01"


@pytest.mark.parametrize(
    ("address", "date"),
    [
        ("2020-10-01.txt", "2020-10-01"),
        ("news_2020-10-01_shusha.txt", "2020-10-01"),
        ("20201001-shusha.md", "2020-10-01"),
        ("shusha_2020_10_01.txt", "2020-10-01"),
        ("a/2020-10 Shusha.txt", "2020-10"),
        ("report 2020-02-30, of 2020-03-01.txt", "2020-03-01"),
        ("2020/10/01/shusha.txt", "2020-10-01"),
        ("news/2020/10/01/en/shusha.txt", "2020-10-01"),
        ("2020/10/01/written-2020-09-30.txt", "2020-09-30"),
        ("1500-01-01.txt", "1500-01-01"),
        ("2199-12-31.txt", "2199-12-31"),
        ("1499-12-31.txt", None),
        ("2200-01-01.txt", None),
        ("000_076211e0d78995e8.txt", None),
        ("004_171c549580f6d16e.txt", None),
        ("a20201001.txt", None),
        ("20201001b.txt", None),
        ("120201001.txt", None),
        ("2020-10-011.txt", None),
        ("é2020-10-01.txt", None),
        ("2020-10-99.txt", None),
        ("2020-10_01.txt", "2020-10"),
        ("555-2020-10.txt", None),
        ("2020-13.txt", None),
        ("2020.txt", None),
        ("x2020/10/01/a.txt", None),
        ("2020/10/01.txt", None),
        ("2020/13/01/a.txt", None),
        ("2020-10-01/a.txt", None),
    ],
)
def test_date_of_a_name_is_a_date_of_the_calendar_that_stands_alone(address: str, date: str | None) -> None:
    assert date_of_address(address) == date


@given(st.dates())
def test_any_day_written_by_python_is_read(day: object) -> None:
    assert parse_date(str(day)) == str(day)


@given(st.text(alphabet=st.sampled_from(list("---\n\r:[]{}*&'\"|> ab#.~\té")), max_size=60))
def test_no_beginning_loses_text_or_misplaces_the_title(start: str) -> None:
    text = "---\ntitle: " + start + "\n---\nBody."
    article = read(text)
    assert article.text == text
    assert text.endswith(body(article))
    if article.title_span:
        assert title_as_written(article).split() == (article.title or "").split()  # type: ignore[union-attr]
        assert article.title_span.end <= article.body_start


@pytest.mark.parametrize(
    "title",
    [
        "Nagorno-Karabakh: what happened",
        '"Karabakh" in flames',
        "@home in Stepanakert",
        "100% gone: a list",
        "[unclosed",
        "a: b: c",
    ],
)
def test_headline_that_is_no_yaml_costs_no_other_field(title: str) -> None:
    text = f"---\ntitle: {title}\ndate: 2020-09-27\nsource: Courier\nkeywords: [war, 'peace: talks']\n---\nThe text.\n"
    article = read(text)
    assert (article.title, article.date, article.source) == (title, "2020-09-27", "Courier")
    assert article.keywords == ("war", "peace: talks")
    assert text[article.body_start :] == "The text.\n"
    assert article.title_span is not None
    assert text[slice(*article.title_span)] == title


def test_text_between_rules_is_no_front_matter() -> None:
    assert read("---\nHe said: no.\nShe: [yes\n---\nThe text.\n").body_start == 0


@pytest.mark.parametrize(
    ("front", "key", "value"),
    [
        ("date: 27 Sept", "date", "27 Sept"),
        ("Date: 2020-13-01", "date", "2020-13-01"),
        ("published: soon", "published", "soon"),
        ("date: [27 Sept, 2020]", "date", "27 Sept, 2020"),
        (f"date: {'x' * 99}", "date", "x" * 79 + "…"),
        ("\n# of news\ntitle: [oops", "front matter", "# of news"),
        ("title: &t War\nsource: *t", "front matter", "title: &t War"),
        ("title: " + "[" * 9_999, "front matter", f"title: {'[' * 72}…"),
    ],
)
def test_what_is_not_understood_is_remarked_with_key_and_value(front: str, key: str, value: str) -> None:
    assert remarks(f"---\n{front}\n---\nText.") == [Remark("a.txt", key, value)]


@pytest.mark.parametrize(
    "front",
    [
        "date: 2020-10",
        "date:",
        "date: 2020-10-01\npublished: true",
        "published: true",
        "published: No",
        "title: The war: what happened",
        "Just a line between rules.",
        "- a\n- list",
        "[oops",
    ],
)
def test_nothing_is_remarked_where_all_is_understood_or_nothing_is_meant(front: str) -> None:
    assert remarks(f"---\n{front}\n---\nText.") == []


def test_date_that_another_key_gives_does_not_hide_the_one_that_was_not_understood() -> None:
    text = "---\ndate: 27 Sept\npublished: 2020-09-27\n---\nText."
    assert read(text).date == "2020-09-27"
    assert remarks(text) == [Remark("a.txt", "date", "27 Sept")]
