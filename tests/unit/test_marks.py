"""What is marked in a few passages is what is found in all of them."""

import numpy as np
import pytest

from searcher import Article, build_index
from searcher.querying.forms import Vocabulary
from searcher.querying.marks import find_words
from searcher.querying.places import find_places
from searcher.querying.tree import Atom, Fuzzy, Part, Wildcard, Word, Words
from searcher.storage.snapshot import open_snapshot

TEXTS = [
    "The coop held. A cease-fire, the ceasefire; cease fire!",
    "Two co-ops cease fires. The cease-fires of the coops hold.",
    *(f"The border {'held the ' * (n % 5)}line {n}." for n in range(60)),
    "The fire of the cease-fire of the war.",
    "No word of it.",
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
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    path = tmp_path_factory.mktemp("marks") / "index"
    build_index([Article(address=f"{n:02}", text=text) for n, text in enumerate(TEXTS)], path)
    (live,) = open_snapshot(path).segments
    return Vocabulary(live.segment)


@pytest.mark.parametrize("step", [1, 7, 100])
def test_leaves_stand_in_a_few_passages_where_each_stands_by_itself(
    vocabulary: Vocabulary, step: int
) -> None:
    passages = np.arange(vocabulary.segment.n_passages)[::step]
    found = find_words(vocabulary, LEAVES, passages)
    for leaf, places in zip(LEAVES, found, strict=True):
        assert set(places.spans()) == set(find_places(vocabulary, leaf, passages).spans()), leaf
    assert all(len(found[n].starts) for n in (0, 2, 4, 6)) or step > 1


def test_nothing_is_sought_where_there_are_no_leaves(vocabulary: Vocabulary) -> None:
    assert find_words(vocabulary, [], np.arange(3)) == []
