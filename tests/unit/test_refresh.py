"""How does an open index follow one that others change?"""

import gc
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from searcher import Article, Index, build_index
from searcher.errors import IndexCorruptError, IndexMissingError
from searcher.indexing.segments import merge_policy
from searcher.storage import snapshot as snapshots
from searcher.storage.manifest import Manifest, read_manifest


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Twelve articles in a segment that is folded with no other."""
    monkeypatch.setattr(merge_policy, "CLASS_SIZES", (4, 100, 1000))
    articles = [Article(address=f"a{number:02}", text=f"War, {number}.") for number in range(12)]
    build_index(articles, tmp_path / "index", language="none")
    return tmp_path / "index"


def segments(index: Index) -> list[Any]:
    return [live.segment for live in index._open.snapshot.segments]


def put(index: Path, address: str, text: str = "War again.") -> None:
    with Index(index) as other:
        other.put([Article(address=address, text=text)])


def test_refresh_tells_whether_the_index_has_moved_on(index: Path) -> None:
    with Index(index) as opened:
        assert [opened.refresh(), opened.refresh()] == [False, False]
        put(index, "new")
        assert (len(opened), opened.search("war").total) == (12, 12)
        assert [opened.refresh(), opened.refresh()] == [True, False]
        assert (len(opened), opened.search("war").total) == (13, 13)


def test_segments_that_are_live_still_stay_open(index: Path) -> None:
    with Index(index) as opened:
        (large,) = segments(opened)
        put(index, "new")
        opened.refresh()
        assert segments(opened)[0] is large
        small = segments(opened)[1]
        put(index, "newer")
        opened.refresh()
        assert segments(opened)[0] is large
        assert segments(opened)[1] is not small
        opened.remove(["a03"])  # a tombstone in the large one
        assert segments(opened)[0] is large
        assert "a03" not in opened.addresses()
        assert opened.search("war").total == 13


def test_own_changes_are_seen_at_once(index: Path) -> None:
    with Index(index) as opened:
        opened.put([Article(address="new", text="Peace.")])
        assert opened.search("peace").total == 1
        assert not opened.refresh()
        opened.remove(["new"])
        assert opened.search("peace").total == 0


def test_result_outlives_the_state_that_it_was_found_in(index: Path) -> None:
    with Index(index) as opened:
        result = opened.search("war", limit=20)
        build_index([Article(address="b", text="Peace.")], index, rebuild=True)
        opened.refresh()
        assert [hit.article.text for hit in result] == [f"War, {number}." for number in range(12)]
        assert [hit.snippet.text for hit in result] == [f"War, {number}." for number in range(12)]


def test_index_that_is_deleted_is_missing_at_the_next_refresh(index: Path) -> None:
    with Index(index) as opened:
        for path in index.iterdir():
            path.unlink()
        assert opened.search("war").total == 12
        with pytest.raises(IndexMissingError, match="searcher index CORPUS"):
            opened.refresh()
        assert opened.search("war").total == 12


def test_slow_thread_takes_no_other_one_back(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opening, moved_on = Event(), Event()
    open_snapshot = snapshots.open_snapshot

    def open_late(*args: Any) -> Any:
        snapshot = open_snapshot(*args)
        if not opening.is_set():
            opening.set()
            moved_on.wait(0.5)
        return snapshot

    with Index(index) as opened, ThreadPoolExecutor(2) as pool:
        put(index, "new")
        monkeypatch.setattr("searcher.api.open_snapshot", open_late)
        slow = pool.submit(opened.refresh)
        opening.wait()
        put(index, "newer")
        fast = pool.submit(opened.refresh)
        fast.add_done_callback(lambda _: moved_on.set())
        assert slow.result()
        assert fast.result()
        assert len(opened) == 14


def once_each(times: int, act: Callable[[int], object]) -> Callable[[], None]:
    left = iter(range(times))

    def call() -> None:
        if (number := next(left, None)) is not None:
            act(number)

    return call


def test_index_that_moves_on_faster_than_it_is_opened_is_opened_all_the_same(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = read_manifest
    put(index, "small")
    move_on = once_each(40, lambda number: put(index, "small", f"War, still {number}."))

    def read_early(folder: Path) -> Manifest:
        manifest = read(folder)
        monkeypatch.setattr(snapshots, "read_manifest", read)
        move_on()
        monkeypatch.setattr(snapshots, "read_manifest", read_early)
        return manifest

    monkeypatch.setattr(snapshots, "read_manifest", read_early)
    with Index(index) as opened:
        assert opened.article("small").text == "War, still 39."


def test_file_that_is_deleted_while_it_is_looked_at_is_missing(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (texts,) = index.glob("*.zst")
    exists = Path.exists

    def vanish(path: Path, **options: Any) -> bool:
        is_there = exists(path, **options)
        if path == texts:
            path.unlink(missing_ok=True)
        return is_there

    monkeypatch.setattr(Path, "exists", vanish)
    texts.unlink()
    with pytest.raises(IndexCorruptError, match="it is missing"):
        Index(index)


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_closed_index_and_old_states_hold_no_file(index: Path) -> None:
    def held() -> set[str]:
        gc.collect()
        links = [str(path.readlink()) for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
        maps = [line.split(maxsplit=5)[-1] for line in Path("/proc/self/maps").read_text().splitlines()]
        return {Path(name).name for name in [*links, *maps] if name.startswith(str(index))}

    with Index(index) as opened:
        for number in range(5):
            put(index, f"new{number}")
            opened.refresh()
            opened.search("war", limit=3)
        assert held() == {file.name for entry in read_manifest(index).segments for file in entry.files}
    assert held() == set()
