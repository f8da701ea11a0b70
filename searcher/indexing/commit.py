"""How does a change become the state of an index?

What is new is written to a segment of its own; what is gone gets tombstones; segments are folded where
`searcher.indexing.segments.merge_policy` asks for it. Everything is written beside what is there. The caller commits.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from searcher.errors import IndexCorruptError
from searcher.indexing.segments.build import SegmentBuilder
from searcher.indexing.segments.merge_policy import segments_to_merge
from searcher.indexing.segments.merge_segments import fold
from searcher.model import Article
from searcher.storage import files
from searcher.storage.format import segment_name
from searcher.storage.manifest import Manifest, SegmentEntry, file_fault, seal
from searcher.storage.segment import Segment
from searcher.storage.snapshot import LiveSegment, Snapshot
from searcher.text.words.analysis import Analyser


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article to take in.

    Attributes:
        article: The article.
        fingerprint: Hash of its content.
        is_file: It is a file of the corpus folder; otherwise a program has put it in.
    """

    article: Article
    fingerprint: str
    is_file: bool


def next_numbers(index: Path, manifest: Manifest | None) -> Iterator[int]:
    """Give numbers that no file in the folder bears and none has borne."""
    return count(max(manifest.generation if manifest else 0, files.highest_number(index)) + 1)


def change(
    index: Path,
    before: Sequence[SegmentEntry],
    new: Iterable[NewArticle],
    gone: Collection[str],
    *,
    language: str,
    numbers: Iterator[int],
) -> tuple[SegmentEntry, ...]:
    """Write new articles, bury the ones that are gone, and fold segments.

    Args:
        index: The index folder.
        before: The segments so far.
        new: What to take in, sorted by address; of these addresses none is live but what is gone.
        gone: Addresses of articles that are to be live no longer; others are ignored.
        language: Language of the stemmer.
        numbers: For the names of segments.

    Returns:
        The segments from now on, synced, ready to be committed.
    """
    segments = _bury(index, before, gone)
    n_new = 0
    with SegmentBuilder(index, segment_name(next(numbers)), Analyser(language)) as builder:
        for item in new:
            builder.add(item.article, item.fingerprint, is_file=item.is_file)
        if builder.n_articles:
            entry = builder.finish()
            segments.append(LiveSegment(Segment(index, entry.name), entry))
            n_new = 1
    chosen = segments_to_merge(
        [live.n_live for live in segments],
        [live.entry.n_passages - live.n_live for live in segments],
        n_new=n_new,
    )
    entries = [live.entry for place, live in enumerate(segments) if place not in chosen]
    if chosen:
        for file in (file for place in chosen for file in segments[place].entry.files):
            if fault := file_fault(index, file):  # which folding would give a checksum that fits
                raise IndexCorruptError(index, file.name, fault)
        entries.append(fold(index, segment_name(next(numbers)), [segments[place] for place in chosen]))
    return tuple(entry if entry.files else seal(index, entry) for entry in entries)


def live_articles(snapshot: Snapshot, *, are_files: bool | None = None) -> Iterator[NewArticle]:
    """Read the live articles of an index, by address: all of them, or those that are files, or those that are not.

    Raises:
        IndexCorruptError: A file of the index is damaged; what is read here gets checksums that fit.
    """
    snapshot.verify()
    found = []
    for number, live in enumerate(snapshot.segments):
        is_file = live.segment.columns["article_is_file"]
        found += [
            (live.segment.addresses[article], number, article)
            for article in live.live_articles.tolist()
            if are_files is None or bool(is_file[article]) == are_files
        ]
    for _, number, article in sorted(found):
        segment = snapshot.segments[number].segment
        yield NewArticle(
            segment.article(article),
            segment.article_string("fingerprint", article),
            bool(segment.columns["article_is_file"][article]),
        )


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
