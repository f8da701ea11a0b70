from collections.abc import Callable
from pathlib import Path

import pytest
from command import Command, write
from library import ARTICLES


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """The command in an empty folder."""
    return Command(tmp_path)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """The command where ./corpus and an index of it are; for tests that only read."""
    command = Command(tmp_path_factory.mktemp("library"))
    write(command.folder / "corpus", ARTICLES)
    done = command("index")
    assert done.status == 0, done.err
    return command


@pytest.fixture
def indexed(tmp_path: Path) -> Callable[..., Command]:
    """Make ./corpus of a few articles and index it; without a stemmer, which takes longest to load."""

    def make(articles: dict[str, str] | None = None) -> Command:
        command = Command(tmp_path)
        write(
            tmp_path / "corpus", {"a.txt": "Apples.\n", "b.txt": "Pears.\n"} if articles is None else articles
        )
        done = command("index", "--language", "none")
        assert done.status == 0, done.err
        return command

    return make
