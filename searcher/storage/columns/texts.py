"""What are the texts of a segment's articles? They lie compressed in one file, each in a frame of its own. The file is mapped."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from searcher.errors import IndexCorruptError
from searcher.storage.columns.archive import map_file

if TYPE_CHECKING:
    import zstandard


class Texts:
    """The texts of one segment. Safe to use from several threads.

    Args:
        path: The file.
        starts: int64, shape (n_articles + 1,): where each frame begins.

    Raises:
        IndexCorruptError: The file is missing, or is not as long as it should be.
    """

    def __init__(self, path: Path, starts: npt.NDArray[Any]) -> None:
        self._path = path
        self._starts = starts.data
        self._frames = map_file(path) if starts[-1] else b""
        if len(self._frames) != starts[-1]:
            detail = f"it has {len(self._frames)} bytes, not {starts[-1]}"
            raise IndexCorruptError(path.parent, path.name, detail)
        self._decompressors: list[zstandard.ZstdDecompressor] = []

    def read(self, number: int) -> str:
        """Read the text of one article; as `read_all`."""
        return self.read_all([number])[number]

    def read_all(self, numbers: Iterable[int]) -> dict[int, str]:
        """Read the texts of some articles.

        Raises:
            IndexCorruptError: One cannot be decompressed.
        """
        import zstandard  # noqa: PLC0415  (needed only once there is something to show)

        texts: dict[int, str] = {}
        try:
            decompressor = self._decompressors.pop()  # no two threads may use one at a time
        except IndexError:
            decompressor = zstandard.ZstdDecompressor()
        try:
            for number in numbers:
                frame = self._frames[self._starts[number] : self._starts[number + 1]]
                texts[number] = decompressor.decompress(frame, allow_extra_data=False).decode()
        except (zstandard.ZstdError, UnicodeDecodeError, MemoryError) as error:  # sizes too may be damaged
            detail = f"the text of article {number} cannot be read: {error or 'it claims too much memory'}"
            raise IndexCorruptError(self._path.parent, self._path.name, detail) from error
        self._decompressors.append(decompressor)
        return texts

    def frames(self, first: int, end: int) -> memoryview:
        """Give the compressed texts of a range of articles as they stand in the file."""
        return memoryview(self._frames)[self._starts[first] : self._starts[end]]
