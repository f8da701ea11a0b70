"""Where do articles that come in any order lie until they are indexed by address?

They lie in a temporary file. Only their addresses stay in memory. The file is not mapped, because the pages of a mapping stay in
memory once they are read. It is not compressed: a short text takes longer to be compressed than to be written. The file is deleted
before the index takes the most room.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from searcher.indexing.change import NewArticle, next_numbers
from searcher.model import Article, Span
from searcher.storage.format import TEMPORARY, segment_name

_SIZE_BYTES: Final = 8


class UnsortedArticles:
    """A file of articles. First all articles are added, then all are read, once.

    Besides its address, an article takes 100 bytes of memory.

    Args:
        index: The index folder.
        generation: Number of the last commit, or 0.
    """

    def __init__(self, index: Path, generation: int) -> None:
        name = segment_name(next(next_numbers(index, generation)))
        self._path = index / f"{name}-articles{TEMPORARY}"
        self._file = self._path.open("x+b")
        self._n_bytes = 0
        self._starts: dict[str, int] = {}

    def add(self, address: str, fingerprint: str, content: bytes) -> None:
        """Add an article.

        Args:
            address: Its address, which no article so far may have.
            fingerprint: Hash of its content.
            content: As `searcher.indexing.change.content_of` gives it.
        """
        record = b"%s\n%s" % (fingerprint.encode(), content)
        self._starts[address] = self._n_bytes
        self._n_bytes += self._file.write(len(record).to_bytes(_SIZE_BYTES) + record)

    def by_address(self) -> Iterator[NewArticle]:
        """Give all articles, sorted by address. Then the file is deleted."""
        for address in sorted(self._starts):
            self._file.seek(self._starts[address])
            n_bytes = int.from_bytes(self._file.read(_SIZE_BYTES))
            fingerprint, told, text = self._file.read(n_bytes).split(b"\n", 2)
            values = json.loads(told)
            values["keywords"] = tuple(values["keywords"])
            values["title_span"] = values["title_span"] and Span(*values["title_span"])
            yield NewArticle(Article(text=text.decode(), **values), fingerprint.decode())
        self.close()

    def close(self) -> None:
        """Delete the file. If that fails, `searcher.indexing.lock` deletes it."""
        with suppress(OSError):  # a full disk does not matter any more
            self._file.close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
