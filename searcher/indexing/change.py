"""How are new and gone articles written beside the index, ready for a commit?

New articles are written to a segment of their own. Articles that are gone get tombstones. Segments are merged where
`searcher.indexing.segments.merge_policy` asks for it. `searcher.storage.manifest.commit` commits.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import count
from pathlib import Path
from typing import Final

from searcher.errors import IndexCorruptError
from searcher.indexing.segments.build import SegmentBuilder
from searcher.indexing.segments.merge_policy import segments_to_merge
from searcher.indexing.segments.merge_segments import merge_segments
from searcher.model import Article
from searcher.storage import files
from searcher.storage.format import segment_name
from searcher.storage.manifest import SegmentEntry, file_fault, seal
from searcher.storage.segment import Segment
from searcher.storage.snapshot import LiveSegment, Snapshot
from searcher.text.words.analysis import Analyser

_TOLD: Final = tuple(field.name for field in fields(Article) if field.name not in ("text", "file"))


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article to take in.

    Attributes:
        article: The article.
        fingerprint: Hash of its content.
    """

    article: Article
    fingerprint: str


def content_of(article: Article) -> bytes:
    """Write the metadata of an article as JSON, then a line feed, then its text. Which file it is of is left out."""
    # `dataclasses.asdict` copies deeply, and a text takes longer to be written as JSON than to be hashed.
    told = files.to_json({name: getattr(article, name) for name in _TOLD})
    return told + b"\n" + article.text.encode()


def fingerprint_of(article: Article) -> str:
    """Tell apart articles that are not files as they stand, by text and metadata: 32 hexadecimal digits."""
    return files.checksum(content_of(article))


def next_numbers(index: Path, generation: int) -> Iterator[int]:
    """Give numbers that no file of the index has or has had; ``generation`` is that of the last commit, or 0."""
    return count(max(generation, files.highest_number(index)) + 1)


def change(
    index: Path,
    before: Sequence[SegmentEntry],
    new: Iterable[NewArticle],
    gone: Collection[str],
    *,
    language: str,
    numbers: Iterator[int],
) -> tuple[SegmentEntry, ...]:
    """Write new articles, mark the ones that are gone, and merge segments.

    Args:
        index: The index folder.
        before: The segments so far.
        new: What to take in, sorted by address. An address that is live must be among those that are gone.
        gone: Addresses of articles that are to be live no longer; others are ignored. It is looked at when all of ``new`` has
            been read, so that whoever reads that may add to it.
        language: Language of the stemmer.
        numbers: For the names of segments.

    Returns:
        The segments from now on, synced, ready to be committed.
    """
    added = []
    with SegmentBuilder(index, segment_name(next(numbers)), Analyser(language)) as builder:
        for item in new:
            builder.add(item.article, item.fingerprint)
        if builder.n_articles:
            entry = builder.finish()
            added.append(LiveSegment(Segment(index, entry.name), entry))
    segments = [*_bury(index, before, gone), *added]
    chosen = segments_to_merge(
        [live.n_live for live in segments],
        [live.entry.n_passages - live.n_live for live in segments],
        n_new=len(added),
    )
    entries = [live.entry for place, live in enumerate(segments) if place not in chosen]
    if chosen:
        for file in (file for place in chosen for file in segments[place].entry.files):
            if fault := file_fault(index, file):  # merging would give the damaged content a valid checksum
                raise IndexCorruptError(index, file.name, fault)
        entries.append(
            merge_segments(index, segment_name(next(numbers)), [segments[place] for place in chosen])
        )
    return tuple(entry if entry.files else seal(index, entry) for entry in entries)


def live_articles(snapshot: Snapshot) -> Iterator[NewArticle]:
    """Read the live articles of an index, by address.

    Raises:
        IndexCorruptError: A file of the index is damaged; what is read here gets checksums that fit.
    """
    snapshot.verify()
    found = []
    for number, live in enumerate(snapshot.segments):
        found += [
            (live.segment.addresses[article], number, article) for article in live.live_articles.tolist()
        ]
    for _, number, article in sorted(found):
        segment = snapshot.segments[number].segment
        yield NewArticle(segment.article(article), segment.article_string("fingerprint", article))


def _bury(index: Path, before: Sequence[SegmentEntry], gone: Collection[str]) -> list[LiveSegment]:
    """Add tombstones; segments with nothing live are left out."""
    segments = []
    for entry in before:
        live = LiveSegment(Segment(index, entry.name), entry)
        dead = {number for address in gone if (number := live.find(address)) >= 0}
        if dead:
            entry = entry._replace(dead_articles=tuple(sorted({*entry.dead_articles, *dead})))  # noqa: PLW2901
            live = LiveSegment(live.segment, entry)
        if live.n_live_articles:
            segments.append(live)
    return segments
