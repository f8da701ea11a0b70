"""One writer at a time: others wait and say for whom, or fail at once, and a dead one is in nobody's way."""

import os
import signal
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from command import TIMEOUT_SECONDS, Command, lines, wait_until, write

from searcher.indexing.lock import writing
from searcher.storage.manifest import read_manifest

MANY = {f"{n:05}.txt": " ".join(f"word{number}" for number in range(n % 97, 4000, 7)) for n in range(2_400)}
"""So many that another command comes while they are indexed."""
N_ARTICLES = len(MANY) + 2


def until_it_writes(command: Command, process: subprocess.Popen[bytes]) -> None:
    """Come back when a command has begun a segment."""
    before = read_manifest(command.folder / "index").file_names
    index = command.folder / "index"
    wait_until(
        lambda: (
            any(path.suffix == ".zst" for path in index.iterdir() if path.name not in before)
            or process.poll() is not None
        )
    )


def is_clean(index: Path) -> bool:
    return {path.name for path in index.iterdir()} == read_manifest(index).file_names


def test_second_writer_waits_for_the_first_and_says_so(indexed: Callable[..., Command]) -> None:
    command = indexed()
    write(command.folder / "corpus", {"c.txt": "Plums.\n"})
    before = read_manifest(command.folder / "index")
    with ExitStack() as ends:
        with writing(command.folder / "index", None):
            process = ends.enter_context(command.started("index"))
            assert process.stderr
            said = process.stderr.readline().decode()
            assert said.startswith(f"waiting: process {os.getpid()} on ")
            assert said.endswith(" is writing to index\n")
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.3)
            assert read_manifest(command.folder / "index") == before
        _, err = process.communicate(timeout=TIMEOUT_SECONDS)
        assert (process.returncode, len(lines(err.decode()))) == (0, 1)
        assert "indexed 3 articles" in err.decode()


def test_two_commands_at_once_do_the_work_once(indexed: Callable[..., Command], tmp_path: Path) -> None:
    command = indexed()
    write(command.folder / "corpus", MANY)
    with ExitStack() as ends:
        first = ends.enter_context(command.started("index"))
        until_it_writes(command, first)
        if os.name == "posix":  # or it may be done before the other one has begun
            os.killpg(first.pid, signal.SIGSTOP)
        said = tmp_path / "said"
        out = ends.enter_context(said.open("wb"))
        second = ends.enter_context(command.started("index", err=out.fileno()))
        wait_until(lambda: b"\n" in said.read_bytes())
        if os.name == "posix":
            os.killpg(first.pid, signal.SIGCONT)
        _, err = first.communicate(timeout=TIMEOUT_SECONDS)
        second.communicate(timeout=TIMEOUT_SECONDS)
    assert (first.returncode, second.returncode) == (0, 0)
    assert f"indexed {N_ARTICLES:,} articles" in err.decode()
    waiting, done = lines(said.read_text("utf-8"))
    assert waiting.startswith(f"waiting: process {first.pid} on ")
    assert done.startswith(f"up to date: {N_ARTICLES:,} articles")
    assert is_clean(command.folder / "index")


def test_writer_that_is_not_to_wait_fails_and_names_the_holder(indexed: Callable[..., Command]) -> None:
    command = indexed()
    write(command.folder / "corpus", {"c.txt": "Plums.\n"})
    before = read_manifest(command.folder / "index")
    with writing(command.folder / "index", None):
        ran = command("index", "--no-wait")
        rebuilt = command("index", "--no-wait", "--rebuild")
    for refused in (ran, rebuilt):
        assert (refused.status, refused.out, len(lines(refused.err))) == (2, "", 1)
        assert f"process {os.getpid()} on " in refused.err
        assert "is writing to the index in index; wait for it to end" in refused.err
    assert read_manifest(command.folder / "index") == before
    assert command("index", "--no-wait").status == 0


def test_query_does_not_wait_for_a_writer(indexed: Callable[..., Command]) -> None:
    command = indexed()
    write(command.folder / "corpus", {"c.txt": "More apples.\n"})
    with writing(command.folder / "index", None):
        ran = command("query", "apples", "--files")
    assert (ran.status, ran.out, len(lines(ran.err))) == (0, "a.txt\n", 1)
    assert ran.err.startswith(f"answering from the index as it is: process {os.getpid()} on ")
    assert command("query", "apples", "--files").out == "a.txt\nc.txt\n"


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_killed_writer_is_in_nobodys_way(indexed: Callable[..., Command]) -> None:
    command = indexed()
    index = command.folder / "index"
    before = read_manifest(index)
    write(command.folder / "corpus", MANY)
    with command.started("index") as process:
        until_it_writes(command, process)
        os.killpg(process.pid, signal.SIGKILL)
        assert process.wait(TIMEOUT_SECONDS) == -signal.SIGKILL
    assert f"process {process.pid} on " in (index / "write.lock").read_text()
    assert read_manifest(index) == before
    assert not is_clean(index)
    assert command("query", "apples", "--files", "--no-update").out == "a.txt\n"
    ran = command("index", "--no-wait")
    assert (ran.status, len(lines(ran.err))) == (0, 1)
    assert f"indexed {N_ARTICLES:,} articles" in ran.err
    assert is_clean(index)


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_what_a_killed_writer_left_is_deleted_though_there_is_nothing_else_to_do(
    indexed: Callable[..., Command],
) -> None:
    command = indexed()
    corpus, index = command.folder / "corpus", command.folder / "index"
    for path in corpus.iterdir():
        os.utime(path, ns=(1, 1))
    assert command("index").status == 0
    write(corpus, MANY)
    with command.started("index") as process:
        until_it_writes(command, process)
        os.killpg(process.pid, signal.SIGKILL)
    for address in MANY:
        (corpus / address).unlink()
    assert not is_clean(index)
    assert command("query", "apples", "--files").out == "a.txt\n"
    assert is_clean(index)
