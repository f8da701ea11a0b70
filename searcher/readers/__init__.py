"""Readers: the bytes of a file in, its articles out. One module a format.

To read in this order:

- `searcher.readers.decoding`: bytes to text, whatever the encoding; the same for all text formats.
- `searcher.readers.plain`: text and Markdown files, their front matter, and the date in a file's name.

``FORMATS`` is the only place that says which reader takes which file. A reader gets the path of a file below the corpus folder, and
its bytes. It gives the articles, and a `searcher.model.Remark` on what it did not understand. Each article has the path as its ``file``.
A file that is one article gives it the path as its address too. A file of several gives each the path, ``/``, and a name that stays
the same as long as the article does. A reader opens no file itself, and raises ``UndecodableError`` if the bytes are not text.

A reader module is imported only when a file is read, because most queries find no changed file. ``_read_plain`` is the pattern.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

from searcher.errors import CorpusError
from searcher.model import Article, Remark

__all__ = ["FORMATS", "SUFFIXES", "Format", "read_articles", "suffix_of", "version_of"]


class Format(NamedTuple):
    """Files that one reader reads.

    Attributes:
        suffixes: Of their names, in lower case, with the dot.
        version: Of the reader. Raise it when the reader gives something else for the same bytes, and when a suffix gets another
            reader: the files are then read again.
        read: The reader.
    """

    suffixes: tuple[str, ...]
    version: int
    read: Callable[[str, bytes], Iterable[Article | Remark]]


def _read_plain(path: str, data: bytes) -> Iterator[Article | Remark]:
    from searcher.readers.plain import read_plain  # noqa: PLC0415  (not every run needs it)

    return read_plain(path, data)


FORMATS: Final = (Format((".txt", ".text", ".md", ".markdown"), 1, _read_plain),)
"""To add a format, add an entry."""

SUFFIXES: Final = {suffix: each for each in FORMATS for suffix in each.suffixes}
"""The format of each suffix."""

_VISIBLE: Final = re.compile(r"[^\s\ufeff]")


def suffix_of(name: str) -> str:
    """Give the suffix of a file name or address as ``SUFFIXES`` has it: in lower case, with its dot.

    >>> suffix_of("2020/Report.final.TXT")
    '.txt'
    """
    dot = name.rfind(".")  # called once a file: thirty times as fast as a Path
    return name[dot:].lower() if dot > 0 else ""


def version_of(address: str) -> int:
    """Give the version of the reader that reads a file, 0 if none does."""
    known = SUFFIXES.get(suffix_of(address))
    return known.version if known else 0


def read_articles(path: str, address: str, data: bytes) -> tuple[list[Article], list[Remark]]:
    """Make articles of the bytes of a file, with the reader that its suffix asks for.

    Args:
        path: The file, for the error; it is not opened.
        address: Its path below the corpus folder, with ``/``.
        data: All of its bytes.

    Returns:
        At least one article, sorted by address, and what was not understood. Articles without text are left out.

    Raises:
        CorpusError: The file is empty, binary, in no known encoding, or of a suffix without a reader, or it gives two
            articles one name. The message is one line: what, which file, what to do.
    """
    from searcher.readers.decoding import UndecodableError, is_binary  # noqa: PLC0415  (not every run needs it)

    def wrong(detail: str) -> CorpusError:
        return CorpusError(f"article {address!r} {detail}", Path(path))

    known = SUFFIXES.get(suffix_of(address))
    if known is None:
        raise wrong(f"is of no known format: convert it to one of {', '.join(sorted(SUFFIXES))}")
    try:
        given = [*known.read(address, data)]
    except UndecodableError as error:
        raise wrong(f"{error}: save it as UTF-8 text, or remove it") from error
    articles = sorted((each for each in given if isinstance(each, Article)), key=attrgetter("address"))
    if any(is_binary(article.text) for article in articles):
        raise wrong("is binary, not text: save it as UTF-8 text, or remove it")
    articles = [article for article in articles if _VISIBLE.search(article.text)]
    if not articles:
        raise wrong("is empty: give it text, or remove it")
    for article, other in pairwise(articles):
        if article.address == other.address:
            raise wrong(f"holds two articles {article.address!r}: give one another name")
    return articles, [each for each in given if isinstance(each, Remark)]
