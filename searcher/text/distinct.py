"""What is there to know of distinct chunks, many of them at a time?

The same as `searcher.text.sentences.flags` and `searcher.text.analysis.core_of` say of one. Most chunks are a word with signs
around it, and few words mean anything to the ends of sentences, so that what one such chunk is to them, all are that have the same
signs: a word that stands for all others of its case is asked instead, once.
"""

from collections.abc import Iterable
from functools import lru_cache

from searcher.text.analysis import ACRONYMS
from searcher.text.sentences import MENTIONED, flags
from searcher.text.words import EDGES

_flags = lru_cache(maxsize=1 << 14)(flags)


def flags_and_cores(chunks: Iterable[str]) -> tuple[list[int], list[str]]:
    """Give the sentence flags of chunks, and their cores.

    >>> flags_and_cores(["“Wars,”", "U.S.", "Gen."])
    ([4, 6, 4], ['wars', 'U.S', 'gen'])
    """
    found, cores = [], []
    for chunk in chunks:
        core = chunk.strip(EDGES)
        if not (core.isascii() and core.isalpha()):
            found.append(flags(chunk))
            cores.append(core)
            continue
        lower = core.lower()
        if lower in MENTIONED or len(core) == 1:
            found.append(flags(chunk))
        elif chunk == lower:
            found.append(0)
        else:
            found.append(_flags(chunk.replace(core, "xx" if core == lower else _like(core))))
        cores.append(core if lower in ACRONYMS else lower)
    return found, cores


def _like(word: str) -> str:
    """Give a word of like case that is mentioned nowhere, for one that is not in lower case."""
    first, second = ("X" if letter.isupper() else "x" for letter in word[:2])
    return first + second + "X"
