"""The documentation tells the truth: its examples give what they show, and its links lead somewhere."""

import re
import shlex
import subprocess
import sys
import tomllib
from importlib import resources
from pathlib import Path

import click
import pytest
from examples import DOCUMENTS, PAGES, PROJECT, blocks, prose, run_console, run_document

from searcher.cli.commands import searcher
from searcher.kernel import COMPILED

TEXTS = {path.relative_to(PROJECT).as_posix(): path.read_text(encoding="utf-8") for path in DOCUMENTS}
COMMAND_LINE = TEXTS["searcher/docs/command-line.md"]
KINDS = {"console", "python", "sh", "text"}
SH_LINES = [
    line
    for text in TEXTS.values()
    for block in blocks(text)
    if block.kind == "sh"
    for line in block.body.splitlines()
]
CI = (PROJECT / ".ci" / "run").read_text(encoding="utf-8")


def anchors(text: str) -> set[str]:
    """Anchors of the headings of a page, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", prose(text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", TEXTS)
def test_examples_give_what_they_show(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    if not COMPILED and re.search(r"^\$ searcher status( --json)?$", TEXTS[name], re.MULTILINE):
        pytest.skip("searcher status says more where the kernel is not compiled")
    text, differences = run_document(PROJECT / name, tmp_path)
    assert differences == ""
    assert text == TEXTS[name], "read what changed, then run: python tests/meta/examples.py"


@pytest.mark.parametrize("name", TEXTS)
def test_every_block_is_of_a_kind_that_is_tested(name: str) -> None:
    found = list(blocks(TEXTS[name]))
    assert TEXTS[name].count("```") == 2 * len(found)
    assert {block.kind for block in found} <= KINDS
    for block in found:
        assert block.kind != "console" or block.body.startswith("$ "), block.body
        assert block.kind != "python" or block.body.startswith(">>> "), block.body


@pytest.mark.parametrize("line", SH_LINES)
def test_command_that_is_not_run_here_is_run_by_ci_or_has_options_that_exist(line: str) -> None:
    if line.startswith("python tests/"):
        words = [*shlex.split(line)[1:], "--help"]
        done = subprocess.run(
            [sys.executable, *words], cwd=PROJECT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    elif not re.fullmatch(r"pip install '\.\[\w+\]'", line):
        sought_in_readme = re.findall(r'grep -F "(.+)" README.md', CI)
        assert f"\n{line}\n" in CI.replace('"$bin/', "").replace('"', "") or any(
            each in line for each in sought_in_readme
        )


@pytest.mark.parametrize("name", TEXTS)
def test_extras_that_are_named_are_there(name: str) -> None:
    extras = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    named = re.findall(r"pip install '(?:\.|searcher)\[(\w+)\]'", TEXTS[name])
    assert set(named) <= set(extras)


def test_difference_is_noticed_and_what_changes_from_run_to_run_is_left_out(tmp_path: Path) -> None:
    body = "$ echo one\none\n$ printf 'two\\n' >&2\n2\n$ echo done in 0.1 s: $PWD\nzero\n"
    shown = "$ echo one\none\n$ printf 'two\\n' >&2\ntwo\n$ echo done in 0.1 s: $PWD\ndone in ... s: ...\n"
    assert run_console(body, tmp_path) == shown
    assert run_console(shown, tmp_path) == shown


@pytest.mark.parametrize("name", TEXTS)
def test_links_lead_somewhere(name: str) -> None:
    path = PROJECT / name
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(TEXTS[name])):
        if link.startswith("https://"):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), link
        assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), link
        if path in PAGES:
            assert target.is_relative_to(PROJECT / "searcher"), f"{link} is not in the installed package"


@pytest.mark.parametrize("name", TEXTS)
def test_paths_that_are_named_are_there(name: str) -> None:
    paths = re.findall(r"`((?:searcher|tests|\.ci)/[\w./-]*)`", TEXTS[name])
    assert [path for path in paths if "NAME" not in path and not (PROJECT / path).exists()] == []


def test_names_that_are_said_to_be_in_a_module_are_in_it() -> None:
    found = re.findall(r"`(\w+)` in \[`[^`]+`\]\(([^)]+)\)", TEXTS["ARCHITECTURE.md"])
    assert len(found) > 5
    assert [name for name, path in found if not re.search(rf"\b{name}\b", (PROJECT / path).read_text())] == []


def test_pages_are_files_of_the_package() -> None:
    in_package = {page.name for page in resources.files("searcher").joinpath("docs").iterdir()}
    assert in_package == {page.name for page in PAGES}
    assert all(page.read_text(encoding="utf-8").startswith("# ") for page in PAGES)


def test_every_command_and_option_is_on_the_page_of_the_command_line() -> None:
    for name, command in searcher.commands.items():
        assert f"$ searcher {name} --help\n" in COMMAND_LINE
        for param in command.params:
            for option in param.opts if isinstance(param, click.Option) and not param.hidden else ():
                assert option in COMMAND_LINE, f"{name} {option}"


def test_readme_is_short_and_says_where_to_go_on() -> None:
    readme = TEXTS["README.md"]
    assert len(readme.splitlines()) <= 75
    for path in DOCUMENTS[1:]:
        assert f"({path.relative_to(PROJECT).as_posix()})" in readme
