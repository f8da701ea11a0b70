"""Which chunks are there, and what does analysis say of each?

Distinct chunks are numbered when they first appear, and analysed once. A chunk of at most 16 bytes is two integers, its
bytes; a table in which the hash of these is the place finds the number of nearly every chunk of a text with a few
whole-array operations. What stands there is compared, so a number found is right. What is not found, because it is
new, or long, or another chunk has the same hash, is looked up in a dictionary.
"""

from array import array
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from searcher.text.analysis import Analyser, core_of
from searcher.text.parts import may_credit
from searcher.text.scan import Scan
from searcher.text.sentences import flags

BLOCK_CHUNKS: Final = 1 << 16
"""Chunks looked up at a time, so that the arrays stay in the cache of a core."""
N_SLOT_BITS: Final = 20
_N_BYTES: Final = 16
_MASKS: Final = np.array([(1 << 8 * n_bytes) - 1 for n_bytes in range(9)], np.uint64)
_SPREAD_LOW, _SPREAD_HIGH = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)

Array = npt.NDArray[Any]


class ChunkTable:
    """Numbers distinct chunks in the order of their appearance, from 1, and holds what analysis says of each.

    Args:
        analyser: Turns chunks into tokens.

    Attributes:
        n_words: Positions, by chunk.
        flags: Sentence flags, by chunk.
        may_credit: By chunk: whether it may be part of a picture credit.
        first_token: Number of its first token, by chunk.
        n_tokens: Overlays counted, by chunk.
        token_key: Number of its key, by token.
        token_position: Position within the chunk, by token.
        key_numbers: Number by key: term, line feed, surface, as bytes.
    """

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser
        self._numbers = _Numbers()
        self._cores: dict[str, tuple[int, int, int]] = {}
        # Number of the chunk that was last seen with a hash. 0 is no chunk.
        self._slots = np.zeros(1 << N_SLOT_BITS, np.uint32)
        self._low, self._high = np.zeros(1, np.uint64), np.zeros(1, np.uint64)
        self.n_words, self.flags, self.may_credit = array("B", [0]), array("B", [0]), array("B", [0])
        self.first_token, self.n_tokens = array("I", [0]), array("H", [0])
        self.token_key, self.token_position = array("I"), array("B")
        self.key_numbers: dict[bytes, int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, scan: Scan) -> Array:
        """Give the numbers of the chunks of some texts: uint32, shape (n_chunks,)."""
        # A zero byte could not be told from the end of a chunk; no UTF-8 has a byte of 0xFF.
        data = scan.data.replace(b"\0", b"\xff")
        words = np.ndarray(len(data) - 7, "<u8", data, strides=(1,))
        numbers = np.empty(len(scan.chunk_starts), np.uint32)
        for first in range(0, len(numbers), BLOCK_CHUNKS):
            here = slice(first, first + BLOCK_CHUNKS)
            numbers[here] = self._number(data, words, scan.chunk_starts[here], scan.chunk_ends[here])
        return numbers

    def _number(self, data: bytes, words: Array, starts: Array, ends: Array) -> Array:
        sizes = ends - starts
        low = words[starts] & _MASKS.take(sizes, mode="clip")
        high = words[starts + 8] & _MASKS.take(sizes - 8, mode="clip")
        slots = ((low ^ high * _SPREAD_HIGH) * _SPREAD_LOW >> np.uint64(64 - N_SLOT_BITS)).astype(np.int64)
        numbers: Array = self._slots.take(slots)
        is_short = sizes <= _N_BYTES
        is_found = is_short & (self._low.take(numbers) == low) & (self._high.take(numbers) == high)
        others = (~is_found).nonzero()[0]
        places = zip(starts[others].tolist(), ends[others].tolist(), strict=True)
        numbers[others] = list(map(self._numbers.__getitem__, [data[start:end] for start, end in places]))
        self._analyse(self._numbers.take_new())
        self._low, self._high = _longer(self._low, len(self) + 1), _longer(self._high, len(self) + 1)
        others = others[is_short[others]]
        found = numbers[others]
        self._slots[slots[others]], self._low[found], self._high[found] = found, low[others], high[others]
        return numbers

    def _analyse(self, chunks: list[bytes]) -> None:
        for chunk in chunks:
            text = chunk.replace(b"\xff", b"\0").decode()
            self.flags.append(flags(text))
            self.may_credit.append(may_credit(text))
            core = core_of(text)
            first_token, n_tokens, n_words = self._cores.get(core) or self._analyse_core(core)
            self.first_token.append(first_token)
            self.n_tokens.append(n_tokens)
            self.n_words.append(n_words)

    def _analyse_core(self, core: str) -> tuple[int, int, int]:
        """Give the first token of a core, the number of its tokens, and that of its words."""
        tokens = self._analyser.tokens(core)
        n_words = len(tokens) - sum(token.is_overlay for token in tokens)
        found = self._cores[core] = len(self.token_key), len(tokens), n_words
        for token in tokens:
            key = f"{token.term}\n{token.surface}".encode()
            self.token_key.append(self.key_numbers.setdefault(key, len(self.key_numbers)))
            self.token_position.append(token.position)
        return found


class _Numbers(dict[bytes, int]):
    """Numbers chunks from 1, and keeps a list of the new ones."""

    def __init__(self) -> None:
        super().__init__()
        self._new: list[bytes] = []

    def __missing__(self, chunk: bytes) -> int:
        self._new.append(chunk)
        number = self[chunk] = len(self) + 1
        return number

    def take_new(self) -> list[bytes]:
        """Give the chunks that were numbered since this was last asked."""
        new, self._new = self._new, []
        return new


def _longer(column: Array, n: int) -> Array:
    """Give a column of at least n entries, twice as long if it must grow."""
    return column if n <= len(column) else np.concatenate([column, np.zeros(n, column.dtype)])
