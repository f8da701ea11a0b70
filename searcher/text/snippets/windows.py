"""Which part of a passage shows best why it was found?

A passage is longer than a line of results. `best_window` chooses the part to show, the *window*. A window holds whole
sentences if they fit, and otherwise words of one long sentence. The result is a span: `searcher.markup` escapes its text,
and the doors add ellipses.

A window begins and ends at *cuts*. Cuts are the starts of sentences. In a sentence longer than the window, the starts of
words are cuts too. In a word longer than the window, every character is a cut. No cut lies inside a mark, or between a
character and its accents. There is no list of all cuts: the cut before or after a place is computed when it is needed.
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
    """Choose the window of a passage to show.

    Among the windows that fit, the one with the most different groups wins, then the one with the most marks, then the
    first one. The window grows by the sentences after it while they fit, then by the sentences before it.

    A sentence longer than ``width`` is cut between words. The window begins at the start of such a sentence if the marks
    are near the start. Otherwise the window has context on both sides of the marks. Without marks, the window is the
    beginning of the passage.

    Args:
        text: The article's text.
        passage: The span to choose from.
        marks: Matched spans inside the passage, sorted and disjoint, without white space at either end.
        groups: For each mark, which unit of the query it satisfies.
        sentence_starts: Where the sentences of the passage start in ``text``: sorted, distinct, none at white space.
        width: The most code points to show. Only a single mark or character may be longer.

    Returns:
        A span inside the passage, without white space at either end. It holds whole marks only, and at least one mark if
        there is one. It is empty for a blank passage.

    Raises:
        ValueError: ``width`` is below 1, or ``groups`` is not as long as ``marks``.

    >>> text = "It rained. Shelling began at dawn. People fled."
    >>> start, end = best_window(text, Span(0, 47), [Span(11, 19)], [0], [0, 11, 35], width=25)
    >>> text[start:end]
    'Shelling began at dawn.'
    """
    if width < 1:
        raise ValueError(f"the width of a window is at least 1, not {width}")
    begin = first_solid(text, *passage)
    end = end_of_solid(text, begin, passage.end)
    n_marks, n_groups = len(marks), len(groups)
    if n_groups != n_marks:
        raise ValueError(f"each mark needs a group, but there are {n_marks} marks and {n_groups} groups")
    if end - begin <= width:
        return Span(begin, end)
    cuts = _Cuts(text, Span(begin, end), marks, sentence_starts, width)
    first, last = cuts.core(groups) if marks else (begin, cuts.behind(begin + 1))
    return cuts.grown(first, last)


class _Cuts:
    """The cuts of a passage. Arguments are those of `best_window`, but the passage has no white space at either end."""

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
        # The word found last. The next marks may stand in the same word, and one word may be as long as the passage.
        self._word = 0, 0
        # Where sentences begin, and where the last one ends. Sentences that share a mark or a character count as one.
        begin, end = passage
        self._edges = [begin, *[at for at in sentence_starts if begin < at < end and self._is_apart(at)], end]

    def before(self, at: int) -> int:
        """Give the last cut at or before a place, or the first cut of all."""
        edges = self._edges
        if at >= edges[-1]:
            return edges[-1]
        n_begun = bisect_right(edges, at, 1)
        start, end = edges[n_begun - 1], edges[n_begun]
        return start if at <= start or self._fits(start, end) else self._before(start, end, at)

    def behind(self, at: int) -> int:
        """Give the first cut at or after a place, or the last cut of all."""
        edges = self._edges
        if at <= edges[0]:
            return edges[0]
        n_begun = bisect_left(edges, at, 1, len(edges) - 1)
        start, end = edges[n_begun - 1], edges[n_begun]
        return end if at >= end or self._fits(start, end) else self._behind(start, end, at)

    def _before(self, start: int, end: int, at: int) -> int:
        """Give the last cut at or before a place in a sentence that does not fit."""
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
        """Give the first cut at or after a place in a sentence that does not fit."""
        word_end = self._word_end(at, end)
        if at == word_end or self._text[at:word_end].isspace():  # it is behind its word
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
            if first == before:  # the window of the mark before holds this mark too
                continue
            before = first
            stop = max(bisect_right(ends, first + self._width, left), left + 1)
            if (score := (len({*groups[left:stop]}), stop - left)) > best_score:
                best, best_score = (first, lasts[stop - 1]), score
            if stop == len(ends):  # every later window holds fewer marks
                break
        return best

    def _around(self) -> tuple[list[int], list[int], list[int]]:
        """Give, for each mark, the cut before it, the cut after it, and where a window ends that ends at the latter."""
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
        """Widen a window: by sentences if its edge is the edge of a sentence, otherwise by words."""
        edges, width = self._edges, self._width
        last_end = self._solid(last)
        sentence = bisect_right(edges, first) - 1
        if last_end - edges[sentence] <= width:
            first = edges[sentence]
        else:  # the start of the sentence is too far away: half of the free room goes before the marks
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
            # A short sentence alone says little, so a part of the long sentence after it is shown too.
            last_end = self._solid(self._furthest(first, edges[behind + 1]))
        return Span(first, last_end)

    def _furthest(self, first: int, edge: int) -> int:
        """Give the last cut, up to an edge, at which a window that begins at ``first`` may end."""
        at = min(first + self._width, edge)
        while at < edge and self._text[at].isspace():
            at += 1
        return self.before(at)

    def _word_start(self, start: int, at: int) -> int:
        """Give the start of the last word that starts at or before a place, inside a sentence."""
        if self._word[0] < at < self._word[1]:
            return self._word[0]
        while at > start and not (starts_word(self._text, at) and self._is_apart(at)):
            at -= 1
        return at

    def _word_end(self, at: int, end: int) -> int:
        """Give the start of the first word that starts at or after a place, or the end of the sentence."""
        if self._word[0] < at < self._word[1]:
            return self._word[1]
        while at < end and not (starts_word(self._text, at) and self._is_apart(at)):
            at += 1
        return at

    def _is_apart(self, at: int) -> bool:
        """Tell whether a window may begin here: at a character, not at white space, and not inside a mark."""
        n_begun = bisect_left(self._mark_starts, at)
        if n_begun and at < self._marks[n_begun - 1][1]:
            return False
        return not self._text[at].isspace() and not continues_character(self._text, at)

    def _solid(self, end: int) -> int:
        """Give one past the last place before ``end`` that is not white space."""
        return end_of_solid(self._text, self._edges[0], end)

    def _fits(self, start: int, end: int) -> bool:
        """Tell whether a part of the text fits into a window, white space at its end aside."""
        return end - start <= self._width or end_of_solid(self._text, start, end) - start <= self._width
