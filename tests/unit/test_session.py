import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from searcher import Article, Index, build_index
from searcher.errors import (
    CorpusError,
    IndexCorruptError,
    IndexLockedError,
    IndexMissingError,
    IndexStateError,
    IndexVersionError,
)
from searcher.indexing import update as updating
from searcher.indexing.lock import writing
from searcher.session import Opened, find_manifest, folder_of, open_up_to_date
from searcher.storage.manifest import read_manifest
from searcher.storage.snapshot import open_snapshot


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text("The war began.")
    os.utime(folder / "a.txt", (1, 1))  # a listing with files of this moment is not remembered
    return folder


@pytest.fixture
def index(corpus: Path, tmp_path: Path) -> Path:
    """An index of one article of the folder."""
    build_index(corpus, tmp_path / "index", language="none")
    return tmp_path / "index"


def n_articles(opened: Opened) -> int:
    return opened.snapshot.n_articles


# Which folder


def test_index_belongs_to_one_folder(corpus: Path, index: Path, tmp_path: Path) -> None:
    manifest, other = find_manifest(index), tmp_path / "other"
    with pytest.raises(CorpusError) as caught:
        folder_of(index, other, manifest)
    assert str(corpus) in str(caught.value)
    assert str(other) in str(caught.value)
    assert folder_of(index, None, manifest) == folder_of(index, corpus, manifest) == corpus
    assert folder_of(index, corpus / ".." / "corpus", manifest) == corpus
    assert folder_of(index, other, None) == other  # to be built anew


def test_new_index_is_of_the_folder_named_or_of_the_one_beside_it(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert folder_of(Path("index"), None, None) == corpus
    monkeypatch.chdir(corpus)
    with pytest.raises(IndexMissingError, match="--corpus"):
        folder_of(Path("index"), None, None)
    assert folder_of(Path("index"), Path("../corpus"), None) == corpus


def test_index_of_articles_from_python_has_no_folder(tmp_path: Path, corpus: Path) -> None:
    build_index([Article(address="a", text="War.")], tmp_path / "index", language="none")
    for named in (None, corpus):
        with pytest.raises(
            CorpusError, match=r"holds articles from Python and has no corpus folder.*--rebuild"
        ):
            folder_of(tmp_path / "index", named, find_manifest(tmp_path / "index"))
    assert open_up_to_date(tmp_path / "index").report is None
    with pytest.raises(CorpusError, match="has no corpus folder"):
        open_up_to_date(tmp_path / "index", corpus, updates=False)


# Which index


def test_missing_index_has_no_manifest_and_a_damaged_one_is_an_error(index: Path, tmp_path: Path) -> None:
    assert find_manifest(tmp_path / "none") is None
    assert find_manifest(index) == read_manifest(index)
    (tmp_path / "manifest.json").write_text("[]")  # of something else
    assert find_manifest(tmp_path) is None
    (index / "manifest.json").write_text("[]")
    with pytest.raises(IndexCorruptError):
        find_manifest(index)


@pytest.mark.parametrize("updates", [True, False])
def test_index_that_cannot_be_read_is_never_built_anew(index: Path, corpus: Path, *, updates: bool) -> None:
    manifest = (index / "manifest.json").read_text()
    (index / "manifest.json").write_text(manifest.replace('"format_version":', '"format_version":9'))
    with pytest.raises(IndexVersionError):
        open_up_to_date(index, corpus, updates=updates)
    (index / "manifest.json").write_text("[]")
    with pytest.raises(IndexCorruptError):
        open_up_to_date(index, corpus, updates=updates)


# Build, bring up to date, or answer as it is


def test_missing_index_is_built_only_if_that_is_asked_for(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError):
        open_up_to_date(tmp_path / "new", corpus, updates=False)
    assert not (tmp_path / "new").exists()
    opened = open_up_to_date(tmp_path / "new", corpus)
    assert (n_articles(opened), opened.obstacle) == (1, None)
    assert opened.report is not None
    assert opened.report.counts["new"] == 1
    assert opened.seconds > 0
    (tmp_path / "manifest.json").write_text("[]")
    with pytest.raises(IndexStateError, match="is no index"):
        open_up_to_date(tmp_path, corpus)


def test_changes_are_taken_in_unless_the_index_is_wanted_as_it_is(index: Path, corpus: Path) -> None:
    (corpus / "b.txt").write_text("The war went on.")
    assert open_up_to_date(index, updates=False)[1:] == (None, 0.0, None)
    assert n_articles(open_up_to_date(index, updates=False)) == 1
    opened = open_up_to_date(index)
    assert (n_articles(opened), opened.report and opened.report.has_changed) == (2, True)
    opened = open_up_to_date(index)
    assert (n_articles(opened), opened.report and opened.report.has_changed) == (2, False)


def test_index_answers_as_it_is_where_it_cannot_be_brought_up_to_date(index: Path, corpus: Path) -> None:
    (corpus / "b.txt").write_text("The war went on.")
    with writing(index, None):
        opened = open_up_to_date(index)
        assert isinstance(opened.obstacle, IndexLockedError)
        assert n_articles(opened) == 1
    opened = open_up_to_date(index, max_seconds=0)
    assert isinstance(opened.obstacle, CorpusError)
    corpus.rename(corpus.with_name("gone"))
    opened = open_up_to_date(index)
    assert isinstance(opened.obstacle, CorpusError)
    assert n_articles(opened) == 1


def test_what_another_process_has_taken_in_meanwhile_is_seen(
    index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = updating.update

    def update_late(*args: Any, **kwargs: Any) -> Any:
        (corpus / "b.txt").write_text("The war went on.")
        update(index, corpus)
        return update(*args, **kwargs)

    monkeypatch.setattr(updating, "update", update_late)
    opened = open_up_to_date(index)
    assert n_articles(opened) == 2
    with Index(index, snapshot=opened.snapshot) as searched:
        assert searched.search("war").total == 2
        assert not searched.refresh()


# How often the manifest is read

READS = """
import sys
from searcher import search
from searcher.cli.commands import searcher
index, corpus, opened = *sys.argv[1:], []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
{}
print(sum(path.endswith("manifest.json") for path in opened))
"""


@pytest.mark.parametrize(
    "code",
    [
        "searcher(['query', 'war', '-c', '--index', index], standalone_mode=False)",
        "searcher(['query', 'war', '-c', '--index', index, '--corpus', corpus], standalone_mode=False)",
        "search('war', index=index, corpus=corpus, update=True)",
        "search('war', index=index)",
    ],
    ids=["command", "command with the folder", "Python with update", "Python"],
)
def test_query_reads_the_manifest_once(index: Path, corpus: Path, code: str) -> None:
    arguments = [sys.executable, "-c", READS.format(code), str(index), str(corpus)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "1"


def test_snapshot_knows_the_state_that_it_is_of(index: Path, corpus: Path) -> None:
    before = open_snapshot(index)
    assert before.signature == open_snapshot(index).signature
    (corpus / "b.txt").write_text("The war went on.")
    build_index(corpus, index)
    assert before.signature != open_snapshot(index).signature
