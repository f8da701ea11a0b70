"""Which room may import which, and which library may be imported in which room."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest

import searcher

ROOT = Path(searcher.__file__).parent

ROOMS: Final = (
    "errors", "markup", "model", "arrays", "kernel",
    "readers",
    "text/words", "text/layout", "text/snippets",
    "storage/format", "storage/files", "storage/columns", "storage", "storage/check",
    "language",
    "engine",
    "indexing/folder", "indexing/inversion", "indexing/segments", "indexing",
    "querying/scoring", "querying/matching", "querying/ranking", "querying/whoosh", "querying/suggest", "querying/results", "querying",
    "wire", "session", "watch", "api",
    "cli",
)  # fmt: skip
"""Bottom first. A module belongs to the longest name that it begins with, and imports only its own room and lower ones."""

LIBRARIES: Final = {
    "numpy": {"arrays", "text/layout", "text/snippets", "storage/columns", "storage/check", "storage", "indexing/inversion", "indexing/segments",
              "querying/scoring", "querying/matching", "querying/ranking", "querying/whoosh", "querying/suggest", "querying/results", "cli"},
    "cython": {"kernel"},
    "nltk": {"text/words"},
    "Stemmer": {"text/words"},
    "whoosh": {"querying", "language", "querying/whoosh", "indexing/folder"},
    "rapidfuzz": {"querying/matching"},
    "zstandard": {"storage/columns", "indexing/inversion"},
    "filelock": {"indexing"},
    "watchfiles": {"indexing/folder"},
    "charset_normalizer": {"readers"},
    "yaml": {"readers"},
    "click": {"cli"},
    "rich": {"cli"},
}  # fmt: skip
"""Every library, and the rooms that may import it. `tests/meta/test_startup.py` tests when they are imported."""


class Import(NamedTuple):
    """One imported module, and a name that is imported from it, or empty."""

    module: str
    name: str


def imports(tree: ast.AST) -> Iterator[Import]:
    """Give every import of a module, those in functions and for type checkers included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (Import(node.module or "", alias.name) for alias in node.names)


PATHS = {
    path.relative_to(ROOT).with_suffix("").as_posix().removesuffix("/__init__"): path
    for path in sorted(ROOT.rglob("*.py"))
    if path != ROOT / "__init__.py"
}
MODULES = {name: list(imports(ast.parse(path.read_bytes()))) for name, path in PATHS.items()}


def room_of(module: str) -> str:
    rooms = [room for room in ROOMS if f"{module}/".startswith(f"{room}/")]
    return max(rooms, key=len, default="")


def own(imported: Import) -> str | None:
    """Give the module of the package that is imported, as a path; None for a library."""
    if imported.module == "searcher" and imported.name.startswith("__"):
        return None
    if imported.module.split(".")[0] != "searcher":
        return None
    inner = "/".join(imported.module.split(".")[1:])
    named = f"{inner}/{imported.name}".strip("/")
    return named if named in PATHS else inner


def test_every_module_has_a_room() -> None:
    packages = {room.rsplit("/", 1)[0] for room in ROOMS if "/" in room}
    homeless = [module for module in PATHS if not room_of(module) and module not in packages]
    assert homeless == []
    assert [room for room in ROOMS if not any(room_of(module) == room for module in PATHS)] == []


@pytest.mark.parametrize("module", sorted(PATHS))
def test_imports_only_go_down(module: str) -> None:
    for imported in map(own, MODULES[module]):
        if imported is not None:
            lies_lower = ROOMS.index(room_of(imported)) <= ROOMS.index(room_of(module))
            assert lies_lower, f"{module} imports {imported}, which lies above it"


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {module: {name for name in map(own, found) if name} for module, found in MODULES.items()}
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join((*path[path.index(module) :], module))
        if module not in done:
            for imported in sorted(graph[module] - {module}):
                visit(imported, (*path, module))
            done.add(module)

    for module in sorted(graph):
        visit(module, ())


def test_the_package_itself_imports_nothing_of_its_own_when_it_is_imported() -> None:
    tree = ast.parse((ROOT / "__init__.py").read_bytes())
    direct = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    found = [imported for node in direct for imported in imports(ast.Module([node], []))]
    assert [each.module for each in found if each.module.startswith("searcher")] == []


def libraries(module: str) -> set[str]:
    names = {imported.module.split(".")[0] for imported in MODULES[module]}
    return names - sys.stdlib_module_names - {"searcher"}


@pytest.mark.parametrize("module", sorted(PATHS))
def test_libraries_are_imported_only_where_they_belong(module: str) -> None:
    for library in libraries(module):
        allowed = LIBRARIES.get(library, set())
        assert room_of(module) in allowed, f"{module} imports {library}; it belongs in {allowed}"


def test_no_entry_of_the_table_of_libraries_is_idle() -> None:
    used = {(library, room_of(module)) for module in PATHS for library in libraries(module)}
    assert [
        (library, room)
        for library, rooms in LIBRARIES.items()
        for room in rooms
        if (library, room) not in used
    ] == []


def test_only_the_doors_print() -> None:
    for module, path in PATHS.items():
        if room_of(module) != "cli":
            calls = [
                node.func for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Call)
            ]
            assert not [call for call in calls if isinstance(call, ast.Name) and call.id == "print"], module
