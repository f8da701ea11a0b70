import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from searcher import Article, build_index, open_index
from searcher.errors import CorpusError, IndexLockedError, IndexStateError
from searcher.indexing.folder import listing as folder_of_files
from searcher.indexing.folder.listing import FileState, list_files
from searcher.indexing.lock import writing
from searcher.indexing.report import Progress, Report
from searcher.indexing.update import update
from searcher.storage.format import LOCK, MANIFEST
from searcher.storage.manifest import read_manifest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.txt").write_text(f"Article {name} tells of the war.")
        os.utime(folder / f"{name}.txt", ns=(1, 1))
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def counts(report: Report) -> dict[str, int]:
    return {state: count for state, count in report.counts.items() if count}


def found(index: Path, query: str) -> list[str]:
    with open_index(index) as opened:
        return sorted(hit.article.address for hit in opened.search(query, limit=100))


def temporary(index: Path) -> list[str]:
    return [path.name for path in index.iterdir() if path.suffix == ".tmp"]


class StopError(Exception):
    """Not one of the package's own."""


def test_first_update_takes_in_every_file(corpus: Path, index: Path) -> None:
    report = update(index, corpus)
    assert (counts(report), report.n_articles, report.has_changed, report.reason) == ({"new": 3}, 3, True, "")
    assert found(index, "war") == ["a.txt", "b.txt", "c.txt"]


def test_nothing_is_written_where_nothing_has_changed(corpus: Path, index: Path) -> None:
    update(index, corpus)
    before = {path.name: path.stat().st_mtime_ns for path in index.iterdir()}
    report = update(index, corpus)
    assert (counts(report), report.n_articles, report.has_changed) == ({"unchanged": 3}, 3, False)
    assert {path.name: path.stat().st_mtime_ns for path in index.iterdir()} == before


def test_folder_without_changes_is_known_without_the_catalogue(corpus: Path, index: Path) -> None:
    (corpus / "empty.txt").write_text("")
    os.utime(corpus / "empty.txt", ns=(1, 1))
    (corpus / "gone.txt").symlink_to(corpus / "nowhere")
    first = update(index, corpus)
    (catalogue,) = index.glob("catalogue-*.json")
    catalogue.write_bytes(b"?" * catalogue.stat().st_size)
    second = update(index, corpus)
    assert (counts(second), second.has_changed) == ({"unchanged": 3, "unreadable": 1}, False)
    assert second.skipped == first.skipped
    (corpus / "empty.txt").unlink()
    with pytest.raises(IndexStateError, match="its checksum does not fit"):
        update(index, corpus)


def test_update_that_changes_little_keeps_the_file_of_all_entries_and_replaces_that_of_changes(
    corpus: Path, index: Path
) -> None:
    for number in range(16):
        (corpus / f"{number:02}.txt").write_text(f"Report {number} on the war.")
    update(index, corpus)
    (base,) = read_manifest(index).catalogue
    for name in ("d.txt", "e.txt"):
        (corpus / name).write_text("One more on the war.")
        update(index, corpus)
        assert read_manifest(index).catalogue[:-1] == (base,)
        assert {path.name for path in index.iterdir()} == read_manifest(index).file_names
    (corpus / "d.txt").unlink()
    assert counts(update(index, corpus)) == {"unchanged": 20, "removed": 1}
    assert len(found(index, "war")) == 20
    assert read_manifest(index).catalogue[:-1] == (base,)
    (corpus / "01.txt").unlink()
    (corpus / "02.txt").unlink()
    assert counts(update(index, corpus)) == {"unchanged": 18, "removed": 2}
    (whole,) = read_manifest(index).catalogue
    assert whole != base
    assert counts(update(index, corpus)) == {"unchanged": 18}
    assert {path.name for path in index.iterdir()} == read_manifest(index).file_names


@pytest.mark.parametrize("number", [0, 1])
def test_folder_without_changes_is_not_known_if_the_catalogue_is_cut_short(
    corpus: Path, index: Path, number: int
) -> None:
    for names in ("defgh", "i"):
        for name in names:
            (corpus / f"{name}.txt").write_text("One more on the war.")
            os.utime(corpus / f"{name}.txt", ns=(1, 1))
        update(index, corpus)
    catalogue = sorted(index.glob("catalogue-*.json"))[number]
    catalogue.write_bytes(catalogue.read_bytes()[:-1])
    with pytest.raises(IndexStateError, match=f"{catalogue.name}.*its checksum does not fit"):
        update(index, corpus)
    catalogue.unlink()
    with pytest.raises(IndexStateError, match=f"{catalogue.name}.*it is missing"):
        update(index, corpus)


def test_link_to_nothing_is_told_once_it_is_there_and_no_more_once_it_is_not(
    corpus: Path, index: Path
) -> None:
    update(index, corpus)
    link = corpus / "gone.txt"
    link.symlink_to(corpus / "nowhere")
    found = update(index, corpus)
    assert (found.has_changed, [address for address, _ in found.skipped]) == (True, ["gone.txt"])
    link.unlink()
    found = update(index, corpus)
    assert (found.has_changed, found.skipped) == (True, ())


def test_folder_is_known_again_once_its_files_have_settled(corpus: Path, index: Path) -> None:
    (corpus / "a.txt").write_text("A truce at last.")
    update(index, corpus)
    assert read_manifest(index).listing == ""
    os.utime(corpus / "a.txt", ns=(5, 5))
    assert not update(index, corpus).has_changed
    assert read_manifest(index).listing == list_files(corpus).fingerprint != ""


def test_new_changed_and_removed_files_are_counted_and_taken_in(corpus: Path, index: Path) -> None:
    update(index, corpus)
    (corpus / "a.txt").write_text("Peace now.")
    (corpus / "b.txt").unlink()
    (corpus / "d").mkdir()
    (corpus / "d" / "e.md").write_text("# Truce\n\nThey agree on peace.")
    report = update(index, corpus)
    assert (counts(report), report.n_articles) == ({"new": 1, "changed": 1, "removed": 1, "unchanged": 1}, 3)
    assert (found(index, "war"), found(index, "peace")) == (["c.txt"], ["a.txt", "d/e.md"])


def test_change_that_keeps_the_size_is_noticed_by_its_time(corpus: Path, index: Path) -> None:
    update(index, corpus)
    path = corpus / "a.txt"
    before = path.stat()
    path.write_text(path.read_text().replace("war", "oil"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns - 1))
    assert path.stat().st_size == before.st_size
    assert counts(update(index, corpus)) == {"changed": 1, "unchanged": 2}
    assert found(index, "oil") == ["a.txt"]


def test_touched_file_is_unchanged_and_not_hashed_again(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    update(index, corpus)
    os.utime(corpus / "a.txt", ns=(5, 5))
    assert counts(update(index, corpus)) == {"unchanged": 3}

    def fail(state: FileState) -> bytes:
        raise AssertionError(state.address)

    monkeypatch.setattr(folder_of_files, "read_file", fail)
    assert not update(index, corpus).has_changed


def test_touched_file_costs_no_new_segment(corpus: Path, index: Path) -> None:
    update(index, corpus)
    before = read_manifest(index).segments
    os.utime(corpus / "a.txt", ns=(5, 5))
    update(index, corpus)
    assert read_manifest(index).segments == before


def test_moved_file_is_found_under_its_new_address_only(corpus: Path, index: Path) -> None:
    update(index, corpus)
    (corpus / "a.txt").rename(corpus / "z.txt")
    report = update(index, corpus)
    assert report.counts["moved"] == 1
    assert found(index, "war") == ["b.txt", "c.txt", "z.txt"]


def test_moved_file_is_counted_once(corpus: Path, index: Path) -> None:
    update(index, corpus)
    (corpus / "a.txt").rename(corpus / "z.txt")
    assert counts(update(index, corpus)) == {"moved": 1, "unchanged": 2}


def test_index_updated_in_steps_answers_as_one_built_at_once(
    corpus: Path, index: Path, tmp_path: Path
) -> None:
    update(index, corpus)
    for number in range(3):
        (corpus / f"{number}.txt").write_text("War and peace " * (number + 1))
        update(index, corpus)
    update(tmp_path / "fresh", corpus)
    with open_index(index) as stepwise, open_index(tmp_path / "fresh") as fresh:
        for query in ("war", "peace", "war peace"):
            assert stepwise.search(query).hits == fresh.search(query).hits


def test_folder_that_holds_anything_else_is_not_used_as_an_index(corpus: Path, index: Path) -> None:
    index.mkdir()
    (index / "notes.txt").write_text("mine")
    with pytest.raises(IndexStateError, match=r"'notes\.txt'"):
        update(index, corpus)
    assert [path.name for path in index.iterdir()] == ["notes.txt"]


def test_file_is_not_used_as_an_index(corpus: Path, index: Path) -> None:
    index.write_text("mine")
    with pytest.raises(IndexStateError, match="is a file"):
        update(index, corpus)
    assert index.read_text() == "mine"


def test_manifest_of_something_else_makes_no_index(corpus: Path, index: Path) -> None:
    index.mkdir()
    (index / MANIFEST).write_text('{"name": "web page"}')
    (index / "page.html").write_text("mine")
    with pytest.raises(IndexStateError):
        build_index(corpus, index, rebuild=True)
    assert json.loads((index / MANIFEST).read_text()) == {"name": "web page"}


@pytest.mark.parametrize("names", [[], [".gitignore"], [LOCK], ["segment-00000001.zst", LOCK]])
def test_empty_folder_or_the_rest_of_a_failed_build_is_used_as_an_index(
    corpus: Path, index: Path, names: list[str]
) -> None:
    index.mkdir()
    for name in names:
        (index / name).touch()
    assert update(index, corpus).n_articles == 3
    assert (index / ".gitignore").exists() == (".gitignore" in names)


def test_file_of_no_use_is_skipped_with_its_reason_and_the_rest_is_taken_in(
    corpus: Path, index: Path
) -> None:
    (corpus / "empty.txt").write_text(" \n")
    (corpus / "binary.txt").write_bytes(b"\x00\x01\x02" * 50)
    report = update(index, corpus)
    assert [address for address, _ in report.skipped] == ["binary.txt", "empty.txt"]
    assert [word for (_, reason), word in zip(report.skipped, ("binary", "empty"), strict=True) if word in reason] == [
        "binary", "empty",
    ]  # fmt: skip
    assert report.n_articles == 3
    assert read_manifest(index).skipped == report.skipped


def test_skipped_file_is_not_tried_again_until_it_changes(corpus: Path, index: Path) -> None:
    (corpus / "empty.txt").write_text("")
    first = update(index, corpus)
    second = update(index, corpus)
    assert (second.has_changed, second.skipped) == (False, first.skipped)
    (corpus / "empty.txt").write_text("Not empty any more.")
    third = update(index, corpus)
    assert (counts(third), third.skipped, third.n_articles) == ({"changed": 1, "unchanged": 3}, (), 4)


def deny(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    read_file: Callable[[FileState], bytes] = folder_of_files.read_file

    def denied(state: FileState) -> bytes:
        if state.address == address:
            raise CorpusError(f"article {address!r} cannot be read (Permission denied)", Path(state.path))
        return read_file(state)

    monkeypatch.setattr(folder_of_files, "read_file", denied)


def test_file_that_cannot_be_read_is_skipped_and_taken_in_once_it_can(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as context:
        deny(context, "b.txt")
        assert [address for address, _ in update(index, corpus).skipped] == ["b.txt"]
        assert found(index, "war") == ["a.txt", "c.txt"]
    assert counts(update(index, corpus)) == {"changed": 1, "unchanged": 2}
    assert found(index, "war") == ["a.txt", "b.txt", "c.txt"]


def test_file_that_stays_unreadable_is_no_reason_to_write(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deny(monkeypatch, "b.txt")
    update(index, corpus)
    assert not update(index, corpus).has_changed


def test_file_is_taken_in_once_the_article_of_its_address_has_been_removed(corpus: Path, index: Path) -> None:
    build_index(corpus, index)
    with open_index(index) as opened:
        opened.put([Article(address="d.txt", text="A truce.")])
        (corpus / "d.txt").write_text("More on the war.")
        os.utime(corpus / "d.txt", ns=(1, 1))
        assert [address for address, _ in opened.update().skipped] == ["d.txt"]
        opened.remove(["d.txt"])
        assert opened.update().skipped == ()
    assert found(index, "war") == ["a.txt", "b.txt", "c.txt", "d.txt"]


def test_index_of_skipped_files_alone_is_an_empty_index(corpus: Path, index: Path) -> None:
    for path in corpus.iterdir():
        path.write_text("")
    report = update(index, corpus)
    assert (report.n_articles, len(report.skipped)) == (0, 3)
    assert found(index, "war") == []
    assert not update(index, corpus).has_changed


def test_index_inside_the_corpus_is_not_indexed(corpus: Path) -> None:
    index = corpus / "index"
    update(index, corpus)
    (index / "notes.txt").write_text("A note of the user, within the index.")
    assert counts(update(index, corpus)) == {"unchanged": 3}
    assert found(index, "note") == []
    assert (index / "notes.txt").exists()


def test_other_language_is_a_reason_to_analyse_everything_anew(corpus: Path, index: Path) -> None:
    assert update(index, corpus).reason == ""
    report = update(index, corpus, language="none")
    assert report.reason.startswith("language was english, is none")
    assert report.has_changed
    kept = update(index, corpus)
    assert (kept.reason, kept.has_changed) == ("", False)
    assert read_manifest(index).settings["language"] == "none"


def test_unknown_language_leaves_the_index_as_it_was(corpus: Path, index: Path) -> None:
    update(index, corpus)
    with pytest.raises(ValueError, match="klingon"):
        update(index, corpus, language="klingon")
    assert found(index, "wars") == ["a.txt", "b.txt", "c.txt"]


def test_second_writer_is_told_who_holds_the_lock(corpus: Path, index: Path) -> None:
    index.mkdir()
    with writing(index, None), pytest.raises(IndexLockedError) as caught:
        update(index, corpus)
    assert str(os.getpid()) in caught.value.holder
    assert caught.value.holder in str(caught.value)
    assert update(index, corpus).n_articles == 3


def test_second_writer_that_waits_is_told_too(corpus: Path, index: Path) -> None:
    index.mkdir()
    held = writing(index, None)
    held.__enter__()
    told: list[str] = []

    def release(holder: str) -> None:
        told.append(holder)
        held.__exit__(None, None, None)

    assert update(index, corpus, on_wait=release).n_articles == 3
    assert [str(os.getpid()) in holder for holder in told] == [True]


def test_fresh_index_is_not_locked(corpus: Path, index: Path) -> None:
    update(index, corpus)
    with writing(index, None):
        assert not update(index, corpus).has_changed


@pytest.mark.parametrize("is_there", [True, False])
def test_corpus_without_articles_is_an_error(tmp_path: Path, index: Path, *, is_there: bool) -> None:
    if is_there:
        (tmp_path / "none").mkdir()
    with pytest.raises(CorpusError, match="none"):
        update(index, tmp_path / "none")
    assert not (index / MANIFEST).exists()


def test_index_stays_when_its_corpus_has_been_emptied(corpus: Path, index: Path) -> None:
    update(index, corpus)
    for path in corpus.iterdir():
        path.unlink()
    with pytest.raises(CorpusError, match=r"no articles \(\.markdown, \.md"):
        update(index, corpus)
    assert len(found(index, "war")) == 3


@pytest.mark.parametrize(
    "step",
    [
        "searcher.indexing.inversion.batch.find_paragraphs",
        "searcher.indexing.segments.build.merge_postings",
        "searcher.storage.columns.archive.ColumnWriter.write",
        "searcher.indexing.apply.write_catalogue",
        "searcher.storage.files.replace",
    ],
)
def test_failed_update_leaves_the_old_index_working(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    update(index, corpus)
    old = read_manifest(index)
    (corpus / "d.txt").write_text("One more on the war.")

    def fail(*_: object, **__: object) -> None:
        raise StopError

    with monkeypatch.context() as context:
        context.setattr("searcher.indexing.inversion.batch.BATCH_BYTES", 1)
        context.setattr("searcher.indexing.inversion.threads.n_processors", lambda: 1)
        context.setattr(step, fail)
        with pytest.raises(StopError):
            update(index, corpus)
    assert read_manifest(index) == old
    assert found(index, "war") == ["a.txt", "b.txt", "c.txt"]
    assert temporary(index) == []
    assert counts(update(index, corpus)) == {"new": 1, "unchanged": 3}
    assert {path.name for path in index.iterdir()} == read_manifest(index).file_names


def test_failed_update_leaves_no_file_behind(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    update(index, corpus)
    before = {path.name for path in index.iterdir()}
    (corpus / "d.txt").write_text("One more on the war.")
    monkeypatch.setattr("searcher.indexing.segments.build.merge_postings", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        update(index, corpus)
    assert {path.name for path in index.iterdir()} == before


def test_folder_of_the_user_in_the_index_does_no_harm(corpus: Path, index: Path) -> None:
    index.mkdir()
    (index / ".gitignore").touch()
    update(index, corpus)
    (index / "x.tmp").mkdir()
    (corpus / "d.txt").write_text("One more on the war.")
    assert update(index, corpus).n_articles == 4


def test_foreign_names_in_the_index_do_not_count_as_generations(corpus: Path, index: Path) -> None:
    update(index, corpus)
    (index / "photo-20200927².jpg").touch()
    (corpus / "d.txt").write_text("One more on the war.")
    update(index, corpus)
    assert read_manifest(index).generation < 20


def test_progress_is_told_file_by_file(corpus: Path, index: Path) -> None:
    told: list[Progress] = []
    update(index, corpus, progress=told.append)
    size = len("Article a tells of the war.")
    assert told == [Progress(number, 3, number * size) for number in (1, 2, 3)]


@pytest.mark.parametrize("damage", ["manifest", "catalogue", "segment"])
def test_damaged_index_is_built_anew_on_request(corpus: Path, index: Path, damage: str) -> None:
    update(index, corpus)
    old = read_manifest(index)
    (path,) = index.glob(f"{damage}*.json") if damage != "segment" else index.glob("*.npz")
    path.write_bytes(b"damaged")
    os.utime(corpus / "a.txt", ns=(5, 5))  # a folder in which nothing has changed does not need the catalogue
    if damage != "segment":
        with pytest.raises(IndexStateError):
            update(index, corpus)
    assert update(index, corpus, rebuild=True).n_articles == 3
    assert len(found(index, "war")) == 3
    assert read_manifest(index).generation > old.generation
