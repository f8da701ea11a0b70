"""Which words a pattern matches."""

from pathlib import Path

import pytest

from searcher import Article, build_index, open_index


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("ceas?fire", ["cease-fire", "ceasefire"]),
        ("cease?ire", ["cease-fire", "ceasefire"]),
        ("cease?fire", []),
        ("cease*fire", ["cease-fire", "ceasefire"]),
        ("caf?s", ["cafés"]),
        ("town?s", ["town's"]),
    ],
)
def test_question_mark_stands_for_a_character_but_not_for_a_hyphen(
    tmp_path: Path, pattern: str, found: list[str]
) -> None:
    text = "The cease-fire, a ceasefire, cafés, the town's edge."
    build_index([Article(address="a", text=text)], tmp_path)
    with open_index(tmp_path) as index:
        marks = [mark for hit in index.search(pattern) for mark in hit.marks]
    assert [text[mark.start : mark.end] for mark in marks] == found
