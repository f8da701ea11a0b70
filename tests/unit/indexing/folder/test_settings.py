from importlib.machinery import ModuleSpec
from importlib.metadata import version
from pathlib import Path

import pytest

from searcher.indexing.folder import settings
from searcher.indexing.folder.settings import settings_for


def test_version_of_the_stemmers_is_that_of_the_installed_distribution() -> None:
    assert settings_for("english")["nltk"] == version("nltk")
    assert settings_for("none")["nltk"] == ""


def test_version_is_found_also_where_the_package_does_not_bear_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = ModuleSpec("nltk", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(settings, "find_spec", lambda _: spec)
    assert settings_for("english")["nltk"] == version("nltk")


def test_new_version_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "VERSION").write_text("99.1\n", encoding="utf-8")
    spec = ModuleSpec("nltk", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(settings, "find_spec", lambda _: spec)
    assert settings_for("english")["nltk"] == "99.1"
