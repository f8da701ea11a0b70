"""What can go wrong, as one tree.

::

    SearcherError
    ├── CorpusError            folder missing, article unreadable        .path
    ├── QueryError             cannot be understood even leniently       .query .position
    └── IndexStateError                                                  .path
        ├── IndexMissingError    nothing built here yet
        ├── IndexVersionError    written by another version              .found .supported
        ├── IndexCorruptError    damaged                                 .file .detail
        └── IndexLockedError     another writer holds it                 .holder

Every message is one line: what happened, to which file, what to do about it.
"""

from pathlib import Path


class SearcherError(Exception):
    """The root: catch this to catch everything this package raises on purpose."""


class CorpusError(SearcherError):
    """A folder of articles, or one article, cannot be read."""

    def __init__(self, message: str, path: Path) -> None:
        super().__init__(message)
        self.path = path


class QueryError(SearcherError):
    """A query cannot be understood, even leniently.

    Attributes:
        query: The query as typed.
        position: Code point of ``query`` at which the trouble begins.
    """

    def __init__(self, message: str, query: str, position: int = 0) -> None:
        super().__init__(message)
        self.query = query
        self.position = position


class IndexStateError(SearcherError):
    """The index folder is not in a state that allows what was asked."""

    def __init__(self, message: str, path: Path) -> None:
        super().__init__(message)
        self.path = path


class IndexMissingError(IndexStateError):
    """No index has been built in this folder."""


class IndexVersionError(IndexStateError):
    """The index was written in a format that this version does not read. Rebuild it.

    Attributes:
        found: Format version of the index.
        supported: Format version that this package reads.
    """

    def __init__(self, message: str, path: Path, *, found: int, supported: int) -> None:
        super().__init__(message, path)
        self.found = found
        self.supported = supported


class IndexCorruptError(IndexStateError):
    """A file of the index is damaged or missing.

    Usual reasons are a copy that stopped half-way and a failing disk. The articles are untouched: an index can
    always be rebuilt from them.

    Attributes:
        file: Name of the damaged file.
        detail: What is wrong with it.
    """

    def __init__(self, path: Path, file: str, detail: str) -> None:
        # Without a manifest there is no telling which folder the index was built from.
        corpus = "CORPUS " if file == "manifest.json" else ""
        super().__init__(
            f"index file {path / file} is damaged ({detail}); "
            f"rebuild with: searcher index {corpus}--rebuild --index {path}",
            path,
        )
        self.file = file
        self.detail = detail


class IndexLockedError(IndexStateError):
    """Another process is writing to the index.

    Attributes:
        holder: What is known of that process, in words.
    """

    def __init__(self, message: str, path: Path, *, holder: str) -> None:
        super().__init__(message, path)
        self.holder = holder
