"""Which articles does a selector select? One article after the other."""

import calendar
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from naive_forms import Line, fits_pattern

from searcher.language.tree import Dates, Field, Kinds, Path, Selector, Undated, Within, Words
from searcher.model import Kind
from searcher.text.words.words import fold_text


@dataclass(frozen=True)
class Metadata:
    """What is told of an article; ``fields`` are lines of words, keywords one each."""

    address: str
    date: str | None
    fields: Mapping[str, Sequence[Line]]


def selects(node: Selector, article: Metadata, kind: Kind) -> bool:
    """Tell whether a passage of some kind of an article is selected."""
    match node:
        case Kinds(kinds):
            return kind in kinds
        case Undated():
            return not article.date
        case Dates():
            return article.date is not None and _meets(node, article.date)
        case Field(name, words, is_exact):
            phrase = Words(words, is_exact=is_exact)
            return any(line.places(phrase) for line in article.fields[name])
        case Path(pattern):
            # Anywhere in the path; with wildcards, at its end.
            sought = fold_text(pattern)
            has_wildcard = "*" in sought or "?" in sought
            return fits_pattern(f"*{sought}" if has_wildcard else f"*{sought}*", fold_text(article.address))
        case Within(addresses):
            return article.address in addresses


def _meets(dates: Dates, date: str) -> bool:
    """Tell whether a date may fall on one of the days of a range."""
    first, last = _days(date)
    if dates.since:
        from_day, to_day = _days(dates.since)
        if not (last > to_day if dates.is_exclusive else last >= from_day):
            return False
    if dates.until:
        from_day, to_day = _days(dates.until)
        if not (first < from_day if dates.is_exclusive else first <= to_day):
            return False
    return True


def _days(date: str) -> tuple[dt.date, dt.date]:
    """Give the first and last day of a year, month or day."""
    year, month, day = ([int(part) for part in date.split("-")] + [0, 0])[:3]
    if not month:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    if not day:
        return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
    return dt.date(year, month, day), dt.date(year, month, day)
