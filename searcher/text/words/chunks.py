"""Where is a text split into chunks?

Chunks are the maximal runs of non-whitespace, cut further behind ideographic full stops and wherever a run would yield more
than `MAX_CHUNK_WORDS` words (a text without spaces, say); a cut never falls inside a word.
"""

import re
from itertools import pairwise
from typing import Final

from searcher.model import Span
from searcher.text.words.words import IRREGULAR, find_words

MAX_CHUNK_WORDS: Final = 64
_IDEOGRAPHIC_STOP: Final = "[。！？]+[」』”’）】》]*"
# How far behind a word what stands there can change it: the groups of a number.
_REACH: Final = 40
_RUN = re.compile(r"\S+")


def split(text: str) -> list[str]:
    """Split a text into chunks.

    Args:
        text: Any text.

    Returns:
        The chunks in order. Joined, they are the text without its whitespace.
    """
    runs = text.split()
    if max(map(len, runs), default=0) <= MAX_CHUNK_WORDS and (text.isascii() or not IRREGULAR.search(text)):
        return runs
    return [chunk for run in runs for chunk in cut(run)]


def split_spans(text: str, start: int, end: int) -> list[Span]:
    """Give the spans of the chunks of ``text[start:end]``, in code points of ``text``."""
    if text.isascii() or not IRREGULAR.search(text, start, end):
        spans = [Span(*run.span()) for run in _RUN.finditer(text, start, end)]
        if all(run_end - run_start <= MAX_CHUNK_WORDS for run_start, run_end in spans):
            return spans
    spans = []
    for run in _RUN.finditer(text, start, end):
        at = run.start()
        for chunk in cut(run.group()):
            spans.append(Span(at, at + len(chunk)))
            at += len(chunk)
    return spans


def cut(run: str) -> list[str]:
    """Cut a run of non-whitespace into chunks, behind ideographic stops and wherever a chunk is full of words.

    Where a chunk ends depends only on what follows its beginning, so that a run is cut the same from any chunk on.
    """
    if len(run) <= MAX_CHUNK_WORDS and (run.isascii() or not IRREGULAR.search(run)):
        return [run]
    chunks: list[str] = []
    start = 0
    for stop in [*(match.end() for match in re.finditer(_IDEOGRAPHIC_STOP, run)), len(run)]:
        while start < stop:
            end = _chunk_end(run, start, stop)
            chunks.append(run[start:end])
            start = end
    return chunks


def _chunk_end(run: str, start: int, stop: int) -> int:
    """Tell where the chunk that begins at ``start`` ends; only as much of a long run is looked at as it takes."""
    window = 8 * MAX_CHUNK_WORDS
    while True:
        is_whole = start + window >= stop
        words = [found.span for found in find_words(run[start : min(start + window, stop)])]
        if is_whole and len(words) <= MAX_CHUNK_WORDS:
            return stop
        reliable = window if is_whole else window - _REACH
        for n_words, (word, after) in enumerate(pairwise(words), 1):
            # One character may give up to six words (U+3301), which stay together.
            if n_words >= MAX_CHUNK_WORDS - 6 and word.end <= after.start and after.end <= reliable:
                return start + word.end
        if is_whole:
            return stop
        window *= 4
