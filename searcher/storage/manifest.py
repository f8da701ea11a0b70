"""Which segments are live, and what was seen of the corpus? The only commit point.

`commit` replaces one small file. Everything that the file names was written and synced before. What it does not name may be
deleted from then on.
"""

import json
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from searcher.errors import IndexCorruptError, IndexMissingError, IndexStateError, IndexVersionError
from searcher.storage import files
from searcher.storage.format import CARRIED_OVER, FORMAT_VERSION, LOCK, MANIFEST

MISSING: Final = "it is missing"
MISFIT: Final = "its checksum does not fit"
_ENVELOPE = b'{"checksum":"'
Signature: TypeAlias = tuple[int, int, int]


class FileEntry(NamedTuple):
    """A file that the manifest names."""

    name: str
    size_bytes: int
    checksum: str


class SegmentEntry(NamedTuple):
    """A live segment.

    Attributes:
        name: Name of the segment, without suffix.
        n_articles: Articles in it, dead ones included.
        n_passages: Passages in it, dead ones included.
        n_words: Sum of the lengths of these passages.
        dead_articles: Its tombstones: numbers of articles, ascending.
        files: Its two files; none while it is not part of a commit.
    """

    name: str
    n_articles: int
    n_passages: int
    n_words: int
    files: tuple[FileEntry, ...] = ()
    dead_articles: tuple[int, ...] = ()

    @property
    def file_names(self) -> tuple[str, str]:
        """Names of its two files: columns, and texts."""
        return f"{self.name}.npz", f"{self.name}.zst"


class Manifest(NamedTuple):
    """The state of an index.

    Attributes:
        generation: Number of the commit; names of files derive from it and are never used again.
        settings: What the analysis depends on: language and versions.
        stop_words: Surfaces that a query leaves out where they stand among other loose words.
        corpus: The corpus folder, absolute, or None when the articles came from Python.
        segments: The live segments.
        catalogue: The files with what was seen of the corpus, each laid over those before it; none if there is no corpus.
        listing: Hash of the listing of the corpus folder that the catalogue agrees with. A folder with the same listing has not
            changed. Empty if the files must be compared.
        skipped: Address and reason of each file that could not be taken in.
        updated_at: When this was committed, ISO 8601, UTC.
    """

    generation: int
    settings: dict[str, Any]
    stop_words: tuple[str, ...] = ()
    corpus: str | None = None
    segments: tuple[SegmentEntry, ...] = ()
    catalogue: tuple[FileEntry, ...] = ()
    listing: str = ""
    skipped: tuple[tuple[str, str], ...] = ()
    updated_at: str = ""

    @property
    def files(self) -> tuple[FileEntry, ...]:
        """The files that this manifest names."""
        return (*(file for segment in self.segments for file in segment.files), *self.catalogue)

    @property
    def file_names(self) -> set[str]:
        """Names of all files of the index, its lock included."""
        return {MANIFEST, LOCK} | {file.name for file in self.files}

    @property
    def size_bytes(self) -> int:
        """Size of the files that this manifest names."""
        return sum(file.size_bytes for file in self.files)


def exists(folder: Path) -> bool:
    """Tell whether there is an index in a folder, damaged or not. A manifest of something else does not count."""
    try:
        data = (folder / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return False
    beside = ("segment-????????*.npz", "catalogue-????????*.json")
    return data.startswith(_ENVELOPE) or any(any(folder.glob(pattern)) for pattern in beside)


def read_manifest(folder: Path, versions: Collection[int] = (FORMAT_VERSION,)) -> Manifest:
    """Read the manifest of an index.

    Args:
        folder: The index folder.
        versions: Formats that are accepted.

    Raises:
        IndexMissingError: There is no index in the folder.
        IndexVersionError: It was written in another format.
        IndexCorruptError: The manifest is damaged.
    """
    try:
        envelope = json.loads((folder / MANIFEST).read_bytes())
        values = envelope["manifest"]
        version = values.pop("format_version")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexMissingError(
            f"no index in {folder}; build one with: searcher index CORPUS --index {folder}", folder
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IndexCorruptError(folder, MANIFEST, "it is not a manifest") from error
    if version not in versions:
        command = f"searcher index CORPUS --rebuild --index {folder}"
        if version in CARRIED_OVER and values.get("corpus", "") is None:
            command = f"build_index(None, {str(folder)!r}, rebuild=True)"
        message = (
            f"the index in {folder} has format {version}, this version reads {FORMAT_VERSION}; "
            f"rebuild it with: {command}"
        )
        raise IndexVersionError(message, folder, found=version, supported=FORMAT_VERSION)
    if files.checksum(files.to_json({**values, "format_version": version})) != envelope.get("checksum"):
        raise IndexCorruptError(folder, MANIFEST, MISFIT)
    try:
        return Manifest(
            generation=values["generation"],
            settings=values["settings"],
            stop_words=tuple(values["stop_words"]),
            corpus=values["corpus"],
            segments=tuple(_segment_entry(entry) for entry in values["segments"]),
            catalogue=tuple(FileEntry(**file) for file in values["catalogue"]),
            listing=values["listing"],
            skipped=tuple((address, reason) for address, reason in values["skipped"]),
            updated_at=values["updated_at"],
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexCorruptError(folder, MANIFEST, "it is not a manifest") from error


def recorded_language(folder: Path) -> str:
    """Give the language of an index that may be of the format before; empty if it cannot be read."""
    try:
        return str(read_manifest(folder, CARRIED_OVER).settings["language"])
    except (IndexStateError, KeyError, TypeError):
        return ""


def _segment_entry(values: dict[str, Any]) -> SegmentEntry:
    entries = tuple(FileEntry(**file) for file in values.pop("files"))
    return SegmentEntry(**{**values, "dead_articles": tuple(values["dead_articles"])}, files=entries)


def signature(folder: Path) -> Signature | None:
    """Tell states of an index apart without reading them. Each commit gives another signature. None if there is no index."""
    try:
        stat = (folder / MANIFEST).stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return stat.st_mtime_ns, stat.st_ino, stat.st_size


def commit(folder: Path, manifest: Manifest) -> None:
    """Make a manifest the state of the index.

    Args:
        folder: The index folder.
        manifest: Names only files that are complete and synced.
    """
    files.sync(folder)
    segments = [
        entry._asdict() | {"files": [file._asdict() for file in entry.files]} for entry in manifest.segments
    ]
    catalogue = [file._asdict() for file in manifest.catalogue]
    values = manifest._asdict() | {"segments": segments, "catalogue": catalogue}
    values["format_version"] = FORMAT_VERSION
    envelope = {"checksum": files.checksum(files.to_json(values)), "manifest": values}
    files.replace(folder / MANIFEST, files.to_json(envelope))


def remove_leftovers(folder: Path) -> None:
    """Delete the index files that are not, or no longer, part of the index. Only its one writer may do that.

    Raises:
        IndexVersionError: It was written in another format, so it is not known which files belong to it.
        IndexCorruptError: The manifest is damaged, so that is not known.
    """
    named = read_manifest(folder).file_names if exists(folder) else {MANIFEST, LOCK}
    files.remove_unnamed(folder, named)


def seal(folder: Path, entry: SegmentEntry) -> SegmentEntry:
    """Sync the files of a new segment, and describe them, so that it can be committed."""
    return entry._replace(files=tuple(file_entry(folder / name) for name in entry.file_names))


def file_entry(path: Path) -> FileEntry:
    """Sync a finished file and describe it."""
    files.sync(path)
    return FileEntry(path.name, path.stat().st_size, files.file_checksum(path))


def size_fault(folder: Path, entry: FileEntry) -> str:
    """Say what is wrong with the size of a file that the manifest names; empty if nothing is."""
    try:
        size_bytes = (folder / entry.name).stat().st_size
    except FileNotFoundError:
        return MISSING
    return "" if size_bytes == entry.size_bytes else f"it has {size_bytes} bytes, not {entry.size_bytes}"


def file_fault(folder: Path, entry: FileEntry) -> str:
    """Read all of a file that the manifest names, and say what is wrong with it; empty if nothing is."""
    try:
        if fault := size_fault(folder, entry):
            return fault
        return "" if files.file_checksum(folder / entry.name) == entry.checksum else MISFIT
    except FileNotFoundError:
        return MISSING
    except OSError as error:
        return f"it cannot be read: {error.strerror}"


def now() -> str:
    """Give the present time as manifests have it: ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")
