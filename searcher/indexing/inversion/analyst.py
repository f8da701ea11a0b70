"""What does analysis say of new chunks?

Chunks with the same core have the same tokens, so each distinct core is analysed once. The answer is a set of columns, because another
process may ask: analysis takes a third of the time of indexing, and does not need the texts.
"""

import numpy as np

from searcher.arrays import Array
from searcher.indexing.inversion.key_table import KeyTable, Numbering, SortedKeys
from searcher.text.layout.kinds import may_credit
from searcher.text.layout.sentences import flags
from searcher.text.words.analysis import Analyser, core_of, is_plain


class Analyst:
    """Analyses chunks, and numbers their cores and the keys of their tokens.

    Args:
        language: Language of the stemmer.
    """

    def __init__(self, language: str) -> None:
        self._analyser = Analyser(language)
        self._cores = Numbering[str]()
        self._keys = KeyTable()

    def look_at(self, chunks: bytes) -> dict[str, Array]:
        """Say everything that indexing needs to know of new chunks.

        Args:
            chunks: With line feeds between them.

        Returns:
            By name, what to add to the columns of `searcher.indexing.inversion.chunk_table.Facts`.
        """
        if not chunks:
            return self._key_columns()
        new = chunks.decode().split("\n")
        n_known = len(self._cores)
        numbers = [self._cores[core_of(chunk)] for chunk in new]
        return {
            "flags": np.array([*map(flags, new)], np.uint8),
            "may_credit": np.array([*map(may_credit, new)], np.uint8),
            "core": np.array(numbers, np.uint32),
            **self._analyse(self._cores.newest(len(self._cores) - n_known)),
            **self._key_columns(),
        }

    def keys(self) -> SortedKeys:
        """Give all keys so far."""
        return self._keys.sorted()

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
