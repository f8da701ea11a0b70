"""Two real articles, kept beside the project, are searched as a journalist would.

What ought to be found comes from regular expressions over the decoded files.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from command import Command

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason=f"there are no articles in {SEEDS}")

# Inside a phrase, words are parted by white space or hyphens, whichever the article has.
PHRASE = re.compile(r"\bethnic[\s-]+cleansing\b", re.IGNORECASE)
KEYWORDS = re.compile(r"[\w-]+(?:, [\w-]+){3,}")
NAME = re.compile(r"\bNagorno[\s-]Karabakh\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Command:
    command = Command(tmp_path_factory.mktemp("seeds"))
    ran = command("query", '"ethnic cleansing"', "--corpus", str(SEEDS), "--json")
    assert ran.status == 0, ran.err
    assert "2 new" in ran.err
    return command


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {path.name: path.read_bytes().decode("utf-8-sig") for path in sorted(SEEDS.glob("*.txt"))}


@cache
def ask(seeds: Command, *args: str) -> Any:
    ran = seeds("query", *args, "--json", "--limit", "1000")
    assert ran.status == 0, ran.err
    return json.loads(ran.out)


def marks(result: Any) -> set[tuple[str, int, int]]:
    return {(hit["path"], start, end) for hit in result["hits"] for start, end in hit["marks"]}


def places(pattern: re.Pattern[str], texts: dict[str, str]) -> set[tuple[str, int, int]]:
    return {(name, *match.span()) for name, text in texts.items() for match in pattern.finditer(text)}


def passages(result: Any) -> list[tuple[str, int, int]]:
    return [(hit["path"], hit["start"], hit["end"]) for hit in result["hits"]]


def test_phrase_is_found_in_the_body_of_both_articles(seeds: Command, texts: dict[str, str]) -> None:
    result = ask(seeds, '"ethnic cleansing"')
    in_body = {hit["path"] for hit in result["hits"] if hit["kind"] == "body" and hit["marks"]}
    assert in_body == set(texts)
    assert len(texts) == 2


def test_marks_are_the_places_that_a_regular_expression_finds(seeds: Command, texts: dict[str, str]) -> None:
    for kind in ("", " kind:any"):
        result = ask(seeds, f'"ethnic cleansing"{kind}')
        # Titles and keyword lines are only hits of their own where they are asked for.
        shown = passages(result)
        expected = {
            (path, start, end)
            for path, start, end in places(PHRASE, texts)
            if any(path == name and low <= start < high for name, low, high in shown)
        }
        assert marks(result) == expected
        if kind:
            assert expected == places(PHRASE, texts)
    for path, start, end in places(PHRASE, texts) - marks(ask(seeds, '"ethnic cleansing"')):
        before, after = texts[path][:start].rpartition("\n")[2], texts[path][end:].partition("\n")[0]
        assert not texts[path][:start].count("\n") or KEYWORDS.fullmatch(f"{before}x{after}")


def test_marks_of_every_text_rendering_are_those_words(seeds: Command) -> None:
    out = seeds("query", '"ethnic cleansing"', "--color", "always").out
    marked = re.findall("\x1b\\[1;31m(.*?)\x1b\\[0m", out.replace("\n   ", " "))
    assert marked
    assert all(PHRASE.fullmatch(" ".join(mark.split())) for mark in marked)


def test_other_forms_are_found_by_words_and_stems_and_not_by_the_phrase(
    seeds: Command, texts: dict[str, str]
) -> None:
    (place,) = places(re.compile("ethnically cleansed"), texts)
    path, start, end = place
    by_words, by_stems = ask(seeds, "ethnic cleansing"), ask(seeds, 'stem:"ethnic cleansing"')
    assert place in marks(by_stems)
    assert {(path, start, start + len("ethnically")), (path, end - len("cleansed"), end)} <= marks(by_words)
    assert not any(
        name == path and low < end and start < high
        for name, low, high in marks(ask(seeds, '"ethnic cleansing"'))
    )
    assert "ethnically cleansed" not in [
        word for hit in ask(seeds, '"ethnic cleansing"')["hits"] for word in hit["matched"]
    ]


def test_spellings_of_a_hyphenated_name_find_the_same(seeds: Command, texts: dict[str, str]) -> None:
    results = [
        ask(seeds, query) for query in ("Nagorno-Karabakh", '"Nagorno-Karabakh"', '"nagorno karabakh"')
    ]
    assert passages(results[0]) == passages(results[1]) == passages(results[2])
    for result in results:
        shown = passages(result)
        assert marks(result) == {
            (path, start, end)
            for path, start, end in places(NAME, texts)
            if any(path == name and low <= start < high for name, low, high in shown)
        }
        assert len(shown) >= 8
    assert marks(ask(seeds, '"nagorno karabakh" kind:any')) == places(NAME, texts)


def test_number_is_found_without_its_comma(seeds: Command, texts: dict[str, str]) -> None:
    assert marks(ask(seeds, "100437")) == marks(ask(seeds, "100,437")) == places(re.compile("100,437"), texts)
    assert len(places(re.compile("100,437"), texts)) == 1


def test_article_with_all_the_words_comes_before_others_and_says_so(
    seeds: Command, texts: dict[str, str]
) -> None:
    words = ("Blinken", "Pashinyan", "ceasefire")
    (whole,) = [name for name, text in texts.items() if all(word in text for word in words)]
    result = ask(seeds, *words)
    assert not any(all(word in hit["text"] for word in words) for hit in result["hits"])
    tiers = [hit["match"] for hit in result["hits"]]
    assert tiers == sorted(tiers, key=["all", "article", "any"].index)
    second = [hit for hit in result["hits"] if hit["match"] == "article"]
    assert {hit["path"] for hit in second} == {whole}
    assert set(words) == {word for word in words for hit in second if word in hit["text"]}
    assert (result["tiers"]["all"], result["tiers"]["article"]) == (0, len(second))
    (note,) = [note for note in result["notes"] if note["code"] == "relaxed"]
    assert "no passage has all" in note["message"]
    summary = " ".join(seeds("query", *words).out.partition("\n\n")[0].split())
    assert "none has all the words" in summary
    assert f"{len(second)} have some in articles that have all" in summary


def test_line_and_article_are_those_of_the_file(seeds: Command, texts: dict[str, str]) -> None:
    for hit in ask(seeds, '"ethnic cleansing"')["hits"]:
        text_lines = texts[hit["path"]].split("\n")
        assert PHRASE.match(text_lines[hit["line"] - 1], hit["column"] - 1)
        assert texts[hit["path"]][hit["start"] : hit["end"]] == hit["text"]


def test_every_word_of_the_articles_finds_its_article(seeds: Command, texts: dict[str, str]) -> None:
    words = {word for text in texts.values() for word in re.findall(r"[A-Z]\w{5,}", text)}
    some = sorted(words)[::8]
    assert len(some) >= 5
    for word in some:
        expected = {name for name, text in texts.items() if re.search(rf"\b{word}\b", text, re.IGNORECASE)}
        assert expected <= {hit["path"] for hit in ask(seeds, f"exact:{word} kind:any")["hits"]}
