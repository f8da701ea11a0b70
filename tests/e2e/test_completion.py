"""A shell completes words and paths of articles."""

import os
import pty
import select
import shutil
import subprocess
import time
from collections.abc import Callable

import pytest
from command import Command

FILES = {
    "a.txt": "Ceasefire talks in Şuşa. The ceasefire held, and cease-fires before it.\n",
    "b/c.txt": "Cleansing and cleaners. The ceasefire.\n",
}


def completed(command: Command, *words: str, index: str = "index") -> list[str]:
    """Give what the shell would be told, as bash asks for it."""
    ran = command(
        _SEARCHER_COMPLETE="bash_complete",
        COMP_WORDS="\n".join(["searcher", *words]),
        COMP_CWORD=str(len(words)),
        SEARCHER_INDEX=index,
    )
    assert (ran.status, ran.err) == (0, "")
    return [line.split(",", 1)[1] for line in ran.out.splitlines() if line]


@pytest.fixture
def command(indexed: Callable[..., Command]) -> Command:
    return indexed(FILES)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["query", "ceasef"], ["ceasefire", "cease-fires"]),
        (["query", "war", "Ceasef"], ["Ceasefire", "cease-fires"]),
        (["query", "sus"], ["susa"]),
        (["query", '"the held'], ["the held"]),
        (["query", """'the "held"""], ['the "held']),
        (["query", "'the (cleans"], ["the (cleansing"]),
        (["query", "stem:cleans"], ["stem:cleansing"]),
        (["query", "--index", "index", "cleans"], ["cleansing"]),
        (["query", "--index", "nowhere", "cleans"], []),
        (["query", "nowhere"], []),
        (["query", "'the "], []),
        (["suggest", "cleans"], ["cleansing"]),
        (["show", "b/"], ["b/c.txt"]),
        (["show", ""], ["a.txt", "b/c.txt"]),
    ],
)
def test_the_last_word_is_completed(command: Command, words: list[str], expected: list[str]) -> None:
    assert completed(command, *words) == expected


def test_words_in_most_passages_come_first(command: Command) -> None:
    assert completed(command, "query", "c")[0] == "ceasefire"


@pytest.mark.parametrize("name", ["query", "show", "suggest"])
def test_nothing_is_said_where_there_is_no_index(command: Command, name: str) -> None:
    assert completed(command, name, "a", index="nowhere") == []
    (command.folder / "index/manifest.json").write_text("damaged")
    assert completed(command, name, "a") == []


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_the_tab_key_of_bash_completes(command: Command) -> None:
    master, slave = pty.openpty()
    folder = os.path.dirname(command.line("x")[0])  # noqa: PTH120  (a string is wanted)
    env = {
        **command.env({}),
        "PATH": f"{folder}:{os.environ['PATH']}",
        "PS1": "",
        "TERM": "dumb",
        "HISTFILE": "",
    }
    with subprocess.Popen(
        ["bash", "--norc", "-i"],
        cwd=command.folder,
        env=env,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    ) as shell:
        os.close(slave)
        setup = 'eval "$(_SEARCHER_COMPLETE=bash_source searcher)"; echo READY=$((1+1))\n'
        _await(master, setup.encode(), b"READY=2")
        _await(master, b"searcher query cleans\t", b"cleansing")
        shell.kill()
    os.close(master)


def _await(terminal: int, typed: bytes, expected: bytes) -> None:
    os.write(terminal, typed)
    seen, end = b"", time.monotonic() + 60
    while expected not in seen:
        ready, _, _ = select.select([terminal], [], [], max(0, end - time.monotonic()))
        assert ready, seen
        seen += os.read(terminal, 4096)
