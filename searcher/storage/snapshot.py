"""What does a reader see? The live segments of one manifest, with all their files open.

A snapshot never changes. A writer adds files, replaces the manifest, and deletes files. Deleting a file does not harm a snapshot that
has it open.
Statistics are those of the live passages of all segments together, exactly.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import numpy as np

from searcher.arrays import Bitmap, Mask, Numbers, to_bitmap
from searcher.errors import IndexCorruptError, IndexStateError, SearcherError
from searcher.kernel.postings import count_in
from searcher.storage.manifest import (
    MISSING,
    FileEntry,
    Manifest,
    SegmentEntry,
    Signature,
    file_fault,
    read_manifest,
    signature,
    size_fault,
)
from searcher.storage.many_terms import ManyTerms
from searcher.storage.segment import Postings, Segment


class LiveSegment:
    """A segment and which of its passages are live.

    Attributes:
        segment: The segment.
        entry: What the manifest says of it.
        live: bool, shape (n_passages,), or None when all are.
        n_live: Number of live passages.
        n_words: Sum of their lengths.
        n_live_articles: Number of live articles.
    """

    def __init__(self, segment: Segment, entry: SegmentEntry) -> None:
        self.segment = segment
        self.entry = entry
        self.live: Mask | None = None
        self._dead = frozenset(entry.dead_articles)
        self.n_live, self.n_words = entry.n_passages, entry.n_words
        self.n_live_articles = entry.n_articles - len(entry.dead_articles)
        if entry.dead_articles:
            self.live = self._live_passages(entry.dead_articles)
            self.n_live = int(self.live.sum())
            self.n_words = int(segment.columns["passage_length"][self.live].sum(dtype=np.int64))

    def _live_passages(self, dead_articles: Sequence[int]) -> Mask:
        live_articles = np.ones(self.segment.n_articles, np.bool_)
        try:
            live_articles[list(dead_articles)] = False
            live: Mask = live_articles[self.segment.columns["passage_article"]]
        except IndexError as error:
            raise self.segment.corrupt("a passage or a tombstone is of no article that it has") from error
        return live

    @cached_property
    def bits(self) -> Bitmap | None:
        """The live passages, as a bitmap; None when all are."""
        return None if self.live is None else to_bitmap(self.live)

    @cached_property
    def every(self) -> Bitmap:
        """The live passages, as a bitmap."""
        return to_bitmap(np.ones(self.segment.n_passages, np.bool_)) if self.bits is None else self.bits

    def is_live(self, article: int) -> bool:
        """Tell whether an article is live."""
        return article not in self._dead

    def find(self, address: str) -> int:
        """Give the number of a live article, or -1."""
        number = self.segment.addresses.find(address.encode())
        return number if number >= 0 and self.is_live(number) else -1

    @property
    def live_articles(self) -> Numbers:
        """int64, ascending: the live articles."""
        live = np.ones(self.segment.n_articles, np.bool_)
        live[list(self._dead)] = False
        return live.nonzero()[0]

    def doc_freqs(self) -> Numbers:
        """Count the live passages of every term: int64, shape (n_terms,)."""
        column = self.segment.columns
        dense, starts = column["dense_terms"], column["posting_starts"]
        if self.live is None:
            return np.diff(starts)
        sparse_starts = starts - column["dense_postings"][dense.searchsorted(np.arange(len(starts)))]
        before = np.concatenate([[0], self.live[column["passage_ids"]].cumsum()])
        counts: Numbers = np.diff(before[sparse_starts])
        counts[dense] = [self.doc_freq(term) for term in dense.tolist()]
        return counts

    def doc_freq(self, term: int) -> int:
        """Count the live passages that hold a term."""
        if self.bits is None:
            return self.segment.doc_freq(term)
        return count_in(self.segment.inverted.postings(term), self.bits.data)

    def count(self, terms: Numbers) -> tuple[int, int]:
        """Count the live postings of some terms, ascending, and their occurrences."""
        columns = self.segment.columns
        begins, ends = columns["posting_starts"][terms], columns["posting_starts"][terms + 1]
        if self.live is None:
            starts = columns["occurrence_starts"]
            return int((ends - begins).sum()), int((starts[terms + 1] - starts[terms]).sum())
        keep = self.live[ManyTerms(self.segment, terms).passages()]
        codes = columns["codes"][self.segment.ranges("codes", begins, ends - begins)][keep]
        return len(codes), int((codes >> 8).sum(dtype=np.int64))

    def postings(self, term: int) -> Postings:
        """Give the live postings of a term."""
        postings = self.segment.postings(term)
        if self.live is None:
            return postings
        keep = self.live[postings.passages]
        return Postings(postings.passages[keep], postings.codes[keep])


class Snapshot:
    """The live segments together. Safe to use from several threads.

    Args:
        folder: The index folder.
        manifest: Its manifest.
        known: An older snapshot. Segments that it has open are not opened again.
        signature: Signature of the manifest from before it was read, if it is known.

    Raises:
        IndexCorruptError: A file that the manifest names is missing or is not what it should be.
    """

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        known: "Snapshot | None" = None,
        signature: Signature | None = None,
    ) -> None:
        self.folder = folder
        self.manifest = manifest
        self.signature = signature
        opened = {live.entry.files: live.segment for live in known.segments} if known else {}
        self.segments: tuple[LiveSegment, ...] = tuple(
            LiveSegment(opened.get(entry.files) or _open(folder, entry), entry) for entry in manifest.segments
        )
        self.n_passages = sum(segment.n_live for segment in self.segments)
        self.n_words = sum(segment.n_words for segment in self.segments)
        self.n_articles = sum(segment.n_live_articles for segment in self.segments)

    def live_strings(self, name: str) -> Iterator[str]:
        """Give one of the strings of each live article, segment by segment."""
        for live in self.segments:
            strings = enumerate(live.segment.article_strings(name))
            yield from (string for number, string in strings if live.is_live(number))

    @property
    def average_length(self) -> float:
        """Mean length of the live passages, in words; 1 for an index without words."""
        return self.n_words / self.n_passages if self.n_words else 1.0

    @cached_property
    def n_terms(self) -> int:
        """Number of distinct terms in live passages."""
        terms: set[bytes] = set()
        for live in self.segments:
            strings = live.segment.terms.blob.tobytes().split(b"\n")
            terms.update(strings[number] for number in live.doc_freqs().nonzero()[0].tolist())
        return len(terms)

    @cached_property
    def damage(self) -> tuple[FileEntry, str] | None:
        """A file of a segment that is not as it was written, and what is wrong with it. All files are read, once.

        A file that a writer has deleted meanwhile cannot be read; its mapping is whole.
        """
        for file in (file for entry in self.manifest.segments for file in entry.files):
            if (fault := file_fault(self.folder, file)) not in ("", MISSING):
                return file, fault
        return None

    def verify(self) -> None:
        """Verify the checksums of all segments. Opening does not do that.

        Raises:
            IndexCorruptError: One does not fit.
        """
        if self.damage is not None:
            file, fault = self.damage
            raise IndexCorruptError(self.folder, file.name, fault)

    def doc_freq(self, term: bytes) -> int:
        """Count the live passages that hold a term."""
        numbers = ((live, live.segment.terms.find(term)) for live in self.segments)
        return sum(live.doc_freq(number) for live, number in numbers if number >= 0)

    def term_of(self, surface: str) -> str | None:
        """Give the term of a surface that some article holds, or None."""
        for live in self.segments:
            if (term := live.segment.term_of(surface.encode())) is not None:
                return term.decode()
        return None


def open_snapshot(folder: Path, known: Snapshot | None = None) -> Snapshot:
    """Open what the manifest names now. Segments that an older snapshot has open are not opened again.

    A writer may delete files after the manifest that names them was read, before they are opened. Then the manifest is read again.

    Raises:
        IndexMissingError: There is no index in the folder.
        IndexVersionError: It was written in another format.
        IndexCorruptError: The index is damaged.
    """
    while True:
        before = signature(folder)
        manifest = read_manifest(folder)
        try:
            return Snapshot(folder, manifest, known, before)
        except IndexCorruptError:
            if read_manifest(folder).generation == manifest.generation:
                raise


def name_damage(error: Exception, read: Callable[[], Snapshot]) -> None:
    """If reading failed in a way that a sound index cannot cause, verify the checksums, and name the damaged file.

    Errors with another cause stay what they are. If an `IndexCorruptError` names a sound file, because another file says wrongly
    what is in it, the error is replaced by one that names the damaged file.

    Args:
        error: What reading raised. The caller raises it again.
        read: Gives the snapshot that was read.

    Raises:
        IndexCorruptError: A file is damaged, and the error does not say so.
    """
    if isinstance(error, SearcherError | OSError) and not isinstance(error, IndexCorruptError):
        return
    try:
        read().verify()
    except IndexCorruptError as damage:
        if not isinstance(error, IndexCorruptError) or error.file != damage.file:
            raise damage from error
        # Otherwise the error knows more of what is wrong with the file.
    except IndexStateError:  # nothing that could be damaged
        pass


@contextmanager
def naming_damage(read: Callable[[], Snapshot]) -> Iterator[None]:
    """Do what `name_damage` does for an error that is raised inside."""
    try:
        yield
    except Exception as error:
        name_damage(error, read)
        raise


def _open(folder: Path, entry: SegmentEntry) -> Segment:
    for file in entry.files:
        if fault := size_fault(folder, file):
            raise IndexCorruptError(folder, file.name, fault)
    segment = Segment(folder, entry.name)
    if (segment.n_passages, segment.n_articles) != (entry.n_passages, entry.n_articles):
        raise IndexCorruptError(
            folder, f"{entry.name}.npz", "it does not have as many passages as the manifest says"
        )
    return segment
