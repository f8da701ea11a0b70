import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from searcher.errors import CorpusError
from searcher.indexing.folder import events as noticing
from searcher.indexing.folder.events import is_concerned, notice

TIMEOUT_SECONDS = 30


class Deadline:
    """Stops a watch that nothing comes of."""

    def __init__(self) -> None:
        self._end = time.monotonic() + TIMEOUT_SECONDS

    def is_set(self) -> bool:
        return time.monotonic() > self._end


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "corpus"
    (folder / "news").mkdir(parents=True)
    (folder / "index").mkdir()
    (folder / "news/a.txt").write_text("Apples.")
    return folder


@pytest.fixture
def moments(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[bool]:
    monkeypatch.setattr(noticing, "STEP_MS", 20)
    return notice(corpus, corpus / "index", Deadline(), was_folder)


def was_folder(address: str) -> bool:
    return address == "old.news"


def ticks(moments: Iterator[bool], n: int = 5) -> list[bool]:
    return [next(moments) for _ in range(n)]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (".", True),
        ("a.txt", True),
        ("news/b.MD", True),
        ("news", True),
        ("old.news", True),
        ("older.news", False),
        ("news/b.pdf", False),
        ("news/b.txt.tmp", False),
        (".a.txt", False),
        (".git/a.txt", False),
        ("index", False),
        ("index/a.txt", False),
        ("../a.txt", False),
        ("../corpus/a.txt", True),
    ],
)
def test_only_what_may_be_articles_counts(corpus: Path, changed: str, *, expected: bool) -> None:
    path = os.path.normpath(corpus / changed) if changed == "." else str(corpus / changed)
    assert is_concerned(path, corpus, corpus / "index", was_folder) is expected


def test_change_seen_by_way_of_a_link_counts_where_it_is(corpus: Path) -> None:
    (corpus / ".hidden").symlink_to("news")
    (corpus / "shown").symlink_to("index")
    (corpus / "away").symlink_to("..")
    for changed, expected in ((".hidden/a.txt", True), ("shown/a.txt", False), ("away/a.txt", False)):
        assert is_concerned(str(corpus / changed), corpus, corpus / "index", was_folder) is expected, changed


def test_first_moment_counts_and_quiet_ones_do_not(moments: Iterator[bool]) -> None:
    assert ticks(moments) == [True, False, False, False, False]


@pytest.mark.parametrize("act", ["write", "rename", "remove", "move away"])
def test_change_counts(corpus: Path, moments: Iterator[bool], act: str) -> None:
    assert next(moments)
    match act:
        case "write":
            (corpus / "news/b.txt").write_text("Pears.")
        case "rename":
            (corpus / "news").rename(corpus / "old")
        case "remove":
            (corpus / "news/a.txt").unlink()
        case "move away":
            (corpus / "news").rename(corpus.parent / "old")
            (corpus.parent / "old").rename(corpus / "old.news")
            assert any(moments)
            (corpus / "old.news").rename(corpus.parent / "old")
    assert any(moments)


def test_what_is_no_article_does_not_count(corpus: Path, moments: Iterator[bool]) -> None:
    assert next(moments)
    (corpus / "index/a.txt").write_text("Apples.")
    (corpus / "news/a.txt.tmp").write_text("Apples.")
    (corpus / "news/a.txt.tmp").unlink()
    (corpus / ".a.txt").write_text("Apples.")
    assert not any(ticks(moments, 10))


def test_folder_that_has_become_a_link_is_watched(corpus: Path, moments: Iterator[bool]) -> None:
    assert next(moments)
    corpus.rename(corpus.parent / "elsewhere")
    corpus.symlink_to("elsewhere")
    assert any(moments)
    assert not any(ticks(moments, 10)[3:])
    (corpus / "c.txt").write_text("Cherries.")
    assert any(moments)


def test_folder_in_the_place_of_the_old_one_is_watched(corpus: Path, moments: Iterator[bool]) -> None:
    assert next(moments)
    corpus.rename(corpus.parent / "old")
    assert any(moments)
    assert not any(ticks(moments, 10)[2:])
    corpus.mkdir()
    assert any(moments)
    (corpus / "c.txt").write_text("Cherries.")
    assert any(moments)
    (corpus.parent / "old/d.txt").write_text("Dates.")
    assert not any(ticks(moments, 10)[3:])


def test_folder_that_is_not_there_yet_is_watched_when_it_comes(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noticing, "STEP_MS", 20)
    late = corpus / "a/b/late"
    moments = notice(late, corpus / "index", Deadline(), was_folder)
    assert not any(ticks(moments)[1:])
    late.mkdir(parents=True)
    assert any(moments)
    assert not any(ticks(moments)[2:])
    (late / "c.txt").write_text("Cherries.")
    assert any(moments)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that are no text")
def test_name_that_is_not_utf8_does_not_end_the_watch(corpus: Path, moments: Iterator[bool]) -> None:
    assert next(moments)
    for number in range(3):
        Path(os.fsdecode(os.fsencode(corpus / "news") + b"/\xff%d.txt" % number)).write_text("Figs.")
        assert any(moments)
    assert not any(ticks(moments)[2:])
    (corpus / "news/c.txt").write_text("Cherries.")
    assert any(moments)


class System:
    """Stands in for watchfiles: answers each call with the next of some bursts, or errors."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: set[str] | Exception) -> None:
        self._answers = list(answers)
        self.calls: list[dict[str, Any]] = []
        monkeypatch.setattr("watchfiles.watch", self._watch)

    def _watch(self, _path: Path, **options: Any) -> Iterator[set[tuple[int, str]]]:
        self.calls.append(options)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        yield {(1, path) for path in answer}
        while True:
            yield set()


def test_folder_that_the_system_does_not_watch_is_an_error(
    moments: Iterator[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    System(monkeypatch, OSError("OS file watch limit reached."))
    with pytest.raises(CorpusError, match=r"corpus folder .*corpus cannot be watched \(OS file watch limit"):
        next(moments)


def test_folder_that_must_not_be_read_is_left_out(
    moments: Iterator[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    system = System(monkeypatch, PermissionError("corpus/news"), set())
    assert ticks(moments) == [True, *[False] * 4]
    assert [call["ignore_permission_denied"] for call in system.calls] == [False, True]


def test_new_folders_and_many_changes_have_everything_watched_afresh(
    corpus: Path, moments: Iterator[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    many = {str(corpus / f"{number}.log") for number in range(noticing.MANY + 1)}
    system = System(monkeypatch, {str(corpus / "news")}, many, {str(corpus / "news/a.txt")})
    assert ticks(moments) == [True, True, True, False, False]
    assert len(system.calls) == 3


def test_watch_ends_when_it_is_to(corpus: Path) -> None:
    class Set:
        def is_set(self) -> bool:
            return True

    assert list(notice(corpus, corpus / "index", Set(), was_folder)) == []
