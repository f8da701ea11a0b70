"""A small index with everything that an index may have: two segments, a tombstone, a catalogue of two files, a file of two articles,
a skipped file, a file of which something was not understood."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import numpy.typing as npt

from searcher import Article, Span, check_index
from searcher.indexing.folder.settings import settings_for
from searcher.indexing.segments.build import SegmentBuilder
from searcher.model import Remark
from searcher.storage.catalogue import Catalogue, Seen, write_catalogue
from searcher.storage.columns.archive import ColumnWriter
from searcher.storage.manifest import Manifest, SegmentEntry, commit, file_entry, read_manifest, seal
from searcher.text.words.analysis import Analyser

FIRST, SECOND = "segment-00000001", "segment-00000002"
CATALOGUE, CHANGES = "catalogue-00000001.json", "catalogue-00000002.json"

_FRONT = "---\ntitle: Talks on Şuşa\n---\n"
_TALKS = f"{_FRONT}The cease-fire held. The war ended there.\n\nTalks on wars went on; ceasefire talks went on, in 2020.\n"
_ARTICLES = {
    FIRST: [
        Article(
            address="a.txt",
            text=_TALKS,
            title="Talks on Şuşa",
            title_from="front matter",
            date="2020-10",
            source="Courier",
            author="A. Lund",
            keywords=("war", "talks"),
            language="en",
            url="https://example.org/a",
            body_start=len(_FRONT),
            title_span=Span(_FRONT.index("Talks"), len(_FRONT) - len("\n---\n")),
            file="a.txt",
        ),
        Article(address="b.txt", file="b.txt", text="\nThe old text of this file tells of war."),
    ],
    SECOND: [
        Article(
            address="b.txt",
            file="b.txt",
            text="The new text of this file. It tells of the war’s end, and of talks.",
        ),
        Article(address="d.lines/1", file="d.lines", text="One of two: on the war."),
        Article(address="d.lines/2", file="d.lines", text="The other of two: on talks."),
        Article(address="put", text="Not a file: a word on war."),
    ],
}


def build(folder: Path, n_reports: int = 64) -> Path:
    """Build it: so many articles and two more in the first segment, one dead, and its successor in the second."""
    folder.mkdir()
    articles = {FIRST: [*_ARTICLES[FIRST], *map(_report, range(n_reports))], SECOND: _ARTICLES[SECOND]}
    entries = [_segment(folder, name, articles[name]) for name in (FIRST, SECOND)]
    seen = {
        article.address: Seen(9, 9, _fingerprint(name, article))
        for name in articles
        for article in articles[name]
        if article.address == article.file
    }
    lines = {
        article.address[len("d.lines/") :]: _fingerprint(SECOND, article)
        for article in _ARTICLES[SECOND][1:3]
    }
    seen["d.lines"] = Seen(9, 9, "dd", articles=lines)
    seen["a.txt"] = seen["a.txt"]._replace(reader=2, remarks=(Remark("a.txt", "published", "soon"),))
    seen["z.txt"] = Seen(0, 9, "ff", "z.txt is empty")
    old = {**seen, "b.txt": Seen(9, 8, "1b.txt"), "gone.txt": Seen(9, 8, "1gone.txt")}
    base = write_catalogue(folder, 1, old, Catalogue())
    with mock.patch("searcher.storage.catalogue.MAX_CHANGED", 1):  # however few reports
        catalogue = write_catalogue(folder, 2, seen, Catalogue(old, dict(old), base))
    commit(
        folder,
        Manifest(
            generation=2,
            settings=settings_for("english"),
            stop_words=("of", "the"),
            corpus="/Şuşa",
            segments=(entries[0]._replace(dead_articles=(1,)), entries[1]),
            catalogue=catalogue,
            skipped=(("z.txt", "z.txt is empty"),),
            updated_at="2020-10-01T00:00:00+00:00",
        ),
    )
    return folder


def _report(number: int) -> Article:
    text = f"Border {number % 7}: the UN saw war."
    return Article(address=f"c{number:02}.txt", file=f"c{number:02}.txt", title="Report", text=text)


def _fingerprint(name: str, article: Article) -> str:
    return f"{name[-1]}{article.address}"


def _segment(folder: Path, name: str, articles: Sequence[Article]) -> SegmentEntry:
    with SegmentBuilder(folder, name, Analyser()) as builder:
        for article in articles:
            builder.add(article, _fingerprint(name, article))
        return seal(folder, builder.finish())


def rewrite(folder: Path, name: str, columns: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write the columns of a segment anew, as if they had been written so in the first place."""
    path = folder / f"{name}.npz"
    path.unlink()
    write_columns(path, columns)
    reseal(folder)


def reseal(folder: Path) -> None:
    """Give the manifest the sizes and checksums of the files as they now are."""
    manifest = read_manifest(folder)
    segments = tuple(seal(folder, entry) for entry in manifest.segments)
    catalogue = tuple(file_entry(folder / file.name) for file in manifest.catalogue)
    commit(folder, manifest._replace(segments=segments, catalogue=catalogue))


def damaged(index: Path) -> set[tuple[str, str]]:
    """Give file and column of what a check names."""
    return {(damage.file, damage.column) for damage in check_index(index).damages}


def members(path: Path) -> list[tuple[str, int, int]]:
    """Columns of a file, and where their bytes lie."""
    found = []
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            at = member.header_offset
            start = at + 30 + sum(int.from_bytes(data[at + n : at + n + 2], "little") for n in (26, 28))
            found.append((member.filename.removesuffix(".npy"), start, start + member.file_size))
    return found


def write_columns(path: Path, columns: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write arrays into one file, in the order of their names.

    Args:
        path: The file, which must not exist yet.
        columns: Arrays of fixed-width numbers, any shape.
    """
    with ColumnWriter(path) as writer:
        for name, column in sorted(columns.items()):
            writer.reserve(name, *column.shape, dtype=column.dtype.str)
            writer.append(name, column)
