"""Which folder may an index be in?

No index is begun in a folder that holds anything foreign, and only files whose names the format owns are ever deleted.
"""

from pathlib import Path

from searcher.errors import IndexStateError
from searcher.storage import files
from searcher.storage.format import MANIFEST
from searcher.storage.manifest import exists


def check_folder(index: Path) -> None:
    """Refuse to use as an index a folder that holds anything else.

    Raises:
        IndexStateError: It is not a folder, or holds foreign files.
    """
    if index.exists() and not index.is_dir():
        raise IndexStateError(f"{index} is a file; name a folder with --index", index)
    if index.is_dir() and not exists(index):
        foreign = [MANIFEST] if (index / MANIFEST).exists() else files.foreign_names(index)
        if foreign:
            raise IndexStateError(
                f"{index} holds {foreign[0]!r} and is no index; name an empty or new folder with --index",
                index,
            )
