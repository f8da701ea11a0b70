"""Which days does a typed date or range mean?

``2020``, ``2020-09``, ``2020-09-27``; ``[2020-09 TO 2020-11]``, either side open; ``>``, ``>=``, ``<``, ``<=``; ``none``.
"""

import re

from searcher.errors import QueryError
from searcher.language.tree import Dates, Undated
from searcher.model import is_date

_RANGE = re.compile(r"[\[{]\s*(?P<since>\S*?)\s*\bTO\b\s*(?P<until>\S*?)\s*[\]}]", re.IGNORECASE)
_COMPARED = re.compile(r"(?P<sign>(?:[<>]=?)?)(?P<date>.*)", re.DOTALL)


def parse_dates(typed: str, query: str, start: int) -> Dates | Undated:
    """Understand what stands behind ``date:`` and begins at ``start`` of the query.

    Raises:
        QueryError: The date is invalid, or the range is empty.

    >>> parse_dates("[2020-09 TO 2020-11]", "", 0), parse_dates(">2023-01-01", "", 0)
    (Dates(since='2020-09', until='2020-11', is_exclusive=False), Dates(since='2023-01-01', until='', is_exclusive=True))
    """

    def error(why: str, at: int = 0) -> QueryError:
        example = "write date:2020, date:2020-09-27, date:[2020-09 TO 2020-11], date:>2023-01-01 or date:none"
        shown = " ".join(typed.split())  # a message is one line
        message = f"date:{shown} cannot be read at character {start + at + 1} of the query: {why}; {example}"
        return QueryError(message, query, start + at)

    if typed.lower() == "none":
        return Undated()
    if matched := _RANGE.fullmatch(typed):
        sides = []
        for side in ("since", "until"):
            date = "" if matched[side] == "*" else matched[side]
            if date and not is_date(date):
                raise error(f"{date!r} is not a date", matched.start(side))
            sides.append(date)
        since, until = sides
        if not since and not until:
            raise error("the range has no first and no last day")
        if since and until and first_day(since) > last_day(until):
            raise error("the first day comes after the last")
        return Dates(since, until)
    matched = _COMPARED.fullmatch(typed)
    assert matched
    sign, date = matched["sign"], matched["date"]
    if not is_date(date):
        raise error("it is neither a date nor a range of dates", matched.start("date"))
    if not sign:
        return Dates(date, date)
    return Dates(date, "", sign == ">") if sign[0] == ">" else Dates("", date, sign == "<")


def first_day(date: str) -> str:
    """Give the first day of a whole or partial ISO date.

    >>> first_day("2020"), first_day("2020-10")
    ('2020-01-01', '2020-10-01')
    """
    return date + "-01-01"[len(date) - 4 :] if len(date) < 10 else date


def last_day(date: str) -> str:
    """Give the last day of a whole or partial ISO date.

    >>> last_day("2020"), last_day("2020-02")
    ('2020-12-31', '2020-02-29')
    """
    if len(date) == 4:
        return f"{date}-12-31"
    if len(date) == 7:
        import calendar  # noqa: PLC0415  (few queries need it)

        return f"{date}-{calendar.monthrange(int(date[:4]), int(date[5:]))[1]:02}"
    return date
