"""A pattern that matches too many words is refused, whatever the history of the index."""

from pathlib import Path

import pytest

from searcher import Article, Index, QueryError, build_index, open_index
from searcher.cli.commands import query as query_command
from searcher.querying.matching.forms import MAX_FORMS

WORDS = ["cleanse", "cleansed", "cleanses", "cleansing", "clean-sing"]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    build_index([Article(address=f"{n}", text=f"The {word} war.") for n, word in enumerate(WORDS)], tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("asked", "pattern", "n_forms"),
    [
        ("cleans*", "cleans*", 5),
        ('"the cleans* war"', "cleans*", 5),
        ("war NEAR/3 (cleans* OR wine)", "cleans*", 5),
        ("war -cleans*", "cleans*", 5),
        ("(war AND (NOT cleans*))", "cleans*", 5),
        ("cleansed~2", "cleansed~2", 3),
    ],
)
def test_a_pattern_may_stand_for_so_many_words_and_no_more(
    index: Path, asked: str, pattern: str, n_forms: int
) -> None:
    with open_index(index, max_forms=n_forms - 1) as opened:
        with pytest.raises(QueryError) as caught:
            opened.search(asked)
        assert str(caught.value).startswith(f"{pattern} matches {n_forms} words, more than {n_forms - 1}: ")
        assert "max_forms" in str(caught.value)
        assert opened.search('"cleansing"').total == 2
    with open_index(index, max_forms=n_forms) as opened:
        opened.search(asked)


def test_words_of_dead_articles_do_not_count(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searcher.indexing.change.segments_to_merge", lambda *_, **__: [])
    with Index(index, max_forms=2) as opened:
        opened.remove(["1", "2", "4"])
        opened.put([Article(address="again", text="The cleansing, again.")])
        assert len(opened._open.snapshot.segments) == 2
        assert opened.search("cleans*").total == 3
        opened.put([Article(address="more", text="They cleansed.")])
        with pytest.raises(QueryError, match="matches 3 words"):
            opened.search("cleans*")


def test_the_limit_stays_when_an_index_moves_on(index: Path) -> None:
    with Index(index, max_forms=4) as opened:
        opened.put([Article(address="new", text="New.")])
        with pytest.raises(QueryError, match="matches 5 words"):
            opened.search("cleans*")


def test_the_command_has_the_same_limit() -> None:
    (option,) = [param for param in query_command.params if param.name == "max_forms"]
    assert option.default == MAX_FORMS


def test_the_command_takes_a_limit(index: Path) -> None:
    from click.testing import CliRunner

    run = CliRunner().invoke
    args = ["--index", str(index), "--no-update", "cleans*", "--count"]
    assert run(query_command, args).output.strip() == "5"
    refused = run(query_command, ["--max-forms", "4", *args])
    assert isinstance(refused.exception, QueryError)


def test_the_first_of_several_patterns_is_named(tmp_path: Path) -> None:
    patterns = [f"{letter}*" for letter in "hgfedcba"]
    text = " ".join(f"{pattern[0]}{ending}" for pattern in patterns for ending in ("one", "two"))
    build_index([Article(address="a", text=text)], tmp_path)
    with (
        open_index(tmp_path, max_forms=1) as index,
        pytest.raises(QueryError, match=r"^h\* matches 2 words"),
    ):
        index.search(" OR ".join(patterns))
