"""Which passage is shown for a heading."""

from pathlib import Path

import pytest

from searcher import Article, Kind, build_index, open_index


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("drones", Kind.BODY),
        ("drones NOT nobody", Kind.TITLE),
        ("drones AND NOT nobody", Kind.TITLE),
        ("drones AND quay AND NOT (nobody OR somebody)", Kind.TITLE),
        ("drones AND NOT somebody", Kind.BODY),
        ("drones OR NOT nobody", Kind.BODY),
    ],
)
def test_lead_is_not_shown_for_a_heading_where_it_holds_what_is_excluded(
    tmp_path: Path, query: str, shown: Kind
) -> None:
    text = "# Drones Over the Quay\n\nThe machines came back at dusk. Nobody was hurt."
    build_index([Article(address="a", text=text)], tmp_path)
    with open_index(tmp_path) as index:
        (hit,) = index.search(query)
    assert hit.passage.kind is shown
