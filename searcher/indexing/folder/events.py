"""When may the files of a corpus folder have changed?

The operating system says so, through watchfiles, which also waits until a burst of changes is over. Nothing here reads
the folder: `searcher.indexing.update` finds out what has changed, if anything. To be told too often does no harm. To be told too
seldom does. So the folder is watched afresh whenever changes may have been missed:

- when the folder has been replaced or has vanished;
- when folders in it are new, or may be readable now: the system may refuse to watch them, and does not say so;
- after very many changes;
- after a name that is not valid UTF-8.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from stat import S_ISDIR
from typing import Final, Protocol

from searcher.errors import CorpusError
from searcher.readers import SUFFIXES, suffix_of

STEP_MS: Final = 300
"""A burst is over when nothing else has changed for so long; at most twice this time."""
BURST_MS: Final = 5_000
"""A burst that does not end is cut here."""
MANY: Final = 1_000
"""So many changes at once may be more than the system's queue held, and new folders may be among what it lost."""


class Stop(Protocol):
    """What ends the watch: a `threading.Event`, or anything else that can tell whether it is set."""

    def is_set(self) -> bool:
        """Tell whether to end."""
        ...


def notice(corpus: Path, index: Path, stop: Stop, was_folder: Callable[[str], bool]) -> Iterator[bool]:
    """Tell every moment, until it is to end, whether articles may have changed since the moment before.

    Args:
        corpus: The corpus folder. It may vanish, and come back.
        index: The index folder; what happens in it does not count.
        stop: Looked at every moment.
        was_folder: Tells whether there were articles in a folder that is no more, by its address.

    Yields:
        True for "they may have", at first and whenever the folder is watched afresh; the folder is being watched then.

    Raises:
        CorpusError: The operating system does not watch the folder.
    """
    import watchfiles  # noqa: PLC0415  (nothing else needs it)

    excluded = index.resolve()
    is_lenient = False
    while not stop.is_set():
        identity = _identity(corpus)
        root = corpus.resolve()
        place = corpus if identity else next(parent for parent in corpus.parents if _is_folder(parent))
        bursts = watchfiles.watch(
            place,
            watch_filter=None,
            debounce=BURST_MS,
            step=STEP_MS,
            stop_event=stop,
            rust_timeout=STEP_MS,
            yield_on_timeout=True,
            recursive=place == corpus,
            # Of everything, not only of folders that must not be read, although it is called so.
            ignore_permission_denied=is_lenient,
        )
        is_fresh = True
        try:
            with closing(bursts):
                for burst in bursts:
                    paths = [path for _, path in burst if is_concerned(path, root, excluded, was_folder)]
                    yield is_fresh or bool(paths)
                    is_fresh = False
                    if len(burst) > MANY or any(map(_is_folder, paths)) or _identity(corpus) != identity:
                        break
        except (OSError, RuntimeError) as error:
            if isinstance(error, PermissionError) and not is_lenient:
                is_lenient = True
            elif _is_folder(place) and "decode" not in str(error):
                message = (
                    f"corpus folder {corpus} cannot be watched ({error}): have the system allow more watches, "
                    "or set WATCHFILES_FORCE_POLLING=1 to do without them"
                )
                raise CorpusError(message, corpus) from error


def is_concerned(changed: str, root: Path, index: Path, was_folder: Callable[[str], bool]) -> bool:
    """Tell whether a change may be one of articles.

    Args:
        changed: The path that has changed, appeared or vanished; perhaps by way of a symbolic link.
        root: The corpus folder, resolved.
        index: The index folder, resolved.
        was_folder: As of `notice`.
    """
    parent, name = os.path.split(changed)
    path = Path(os.path.realpath(parent), name)
    if path == root:
        return True
    if not path.is_relative_to(root) or path.is_relative_to(index):
        return False
    address = path.relative_to(root).as_posix()
    if any(part.startswith(".") for part in address.split("/")):
        return False
    return suffix_of(name) in SUFFIXES or _is_folder(path) or was_folder(address)


def _is_folder(path: str | Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - `Path.is_dir` raises where it is not allowed to look


def _identity(folder: Path) -> tuple[int, int, int] | None:
    """Give a value that changes if another folder takes the place of this one, or if its mode changes; None if there is no folder."""
    try:
        stat = folder.stat()
    except OSError:
        return None
    return (stat.st_dev, stat.st_ino, stat.st_mode) if S_ISDIR(stat.st_mode) else None
