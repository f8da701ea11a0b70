"""Which part of a passage shows best why it was found?

A passage is longer than a line of results. `best_window` chooses the stretch to show: whole sentences where they fit,
words of a sentence that is too long. It returns a span and leaves the text alone: escaping is the business of
`searcher.markup`, and ellipses that of the doors.

Everything follows from one list, the *cuts*: the places where a window may begin or end. They are the starts of the
sentences and, inside a sentence longer than the window, the starts of its words, which are looked for only where it may
come to that. No cut lies inside a mark or between a character and its accents, so no window does harm there.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
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
# All of these and more; said by what they are not, since large ranges too take long.
_MAYBE_UNSPACED = re.compile("[^\0-\u0dff\u2000-\u2e7f]")
_FIRST_MARK: Final = "\u0300"
_PUNCTUATION: Final = "–—‘’“”•…"
# What continues a character without being a combining mark: joiners, sara am, half-width voicing marks, skin tones, tags,
# the second half of a surrogate pair.
_CONTINUES = re.compile(
    "[\u200c\u200d\u0e33\u0eb3\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\udc00-\udfff]"
)
_REGIONAL = re.compile("[\U0001f1e6-\U0001f1ff]+\\Z")


def best_window(
    text: str,
    passage: Span,
    marks: Sequence[tuple[int, int]],
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
    inside = [
        (start, stop, group)
        for (start, stop), group in zip(marks, groups, strict=True)
        if start < stop and start < passage.end and passage.start < stop
    ]
    if end - begin <= width:
        return Span(begin, end)
    edges = _edges(text, begin, end, inside, sentence_starts)
    cuts = _cuts(text, edges, inside, width)
    first, last = _core(text, cuts, inside, width) if inside else (0, 1)
    first, last = _grown(text, cuts, set(edges), first, last, width=width)
    start, stop = cuts[first], _end_of_solid(text, begin, cuts[last])
    if 2 * (stop - start) < width and cuts[last] in edges[:-1]:
        # A short sentence before a long one says little by itself.
        behind = edges[edges.index(cuts[last]) + 1]
        for cut in _words(text, cuts[last], behind, inside, width):
            if (cut_end := _end_of_solid(text, begin, cut)) - start > width:
                break
            stop = cut_end
    return Span(start, stop)


def _edges(
    text: str, begin: int, end: int, marks: Sequence[tuple[int, int, int]], sentence_starts: Sequence[int]
) -> list[int]:
    """List where sentences begin, and where the last one ends; those that share a mark or a character are one."""
    edges = [begin]
    n_before, n_marks = 0, len(marks)
    for sentence_start in sentence_starts:
        at = sentence_start
        if at < end and text[at].isspace():
            at = _first_solid(text, at, end)
        if not edges[-1] < at < end:
            continue
        while n_before < n_marks and marks[n_before][1] <= at:
            n_before += 1
        shares_mark = n_before < n_marks and marks[n_before][0] < at
        if not shares_mark and not _continues_character(text, at):
            edges.append(at)
    edges.append(end)
    return edges


def _cuts(text: str, edges: list[int], marks: Sequence[tuple[int, int, int]], width: int) -> list[int]:
    """List where a window may begin or end before it grows: edges, and words of sentences with marks (without any, of the first)."""
    cuts = edges[:]
    for start, end in pairwise(edges):
        if end - start > width and (
            any(mark[0] < end and start < mark[1] for mark in marks) if marks else start == edges[0]
        ):
            cuts += _words(text, start, end, marks, width)
    cuts.sort()
    return cuts


def _core(text: str, cuts: list[int], marks: Sequence[tuple[int, int, int]], width: int) -> tuple[int, int]:
    """Find the shortest window with the best marks, as indices of its cuts; two pointers, both only advance."""
    first = bisect_right(cuts, marks[0][0], 1) - 1
    last = bisect_left(cuts, marks[-1][1], 0, len(cuts) - 1)
    if _end_of_solid(text, cuts[0], cuts[last]) - cuts[first] <= width:  # half of all passages: all of them
        return first, last
    firsts = [bisect_right(cuts, start, 1) - 1 for start, _, _ in marks]
    lasts = [bisect_left(cuts, stop, 0, len(cuts) - 1) for _, stop, _ in marks]
    ends = {last: _end_of_solid(text, cuts[0], cuts[last]) for last in set(lasts)}
    seen: dict[int, int] = {}
    best, best_score = (0, 0), (0, 0)
    stop, n_marks = 0, len(marks)
    for left, (_, _, left_group) in enumerate(marks):
        reach = cuts[firsts[left]] + width
        has_more = False
        while stop < n_marks and (stop == left or ends[lasts[stop]] <= reach):
            group = marks[stop][2]
            seen[group] = seen.get(group, 0) + 1
            stop += 1
            has_more = True
        if has_more and (score := (len(seen), stop - left)) > best_score:
            best, best_score = (firsts[left], lasts[stop - 1]), score
        if stop == n_marks:  # those that follow have fewer
            break
        if seen[left_group] == 1:
            del seen[left_group]
        else:
            seen[left_group] -= 1
    return best


def _grown(
    text: str, cuts: list[int], edges: set[int], first: int, last: int, *, width: int
) -> tuple[int, int]:
    """Widen a window given as indices of its cuts: by sentences from the edge of one, by words inside one."""
    last_end = _end_of_solid(text, cuts[0], cuts[last])
    sentence = first
    while cuts[sentence] not in edges:
        sentence -= 1
    if last_end - cuts[sentence] <= width:
        first = sentence
    else:  # the start of the sentence is too far away: half of the room for what leads up to the marks
        reach = (last_end - cuts[first] + width) // 2
        while first > sentence and last_end - cuts[first - 1] <= reach:
            first -= 1
    while last + 1 < len(cuts):
        beyond = _beyond(cuts, edges, last, 1)
        end = _end_of_solid(text, cuts[0], cuts[beyond])
        if end - cuts[first] > width:
            break
        last, last_end = beyond, end
    while first > 0:
        beyond = _beyond(cuts, edges, first, -1)
        if last_end - cuts[beyond] > width:
            break
        first = beyond
    return first, last


def _beyond(cuts: list[int], edges: set[int], at: int, by: int) -> int:
    """Give the next cut in a direction: from the edge of a sentence, the edge of another."""
    beyond = at + by
    if cuts[at] in edges:
        while cuts[beyond] not in edges:
            beyond += by
    return beyond


def _words(text: str, start: int, end: int, marks: Sequence[tuple[int, int, int]], width: int) -> list[int]:
    """List where a window may begin or end inside a sentence, if that does not fit: where its words start.

    A word that does not fit either may be cut between any two characters.
    """
    if not _is_longer(text, start, end, width):
        return []
    kept_whole = {at for mark_start, stop, _ in marks for at in range(mark_start + 1, stop)}
    starts = _word_starts(text, start, end)
    if not kept_whole.isdisjoint(starts):
        starts = [at for at in starts if at not in kept_whole]
    cuts = starts[:]
    for word_start, word_end in pairwise([start, *starts, end]):
        if word_end - word_start > width and _is_longer(text, word_start, word_end, width):
            cuts += [
                at
                for at in range(word_start + 1, word_end)
                if at not in kept_whole and not text[at].isspace() and not _continues_character(text, at)
            ]
    return sorted(cuts)


def _word_starts(text: str, start: int, end: int) -> list[int]:
    """List where words start behind the start of a sentence."""
    if _MAYBE_UNSPACED.search(text, start, end) and any(map(_is_unspaced, set(text[start:end]))):
        starts = [at for at in range(start + 1, end) if not text[at].isspace() and _starts_word(text, at)]
        return [at for at in starts if not _continues_character(text, at)]
    behind = map(re.Match.end, _SPACE_AND_WORD.finditer(text, start, end))
    return [at - 1 for at in behind if text[at - 1] < _FIRST_MARK or not _continues_character(text, at - 1)]


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
    if (before < _FIRST_MARK or before in _PUNCTUATION) and (here < _FIRST_MARK or here in _PUNCTUATION):
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
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _is_longer(text: str, start: int, end: int, width: int) -> bool:
    """Tell whether a stretch is longer than this, white space behind it left out."""
    return end - start > width and _end_of_solid(text, start, end) - start > width
