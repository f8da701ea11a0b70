"""Which module may import which, and which library may be imported where."""

import ast
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

import searcher

ROOT = Path(searcher.__file__).parent

LEVELS = {
    "errors": 0, "model": 0, "markup": 0,
    "text": 1, "readers": 1, "ranking": 1, "storage": 1,
    "indexing": 2, "querying": 2,
    "api": 3, "watch": 3,
    "cli": 4, "web": 4,
}  # fmt: skip
LEVELS_OF_SIBLINGS = {1, 2, 4}

# Every library, and the modules that may import it; a name with brackets only inside that function.
LIBRARIES = {
    "numpy": [
        "text/bytewise", "text/distinct", "text/offsets", "text/paragraphs", "text/passages", "text/scan", "text/sentences", "text/stems", "ranking/*", "storage/columns",
        "storage/lexicon", "storage/locate", "storage/many", "storage/segment", "storage/snapshot", "storage/shapes", "storage/rules",
        "storage/invariants", "storage/recount", "storage/check",
        "storage/numbers", "storage/postings", "storage/texts", "storage/writer",
        "indexing/build", "indexing/chunks", "indexing/fold", "indexing/invert", "indexing/keys", "indexing/merge",
        "indexing/messages", "indexing/runs", "indexing/sources", "indexing/spill", "indexing/vocabulary",
        "indexing/analyst", "indexing/workers",
        "querying/best", "querying/close", "querying/evaluate", "querying/forms", "querying/leaves", "querying/lines", "querying/segment_words",
        "querying/weighed",
        "querying/metadata", "querying/phrases", "querying/pick", "querying/places", "querying/selectors",
        "querying/show", "querying/suggest", "querying/whoosh_documents", "querying/whoosh_postings",
        "querying/whoosh_search",
        "cli/opening(open_index)",
    ],
    "nltk": ["text/analysis(_load_snowball)"],
    "whoosh": [
        "querying/parser", "querying/whoosh_documents", "querying/whoosh_fields", "querying/whoosh_matcher",
        "querying/whoosh_reader", "querying/whoosh_query", "querying/whoosh_search", "indexing/settings(stop_words)"],
    "rapidfuzz": ["querying/lines(near)", "querying/metadata(_test)", "querying/suggest(_distances)", "querying/whoosh_postings"],
    "zstandard": ["storage/texts(read_all)", "indexing/workers"],
    "filelock": ["indexing/lock(_held)"],
    "watchfiles": ["indexing/notice(notice)"],
    "charset_normalizer": ["readers/decoding(*)"],
    "yaml": ["readers/plain(*)"],
    "click": ["cli/*"],
    "rich": ["cli/*"],
}  # fmt: skip


class Import:
    """One imported module, where it is imported: ``scope`` is the function around it, or empty."""

    def __init__(self, module: str, name: str, scope: str) -> None:
        self.module = module
        self.name = name
        self.scope = scope


def imports(tree: ast.AST, scope: str = "") -> Iterator[Import]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, "", scope) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (Import(node.module or "", alias.name, scope) for alias in node.names)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from imports(node, node.name)
        else:
            yield from imports(node, scope)


def modules() -> dict[str, list[Import]]:
    """Imports of every module, by its path below the package, without suffix."""
    return {
        path.relative_to(ROOT).with_suffix("").as_posix(): list(imports(ast.parse(path.read_bytes())))
        for path in sorted(ROOT.rglob("*.py"))
    }


MODULES = modules()


def inner(module: str) -> list[str]:
    """Parts of the package that a module imports."""
    found = []
    for imported in MODULES[module]:
        if imported.module == "searcher":
            found.append(imported.name)
        elif imported.module.startswith("searcher."):
            found.append(imported.module.split(".")[1])
    return found


def test_every_part_has_a_level() -> None:
    assert {module.split("/")[0] for module in MODULES} - {"__init__"} <= set(LEVELS)


@pytest.mark.parametrize("module", sorted(set(MODULES) - {"__init__"}))
def test_imports_only_go_down(module: str) -> None:
    part = module.split("/", maxsplit=1)[0]
    for imported in inner(module):
        if imported in ("__version__", part):
            continue
        assert imported in LEVELS, f"{module} imports {imported} from the package itself"
        assert LEVELS[imported] <= LEVELS[part], f"{module} imports {imported}, which lies above it"
        is_sibling = LEVELS[imported] == LEVELS[part] and LEVELS[part] in LEVELS_OF_SIBLINGS
        assert not is_sibling, f"{module} imports its sibling {imported}"


def test_level_0_is_read_in_its_order() -> None:
    assert set(inner("errors")) == set()
    assert set(inner("markup")) == set()
    assert set(inner("model")) <= {"markup"}


def test_the_package_itself_imports_nothing_of_its_own() -> None:
    at_import = [imported for imported in MODULES["__init__"] if not imported.scope]
    assert [i.module for i in at_import if i.module.startswith("searcher")] == []


@pytest.mark.parametrize("module", sorted(MODULES))
def test_libraries_are_imported_only_where_they_belong(module: str) -> None:
    for imported in MODULES[module]:
        library = imported.module.split(".")[0]
        if library == "searcher" or library in sys.stdlib_module_names:
            continue
        place = f"{module}({imported.scope})" if imported.scope else module
        allowed = LIBRARIES.get(library, [])
        is_allowed = any(fnmatch(place, pattern) or fnmatch(module, pattern) for pattern in allowed)
        assert is_allowed, f"{place} imports {library}; it belongs in {allowed}"


def test_no_entry_of_the_table_of_libraries_is_idle() -> None:
    used = {
        (imported.module.split(".")[0], place)
        for module, found in MODULES.items()
        for imported in found
        for place in (module, f"{module}({imported.scope})")
    }
    idle = [
        (library, pattern)
        for library, patterns in LIBRARIES.items()
        for pattern in patterns
        if not any(name == library and fnmatch(place, pattern) for name, place in used)
    ]
    assert idle == []


def test_only_the_doors_print() -> None:
    for path in ROOT.rglob("*.py"):
        if path.relative_to(ROOT).parts[0] in ("cli", "web"):
            continue
        calls = [node.func for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Call)]
        assert not [call for call in calls if isinstance(call, ast.Name) and call.id == "print"], path
