"""What can go wrong? All errors, as one tree.

::

    SearcherError
    ├── CorpusError            folder missing, article unreadable        .path
    ├── QueryError             cannot be understood even leniently       .query .position
    └── IndexStateError                                                  .path
        ├── IndexMissingError    nothing built here yet
        ├── IndexVersionError    written by another version              .found .supported
        ├── IndexCorruptError    damaged                                 .file .detail
        └── IndexLockedError     another writer holds it                 .holder

Every message is one line. It says what happened, to which file, and what to do.
"""

from pathlib import Path


class SearcherError(Exception):
    """The root of the tree. Catch it to catch every error that this package raises on purpose."""


class CorpusError(SearcherError):
    """A folder of articles, or one article, cannot be read."""

    def __init__(self, message: str, path: Path) -> None:
        super().__init__(message)
        self.path = path


class QueryError(SearcherError):
    """A query cannot be understood, even leniently.

    Attributes:
        query: The query as typed.
        position: The code point of ``query`` at which the error begins.
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
    """The index has a format that this version of the package does not read. Rebuild the index.

    Attributes:
        found: The format version of the index.
        supported: The format version that this package reads.
    """

    def __init__(self, message: str, path: Path, *, found: int, supported: int) -> None:
        super().__init__(message, path)
        self.found = found
        self.supported = supported


class IndexCorruptError(IndexStateError):
    """A file of the index is damaged or missing.

    The usual reasons are a copy that stopped half-way and a failing disk. The articles are not affected, so the index
    can be rebuilt from them.

    Attributes:
        file: The name of the damaged file.
        detail: What is wrong with it.
    """

    def __init__(self, path: Path, file: str, detail: str) -> None:
        # Only the manifest says from which folder the index was built.
        corpus = "CORPUS " if file == "manifest.json" else ""
        super().__init__(
            f"index file {path / file} is damaged ({detail}); "
            f"rebuild with: searcher index {corpus}--rebuild --index {path}",
            path,
        )
        self.file = file
        self.detail = detail


class IndexLockedError(IndexStateError):
    """Another process, which ``holder`` describes, is writing to the index."""

    def __init__(self, message: str, path: Path, *, holder: str) -> None:
        super().__init__(message, path)
        self.holder = holder
