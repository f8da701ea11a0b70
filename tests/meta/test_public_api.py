import inspect
import tomllib
from importlib import resources
from pathlib import Path

import pytest

import searcher

PUBLIC = [
    "Article",
    "CorpusError",
    "Hit",
    "Index",
    "IndexCorruptError",
    "IndexLockedError",
    "IndexMissingError",
    "IndexStateError",
    "IndexVersionError",
    "Kind",
    "Note",
    "Passage",
    "QueryError",
    "SearchResult",
    "SearcherError",
    "Snippet",
    "Span",
    "__version__",
    "build_index",
    "check_index",
    "open_index",
    "search",
]
METHODS = [
    "Index.addresses",
    "Index.article",
    "Index.close",
    "Index.complete",
    "Index.corpus",
    "Index.digest",
    "Index.explain",
    "Index.marks",
    "Index.put",
    "Index.refresh",
    "Index.remove",
    "Index.search",
    "Index.search_many",
    "Index.status",
    "Index.suggest",
    "Index.update",
    "Index.watch",
    "Index.whoosh_reader",
]


def test_public_names_are_these() -> None:
    assert searcher.__all__ == PUBLIC


@pytest.mark.parametrize("name", sorted(set(PUBLIC) - {"__version__"}))
def test_public_name_is_there_and_says_what_it_is(name: str) -> None:
    public = getattr(searcher, name)
    assert (public.__doc__ or "").split("\n")[0].strip().endswith((".", ":")), name
    assert public.__module__.startswith("searcher.")


def test_methods_of_an_index_are_these_and_say_what_they_do() -> None:
    members = {name: member for name, member in vars(searcher.Index).items() if not name.startswith("_")}
    assert sorted(f"Index.{name}" for name in members) == METHODS
    assert [name for name, member in members.items() if not inspect.getdoc(member)] == []


def test_star_import_gives_the_public_names() -> None:
    names: dict[str, object] = {}
    exec("from searcher import *", names)
    assert set(names) - {"__builtins__"} == set(PUBLIC)


def test_public_names_are_listed() -> None:
    assert dir(searcher) == PUBLIC


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'serach'"):
        searcher.serach  # noqa: B018


def test_package_is_marked_as_typed() -> None:
    assert resources.files("searcher").joinpath("py.typed").is_file()


def test_version_is_written_once() -> None:
    pyproject = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert "version" not in pyproject["project"]
    assert pyproject["tool"]["hatch"]["version"]["path"] == "searcher/__init__.py"
