"""What is a rule, and which rules do starts and strings keep?

Every sound segment keeps every rule. A rule that is broken blames columns. If columns disagree and nothing tells which of them is
right, all are blamed. Rules are computed in order, one at a time. Each takes for granted that the rules before it are kept, so the
first one that is broken is the one to name.
"""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from searcher.arrays import Array
from searcher.storage.segment import Segment

Rule = tuple[str, str, Any]
"""The names of the columns to blame, with spaces between them; what is the matter with them then; whether the rule is kept."""

_LINES: Final = ("terms", "surfaces", "article_address")
"""Strings without line feeds."""


def first_fault(rules: Iterator[Rule]) -> list[tuple[str, str]]:
    """Find the first rule that is broken: give the name of each column that it blames, and what is the matter with it."""
    for columns, fault, is_kept in rules:
        if not is_kept:
            return [(column, fault) for column in columns.split()]
    return []


def ascend_within(values: Array, starts: Array) -> bool:
    """Tell whether values ascend strictly from each start to the next."""
    ascends = values[1:] > values[:-1]
    edges = starts[(starts > 0) & (starts < len(values))].astype(np.int64)
    ascends[edges - 1] = True
    return bool(ascends.all())


def starts_rule(segment: Segment, starts: str, divided: str, least: int = 0) -> Rule:
    """Give the rule of starts that divide a column into parts of so many entries at least."""
    column = segment.columns[starts].astype(np.int64)
    is_whole = column[0] == 0 and column[-1] == len(segment.columns[divided])
    ascends = (column[1:] >= column[:-1] + least).all()
    return starts, f"it does not ascend from 0 to the length of {divided}", is_whole and ascends


def string_rules(segment: Segment, name: str) -> Iterator[Rule]:
    """Give the rules of a column of strings, and of its starts."""
    starts = f"{name}_starts"
    yield starts_rule(segment, starts, name, least=1)
    column = segment.columns[name]
    yield name, "it is not valid UTF-8", _is_utf8(column)
    is_line, n_strings = name in _LINES, len(segment.columns[starts]) - 1
    n_feeds = int((column == ord("\n")).sum())
    has_feeds = n_feeds == n_strings if is_line else n_feeds >= n_strings
    yield name, "it does not have a line feed for each string", has_feeds
    ends = segment.columns[starts][1:].astype(np.int64) - 1
    to_blame = starts if is_line else f"{starts} {name}"
    yield to_blame, "a string does not begin behind a line feed", (column[ends] == ord("\n")).all()


def _is_utf8(column: Array) -> bool:
    try:
        column.tobytes().decode()
    except UnicodeDecodeError:
        return False
    return True
