"""What is a rule, and which rules do starts and strings keep?

A rule holds of every sound segment, and blames columns where it does not. Rules stand in order: each takes for granted what
those before it made sure of, so the first that does not hold is the one to name. Where columns disagree and nothing tells
which of them is right, all are blamed.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final, NamedTuple

import numpy as np

from searcher.arrays import Array
from searcher.storage.segment import Segment


class Rule(NamedTuple):
    """Something that holds of every sound segment.

    Attributes:
        columns: Names of those that may be wrong where it does not hold, with spaces between them.
        fault: What is the matter with them then.
        holds: Tells whether it does.
    """

    columns: str
    fault: str
    holds: Callable[[Segment], bool]


def first_fault(segment: Segment, rules: Iterable[Rule]) -> Iterator[tuple[str, str]]:
    """Find the first rule that does not hold.

    Args:
        segment: The segment.
        rules: Rules that build on each other.

    Yields:
        Name of a column and what is the matter with it, for each column that the rule blames.
    """
    for rule in rules:
        if not rule.holds(segment):
            yield from ((column, rule.fault) for column in rule.columns.split())
            return


def ascend_within(values: Array, starts: Array) -> bool:
    """Tell whether values ascend strictly from each start to the next."""
    ascends = values[1:] > values[:-1]
    edges = starts[(starts > 0) & (starts < len(values))].astype(np.int64)
    ascends[edges - 1] = True
    return bool(ascends.all())


def _divides(starts: str, divided: str, least: int, segment: Segment) -> bool:
    column = segment.columns[starts].astype(np.int64)
    is_whole = column[0] == 0 and column[-1] == len(segment.columns[divided])
    return bool(is_whole and (column[1:] >= column[:-1] + least).all())


def starts_rule(starts: str, divided: str, least: int = 0) -> Rule:
    """Give the rule of starts that divide a column into parts of so many entries at least."""
    fault = f"it does not ascend from 0 to the length of {divided}"
    return Rule(starts, fault, partial(_divides, starts, divided, least))


def _is_utf8(name: str, segment: Segment) -> bool:
    try:
        segment.columns[name].tobytes().decode()
    except UnicodeDecodeError:
        return False
    return True


def _has_feeds(name: str, segment: Segment) -> bool:
    n_feeds = int((segment.columns[name] == ord("\n")).sum())
    n_strings = len(segment.columns[f"{name}_starts"]) - 1
    return n_feeds == n_strings if name in _LINES else n_feeds >= n_strings


def _end_in_feeds(name: str, segment: Segment) -> bool:
    ends = segment.columns[f"{name}_starts"][1:].astype(np.int64) - 1
    return bool((segment.columns[name][ends] == ord("\n")).all())


def string_rules(name: str) -> tuple[Rule, ...]:
    """Give the rules of a column of strings, and of its starts."""
    return (
        starts_rule(f"{name}_starts", name, least=1),
        Rule(name, "it is not valid UTF-8", partial(_is_utf8, name)),
        Rule(name, "it does not have a line feed for each string", partial(_has_feeds, name)),
        Rule(
            f"{name}_starts" if name in _LINES else f"{name}_starts {name}",
            "a string does not begin behind a line feed",
            partial(_end_in_feeds, name),
        ),
    )


_LINES: Final = ("terms", "surfaces", "article_address")
"""Strings without line feeds."""
