"""What was seen of each file of the corpus when the index was last changed?

The catalogue is one or two files. The base has all files of the corpus. The second has what changed since. A commit writes only the
second. When the changes are no longer few, it writes a new base instead.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from searcher.errors import IndexCorruptError
from searcher.model import Remark
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
        reader: Version of the reader that read it.
        articles: If it holds several articles, the fingerprint of each by its name; None if it is one article.
        remarks: What of it was not understood.
    """

    size_bytes: int
    mtime_ns: int
    fingerprint: str
    skipped: str = ""
    reader: int = 1
    articles: dict[str, str] | None = None
    remarks: tuple[Remark, ...] = ()

    def articles_of(self, file: str) -> dict[str, str]:
        """Give the fingerprints of the articles that this file gave, by address."""
        if self.skipped:
            return {}
        if self.articles is None:
            return {file: self.fingerprint}
        return {f"{file}/{name}": fingerprint for name, fingerprint in self.articles.items()}


_USUAL: Final = ("", 1, None, ())
"""What most entries end with, and the catalogue leaves out."""

Layer = dict[str, Seen | None]
"""What one file of the catalogue says, by path; None where a file of the corpus is gone."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What was seen of each file of the corpus.

    Attributes:
        entries: By path.
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
        entries: What was seen, by path.
        before: The catalogue so far, whose base may stay.

    Returns:
        The files of the catalogue, synced, ready to be committed.
    """
    base = before.base
    changes: Layer = {address: seen for address, seen in entries.items() if base.get(address) != seen}
    changes |= dict.fromkeys(base.keys() - entries.keys())
    kept = before.files[:1] if len(changes) <= MAX_CHANGED * len(base) else ()
    layer = changes if kept else entries
    data = files.to_json({address: seen and _shortened(seen) for address, seen in layer.items()})
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


def _shortened(seen: Seen) -> tuple[object, ...]:
    return seen[:3] if seen[3:] == _USUAL else seen


def _read_layer(folder: Path, file: FileEntry) -> Layer:
    try:
        data = (folder / file.name).read_bytes()
    except FileNotFoundError as error:
        raise IndexCorruptError(folder, file.name, MISSING) from error
    if files.checksum(data) != file.checksum:
        raise IndexCorruptError(folder, file.name, MISFIT)
    try:
        entries: dict[str, list[Any] | None] = json.loads(data)
        return {address: None if seen is None else _seen(seen) for address, seen in entries.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise IndexCorruptError(folder, file.name, "it is not a catalogue") from error


def _seen(values: list[Any]) -> Seen:
    if len(values) == len(Seen._fields):
        values[-1] = tuple(Remark(*remark) for remark in values[-1])
    return Seen(*values)
