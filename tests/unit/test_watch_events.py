import time
from collections.abc import Callable, Iterator
from errno import ENOSPC
from pathlib import Path
from random import Random
from typing import Any

import pytest

from searcher import Index, QueryError, build_index, open_index
from searcher import watch as watching
from searcher.errors import CorpusError, IndexLockedError
from searcher.indexing.folder import events as noticing
from searcher.indexing.folder.events import notice
from searcher.indexing.lock import writing
from searcher.indexing.segments import merge_policy
from searcher.indexing.update import update as take_in
from searcher.querying.search import Searcher
from searcher.storage.manifest import read_manifest
from searcher.watch import Trouble, Update

TIMEOUT_SECONDS = 60

Events = Iterator[Update | Trouble]


class Stop:
    """Ends a watch when it is told to, or when nothing comes of it."""

    def __init__(self) -> None:
        self.is_told = False
        self._end = time.monotonic() + TIMEOUT_SECONDS

    def is_set(self) -> bool:
        return self.is_told or time.monotonic() > self._end


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "corpus"
    write(folder / "a.txt", "A truce held.")
    write(folder / "b.txt", "Rain fell.")
    return folder


@pytest.fixture
def index(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    monkeypatch.setattr(noticing, "STEP_MS", 50)
    monkeypatch.setattr(watching, "RETRY_SECONDS", 0.0)
    build_index(corpus, corpus.parent / "index", language="none")
    with open_index(corpus.parent / "index") as opened:
        yield opened


@pytest.fixture
def events(index: Index) -> Events:
    """A watch for a truce that is on."""
    begun = index.watch(["truce"], stop=Stop())
    first = next(begun)
    assert isinstance(first, Update)
    assert not first.has_changed
    return begun


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n")


def update(events: Events) -> Update:
    event = next(events)
    assert isinstance(event, Update), event
    return event


def trouble(events: Events) -> Exception:
    event = next(events)
    assert isinstance(event, Trouble), event
    return event.error


def news(event: Update) -> list[str]:
    return [f"{hit.article.address}: {hit.passage.text.strip()}" for alert in event.alerts for hit in alert]


def test_update_says_what_came_and_went_and_moves_the_index(
    corpus: Path, index: Index, events: Events
) -> None:
    write(corpus / "a.txt", "A truce held.\n\nSnow fell.")
    write(corpus / "c.txt", "The truce broke.")
    (corpus / "b.txt").unlink()
    event = update(events)
    assert (event.arrived, event.gone, news(event)) == (
        ("a.txt", "c.txt"),
        ("b.txt",),
        ["c.txt: The truce broke."],
    )
    assert event.report.counts["new"] == event.report.counts["removed"] == 1
    assert index.addresses() == ["a.txt", "c.txt"]
    (alert,) = event.alerts
    assert (alert.query, alert.total, alert.tiers, len(alert)) == ("truce", 1, {"all": 1}, 1)


def test_passages_with_some_of_the_words_are_no_news(corpus: Path, index: Index) -> None:
    events = index.watch(["truce broke"], stop=Stop())
    assert news(update(events)) == []
    write(corpus / "c.txt", "The truce went on.")
    assert news(update(events)) == []
    write(corpus / "d.txt", "The truce broke.")
    assert news(update(events)) == ["d.txt: The truce broke."]


def test_headline_that_matched_all_along_is_no_news(corpus: Path, index: Index) -> None:
    write(corpus / "c.txt", "A Truce Is Signed Today\n\nThe truce held.")
    events = index.watch(["truce"], stop=Stop())
    assert news(update(events)) == ["c.txt: The truce held."]
    write(corpus / "c.txt", "A Truce Is Signed Today\n\nRain fell.")
    assert (update(events)).alerts == ()


def test_what_came_between_opening_and_watching_is_news(corpus: Path, index: Index) -> None:
    write(corpus / "c.txt", "The truce broke.")
    assert news(update(index.watch(["truce"], stop=Stop()))) == ["c.txt: The truce broke."]


def test_what_another_process_has_taken_in_is_news(corpus: Path, index: Index, events: Events) -> None:
    write(corpus / "c.txt", "The truce broke.")
    build_index(corpus, index.path)
    event = update(events)
    assert (event.report.has_changed, event.has_changed) == (False, True)
    assert (event.arrived, news(event)) == (("c.txt",), ["c.txt: The truce broke."])


def test_index_that_is_built_anew_is_no_news(corpus: Path, index: Index, events: Events) -> None:
    build_index(corpus, index.path, language="none", rebuild=True)
    write(corpus / "c.txt", "The truce broke.")
    event = update(events)
    assert (event.arrived, event.gone, news(event)) == (("c.txt",), (), ["c.txt: The truce broke."])


def test_what_came_and_went_is_so_however_segments_are_folded(
    corpus: Path, index: Index, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merge_policy, "CLASS_SIZES", (2, 5, 12))
    monkeypatch.setattr(merge_policy, "MAX_DEAD_SHARE", 1.0)
    rng = Random(0)
    names = [f"{number}.txt" for number in range(20)]
    n_segments = set()
    for edition in range(15):
        arrived = rng.sample(names, rng.randint(1, 4))
        gone = [name for name in rng.sample(names, 3) if name not in arrived and (corpus / name).exists()]
        for name in gone:
            (corpus / name).unlink()
        for name in arrived:
            write(corpus / name, f"The truce of edition {edition} held.")
        event = update(events)
        assert (event.arrived, event.gone) == (tuple(sorted(arrived)), tuple(sorted(gone)))
        assert sorted(news(event)) == sorted(
            f"{name}: The truce of edition {edition} held." for name in arrived
        )
        n_segments.add(len(read_manifest(index.path).segments))
    assert max(n_segments) > 2


def test_changes_that_change_nothing_are_not_told(
    corpus: Path, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change_then(*args: Any, **options: Any) -> Any:
        report = take_in(*args, **options)
        if not report.has_changed:
            write(corpus / "b.txt", "Snow fell.")
        return report

    monkeypatch.setattr(watching, "update", change_then)
    write(corpus / "a.txt", "A truce held.")
    assert update(events).arrived == ("b.txt",)


def test_error_in_a_query_comes_before_the_watch(index: Index) -> None:
    with pytest.raises(QueryError, match="2020-13"):
        index.watch(["truce", "date:2020-13"])


def test_index_without_a_folder_is_not_watched(tmp_path: Path) -> None:
    build_index([], tmp_path / "index")
    with open_index(tmp_path / "index") as opened, pytest.raises(CorpusError, match="no corpus folder"):
        opened.watch()


def test_query_that_cannot_be_answered_any_more_hinders_no_other(
    corpus: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = index.watch(["wars*", "truce"], stop=Stop())
    assert not update(events).has_changed
    ask = Searcher.ask

    def refuse(searcher: Any, asked: Any, options: Any) -> Any:
        if asked == "wars*":
            raise QueryError("too many", asked)
        return ask(searcher, asked, options)

    monkeypatch.setattr(Searcher, "ask", refuse)
    write(corpus / "c.txt", "The truce broke.")
    assert news(update(events)) == ["c.txt: The truce broke."]
    assert isinstance(trouble(events), QueryError)


def test_trouble_is_told_once_and_the_update_made_up_for(
    corpus: Path, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = []

    def fail(*args: Any, **options: Any) -> Any:
        attempts.append(args)
        if len(attempts) < 4:
            raise OSError(ENOSPC, "No space left on device")
        return take_in(*args, **options)

    monkeypatch.setattr(watching, "update", fail)
    write(corpus / "c.txt", "The truce broke.")
    assert "No space left" in str(trouble(events))
    assert news(update(events)) == ["c.txt: The truce broke."]
    assert len(attempts) == 4


def test_writer_is_named_and_waited_for(corpus: Path, index: Index, events: Events) -> None:
    with writing(index.path, None):
        write(corpus / "c.txt", "The truce broke.")
        assert isinstance(trouble(events), IndexLockedError)
    assert news(update(events)) == ["c.txt: The truce broke."]


@pytest.mark.parametrize("is_gone", [True, False], ids=["gone", "empty"])
def test_folder_that_is_gone_or_empty_leaves_the_index_as_it_is(
    corpus: Path, index: Index, events: Events, *, is_gone: bool
) -> None:
    corpus.rename(corpus.parent / "away")
    if not is_gone:
        corpus.mkdir()
    error = trouble(events)
    if is_gone:
        assert "vanished" in str(error)
        corpus.mkdir()
        error = trouble(events)
    assert "searcher index --allow-empty" in str(error)
    assert index.addresses() == ["a.txt", "b.txt"]
    write(corpus / "c.txt", "The truce broke.")
    event = update(events)
    assert (event.gone, news(event)) == (("a.txt", "b.txt"), ["c.txt: The truce broke."])


def test_folder_that_comes_back_is_no_news(corpus: Path, events: Events) -> None:
    corpus.rename(corpus.parent / "away")
    assert isinstance(trouble(events), CorpusError)
    (corpus.parent / "away").rename(corpus)
    assert not update(events).has_changed
    write(corpus / "c.txt", "The truce broke.")
    assert news(update(events)) == ["c.txt: The truce broke."]


def test_empty_folder_of_an_empty_index_is_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noticing, "STEP_MS", 50)
    corpus = tmp_path.resolve() / "corpus"
    corpus.mkdir()
    build_index(corpus, tmp_path / "index", language="none", allow_empty=True)
    with open_index(tmp_path / "index") as opened:
        events = opened.watch(["truce"], stop=Stop())
        assert not update(events).has_changed
        write(corpus / "c.txt", "The truce broke.")
        assert news(update(events)) == ["c.txt: The truce broke."]


def test_update_in_hand_is_finished_and_told(
    corpus: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = Stop()
    events = index.watch(["truce"], stop=stop)
    assert not update(events).has_changed

    def tell_to_stop(*args: Any, **options: Any) -> Any:
        stop.is_told = True
        return take_in(*args, **options)

    monkeypatch.setattr(watching, "update", tell_to_stop)
    write(corpus / "c.txt", "The truce broke.")
    assert [news(event) for event in events if isinstance(event, Update)] == [["c.txt: The truce broke."]]


def test_folder_of_articles_is_known_by_what_was_in_it(
    corpus: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(corpus / "a/b.old/c.txt", "The truce broke.")
    asked: list[Callable[[str], bool]] = []

    def overhear(corpus: Path, index: Path, stop: Any, was_folder: Callable[[str], bool]) -> Iterator[bool]:
        asked.append(was_folder)
        return notice(corpus, index, stop, was_folder)

    monkeypatch.setattr(watching, "notice", overhear)
    assert update(index.watch(stop=Stop())).arrived == ("a/b.old/c.txt",)
    (was_folder,) = asked
    assert [was_folder(name) for name in ("a", "a/b.old", "a/b", "a/b.old/c", "a.txt", "z")] == [
        True,
        True,
        *[False] * 4,
    ]
