import re
from collections.abc import Callable
from pathlib import Path

import pytest
from command import Command, lines
from library import ARTICLES

ON, OFF = "\x1b[1;31m", "\x1b[0m"
FERRY = ARTICLES["news/ferry.md"]


def test_article_is_shown_whole(library: Command) -> None:
    ran = library("show", "news/ferry.md")
    assert (ran.status, ran.err) == (0, "")
    assert lines(ran.out)[:4] == ["Ferry Runs Aground", "Velden Courier · 2019-11-02", "news/ferry.md", ""]
    assert ran.out.endswith(f"\n\n{FERRY}\n")


@pytest.mark.parametrize(
    "place", ["news/ferry.md", "corpus/news/ferry.md", "./corpus/../corpus/news/ferry.md", "absolute"]
)
def test_article_is_found_by_address_and_by_file(library: Command, place: str) -> None:
    path = str(library.folder / "corpus/news/ferry.md") if place == "absolute" else place
    assert library("show", path).out == library("show", "news/ferry.md").out


def test_article_is_found_by_file_from_another_folder(library: Command) -> None:
    news = Command(library.folder / "corpus" / "news")
    assert news("show", "ferry.md", "--index", "../../index").out == library("show", "news/ferry.md").out


def test_everything_that_the_query_finds_is_marked(library: Command) -> None:
    ran = library("show", "harbour.txt", "--query", "keepers gate", "--color", "always")
    assert (ran.status, lines(ran.err)) == (0, ["4 marked, in lines 3, 5"])
    marked = re.findall(re.escape(ON) + "(.*?)" + re.escape(OFF), ran.out)
    assert marked == re.findall(r"keepers?|gates", ARTICLES["harbour.txt"])
    plain = library("show", "harbour.txt", "--query", "keepers gate")
    assert "\x1b" not in plain.out
    assert re.sub(r"\x1b\[[0-9;]*m", "", ran.out) == plain.out


def test_phrase_is_one_mark(library: Command) -> None:
    ran = library("show", "harbour.txt", "--query", '"harbour gates"', "--color", "always")
    assert f"{ON}harbour gates{OFF}" in ran.out
    assert ran.out.count(ON) == 1
    assert lines(ran.err) == ["1 marked, in line 3"]


def test_query_that_finds_nothing_marks_nothing(library: Command) -> None:
    ran = library("show", "harbour.txt", "--query", '"gates harbour"', "--color", "always")
    assert (ran.status, lines(ran.err)) == (0, ["0 marked"])
    assert ON not in ran.out


@pytest.mark.parametrize("place", ["empty.txt", "corpus/empty.txt"])
def test_of_a_file_that_was_skipped_it_is_said_why(indexed: Callable[..., Command], place: str) -> None:
    command = indexed({"a.txt": "Apples.\n", "empty.txt": ""})
    (skipped,) = [line for line in lines(command("index").err) if "empty.txt" in line]
    ran = command("show", place)
    assert (ran.status, ran.out, lines(ran.err)) == (2, "", [skipped.replace("skipped:", "searcher:")])


def test_unknown_article_is_an_error_that_suggests_others(library: Command) -> None:
    ran = library("show", "news/fery.md")
    assert (ran.status, ran.out, len(lines(ran.err))) == (2, "", 1)
    assert "news/ferry.md" in ran.err
    by_name = library("show", "ferry.md")
    assert (by_name.status, by_name.out) == (2, "")
    assert "news/ferry.md" in by_name.err


def test_file_outside_the_corpus_is_not_read(library: Command, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("Secret.\n")
    for path in (str(tmp_path / "secret.txt"), "corpus/../index/manifest.json", "/etc/passwd"):
        ran = library("show", path)
        assert (ran.status, ran.out) == (2, "")
