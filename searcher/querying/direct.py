"""Which words does a query ask for that is nothing but words? The direct way to what ranks it.

Most queries are some words, words with one operator, or one phrase. What they mean is said in
`searcher.language.understand`, and takes as long as to find it; here the same words are read off them, and a query is
understood only when somebody asks how it was.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from searcher.language.tree import Part, Word, Words
from searcher.model import Match
from searcher.querying.matching.evaluate import Evaluator
from searcher.querying.ranking.word_matches import PlainWords
from searcher.text.words.analysis import Analyser

_MAX_CHARACTERS: Final = 500
"""Longer queries may have more words than are looked for."""
_MAX_PHRASE: Final = 6
"""Words of a phrase that may be as common as they like; see `searcher.querying.matching.limits`."""

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
        What `searcher.querying.ranking.word_matches.plain_words` gives for the query understood; None for queries of other kinds.
    """
    found = _DIRECT.fullmatch(text) if len(text) <= _MAX_CHARACTERS else None
    if found is None:
        return None
    joined = found.lastgroup
    assert joined is not None
    typed = _WORD.findall(found[joined])
    if joined == "loose":
        typed = [word for word in typed if word.lower() not in stop_words] or typed
    known = [_known(word, evaluator, analyser) for word in typed]
    if joined in ("stem", "exact"):
        (phrase,) = _leaves(evaluator, [known], is_exact=joined == "exact", is_phrase=True)
        weighed = [evaluator.weighed(phrase)]
        return PlainWords(evaluator, weighed, lambda: (phrase,), has_all=True, is_loose=False)
    if joined == "loose":  # each once, in the order that `to_query` gives them
        known = [*{word.part.term: word for word in reversed(known)}.values()][::-1]
    weighed = [evaluator.weighed_term(word.numbers, (word.part.term,)) for word in known]
    return PlainWords(
        evaluator,
        weighed,
        lambda: _leaves(evaluator, [[word] for word in known]),
        has_all=joined == "all" or (joined == "loose" and match != "any"),
        is_loose=joined == "loose",
    )


class _Known(NamedTuple):
    """One word, looked up.

    Attributes:
        typed: As typed.
        part: Its surface and term.
        numbers: Of its term in each segment; -1 where it is not.
    """

    typed: str
    part: Part
    numbers: Sequence[int]


def _leaves(
    evaluator: Evaluator, each: Iterable[Sequence[_Known]], *, is_exact: bool = False, is_phrase: bool = False
) -> list[Words]:
    """Make the leaves of a query, and tell what has been looked up."""
    leaves = []
    for known in each:
        for word in known:
            for live, number in zip(evaluator.snapshot.segments, word.numbers, strict=True):
                evaluator.vocabulary(live).know(word.part.term, number)
        words = tuple(Word(word.typed, (word.part,)) for word in known)
        leaves.append(Words(words, is_exact=is_exact, is_phrase=is_phrase))
    return leaves


def _known(typed: str, evaluator: Evaluator, analyser: Analyser) -> _Known:
    """Look up a word."""
    surface = typed.lower()
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
    return _Known(typed, Part(surface, term.decode()), numbers)
