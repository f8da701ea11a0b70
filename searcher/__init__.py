"""Full-text passage search for a folder of articles.

`ARCHITECTURE.md` lists the rooms from top to bottom. A room imports only rooms that stand lower:
`tests/meta/test_layers.py` holds that.

Glossary, one word a concept, here as in code, documentation and messages:

- *article*: one text with its metadata. *passage*: unit of retrieval, a span of an article.
- *chunk*: maximal run of non-whitespace, cut where it is very long (see `searcher.text.words.chunks`).
- *term*: the stem of a word. *surface*: the normalised word as written.
- *occurrence*: one term at one position of a passage. *posting*: one term in one passage. *position*: number of a word
  in its passage, from 0.
- *segment*: immutable part of an index. *column*: one array of it. *manifest*: which segments are live. *catalogue*: what
  was seen of each file. *tombstone*: mark of a dead article in a segment. *snapshot*: what a reader sees.
- *hit*: a passage found. *span*, *mark*: half-open stretch of an article's text, in code points. *snippet*: the part of
  a hit that is shown.
- *leaf*: part of a query tree without parts. *clause*: part that stands side by side with others. *loose word*: plain
  word that may be left out. *pattern*: word with a wildcard. *overlay*: second token over the same words.
- *tier*: hits that have all the words, or whose article has, or that have any. *heading*: title or keyword line. *lead*:
  passage shown for a heading. *engine*: what ranks the passages. *put in*: given by a program, not read from a file.
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
