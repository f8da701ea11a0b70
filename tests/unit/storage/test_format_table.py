"""One table in `searcher.storage.format` drives every list of columns."""

import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

from searcher import Article
from searcher.storage.format import ARTICLE_STRINGS, LISTS, METADATA

TESTS = Path(__file__).parents[1]


def test_new_column_and_field_touch_the_table_and_the_code_that_computes_them(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, TESTS / "added_columns.py", tmp_path],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_metadata_are_all_attributes_of_an_article_that_no_other_column_holds() -> None:
    names = {field.name for field in fields(Article)}
    assert names == {*METADATA, "address", "text", "body_start", "title_span", "file"}
    assert len({*ARTICLE_STRINGS}) == len(ARTICLE_STRINGS)
    assert {field.name for field in fields(Article) if field.default == ()} == LISTS
