"""The README tells the truth."""

import doctest
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from searcher.cli.commands import searcher

PROJECT = Path(__file__).parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def test_python_examples_give_what_they_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(PROJECT / "corpus", tmp_path / "corpus")
    monkeypatch.chdir(tmp_path)
    examples = doctest.DocTestParser().get_doctest(README, {}, "README.md", "README.md", 0)
    said: list[str] = []
    outcome = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(examples, out=said.append)
    assert outcome.attempted >= 8
    assert outcome.failed == 0, "".join(said)


def test_generated_parts_are_what_the_commands_print() -> None:
    cog = Path(sys.executable).with_name("cog")
    done = subprocess.run(
        [cog, "--check", "-I", "tests/meta", "README.md"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}; run: cog -r -I tests/meta README.md"


def test_every_command_and_option_is_in_the_reference() -> None:
    for name, command in searcher.commands.items():
        assert f"Usage: searcher {name}" in README
        for param in command.params:
            for option in param.opts:
                if option.startswith("--") and not getattr(param, "hidden", False):
                    assert option in README, f"{name} {option}"


def test_readme_has_its_size() -> None:
    assert 120 <= len(README.splitlines()) <= 200
