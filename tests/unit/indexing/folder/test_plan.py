from collections.abc import Callable

import pytest

from searcher.indexing.folder.listing import FileState
from searcher.indexing.folder.plan import Plan, State, plan, unchanged
from searcher.storage.catalogue import Catalogue, Seen


def file(address: str, *, size_bytes: int = 10, mtime_ns: int = 1) -> FileState:
    return FileState(address, f"/corpus/{address}", size_bytes, mtime_ns)


def contents(**by_name: str | None) -> Callable[[FileState], str | None]:
    """A fingerprint that fails for every file not named."""
    return lambda state: by_name[state.address]


def never(state: FileState) -> str | None:
    raise AssertionError(f"{state.address} was read")


SEEN = Catalogue({"a": Seen(10, 1, "A")})


def test_everything_is_new_to_an_empty_catalogue_and_nothing_is_read() -> None:
    found = plan([file("a"), file("b")], Catalogue(), never)
    assert found == Plan({"a": State.NEW, "b": State.NEW}, has_touched=False)
    assert not found.is_fresh


def test_same_size_and_time_is_unchanged_and_not_read() -> None:
    found = plan([file("a")], SEEN, never)
    assert found == Plan({"a": State.UNCHANGED}, has_touched=False)
    assert found.is_fresh


@pytest.mark.parametrize("state", [file("a", mtime_ns=2), file("a", mtime_ns=0), file("a", size_bytes=11)])
def test_other_content_is_changed(state: FileState) -> None:
    found = plan([state], SEEN, contents(a="other"))
    assert found.states == {"a": State.CHANGED}
    assert not found.is_fresh


def test_touched_file_of_the_same_content_is_unchanged() -> None:
    found = plan([file("a", mtime_ns=2)], SEEN, contents(a="A"))
    assert found == Plan({"a": State.UNCHANGED}, has_touched=True)
    assert found.is_fresh


def test_file_that_is_gone_is_removed() -> None:
    found = plan([], SEEN, never)
    assert found.states == {"a": State.REMOVED}
    assert not found.is_fresh


def test_new_file_with_the_content_of_one_that_is_gone_is_moved() -> None:
    found = plan([file("b")], SEEN, contents(b="A"))
    assert found.states["b"] is State.MOVED
    assert not found.is_fresh


def test_new_file_of_other_content_is_not_moved() -> None:
    found = plan([file("b")], SEEN, contents(b="B"))
    assert found.states == {"b": State.NEW, "a": State.REMOVED}


def test_copy_of_a_file_that_stays_is_new() -> None:
    catalogue = Catalogue({"a": Seen(10, 1, "A"), "gone": Seen(10, 1, "G")})
    found = plan([file("a"), file("b")], catalogue, contents(b="A"))
    assert found.states == {"a": State.UNCHANGED, "b": State.NEW, "gone": State.REMOVED}


def test_only_one_of_two_copies_is_moved() -> None:
    found = plan([file("b"), file("c")], SEEN, contents(b="A", c="A"))
    assert (found.states["b"], found.states["c"]) == (State.MOVED, State.NEW)


def test_new_file_that_cannot_be_read_is_new() -> None:
    found = plan([file("b")], SEEN, contents(b=None))
    assert found.states == {"b": State.NEW, "a": State.REMOVED}


def test_file_of_no_use_before_is_unreadable_while_it_stays_the_same() -> None:
    catalogue = Catalogue({"a": Seen(10, 1, "A", "is binary")})
    assert plan([file("a")], catalogue, never) == Plan({"a": State.UNREADABLE}, has_touched=False)
    assert plan([file("a", mtime_ns=2)], catalogue, contents(a="B")).states == {"a": State.CHANGED}


def test_file_that_could_not_be_read_is_tried_again() -> None:
    catalogue = Catalogue({"a": Seen(10, 1, "", "cannot be read")})
    assert plan([file("a")], catalogue, contents(a="A")).states == {"a": State.CHANGED}


def test_file_that_still_cannot_be_read_is_unreadable_and_nothing_to_do() -> None:
    catalogue = Catalogue({"a": Seen(10, 1, "", "cannot be read")})
    found = plan([file("a")], catalogue, contents(a=None))
    assert found.states == {"a": State.UNREADABLE}
    assert found.is_fresh


def test_file_that_still_cannot_be_read_has_not_been_touched() -> None:
    catalogue = Catalogue({"a": Seen(10, 1, "", "cannot be read")})
    assert not plan([file("a")], catalogue, contents(a=None)).has_touched


def test_file_that_can_no_longer_be_read_is_changed() -> None:
    assert plan([file("a", mtime_ns=2)], SEEN, contents(a=None)).states == {"a": State.CHANGED}


def test_plan_for_a_folder_without_changes_is_that_of_comparing() -> None:
    catalogue = Catalogue({"a": Seen(10, 1, "A"), "b": Seen(10, 1, "B", "is binary")})
    files = [file("a"), file("b")]
    assert unchanged(files, {"b", "gone/"}) == plan(files, catalogue, never)


def test_counts_name_every_state() -> None:
    catalogue = Catalogue({"a": Seen(10, 1, "A"), "gone": Seen(1, 1, "G"), "old": Seen(1, 1, "O")})
    found = plan(
        [file("a", mtime_ns=5), file("b"), file("old", size_bytes=1)], catalogue, contents(a="A2", b="B")
    )
    assert found.counts == {
        "new": 1, "changed": 1, "moved": 0, "removed": 1, "unchanged": 1, "unreadable": 0,
    }  # fmt: skip
