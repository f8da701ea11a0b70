"""Which questions are asked, and what do they mean?

All 962 queries of search-benchmark-game, in the kinds in which it asks them, and the 300 plain ones that it is made from
once more *as typed*, which for `searcher` means passages with all the words, then, where those are few, with some. Each is
understood once, here, and every engine is then given the same words, already divided, in its own language.

**Words without a sign beside words that are required** (`+a b c`) are not required one by one, but one of them is, as
`searcher` has it.

**Common words.** `searcher` leaves its stop words out of loose words, unless there is nothing else. The queries are asked as
they stand, common words and all; what that makes of the unions and intersections that have some is seen by those once more
without them, which are kinds of their own. As typed, they are left out for every engine.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from searcher.text.words.analysis import Analyser

UNION, INTERSECTION, PHRASE, TYPED, MIXED = "union", "intersection", "phrase", "as typed", "mixed"
LEFT_OUT = ", common words left out"
KINDS = (UNION, INTERSECTION, PHRASE, TYPED, MIXED, UNION + LEFT_OUT, INTERSECTION + LEFT_OUT)

_CLAUSE = re.compile(r'([+-]?)("[^"]*"|\S+)')


@dataclass(frozen=True, slots=True)
class Clause:
    """A word, or words side by side.

    Attributes:
        words: As typed, in small letters.
        terms: Their stems.
    """

    words: tuple[str, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for.

    Attributes:
        kind: One of `KINDS`.
        text: As it stands in the collection.
        must: Every passage has these.
        should: Every passage has one of these.
        excluded: No passage has these.
    """

    kind: str
    text: str
    must: tuple[Clause, ...] = ()
    should: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()


def read_questions(data: Path, stop_words: frozenset[str]) -> list[Question]:
    """Read all queries, and those with common words once more without them; kinds in order."""
    analyser = Analyser()
    found = []
    for text in _texts(data / "queries" / "search_benchmark_game.jsonl"):
        question = understand(text, analyser)
        found.append(question)
        without = _without(question, stop_words)
        if without != question:
            found.append(replace(without, kind=question.kind + LEFT_OUT))
    plain = _texts(data / "queries" / "aol_derived_plain.jsonl")
    found += [replace(_without(understand(text, analyser), stop_words), kind=TYPED) for text in plain]
    return sorted(found, key=lambda question: KINDS.index(question.kind))


def _texts(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


def understand(text: str, analyser: Analyser) -> Question:
    """Understand a query of the collection: words and phrases, with or without a sign."""
    clauses: dict[str, list[Clause]] = {"+": [], "": [], "-": []}
    for sign, typed in _CLAUSE.findall(text):
        tokens = [
            token
            for chunk in typed.strip('"').lower().split()
            for token in analyser.tokens(chunk)
            if not token.is_overlay
        ]
        clauses[sign].append(
            Clause(tuple(token.surface for token in tokens), tuple(token.term for token in tokens))
        )
    must, should, excluded = (tuple(clauses[sign]) for sign in ("+", "", "-"))
    if not must and not excluded and len(should) == 1 and len(should[0].words) > 1:
        return Question(PHRASE, text, must=should)
    if excluded or (must and should) or any(len(clause.words) > 1 for clause in must):
        return Question(MIXED, text, must, should, excluded)
    return Question(INTERSECTION if must else UNION, text, must, should)


def _without(question: Question, stop_words: frozenset[str]) -> Question:
    """Leave out common words, unless there is nothing else."""
    if question.kind not in (UNION, INTERSECTION):
        return question
    must, should = (
        tuple(clause for clause in clauses if clause.words[0] not in stop_words)
        for clauses in (question.must, question.should)
    )
    return replace(question, must=must, should=should) if must or should else question
