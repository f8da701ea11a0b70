import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from searcher.errors import CorpusError
from searcher.indexing.folder.listing import FileState, list_files, read_file


def write(folder: Path, *addresses: str) -> None:
    for address in addresses:
        (folder / address).parent.mkdir(parents=True, exist_ok=True)
        (folder / address).write_bytes(b"text")


def addresses(corpus: Path, *exclude: Path) -> list[str]:
    return [state.address for state in list_files(corpus, exclude=exclude).files]


def skipped(corpus: Path) -> dict[str, str]:
    return {skip.address: skip.reason for skip in list_files(corpus).skipped}


def test_articles_of_all_folders_are_sorted_by_code_point(tmp_path: Path) -> None:
    write(
        tmp_path,
        "b.txt",
        "a/z.md",
        "a.txt",
        "a/b/c.TXT",
        "a-b.text",
        "B.markdown",
        "é.txt",
        "a/\U0001f600.txt",
        "a/\uffee.txt",
    )
    assert addresses(tmp_path) == [
        "B.markdown", "a-b.text", "a.txt", "a/b/c.TXT", "a/z.md", "a/\uffee.txt", "a/\U0001f600.txt", "b.txt", "é.txt",
    ]  # fmt: skip


def test_state_is_what_the_file_system_says(tmp_path: Path) -> None:
    write(tmp_path, "a/b.txt")
    os.utime(tmp_path / "a/b.txt", ns=(1, 1_600_000_000_123_456_789))
    (state,) = list_files(tmp_path).files
    assert state == FileState("a/b.txt", str(tmp_path / "a" / "b.txt"), 4, 1_600_000_000_123_456_789)
    assert read_file(state) == b"text"


def test_listings_differ_in_fingerprint_if_in_anything_that_they_say(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "b/c.txt")
    (tmp_path / "link.txt").symlink_to(tmp_path / "nowhere")

    def fingerprint_after(change: Callable[[], object]) -> str:
        change()
        for path in tmp_path.rglob("*.txt"):
            if not path.is_symlink() and time.time() - path.stat().st_mtime < 60:
                os.utime(path, ns=(1, 1))
        return list_files(tmp_path).fingerprint

    before = fingerprint_after(lambda: None)
    assert before == fingerprint_after(lambda: write(tmp_path, "other.pdf"))
    changes: list[Callable[[], object]] = [
        lambda: (tmp_path / "a.txt").write_bytes(b"texts"),
        lambda: os.utime(tmp_path / "a.txt", ns=(1, 2)),
        lambda: (tmp_path / "a.txt").rename(tmp_path / "d.txt"),
        lambda: (tmp_path / "b").rename(tmp_path / "e"),
        (tmp_path / "link.txt").unlink,
        (tmp_path / "d.txt").unlink,
    ]
    assert len({before, *map(fingerprint_after, changes)}) == 1 + len(changes)


def test_listing_has_no_fingerprint_as_long_as_a_file_may_change_unnoticed(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "b.txt")
    os.utime(tmp_path / "a.txt", ns=(1, 1))
    assert list_files(tmp_path).fingerprint == ""
    os.utime(tmp_path / "b.txt", ns=(1, 1))
    assert list_files(tmp_path).fingerprint != ""


def test_other_files_are_counted_and_hidden_ones_ignored(tmp_path: Path) -> None:
    write(
        tmp_path,
        "a.txt",
        "a.pdf",
        "b/noname",
        "b/x.txt.bak",
        ".hidden.txt",
        ".git/a.txt",
        "b/.cache/a.txt",
        ".x.pdf",
    )
    listing = list_files(tmp_path)
    assert [state.address for state in listing.files] == ["a.txt"]
    assert (listing.n_other, listing.skipped) == (3, ())


def test_excluded_folders_are_left_out_and_their_namesakes_are_not(tmp_path: Path) -> None:
    write(tmp_path, "index/a.txt", "b/index/a.txt", "index2/a.txt")
    outside = tmp_path.parent / "elsewhere"
    assert addresses(tmp_path, tmp_path / "b" / ".." / "index", outside) == ["b/index/a.txt", "index2/a.txt"]


def test_links_out_of_the_corpus_are_reported_and_not_followed(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    write(tmp_path, "outside/a.txt", "corpus2/b.txt", "corpus/c.txt")
    (corpus / "folder").symlink_to(tmp_path / "outside")
    (corpus / "file.txt").symlink_to(tmp_path / "corpus2" / "b.txt")
    (corpus / "broken.txt").symlink_to(tmp_path / "nothing")
    assert addresses(corpus) == ["c.txt"]
    reasons = skipped(corpus)
    assert sorted(reasons) == ["broken.txt", "file.txt", "folder"]
    assert "out of the corpus" in reasons["folder"]
    assert "out of the corpus" in reasons["file.txt"]
    assert "to nothing" in reasons["broken.txt"]


def test_links_inside_the_corpus_neither_repeat_articles_nor_make_the_walk_endless(tmp_path: Path) -> None:
    write(tmp_path, "a/b.txt")
    (tmp_path / "again.txt").symlink_to(tmp_path / "a" / "b.txt")
    (tmp_path / "a" / "up").symlink_to("..")
    listing = list_files(tmp_path)
    assert [state.address for state in listing.files] == ["a/b.txt"]
    assert listing.skipped == ()


def test_corpus_folder_may_itself_be_a_link(tmp_path: Path) -> None:
    write(tmp_path, "real/a.txt", "real/index/b.txt")
    (tmp_path / "link").symlink_to("real")
    assert addresses(tmp_path / "link", tmp_path / "real" / "index") == ["a.txt"]


def test_too_large_files_are_reported_at_one_byte_over_the_limit(tmp_path: Path) -> None:
    (tmp_path / "at.txt").write_bytes(b"x" * 10)
    (tmp_path / "over.txt").write_bytes(b"x" * 11)
    listing = list_files(tmp_path, max_bytes=10)
    assert [state.address for state in listing.files] == ["at.txt"]
    assert [(skip.address, skip.reason) for skip in listing.skipped] == [
        ("over.txt", "is too large (11 bytes, at most 10): split it")
    ]


def test_names_that_no_address_can_hold_are_reported_printably(tmp_path: Path) -> None:
    for name in (b"bad\xff.txt", b"line\nbreak.txt", b"carriage\rreturn.txt"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(b"text")
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/dir\xfe"))
    folder.mkdir()
    write(folder, "inside.txt")
    assert addresses(tmp_path) == []
    reasons = skipped(tmp_path)
    assert sorted(reasons) == [r"bad\xff.txt", r"carriage\rreturn.txt", "dir\\xfe/", r"line\nbreak.txt"]
    assert "UTF-8" in reasons[r"bad\xff.txt"]
    assert "line break" in reasons[r"line\nbreak.txt"]


def test_pipes_are_reported_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert skipped(tmp_path) == {"pipe.txt": "is not a regular file: remove it"}


@pytest.fixture
def locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder ``locked`` that cannot be listed, even by root, to whom permissions mean nothing."""
    real = os.scandir

    def scandir(path: str) -> object:
        if path.endswith("locked"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    write(tmp_path, "locked/a.txt", "open/b.txt", "open/locked/c.txt")
    monkeypatch.setattr(os, "scandir", scandir)
    return tmp_path


def test_folder_that_cannot_be_listed_is_reported_and_the_walk_goes_on(locked: Path) -> None:
    assert addresses(locked) == ["open/b.txt"]
    reason = "cannot be listed (Permission denied): check its permissions"
    assert skipped(locked) == {"locked/": reason, "open/locked/": reason}


def test_file_that_vanishes_during_the_walk_is_not_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "gone.txt", "stays.txt")
    real = os.scandir

    @contextmanager
    def scandir(path: str) -> Iterator[Iterator[os.DirEntry[str]]]:
        with real(path) as listing:
            yield listing
        (tmp_path / "gone.txt").unlink()

    monkeypatch.setattr(os, "scandir", scandir)
    listing = list_files(tmp_path)
    assert ([state.address for state in listing.files], listing.skipped) == (["stays.txt"], ())


def test_corpus_that_cannot_be_listed_is_an_error(locked: Path) -> None:
    with pytest.raises(CorpusError, match="cannot be listed"):
        list_files(locked / "locked")


def test_missing_corpus_error_names_it_and_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(
        CorpusError, match=r"nowhere does not exist.*searcher index FOLDER.*--corpus FOLDER"
    ) as caught:
        list_files(tmp_path / "nowhere")
    assert caught.value.path == tmp_path / "nowhere"


def test_corpus_must_be_a_folder_and_not_that_of_the_index(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    with pytest.raises(CorpusError, match="not a folder"):
        list_files(tmp_path / "a.txt")
    with pytest.raises(CorpusError, match="index is kept"):
        list_files(tmp_path, exclude=[tmp_path])


def test_vanished_and_unreadable_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"'a\.txt' has vanished") as caught:
        read_file(FileState("a.txt", str(tmp_path / "a.txt"), 1, 1))
    assert caught.value.path == tmp_path / "a.txt"
    with pytest.raises(CorpusError, match="'folder' cannot be read"):
        read_file(FileState("folder", str(tmp_path), 1, 1))
