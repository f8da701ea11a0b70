"""Full-text passage search for a folder of articles.

The rooms, from top to bottom. A room imports only rooms that stand lower; `tests/meta/test_layers.py` holds that.

1. `searcher.cli`: the command line. `searcher.api`, `searcher.watch`: what Python programs use.
2. `searcher.querying`: query tree and index to result.
3. `searcher.indexing`: articles to segments.
4. `searcher.engine`: what every engine is asked, and what it answers. `searcher.language`: text to query tree.
5. `searcher.storage`: bytes on disk.
6. `searcher.text`: articles to words and passages. `searcher.readers`: bytes to articles.
7. `searcher.model`, `searcher.errors`, `searcher.markup`: the values, what can go wrong, how text is shown.
   `searcher.arrays`: the types of arrays that all rooms use.

Glossary, one word a concept, here as in code, documentation and messages:

- *article*: one text with its metadata. *passage*: unit of retrieval, a span of an article.
- *chunk*: maximal run of non-whitespace, cut where it is very long (see `searcher.text.words.analysis`).
- *term*: the stem of a word. *surface*: the normalised word as written.
- *occurrence*: one term at one position of a passage. *posting*: one term in one passage. *position*: number of a word
  in its passage, from 0.
- *segment*: immutable part of an index. *column*: one array of it. *manifest*: which segments are live. *catalogue*: what
  was seen of each file. *tombstone*: mark of a dead article in a segment. *snapshot*: what a reader sees.
- *hit*: a passage found. *span*, *mark*: half-open stretch of an article's text, in code points. *snippet*: the part of
  a hit that is shown.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from searcher.api import Index, build_index, check_index, open_index, search
    from searcher.errors import (
        CorpusError,
        IndexCorruptError,
        IndexLockedError,
        IndexMissingError,
        IndexStateError,
        IndexVersionError,
        QueryError,
        SearcherError,
    )
    from searcher.model import Article, Hit, Kind, Note, Passage, SearchResult, Snippet, Span

__version__ = "0.1.0"

__all__ = [
    "Article",
    "CorpusError",
    "Hit",
    "Index",
    "IndexCorruptError",
    "IndexLockedError",
    "IndexMissingError",
    "IndexStateError",
    "IndexVersionError",
    "Kind",
    "Note",
    "Passage",
    "QueryError",
    "SearchResult",
    "SearcherError",
    "Snippet",
    "Span",
    "__version__",
    "build_index",
    "check_index",
    "open_index",
    "search",
]


_API = frozenset(["Index", "build_index", "check_index", "open_index", "search"])


def __getattr__(name: str) -> object:
    """Import what a name stands for when it is first used.

    The command line sets the environment before NumPy is loaded, which `searcher.api` does, and how often Python looks for
    garbage before anything else is.
    """
    if name in ("errors", "model"):
        return import_module(f"searcher.{name}")
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = "api" if name in _API else "errors" if name.endswith("Error") else "model"
    value = globals()[name] = getattr(import_module(f"searcher.{module}"), name)
    return value


def __dir__() -> list[str]:
    return __all__
