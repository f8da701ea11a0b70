"""What is marked in a few passages is what is found in all of them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from searcher import Article, build_index
from searcher.arrays import Numbers
from searcher.language.tree import Atom, Fuzzy, Part, Wildcard, Word, Words
from searcher.querying.matching.evaluate import Evaluator
from searcher.querying.matching.marks import find_marks
from searcher.querying.matching.places import find_places
from searcher.storage.snapshot import Snapshot, open_snapshot
from searcher.text.words.analysis import Analyser

TEXTS = [
    "The coop held. A cease-fire, the ceasefire; cease fire!",
    "Two co-ops cease fires. The cease-fires of the coops hold.",
    *(f"The border {'held the ' * (n % 5)}line {n}." for n in range(60)),
    "The fire of the cease-fire of the war.",
    "No word of it at mid-day.",
    "ceasefire " * 130,
]
CEASE, FIRE, JOINED = Part("cease", "ceas"), Part("fire", "fire"), Part("cease-fire", "ceasefir")
THE, HELD = Part("the", "the"), Part("held", "held")
SINGLE: list[Atom] = [
    CEASE,
    FIRE,
    JOINED,
    THE,
    HELD,
    Part("nowhere", "nowher"),
    Part("mid-day", "midday"),  # never written without its hyphen
    Wildcard("c*"),
    Fuzzy("fires", 1),
]
LEAVES = [
    *(Words((Word("", (part,)),), is_exact) for part in SINGLE for is_exact in (False, True)),
    *(Words((Word("", (CEASE, FIRE), JOINED),), is_exact) for is_exact in (False, True)),
    Words((Word("", (THE,)), Word("", (CEASE, FIRE), JOINED))),
    Words((Word("", (HELD,)), Word("", (THE,)), Word("", (HELD,)))),
    Words((Word("", (Wildcard("*"),)), Word("", (FIRE,)))),
    *(
        Words((Word("", (Part("a", "a"),)), Word("", (Wildcard("c*"),)), Word("", (part,))))
        for part in (FIRE, THE)
    ),
    Words((Word("", (CEASE, FIRE), JOINED),) * 127),
    Words((Word("", (CEASE, FIRE), JOINED),) * 128),  # more parts than a passage has words
]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    path = tmp_path_factory.mktemp("marks") / "index"
    build_index([Article(address=f"{n:02}", text=text) for n, text in enumerate(TEXTS)], path)
    return open_snapshot(path)


def marked(evaluator: Evaluator, leaves: Sequence[Words], passages: Numbers) -> list[set[tuple[int, int]]]:
    (live,) = evaluator.snapshot.segments
    found: list[set[tuple[int, int]]] = [set() for _ in leaves]
    for start, end, number in find_marks(evaluator, live, passages, [(leaf, passages) for leaf in leaves]):
        found[number].add((start, end))
    return found


def places(evaluator: Evaluator, leaf: Words, passages: Numbers) -> set[tuple[int, int]]:
    (live,) = evaluator.snapshot.segments
    starts, ends = find_places(evaluator.vocabulary(live), leaf, passages)
    return set(zip(starts.tolist(), ends.tolist(), strict=True))


@pytest.mark.parametrize("step", [1, 7, 100])
def test_leaves_stand_in_a_few_passages_where_each_stands_by_itself(snapshot: Snapshot, step: int) -> None:
    evaluator = Evaluator(snapshot, Analyser())
    passages = np.arange(snapshot.n_passages)[::step]
    found = marked(evaluator, LEAVES, passages)
    for leaf, spans in zip(LEAVES, found, strict=True):
        assert spans == places(evaluator, leaf, passages), leaf
    assert all(found[n] for n in (0, 2, 4, 6)) or step > 1


@pytest.mark.parametrize("step", [1, 7])
def test_leaves_that_were_counted_are_marked_where_they_stand(snapshot: Snapshot, step: int) -> None:
    (live,) = snapshot.segments
    passages = np.arange(live.segment.n_passages)[::step]
    evaluator = Evaluator(snapshot, Analyser())
    for leaf in LEAVES:
        evaluator.leaf(live, leaf)
        assert leaf.is_one_term or evaluator.starts(live, leaf) is not None
        assert marked(evaluator, [leaf], passages) == [places(evaluator, leaf, passages)], leaf


def test_leaf_is_marked_only_in_the_passages_in_which_it_is_asked_for(snapshot: Snapshot) -> None:
    (live,) = snapshot.segments
    evaluator = Evaluator(snapshot, Analyser())
    passages = np.arange(snapshot.n_passages)
    asked = [(leaf, passages[n::2]) for n, leaf in enumerate(LEAVES[:2])]
    found = find_marks(evaluator, live, passages, asked)
    for number, (leaf, here) in enumerate(asked):
        spans = {(start, end) for start, end, owner in found if owner == number}
        assert spans == places(evaluator, leaf, here), leaf
        assert spans < places(evaluator, leaf, passages), leaf


def test_nothing_is_marked_where_there_are_no_leaves(snapshot: Snapshot) -> None:
    assert marked(Evaluator(snapshot, Analyser()), [], np.arange(3)) == []


def test_place_is_marked_once_however_many_ways_lead_to_it(tmp_path: Path) -> None:
    build_index([Article(address="a", text="cease-fire " * 12)], tmp_path / "index")
    snapshot = open_snapshot(tmp_path / "index")
    (live,) = snapshot.segments
    leaf = Words((Word("", (CEASE, FIRE), JOINED),) * 10)
    marks = find_marks(Evaluator(snapshot, Analyser()), live, np.arange(1), [(leaf, np.arange(1))])
    assert sorted(marks) == [(start, start + 20, 0) for start in (0, 2, 4)]
