"""Which chunks are there, and what is known of each?

Distinct chunks are numbered when they first appear; what analysis says of them comes later, in columns. A chunk of at most
16 bytes is two integers, its bytes; a table in which the hash of these is the place finds the number of nearly every chunk of
a text with a few whole-array operations. What stands there is compared, so a number found is right. What is not found,
because it is new, or long, or another chunk has the same hash, is looked up in a dictionary.

A zero byte could not be told from the end of a chunk, so one of 0xFF, which no UTF-8 has, stands for it here.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from searcher.arrays import Array
from searcher.indexing.inversion.key_table import Numbers
from searcher.text.layout.scan import PADDING, Scan

BLOCK_CHUNKS: Final = 1 << 16
"""Chunks looked up at a time, so that the arrays stay in the cache of a core."""
N_SLOT_BITS: Final = 20
_N_BYTES: Final = 16
_MASKS: Final = (np.tri(_N_BYTES + 1, _N_BYTES, -1, np.uint8) * np.uint8(0xFF)).view(np.uint64)
"""By the number of bytes of a chunk: what leaves these of sixteen."""
_SPREAD_LOW, _SPREAD_HIGH = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)

_REPLACED: Final = ("key_order", "key_terms")


class Facts:
    """What analysis says of the chunks that a `ChunkTable` has numbered; what it says of new ones is added.

    Attributes:
        flags: Sentence flags, by chunk.
        may_credit: Whether it may be part of a picture credit, by chunk.
        core: Number of its core, by chunk.
        n_words: Positions, by core.
        n_tokens: Overlays counted, by core.
        token_key: Number of its key, by token, in the order of cores.
        token_position: Position within the core, by token.
        key_order: Numbers of the keys, in the order of these.
        key_terms: The number of the term, by key.
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
        """Add what `searcher.indexing.inversion.analyst.Analyst.look_at` says of new chunks."""
        for name, column in new.items():
            setattr(self, name, column if name in _REPLACED else np.append(getattr(self, name), column))


class ChunkTable:
    """Numbers distinct chunks in the order of their appearance, from 1."""

    def __init__(self) -> None:
        self._numbers = Numbers[bytes]()
        self._numbers[b""] = 0  # no chunk
        # By hash: number of the chunk that was last seen with it. By number: the first bytes of a chunk.
        self._slots = np.zeros(1 << N_SLOT_BITS, np.uint32)
        self._pairs = np.zeros((1, 2), np.uint64)

    def __len__(self) -> int:
        return len(self._numbers) - 1

    def number(self, scan: Scan) -> Array:
        """Give the numbers of the chunks of some texts: uint32, shape (n_chunks,)."""
        data = scan.data.replace(b"\0", b"\xff")
        # Numbers of sixteen bytes, for there are no integers of so many.
        read = np.ndarray(len(data) - PADDING + 1, np.complex128, data, strides=(1,))
        numbers = np.empty(len(scan.chunk_starts), np.uint32)
        for first in range(0, len(numbers), BLOCK_CHUNKS):
            here = slice(first, first + BLOCK_CHUNKS)
            numbers[here] = self._number(data, read, scan.chunk_starts[here], scan.chunk_ends[here])
        return numbers

    def newest(self, n: int) -> bytes:
        """Give the chunks that were numbered last, in the order of the numbers, with line feeds between them."""
        return b"\n".join(self._numbers.newest(n)).replace(b"\xff", b"\0")

    def _number(self, data: bytes, read: Array, starts: Array, ends: Array) -> Array:
        sizes = ends - starts
        pairs = read[starts].view(np.uint64).reshape(-1, 2) & _MASKS.take(sizes, axis=0, mode="clip")
        spread = (pairs[:, 0] ^ pairs[:, 1] * _SPREAD_HIGH) * _SPREAD_LOW
        slots = (spread >> np.uint64(64 - N_SLOT_BITS)).astype(np.int64)
        numbers: Array = self._slots.take(slots)
        is_short = sizes <= _N_BYTES
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
