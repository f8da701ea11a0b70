"""Which part of a passage shows best why it was found?

A passage is longer than a line of results. `best_window` chooses the stretch to show: whole sentences where they fit,
words of a sentence that is too long. It returns a span and leaves the text alone: escaping is the business of
`searcher.markup`, and ellipses that of the doors.

Everything follows from one list, the *cuts*: the places where a window may begin or end. They are the starts of the
sentences and, inside a sentence longer than the window, the starts of its words. No cut lies inside a mark or between a
character and its accents, so no window does harm there.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from unicodedata import category, combining

from searcher.model import Span

_ZWJ = "\u200d"
_VIRAMA_CLASS = 9
# Thai, Lao, Tibetan, Burmese, Khmer, Chinese, Japanese, Yi: words are not separated by spaces.
_AFTER_SPACE = re.compile(r"(?<=\s)\S")
_UNSPACED = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
# What continues a character without being a combining mark: joiners, sara am, half-width voicing marks, skin tones, tags,
# the second half of a surrogate pair.
_CONTINUES = re.compile(
    "[\u200c\u200d\u0e33\u0eb3\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\udc00-\udfff]"
)
_REGIONAL = re.compile("[\U0001f1e6-\U0001f1ff]+\\Z")
# Korean syllables written in their letters: leading, vowel and trailing ones.
_JAMO = re.compile(
    "[\u1100-\u115f][\u1100-\u11a7\uac00-\ud7a3]|[\u1160-\u11a7\uac00-\ud7a3][\u1160-\u11ff]|[\u11a8-\u11ff]{2}"
)


def best_window(
    text: str,
    passage: Span,
    marks: Sequence[Span],
    groups: Sequence[int],
    sentence_starts: Sequence[int],
    *,
    width: int = 240,
) -> Span:
    """Choose the stretch of a passage to show.

    Of the stretches that fit, the one with the most different groups wins, then the one with the most marks, then the
    earliest. It grows by the sentences that follow while they fit, then by those before. A sentence longer than
    ``width`` is cut between words, from its start where the marks are near enough to it, with context on both sides
    otherwise. Without marks, the window is the lead of the passage.

    Args:
        text: The article's text.
        passage: The span to choose from.
        marks: Matched spans inside the passage, sorted and disjoint.
        groups: For each mark, which unit of the query it satisfies.
        sentence_starts: Offsets in ``text`` at which the passage's sentences start, sorted.
        width: Most code points to show. Only a mark or a single character longer than this is shown longer.

    Returns:
        A span inside the passage that begins and ends with no white space, holds whole marks only, and one at least if
        there is any. Empty for a blank passage.

    Raises:
        ValueError: ``width`` is below 1, or ``groups`` is not as long as ``marks``.

    >>> text = "It rained. Shelling began at dawn. People fled."
    >>> start, end = best_window(text, Span(0, 47), [Span(11, 19)], [0], [0, 11, 35], width=25)
    >>> text[start:end]
    'Shelling began at dawn.'
    """
    if width < 1:
        raise ValueError(f"a window is at least one character wide, not {width}")
    inside = [
        (mark, group)
        for mark, group in zip(marks, groups, strict=True)
        if max(mark.start, passage.start) < min(mark.end, passage.end)
    ]
    begin, end = _trimmed(text, *passage)
    if begin == end:
        return Span(begin, begin)
    kept_whole = {at for mark, _ in inside for at in range(mark.start + 1, mark.end)}
    edges = [begin]
    for sentence_start in sentence_starts:
        at, _ = _trimmed(text, sentence_start, end)
        if edges[-1] < at < end and at not in kept_whole and not _continues_character(text, at):
            edges.append(at)
    cuts = _cuts(text, [*edges, end], kept_whole, width)
    ends = [_trimmed(text, begin, cut)[1] for cut in cuts]
    first, last = _core(cuts, ends, inside, width) if inside else (0, 1)
    first, last = _grown(cuts, ends, {*edges, end}, first, last, width=width)
    return Span(cuts[first], ends[last])


def _core(cuts: list[int], ends: list[int], marks: list[tuple[Span, int]], width: int) -> tuple[int, int]:
    """Find the shortest window with the best marks, as indices of its cuts; two pointers, both only advance."""
    firsts = [max(bisect_right(cuts, mark.start) - 1, 0) for mark, _ in marks]
    lasts = [min(bisect_left(cuts, mark.end), len(cuts) - 1) for mark, _ in marks]
    seen: Counter[int] = Counter()
    best, best_score = (0, 0), (0, 0)
    stop = 0
    for left, (_, left_group) in enumerate(marks):
        while stop < len(marks) and (stop == left or ends[lasts[stop]] - cuts[firsts[left]] <= width):
            seen[marks[stop][1]] += 1
            stop += 1
        score = (len(seen), stop - left)
        if score > best_score:
            best, best_score = (firsts[left], lasts[stop - 1]), score
        seen[left_group] -= 1
        if not seen[left_group]:
            del seen[left_group]
    return best


def _grown(
    cuts: list[int], ends: list[int], edges: set[int], first: int, last: int, *, width: int
) -> tuple[int, int]:
    """Widen a window given as indices of its cuts: by sentences from the edge of one, by words inside one."""

    def step(at: int, by: int) -> int:
        beyond = at + by
        while cuts[at] in edges and cuts[beyond] not in edges:
            beyond += by
        return beyond

    sentence = first
    while cuts[sentence] not in edges:
        sentence -= 1
    if ends[last] - cuts[sentence] <= width:
        first = sentence
    else:  # the start of the sentence is too far away: half of the room for what leads up to the marks
        reach = (ends[last] - cuts[first] + width) // 2
        while first > sentence and ends[last] - cuts[first - 1] <= reach:
            first -= 1
    while last + 1 < len(cuts) and ends[step(last, 1)] - cuts[first] <= width:
        last = step(last, 1)
    while first > 0 and ends[last] - cuts[step(first, -1)] <= width:
        first = step(first, -1)
    if 2 * (ends[last] - cuts[first]) < width:  # a short sentence before a long one says little by itself
        while last + 1 < len(cuts) and ends[last + 1] - cuts[first] <= width:
            last += 1
    return first, last


def _cuts(text: str, edges: list[int], kept_whole: set[int], width: int) -> list[int]:
    """List where a window may begin or end: sentence edges and, in sentences that do not fit, the starts of words.

    A word that does not fit either may be cut between any two characters.
    """

    def between(start: int, end: int, *, is_word: bool) -> list[int]:
        if is_word or _UNSPACED.search(text, start, end):
            places = list(range(start + 1, end))
        else:
            places = [match.start() for match in _AFTER_SPACE.finditer(text, start + 1, end)]
        return [
            at
            for at in places
            if at not in kept_whole
            and not text[at].isspace()
            and (is_word or _starts_word(text, at))
            and not _continues_character(text, at)
        ]

    cuts = []
    for sentence_start, sentence_end in pairwise(edges):
        cuts.append(sentence_start)
        if _trimmed(text, sentence_start, sentence_end)[1] - sentence_start <= width:
            continue
        words = [sentence_start, *between(sentence_start, sentence_end, is_word=False), sentence_end]
        for word_start, word_end in pairwise(words):
            if word_start > sentence_start:
                cuts.append(word_start)
            if _trimmed(text, word_start, word_end)[1] - word_start > width:
                cuts += between(word_start, word_end, is_word=True)
    return [*cuts, edges[-1]]


def _starts_word(text: str, at: int) -> bool:
    """Tell whether a word may start here: after white space, or anywhere in scripts without spaces.

    There, closing punctuation stays with what it follows and opening punctuation with what it precedes.
    """
    before, here = text[at - 1], text[at]
    if before.isspace():
        return True
    is_unspaced = _UNSPACED.match(before) or _UNSPACED.match(here)
    return (
        bool(is_unspaced)
        and category(here) not in ("Pe", "Pf", "Po")
        and category(before) not in ("Ps", "Pi")
    )


def _continues_character(text: str, at: int) -> bool:
    """Tell whether what stands before and behind this place is one character to a reader.

    A short form of the grapheme clusters of Unicode Standard Annex 29: it knows no prepended marks.
    """
    before, here = text[at - 1], text[at]
    if before.isascii() and here.isascii():
        return False
    if category(here)[0] == "M" or _CONTINUES.match(here):
        return True
    if before == _ZWJ or combining(before) == _VIRAMA_CLASS or _JAMO.match(text, at - 1, at + 1):
        return True
    flags = _REGIONAL.search(text, max(at - 64, 0), at) if _REGIONAL.match(here) else None
    return flags is not None and (flags.end() - flags.start()) % 2 == 1


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out white space at both ends, unless it carries an accent."""
    while (
        start < end
        and text[start].isspace()
        and not (start + 1 < end and _continues_character(text, start + 1))
    ):
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
