"""Where words stand side by side."""

from pathlib import Path

import pytest

from searcher import Article, build_index, open_index

TEXTS = [
    "A coop, two co-ops; the cease-fire.",
    "The coop cease-fire.",
    "The co-op cease-fire.",
    "Coop cease.",
]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        # What follows may cover one position or two where it stands.
        ("coop-cease*", [1, 2, 3]),
        ('stem:"coop cease*"', [1, 2, 3]),
        ('stem:"coops-ceasefire"', [1, 2]),
        ('"co-op ceasefire"', [1, 2]),
        ('"ceasefire coop"', []),
        ('"two co-op*"', [0]),
        ('"two coop*"', [0]),
        ('"coop coop"', []),
    ],
)
def test_words_of_several_widths_stand_side_by_side(tmp_path: Path, query: str, found: list[int]) -> None:
    build_index([Article(address=str(n), text=text) for n, text in enumerate(TEXTS)], tmp_path)
    with open_index(tmp_path) as index:
        assert sorted(int(hit.article.address) for hit in index.search(query)) == found
