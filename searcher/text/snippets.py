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
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final
from unicodedata import category, combining

from searcher.model import Span

_ZWJ = "\u200d"
_VIRAMA_CLASS = 9
# Thai, Lao, Tibetan, Burmese, Khmer, Chinese, Japanese, Yi: words are not separated by spaces.
_SPACE_AND_WORD = re.compile(r"\s\S")
# Where each begins and ends: as a pattern they would take 2 ms to compile, at every start.
_UNSPACED: Final = "\u0e00\u10a0\u1780\u1800\u2e80\ua4d0\uf900\ufb00\uff00\ufff0\U00020000\U00040000"
# What continues a character without being a combining mark: joiners, sara am, half-width voicing marks, skin tones, tags,
# the second half of a surrogate pair.
_CONTINUES = re.compile(
    "[\u200c\u200d\u0e33\u0eb3\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\udc00-\udfff]"
)
_REGIONAL = re.compile("[\U0001f1e6-\U0001f1ff]+\\Z")


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
    begin = _first_solid(text, *passage)
    end = _end_of_solid(text, begin, passage.end)
    inside: list[tuple[int, int, int]] = []
    kept_whole: set[int] = set()
    for (start, stop), group in zip(marks, groups, strict=True):
        if start < stop and start < passage.end and passage.start < stop:
            inside.append((start, stop, group))
            kept_whole.update(range(start + 1, stop))
    if begin == end:
        return Span(begin, begin)
    edges = [begin]
    for sentence_start in sentence_starts:
        at = _first_solid(text, sentence_start, end)
        if edges[-1] < at < end and at not in kept_whole and not _continues_character(text, at):
            edges.append(at)
    edges.append(end)
    cuts = _cuts(text, edges, kept_whole, width)

    def end_before(cut: int) -> int:
        return _end_of_solid(text, begin, cuts[cut])

    first, last = _core(cuts, end_before, inside, width) if inside else (0, 1)
    first, last = _grown(cuts, end_before, set(edges), first, last, width=width)
    return Span(cuts[first], end_before(last))


def _core(
    cuts: list[int], end_before: Callable[[int], int], marks: list[tuple[int, int, int]], width: int
) -> tuple[int, int]:
    """Find the shortest window with the best marks, as indices of its cuts; two pointers, both only advance."""
    firsts = [max(bisect_right(cuts, start) - 1, 0) for start, _, _ in marks]
    lasts = [min(bisect_left(cuts, end), len(cuts) - 1) for _, end, _ in marks]
    if end_before(lasts[-1]) - cuts[firsts[0]] <= width:  # as in most passages: all of them
        return firsts[0], lasts[-1]
    seen: dict[int, int] = {}
    best, best_score = (0, 0), (0, 0)
    stop = 0
    for left, (_, _, left_group) in enumerate(marks):
        while stop < len(marks) and (stop == left or end_before(lasts[stop]) - cuts[firsts[left]] <= width):
            group = marks[stop][2]
            seen[group] = seen.get(group, 0) + 1
            stop += 1
        score = (len(seen), stop - left)
        if score > best_score:
            best, best_score = (firsts[left], lasts[stop - 1]), score
        if stop == len(marks):  # those that follow have fewer
            break
        seen[left_group] -= 1
        if not seen[left_group]:
            del seen[left_group]
    return best


def _grown(
    cuts: list[int], end_before: Callable[[int], int], edges: set[int], first: int, last: int, *, width: int
) -> tuple[int, int]:
    """Widen a window given as indices of its cuts: by sentences from the edge of one, by words inside one."""

    def step(at: int, by: int) -> int:
        beyond = at + by
        while cuts[at] in edges and cuts[beyond] not in edges:
            beyond += by
        return beyond

    last_end = end_before(last)
    sentence = first
    while cuts[sentence] not in edges:
        sentence -= 1
    if last_end - cuts[sentence] <= width:
        first = sentence
    else:  # the start of the sentence is too far away: half of the room for what leads up to the marks
        reach = (last_end - cuts[first] + width) // 2
        while first > sentence and last_end - cuts[first - 1] <= reach:
            first -= 1
    while last + 1 < len(cuts) and end_before(beyond := step(last, 1)) - cuts[first] <= width:
        last = beyond
    last_end = end_before(last)
    while first > 0 and last_end - cuts[beyond := step(first, -1)] <= width:
        first = beyond
    if 2 * (last_end - cuts[first]) < width:  # a short sentence before a long one says little by itself
        while last + 1 < len(cuts) and end_before(last + 1) - cuts[first] <= width:
            last += 1
    return first, last


def _cuts(text: str, edges: list[int], kept_whole: set[int], width: int) -> list[int]:
    """List where a window may begin or end: sentence edges and, in sentences that do not fit, the starts of words.

    A word that does not fit either may be cut between any two characters.
    """
    cuts = edges[:]
    for sentence_start, sentence_end in pairwise(edges):
        if not _is_longer(text, sentence_start, sentence_end, width):
            continue
        starts = _word_starts(text, sentence_start, sentence_end)
        if not kept_whole.isdisjoint(starts):
            starts = [at for at in starts if at not in kept_whole]
        cuts += starts
        for word_start, word_end in pairwise([sentence_start, *starts, sentence_end]):
            if word_end - word_start > width and _is_longer(text, word_start, word_end, width):
                cuts += [
                    at
                    for at in range(word_start + 1, word_end)
                    if at not in kept_whole and not text[at].isspace() and not _continues_character(text, at)
                ]
    return sorted(cuts)


def _word_starts(text: str, start: int, end: int) -> list[int]:
    """List where words start behind the start of a sentence."""
    sentence = text[start:end]
    if not sentence.isascii() and any(map(_is_unspaced, set(sentence))):
        starts = [at for at in range(start + 1, end) if not text[at].isspace() and _starts_word(text, at)]
    else:
        starts = [match.end() - 1 for match in _SPACE_AND_WORD.finditer(text, start, end)]
    if sentence.isascii():
        return starts
    return [at for at in starts if not _continues_character(text, at)]


def _starts_word(text: str, at: int) -> bool:
    """Tell whether a word may start here: after white space, or anywhere in scripts without spaces.

    There, closing punctuation stays with what it follows and opening punctuation with what it precedes.
    """
    before, here = text[at - 1], text[at]
    if before.isspace():
        return True
    return (
        (_is_unspaced(before) or _is_unspaced(here))
        and category(here) not in ("Pe", "Pf", "Po")
        and category(before) not in ("Ps", "Pi")
    )


def _is_unspaced(char: str) -> bool:
    """Tell whether a character is of a script without spaces."""
    return bisect_right(_UNSPACED, char) % 2 == 1


def _continues_character(text: str, at: int) -> bool:
    """Tell whether what stands before and behind this place is one character to a reader.

    A short form of the grapheme clusters of Unicode Standard Annex 29: it knows no prepended marks.
    """
    before, here = text[at - 1], text[at]
    if before.isascii() and here.isascii():
        return False
    if category(here)[0] == "M" or _CONTINUES.match(here):
        return True
    if before == _ZWJ or combining(before) == _VIRAMA_CLASS or _is_one_syllable(before, here):
        return True
    flags = _REGIONAL.search(text, max(at - 64, 0), at) if _REGIONAL.match(here) else None
    return flags is not None and (flags.end() - flags.start()) % 2 == 1


def _is_one_syllable(before: str, here: str) -> bool:
    """Tell whether letters of Korean, or a syllable and a letter, are written as one syllable."""
    if "\u1100" <= before <= "\u115f":  # leading
        return "\u1100" <= here <= "\u11a7" or "\uac00" <= here <= "\ud7a3"
    if "\u11a8" <= before <= "\u11ff":  # trailing
        return "\u11a8" <= here <= "\u11ff"
    is_open = "\u1160" <= before <= "\u11a7" or "\uac00" <= before <= "\ud7a3"
    return is_open and "\u1160" <= here <= "\u11ff"


def _first_solid(text: str, start: int, end: int) -> int:
    """Give the first place that holds no white space, unless that carries an accent."""
    while (
        start < end
        and text[start].isspace()
        and not (start + 1 < end and _continues_character(text, start + 1))
    ):
        start += 1
    return start


def _end_of_solid(text: str, start: int, end: int) -> int:
    """Give the place behind the last that holds no white space."""
    while start < end and text[end - 1].isspace():
        end -= 1
    return end


def _is_longer(text: str, start: int, end: int, width: int) -> bool:
    """Tell whether a stretch is longer than this, white space behind it left out."""
    return end - start > width and _end_of_solid(text, start, end) - start > width
