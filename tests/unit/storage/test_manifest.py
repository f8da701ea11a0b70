import json
from pathlib import Path
from typing import Any

import pytest

from searcher.errors import IndexCorruptError, IndexMissingError, IndexVersionError
from searcher.storage import files
from searcher.storage.format import FORMAT_VERSION, MANIFEST
from searcher.storage.manifest import (
    FileEntry,
    Manifest,
    SegmentEntry,
    commit,
    exists,
    file_entry,
    read_manifest,
    remove_leftovers,
)

SEGMENT = SegmentEntry(
    name="segment-00000003",
    n_articles=7,
    n_passages=20,
    n_words=1500,
    files=(FileEntry("segment-00000003.npz", 10, "ab"), FileEntry("segment-00000003.zst", 5, "cd")),
    dead_articles=(0, 6),
)
FULL = Manifest(
    generation=3,
    settings={"language": "english", "unicode": "14.0.0"},
    stop_words=("a", "ö"),
    corpus="/home/Şuşa/news",
    segments=(SEGMENT,),
    catalogue=(FileEntry("catalogue-00000002.json", 3, "ef"), FileEntry("catalogue-00000003.json", 2, "01")),
    skipped=(("b/ü.txt", "is too large"),),
    updated_at="2020-09-27T06:00:00+00:00",
)
SMALL = Manifest(generation=1, settings={})


def rewrite(folder: Path, **changes: Any) -> None:
    """Change a manifest and give it the checksum that fits."""
    values = json.loads((folder / MANIFEST).read_bytes())["manifest"] | changes
    envelope = {"checksum": files.checksum(files.to_json(values)), "manifest": values}
    (folder / MANIFEST).write_bytes(files.to_json(envelope))


@pytest.mark.parametrize("manifest", [FULL, SMALL])
def test_manifest_comes_back_as_it_was(tmp_path: Path, manifest: Manifest) -> None:
    assert not exists(tmp_path)
    commit(tmp_path, manifest)
    assert exists(tmp_path)
    assert read_manifest(tmp_path) == manifest


def test_manifest_names_and_sizes_its_files() -> None:
    assert FULL.file_names == {
        "manifest.json", "write.lock", "segment-00000003.npz", "segment-00000003.zst",
        "catalogue-00000002.json", "catalogue-00000003.json",
    }  # fmt: skip
    assert (FULL.size_bytes, SMALL.size_bytes) == (20, 0)
    assert SMALL.file_names == {"manifest.json", "write.lock"}


@pytest.mark.parametrize("name", ["segment-00000001.npz", "catalogue-00000001.json"])
def test_damaged_manifest_beside_other_files_of_an_index_is_one(tmp_path: Path, name: str) -> None:
    (tmp_path / MANIFEST).write_bytes(b"damaged")
    assert not exists(tmp_path)
    (tmp_path / name).touch()
    assert exists(tmp_path)


def test_folder_without_a_manifest_holds_no_index(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(IndexMissingError, match="searcher index") as caught:
            read_manifest(folder)
        assert caught.value.path == folder


def test_file_in_place_of_the_folder_holds_no_index(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(IndexMissingError):
        read_manifest(tmp_path / "file")


def test_manifest_cut_short_anywhere_is_corrupt(tmp_path: Path) -> None:
    commit(tmp_path, FULL)
    whole = (tmp_path / MANIFEST).read_bytes()
    for n_bytes in range(len(whole)):
        (tmp_path / MANIFEST).write_bytes(whole[:n_bytes])
        with pytest.raises(IndexCorruptError):
            read_manifest(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"[]",
        pytest.param(b"[" * 200_000, id="deep"),
        b"3",
        b"null",
        b"{}",
        b'{"manifest": []}',
        b'{"manifest": {}}',
        b'{"name": "app"}',
        b"\xff",
    ],
)
def test_other_content_is_corrupt(tmp_path: Path, content: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(content)
    with pytest.raises(IndexCorruptError, match="it is not a manifest"):
        read_manifest(tmp_path)


def test_changed_value_does_not_fit_the_checksum(tmp_path: Path) -> None:
    commit(tmp_path, FULL)
    data = (tmp_path / MANIFEST).read_bytes()
    (tmp_path / MANIFEST).write_bytes(data.replace(b'"n_words":1500', b'"n_words":1501'))
    with pytest.raises(IndexCorruptError, match="checksum"):
        read_manifest(tmp_path)


def test_missing_checksum_does_not_fit(tmp_path: Path) -> None:
    commit(tmp_path, SMALL)
    values = json.loads((tmp_path / MANIFEST).read_bytes())["manifest"]
    (tmp_path / MANIFEST).write_bytes(files.to_json({"manifest": values}))
    with pytest.raises(IndexCorruptError, match="checksum"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("version", [FORMAT_VERSION + 1, FORMAT_VERSION - 1])
def test_other_format_is_named_before_anything_else_is_read(tmp_path: Path, version: int) -> None:
    commit(tmp_path, SMALL)
    rewrite(tmp_path, format_version=version, settings="of a kind not known here", corpus="/corpus")
    with pytest.raises(IndexVersionError, match="searcher index CORPUS --rebuild") as caught:
        read_manifest(tmp_path)
    assert (caught.value.found, caught.value.supported) == (version, FORMAT_VERSION)


def test_leftovers_are_owned_files_that_the_manifest_does_not_name(tmp_path: Path) -> None:
    old = [
        "segment-00000001.npz",
        "segment-00000002.zst",
        "catalogue-00000001.json",
        "segment-00000002-run0.tmp",
    ]
    kept = [file.name for file in FULL.files] + ["write.lock"]
    foreign = [".gitignore", "notes.txt", "segment-1.npz"]
    for name in old + kept + foreign:
        (tmp_path / name).touch()
    commit(tmp_path, FULL)
    assert {path.name for path in tmp_path.iterdir()} == {*old, *kept, *foreign, MANIFEST}
    remove_leftovers(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {*kept, *foreign, MANIFEST}


def test_without_a_manifest_everything_is_left_over_but_the_lock(tmp_path: Path) -> None:
    for name in (
        "segment-00000001.npz",
        "catalogue-00000001.json",
        "manifest.json.tmp",
        "write.lock",
        "notes.txt",
    ):
        (tmp_path / name).touch()
    remove_leftovers(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"write.lock", "notes.txt"}


@pytest.mark.parametrize("damage", [b'{"checksum":"', b'{"checksum":"","manifest":{"format_version":99}}'])
def test_nothing_is_left_over_where_the_manifest_cannot_be_read(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "segment-00000001.npz").touch()
    (tmp_path / MANIFEST).write_bytes(damage)
    with pytest.raises((IndexCorruptError, IndexVersionError)):
        remove_leftovers(tmp_path)
    assert (tmp_path / "segment-00000001.npz").exists()


def test_failed_commit_keeps_the_old_manifest_and_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "segment-00000003.npz").touch()
    commit(tmp_path, FULL)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="No space"):
        commit(tmp_path, SMALL)
    assert read_manifest(tmp_path) == FULL
    assert (tmp_path / "segment-00000003.npz").exists()


def test_entry_of_a_file_has_its_size_and_checksum(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert file_entry(tmp_path / "a") == FileEntry("a", 5, files.checksum(b"12345"))
