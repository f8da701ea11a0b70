"""Which words does a query ask for that is nothing but words? The direct way to what ranks it.

Most queries are some words, words with one operator, or one phrase. What they mean is said in
`searcher.querying.language`, and takes as long as to find it; here the same words are read off them, and a query is
understood only when somebody asks how it was.
"""

import re
from collections.abc import Collection
from typing import Final

from searcher.model import Match
from searcher.querying.evaluate import Evaluator
from searcher.querying.plain import PlainWords
from searcher.querying.tree import Part, Word, Words
from searcher.text.analysis import Analyser

_MAX_CHARACTERS: Final = 500
"""Longer queries may have more words than are looked for."""
_MAX_PHRASE: Final = 6
"""Words of a phrase that may be as common as they like; see `searcher.querying.limits`."""

# Nothing here is tried in a second way: a word has one first small letter, and is taken whole.
_WORD = re.compile(r"[A-Z]*+[a-z][A-Za-z]*+")
_PHRASE: Final = rf'"\ *+{_WORD.pattern}(?:\ ++{_WORD.pattern}){{0,{_MAX_PHRASE - 1}}}+\ *+"'
_DIRECT = re.compile(
    rf"""\ *+(?:
        (?P<loose>{_WORD.pattern}(?:\ ++{_WORD.pattern})*+)
        | (?P<all>\+{_WORD.pattern}(?:\ ++\+{_WORD.pattern})*+ | {_WORD.pattern}(?:\ ++AND\ ++{_WORD.pattern})++)
        | (?P<any>{_WORD.pattern}(?:\ ++OR\ ++{_WORD.pattern})++)
        | stem:(?P<stem>{_PHRASE})
        | (?P<exact>{_PHRASE})
    )\ *+""",
    re.VERBOSE,
)


def direct_words(
    text: str, evaluator: Evaluator, analyser: Analyser, stop_words: Collection[str], match: Match
) -> PlainWords | None:
    """Read off a query the words of which a passage must have any, or all.

    Args:
        text: The query.
        evaluator: Of the snapshot.
        analyser: That of the index.
        stop_words: Those of the index.
        match: As of `searcher.querying.search.Searcher.search`.

    Returns:
        What `searcher.querying.plain.plain_words` gives for the query understood; None for queries of other kinds.
    """
    found = _DIRECT.fullmatch(text) if len(text) <= _MAX_CHARACTERS else None
    if found is None:
        return None
    joined = found.lastgroup
    assert joined is not None
    typed = _WORD.findall(found[joined])
    surfaces = [word.lower() for word in typed]
    if joined in ("stem", "exact"):
        words = []
        for word, surface in zip(typed, surfaces, strict=True):
            (term,), numbers = _numbers(surface, evaluator, analyser)
            for live, number in zip(evaluator.snapshot.segments, numbers, strict=True):
                evaluator.vocabulary(live).know(term, number)
            words.append(Word(word, (Part(surface, term),)))
        phrase = Words(tuple(words), is_exact=joined == "exact", is_phrase=True)
        return PlainWords(evaluator, [evaluator.weighed(phrase)], has_all=True, is_loose=False)
    if joined == "loose":
        rare = [surface for surface in surfaces if surface not in stop_words]
        surfaces = rare or surfaces
    terms = [_numbers(surface, evaluator, analyser) for surface in surfaces]
    if joined == "loose":
        terms = [*dict.fromkeys(reversed(terms))][::-1]  # in the order that `to_query` gives them
    has_all = joined == "all" or (joined == "loose" and match != "any")
    weighed = [evaluator.weighed_term(numbers, key) for key, numbers in terms]
    return PlainWords(evaluator, weighed, has_all=has_all, is_loose=joined == "loose")


def _numbers(surface: str, evaluator: Evaluator, analyser: Analyser) -> tuple[tuple[str], tuple[int, ...]]:
    """Give the term of a word, and its number in each segment; -1 where it is not."""
    segments = [live.segment for live in evaluator.snapshot.segments]
    term, numbers = None, [-1] * len(segments)
    if analyser.folds_first:
        encoded = surface.encode()
        numbers = [segment.term_number(encoded) for segment in segments]
        known = zip(segments, numbers, strict=True)
        term = next((segment.terms[number] for segment, number in known if number >= 0), None)
    if term is None:
        term = analyser.term(surface).encode()
    if -1 in numbers:  # as another surface it may be there
        numbers = [
            segment.terms.find(term) if number < 0 else number
            for segment, number in zip(segments, numbers, strict=True)
        ]
    return (term.decode(),), tuple(numbers)
