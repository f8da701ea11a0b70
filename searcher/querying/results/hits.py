"""What does a hit look like? Its marks, its snippet, and its article.

Only the passages that are shown are analysed, many at once. Marks are the places that made the passage match. They are found
as positions of words, and turned into code points. What is made of the marks is computed when it is first read.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from itertools import pairwise, repeat
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np

from searcher.arrays import Numbers, contains
from searcher.language.tree import Leaf, Words
from searcher.model import Article, Hit, Kind, Passage, Snippet, Span
from searcher.querying.matching.evaluate import Evaluator
from searcher.querying.matching.places import POSITION_BITS
from searcher.querying.ranking.matches import TIERS
from searcher.querying.ranking.rank import RankedHit
from searcher.storage.segment import Segment
from searcher.storage.snapshot import LiveSegment, Snapshot, name_damage
from searcher.text.snippets.offsets import word_offsets
from searcher.text.snippets.windows import best_window

_AT_ONCE: Final = 64
"""Hits that are analysed at once, and whose texts are held together."""
_BODY: Final = bytes([Kind.BODY])
_LINE_END = re.compile(r"\r\n|\r|\n")


class _Marked(NamedTuple):
    """One passage with its marks.

    Attributes:
        number: Of the passage.
        text: Of its article.
        span: Where it stands in that.
        sentence_starts: Where its sentences begin.
        marks: Start and end of each; sorted and disjoint.
        groups: Beside them: the leaf that each is of.
    """

    number: int
    text: str
    span: Span
    sentence_starts: list[int]
    marks: list[tuple[int, int]]
    groups: list[int]

    @property
    def matched(self) -> tuple[str, ...]:
        texts = (" ".join(self.text[start:end].casefold().split()) for start, end in self.marks)
        return tuple(dict.fromkeys(texts))

    def snippet(self) -> Snippet:
        text = self.text
        start, end = best_window(text, self.span, self.marks, self.groups, self.sentence_starts)
        return Snippet(
            start=start,
            end=end,
            text=text[start:end],
            marks=_spans([mark for mark in self.marks if start <= mark[0] and mark[1] <= end]),
            is_start=start == self.span.start or not text[self.span.start : start].strip(),
            is_end=end == self.span.end or not text[end : self.span.end].strip(),
        )


T = TypeVar("T")


def names_damage(part: Callable[[Any], T]) -> Callable[[Any], T]:
    """Make a method name the damaged file, if reading the object's snapshot comes upon damage."""

    @wraps(part)
    def named(self: Any) -> T:
        try:
            return part(self)
        except Exception as error:
            name_damage(error, lambda: self.snapshot)
            raise

    return named


class _Look(NamedTuple):
    """What there is to see of a hit. Each method computes the field of `Hit` that has its name.

    Attributes:
        snapshot: Where it was found.
        segment: The segment of that.
        shown: The passage to show.
        found: The passage that matched, if that is another.
        snippet: Of the passage to show.
        articles: Those that have been looked at, by number; of all that are shown together.
    """

    snapshot: Snapshot
    segment: Segment
    shown: _Marked
    found: _Marked | None
    snippet: Snippet
    articles: dict[int, Article]

    @names_damage
    def article(self) -> Article:
        number = int(self.segment.columns["passage_article"][self.shown.number])
        if number not in self.articles:
            self.articles[number] = self.segment.article(number, self.shown.text)
        return self.articles[number]

    @names_damage
    def passage(self) -> Passage:
        number, (start, end) = self.shown.number, self.shown.span
        kind = Kind(int(self.segment.columns["passage_kind"][number]))
        paragraph = int(self.segment.columns["passage_paragraph"][number])
        return Passage(start, end, kind, paragraph, self.shown.text[start:end])

    @names_damage
    def marks(self) -> tuple[Span, ...]:
        return _spans(self.shown.marks)

    @names_damage
    def matched(self) -> tuple[str, ...]:
        heading = self.found.matched if self.found else ()
        return tuple(dict.fromkeys([*heading, *self.shown.matched]))

    @names_damage
    def heading(self) -> Snippet | None:
        return self.found.snippet() if self.found else None

    @names_damage
    def line(self) -> int:
        """Count the lines; they end as an editor sees them."""
        text = self.shown.text
        at = self.snippet.marks[0].start if self.snippet.marks else self.snippet.start
        return 1 + (len(_LINE_END.findall(text, 0, at)) if "\r" in text else text.count("\n", 0, at))


def show(
    evaluator: Evaluator,
    live: LiveSegment,
    chosen: Sequence[tuple[int, RankedHit, int]],
    loose: Sequence[Words],
    required: Sequence[tuple[Leaf, Numbers | None]],
) -> Iterator[Hit]:
    """Make hits of passages of one segment.

    Args:
        evaluator: Finds the places that leaves mark.
        live: Where they stand.
        chosen: What to show: place in the result, from 1, where it was found, and the number of the passage to show.
        loose: The loose words, which are marked wherever they stand.
        required: The other leaves, each with passages, ascending, that it helped to match; None for all that matched.
    """
    for first in range(0, len(chosen), _AT_ONCE):
        hits = chosen[first : first + _AT_ONCE]
        numbers = {hit.passage for _, hit, _ in hits}
        matched = np.array(sorted(numbers))
        passages = np.array(sorted(numbers.union(shown for *_, shown in hits)))
        articles = live.segment.columns["passage_article"][passages].tolist()
        texts = live.segment.texts.read_all(dict.fromkeys(articles))
        leaves: list[tuple[Leaf, Numbers]] = [(words, passages) for words in loose]
        leaves += [
            (leaf, matched if helped is None else passages[contains(helped, passages)])
            for leaf, helped in required
        ]
        marks = [
            (start, end, number)
            for number, (leaf, here) in enumerate(leaves)
            for start, end in evaluator.places(live, leaf, here)
        ]
        marked = _marked(live.segment, passages.tolist(), [texts[article] for article in articles], marks)
        read: dict[int, Article] = {}
        for rank, hit, number in hits:
            shown = marked[number]
            found = marked[hit.passage] if hit.passage != number else None
            look = _Look(evaluator.snapshot, live.segment, shown, found, shown.snippet(), read)
            yield Hit(
                rank=rank,
                score=hit.score,
                match=TIERS[hit.tier],
                article=look.article,
                passage=look.passage,
                marks=look.marks,
                matched=look.matched,
                snippet=look.snippet,
                heading=look.heading,
                line=look.line,
            )


def _marked(
    segment: Segment, passages: Sequence[int], texts: Sequence[str], found: Sequence[tuple[int, int, int]]
) -> dict[int, _Marked]:
    """Turn positions in passages into offsets: of the words with which sentences start, and of those to be marked."""
    columns = segment.columns
    begins, stops = (columns[f"passage_{edge}"].take(passages).tolist() for edge in ("start", "end"))
    spans = list(map(Span, begins, stops))
    words = word_offsets([text[begin:end] for text, (begin, end) in zip(texts, spans, strict=True)])
    sentences, sentence_starts = columns["sentences"].data, columns["sentence_starts"].data
    marked: dict[int, _Marked] = {}
    places: dict[int, tuple[list[tuple[int, int, int]], int, int, int]] = {}
    for number, text, span, text_start, (first, end) in zip(
        passages, texts, spans, words.text_starts, pairwise(words.first_words), strict=True
    ):
        shift = span[0] - text_start
        positions = sentences[sentence_starts[number] : sentence_starts[number + 1]]
        if max(positions, default=-1) >= end - first:
            raise IndexError("a sentence starts behind the last word of its text")
        starts = [span[0], *[words.chunk(first + position) + shift for position in positions]]
        marked[number] = _Marked(number, text, span, starts, [], [])
        places[number] = [], first - (number << POSITION_BITS), end, shift
    for start, end, group in found:
        offsets, to_number, n_words, shift = places[start >> POSITION_BITS]
        if end + to_number > n_words:
            raise IndexError("a mark reaches behind the last word of its text")
        word, last = start + to_number, end - 1 + to_number
        offsets.append((words.starts[word] + shift, words.ends[last] + shift, group))
    for number, (offsets, *_) in places.items():
        marks, groups = marked[number].marks, marked[number].groups
        for start, end, group in sorted(offsets):
            if marks and start < marks[-1][1]:  # what overlaps becomes one
                marks[-1] = marks[-1][0], max(end, marks[-1][1])
            else:
                marks.append((start, end))
                groups.append(group)
    return marked


def _spans(marks: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
    return tuple(map(tuple.__new__, repeat(Span), marks))


def lead_of(segment: Segment, passage: int) -> int:
    """Give the passage to show of an article of which only a heading matches: its first body passage, if any."""
    first, end = segment.passages_in(segment.article_of(passage))
    at = segment.columns["passage_kind"][first:end].tobytes().find(_BODY)
    return first + at if at >= 0 else passage
