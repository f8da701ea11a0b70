"""Where does a byte string stand among sorted ones? What the strings mean is not known here.

A list of strings is two arrays: their bytes, each string followed by a line feed, and where each begins.
"""

from array import array
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from searcher.kernel.lexicon import Lexicon

Blob = npt.NDArray[np.uint8]
Starts = npt.NDArray[np.uint32]


def pack(strings: Iterable[bytes]) -> tuple[Blob, Starts]:
    r"""Lay strings out as two columns.

    Args:
        strings: Byte strings; in order, if they are to be found by `find`.

    Returns:
        uint8, shape (n_bytes,), and uint32, shape (n_strings + 1,).

    Raises:
        ValueError: Together they take 4 GiB or more.

    >>> blob, starts = pack([b"a", b"bc"])
    >>> blob.tobytes(), starts.tolist()
    (b'a\nbc\n', [0, 2, 5])
    """
    packing = Packing()
    packing.add([*strings])
    return packing.columns()


class Packing:
    """Strings that are laid out as `pack` does. Add them a few at a time: only their bytes are kept."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._sizes = array("I")
        self._n_bytes = 0

    def __len__(self) -> int:
        return len(self._sizes)

    def add(self, strings: Sequence[bytes]) -> None:
        """Add strings.

        Raises:
            ValueError: As `pack`.
        """
        sizes = [len(string) + 1 for string in strings]
        self._n_bytes += sum(sizes)
        if self._n_bytes >= 1 << 32:
            raise ValueError(
                f"{len(self) + len(sizes)} strings take {self._n_bytes} bytes; "
                "a segment holds less than 4 GiB of them"
            )
        self._sizes.extend(sizes)
        self._data += b"".join(string + b"\n" for string in strings)

    def columns(self) -> tuple[Blob, Starts]:
        """Give the columns. Nothing may be added after that."""
        starts = np.zeros(len(self) + 1, np.uint32)
        np.cumsum(np.array(self._sizes, np.uint32), out=starts[1:], dtype=np.uint32)
        return np.frombuffer(self._data, np.uint8), starts


class Strings:
    """Read-only view of two columns as a sequence of byte strings.

    Args:
        blob: uint8, the bytes.
        starts: uint32, shape (n_strings + 1,).
    """

    def __init__(self, blob: Blob, starts: Starts) -> None:
        self.blob = blob
        self.starts = starts
        self._bytes = blob.data
        self._starts = starts.data

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, number: int) -> bytes:
        return bytes(self._bytes[self._starts[number] : self._starts[number + 1] - 1])

    def text(self, number: int) -> str:
        """Give a string as text."""
        return str(self._bytes[self._starts[number] : self._starts[number + 1] - 1], "utf-8")

    def lower_bound(self, string: bytes) -> int:
        """Give the number of the first string that is not less than this one, in sorted strings."""
        return self._lexicon.lower_bound(string)

    def find(self, string: bytes) -> int:
        """Give the number of the first string equal to this one, in sorted strings, or -1.

        >>> Strings(*pack([b"a", b"bc"])).find(b"bc"), Strings(*pack([b"a", b"bc"])).find(b"b")
        (1, -1)
        """
        return self._lexicon.find(string)

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(self._bytes, self._starts)
