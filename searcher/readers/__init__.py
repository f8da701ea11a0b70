"""Readers: the bytes of a file in, an ``Article`` out. One module a format.

To read in this order:

- ``decoding``: bytes to text, whatever the encoding; the same for all text formats.
- ``plain``: text and Markdown files, their front matter, and the date in a file's name.

``SUFFIXES`` is the only place that says which reader takes which file. A reader gets an address and the bytes, opens no
file itself, and raises ``UndecodableError`` where there is no text to be had. It is imported with the first file to read:
every query looks for changed files, and mostly there are none.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from searcher.errors import CorpusError
from searcher.model import Article

__all__ = ["SUFFIXES", "read_article", "suffix_of"]

Reader = Callable[[str, bytes], Article]


def _read_plain(address: str, data: bytes) -> Article:
    from searcher.readers.plain import read_plain  # noqa: PLC0415  (not every run needs it)

    return read_plain(address, data)


SUFFIXES: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        ".txt": _read_plain,
        ".text": _read_plain,
        ".md": _read_plain,
        ".markdown": _read_plain,
    }
)


_VISIBLE: Final = re.compile(r"[^\s\ufeff]")


def suffix_of(name: str) -> str:
    """Give the suffix of a file name or address as ``SUFFIXES`` has it: in lower case, with its dot.

    >>> suffix_of("2020/Report.final.TXT")
    '.txt'
    """
    dot = name.rfind(".")  # called once a file: thirty times as fast as a Path
    return name[dot:].lower() if dot > 0 else ""


def read_article(path: str, address: str, data: bytes) -> Article:
    """Make an article of the bytes of a file, with the reader that its suffix asks for.

    Args:
        path: The file, for the error; it is not opened.
        address: Its path below the corpus folder, with ``/``.
        data: All of its bytes.

    Returns:
        The article, its text exactly as decoded, byte order mark aside.

    Raises:
        CorpusError: The file is empty, binary, in no known encoding, or of a suffix without a reader. The message is
            one line: what, which article, what to do.
    """
    from searcher.readers.decoding import UndecodableError, is_binary  # noqa: PLC0415  (not every run needs it)

    reader = SUFFIXES.get(suffix_of(address))
    if reader is None:
        known = ", ".join(sorted(SUFFIXES))
        raise CorpusError(
            f"article {address!r} is of no known format: convert it to one of {known}", Path(path)
        )
    try:
        article = reader(address, data)
    except UndecodableError as error:
        raise CorpusError(
            f"article {address!r} {error}: save it as UTF-8 text, or remove it", Path(path)
        ) from error
    if is_binary(article.text):
        raise CorpusError(
            f"article {address!r} is binary, not text: save it as UTF-8 text, or remove it", Path(path)
        )
    if not _VISIBLE.search(article.text):
        raise CorpusError(f"article {address!r} is empty: give it text, or remove it", Path(path))
    return article
