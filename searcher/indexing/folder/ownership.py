"""Which folder may an index be in, and which folder of articles does it belong to?

An index belongs to one corpus folder, which the manifest records. None is begun in a folder that holds anything foreign,
and only files whose names the format owns are ever deleted.
"""

from pathlib import Path

from searcher.errors import CorpusError, IndexStateError
from searcher.storage import files
from searcher.storage.format import MANIFEST
from searcher.storage.manifest import exists, read_manifest


def corpus_of(index: Path, corpus: Path | None, *, may_change: bool = False) -> Path:
    """Tell which corpus folder an index is, or is to be, built from.

    Args:
        index: The index folder.
        corpus: The folder asked for, or None for the recorded one.
        may_change: The index is to be rebuilt, from another folder if need be.

    Raises:
        CorpusError: The index belongs to another folder, or to none.
    """
    is_bound = exists(index) and not may_change
    recorded = read_manifest(index).corpus if is_bound else None
    if is_bound and recorded is None and corpus is not None:
        raise CorpusError(
            f"the index in {index} holds articles from Python, not those of a folder; "
            f"use another folder with --index, or build it anew: searcher index {corpus} --rebuild --index {index}",
            corpus,
        )
    if corpus is None:
        if recorded is None:
            raise CorpusError(
                f"the index in {index} has no corpus folder; name one with --corpus FOLDER", index
            )
        return Path(recorded)
    if recorded is not None and corpus.resolve() != Path(recorded):
        raise CorpusError(
            f"the index in {index} belongs to {recorded}, not to {corpus.resolve()}; "
            f"use another folder with --index, or build it anew: searcher index {corpus} --rebuild --index {index}",
            corpus,
        )
    return corpus.resolve()


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
