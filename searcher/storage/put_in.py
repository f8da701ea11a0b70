"""Which articles have programs put into an index that is to be built anew?

A rebuild reads the files of the corpus again. Articles that programs have put in stand nowhere but in the index, so they are
carried over: from a sound index, from one of which a part is damaged, and from one of a format before. Only what stands as it was
written is carried over. What cannot be read is counted, so that nobody loses it unasked.

This reads the manifest, the catalogue, and the columns of articles. It does not look at whether the columns of a segment are those
of its format.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from searcher.arrays import Array
from searcher.errors import IndexCorruptError, IndexStateError, IndexVersionError
from searcher.model import Article
from searcher.storage.articles import article_strings, to_article
from searcher.storage.catalogue import read_catalogue
from searcher.storage.columns.archive import read_columns
from searcher.storage.columns.texts import Texts
from searcher.storage.format import CARRIED_OVER
from searcher.storage.manifest import Manifest, SegmentEntry, exists, file_fault, read_manifest

Columns = Mapping[str, Array]


class PutIn(NamedTuple):
    """What programs have put into an index.

    Attributes:
        places: The segment and number of each article that can be read, by address, sorted.
        lost: How many cannot be read, in words; empty if all can.
        error: Why they cannot; None if all can.
        generation: Number of the last commit, 0 if it is not known.
    """

    places: Mapping[str, tuple["_Segment", int]] = {}
    lost: str = ""
    error: IndexCorruptError | IndexVersionError | None = None
    generation: int = 0

    def articles(self) -> Iterator[tuple[Article, str]]:
        """Read the articles that can be read, with their fingerprints, by address."""
        for segment, number in self.places.values():
            yield segment.read(number)

    def loss(self, index: Path, remedy: str, *, is_allowed: bool) -> str:
        """Say what a rebuild loses; empty if nothing.

        Args:
            index: The index folder.
            remedy: What to do to rebuild the index all the same.
            is_allowed: Something may be lost.

        Raises:
            IndexStateError: Something would be lost.
        """
        error = self.error
        if error is None:
            return ""
        why = (
            f"{error.file}: {error.detail}"
            if isinstance(error, IndexCorruptError)
            else f"format {error.found}"
        )
        if not is_allowed:
            raise IndexStateError(
                f"{self.lost} that a program put into the index in {index} cannot be carried over ({why}); "
                f"to rebuild without them: {remedy}",
                index,
            )
        return f"{self.lost} that a program had put in could not be carried over ({why}) and must be put in again"


def read_put_in(folder: Path) -> PutIn:
    """Read the articles that programs have put into an index, whatever state it is in; nothing if there is none."""
    if not exists(folder):
        return PutIn()
    try:
        manifest = read_manifest(folder, CARRIED_OVER)
    except (IndexCorruptError, IndexVersionError) as error:
        lost = _count(folder)
        return PutIn(lost=lost, error=error if lost else None)
    found: dict[str, tuple[_Segment, int]] = {}
    damaged: list[SegmentEntry] = []
    damage = None
    for entry in manifest.segments:
        faults = [(file.name, fault) for file in entry.files if (fault := file_fault(folder, file))]
        if faults:
            damaged.append(entry)
            damage = IndexCorruptError(folder, *faults[0])
        else:
            segment = _Segment(folder, entry)
            found |= {address: (segment, number) for address, number in segment.numbers()}
    lost = _count_lost(folder, manifest, damaged, len(found)) if damaged else ""
    return PutIn(dict(sorted(found.items())), lost, damage if lost else None, manifest.generation)


class _Segment:
    """A segment whose files are as they were written."""

    def __init__(self, folder: Path, entry: SegmentEntry) -> None:
        columns_name, texts_name = entry.file_names
        self._columns = dict(read_columns(folder / columns_name))
        self._columns["article_file_end"] = _file_ends(self._columns)
        self._strings = article_strings(self._columns)
        self._texts = Texts(folder / texts_name, self._columns["text_starts"])
        self._dead = frozenset(entry.dead_articles)

    def numbers(self) -> Iterator[tuple[str, int]]:
        """Give the address and number of each live article that a program put in."""
        for number in (self._columns["article_file_end"] == 0).nonzero()[0].tolist():
            if number not in self._dead:
                yield self._strings["address"].text(number), number

    def read(self, number: int) -> tuple[Article, str]:
        """Read an article and its fingerprint."""
        article = to_article(self._columns, self._strings, number, self._texts.read(number))
        return article, self._strings["fingerprint"].text(number)


def _file_ends(columns: Columns) -> Array:
    """Give the column that is 0 for an article that a program put in."""
    return columns[
        "article_file_end" if "article_file_end" in columns else "article_is_file"
    ]  # as until format 5


def _count_lost(folder: Path, manifest: Manifest, damaged: list[SegmentEntry], n_found: int) -> str:
    """Count the live articles that are neither of files nor found; at most those of the damaged segments."""
    n_damaged, n_live = (
        sum(entry.n_articles - len(entry.dead_articles) for entry in entries)
        for entries in (damaged, manifest.segments)
    )
    try:
        entries = read_catalogue(folder, manifest).entries
    except IndexCorruptError:
        return f"up to {_in_words(n_damaged)}"
    n_lost = n_live - n_found - sum(len(seen.articles_of(file)) for file, seen in entries.items())
    return _in_words(n_lost) if n_lost else ""


def _count(folder: Path) -> str:
    """Count the articles that programs have put into the segments in a folder, without a manifest that tells which are live."""
    try:
        counts = [
            int(np.count_nonzero(_file_ends(read_columns(path)) == 0))
            for path in folder.glob("segment-*.npz")
        ]
    except (IndexCorruptError, KeyError):
        return "an unknown number of articles"
    return f"up to {_in_words(sum(counts))}" if sum(counts) else ""


def _in_words(n_articles: int) -> str:
    return f"{n_articles:,} article{'s' * (n_articles != 1)}"
