"""Folders that cannot be written to, are gone, or are empty: each time one line, and nothing lost."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command import TIMEOUT_SECONDS, Command, Ran, lines, write

FRUIT = {"a.txt": "Apples.\n", "b.txt": "Pears.\n"}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "write.lock"}


# Folders that cannot be written to


def _heed_permissions() -> None:
    """Give up what lets root write anywhere: it is lost when the command is executed."""
    if os.geteuid() == 0:
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            if ctypes.CDLL(None).prctl(24, capability, 0, 0, 0):  # PR_CAPBSET_DROP
                raise OSError("capabilities cannot be given up")


def run_humbly(command: Command, *args: str) -> Ran:
    """Run the command as one to whom permissions mean something."""
    done = subprocess.run(
        command.line(*args),
        cwd=command.folder,
        env=command.env({}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
        preexec_fn=_heed_permissions,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def read_only(indexed: Callable[..., Command]) -> Iterator[Command]:
    """The command where ./index may only be read, and ./empty too, which holds nothing."""
    if os.name != "posix":
        pytest.skip("permissions of folders are those of POSIX")
    command = indexed(FRUIT)
    (command.folder / "empty").mkdir()
    folders = [command.folder / "index", command.folder / "empty"]
    for folder in folders:
        folder.chmod(0o555)
    try:
        probe = subprocess.run(
            ["touch", "empty/probe"],
            cwd=command.folder,
            capture_output=True,
            preexec_fn=_heed_permissions,
            check=False,
        )
    except subprocess.SubprocessError:
        pytest.skip("root cannot give up its capabilities here")
    assert probe.returncode != 0
    yield command
    for folder in folders:
        folder.chmod(0o755)


def test_index_that_cannot_be_written_is_searched_in_silence_while_it_is_fresh(read_only: Command) -> None:
    assert run_humbly(read_only, "query", "apples", "--files") == Ran(0, "a.txt\n", "")
    assert "up to date" in run_humbly(read_only, "index").err
    assert run_humbly(read_only, "status").status == 0


def test_index_that_cannot_be_written_answers_as_it_is(read_only: Command) -> None:
    before = contents(read_only.folder / "index")
    write(read_only.folder / "corpus", {"c.txt": "More apples.\n"})
    ran = run_humbly(read_only, "query", "apples", "--files")
    assert (ran.status, ran.out, len(lines(ran.err))) == (0, "a.txt\n", 1)
    for part in ("answering from the index as it is: index:", "Permission denied", "nothing is lost"):
        assert part in ran.err
    assert run_humbly(read_only, "query", "apples", "--files", "--no-update") == Ran(0, "a.txt\n", "")
    refused = run_humbly(read_only, "index")
    assert (refused.status, refused.out, len(lines(refused.err))) == (2, "", 1)
    for part in ("searcher: index:", "Permission denied", "nothing is lost", "--index"):
        assert part in refused.err
    assert contents(read_only.folder / "index") == before


def test_leftovers_that_cannot_be_deleted_are_no_concern_of_a_query(read_only: Command) -> None:
    index = read_only.folder / "index"
    index.chmod(0o755)
    (index / "segment-00000099.npz").touch()
    index.chmod(0o555)
    assert run_humbly(read_only, "query", "apples", "--files") == Ran(0, "a.txt\n", "")
    assert (index / "segment-00000099.npz").exists()
    assert read_only("query", "apples", "--files") == Ran(0, "a.txt\n", "")


@pytest.mark.parametrize("index", ["empty", "empty/index", "empty/a/b"])
def test_folder_that_cannot_be_written_is_no_place_for_an_index(read_only: Command, index: str) -> None:
    for args in (["index"], ["query", "apples", "--corpus", "corpus"]):
        ran = run_humbly(read_only, *args, "--index", index)
        assert (ran.status, ran.out, len(lines(ran.err))) == (2, "", 1)
        for part in (f"searcher: {index}:", "Permission denied", "--index"):
            assert part in ran.err
    assert list((read_only.folder / "empty").iterdir()) == []


def test_corpus_that_cannot_be_read_is_named(read_only: Command) -> None:
    corpus = read_only.folder / "corpus"
    corpus.chmod(0o000)
    ran = run_humbly(read_only, "query", "apples", "--files")
    refused = run_humbly(read_only, "index")
    corpus.chmod(0o755)
    assert (ran.status, ran.out, len(lines(ran.err))) == (0, "a.txt\n", 1)
    assert (refused.status, refused.out, len(lines(refused.err))) == (2, "", 1)
    for said in (ran.err, refused.err):
        assert f"corpus folder {corpus} cannot be listed (Permission denied): check its permissions" in said


def test_index_that_cannot_be_read_is_named(read_only: Command) -> None:
    index = read_only.folder / "index"
    index.chmod(0o000)
    for args in (["query", "apples"], ["index"], ["status"]):
        ran = run_humbly(read_only, *args)
        assert (ran.status, ran.out, len(lines(ran.err))) == (2, "", 1)
        assert "'index' is not readable" in ran.err


# Folders that are gone or empty


def test_emptied_folder_empties_the_index_only_if_that_is_meant(indexed: Callable[..., Command]) -> None:
    command = indexed(FRUIT)
    for path in (command.folder / "corpus").iterdir():
        path.unlink()
    before = contents(command.folder / "index")
    refused = command("index")
    assert (refused.status, refused.out, len(lines(refused.err))) == (2, "", 1)
    assert str(command.folder / "corpus") in refused.err
    assert "--allow-empty" in refused.err
    assert contents(command.folder / "index") == before
    ran = command("index", "--allow-empty")
    assert (ran.status, len(lines(ran.err))) == (0, 1)
    assert "indexed 0 articles" in ran.err
    assert "2 removed" in ran.err
    for args in (["--files"], ["--files", "--no-update"], ["--count"]):
        ran = command("query", "apples", *args)
        assert (ran.status, ran.out) == (1, "0\n" if args == ["--count"] else "")
        assert "as it is" not in ran.err
    assert "up to date: 0 articles" in command("index").err
    write(command.folder / "corpus", {"c.txt": "More apples.\n"})
    assert command("query", "apples", "--files").out == "c.txt\n"


def test_folder_that_is_gone_is_never_a_removal(indexed: Callable[..., Command]) -> None:
    command = indexed(FRUIT)
    shutil.rmtree(command.folder / "corpus")
    before = contents(command.folder / "index")
    for args in (
        ["index"],
        ["index", "--allow-empty"],
        ["index", "--rebuild"],
        ["index", "--rebuild", "--allow-empty"],
    ):
        ran = command(*args)
        assert (ran.status, ran.out, len(lines(ran.err))) == (2, "", 1)
        assert f"corpus folder {command.folder / 'corpus'} does not exist" in ran.err
    assert contents(command.folder / "index") == before
    ran = command("query", "apples", "--files")
    assert (ran.status, ran.out, len(lines(ran.err))) == (0, "a.txt\n", 1)
