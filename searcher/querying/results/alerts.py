"""Which of the passages that a query finds are news?

A passage is told by the lines of it in which something matched. It is news if one of these lines has not matched in its
article before, nor in an article that has just gone. So a renamed file is no news. Lines are compared, not passages. A new
paragraph moves the borders of the passages behind it, but their lines are not new.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from hashlib import blake2b

from searcher.model import Hit


def evidence(hit: Hit) -> frozenset[str]:
    """Give the lines in which something matched, space aside; all lines of a passage in which nothing is marked."""
    shown, marks = (hit.heading, hit.heading.marks) if hit.heading else (hit.passage, hit.marks)
    found = []
    start = shown.start
    for line in shown.text.splitlines(keepends=True):
        end = start + len(line)
        if not marks or any(mark.start < end and start < mark.end for mark in marks):
            found.append(" ".join(line.split()))
        start = end
    return frozenset(filter(None, found))


class News:
    """Remembers what one query has found, so that everything is news only once."""

    def __init__(self) -> None:
        self._known: set[bytes] = set()

    def among(self, after: Iterable[Hit], before: Iterable[Hit], gone: Collection[str]) -> tuple[Hit, ...]:
        """Pick the hits that are news, and number them anew.

        Args:
            after: What the query finds now in articles that have come or changed, best first.
            before: What it found, before that, in articles that have changed or gone; headings as they are.
            gone: Addresses of the articles that have gone.
        """
        moved: set[str] = set()
        for hit in before:
            self._known.update(_key(hit, line) for line in evidence(hit))
            moved |= evidence(hit) if hit.article.address in gone else set()
        found = [hit for hit in after if any(self._is_news(hit, line) for line in evidence(hit) - moved)]
        return tuple(replace(hit, rank=rank) for rank, hit in enumerate(found, 1))

    def _is_news(self, hit: Hit, line: str) -> bool:
        return _key(hit, line) not in self._known


def _key(hit: Hit, line: str) -> bytes:
    return blake2b(f"{hit.article.address}\n{line}".encode(), digest_size=16).digest()
