"""Which distinct chunks occur, and what is known about each?

A chunk gets a number when it first occurs. Analysis gives its facts later, in columns.

The bytes of a chunk of at most 16 bytes are two integers. A hash of the two is a place in a table of numbers, so that a
few whole-array operations find the numbers of nearly all chunks of a text. The bytes of the chunk found are compared, so
the number is right. The other chunks are looked up in a dictionary: new chunks, long chunks, and chunks with the hash of
another chunk.

Zero bytes fill up a chunk to 16 bytes. A zero byte of the text is therefore replaced by 0xFF, which never occurs in UTF-8.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from searcher.arrays import Array
from searcher.indexing.inversion.key_table import Numbering
from searcher.text.layout.scan import PADDING, Scan

BLOCK_CHUNKS: Final = 1 << 16
"""Chunks looked up at a time. The arrays then stay in the cache of a core: indexing takes 8 % less time and 36 MB less."""
HASH_BITS: Final = 20
"""The table has 2 to the power of this many places. With 16 bits indexing takes 18 % more time."""
_SHORT_BYTES: Final = 16
"""Chunks with more bytes are always looked up in the dictionary."""
_MASKS: Final = (np.tri(_SHORT_BYTES + 1, _SHORT_BYTES, -1, np.uint8) * np.uint8(0xFF)).view(np.uint64)
"""For each number of bytes: a mask that keeps so many of 16 bytes."""
_SPREAD_LOW, _SPREAD_HIGH = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)

_REPLACED: Final = ("key_order", "key_terms")


class Facts:
    """The facts of the chunks that a `ChunkTable` has numbered. The facts of new chunks are added at the end.

    Attributes:
        flags: By chunk: its sentence flags.
        may_credit: By chunk: whether the chunk may be part of a picture credit.
        core: By chunk: the number of its core.
        n_words: By core: how many positions it takes.
        n_tokens: By core: how many tokens it has, overlays included.
        token_key: By token, in the order of cores: the number of its key.
        token_position: By token: its position in the core.
        key_order: The numbers of all keys, in the order of the keys.
        key_terms: By key: the number of its term.
    """

    def __init__(self) -> None:
        # Number 0 is no chunk.
        self.flags, self.may_credit, self.core = (
            np.zeros(1, np.uint8),
            np.zeros(1, np.uint8),
            np.zeros(1, np.uint32),
        )
        self.n_words, self.n_tokens = np.zeros(0, np.uint8), np.zeros(0, np.uint8)
        self.token_key, self.token_position = np.zeros(0, np.uint32), np.zeros(0, np.uint8)
        self.key_order, self.key_terms = np.zeros(0, np.uint32), np.zeros(0, np.uint32)

    def add(self, new: Mapping[str, Array]) -> None:
        """Add the columns that `searcher.indexing.inversion.analyst.Analyst.look_at` gives for new chunks."""
        for name, column in new.items():
            setattr(self, name, column if name in _REPLACED else np.append(getattr(self, name), column))


class ChunkTable:
    """Numbers distinct chunks from 1, in the order in which they first occur."""

    def __init__(self) -> None:
        self._numbers = Numbering[bytes]()
        self._numbers[b""] = 0  # no chunk
        # `_slots`: for each hash, the number of the last chunk with this hash. `_pairs`: for each number, the chunk's bytes.
        self._slots = np.zeros(1 << HASH_BITS, np.uint32)
        self._pairs = np.zeros((1, 2), np.uint64)

    def __len__(self) -> int:
        return len(self._numbers) - 1

    def number(self, scan: Scan) -> Array:
        """Give the number of each chunk of some texts: uint32, shape (n_chunks,)."""
        data = scan.data.replace(b"\0", b"\xff")
        # A complex number has 16 bytes; no integer of NumPy has so many.
        read = np.ndarray(len(data) - PADDING + 1, np.complex128, data, strides=(1,))
        numbers = np.empty(len(scan.chunk_starts), np.uint32)
        for first in range(0, len(numbers), BLOCK_CHUNKS):
            here = slice(first, first + BLOCK_CHUNKS)
            numbers[here] = self._number(data, read, scan.chunk_starts[here], scan.chunk_ends[here])
        return numbers

    def newest(self, n: int) -> bytes:
        """Give the last ``n`` chunks, in the order of their numbers, with line feeds between them."""
        return b"\n".join(self._numbers.newest(n)).replace(b"\xff", b"\0")

    def _number(self, data: bytes, read: Array, starts: Array, ends: Array) -> Array:
        sizes = ends - starts
        pairs = read[starts].view(np.uint64).reshape(-1, 2) & _MASKS.take(sizes, axis=0, mode="clip")
        spread = (pairs[:, 0] ^ pairs[:, 1] * _SPREAD_HIGH) * _SPREAD_LOW
        slots = (spread >> np.uint64(64 - HASH_BITS)).astype(np.int64)
        numbers: Array = self._slots.take(slots)
        is_short = sizes <= _SHORT_BYTES
        is_same = self._pairs.take(numbers, axis=0) == pairs
        others = (~(is_same[:, 0] & is_same[:, 1] & is_short)).nonzero()[0]
        chunks = pairs[others].view("S16").ravel().tolist()
        is_short = is_short[others]
        for place in (~is_short).nonzero()[0].tolist():
            chunks[place] = data[starts[others[place]] : ends[others[place]]]
        found = np.fromiter(map(self._numbers.__getitem__, chunks), np.uint32, len(chunks))
        numbers[others] = found
        if len(self._numbers) > len(self._pairs):
            self._pairs = np.concatenate([self._pairs, np.zeros((len(self._numbers), 2), np.uint64)])
        others, found = others[is_short], found[is_short]
        self._slots[slots[others]], self._pairs[found] = found, pairs[others]
        return numbers
