"""Which loops step through postings, positions and letters one by one?

They are typed Python. Where there is a C compiler when the package is installed, Cython compiles them. Where there is none, Python runs
them as they are: the answers are the same to the last bit, some hundred times later. Numbers and columns go in, numbers come out. No
module here knows files, NumPy or queries.

The compiled modules hold the hash of the source that they were made from. If the source has changed since, importing fails, so that an
edited source never runs as it was. ``SEARCHER_KERNEL=python`` in the environment makes Python run the source, compiled or not.

In the order to read them:

- `searcher.kernel.pure`: what the modules use of Cython.
- `searcher.kernel.lexicon`: where a string stands among sorted strings.
- `searcher.kernel.postings`: which passages hold a word.
- `searcher.kernel.search`: which passages match some words, and which of them are the best.
- `searcher.kernel.source`: the hash of the source.
"""

import os
import sys
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, SourceFileLoader
from pathlib import Path
from typing import Final

from searcher.kernel.source import source_hash

_FOLDER: Final = Path(__file__).parent
REMEDY: Final = "install a C compiler, then install the package again"
"""What helps where Python runs the source."""

if os.environ.get("SEARCHER_KERNEL") == "python":
    # This finder, for this folder, sees no compiled modules.
    sys.path_importer_cache[str(_FOLDER)] = FileFinder(str(_FOLDER), (SourceFileLoader, SOURCE_SUFFIXES))

from searcher.kernel import lexicon  # noqa: E402  (found by the finder above)

_BUILT_FROM: Final = lexicon.BUILT_FROM.decode()
COMPILED: Final = bool(_BUILT_FROM)
"""Whether the kernel is compiled."""
if COMPILED and source_hash(_FOLDER) != _BUILT_FROM:
    raise ImportError(
        "the kernel was compiled from another source than is in this folder: install the package again "
        "(pip install -e .), or set SEARCHER_KERNEL=python",
        path=str(_FOLDER),
    )
