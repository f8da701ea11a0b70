"""Tiny sizes are other than the usual ones, of all that there are, and the program heeds them."""

import ast
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from sizes import TINY, shrink, tiny, usual

import searcher
from searcher.text.words import analysis

ROOT = Path(searcher.__file__).parent
TREES = {
    ".".join(("searcher", *path.relative_to(ROOT).with_suffix("").parts)): ast.parse(path.read_bytes())
    for path in ROOT.rglob("*.py")
}
IS_NO_SIZE = {
    "FORMAT_VERSION", "ALIGNMENT", "MAX_PASSAGE_WORDS", "_IN_EXTRA", "_END_BYTES", "_PADDING_ID", "_NO_CODE", "POSITION_BITS",  # the format
    "ANALYSIS_VERSION", "MAX_CHUNK_WORDS", "MAX_COMPOUND", "_REACH", "COMPRESSION_LEVEL",  # what is written in it
    "MAX_FORMS", "MIN_ALLOWED", "_OF_PATTERN", "_OF_CLOSE", "MAX_TRIED",  # what is refused
    "_LARGE", "PIPE_BYTES",  # what the system is asked for
    "PADDING",  # what a number has
}  # fmt: skip


@pytest.mark.parametrize(("modules", "name", "values"), TINY, ids=[name for _, name, _ in TINY])
def test_tiny_values_are_others_than_the_usual_one(
    modules: list[ModuleType], name: str, values: tuple[object, ...]
) -> None:
    (value,) = {getattr(module, name) for module in modules}
    assert value not in values
    assert len(set(values)) == len(values)


def test_every_size_is_looked_at_when_it_is_needed_and_by_no_other_module() -> None:
    reads = {(name, read) for name, tree in TREES.items() for read in _reads(name, tree)}
    imports = {(name, *each) for name, tree in TREES.items() for each in _imports(tree)}
    for modules, size, _ in TINY:
        owners = {module.__name__ for module in modules}
        assert any((user, (owner, size)) in reads for user in TREES for owner in owners), size
        copies = {user for user, owner, name in imports if name == size and owner in owners}
        assert copies <= owners, size


def _reads(module: str, tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Give modules and names in them that functions of a module look at."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for node in (node for statement in function.body for node in ast.walk(statement)):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                yield module, node.id
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                yield from ((owner, node.attr) for owner in TREES if owner.endswith(f".{node.value.id}"))


def _imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Give modules and names that are imported from them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)


def test_sizes_of_these_modules_are_all_there() -> None:
    known = {(module.__name__, name) for modules, name, _ in TINY for module in modules}
    for module in {module for modules, *_ in TINY for module in modules}:
        names = {name for name, value in vars(module).items() if name.isupper() and type(value) is int}
        assert {(module.__name__, name) for name in names - IS_NO_SIZE} <= known


def test_sizes_are_tiny_for_some_seeds_of_a_test_and_as_usual_again_behind_it() -> None:
    before = analysis.MAX_REMEMBERED
    with pytest.MonkeyPatch.context() as patch:
        assert list(usual(patch, range(7), 3)) == [*range(7)]
        assert before == analysis.MAX_REMEMBERED
        assert list(tiny(patch, range(7), 3)) == [0, 3, 6]
        assert before > analysis.MAX_REMEMBERED
    assert before == analysis.MAX_REMEMBERED


def test_every_tiny_value_is_chosen_for_some_seed() -> None:
    chosen = set()
    for seed in range(40):
        with pytest.MonkeyPatch.context() as patch:
            shrink(patch, seed)
            chosen |= {(modules[0], name, getattr(modules[0], name)) for modules, name, _ in TINY}
    assert chosen == {(modules[0], name, value) for modules, name, values in TINY for value in values}
