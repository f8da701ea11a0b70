"""One writer at a time, and nothing but the index when it is done."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from searcher.errors import IndexLockedError
from searcher.indexing.lock import writing
from searcher.storage import files
from searcher.storage.format import LOCK, MANIFEST, segment_name
from searcher.storage.manifest import FileEntry, Manifest, SegmentEntry, commit

HOLD = """
import sys, time
from pathlib import Path
from searcher.indexing.lock import writing
with writing(Path(sys.argv[1]), None):
    print("held", flush=True)
    sys.stdin.read()
"""


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_lock_is_that_of_the_process_that_holds_it(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with (
            pytest.raises(IndexLockedError, match=rf"process {holder.pid} on .* is writing") as caught,
            writing(tmp_path, None),
        ):
            pass
        assert caught.value.holder.startswith(f"process {holder.pid} ")
        holder.kill()
    assert (tmp_path / LOCK).read_text().startswith(f"process {holder.pid} ")
    with writing(tmp_path, None):
        assert (tmp_path / LOCK).read_text().startswith(f"process {os.getpid()} ")


def test_waiting_ends_when_the_holder_dies(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        told: list[str] = []

        def kill(description: str) -> None:
            told.append(description)
            holder.send_signal(signal.SIGTERM)

        with writing(tmp_path, kill):
            assert holder.wait(60) == -signal.SIGTERM
    assert len(told) == 1
    assert told[0].startswith(f"process {holder.pid} ")


def test_folder_is_made_and_synced_with_those_above_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(files, "sync", synced.append)
    with writing(tmp_path / "a/b/index", None):
        assert (tmp_path / "a/b/index").is_dir()
    assert synced == [tmp_path, tmp_path / "a", tmp_path / "a/b"]


@pytest.mark.parametrize("error", [None, ValueError, KeyboardInterrupt])
def test_what_no_manifest_names_is_deleted_on_leaving_and_nothing_else(
    tmp_path: Path, error: type[BaseException] | None
) -> None:
    live, dead = f"{segment_name(1)}.npz", f"{segment_name(2)}.npz"
    entry = SegmentEntry(segment_name(1), 1, 1, 1, files=(FileEntry(live, 0, ""),))
    commit(tmp_path, Manifest(generation=2, settings={}, segments=(entry,)))
    for name in (live, dead, f"{segment_name(2)}-run0.tmp", "notes.txt"):
        (tmp_path / name).touch()

    def leave() -> None:
        with writing(tmp_path, None):
            assert dead in names(tmp_path)
            if error:
                raise error

    if error:
        with pytest.raises(error):
            leave()
    else:
        leave()
    assert names(tmp_path) == {MANIFEST, LOCK, live, "notes.txt"}


@pytest.mark.parametrize(
    ("number", "kind", "remedy"),
    [
        (errno.ENOSPC, OSError, "make room there"),
        (errno.EROFS, OSError, "--index"),
        (errno.EACCES, PermissionError, "--index"),
        (errno.EIO, OSError, "repeat"),
    ],
)
def test_error_of_the_system_names_the_folder_and_what_to_do(
    tmp_path: Path, number: int, kind: type[OSError], remedy: str
) -> None:
    with pytest.raises(kind) as caught, writing(tmp_path, None):
        raise OSError(number, os.strerror(number))
    assert (caught.value.errno, caught.value.filename) == (number, str(tmp_path))
    for part in (os.strerror(number), "nothing is lost", remedy):
        assert part in str(caught.value)


@pytest.mark.parametrize("name", ["index", "index/segment-00000001.npz", ""])
def test_error_of_a_path_in_the_folder_or_above_names_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(PermissionError, match="--index") as caught, writing(tmp_path / "index", None):
        raise PermissionError(errno.EACCES, "Permission denied", str(tmp_path / name))
    assert caught.value.filename == str(tmp_path / "index")


@pytest.mark.parametrize("name", ["a.txt", "index2", "index.npz"])
def test_error_of_another_path_stays_as_it_is(tmp_path: Path, name: str) -> None:
    error = PermissionError(errno.EACCES, "Permission denied", str(tmp_path / name))
    with pytest.raises(PermissionError) as caught, writing(tmp_path / "index", None):
        raise error
    assert caught.value is error
