"""What docstrings name is there, and what is there is named."""

import ast
import re
from pathlib import Path
from pkgutil import iter_modules
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
PACKAGES = {
    ".".join(file.parent.relative_to(ROOT).parts): file.parent
    for file in ROOT.glob("searcher/**/__init__.py")
}


@pytest.mark.parametrize("name", NAMED)
def test_what_is_named_is_there(name: str) -> None:
    owner, _, attribute = name.rpartition(".")
    assert locate(name) is not None or attribute in getattr(locate(owner), "__annotations__", {})


def test_names_are_found() -> None:
    assert len(NAMED) > 50


@pytest.mark.parametrize("name", sorted(PACKAGES))
def test_docstring_of_a_package_names_all_its_modules(name: str) -> None:
    modules = {module.name for module in iter_modules([str(PACKAGES[name])])} - {"__main__"}
    if name == "searcher":  # whose rooms stand in a table
        named = re.findall(
            r"\(searcher/(\w+)(?:\.py|/__init__\.py)\)", (ROOT / "ARCHITECTURE.md").read_text("utf-8")
        )
    else:
        docstring = ast.get_docstring(ast.parse((PACKAGES[name] / "__init__.py").read_text("utf-8"))) or ""
        named = re.findall(rf"`{name}\.(\w+)`", docstring)
    assert modules <= {*named}
