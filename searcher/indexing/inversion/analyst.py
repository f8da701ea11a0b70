"""What does analysis say of chunks that are new?

The tokens of a chunk are those of its core, and distinct cores are analysed once. What is found goes back in columns, since whoever
asks may be another process: analysis takes a third of the time of indexing, and needs none of the texts.
"""

from typing import Final

import numpy as np

from searcher.arrays import Array
from searcher.indexing.inversion.key_table import KeyTable, Numbering, SortedKeys
from searcher.text.layout.distinct import flags_and_cores
from searcher.text.layout.kinds import may_credit_each
from searcher.text.words.analysis import Analyser, is_plain

CHUNKS: Final = "chunks"
"""What may be forgotten: chunks and their cores, which are numbered anew."""
KEYS: Final = "keys"
"""The same, and keys."""


class Analyst:
    """Analyses chunks, and numbers their cores and the keys of their tokens.

    Args:
        language: Language of the stemmer.
    """

    def __init__(self, language: str) -> None:
        self._analyser = Analyser(language)
        self._cores = Numbering[str]()
        self._keys = KeyTable()
        self._ended: list[SortedKeys] = []

    def look_at(self, chunks: bytes, forget: str = "") -> dict[str, Array]:
        """Say what there is to know of new chunks.

        Args:
            chunks: With line feeds between them.
            forget: `CHUNKS` or `KEYS`, if these are to be forgotten before.

        Returns:
            By name, what to add to the columns of `searcher.indexing.inversion.chunk_table.Facts`.
        """
        if forget:
            self._cores = Numbering[str]()
        if forget == KEYS:
            self._ended.append(self._keys.sorted())
            self._keys = KeyTable()
        if not chunks:
            return self._key_columns()
        flags, cores = flags_and_cores(chunks)
        n_known = len(self._cores)
        numbers = [*map(self._cores.__getitem__, cores)]
        return {
            "flags": flags,
            "may_credit": np.frombuffer(may_credit_each(chunks.decode()), np.uint8),
            "core": np.array(numbers, np.uint32),
            **self._analyse(self._cores.newest(len(self._cores) - n_known)),
            **self._key_columns(),
        }

    def keys(self) -> list[SortedKeys]:
        """Give all keys so far, in parts: those that have been forgotten, each time, and those that have not."""
        return [*self._ended, self._keys.sorted()]

    def _key_columns(self) -> dict[str, Array]:
        self._keys.sort()
        return {
            "key_order": self._keys.order.astype(np.uint32),
            "key_terms": self._keys.terms.astype(np.uint32),
        }

    def _analyse(self, cores: list[str]) -> dict[str, Array]:
        """Number the keys of the tokens of new cores."""
        keys: list[str] = []
        positions: list[int] = []
        n_tokens: list[int] = []
        n_words: list[int] = []
        self._analyser.learn(cores)
        for core in cores:
            if is_plain(core):
                keys.append(f"{self._analyser.term(core)}\n{core}")
                positions.append(0)
                n_tokens.append(1)
                n_words.append(1)
            else:
                tokens = self._analyser.tokens(core)
                keys += [f"{token.term}\n{token.surface}" for token in tokens]
                positions += [token.position for token in tokens]
                n_tokens.append(len(tokens))
                n_words.append(tokens[-1].position + 1 if tokens else 0)
        return {
            "n_words": np.array(n_words, np.uint8),
            "n_tokens": np.array(n_tokens, np.uint8),
            "token_key": np.array([*map(self._keys.__getitem__, map(str.encode, keys))], np.uint32),
            "token_position": np.array(positions, np.uint8),
        }
