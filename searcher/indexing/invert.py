"""How do articles become sorted columns?

Batch by batch. Articles are laid end to end, split into chunks and lines, and the chunks numbered; a chunk is analysed when
it is first seen, and remembered. Everything after that is whole-array arithmetic: which passage, which position, which
surface, and one sort of integers that pack term, passage, position and variant. The outcome is a *run*, whose passages
follow those of the run before.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from searcher.indexing.chunks import ChunkTable
from searcher.model import Article
from searcher.storage.segment import distinct, expand
from searcher.text.paragraphs import Paragraphs, Source, find, sources, title_of
from searcher.text.passages import Cut, divide
from searcher.text.scan import Scan, scan
from searcher.text.sentences import boundaries

BATCH_BYTES: Final = 6_000_000
"""Bytes of text after which a batch is inverted: about a million chunks."""

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Run:
    """One batch, inverted.

    Attributes:
        keys: Term, line feed, surface, as bytes, sorted: every surface of every term of the run.
        columns: Arrays by name.

            - ``term_keys`` (n_terms + 1): where the keys of each term begin.
            - ``posting_counts``, ``occurrence_counts`` (n_terms).
            - ``passages``, ``frequencies`` (n_postings): by term, then passage; numbers count through all runs.
            - ``positions``, ``variants`` (n_occurrences): by term, passage, position; a variant is a place among the
              keys of its term in this run.
    """

    keys: list[bytes]
    columns: dict[str, Array]


class Batch:
    """Articles to be inverted together.

    Args:
        table: The chunks seen so far, this batch's to be added.
        first_article: Number of the batch's first article in the segment.
        first_passage: Number of its first passage.
    """

    def __init__(self, table: ChunkTable, first_article: int = 0, first_passage: int = 0) -> None:
        self._table = table
        self._first_article = first_article
        self._first_passage = first_passage
        self._articles: list[Article] = []
        self._sources: list[Source] = []
        self.n_bytes = 0

    def add(self, article: Article, data: bytes) -> None:
        """Take in one article; ``data`` is its text in UTF-8."""
        self._sources += sources(len(self._articles), article, data)
        self._articles.append(article)
        self.n_bytes += len(data)

    def invert(self) -> tuple[Run, dict[str, Array], list[tuple[str, str]]]:
        """Work out the postings, passages and titles of the batch.

        Returns:
            The postings; the passage columns of a segment, counts in place of starts; the title of each article, and where it
            comes from.
        """
        seen = scan([source.data for source in self._sources], [source.start for source in self._sources])
        chunks = self._table.number(seen)
        found = find(self._articles, self._sources, seen, np.array(self._table.may_credit, np.bool_)[chunks])
        n_words = np.array(self._table.n_words, np.int64)[chunks]
        sentence_starts = boundaries(np.array(self._table.flags)[chunks])
        sentence_starts[found.chunks] = True

        cuts = divide(found.chunks, found.kinds, n_words, sentence_starts, found.bounds[:-1])
        table, passage_chunks = self._passages(cuts, found, seen)
        n_passages = len(passage_chunks) - 1
        chunk_passage = np.repeat(np.arange(n_passages), np.diff(passage_chunks))
        words_before = n_words.cumsum() - n_words
        chunk_position = words_before - words_before[passage_chunks[:-1]][chunk_passage]
        length = np.add.reduceat(n_words, passage_chunks[:-1])
        table["passage_length"] = length.astype(np.uint8)
        for name, places in (("sentences", sentence_starts.nonzero()[0]), ("paragraphs", found.chunks)):
            counts, positions = _inner_starts(chunk_passage[places], chunk_position[places], length)
            table[name], table[f"{name}_counts"] = positions, counts

        n_tokens = np.array(self._table.n_tokens, np.int64)[chunks]
        tokens = expand(np.array(self._table.first_token)[chunks], n_tokens)
        run = _sorted_run(
            list(self._table.key_numbers),
            np.array(self._table.token_key)[tokens],
            passages=np.repeat(chunk_passage, n_tokens),
            positions=np.repeat(chunk_position, n_tokens) + np.array(self._table.token_position)[tokens],
            first_passage=self._first_passage,
        )
        return run, table, [self._title(number, found) for number in range(len(self._articles))]

    def _passages(self, cuts: list[Cut], found: Paragraphs, seen: Scan) -> tuple[dict[str, Array], Array]:
        """Give the columns of passages, and the chunks at which they begin."""
        firsts, ends, kinds = np.array(cuts, np.int64).reshape(-1, 3).T
        paragraphs = found.chunks.searchsorted(firsts, side="right") - 1
        articles = np.searchsorted(found.bounds, paragraphs, side="right") - 1
        columns = {
            "passage_article": articles + self._first_article,
            "passage_start": seen.code_points(seen.chunk_starts[firsts]),
            "passage_end": seen.code_points(seen.chunk_ends[ends - 1]),
            "passage_kind": kinds,
            "passage_paragraph": paragraphs - np.array(found.bounds)[articles] + 1,
        }
        return columns, np.append(firsts, len(seen.chunk_starts))

    def _title(self, number: int, found: Paragraphs) -> tuple[str, str]:
        article = self._articles[number]
        if article.title:
            return article.title, article.title_from
        return title_of(article.text, found.of(number))


def _sorted_run(
    all_keys: list[bytes], key_numbers: Array, passages: Array, positions: Array, first_passage: int
) -> Run:
    """Sort occurrences by term, passage and position."""
    used = distinct(key_numbers)
    order = used[np.argsort(np.array([all_keys[number] for number in used], object))] if len(used) else used
    keys = [all_keys[number] for number in order]
    terms = [key.partition(b"\n")[0] for key in keys]
    is_first = np.array([i == 0 or term != terms[i - 1] for i, term in enumerate(terms)], np.bool_)
    term_keys = np.append(is_first.nonzero()[0], len(keys))
    key_term = is_first.cumsum() - 1
    key_variant = np.arange(len(keys)) - np.repeat(term_keys[:-1], np.diff(term_keys))
    rank = np.empty(len(all_keys), np.int64)
    rank[order] = np.arange(len(keys))
    key = rank[key_numbers]
    term, passage, position, variant = unpack_sorted(key_term[key], passages, positions, key_variant[key])
    starts = np.ones(len(term), np.bool_)
    starts[1:] = (term[1:] != term[:-1]) | (passage[1:] != passage[:-1])
    postings = starts.nonzero()[0]
    n_terms = len(term_keys) - 1
    return Run(
        keys,
        {
            "term_keys": term_keys.astype(np.int64),
            "posting_counts": np.bincount(term[postings], minlength=n_terms).astype(np.int64),
            "occurrence_counts": np.bincount(term, minlength=n_terms).astype(np.int64),
            "passages": (passage[postings] + first_passage).astype(np.uint32),
            "frequencies": np.diff(np.append(postings, len(term))).astype(np.uint8),
            "positions": position.astype(np.uint8),
            "variants": variant.astype(np.uint32),
        },
    )


def unpack_sorted(
    term: Array, passage: Array, position: Array, variant: Array
) -> tuple[Array, Array, Array, Array]:
    """Sort occurrences by term, passage, position: as packed integers, six times as fast as by several keys.

    Args:
        term: int64, shape (n,), as are the others; (term, passage, position) is unique.
        passage: Number of the passage.
        position: Number of the word in it.
        variant: Goes along.

    Returns:
        The four arrays, sorted.
    """
    widths = [int(column.max(initial=0)).bit_length() for column in (term, passage, position, variant)]
    if sum(widths) > 63:
        order = np.lexsort((position, passage, term))
        return term[order], passage[order], position[order], variant[order]
    packed = term.astype(np.int64)
    for column, width in zip((passage, position, variant), widths[1:], strict=True):
        packed = packed << width | column
    packed.sort()
    unpacked = []
    for width in reversed(widths[1:]):
        unpacked.append(packed & ((1 << width) - 1))
        packed = packed >> width
    return packed, unpacked[2], unpacked[1], unpacked[0]


def _inner_starts(passages: Array, positions: Array, length: Array) -> tuple[Array, Array]:
    """Keep the starts inside passages: not at 0, not behind the last word, each position once."""
    keep = (positions > 0) & (positions < length[passages])
    keep[1:] &= (passages[1:] != passages[:-1]) | (positions[1:] != positions[:-1])
    counts = np.bincount(passages[keep], minlength=len(length))
    return counts.astype(np.int64), positions[keep].astype(np.uint8)
