"""What is imported when: in processes of their own, since this one has imported everything."""

import importlib
import json
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import searcher
from searcher import Article, build_index, errors

# Libraries, and modules of the standard library and of the project, that take a millisecond or more.
HEAVY = {
    "numpy",
    "whoosh",
    "nltk",
    "zstandard",
    "rich",
    "click",
    "yaml",
    "charset_normalizer",
    "filelock",
    "watchfiles",
    "zipfile",
    "difflib",
    "email",
    "importlib.metadata",
    "importlib.resources",
    "socket",
    "tempfile",
    "traceback",
    "shutil",
    "_hashlib",
    "calendar",
    "searcher.indexing.segments.build",
    "searcher.indexing.apply",
    "searcher.indexing.inversion.batch",
    "searcher.indexing.segments.merge",
    "searcher.indexing.folder.events",
    "searcher.indexing.put",
    "searcher.indexing.folder.status",
    "searcher.querying.results.explain",
    "searcher.readers.plain",
    "searcher.querying.suggest",
    "searcher.watch",
    "searcher.wire",
}


def imported_by(code: str, *arguments: object) -> set[str]:
    """Heavy modules that a fresh process has imported after some code."""
    return HEAVY.intersection(all_imported_by(code, *arguments))


def all_imported_by(code: str, *arguments: object) -> list[str]:
    """All modules, in the order in which they were found."""
    script = textwrap.dedent(code) + "\nimport json, sys\nprint(json.dumps(list(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(searcher.__file__).parents[1],
    )
    modules: list[str] = json.loads(done.stdout.splitlines()[-1])
    return modules


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("startup") / "index"
    build_index([Article(address="a", text="The war on the border; Cease-fire talks.")], path)
    return path


QUERY = """
    import sys
    from searcher import open_index
    with open_index(sys.argv[1]) as index:
        assert index.search(sys.argv[2]).total == 1
"""


def test_importing_the_package_imports_no_library() -> None:
    assert imported_by("import searcher") == set()


def test_importing_what_the_command_runs_imports_nothing_else_of_the_project() -> None:
    own = [name for name in all_imported_by("import searcher.cli") if name.startswith("searcher")]
    assert sorted(own) == ["searcher", "searcher.cli"]


def test_importing_all_modules_of_a_query_imports_no_parser_and_no_stemmer() -> None:
    assert imported_by("import searcher.api") & {"whoosh", "nltk", "rich", "click", "yaml"} == set()


@pytest.mark.parametrize(
    "query",
    [
        "war",
        "war border",
        "war OR border",
        "war AND border",
        "cease-fire",
        '"the border"',
        "“cease-fire talks”",
    ],
)
def test_plain_words_and_one_phrase_need_no_parser_and_no_stemmer(index: Path, query: str) -> None:
    assert imported_by(QUERY, index, query) & {"whoosh", "nltk", "filelock"} == set()


def test_search_that_updates_nothing_imports_nothing_of_updating(index: Path) -> None:
    assert [name for name in all_imported_by(QUERY, index, "war") if "searcher.indexing" in name] == []


@pytest.mark.parametrize("query", ["war AND border OR war", "(war OR border)"])
def test_anything_more_needs_the_parser(index: Path, query: str) -> None:
    assert "whoosh" in imported_by(QUERY, index, query)


def test_word_that_the_index_does_not_hold_needs_a_stemmer_and_nothing_else_of_nltk(index: Path) -> None:
    imported = all_imported_by(QUERY, index, "wars")
    assert [name for name in imported if name.split(".")[0] in {"nltk", "scipy"}] == []


@pytest.mark.parametrize(("query", "n_loaded"), [("war", 0), ("talks cease-fire", 0), ("wars", 1)])
def test_words_that_the_index_holds_need_no_stemmer(index: Path, query: str, n_loaded: int) -> None:
    loaded = """
        from searcher.text.words.stemmers import _snowball
        assert _snowball.cache_info().currsize == int(sys.argv[3])
    """
    all_imported_by(QUERY + loaded, index, query, n_loaded)


def test_all_of_nltk_can_be_imported_behind_its_stemmers(index: Path) -> None:
    code = """
        import nltk
        assert nltk.word_tokenize and nltk.corpus.stopwords is not None
    """
    assert "nltk" in imported_by(QUERY + code, index, "wars")


@pytest.mark.parametrize("stderr", ["terminal", "file"])
def test_query_at_the_shell_imports_no_more_than_it_needs(tmp_path: Path, stderr: str) -> None:
    file = tmp_path / "corpus" / "a.txt"
    file.parent.mkdir()
    file.write_text("The war on the border; Cease-fire talks.")
    os.utime(file, (1_000_000_000, 1_000_000_000))
    build_index(file.parent, tmp_path / "index")
    code = """
        import sys
        from searcher.cli.commands import searcher
        sys.stderr.isatty = lambda: sys.argv[2] == "terminal"
        assert searcher.main(["query", "war", "--index", sys.argv[1]], standalone_mode=False) == 0
    """
    imported = all_imported_by(code, tmp_path / "index", stderr)
    assert HEAVY.intersection(imported) == {"numpy", "click", "zstandard"}
    assert imported.index("numpy") < imported.index(
        "searcher.storage.manifest"
    )  # while few calls are under way


def ranges(parsed: Any) -> Iterator[int]:
    """How many characters each range of a pattern has, as far as they are looked at one by one to compile it."""
    parsed = getattr(parsed, "data", parsed)
    if isinstance(parsed, tuple) and len(parsed) == 2 and str(parsed[0]) == "RANGE":
        low, high = parsed[1]
        yield min(high, 0xFFFF) - min(low, 0xFFFF)
    elif isinstance(parsed, list | tuple):
        for part in parsed:
            yield from ranges(part)


def test_no_pattern_of_a_query_takes_long_to_compile() -> None:
    parse = importlib.import_module("re._parser").parse
    seen = 0
    for module in all_imported_by("import searcher.cli.commands, searcher.querying.results.hits"):
        for name, value in (
            vars(importlib.import_module(module)).items() if module.startswith("searcher") else ()
        ):
            if isinstance(value, re.Pattern):
                seen += 1
                assert sum(ranges(parse(value.pattern, value.flags))) < 20_000, f"{module}.{name}"
    assert seen > 10


@pytest.mark.parametrize("name", ["errors.QueryError", "model.Hit"])
def test_modules_of_values_are_at_hand(name: str) -> None:
    assert f"searcher.{name.split('.', maxsplit=1)[0]}" in all_imported_by(
        f"import searcher; searcher.{name}"
    )


def tree(error: type[Exception], depth: int = 0) -> list[str]:
    lines = ["  " * depth + error.__name__]
    for child in sorted(error.__subclasses__(), key=lambda kind: kind.__name__):
        if child.__module__ == errors.__name__:
            lines += tree(child, depth + 1)
    return lines


def test_errors_form_the_tree_that_is_drawn() -> None:
    assert tree(errors.SearcherError) == [
        "SearcherError",
        "  CorpusError",
        "  IndexStateError",
        "    IndexCorruptError",
        "    IndexLockedError",
        "    IndexMissingError",
        "    IndexVersionError",
        "  QueryError",
    ]
    drawn = [line.split()[0] for line in (errors.__doc__ or "").replace("├──", "").replace("└──", "").replace(
        "│", ""
    ).splitlines() if "Error" in line]  # fmt: skip
    assert sorted(drawn) == sorted(line.strip() for line in tree(errors.SearcherError))


def test_errors_carry_what_is_drawn_beside_them() -> None:
    path = Path("index")
    assert errors.CorpusError("m", path).path == path
    query = errors.QueryError("m", "a AND", 2)
    assert (query.query, query.position) == ("a AND", 2)
    version = errors.IndexVersionError("m", path, found=2, supported=1)
    assert (version.path, version.found, version.supported) == (path, 2, 1)
    corrupt = errors.IndexCorruptError(path, "a.npz", "it is empty")
    assert (corrupt.path, corrupt.file, corrupt.detail) == (path, "a.npz", "it is empty")
    assert "a.npz is damaged (it is empty); rebuild with: searcher index --rebuild" in str(corrupt)
    assert errors.IndexLockedError("m", path, holder="process 1").holder == "process 1"
