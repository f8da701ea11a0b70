"""Which part of a passage shows best why it was found?

A passage is longer than a line of results. `best_window` chooses the stretch to show: whole sentences where they fit,
words of a sentence that is too long. It returns a span and leaves the text alone: escaping is the business of
`searcher.markup`, and ellipses that of the doors.

Everything follows from the *cuts*: the places where a window may begin or end. They are the starts of the sentences and,
inside a sentence longer than the window, the starts of its words; inside a word longer than that, its characters. No cut
lies inside a mark or between a character and its accents, so no window does harm there. They are not listed: the one before
or behind a place is looked for.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from searcher.model import Span
from searcher.text.snippets.characters import continues_character, end_of_solid, first_solid, starts_word


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
        marks: Matched spans inside the passage, sorted and disjoint; they begin and end with no white space.
        groups: For each mark, which unit of the query it satisfies.
        sentence_starts: Offsets in ``text`` at which the passage's sentences start, sorted, distinct, none of them at white space.
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
    begin = first_solid(text, *passage)
    end = end_of_solid(text, begin, passage.end)
    if len(groups) != len(marks):
        raise ValueError(f"{len(marks)} marks are of {len(groups)} groups")
    if end - begin <= width:
        return Span(begin, end)
    cuts = _Cuts(text, Span(begin, end), marks, sentence_starts, width)
    first, last = cuts.core(groups) if marks else (begin, cuts.behind(begin + 1))
    return cuts.grown(first, last)


class _Cuts:
    """The cuts of a passage: looked for only where a window may begin or end.

    Args:
        text: The article's text.
        passage: As for `best_window`, but with no white space at either end, as are the others.
        marks: Start and end of each.
        sentence_starts: Where sentences start.
        width: Most code points to show.
    """

    def __init__(
        self,
        text: str,
        passage: Span,
        marks: Sequence[tuple[int, int]],
        sentence_starts: Sequence[int],
        width: int,
    ) -> None:
        self._text = text
        self._marks = marks
        self._mark_starts = [start for start, _ in marks]
        self._width = width
        # The word that was looked at last: marks that follow may stand in it too, and it may be as long as the passage.
        self._word = 0, 0
        # Where sentences begin, and where the last one ends; those that share a mark or a character are one.
        begin, end = passage
        self._edges = [begin, *[at for at in sentence_starts if begin < at < end and self._is_apart(at)], end]

    def before(self, at: int) -> int:
        """Give the last cut up to a place, or the first one."""
        edges = self._edges
        if at >= edges[-1]:
            return edges[-1]
        n_begun = bisect_right(edges, at, 1)
        start, end = edges[n_begun - 1], edges[n_begun]
        return start if at <= start or self._fits(start, end) else self._before(start, end, at)

    def behind(self, at: int) -> int:
        """Give the first cut from a place on, or the last one."""
        edges = self._edges
        if at <= edges[0]:
            return edges[0]
        n_begun = bisect_left(edges, at, 1, len(edges) - 1)
        start, end = edges[n_begun - 1], edges[n_begun]
        return end if at >= end or self._fits(start, end) else self._behind(start, end, at)

    def _before(self, start: int, end: int, at: int) -> int:
        """Give the last cut up to a place in a sentence that does not fit."""
        word_start = self._word_start(start, at)
        if at == word_start:
            return at
        self._word = word_start, self._word_end(at, end)
        if self._fits(*self._word):
            return word_start
        while at > word_start and not self._is_apart(at):
            at -= 1
        return at

    def _behind(self, start: int, end: int, at: int) -> int:
        """Give the first cut from a place on in a sentence that does not fit."""
        word_end = self._word_end(at, end)
        is_behind_word = at == word_end or self._text[at:word_end].isspace()
        if is_behind_word:
            return word_end
        word_start = self._word_start(start, at)
        if word_start < at:
            self._word = word_start, word_end
        if self._fits(word_start, word_end):
            return word_end
        while at < word_end and not self._is_apart(at):
            at += 1
        return at

    def core(self, groups: Sequence[int]) -> tuple[int, int]:
        """Find the shortest window with the best marks."""
        firsts, lasts, ends = self._around()
        best, best_score = (0, 0), (0, 0)
        before = -1
        for left, first in enumerate(firsts):
            if first == before:  # no more marks than with the one before
                continue
            before = first
            stop = max(bisect_right(ends, first + self._width, left), left + 1)
            if (score := (len({*groups[left:stop]}), stop - left)) > best_score:
                best, best_score = (first, lasts[stop - 1]), score
            if stop == len(ends):  # those that follow have fewer
                break
        return best

    def _around(self) -> tuple[list[int], list[int], list[int]]:
        """Give, of each mark, the cuts before and behind it, and where a window ends that is cut there."""
        edges, width = self._edges, self._width
        firsts, lasts, ends = [], [], []
        start = edge = end = 0
        for mark_start, mark_end in self._marks:
            if mark_start >= edge:
                n_begun = bisect_right(edges, mark_start, 1, len(edges) - 1)
                start, edge = edges[n_begun - 1], edges[n_begun]
                end = self._solid(edge)
            if end - start <= width:
                firsts.append(start)
                lasts.append(edge)
                ends.append(end)
            else:
                firsts.append(self._before(start, edge, mark_start))
                lasts.append(self._behind(start, edge, mark_end))
                ends.append(self._solid(lasts[-1]))
        return firsts, lasts, ends

    def grown(self, first: int, last: int) -> Span:
        """Widen a window: by sentences from the edge of one, by words inside one."""
        edges, width = self._edges, self._width
        last_end = self._solid(last)
        sentence = bisect_right(edges, first) - 1
        if last_end - edges[sentence] <= width:
            first = edges[sentence]
        else:  # the start of the sentence is too far away: half of the room for what leads up to the marks
            first = min(first, self.behind(last_end - (last_end - first + width) // 2))
        behind = bisect_left(edges, last)
        if last < edges[behind]:
            last = max(last, self._furthest(first, edges[behind]))
        if last == edges[behind]:
            while behind + 1 < len(edges) and self._fits(first, edges[behind + 1]):
                behind += 1
            last = edges[behind]
        last_end = self._solid(last)
        if first > edges[sentence]:
            first = min(first, self.behind(last_end - width))
        else:
            while sentence and last_end - edges[sentence - 1] <= width:
                sentence -= 1
            first = edges[sentence]
        if 2 * (last_end - first) < width and last == edges[behind] < edges[-1]:
            # A short sentence before a long one says little by itself.
            last_end = self._solid(self._furthest(first, edges[behind + 1]))
        return Span(first, last_end)

    def _furthest(self, first: int, edge: int) -> int:
        """Give the last cut up to an edge at which a window may end that begins there."""
        at = min(first + self._width, edge)
        while at < edge and self._text[at].isspace():
            at += 1
        return self.before(at)

    def _word_start(self, start: int, at: int) -> int:
        """Give the start of the last word of a sentence up to a place."""
        if self._word[0] < at < self._word[1]:
            return self._word[0]
        while at > start and not (starts_word(self._text, at) and self._is_apart(at)):
            at -= 1
        return at

    def _word_end(self, at: int, end: int) -> int:
        """Give where the first word starts from a place on, or where the sentence ends."""
        if self._word[0] < at < self._word[1]:
            return self._word[1]
        while at < end and not (starts_word(self._text, at) and self._is_apart(at)):
            at += 1
        return at

    def _is_apart(self, at: int) -> bool:
        """Tell whether a character starts here, no white space, of which a mark that holds it does not hold the one before."""
        n_begun = bisect_left(self._mark_starts, at)
        if n_begun and at < self._marks[n_begun - 1][1]:
            return False
        return not self._text[at].isspace() and not continues_character(self._text, at)

    def _solid(self, end: int) -> int:
        """Give the place behind the last before this one that holds no white space."""
        return end_of_solid(self._text, self._edges[0], end)

    def _fits(self, start: int, end: int) -> bool:
        """Tell whether a stretch fits, white space behind it left out."""
        return end - start <= self._width or end_of_solid(self._text, start, end) - start <= self._width
