"""What docstrings name is there."""

import re
from pathlib import Path
from pydoc import locate

import pytest

ROOT = Path(__file__).parents[2]
FILES = [
    *ROOT.glob("searcher/**/*.py"),
    *ROOT.glob("tests/**/*.py"),
    *ROOT.glob("*.md"),
    *ROOT.glob("searcher/docs/*.md"),
]
NAMED = sorted(
    {name for file in FILES for name in re.findall(r"`(searcher(?:\.\w+)+)`", file.read_text("utf-8"))}
)


@pytest.mark.parametrize("name", NAMED)
def test_what_is_named_is_there(name: str) -> None:
    owner, _, attribute = name.rpartition(".")
    assert locate(name) is not None or attribute in getattr(locate(owner), "__annotations__", {})


def test_names_are_found() -> None:
    assert len(NAMED) > 50
