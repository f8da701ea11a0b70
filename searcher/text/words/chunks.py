"""Where is a text split into chunks?

A chunk is a run of characters without whitespace, as long as possible. A run is cut further behind ideographic full stops, and where
a chunk would have more than `MAX_CHUNK_WORDS` words, as in a text without spaces. No cut falls inside a word.
"""

import re
from itertools import pairwise
from typing import Final

from searcher.model import Span
from searcher.text.words.words import IRREGULAR, find_words

MAX_CHUNK_WORDS: Final = 64
_IDEOGRAPHIC_STOP: Final = "[。！？]+[」』”’）】》]*"
_REACH: Final = 40
"""How many characters behind a word may change the word: further groups of a number."""
_RUN = re.compile(r"\S+")


def split(text: str) -> list[str]:
    """Split a text into chunks. Joined, they are the text without its whitespace."""
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
    """Cut a run without whitespace into chunks, behind ideographic stops and where a chunk is full of words.

    The end of a chunk depends only on the characters behind its beginning. So a run is cut in the same way from any chunk on.
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
    """Find where the chunk that begins at ``start`` ends. Of a long run, read no more than needed."""
    window = 8 * MAX_CHUNK_WORDS
    while True:
        is_whole = start + window >= stop
        words = [found.span for found in find_words(run[start : min(start + window, stop)])]
        if is_whole and len(words) <= MAX_CHUNK_WORDS:
            return stop
        reliable = window if is_whole else window - _REACH
        for n_words, (word, after) in enumerate(pairwise(words), 1):
            # One character may give up to six words (U+3301). They stay together.
            if n_words >= MAX_CHUNK_WORDS - 6 and word.end <= after.start and after.end <= reliable:
                return start + word.end
        if is_whole:
            return stop
        window *= 4
