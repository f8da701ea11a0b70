"""What is there to do for an index to hold what its folder holds now?

Every query asks. If there is nothing to do, the modules that analyse, write and lock are not imported.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from searcher.indexing.folder import listing as folder_of_files
from searcher.indexing.folder.plan import Plan, is_same, plan, unchanged
from searcher.indexing.folder.settings import DEFAULT_LANGUAGE, difference, settings_for
from searcher.readers import version_of
from searcher.storage.catalogue import Catalogue, Seen, read_state
from searcher.storage.manifest import Manifest, exists, read_manifest, recorded_language, size_fault


class Job(NamedTuple):
    """What there is to do.

    Attributes:
        manifest: The present state of the index, if there is one to go on from; None where everything is to be built anew.
        listing: What stands in the folder.
        contents: Reads its files.
        plan: What has happened to each file.
        catalogue: What was seen last time; nothing where nothing has changed since.
        entries: What the catalogue says of files that are still there.
        gone: Addresses of files that are not.
        settings: What the analysis is to depend on.
        reason: Why everything must be analysed anew, or empty.
        is_current: A reader would see nothing new; there may be sizes and times to write to the catalogue.
    """

    manifest: Manifest | None
    listing: folder_of_files.Listing
    contents: folder_of_files.Contents
    plan: Plan
    catalogue: Catalogue
    entries: dict[str, Seen]
    gone: frozenset[str]
    settings: dict[str, Any]
    reason: str
    is_current: bool


def examine(
    index: Path,
    corpus: Path,
    language: str | None = None,
    *,
    rebuild: bool = False,
    max_seconds: float | None = None,
    known: Manifest | None = None,
) -> Job:
    """List a corpus folder and compare it with what the index saw of it; arguments as of `searcher.indexing.update.update`.

    ``known`` is the manifest, if it has been read already. If the hash of the listing is the one in the manifest, nothing has
    changed. Only otherwise is the catalogue read.

    Raises:
        CorpusError: The folder cannot be listed, or not within ``max_seconds``.
    """
    has_state = not rebuild and (known is not None or exists(index))
    manifest = (known or read_manifest(index)) if has_state else None
    if manifest and any(size_fault(index, file) for file in manifest.catalogue):
        manifest, _ = read_state(index)  # names the damage, unless another process has just committed
    listing = folder_of_files.list_files(corpus, exclude=[index], max_seconds=max_seconds)
    recorded = manifest.settings["language"] if manifest else recorded_language(index)
    settings = settings_for(language or recorded or DEFAULT_LANGUAGE)
    reason = difference(manifest.settings, settings) if manifest else ""
    contents = folder_of_files.Contents()
    if manifest and not reason and manifest.listing and manifest.listing == listing.fingerprint:
        found = unchanged(listing.files, {address for address, _ in manifest.skipped})
        return Job(
            manifest, listing, contents, found, Catalogue(), {}, frozenset(), settings, "", is_current=True
        )
    manifest, catalogue = read_state(index) if has_state else (None, Catalogue())
    outdated = {path for path, seen in catalogue.entries.items() if seen.reader != version_of(path)}
    found = plan(listing.files, catalogue, contents.fingerprint, outdated)
    entries = {
        file.address: seen
        if is_same(seen, file)
        else seen._replace(size_bytes=file.size_bytes, mtime_ns=file.mtime_ns)
        for file in listing.files
        if (seen := catalogue.entries.get(file.address))
    }
    has_same = manifest is not None and all_skipped(listing, entries) == manifest.skipped
    is_current = has_same and found.is_fresh and not reason
    if reason:
        manifest, entries = None, {}
    gone = frozenset(catalogue.entries.keys() - entries.keys())
    return Job(manifest, listing, contents, found, catalogue, entries, gone, settings, reason, is_current)


def all_skipped(listing: folder_of_files.Listing, entries: Mapping[str, Seen]) -> tuple[tuple[str, str], ...]:
    """Give address and reason of each file that is not in the index, though one might expect it there, sorted."""
    unread = [(address, seen.skipped) for address, seen in entries.items() if seen.skipped]
    unlisted = [(skipped.address, f"{skipped.address} {skipped.reason}") for skipped in listing.skipped]
    return tuple(sorted([*unlisted, *unread]))
