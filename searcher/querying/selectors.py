"""Which articles, or passages of a kind, does a query select? Fields select; words rank.

The metadata of a segment's articles are analysed once, when a field is first asked for.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache, cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from searcher.model import Kind
from searcher.querying.phrases import spellings
from searcher.querying.tree import (
    Atom,
    Dates,
    Field,
    Fuzzy,
    Kinds,
    Part,
    Path,
    Selector,
    Undated,
    Wildcard,
    Within,
    Word,
)
from searcher.storage.postings import Numbers
from searcher.storage.snapshot import LiveSegment, Snapshot
from searcher.text.analysis import Analyser
from searcher.text.chunks import split
from searcher.text.words import fold_text

Mask = npt.NDArray[np.bool_]
_COLUMNS: Final = {"title": "title", "source": "source", "author": "author", "keyword": "keywords"}


class _Told(NamedTuple):
    """One word of an article's metadata, its surface without hyphens."""

    surface: str
    term: str
    width: int


_Line = list[list[_Told]]
"""What stands at each position."""
_Test = Callable[[_Told], bool]


class Selectors:
    """Evaluates selectors over one snapshot. Safe to use from several threads.

    Args:
        snapshot: What to select from.
        analyser: Turns metadata into words.
    """

    def __init__(self, snapshot: Snapshot, analyser: Analyser) -> None:
        self._snapshot = snapshot
        self._analyser = analyser
        self._lines: dict[tuple[str, str], list[list[_Line]]] = {}
        self._days: dict[str, tuple[npt.NDArray[np.str_], npt.NDArray[np.str_]]] = {}

    @cached_property
    def n_undated(self) -> int:
        """Number of live articles without a date."""
        return sum(
            not date and live.is_live(number)
            for live in self._snapshot.segments
            for number, date in enumerate(live.segment.article_strings("date"))
        )

    def passages(self, live: LiveSegment, node: Selector, among: Numbers | None = None) -> Numbers:
        """Find the passages that a selector selects, of all live ones or among some.

        Args:
            live: The segment.
            node: The selector.
            among: int64, ascending: live passages; None for all.

        Returns:
            int64, ascending.
        """
        columns = live.segment.columns
        if isinstance(node, Kinds):
            selected = np.zeros(len(Kind), np.bool_)
            selected[[int(kind) for kind in node.kinds]] = True
            by_passage = columns["passage_kind"]
        else:
            selected = self._articles(live, node)
            by_passage = columns["passage_article"]
        if among is not None:
            chosen: Numbers = among[selected[by_passage[among]]]
            return chosen
        mask: Mask = selected[by_passage]
        return (mask if live.live is None else mask & live.live).nonzero()[0]

    def _articles(self, live: LiveSegment, node: Dates | Undated | Field | Path | Within) -> Mask:
        match node:
            case Dates():
                return self._dated(live, node)
            case Undated():
                undated: Mask = self._first_and_last(live)[0] == ""
                return undated
            case Field(name, words, is_exact):
                tests = [_tests(word, is_exact=is_exact) for word in words]
                told = self._told(live, _COLUMNS[name])
                return np.array([any(_holds(line, tests) for line in lines) for lines in told], np.bool_)
            case Path(pattern):
                fits = _path_pattern(pattern).search
                addresses = map(fold_text, live.segment.article_strings("address"))
                return np.array([fits(address) is not None for address in addresses], np.bool_)
            case Within(addresses):
                mask = np.zeros(live.segment.n_articles, np.bool_)
                numbers = (live.segment.addresses.find(address.encode()) for address in addresses)
                mask[[number for number in numbers if number >= 0]] = True
                return mask

    def _told(self, live: LiveSegment, column: str) -> list[list[_Line]]:
        """Give the words of each article's metadata, by line: keywords have one each, everything else has one."""
        key = (live.segment.name, column)
        if key not in self._lines:
            known: dict[str, _Line] = {}

            def told(chunk: str) -> _Line:
                if chunk not in known:
                    line = known[chunk] = []
                    for token in self._analyser.tokens(chunk):
                        if not token.is_overlay:
                            line.append([])
                        line[-1].append(_Told(token.surface.replace("-", ""), token.term, token.width))
                return known[chunk]

            self._lines[key] = [
                [
                    [here for chunk in split(line) for here in told(chunk)]
                    for line in (value.split("\n") if column == "keywords" else [value])
                ]
                for value in live.segment.article_strings(column)
            ]
        return self._lines[key]

    def _first_and_last(self, live: LiveSegment) -> tuple[npt.NDArray[np.str_], npt.NDArray[np.str_]]:
        """Give, for each article, the first and last day that its date may stand for; empty for none."""
        name = live.segment.name
        if name not in self._days:
            dates = list(live.segment.article_strings("date"))
            first = np.array([date and first_day(date) for date in dates], np.str_)
            self._days[name] = first, np.array([date and last_day(date) for date in dates], np.str_)
        return self._days[name]

    def _dated(self, live: LiveSegment, dates: Dates) -> Mask:
        """Mark the articles whose date, or the days it may stand for, meet the range."""
        first, last = self._first_and_last(live)
        mask: Mask = first != ""
        if dates.since:
            mask &= last > last_day(dates.since) if dates.is_exclusive else last >= first_day(dates.since)
        if dates.until:
            mask &= (
                first < first_day(dates.until) if dates.is_exclusive else first <= last_day(dates.until)
            ) & mask
        return mask


def _holds(line: _Line, words: Sequence[Sequence[Sequence[_Test]]]) -> bool:
    """Tell whether words stand side by side in a line, each in one of its spellings."""
    if len(words) == 1 and all(len(tests) == 1 for tests in words[0]):  # the same, without where it ends
        return any(fits(told) for (fits,) in words[0] for here in line for told in here)
    ends = set(range(len(line)))
    for written in words:
        ends = {end for tests in written for end in _ends(line, ends, tests)}
    return bool(ends)


def _ends(line: _Line, starts: set[int], tests: Sequence[_Test]) -> set[int]:
    """Give where the parts of a word end, one behind the other from any of some positions."""
    for fits in tests:
        starts = {
            start + told.width for start in starts if start < len(line) for told in line[start] if fits(told)
        }
    return starts


def _tests(word: Word, *, is_exact: bool) -> list[list[_Test]]:
    """Make tests of the parts of a word, for each way to spell it."""
    return [[_test(atom, is_exact=is_exact) for atom in parts] for parts in spellings(word)]


def _test(atom: Atom, *, is_exact: bool) -> _Test:
    """Make a test of one word of a line."""
    match atom:
        case Part(surface, term):
            written = surface.replace("-", "")
            return lambda told: told.surface == written if is_exact else told.term == term
        case Wildcard(pattern):
            symbols = {"*": ".*", "?": "."}
            fits = cache(
                re.compile("".join(symbols.get(char) or re.escape(char) for char in pattern)).fullmatch
            )
            return lambda told: fits(told.surface) is not None
        case Fuzzy(surface, distance):
            from rapidfuzz.distance import OSA  # noqa: PLC0415  (only fuzzy words need it)

            n_edits = cache(lambda written: OSA.distance(written, surface, score_cutoff=distance))
            return lambda told: n_edits(told.surface) <= distance


def _path_pattern(pattern: str) -> re.Pattern[str]:
    folded = fold_text(pattern)
    if not re.search(r"[*?]", folded):
        return re.compile(re.escape(folded))
    return re.compile("".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in folded) + r"\Z")


def first_day(date: str) -> str:
    """Give the first day that a whole or partial ISO date may stand for.

    >>> first_day("2020"), first_day("2020-10")
    ('2020-01-01', '2020-10-01')
    """
    return date + "-01-01"[len(date) - 4 :] if len(date) < 10 else date


def last_day(date: str) -> str:
    """Give the last day that a whole or partial ISO date may stand for.

    >>> last_day("2020"), last_day("2020-02")
    ('2020-12-31', '2020-02-29')
    """
    if len(date) == 4:
        return f"{date}-12-31"
    if len(date) == 7:
        import calendar  # noqa: PLC0415  (few queries need it)

        return f"{date}-{calendar.monthrange(int(date[:4]), int(date[5:]))[1]:02}"
    return date
