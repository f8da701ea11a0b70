"""What happens when another process commits at the worst moment?"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from searcher import build_index, open_index
from searcher.indexing import update as updating
from searcher.indexing.lock import writing
from searcher.storage import catalogue as catalogues
from searcher.storage.manifest import Manifest


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text("The war began.")
    return folder


def once(act: Callable[[], object]) -> Callable[[], object]:
    pending = [act]
    return lambda: pending.pop()() if pending else None


def test_commit_between_manifest_and_catalogue_is_no_damage(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    build_index(corpus, index)
    (corpus / "b.txt").write_text("The talks began.")
    read = catalogues.read_catalogue
    other = once(lambda: build_index(corpus, index))

    def read_late(folder: Path, manifest: Manifest) -> catalogues.Catalogue:
        other()
        return read(folder, manifest)

    monkeypatch.setattr(catalogues, "read_catalogue", read_late)
    assert not build_index(corpus, index).has_changed
    with open_index(index) as opened:
        assert opened.addresses() == ["a.txt", "b.txt"]


def test_what_another_has_taken_in_while_this_one_waited_is_not_taken_in_again(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    build_index(corpus, index)
    (corpus / "b.txt").write_text("The talks began.")
    lock = writing
    other = once(lambda: build_index(corpus, index))

    @contextmanager
    def lock_late(*args: Any) -> Iterator[None]:
        other()
        with lock(*args):
            yield

    monkeypatch.setattr(updating, "writing", lock_late)
    assert not build_index(corpus, index).has_changed
