"""What does one immutable segment hold, and how is it read?

Two files, mapped when the segment is opened and unmapped when the last array over them is gone. Numbers of terms,
surfaces, passages and articles are the segment's own. Nothing here knows which articles are dead.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from searcher.arrays import Array, Codes, Numbers, expand, members
from searcher.errors import IndexCorruptError
from searcher.kernel.places import Places
from searcher.kernel.postings import Columns
from searcher.model import Article
from searcher.storage.articles import article_strings, to_article
from searcher.storage.columns.archive import read_columns
from searcher.storage.columns.headers import shape_faults
from searcher.storage.columns.strings import Strings
from searcher.storage.columns.texts import Texts
from searcher.storage.format import OCCURRENCE_BLOCK


class Postings(NamedTuple):
    """Where a term occurs.

    Attributes:
        passages: int64, shape (n,), ascending passage numbers.
        codes: uint16, shape (n,), frequency << 8 | passage length.
    """

    passages: Numbers
    codes: Codes


class Occurrences(NamedTuple):
    """Every place of a term, ascending by passage, then position.

    Attributes:
        passages: int64, shape (n,).
        positions: int64, shape (n,).
        variants: int64, shape (n,): which of the term's surfaces stands there.
    """

    passages: Numbers
    positions: Numbers
    variants: Numbers


class Segment:
    """One segment, opened for reading. Safe to use from several threads.

    Args:
        folder: The index folder.
        name: Name of the segment, without suffix.

    Raises:
        IndexCorruptError: A file is missing, or does not have the columns of the format.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self._folder = folder
        self.columns: Mapping[str, Array] = read_columns(folder / f"{name}.npz")
        for misshapen, fault in shape_faults(self.columns):
            raise self.corrupt(f"column {misshapen} {fault}")
        column = self.columns
        self.terms = Strings(column["terms"], column["terms_starts"])
        self.surfaces = Strings(column["surfaces"], column["surfaces_starts"])
        self.n_passages = len(column["passage_article"])
        self.n_articles = len(column["article_body_start"])
        self.addresses = Strings(column["article_address"], column["article_address_starts"])
        self.inverted = Columns(column)
        self.texts = Texts(folder / f"{name}.zst", column["text_starts"])
        # Reading one element of a memory view takes a quarter of the time that it takes from an array.
        self._posting_starts = column["posting_starts"].data
        self._surface_term = column["surface_term"].data
        self._article_passages = column["article_passages"].data
        self._passages = [column[f"passage_{name}"].data for name in ("article", "start", "end")]

    def corrupt(self, detail: str) -> IndexCorruptError:
        """Make the error that says what is wrong with the columns."""
        return IndexCorruptError(self._folder, f"{self.name}.npz", detail)

    @cached_property
    def places(self) -> Places:
        """Where its words stand, as the kernel asks for it."""
        return Places(self.inverted, self.columns, OCCURRENCE_BLOCK)

    # Terms and surfaces

    def surfaces_of(self, term: int) -> list[bytes]:
        """Give the surfaces of a term; the place in the list is the variant."""
        starts = self.columns["term_surface_starts"]
        numbers = self.columns["term_surfaces"][int(starts[term]) : int(starts[term + 1])]
        return [self.surfaces[int(number)] for number in numbers]

    def term_of(self, surface: bytes) -> bytes | None:
        """Give the term of a surface, the first one if it has several, or None."""
        term = self.term_number(surface)
        return None if term < 0 else self.terms[term]

    def term_number(self, surface: bytes) -> int:
        """Give the number of the term of a surface, the first one if it has several, or -1."""
        number = self.surfaces.find(surface)
        return -1 if number < 0 else self._surface_term[number]

    # Postings

    def doc_freq(self, term: int) -> int:
        """Count the passages that hold a term, dead ones included."""
        count: int = self._posting_starts[term + 1] - self._posting_starts[term]
        return count

    def n_postings(self, terms: Numbers) -> int:
        """Count the postings of some terms, those in dead passages included."""
        starts = self.columns["posting_starts"]
        if len(terms) == 1:
            return self.doc_freq(int(terms[0]))
        return int((starts[terms + 1] - starts[terms]).sum())

    def postings(self, term: int) -> Postings:
        """Give all postings of a term, those in dead passages included."""
        start, end = self._posting_starts[term], self._posting_starts[term + 1]
        dense, n_before = self._dense
        row = bisect_left(dense, term)
        if row < len(dense) and dense[row] == term:
            passages = members(self.columns["bitmaps"][row])
        else:
            ids = self.columns["passage_ids"][start - n_before[row] : end - n_before[row]]
            passages = ids.astype(np.int64)
        return Postings(passages, self.columns["codes"][start:end])

    @cached_property
    def _dense(self) -> tuple[list[int], list[int]]:
        """The dense terms, ascending, and the postings of dense terms before each."""
        return self.columns["dense_terms"].tolist(), self.columns["dense_postings"].tolist()

    def occurrences(self, term: int) -> Occurrences:
        """Give the places of a term."""
        column = self.columns
        found = self.postings(term)
        first, end = (int(place) for place in column["occurrence_starts"][term : term + 2])
        variants = column["variants"][slice(*column["variant_starts"][term : term + 2])]
        return Occurrences(
            found.passages.repeat(self.require_within("positions", found.codes.astype(np.int64) >> 8)),
            column["positions"][first:end].astype(np.int64),
            variants.astype(np.int64) if len(variants) else np.zeros(end - first, np.int64),
        )

    def require_within(self, column: str, counts: Numbers) -> Numbers:
        """Make sure that ranges of a column are not longer than the column: damaged starts could claim any amount of memory.

        Raises:
            IndexCorruptError: They are longer.
        """
        n_entries = len(self.columns[column])
        if counts.min(initial=0) < 0 or counts.max(initial=0) > n_entries or counts.sum() > n_entries:
            raise self.corrupt(f"more is claimed of column {column} than it has")
        return counts

    def ranges(self, column: str, begins: Numbers, counts: Numbers) -> Numbers:
        """Give the places of ranges of a column that do not overlap, as `expand` does.

        Raises:
            IndexCorruptError: They are longer than the column.
        """
        return expand(begins, self.require_within(column, counts))

    # Articles

    def article_of(self, passage: int) -> int:
        """Give the article of a passage."""
        article: int = self._passages[0][passage]
        return article

    def passages_in(self, article: int) -> tuple[int, int]:
        """Give the first passage of an article, and the first one after the article."""
        return self._article_passages[article], self._article_passages[article + 1]

    def where(self, passage: int) -> tuple[str, int, int]:
        """Give the address of a passage's article, and where it starts and ends there."""
        articles, starts, ends = self._passages
        return self.addresses.text(articles[passage]), starts[passage], ends[passage]

    def article(self, number: int, text: str | None = None) -> Article:
        """Read one article.

        Args:
            number: Its number.
            text: Its text, if that has been read already.

        Raises:
            IndexCorruptError: Its text cannot be decompressed.
        """
        text = self.texts.read(number) if text is None else text
        return to_article(self.columns, self._article_strings, number, text)

    def article_string(self, name: str, number: int) -> str:
        """Give one of an article's `searcher.storage.format.ARTICLE_STRINGS`."""
        return self._article_strings[name][number].decode()

    def article_strings(self, name: str) -> Iterator[str]:
        """Give one of these strings for all articles in turn."""
        strings = self._article_strings[name]
        return (strings[number].decode() for number in range(self.n_articles))

    @cached_property
    def _article_strings(self) -> dict[str, Strings]:
        return article_strings(self.columns)
