"""What days a typed date or range means."""

import pytest

from searcher.errors import QueryError
from searcher.language.dates import parse_dates
from searcher.language.tree import Dates


def test_range_of_one_day_is_no_error() -> None:
    assert parse_dates("[2020-09-27 TO 2020-09-27]", "", 0) == Dates("2020-09-27", "2020-09-27")


def test_range_that_ends_in_the_month_it_begins_in_is_no_error() -> None:
    assert parse_dates("[2020-09-30 TO 2020-09]", "", 0) == Dates("2020-09-30", "2020-09")


@pytest.mark.parametrize(
    "typed", ["[TO]", "[* TO *]", "[2020-10 TO 2020-09-30]", "2020-02-30", ">", "[2020", "x", "none2020"]
)
def test_what_is_no_date_is_an_error_that_shows_how(typed: str) -> None:
    with pytest.raises(QueryError, match=r"date:\[2020-09 TO 2020-11\]") as caught:
        parse_dates(typed, f"war date:{typed}", len("war date:"))
    assert caught.value.position >= len("war date:")


@pytest.mark.parametrize("typed", ["[2019\nTO x]", "20\u202819", "20\x8519"])
def test_error_is_one_line_whatever_was_typed(typed: str) -> None:
    with pytest.raises(QueryError, match="date:") as caught:
        parse_dates(typed, f"date:{typed}", len("date:"))
    assert len(str(caught.value).splitlines()) == 1
