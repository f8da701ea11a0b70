import hashlib
import os
from pathlib import Path
from typing import NoReturn

import pytest

from searcher.storage import files
from searcher.storage.format import LOCK, MANIFEST, TEMPORARY, catalogue_name, segment_name

OWNED = [
    MANIFEST,
    LOCK,
    f"{segment_name(1)}.npz",
    f"{segment_name(123_456_789)}.zst",
    catalogue_name(7),
    MANIFEST + TEMPORARY,
]
FOREIGN = [
    ".gitignore",
    "notes.txt",
    "segment-1.npz",
    "segment-00000001.txt",
    "my-segment-00000001.npz",
    "segment-00000001.npz.bak",
    "manifest.json.old",
    "package.json",
]


def fail(*_: object) -> NoReturn:
    raise OSError(28, "No space left on device")


def test_replace_writes_a_new_file(tmp_path: Path) -> None:
    files.replace(tmp_path / "a", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"new")]


def test_replace_leaves_nothing_of_the_old_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old and longer")
    files.replace(tmp_path / "a", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"new")]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_old_content_stays_when_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    (tmp_path / "a").write_bytes(b"old")
    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match="No space"):
        files.replace(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"old"
    assert all(files.is_owned(path.name) for path in tmp_path.iterdir() if path.name != "a")


def test_content_is_on_the_disk_before_the_name_and_the_name_before_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, rename = os.fsync, os.replace

    def noted_fsync(handle: int) -> None:
        is_folder = os.path.samestat(os.fstat(handle), tmp_path.stat())
        steps.append("sync folder" if is_folder else "sync file")
        fsync(handle)

    def noted_rename(source: str, target: str) -> None:
        steps.append("rename")
        rename(source, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_rename)
    files.replace(tmp_path / "a", b"new")
    assert steps == ["sync file", "rename", "sync folder"]


def test_json_is_the_same_whatever_the_order_of_keys() -> None:
    assert files.to_json({"b": (1, None), "a": "Şuşa"}) == b'{"a":"\\u015eu\\u015fa","b":[1,null]}'
    assert files.to_json({"a": "Şuşa", "b": [1, None]}) == files.to_json({"b": (1, None), "a": "Şuşa"})


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1])
def test_checksum_of_a_file_is_blake2b_of_its_content(tmp_path: Path, size: int) -> None:
    data = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    (tmp_path / "a").write_bytes(data)
    assert files.file_checksum(tmp_path / "a") == files.checksum(data)
    assert files.checksum(data) == hashlib.blake2b(data, digest_size=16).hexdigest()


@pytest.mark.parametrize("name", OWNED)
def test_names_of_the_format_are_owned(name: str) -> None:
    assert files.is_owned(name)


@pytest.mark.parametrize("name", FOREIGN)
def test_other_names_are_foreign(name: str) -> None:
    assert not files.is_owned(name)


@pytest.mark.parametrize("name", ["thesis.tmp", "~$letter.docx.tmp"])
def test_temporary_files_of_others_are_foreign(name: str) -> None:
    assert not files.is_owned(name)


def test_foreign_names_are_listed_but_for_a_gitignore(tmp_path: Path) -> None:
    for name in [*OWNED, *FOREIGN]:
        (tmp_path / name).touch()
    assert files.foreign_names(tmp_path) == sorted(set(FOREIGN) - {".gitignore"})


def test_only_owned_files_that_are_not_named_are_removed(tmp_path: Path) -> None:
    for name in [*OWNED, *FOREIGN]:
        (tmp_path / name).touch()
    (tmp_path / f"{segment_name(9)}.npz").mkdir()
    files.remove_unnamed(tmp_path, {MANIFEST, f"{segment_name(1)}.npz"})
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {*FOREIGN, MANIFEST, f"{segment_name(1)}.npz", f"{segment_name(9)}.npz"}
