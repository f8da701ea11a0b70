"""Which loops step through postings, positions and letters one by one?

They are typed Python. Where there is a C compiler when the package is installed, Cython compiles them. Where there is none, Python runs
them as they are: the answers are the same to the last bit, some hundred times later. Numbers and columns go in, numbers come out. No
module here knows files, NumPy or queries.

The compiled modules lie in a folder that is named after their source. If the source has changed since, importing fails, so that an
edited source never runs as it was. ``SEARCHER_KERNEL=python`` in the environment makes Python run the source, compiled or not. Processes
inherit the environment, so those that help this one do the same.

In the order to read them:

- `searcher.kernel.pure`: what the modules use of Cython.
- `searcher.kernel.lexicon`: where a string stands among sorted strings.
- `searcher.kernel.postings`: which passages hold a word.
- `searcher.kernel.search`: which passages match some words, and which of them are the best.
- `searcher.kernel.gathering`: where the words stand that fit a pattern.
- `searcher.kernel.places`: where words stand side by side.
- `searcher.kernel.closeness`: where words stand close to each other.
- `searcher.kernel.source`: which modules are compiled, and from which source.
"""

import os
from importlib.machinery import PathFinder
from typing import Final

from searcher.errors import SearcherError
from searcher.kernel.source import compiled_modules, library

_folder = os.path.dirname(__file__)
_built = [name for name in os.listdir(_folder) if name.startswith("compiled-")]
COMPILED: Final = bool(_built) and os.environ.get("SEARCHER_KERNEL") != "python"
"""Whether the compiled modules run, and not their source."""
REMEDY: Final = (
    ""
    if COMPILED
    else "unset SEARCHER_KERNEL"
    if _built
    else "install a C compiler, then install searcher again"
)
"""What to do where the source runs; empty where it does not."""

if COMPILED:
    _library = f"{_folder}/{library(_folder)}"
    if not all(PathFinder.find_spec(f"{__name__}.{name}", [_library]) for name in compiled_modules(_folder)):
        raise SearcherError(
            f"the kernel in {_folder} was compiled from another source, or for another Python: install searcher again "
            "(in a clone: pip install -e .), or set SEARCHER_KERNEL=python"
        )
    __path__.insert(0, _library)
