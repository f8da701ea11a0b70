"""What has happened to each file of the corpus since it was last seen?

`plan` reads no file itself. It compares the listing with the catalogue, and asks for a fingerprint where size or time differ. A moved
file is read again under its new address; its old article is removed.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from enum import Enum
from typing import NamedTuple

from searcher.indexing.folder.listing import UNSETTLED, FileState
from searcher.storage.catalogue import Catalogue, Seen


class State(Enum):
    """What a file is, compared with the catalogue."""

    NEW = "new"
    CHANGED = "changed"
    MOVED = "moved"
    REMOVED = "removed"
    UNCHANGED = "unchanged"
    UNREADABLE = "unreadable"

    # The hash of Enum is Python code, and there is a state for each of 100,000 files.
    __hash__ = object.__hash__


class Plan(NamedTuple):
    """What each file is.

    Attributes:
        states: State by address, removed files included.
        has_touched: Some unchanged file has another size or time in the catalogue.
    """

    states: dict[str, State]
    has_touched: bool

    @property
    def counts(self) -> dict[str, int]:
        """As of `counts_of`."""
        return counts_of(self.states)

    @property
    def is_fresh(self) -> bool:
        """There is nothing to do: the index holds what the folder holds."""
        return set(self.states.values()) <= {State.UNCHANGED, State.UNREADABLE}


def counts_of(states: Mapping[str, State]) -> dict[str, int]:
    """Count how many there are of each state, in words, none left out."""
    found = Counter(states.values())
    return {state.value: found[state] for state in State}


def unchanged(files: Iterable[FileState], unread: Collection[str]) -> Plan:
    """Give the plan for a folder in which nothing has changed; ``unread`` are the addresses of files that were skipped."""
    states = dict.fromkeys((file.address for file in files), State.UNCHANGED)
    states |= {address: State.UNREADABLE for address in unread if address in states}
    return Plan(states, has_touched=False)


def is_same(seen: Seen, file: FileState) -> bool:
    """Tell whether a file has the size and time that it had."""
    return (seen.size_bytes, seen.mtime_ns) == (file.size_bytes, file.mtime_ns)


def plan(
    files: Iterable[FileState],
    catalogue: Catalogue,
    fingerprint: Callable[[FileState], str | None],
    outdated: Collection[str] = (),
) -> Plan:
    """Compare a folder with its catalogue.

    Args:
        files: What stands in the folder now.
        catalogue: What was seen last time.
        fingerprint: Hashes a file's content, or gives None if it cannot be read. It is called if size or time differ, or if the
            time is too recent to tell. If files have been removed, it is also called for new files, to recognise a move. It is called
            for no other file.
        outdated: Files that another version of their reader has read.

    Returns:
        The state of each file. A file that was skipped before, and is the same, is unreadable. One that is outdated is changed.
    """
    entries = catalogue.entries
    files = list(files)
    gone = {
        seen.fingerprint: address
        for address, seen in entries.items()
        if seen.fingerprint and not seen.skipped
    }
    for file in files:
        if file.address in entries:
            gone.pop(entries[file.address].fingerprint, None)
    states: dict[str, State] = {}
    moved_from: set[str] = set()
    has_touched = False
    for file in files:
        seen = entries.get(file.address)
        if seen is None:
            origin = gone.pop(fingerprint(file) or "", None) if gone else None
            states[file.address] = State.MOVED if origin else State.NEW
            moved_from |= {origin} if origin else set()
        elif file.address in outdated:
            states[file.address] = State.CHANGED
        elif is_same(seen, file) and file.mtime_ns != UNSETTLED and seen.fingerprint:
            states[file.address] = State.UNREADABLE if seen.skipped else State.UNCHANGED
        else:
            now = fingerprint(file)
            has_touched |= not is_same(seen, file)
            if now is None:
                states[file.address] = State.UNREADABLE if seen.skipped else State.CHANGED
            else:
                same = State.UNREADABLE if seen.skipped else State.UNCHANGED
                states[file.address] = same if now == seen.fingerprint else State.CHANGED
    for address in entries.keys() - states.keys() - moved_from:
        states[address] = State.REMOVED
    return Plan(states, has_touched)
