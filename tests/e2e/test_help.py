import re

import pytest
from command import Command, lines

TOPICS = ["command-line", "index-folder", "json", "python", "query-language", "ranking", "whoosh"]


def test_help_lists_the_topics_with_their_titles(command: Command) -> None:
    done = command("help")
    assert (done.status, done.err) == (0, "")
    listed = [re.split("  +", line.strip()) for line in lines(done.out) if line.startswith("  ")]
    assert [topic for topic, _ in listed] == TOPICS
    assert ["ranking", "How passages are ranked"] in listed


@pytest.mark.parametrize("topic", TOPICS)
def test_help_shows_a_page_as_it_is_written(command: Command, topic: str) -> None:
    done = command("help", topic)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("# ")
    assert "\x1b" not in done.out


def test_page_in_colour_has_no_marks_of_markdown(command: Command) -> None:
    done = command("help", "ranking", "--color", "always")
    assert "\x1b[1m" in done.out
    assert "**Ties.**" not in done.out
    assert "| --- |" not in done.out


def test_help_shows_the_options_of_a_command(command: Command) -> None:
    assert command("help", "suggest").out == command("suggest", "--help").out


def test_unknown_topic_names_the_topics_in_one_line(command: Command) -> None:
    done = command("help", "rankin")
    assert (done.status, done.out) == (2, "")
    (line,) = lines(done.err)
    assert "'rankin'" in line
    assert all(topic in line for topic in TOPICS)


def test_query_language_fits_one_screen_and_is_on_its_page(command: Command) -> None:
    done = command("help-query")
    assert done.status == 0
    assert lines(done.out)[0] == "Words"
    assert done.out in command("help", "query-language").out
    assert len(lines(done.out)) < 60
