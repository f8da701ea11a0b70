"""A disk without room: a small one in memory, mounted where no other process sees it."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from command import TIMEOUT_SECONDS, Command, Ran, lines, write

from searcher.storage.manifest import read_manifest

SIZE_BYTES = 4_000_000
LARGE = {
    f"{n:03}.txt": " ".join(f"word{(n * n + k * k * k) % 9_973}" for k in range(1500)) for n in range(60)
}


@dataclass(frozen=True)
class Disk:
    """A small disk.

    Attributes:
        holder: Number of the process in whose namespace it is mounted.
        folder: Where it is mounted there.
    """

    holder: int
    folder: Path

    @property
    def seen(self) -> Path:
        """The disk, seen from here."""
        return Path(f"/proc/{self.holder}/root{self.folder}")

    def run(self, *args: str) -> Ran:
        """Run the installed command where the disk is."""
        enter = ["nsenter", f"--target={self.holder}", "--user", "--mount", "--preserve-credentials"]
        done = subprocess.run(
            [*enter, *Command.line(*args)],
            env=Command.env({}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    def fill(self, left_bytes: int) -> Path:
        """Take up all room but so much."""
        filler = self.seen / "filler"
        with filler.open("wb", buffering=0) as file:
            file.write(bytes(shutil.disk_usage(self.seen).free - left_bytes))
        return filler

    def names(self) -> set[str]:
        return {path.name for path in (self.seen / "index").iterdir()}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    script = f'mount -t tmpfs -o size={SIZE_BYTES} tmpfs "$0" && echo mounted && exec cat'
    try:
        process = subprocess.Popen(
            ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        pytest.skip("there is no unshare here")
    with process:
        assert process.stdin
        assert process.stdout
        if process.stdout.readline() != b"mounted\n":
            pytest.skip("nothing may be mounted here")
        yield Disk(process.pid, folder)
        process.stdin.close()


def assert_says_what_to_do(said: str, disk: Disk) -> None:
    (line,) = lines(said)
    for part in (str(disk.folder / "index"), "No space left on device", "nothing is lost", "make room"):
        assert part in line


def test_index_that_does_not_fit_leaves_nothing(disk: Disk, tmp_path: Path) -> None:
    write(tmp_path / "corpus", LARGE)
    folders = (f"--index={disk.folder}/index", f"--corpus={tmp_path}/corpus")
    disk.fill(400_000)
    for command in ("index", "query"):
        ran = disk.run(command, *folders, *(["word7"] if command == "query" else []))
        assert (ran.status, ran.out) == (2, ""), ran.err
        assert_says_what_to_do(ran.err, disk)
        assert disk.names() == {"write.lock"}


@pytest.mark.parametrize("left_bytes", [0, 100_000, 400_000])
def test_update_that_does_not_fit_leaves_the_index_as_it_was(
    disk: Disk, tmp_path: Path, left_bytes: int
) -> None:
    index = f"--index={disk.folder}/index"
    write(tmp_path / "corpus", {"a.txt": "Apples.\n", "b.txt": "Pears.\n"})
    assert disk.run("index", index, f"--corpus={tmp_path}/corpus", "--language=none").status == 0
    before = read_manifest(disk.seen / "index")
    filler = disk.fill(left_bytes)
    write(tmp_path / "corpus", {**LARGE, "a.txt": "Apples, again.\n"})

    ran = disk.run("index", index)
    assert (ran.status, ran.out) == (2, "")
    assert_says_what_to_do(ran.err, disk)
    ran = disk.run("query", index, "apples", "--files")
    assert (ran.status, ran.out) == (0, "a.txt\n")
    assert_says_what_to_do(ran.err, disk)
    assert "answering from the index as it is" in ran.err
    assert disk.run("query", index, "again", "--no-update").status == 1
    assert read_manifest(disk.seen / "index") == before
    assert disk.names() == before.file_names

    filler.unlink()
    assert disk.run("index", index).status == 0
    assert disk.run("query", index, "again", "--files") == Ran(0, "a.txt\n", "")
    after = read_manifest(disk.seen / "index")
    assert after.generation > before.generation
    assert disk.names() == after.file_names
