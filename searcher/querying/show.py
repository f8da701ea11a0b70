"""What does a hit look like? Its marks, its snippet, and its article.

Only the passages that are shown are analysed. Marks are the places that made the passage match, turned from positions
into code points.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from searcher.model import Article, Hit, Kind, Passage, Snippet, Span, Tier
from searcher.querying.evaluate import Evaluator
from searcher.querying.places import contains
from searcher.querying.tree import Leaf, Words
from searcher.storage.segment import Segment, distinct
from searcher.storage.snapshot import LiveSegment
from searcher.text.analysis import split_spans, word_spans
from searcher.text.snippets import best_window

if TYPE_CHECKING:
    from searcher.storage.postings import Numbers

MAX_ARTICLES_HELD = 16
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A hit before it is shown.

    Attributes:
        passage: Number of the passage that matched.
        shown: Number of the passage to show.
        tier: Its tier.
        score: Its score.
    """

    passage: int
    shown: int
    tier: Tier
    score: float


class _Marked:
    """One passage, with its words located and its marks placed."""

    def __init__(self, segment: Segment, number: int, article: Article) -> None:
        columns = segment.columns
        self.kind = Kind(int(columns["passage_kind"][number]))
        self.paragraph = int(columns["passage_paragraph"][number])
        self.span = Span(int(columns["passage_start"][number]), int(columns["passage_end"][number]))
        self.article = article
        self._chunks = split_spans(article.text, *self.span)
        n_words = [len(word_spans(article.text[start:end])) for start, end in self._chunks]
        self._first_words = [0, *accumulate(n_words)]
        low, high = (int(place) for place in columns["sentence_starts"][number : number + 2])
        inner = (self._chunk_of(int(position))[0].start for position in columns["sentences"][low:high])
        self._sentence_starts = [self.span.start, *inner]
        self.marks: list[Span] = []
        self._groups: list[int] = []

    def _chunk_of(self, position: int) -> tuple[Span, int]:
        """Give the chunk in which a word stands, and the word's number in it."""
        chunk = bisect_right(self._first_words, position) - 1
        return self._chunks[chunk], position - self._first_words[chunk]

    def _word(self, position: int) -> Span:
        chunk, number = self._chunk_of(position)
        word = word_spans(self.article.text[chunk.start : chunk.end])[number]
        return Span(chunk.start + word.start, chunk.start + word.end)

    def mark(self, places: Sequence[tuple[int, int, int]]) -> None:
        """Place the marks: group, first position and one past the last of each; overlapping ones become one."""
        spans = sorted(
            (self._word(start).start, self._word(end - 1).end, group) for group, start, end in places
        )
        for start, end, group in spans:
            if self.marks and start < self.marks[-1].end:
                self.marks[-1] = Span(self.marks[-1].start, max(end, self.marks[-1].end))
            else:
                self.marks.append(Span(start, end))
                self._groups.append(group)

    @property
    def passage(self) -> Passage:
        return Passage(
            *self.span, self.kind, self.paragraph, self.article.text[self.span.start : self.span.end]
        )

    @property
    def matched(self) -> tuple[str, ...]:
        texts = (" ".join(self.article.text[mark.start : mark.end].casefold().split()) for mark in self.marks)
        return tuple(dict.fromkeys(texts))

    def snippet(self) -> Snippet:
        text = self.article.text
        window = best_window(text, self.span, self.marks, self._groups, self._sentence_starts)
        marks = tuple(mark for mark in self.marks if window.start <= mark.start and mark.end <= window.end)
        return Snippet(
            start=window.start,
            end=window.end,
            text=text[window.start : window.end],
            marks=marks,
            is_start=not text[self.span.start : window.start].strip(),
            is_end=not text[window.end : self.span.end].strip(),
        )


def show(
    evaluator: Evaluator,
    live: LiveSegment,
    chosen: Sequence[Chosen],
    loose: Sequence[Words],
    required: Sequence[tuple[Leaf, "Numbers | None"]],
) -> list[Hit]:
    """Make hits, all of rank 0, of passages of one segment.

    Args:
        evaluator: Finds the places that leaves mark.
        live: Where they stand.
        chosen: What to show.
        loose: The loose words, which are marked wherever they stand.
        required: The other leaves, each with passages, ascending, that it helped to match; None for all that matched.
    """
    segment = live.segment
    article_of = lru_cache(maxsize=MAX_ARTICLES_HELD)(segment.article)
    numbers = distinct(np.array([number for hit in chosen for number in (hit.passage, hit.shown)], np.int64))
    places: dict[int, list[tuple[int, int, int]]] = {int(number): [] for number in numbers}
    leaves: list[tuple[Leaf, Numbers]] = [(words, numbers) for words in loose]
    if required:
        matched = distinct(np.array([hit.passage for hit in chosen], np.int64))
        leaves += [
            (leaf, matched if passages is None else numbers[contains(passages, numbers)])
            for leaf, passages in required
        ]
    for group, (leaf, here) in enumerate(leaves):
        for passage, start, end in evaluator.places(live, leaf, here).spans():
            places[passage].append((group, start, end))

    def marked(number: int) -> _Marked:
        article = article_of(int(segment.columns["passage_article"][number]))
        found = _Marked(segment, number, article)
        found.mark(places[number])
        return found

    return [
        _hit(hit, marked(hit.shown), marked(hit.passage) if hit.passage != hit.shown else None)
        for hit in chosen
    ]


def lead_of(segment: Segment, passage: int) -> int:
    """Give the passage to show of an article of which only a heading matches: its first body passage, if any."""
    article = int(segment.columns["passage_article"][passage])
    first, end = (int(number) for number in segment.columns["article_passages"][article : article + 2])
    body = (segment.columns["passage_kind"][first:end] == Kind.BODY).nonzero()[0]
    return first + int(body[0]) if len(body) else passage


def _hit(chosen: Chosen, shown: _Marked, heading: _Marked | None) -> Hit:
    article = shown.article
    snippet = shown.snippet()
    at = snippet.marks[0].start if snippet.marks else snippet.start
    matched = dict.fromkeys([*(heading.matched if heading else ()), *shown.matched])
    return Hit(
        rank=0,
        score=chosen.score,
        match=chosen.tier,
        article=article,
        passage=shown.passage,
        marks=tuple(shown.marks),
        matched=tuple(matched),
        snippet=snippet,
        heading=heading.snippet() if heading else None,
        line=_line_of(article.text, at),
    )


def _line_of(text: str, at: int) -> int:
    """Give the line of a code point, from 1; lines end as an editor sees them."""
    return 1 + (len(_LINE_END.findall(text, 0, at)) if "\r" in text else text.count("\n", 0, at))
