"""Where do words stand side by side, or close to each other?

A place is a run of positions in one passage. A word with one part stands at its occurrences. A word with several parts stands
where its parts follow each other, or where its joined form stands. A phrase stands where its words follow each other. A joined
word covers as many positions as its surface has parts, and the next word stands after them.

The words or phrases that must stand close to each other are called *members*, and all of them together a *whole*. There are two
kinds of closeness:

- Within a number of words, in any order and without overlap. The distance is counted from the last word of the first member
  to the first word of the last member. Neighbours are one word apart. A whole is counted once for each place at which it can
  begin.
- Within one sentence or paragraph of a passage. Members may overlap. A whole is counted once for each sentence or paragraph.

All places that belong to any whole are marked. `searcher.kernel.places` and `searcher.kernel.closeness` find them.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from searcher.arrays import Bitmap
from searcher.errors import QueryError
from searcher.kernel.closeness import Close as CloseMembers
from searcher.kernel.closeness import TooManyWaysError
from searcher.kernel.places import Phrase
from searcher.kernel.postings import PostingList
from searcher.language.tree import Atom, Close, Word, Words, node_text
from searcher.querying.matching.forms import Vocabulary
from searcher.storage.format import MAX_PASSAGE_WORDS

POSITION_BITS: Final = 9
"""A place is given by its start and end: passage << 9 | position, of its first word and of what follows its last one."""
MAX_TRIED: Final = 4_000_000
"""How many ways to take some of the members that overlap may be tried in a segment. So many take a tenth of a second."""


def spellings(word: Word) -> list[tuple[Atom, ...]]:
    """List the ways in which a word may be written: its parts side by side and, if there is a joined form, that form."""
    return [word.parts] if word.joined is None else [word.parts, (word.joined,)]


def all_atoms(words: Words) -> list[Atom]:
    """List the parts of all spellings of some words."""
    return [atom for word in words.words for parts in spellings(word) for atom in parts]


def postings_of(vocabulary: Vocabulary, leaf: Words | Close, among: Bitmap | None = None) -> PostingList:
    """Find the passages of a segment that match a leaf, and how often each does.

    Args:
        vocabulary: The vocabulary of the segment.
        leaf: The leaf.
        among: Look only in these passages; None for all, dead ones too.

    Raises:
        QueryError: Members that overlap would need more than `MAX_TRIED` tries.
    """
    if isinstance(leaf, Words):
        return _phrase(vocabulary, leaf).postings(among)
    try:
        return _close(vocabulary, leaf).postings(among)
    except TooManyWaysError as error:
        raise _too_many(leaf) from error


def places_of(vocabulary: Vocabulary, leaf: Words | Close, passages: Sequence[int]) -> list[tuple[int, int]]:
    """Find the places in some passages that are marked for a leaf: the start and the end of each.

    Raises:
        QueryError: As `postings_of`.
    """
    if isinstance(leaf, Words):
        return _phrase(vocabulary, leaf).places(passages)
    try:
        return _close(vocabulary, leaf).places(passages)
    except TooManyWaysError as error:
        raise _too_many(leaf) from error


def _phrase(vocabulary: Vocabulary, words: Words) -> Phrase:
    phrase = Phrase(vocabulary.segment.places)
    if sum(len(word.parts) for word in words.words) > MAX_PASSAGE_WORDS:
        phrase.add(vocabulary.segment.places.part(-1), 0, 1)  # nowhere
        return phrase
    end = 0
    for word in words.words:
        begin = end
        for part in word.parts:
            end += 1
            phrase.add(vocabulary.part(part, is_exact=words.is_exact), end - 1, end)
        if word.joined is not None:
            phrase.add(vocabulary.part(word.joined, is_exact=words.is_exact), begin, end)
    return phrase


def _close(vocabulary: Vocabulary, close: Close) -> CloseMembers:
    # Equal members are looked for once. `n_needed` counts them, because each needs a place of its own.
    keys = [frozenset(words.key for words in member) for member in close.members]
    members = dict(zip(keys, close.members, strict=True))
    n_needed = Counter(keys)
    columns = vocabulary.segment.columns
    part = "sentence" if isinstance(close.within, int) else close.within
    return CloseMembers(
        vocabulary.segment.places,
        [[_phrase(vocabulary, words) for words in member] for member in members.values()],
        [n_needed[key] for key in members],
        min(close.within, MAX_PASSAGE_WORDS) if isinstance(close.within, int) else -1,
        columns[f"{part}_starts"],
        columns[f"{part}s"],
        MAX_TRIED,
    )


def _too_many(close: Close) -> QueryError:
    text = node_text(close)
    return QueryError(f"too many of these words may stand in the same place: {text}; ask for fewer", text)
