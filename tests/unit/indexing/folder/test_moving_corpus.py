"""What happens when the folder of articles, or the clock, does not stand still?"""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, Self

import pytest

from searcher import build_index, open_index
from searcher.errors import CorpusError
from searcher.indexing.folder import listing as folder_of_files
from searcher.indexing.folder.listing import UNSETTLED, list_files, read_file
from searcher.storage.catalogue import read_state
from searcher.storage.manifest import read_manifest

DAY_NS = 24 * 60 * 60 * 10**9


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.txt").write_text(f"The war, {name}.")
        os.utime(folder / f"{name}.txt", ns=(1, 1))
    return folder


@pytest.fixture
def index(tmp_path: Path, corpus: Path) -> Path:
    build_index(corpus, tmp_path / "index", language="none")
    return tmp_path / "index"


def found(index: Path, query: str) -> list[str]:
    with open_index(index) as opened:
        return sorted(hit.article.address for hit in opened.search(query))


def skipped(index: Path) -> dict[str, str]:
    return dict(read_manifest(index).skipped)


class Unsteady:
    """A file that somebody writes to while it is read.

    Args:
        file: The file, opened.
        write: Called in the midst of each reading.
    """

    def __init__(self, file: BinaryIO, write: Callable[[], object]) -> None:
        self._file = file
        self._write = write

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def read(self) -> bytes:
        begin = self._file.read(5)
        self._write()
        return begin + self._file.read()


def while_reading(monkeypatch: pytest.MonkeyPatch, address: str, write: Callable[[], object]) -> None:
    def opened(path: str, mode: str, buffering: int) -> Any:
        file: Any = Path(path).open(mode, buffering)  # noqa: SIM115  (the caller closes it)
        return Unsteady(file, write) if path.endswith(address) else file

    monkeypatch.setattr(folder_of_files, "open", opened, raising=False)


@pytest.mark.parametrize("texts", [["Peace, at last and for good."], ["Peace.", "Oil."], ["The oil."]])
def test_file_that_is_written_while_it_is_read_is_read_again(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch, texts: list[str]
) -> None:
    versions = iter(texts)

    def write() -> None:
        if text := next(versions, None):
            (corpus / "c.txt").write_text(text)

    (corpus / "c.txt").write_text("The new.")
    os.utime(corpus / "c.txt", ns=(5, 5))
    with monkeypatch.context() as context:
        while_reading(context, "c.txt", write)
        build_index(corpus, index)
    with open_index(index) as opened:
        assert opened.article("c.txt").text == texts[-1]
    assert not build_index(corpus, index).has_changed


def test_file_that_does_not_stand_still_is_skipped_and_taken_in_once_it_does(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "b.txt").write_text("Changed.")

    def append() -> None:
        with (corpus / "b.txt").open("a") as file:
            file.write(" More.")

    with monkeypatch.context() as context:
        while_reading(context, "b.txt", append)
        build_index(corpus, index)
    assert skipped(index) == {
        "b.txt": "article 'b.txt' is being written: update the index again once that is done"
    }
    assert found(index, "war OR changed") == ["a.txt"]
    build_index(corpus, index)
    assert (skipped(index), found(index, "more")) == ({}, ["b.txt"])


def test_what_is_written_after_the_reading_is_taken_in_next_time(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = read_file

    def read_then_write(state: folder_of_files.FileState) -> bytes:
        data = read(state)
        Path(state.path).write_text("The oil.")
        return data

    (corpus / "c.txt").write_text("The gold.")
    with monkeypatch.context() as context:
        context.setattr(folder_of_files, "read_file", read_then_write)
        build_index(corpus, index)
    assert found(index, "gold") == ["c.txt"]
    assert build_index(corpus, index).counts["changed"] == 1
    assert (found(index, "oil"), found(index, "gold")) == (["c.txt"], [])


def test_file_that_vanishes_before_it_is_read_is_skipped_and_then_removed(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "b.txt").write_text("Changed.")
    (corpus / "c.txt").write_text("New.")
    listed = list_files

    def list_then_remove(*args: Any, **kwargs: Any) -> folder_of_files.Listing:
        listing = listed(*args, **kwargs)
        for name in ("b.txt", "c.txt"):
            (corpus / name).unlink()
        return listing

    with monkeypatch.context() as context:
        context.setattr(folder_of_files, "list_files", list_then_remove)
        report = build_index(corpus, index)
    assert [address for address, reason in report.skipped if "has vanished" in reason] == ["b.txt", "c.txt"]
    assert found(index, "war OR changed OR new") == ["a.txt"]
    report = build_index(corpus, index)
    assert (report.skipped, report.n_articles, [*read_state(index)[1].entries]) == ((), 1, ["a.txt"])


@pytest.mark.parametrize("is_left_empty", [True, False])
@pytest.mark.parametrize("options", [{}, {"allow_empty": True}, {"rebuild": True}, {"language": "german"}])
def test_folder_that_vanishes_while_it_is_read_is_no_removal(  # as an unmounted disk does
    corpus: Path,
    index: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, Any],
    *,
    is_left_empty: bool,
) -> None:
    (corpus / "b.txt").write_text("Changed.")
    read = read_file

    def vanish(state: folder_of_files.FileState) -> bytes:
        shutil.rmtree(corpus, ignore_errors=True)
        if is_left_empty:
            corpus.mkdir()
        return read(state)

    before = read_manifest(index)
    listed = list_files(corpus)
    monkeypatch.setattr(folder_of_files, "list_files", lambda *_, **__: listed)
    monkeypatch.setattr(folder_of_files, "read_file", vanish)
    with pytest.raises(
        CorpusError, match=r"corpus has vanished while it was read: update the index once it is back"
    ):
        build_index(corpus, index, **options)
    assert read_manifest(index) == before
    assert found(index, "war") == ["a.txt", "b.txt"]


@pytest.mark.parametrize("what", ["folder", "corpus"])
def test_folder_that_vanishes_while_it_is_listed(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    (corpus / "folder").mkdir()
    (corpus / "folder/c.txt").write_text("More.")
    scan = os.scandir

    def vanish(path: str) -> Any:
        if path.endswith("folder"):
            gone = corpus if what == "corpus" else Path(path)
            gone.rename(corpus.with_name("away"))
        return scan(path)

    monkeypatch.setattr(os, "scandir", vanish)
    if what == "corpus":
        with pytest.raises(CorpusError, match="has vanished"):
            list_files(corpus)
    else:
        listing = list_files(corpus)
        assert ([file.address for file in listing.files], listing.skipped) == (["a.txt", "b.txt"], ())


# Folders without articles


@pytest.mark.parametrize("options", [{}, {"rebuild": True}, {"language": "german"}])
def test_emptied_folder_is_an_error_unless_it_is_meant(
    corpus: Path, index: Path, options: dict[str, Any]
) -> None:
    for path in corpus.iterdir():
        path.unlink()
    before = read_manifest(index)
    with pytest.raises(
        CorpusError, match=r"no articles .* in .*corpus; if that is so: searcher index --allow-empty"
    ):
        build_index(corpus, index, **options)
    assert read_manifest(index) == before
    report = build_index(corpus, index, allow_empty=True, **options)
    assert report.n_articles == 0
    assert found(index, "war") == []


def test_index_of_an_empty_folder_goes_on(corpus: Path, tmp_path: Path) -> None:
    index, folder = tmp_path / "other", tmp_path / "empty"
    folder.mkdir()
    with pytest.raises(CorpusError, match="no articles"):
        build_index(folder, index)
    assert not index.exists()
    assert build_index(folder, index, allow_empty=True).n_articles == 0
    with open_index(index) as opened:
        assert (len(opened), opened.addresses(), opened.search("war").total) == (0, [], 0)
        assert not opened.update().has_changed  # nothing would be removed
        shutil.copy(corpus / "a.txt", folder)
        assert opened.update().n_articles == 1
        assert opened.search("war").total == 1
        (folder / "a.txt").unlink()
        with pytest.raises(CorpusError, match="no articles"):
            opened.update()
        assert opened.update(allow_empty=True).n_articles == 0


@pytest.mark.parametrize("options", [{}, {"allow_empty": True}])
def test_folder_that_is_not_there_is_an_error_whatever_is_meant(
    corpus: Path, index: Path, options: dict[str, Any]
) -> None:
    shutil.rmtree(corpus)
    before = read_manifest(index)
    with pytest.raises(CorpusError, match="corpus does not exist"):
        build_index(corpus, index, **options)
    assert read_manifest(index) == before


# The clock


def test_file_from_the_future_is_compared_by_content(corpus: Path, index: Path) -> None:
    future = time.time_ns() + DAY_NS
    os.utime(corpus / "a.txt", ns=(future, future))
    assert not build_index(corpus, index).has_changed
    before = read_manifest(index)
    assert not build_index(corpus, index).has_changed
    assert read_manifest(index) == before  # nothing is written for its sake each time
    (corpus / "a.txt").write_text("The oil, a.")
    os.utime(corpus / "a.txt", ns=(future, future))
    assert build_index(corpus, index).counts["changed"] == 1
    assert found(index, "oil") == ["a.txt"]


def test_clock_that_goes_backwards_hides_no_change(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time_ns()
    for name in ("a", "b"):
        os.utime(corpus / f"{name}.txt", ns=(now - DAY_NS, now - DAY_NS))
    build_index(corpus, index)
    before = read_manifest(index)
    with open_index(index) as opened:
        monkeypatch.setattr(time, "time_ns", lambda: now - 2 * DAY_NS)
        monkeypatch.setattr("searcher.indexing.apply.now", lambda: "1999-12-31T00:00:00+00:00")
        assert {file.mtime_ns for file in list_files(corpus).files} == {UNSETTLED}
        (corpus / "a.txt").write_text("The oil, a.")
        os.utime(corpus / "a.txt", ns=(now - DAY_NS, now - DAY_NS))  # size and time as they were
        report = build_index(corpus, index)
        assert (report.counts["changed"], report.counts["unchanged"]) == (1, 1)
        assert read_manifest(index).generation > before.generation
        assert opened.refresh()
        assert opened.search("oil").total == 1
        assert not build_index(corpus, index).has_changed
    monkeypatch.undo()
    assert not build_index(corpus, index).has_changed
    assert found(index, "oil") == ["a.txt"]
