"""What is there to know of distinct chunks, many of them at a time?

The same as `searcher.text.layout.sentences.flags` and `searcher.text.words.analysis.core_of` say of one. Most chunks are a word with signs
around it, and few words mean anything to the ends of sentences, so that what one such chunk is to them, all are that have the same
signs: two letters stand for all others of their case, and are asked about once.
"""

from functools import lru_cache
from itertools import compress
from string import ascii_uppercase
from typing import Final

import numpy as np

from searcher.arrays import Array
from searcher.text.layout.sentences import MENTIONED, flags
from searcher.text.words.analysis import ACRONYMS
from searcher.text.words.bytewise import between, lines, table
from searcher.text.words.words import EDGES

_CASE: Final = ord("x") - ord("X")

_flags = lru_cache(maxsize=1 << 14)(flags)
_CAPITAL: Final = table(ascii_uppercase)
_LETTER: Final = _CAPITAL | np.roll(_CAPITAL, _CASE)
_EDGE: Final = table("".join(filter(str.isascii, EDGES)))
# Those that are not ASCII have three bytes, of which these are the first two.
_WIDE: Final = b"\xe2\x80"
_WIDE_EDGES: Final = [sign.encode().removeprefix(_WIDE)[0] for sign in EDGES if not sign.isascii()]


def flags_and_cores(chunks: bytes) -> tuple[Array, list[str]]:
    r"""Give the sentence flags of chunks, and their cores.

    Args:
        chunks: In UTF-8, with line feeds between them.

    >>> found, cores = flags_and_cores("“Wars,”\nU.S.\nGen.".encode())
    >>> found.tolist(), cores
    ([4, 6, 4], ['wars', 'U.S', 'gen'])
    """
    codes = np.frombuffer(chunks + b"\n", np.uint8)
    ends = (codes == ord("\n")).nonzero()[0]
    starts, stops = _cores(codes, ends)
    others = (~_LETTER.take(codes)).nonzero()[0]
    words = ((starts < stops) & (others.searchsorted(starts) == others.searchsorted(stops))).nonzero()[0]

    is_capital = _CAPITAL.take(codes) & between(starts[words], stops[words], len(codes))
    kept = between(starts, stops, len(codes))
    kept[ends] = True
    cores = lines(codes + is_capital * np.uint8(_CASE), kept)
    lower = [cores[word] for word in words.tolist()]
    for word in compress(words.tolist(), map(ACRONYMS.__contains__, lower)):
        cores[word] = chunks[starts[word] : stops[word]].decode()

    is_mentioned = np.fromiter(map(MENTIONED.__contains__, lower), np.bool_, len(lower))
    like = words[~is_mentioned & (stops[words] - starts[words] > 1)]
    starts, stops = starts[like], stops[like]
    alike = codes.copy()
    for letters in (starts, starts + 1):
        alike[letters] = ord("X") | codes[letters] & _CASE
    asked = lines(alike, ~between(starts + 2, stops, len(codes)))
    is_like = np.zeros(len(asked), np.bool_)
    is_like[like] = True
    found = np.empty(len(asked), np.uint8)
    found[is_like] = [*map(_flags, compress(asked, is_like.tolist()))]
    found[~is_like] = [*map(flags, compress(asked, (~is_like).tolist()))]
    return found, cores


def _cores(codes: Array, ends: Array) -> tuple[Array, Array]:
    """Give where the core of each chunk begins and ends; where nothing is left of one, both are the same."""
    is_edge = _EDGE.take(codes)
    is_edge[ends] = True
    wide = (codes == _WIDE[0]).nonzero()[0]
    wide = wide[(codes[wide + 1] == _WIDE[1]) & np.isin(codes[wide + 2], _WIDE_EDGES)]
    for byte in range(3):
        is_edge[wide + byte] = True
    inner = (~is_edge).nonzero()[0]
    first, behind = inner.searchsorted(np.append(0, ends[:-1])), inner.searchsorted(ends)
    starts = np.minimum(np.append(inner, len(codes))[first], ends)
    return starts, np.maximum(starts, np.append(-1, inner)[behind] + 1)
