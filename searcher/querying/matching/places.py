"""Where do words stand side by side?

A place is a run of positions in one passage. A word with one part stands at its occurrences. A word with several parts stands
where its parts follow each other, or where its joined form stands. A phrase stands where its words follow each other. A joined
word covers as many positions as its surface has parts, and the next word stands after them.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from typing import Final, NamedTuple

import numpy as np

from searcher.arrays import Array, Mask, Numbers, distinct, expand
from searcher.language.tree import Atom, Word, Words
from searcher.querying.matching.forms import Forms, Vocabulary
from searcher.querying.matching.phrases import POSITION_BITS, all_atoms, place_key, slices_of, spellings
from searcher.storage.format import MAX_PASSAGE_WORDS
from searcher.storage.many_terms import ManyTerms
from searcher.storage.segment import Segment

_NONE: Final = np.zeros(0, np.int64)


class Places(NamedTuple):
    """Places, ascending. Passage and position are one number, so that places are joined by searching for integers.

    Attributes:
        starts: int64, shape (n,): passage << 9 | position of the first word.
        ends: int64, shape (n,): passage << 9 | one past the position of the last word.
    """

    starts: Numbers
    ends: Numbers

    @property
    def passages(self) -> Numbers:
        """int64, shape (n,): the passage of each place."""
        return self.starts >> POSITION_BITS

    def only(self, chosen: Array) -> "Places":
        """Choose some of the places, by a mask or by their numbers."""
        return Places(self.starts[chosen], self.ends[chosen])

    def spans(self) -> list[tuple[int, int, int]]:
        """List the passage, the first position and one past the last position of each place."""
        passages = self.passages
        base = passages << POSITION_BITS
        return list(
            zip(passages.tolist(), (self.starts - base).tolist(), (self.ends - base).tolist(), strict=True)
        )


def count_starts(starts: Numbers) -> tuple[Numbers, Numbers]:
    """Give the passages of ascending, distinct starts, and how many starts each passage has."""
    passages = starts >> POSITION_BITS
    is_first = np.empty(len(starts), np.bool_)
    is_first[:1] = True
    is_first[1:] = passages[1:] != passages[:-1]
    edges = is_first.nonzero()[0]
    counts = np.empty(len(edges), np.int64)
    counts[:-1] = edges[1:]
    counts[-1:] = len(starts)
    counts -= edges
    return passages[edges], counts


def find_places(vocabulary: Vocabulary, words: Words, passages: Numbers | None = None) -> Places:
    """Find where words stand side by side, in some passages, ascending, or in all passages, dead ones too."""
    n_parts = sum(len(word.parts) for word in words.words)
    if n_parts > MAX_PASSAGE_WORDS:
        return Places(_NONE, _NONE)
    if n_parts > 1:
        passages = passages_with(vocabulary, words, passages)
    find = cache(partial(_part_places, vocabulary, passages=passages, is_exact=words.is_exact))
    return _chained(_word_places(find, word) for word in words.words)


def find_starts(vocabulary: Vocabulary, words: Words, among: Numbers | None = None) -> Numbers:
    """Find the starts of what `find_places` finds: int64, ascending, distinct.

    The last part is found first, then each part that ends where the part after it begins.
    """
    n_parts = sum(len(word.parts) for word in words.words)
    if n_parts > MAX_PASSAGE_WORDS:
        return _NONE
    passages = passages_with(vocabulary, words, among)
    forms = [vocabulary.forms(part, is_exact=words.is_exact) for part in all_atoms(words)]
    slices = slices_of(vocabulary.segment, forms, len(passages))
    return np.concatenate([_NONE, *(_starts_in(vocabulary, words, passages[here]) for here in slices)])


def _starts_in(vocabulary: Vocabulary, words: Words, passages: Numbers) -> Numbers:
    """Do what `find_starts` does, in some passages."""
    find = cache(partial(_part_places, vocabulary, passages=passages, is_exact=words.is_exact))
    starts: Numbers | None = None
    for word in reversed(words.words):
        found = []
        for parts in spellings(word):
            before = starts
            for part in reversed(parts):
                before = _starts_before(find(part), before)
            found.append(before)
        starts = distinct(np.concatenate([_NONE, *(each for each in found if each is not None)]))
    return _NONE if starts is None else starts


def _starts_before(places: Places, following: Numbers | None) -> Numbers:
    """Find where the places start that end at one of the ``following`` starts. If that is None, take all places."""
    if following is None:
        return distinct(places.starts)
    widths = places.ends - places.starts
    found = [_NONE]
    for width in range(1, int(widths.max(initial=0)) + 1):
        ends = places.starts[widths == width] + width
        merged = np.sort(np.concatenate([ends, following]), kind="stable")
        found.append(merged[1:][merged[1:] == merged[:-1]] - width)
    return distinct(np.concatenate(found))


def contains(passages: Numbers, sought: Numbers) -> Mask:
    """Tell which of ``sought`` are among ``passages``. Both ascend.

    >>> contains(np.array([1, 4]), np.array([0, 1, 4, 9])).tolist()
    [False, True, True, False]
    """
    if not len(passages):
        return np.zeros(len(sought), np.bool_)
    found: Mask = passages.take(passages.searchsorted(sought), mode="clip") == sought
    return found


def unite(found: Sequence[Places]) -> Places:
    """Put places together in one sorted list, equal places once."""
    if len(found) == 1:
        return found[0]
    starts = np.concatenate([_NONE, *(places.starts for places in found)])
    widths = np.concatenate([_NONE, *(places.ends for places in found)]) - starts
    packed = distinct(starts << POSITION_BITS | widths)
    starts = packed >> POSITION_BITS
    return Places(starts, starts + (packed & ((1 << POSITION_BITS) - 1)))


def passages_with(vocabulary: Vocabulary, words: Words, among: Numbers | None = None) -> Numbers:
    """Find the passages that hold every one of some words somewhere, among some passages, ascending, or all, dead ones too.

    The rarest word is looked for first.
    """
    segment = vocabulary.segment
    options = [
        [forms for parts in spellings(word) if (forms := _forms(vocabulary, parts, is_exact=words.is_exact))]
        for word in words.words
    ]
    options.sort(
        key=lambda option: sum(min(segment.n_postings(forms.terms) for forms in parts) for parts in option)
    )
    found = among
    for option in options:
        holders = [_holders(segment, parts, found) for parts in option]
        found = holders[0] if len(holders) == 1 else distinct(np.concatenate([_NONE, *holders]))
    return _NONE if found is None else found


def _forms(vocabulary: Vocabulary, parts: Sequence[Atom], *, is_exact: bool) -> list[Forms]:
    """Find the forms of each part. If the segment does not have one of the parts, the list is empty."""
    found = [vocabulary.forms(part, is_exact=is_exact) for part in parts]
    return found if all(len(forms.terms) for forms in found) else []


def _holders(segment: Segment, parts: Sequence[Forms], among: Numbers | None) -> Numbers:
    """Find the passages that hold all the parts of a word."""
    found = among
    for forms in sorted(parts, key=lambda forms: segment.n_postings(forms.terms)):
        if len(forms.terms) == 1:
            postings = segment.posting_list(int(forms.terms[0]))
            found = postings.passages if found is None else found[postings.find(found)[0]]
        elif found is None:
            found = ManyTerms(segment, forms.terms).holding_any().nonzero()[0]
        else:
            found = distinct(np.concatenate(ManyTerms(segment, forms.terms).postings_among(found)[0]))
    return _NONE if found is None else found


def _word_places(find: Callable[[Atom], Places], word: Word) -> Places:
    return unite([_chained(map(find, parts)) for parts in spellings(word)])


def _part_places(vocabulary: Vocabulary, part: Atom, *, passages: Numbers | None, is_exact: bool) -> Places:
    segment = vocabulary.segment
    forms = vocabulary.forms(part, is_exact=is_exact)
    if not len(forms.terms):
        return Places(_NONE, _NONE)
    if len(forms.terms) == 1:
        found, owners = segment.occurrences(int(forms.terms[0]), passages), _NONE
    else:
        found, owners = ManyTerms(segment, forms.terms).occurrences(passages)
    widths = vocabulary.widths(forms, owners, found.variants)
    starts = place_key(found.passages, found.positions)
    fits = widths.nonzero()[0]
    if len(fits) < len(widths):
        starts, widths = starts[fits], widths[fits]
    if len(forms.terms) == 1:
        return Places(starts, starts + widths)
    if widths.max(initial=1) == 1:
        starts = distinct(starts)
        return Places(starts, starts + 1)
    return unite([Places(starts, starts + widths), Places(_NONE, _NONE)])


def _chained(links: Iterable[Places]) -> Places:
    """Find the places where the links follow each other, each link beginning where the link before it ends."""
    left: Places | None = None
    for right in links:
        if left is None:
            left = right
        elif len(left.starts):
            low = right.starts.searchsorted(left.ends, side="left")
            counts = right.starts.searchsorted(left.ends, side="right") - low
            left = Places(np.repeat(left.starts, counts), right.ends[expand(low, counts)])
        else:
            break  # no later link need be looked for
    assert left is not None
    return left
