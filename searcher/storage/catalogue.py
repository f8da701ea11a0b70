"""What was seen of each file of the corpus when the index was last changed?

A catalogue is a file for all of them, the base, and a small one with what has changed since, which alone is written at a
commit. Both are folded into a new base when the changes are no longer few.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from searcher.errors import IndexCorruptError
from searcher.storage import files
from searcher.storage.format import catalogue_name
from searcher.storage.manifest import MISFIT, MISSING, FileEntry, Manifest, read_manifest

MAX_CHANGED: Final = 1 / 8
"""Share of the base that the changes come to at most: what each commit writes, against how often all is written."""


class Seen(NamedTuple):  # read for each of 100,000 files: a dataclass takes five times as long
    """What was seen of one file: the catalogue's entry.

    Attributes:
        size_bytes: Its size.
        mtime_ns: Its modification time, nanoseconds since the epoch.
        fingerprint: Hash of its content, empty if it could not be read.
        skipped: Why it was not taken in, empty if it was.
    """

    size_bytes: int
    mtime_ns: int
    fingerprint: str
    skipped: str = ""


Layer = dict[str, Seen | None]
"""What one file says, by address; None where a file of the corpus is gone."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What was seen of each file of the corpus.

    Attributes:
        entries: By address.
        base: What the first of its files says.
        files: Its files, none if it stands nowhere.
    """

    entries: dict[str, Seen] = field(default_factory=dict)
    base: Layer = field(default_factory=dict)
    files: tuple[FileEntry, ...] = ()


def write_catalogue(
    folder: Path, generation: int, entries: Mapping[str, Seen], before: Catalogue
) -> tuple[FileEntry, ...]:
    """Write what was seen of the corpus, under a new name: how it differs from the base, if in little, or all of it.

    Args:
        folder: The index folder.
        generation: For the name.
        entries: What was seen, by address.
        before: The catalogue so far, whose base may stay.

    Returns:
        The files of the catalogue, synced, ready to be committed.
    """
    base = before.base
    changes: Layer = {address: seen for address, seen in entries.items() if base.get(address) != seen}
    changes |= dict.fromkeys(base.keys() - entries.keys())
    kept = before.files[:1] if len(changes) <= MAX_CHANGED * len(base) else ()
    data = files.to_json(changes if kept else entries)
    name = catalogue_name(generation)
    files.replace(folder / name, data)
    return *kept, FileEntry(name, len(data), files.checksum(data))


def read_state(folder: Path) -> tuple[Manifest, Catalogue]:
    """Read the manifest and the catalogue that it names, together.

    Another process may commit between the two, which deletes files of that catalogue; both are then read anew.

    Raises:
        IndexMissingError: There is no index in the folder.
        IndexVersionError: It was written in another format.
        IndexCorruptError: One of them is damaged.
    """
    while True:
        manifest = read_manifest(folder)
        try:
            return manifest, read_catalogue(folder, manifest)
        except IndexCorruptError:
            if read_manifest(folder).generation == manifest.generation:
                raise


def read_catalogue(folder: Path, manifest: Manifest) -> Catalogue:
    """Read what was seen of the corpus.

    Raises:
        IndexCorruptError: A file is missing or damaged.
    """
    layers = [_read_layer(folder, file) for file in manifest.catalogue]
    if not layers:
        return Catalogue()
    known: Layer = {}
    for layer in layers:
        known |= layer
    entries = {address: seen for address, seen in known.items() if seen}
    return Catalogue(entries, layers[0], manifest.catalogue)


def _read_layer(folder: Path, file: FileEntry) -> Layer:
    try:
        data = (folder / file.name).read_bytes()
    except FileNotFoundError as error:
        raise IndexCorruptError(folder, file.name, MISSING) from error
    if files.checksum(data) != file.checksum:
        raise IndexCorruptError(folder, file.name, MISFIT)
    try:
        entries: dict[str, list[Any] | None] = json.loads(data)
        make = Seen._make
        return {address: None if seen is None else make(seen) for address, seen in entries.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise IndexCorruptError(folder, file.name, "it is not a catalogue") from error
