"""Is an index sound? Every file, every column, every line of what `searcher.storage.format` says, counted anew.

Damage is a value, so that all of it can be told at once. If the checksum of a file does not fit, the columns whose own
checksums do not fit are named. If it fits, the file is as it was written, and is then checked against the rules.

Whether the words are those of the texts is not checked. Only the analysis knows, and storage does not know the analysis.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from searcher.errors import IndexCorruptError
from searcher.storage.catalogue import read_catalogue
from searcher.storage.check.invariants import article_rules, passage_rules, vocabulary_rules
from searcher.storage.check.recount import recount_rules
from searcher.storage.check.rules import first_fault
from searcher.storage.check.spans import text_faults
from searcher.storage.check.state import address_faults, catalogue_faults, manifest_faults
from searcher.storage.columns.archive import damaged_columns, read_columns
from searcher.storage.columns.headers import shape_faults
from searcher.storage.files import to_json
from searcher.storage.format import COLUMNS, LOCK, MANIFEST
from searcher.storage.manifest import (
    MISFIT,
    FileEntry,
    Manifest,
    SegmentEntry,
    file_fault,
    read_manifest,
)
from searcher.storage.segment import Segment
from searcher.storage.snapshot import Snapshot


class Damage(NamedTuple):
    """Something that is wrong with an index.

    Attributes:
        file: Name of the file.
        column: Name of the column, or empty.
        detail: What is wrong with it.
    """

    file: str
    column: str
    detail: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found.

    Attributes:
        index: The index folder.
        corpus: The corpus folder that the index was built from; None if it has none, or if the manifest is damaged.
        damages: What is wrong; empty for a sound index.
        leftovers: Names of files in the folder that are no part of the index and do no harm.
        n_files: Files looked at.
        n_bytes: Their size together, as it should be.
        n_columns: Columns looked at.
        n_articles: Live articles, counted anew; 0 where files or columns are damaged.
        n_passages: Live passages, likewise.
    """

    index: Path
    corpus: Path | None
    damages: tuple[Damage, ...] = ()
    leftovers: tuple[str, ...] = ()
    n_files: int = 0
    n_bytes: int = 0
    n_columns: int = 0
    n_articles: int = 0
    n_passages: int = 0


def check(folder: Path) -> CheckReport:
    """Look at everything in an index. Needs no lock, and changes nothing.

    Raises:
        IndexMissingError: There is no index in the folder.
        IndexVersionError: It was written in another format.
    """
    while True:
        try:
            manifest = read_manifest(folder)
        except IndexCorruptError as error:
            return CheckReport(folder, None, (Damage(error.file, "", error.detail),))
        report = _check(folder, manifest)
        # A writer may have moved the index on meanwhile, and deleted what this manifest names.
        if not report.damages or _generation(folder) == manifest.generation:
            return report


def _generation(folder: Path) -> int:
    try:
        return read_manifest(folder).generation
    except IndexCorruptError:
        return -1


def _check(folder: Path, manifest: Manifest) -> CheckReport:
    data = (folder / MANIFEST).read_bytes()
    faults = [] if to_json(json.loads(data)) == data else ["it is not as it was written"]
    faults += manifest_faults(manifest)
    if faults:
        return CheckReport(folder, None, tuple(Damage(MANIFEST, "", fault) for fault in faults))
    report = CheckReport(folder, Path(manifest.corpus) if manifest.corpus else None)
    damages = [damage for entry in manifest.segments for damage in _segment_damages(folder, entry)]
    damages += _file_damages(folder, manifest.catalogue)
    if not damages:
        try:
            snapshot = Snapshot(folder, manifest)
            report = replace(report, n_articles=snapshot.n_articles, n_passages=snapshot.n_passages)
            damages += _live_damages(snapshot)
        except IndexCorruptError as error:
            damages.append(Damage(error.file, "", error.detail))
    return replace(
        report,
        damages=tuple(damages),
        leftovers=_leftovers(folder, manifest),
        n_files=len(manifest.file_names - {LOCK}),
        n_bytes=len(data) + manifest.size_bytes,
        n_columns=len(COLUMNS) * len(manifest.segments),
    )


def _leftovers(folder: Path, manifest: Manifest) -> tuple[str, ...]:
    names = {entry.name for entry in folder.iterdir()}
    return tuple(sorted(names - manifest.file_names - {".gitignore"}))


def _file_damages(folder: Path, files: Iterable[FileEntry]) -> Iterator[Damage]:
    """Compare files with what the manifest says of them."""
    for file in files:
        fault = file_fault(folder, file)
        has_columns = fault == MISFIT and file.name.endswith(".npz")
        columns = damaged_columns(folder / file.name) if has_columns else []
        if fault:
            yield from (Damage(file.name, column, fault) for column in columns or [""])


def _segment_damages(folder: Path, entry: SegmentEntry) -> Iterator[Damage]:
    """Look at the files of a segment and, if they are as they were written, into them."""
    damages = list(_file_damages(folder, entry.files))
    yield from damages
    if damages:
        return
    name = f"{entry.name}.npz"
    try:
        columns = read_columns(folder / name)
        faults = [(column, f"it {fault}") for column, fault in shape_faults(columns)]
        faults += [
            (column, "it is not a column of the format") for column in sorted(columns.keys() - COLUMNS.keys())
        ]
        yield from (Damage(name, column, fault) for column, fault in faults)
        if not faults:
            yield from _content_damages(Segment(folder, entry.name), entry)
    except IndexCorruptError as error:
        yield Damage(error.file, "", error.detail)


def _content_damages(segment: Segment, entry: SegmentEntry) -> Iterator[Damage]:
    """Look at what the columns and texts of a segment hold."""
    families = (vocabulary_rules, passage_rules, article_rules)
    faults = [fault for rules in families for fault in first_fault(rules(segment))]
    if not faults:
        faults = [*first_fault(recount_rules(segment, entry.n_words)), *text_faults(segment)]
    for column, fault in faults:
        yield Damage(f"{entry.name}.npz" if column else f"{entry.name}.zst", column, fault)
    n_words = int(segment.columns["passage_length"].sum(dtype=np.int64))
    found = {"articles": segment.n_articles, "passages": segment.n_passages, "words": n_words}
    told = {"articles": entry.n_articles, "passages": entry.n_passages, "words": entry.n_words}
    for what, n_found in found.items():
        if n_found != told[what] and not faults:
            yield Damage(MANIFEST, "", f"{entry.name} has {n_found} {what}, not {told[what]}")


def _live_damages(snapshot: Snapshot) -> Iterator[Damage]:
    """Compare the live articles of all segments with each other and with the catalogue."""
    yield from (Damage(MANIFEST, "", fault) for fault in address_faults(snapshot))
    catalogue = read_catalogue(snapshot.folder, snapshot.manifest)
    names = [MANIFEST, *(file.name for file in catalogue.files)]
    for fault in catalogue_faults(catalogue, snapshot):
        yield Damage(names[-1], "", fault)
