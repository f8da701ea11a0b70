"""Which chunks are there, and what does analysis say of each?

Distinct chunks are numbered when they first appear, and looked at once; the tokens of a chunk are those of its core. A chunk
of at most 16 bytes is two integers, its bytes; a table in which the hash of these is the place finds the number of nearly
every chunk of a text with a few whole-array operations. What stands there is compared, so a number found is right. What is not
found, because it is new, or long, or another chunk has the same hash, is looked up in a dictionary.
"""

from array import array
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from searcher.indexing.vocabulary import KeyTable, Numbers
from searcher.text.analysis import Analyser, is_plain
from searcher.text.distinct import flags_and_cores
from searcher.text.parts import may_credit_each
from searcher.text.scan import Scan

BLOCK_CHUNKS: Final = 1 << 16
"""Chunks looked up at a time, so that the arrays stay in the cache of a core."""
N_SLOT_BITS: Final = 20
_N_BYTES: Final = 16
_MASKS: Final = np.array([(1 << 8 * n_bytes) - 1 for n_bytes in range(9)], np.uint64)
_SPREAD_LOW, _SPREAD_HIGH = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)

Array = npt.NDArray[Any]


class CoreTable:
    """Numbers distinct cores of chunks, and analyses each when it first appears.

    Args:
        analyser: Turns cores into tokens.
        keys: Numbers the keys of the tokens.

    Attributes:
        keys: As given.
        n_words: Positions, by core.
        n_tokens: Overlays counted, by core.
        token_key: Number of its key, by token, in the order of cores.
        token_position: Position within the core, by token.
    """

    def __init__(self, analyser: Analyser, keys: KeyTable) -> None:
        self._numbers = Numbers[str]()
        self._analyser = analyser
        self.keys = keys
        self.n_words, self.n_tokens = array("B"), array("B")
        self.token_key, self.token_position = array("I"), array("B")

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, cores: Iterable[str]) -> list[int]:
        """Give the numbers of some cores."""
        n_known = len(self._numbers)
        numbers = [*map(self._numbers.__getitem__, cores)]
        keys: list[str] = []
        positions: list[int] = []
        counts: list[tuple[int, int]] = []
        for core in self._numbers.newest(len(self._numbers) - n_known):
            if is_plain(core):
                keys.append(f"{self._analyser.term(core)}\n{core}")
                positions.append(0)
                counts.append((1, 1))
            else:
                tokens = self._analyser.tokens(core)
                keys += [f"{token.term}\n{token.surface}" for token in tokens]
                positions += [token.position for token in tokens]
                counts.append((len(tokens), positions[-1] + 1 if tokens else 0))
        n_tokens, n_words = zip(*counts, strict=True) if counts else ((), ())
        self.n_tokens.extend(n_tokens)
        self.n_words.extend(n_words)
        self.token_position.extend(positions)
        self.token_key.extend(map(self.keys.__getitem__, map(str.encode, keys)))
        return numbers


class ChunkTable:
    """Numbers distinct chunks in the order of their appearance, from 1, and holds what analysis says of each.

    Args:
        analyser: Turns chunks into tokens.
        keys: Numbers the keys of the tokens.

    Attributes:
        flags: Sentence flags, by chunk.
        may_credit: Whether it may be part of a picture credit, by chunk.
        core: Number of its core, by chunk.
        cores: What is known of cores.
    """

    def __init__(self, analyser: Analyser, keys: KeyTable) -> None:
        self._numbers = Numbers[bytes]()
        self._numbers[b""] = 0  # no chunk
        # By hash: number of the chunk that was last seen with it. By number: the bytes of a chunk.
        self._slots = np.zeros(1 << N_SLOT_BITS, np.uint32)
        self._low, self._high = np.zeros(1, np.uint64), np.zeros(1, np.uint64)
        self.flags, self.may_credit, self.core = array("B", [0]), array("B", [0]), array("I", [0])
        self.cores = CoreTable(analyser, keys)

    def __len__(self) -> int:
        return len(self._numbers) - 1

    def number(self, scan: Scan) -> Array:
        """Give the numbers of the chunks of some texts: uint32, shape (n_chunks,)."""
        # A zero byte could not be told from the end of a chunk; no UTF-8 has a byte of 0xFF.
        padded = scan.data.replace(b"\0", b"\xff")
        words = np.ndarray(len(padded) - 7, "<u8", padded, strides=(1,))
        numbers = np.empty(len(scan.chunk_starts), np.uint32)
        n_known = len(self._numbers)
        for first in range(0, len(numbers), BLOCK_CHUNKS):
            here = slice(first, first + BLOCK_CHUNKS)
            numbers[here] = self._number(scan.data, words, scan.chunk_starts[here], scan.chunk_ends[here])
        if len(self._numbers) > n_known:
            self._look_at(self._numbers.newest(len(self._numbers) - n_known))
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
        numbers[others] = [self._numbers[data[start:end]] for start, end in places]
        n_numbers = len(self._numbers)
        self._low, self._high = _longer(self._low, n_numbers), _longer(self._high, n_numbers)
        others = others[is_short[others]]
        found = numbers[others]
        self._slots[slots[others]], self._low[found], self._high[found] = found, low[others], high[others]
        return numbers

    def _look_at(self, new: list[bytes]) -> None:
        """Note what there is to know of the chunks numbered last."""
        chunks = b"\n".join(new).decode()
        flags, cores = flags_and_cores(chunks.split("\n"))
        self.flags.extend(flags)
        self.may_credit.extend(may_credit_each(chunks))
        self.core.extend(self.cores.number(cores))


def _longer(column: Array, n: int) -> Array:
    """Give a column of at least n entries, more than that if it must grow."""
    return column if n <= len(column) else np.concatenate([column, np.zeros(n, column.dtype)])
