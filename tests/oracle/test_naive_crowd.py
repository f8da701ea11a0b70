"""The program and the naive evaluator find the same words in the same places where there are many passages.

Words that many passages hold are stored and found in other ways than rare ones, which small corpora do not have.
"""

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import naive
import numpy as np
import pytest
from corpora import FILLERS, WORDS, build_both, read_corpus
from features import branches
from naive_forms import Place
from sizes import NEVER, shrink
from tokenisers import plain_tokens, to_word
from trees import Trees

from searcher import Article
from searcher.language.tree import Close, Fuzzy, Wildcard, Word, Words
from searcher.querying.matching.evaluate import Evaluator
from searcher.querying.matching.places import POSITION_BITS
from searcher.storage import format as specification
from searcher.storage.snapshot import Snapshot, open_snapshot
from searcher.text.words.analysis import Analyser

RARE = [
    *("warlord", "war-lord", "warlords", "warship", "war-ships", "warfare", "warred", "townsman", "town-house", "townhouse"),
    *("talker", "talk-show", "talkative", "talked", "peaceful", "peace-maker", "peacemaker", "firestorm", "fire-wall"),
    *("fired", "firm", "fiery", "ceasing", "cease-less", "ceaseless", "cooped", "co-opt", "co-opted", "cooper", "tour", "tore"),
]  # fmt: skip
"""Each in so few passages that it is stored as a list of them."""
N_ARTICLES = {"usual": 700, "tiny": 150}
N_QUERIES = {"usual": 30, "tiny": 20}
N_PHRASES = {"usual": 150, "tiny": 75}


class Standing(NamedTuple):
    """What of a leaf stands in one passage."""

    address: str
    passage: int
    frequency: int
    score: float
    places: frozenset[Place]


@pytest.fixture(scope="module", params=["usual", "tiny"])
def sizes(request: pytest.FixtureRequest) -> Iterator[str]:
    """With which sizes to build an index, and to ask; where they are tiny, some terms are dense, and some are not."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "tiny":
            shrink(patch, "a whole crowd")
            assert 0 < specification.DENSE_FRACTION < NEVER
        yield request.param


@pytest.fixture(scope="module")
def articles(sizes: str) -> list[Article]:
    rng = random.Random("crowd")
    weights = [1 / (1 + number % len(WORDS)) ** 1.5 for number in range(len(WORDS))]
    shuffled = rng.sample(WORDS, len(WORDS))
    made = []
    for number in range(N_ARTICLES[sizes]):
        paragraphs = [
            " ".join(
                [*rng.choices(shuffled, weights, k=rng.randint(1, 9)), *rng.choices(FILLERS, k=2), *rare]
            )
            + "."
            for rare in (rng.choices(RARE, k=rng.choice((0, 1, 1))) for _ in range(rng.choice((1, 1, 2))))
        ]
        made.append(Article(address=f"{number:04}", text="\n\n".join(paragraphs)))
    return made


@pytest.fixture(scope="module")
def corpora(
    articles: list[Article], tmp_path_factory: pytest.TempPathFactory
) -> tuple[naive.Corpus, list[Snapshot]]:
    """The passages as the naive evaluator sees them, in one segment, and in several with dead articles."""
    folder = tmp_path_factory.mktemp("crowd") / "index"
    scattered = build_both(random.Random("crowd"), folder, articles)
    corpus, _ = read_corpus(folder, plain_tokens)
    whole, spread = open_snapshot(folder), open_snapshot(scattered)
    assert len(spread.segments) > 1
    assert any(live.live is not None for live in spread.segments)
    assert all(len(live.segment.columns["dense_terms"]) > 9 for live in (*whole.segments, *spread.segments))
    return corpus, [whole, spread]


def test_leaves_of_every_kind_stand_where_the_naive_evaluator_finds_them(
    sizes: str, articles: list[Article], corpora: tuple[naive.Corpus, list[Snapshot]]
) -> None:
    trees = Trees(random.Random("crowd"), [*WORDS, *RARE], plain_tokens, articles)
    queries = [trees.query() for _ in range(N_QUERIES[sizes])]
    nodes = [
        node for query in queries for clause in (*query.loose, *query.required) for node in branches(clause)
    ]
    leaves = [node for node in nodes if isinstance(node, Words | Close)]
    assert len(leaves) > len(queries)
    assert _n_found(leaves, corpora) > len(leaves) / 2


def test_phrases_stand_where_the_naive_evaluator_finds_them(
    sizes: str, articles: list[Article], corpora: tuple[naive.Corpus, list[Snapshot]]
) -> None:
    rng = random.Random("phrases")
    phrases = []
    for _ in range(N_PHRASES[sizes]):
        words = rng.choice(articles).text.replace(".", "").split()
        start, n = rng.randrange(len(words) - 1), rng.choice((1, 2, 2, 3, 4))
        typed = tuple(_word(rng, word) for word in words[start : start + n])
        phrases.append(Words(typed, is_exact=rng.random() < 0.5))
    assert _n_found(phrases, corpora) > len(phrases) / 2


def _word(rng: random.Random, typed: str) -> Word:
    """Understand a word, or put a pattern in its place."""
    letters = typed.replace("-", "")
    atom = rng.choice((Wildcard(f"{letters[:2]}*"), Wildcard(f"*{letters[1:3]}*"), Fuzzy(letters, 2)))
    return Word("", (atom,)) if rng.random() < 0.4 else to_word(typed, plain_tokens)


def _n_found(leaves: Sequence[Words | Close], corpora: tuple[naive.Corpus, list[Snapshot]]) -> int:
    """Compare what is found of each leaf, and count those that stand anywhere."""
    corpus, snapshots = corpora
    n_found = 0
    for leaf in leaves:
        expected = sorted(_expected(corpus, leaf))
        for snapshot in snapshots:
            assert sorted(_found(snapshot, leaf)) == expected, leaf
        n_found += bool(expected)
    return n_found


def _expected(corpus: naive.Corpus, leaf: Words | Close) -> Iterator[Standing]:
    for article in corpus.articles:
        for number, passage in enumerate(article.passages):
            frequency, places = passage.find(leaf)
            if frequency:
                score = round(corpus.score(leaf, passage), 9)
                yield Standing(article.address, number, frequency, score, places)


def _found(snapshot: Snapshot, leaf: Words | Close) -> Iterator[Standing]:
    evaluator = Evaluator(snapshot, Analyser("english"))
    for live in snapshot.segments:
        postings = evaluator.leaf(live, leaf).postings
        columns = live.segment.columns
        passages = np.array(postings.passages(), np.int64)
        if live.live is not None:
            passages = passages[live.live[passages]]
        places: dict[int, set[Place]] = {passage: set() for passage in passages.tolist()}
        for start, end in evaluator.places(live, leaf, passages):
            base = start >> POSITION_BITS << POSITION_BITS
            places[start >> POSITION_BITS].add((start - base, end - base))
        for passage in passages.tolist():
            code = postings.codes[postings.find(passage)]
            assert code & 255 == columns["passage_length"][passage]
            article = int(columns["passage_article"][passage])
            address = live.segment.addresses[article].decode()
            number = passage - int(columns["article_passages"][article])
            score = round(postings.value(passage, evaluator.saturation), 9)
            yield Standing(address, number, code >> 8, score, frozenset(places[passage]))
