"""How do articles become sorted columns?

Batch by batch. Articles are split into chunks, and chunks numbered; a chunk is analysed when it is first seen, and
remembered. Everything after that is whole-array arithmetic: which passage, which position, which surface, and one sort
of integers that pack term, passage, position and variant. The outcome is a *run*, whose passages follow those of the run
before.
"""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from searcher.model import Article, Span
from searcher.storage.segment import distinct, expand
from searcher.text.analysis import Analyser, core_of, split, split_spans
from searcher.text.paragraphs import Paragraph, paragraphs
from searcher.text.passages import divide
from searcher.text.sentences import boundaries, flags

BATCH_CHUNKS: Final = 1_000_000
"""Chunks after which a batch is inverted: about 6 MB of text, and 8 MB of integers to sort."""

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


class ChunkTable(dict[str, int]):
    """Numbers distinct chunks in the order of their appearance, and holds what analysis says of each.

    Args:
        analyser: Turns chunks into tokens.

    Attributes:
        n_words: Positions, by chunk.
        flags: Sentence flags, by chunk.
        first_token: Number of its first token, by chunk.
        n_tokens: Overlays counted, by chunk.
        token_key: Number of its key, by token.
        token_position: Position within the chunk, by token.
        key_numbers: Number by key: term, line feed, surface, as bytes.
    """

    def __init__(self, analyser: Analyser) -> None:
        super().__init__()
        self._analyser = analyser
        self.n_words, self.flags = array("H"), array("B")
        self.first_token, self.n_tokens = array("q"), array("H")
        self.token_key, self.token_position = array("I"), array("H")
        self.key_numbers: dict[bytes, int] = {}
        self._cores: dict[str, tuple[int, int, int]] = {}

    def __missing__(self, chunk: str) -> int:
        number = self[chunk] = len(self)
        self.flags.append(flags(chunk))
        core = core_of(chunk)
        first_token, n_tokens, n_words = self._cores.get(core) or self._analyse(core)
        self.first_token.append(first_token)
        self.n_tokens.append(n_tokens)
        self.n_words.append(n_words)
        return number

    def _analyse(self, core: str) -> tuple[int, int, int]:
        """Give the first token of a core, the number of its tokens, and that of its words."""
        tokens = self._analyser.tokens(core)
        n_words = len(tokens) - sum(token.is_overlay for token in tokens)
        found = self._cores[core] = len(self.token_key), len(tokens), n_words
        for token in tokens:
            key = f"{token.term}\n{token.surface}".encode()
            self.token_key.append(self.key_numbers.setdefault(key, len(self.key_numbers)))
            self.token_position.append(token.position)
        return found


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
        self._chunks = array("I")
        self._paragraph_starts = array("q")
        self._articles: list[tuple[str, list[Paragraph], int, int]] = []

    @property
    def n_chunks(self) -> int:
        """How many chunks it holds."""
        return len(self._chunks)

    def add(self, article: Article) -> list[Paragraph]:
        """Take in one article, and give the paragraphs found in it."""
        found = paragraphs(article.text, article.body_start, article.title_span)
        first_chunk, first_paragraph = len(self._chunks), len(self._paragraph_starts)
        for paragraph in found:
            self._paragraph_starts.append(len(self._chunks))
            chunks = split(article.text[paragraph.start : paragraph.end])
            self._chunks.extend(map(self._table.__getitem__, chunks))
        self._articles.append((article.text, found, first_chunk, first_paragraph))
        return found

    def invert(self) -> tuple[Run, dict[str, Array]]:
        """Work out the batch's postings, and its passages: the passage columns of a segment, counts in place of starts."""
        chunks = np.frombuffer(self._chunks, np.uint32)
        n_words = np.array(self._table.n_words, np.int64)[chunks]
        paragraph_starts = np.array(self._paragraph_starts, np.int64)
        sentence_starts = boundaries(np.array(self._table.flags)[chunks])
        sentence_starts[paragraph_starts] = True

        table, passage_chunks = self._divide(n_words, paragraph_starts, sentence_starts)
        n_passages = len(passage_chunks) - 1
        chunk_passage = np.repeat(np.arange(n_passages), np.diff(passage_chunks))
        words_before = n_words.cumsum() - n_words
        chunk_position = words_before - words_before[passage_chunks[:-1]][chunk_passage]
        length = np.add.reduceat(n_words, passage_chunks[:-1])
        table["passage_length"] = length.astype(np.uint8)
        for name, places in (("sentences", sentence_starts.nonzero()[0]), ("paragraphs", paragraph_starts)):
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
        return run, table

    def _divide(
        self, n_words: Array, paragraph_starts: Array, sentence_starts: Array
    ) -> tuple[dict[str, Array], Array]:
        """Divide each article into passages; give their columns, and the chunks at which they begin."""
        rows: list[tuple[int, int, int, int, int]] = []
        passage_chunks: list[int] = []
        for number, (text, found, first_chunk, first_paragraph) in enumerate(
            self._articles, self._first_article
        ):
            if number - self._first_article + 1 < len(self._articles):
                end_chunk = self._articles[number - self._first_article + 1][2]
            else:
                end_chunk = len(n_words)
            starts = paragraph_starts[first_paragraph : first_paragraph + len(found)] - first_chunk
            here = slice(first_chunk, end_chunk)
            cuts = divide(
                starts, [paragraph.kind for paragraph in found], n_words[here], sentence_starts[here]
            )
            edges = _Edges(text, found, starts, end_chunk - first_chunk)
            for first, end, kind in cuts:
                passage_chunks.append(first_chunk + first)
                start_paragraph, start, stop = edges.span(first, end)
                rows.append((number, start, stop, kind, start_paragraph + 1))
        passage_chunks.append(len(n_words))
        columns = np.array(rows, np.int64).reshape(-1, 5).T
        names = ("passage_article", "passage_start", "passage_end", "passage_kind", "passage_paragraph")
        return dict(zip(names, columns, strict=True)), np.array(passage_chunks)


class _Edges:
    """Finds the code points at which the chunks of one article begin and end, where a passage needs them."""

    def __init__(self, text: str, found: Sequence[Paragraph], starts: Array, n_chunks: int) -> None:
        self._text = text
        self._paragraphs = found
        self._starts: list[int] = [*starts.tolist(), n_chunks]
        self._spans: dict[int, list[Span]] = {}

    def span(self, first: int, end: int) -> tuple[int, int, int]:
        """Give the paragraph in which a passage starts, and its first and last code point, from its chunks."""
        start_paragraph = self._paragraph_of(first)
        end_paragraph = self._paragraph_of(end - 1)
        start = self._paragraphs[start_paragraph].start
        if first != self._starts[start_paragraph]:
            start = self._chunk_span(start_paragraph, first)[0]
        stop = self._paragraphs[end_paragraph].end
        if end != self._starts[end_paragraph + 1]:
            stop = self._chunk_span(end_paragraph, end - 1)[1]
        return start_paragraph, start, stop

    def _paragraph_of(self, chunk: int) -> int:
        return bisect_right(self._starts, chunk, hi=len(self._paragraphs)) - 1

    def _chunk_span(self, paragraph: int, chunk: int) -> Span:
        spans = self._spans.get(paragraph)
        if spans is None:
            found = self._paragraphs[paragraph]
            spans = self._spans[paragraph] = [*split_spans(self._text, found.start, found.end)]
        return spans[chunk - int(self._starts[paragraph])]


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
