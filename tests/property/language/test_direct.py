"""A query that is nothing but words ranks by the direct way what it ranks when it is understood."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher import Article, Index, build_index
from searcher.indexing.segments import merge_policy
from searcher.language.understand import MAX_WORDS, understand
from searcher.model import Match
from searcher.querying import direct
from searcher.querying.direct import direct_words
from searcher.querying.matching import limits
from searcher.querying.ranking.word_matches import PlainWords, plain_words
from searcher.querying.search import MATCHES, Searcher
from searcher.storage.snapshot import open_snapshot

# Of one stem, common ones, acronyms, unknown ones, and some that are in one of the segments only.
WORDS = (
    "war",
    "wars",
    "Warring",
    "town",
    "Towns",
    "talks",
    "the",
    "The",
    "of",
    "Us",
    "us",
    "un",
    "eu",
    "xyzzy",
    "wArd",
)
LATER = ("wards", "towned", "eu", "élevée")
ASKED = (*WORDS, *LATER[:3], "elevee")  # in French of another term than with accents
SPACES = st.sampled_from((" ", "  "))


@pytest.fixture(scope="module", params=("english", "french", "none"))
def searcher(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """An index of three segments, with headings and dead passages."""
    rng, folder = random.Random(request.param), tmp_path_factory.mktemp("index")

    def article(number: int, words: tuple[str, ...]) -> Article:
        paragraphs = [" ".join(rng.choices(words, k=rng.choice((3, 20, 60)))) for _ in range(3)]
        title = " ".join(rng.choices(words, k=2)).capitalize()
        return Article(address=f"{number:03}", text="\n\n".join([title, *paragraphs]))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merge_policy, "TIER_SIZES", (20, 120))
        build_index([article(number, WORDS[:8]) for number in range(150)], folder, language=request.param)
        with Index(folder) as index:
            index.put([article(number, WORDS[4:13]) for number in range(150, 180)])
            index.put([article(number, LATER) for number in range(180, 183)])
            index.remove([f"{number:03}" for number in range(0, 150, 20)])
    snapshot = open_snapshot(folder)
    assert len(snapshot.segments) > 1
    assert any(live.live is not None for live in snapshot.segments)
    return Searcher(snapshot)


@st.composite
def plain_queries(draw: st.DrawFn) -> str:
    words = draw(st.lists(st.sampled_from(ASKED), min_size=1, max_size=6))
    written = draw(st.sampled_from(("{}", "+{}", "AND", "OR", '"{}"', 'stem:"{}"')))
    space = draw(SPACES)
    if written in ("AND", "OR"):
        text = f"{space}{written} ".join(words) if len(words) > 1 else f"+{words[0]}"
    elif written == "+{}":
        text = space.join(f"+{word}" for word in words)
    else:
        text = written.format(space.join(words))
    return draw(st.sampled_from(("", " "))) + text


def _told(words: PlainWords | None) -> object:
    if words is None:
        return None
    relaxed = [words.relaxed(limit) for limit in (3, 200)] if words.can_be_relaxed else []
    best = [words.best(limit) for limit in (1, 10, 500)]
    leaves = [*words.loose], [*words.required]
    return best, relaxed, words.counts, words.count(), words.n_matches, leaves


def _understood(searcher: Searcher, text: str, match: Match) -> PlainWords | None:
    query, _ = understand(text, searcher.analyser, searcher._stop_words)
    return plain_words(searcher._evaluator, query, match)


def _direct(searcher: Searcher, text: str, match: Match) -> PlainWords | None:
    return direct_words(text, searcher._evaluator, searcher.analyser, searcher._stop_words, match)


@given(text=plain_queries(), match=st.sampled_from(MATCHES))
def test_words_are_the_same_by_the_direct_way(searcher: Searcher, text: str, match: Match) -> None:
    found = _direct(searcher, text, match)
    assert found is not None
    assert _told(found) == _told(_understood(searcher, text, match))


@given(
    text=st.text(st.sampled_from('aAtheORND +-"*~:()\u201c\u00e9.\n'), max_size=20),
    match=st.sampled_from(MATCHES),
)
def test_what_the_direct_way_takes_it_takes_as_it_is_understood(
    searcher: Searcher, text: str, match: Match
) -> None:
    found = _direct(searcher, text, match)
    if found is not None:
        assert _told(found) == _told(_understood(searcher, text, match))


def test_what_may_be_too_long_or_too_common_is_understood(searcher: Searcher) -> None:
    assert _direct(searcher, " ".join(["war"] * 200), "any") is None
    assert _direct(searcher, '"' + " ".join(["war"] * 7) + '"', "any") is None
    assert direct._MAX_CHARACTERS / len("a ") <= MAX_WORDS
    assert direct._MAX_PHRASE <= limits.MAX_UNCHECKED


@pytest.mark.parametrize("unit", ["a", "A", "Aa", "aA ", "a OR ", "+a ", "a b", '"a ', "stem:"])
def test_long_text_takes_no_time(searcher: Searcher, unit: str) -> None:
    """A pattern that tried words in several ways would not end."""
    for end in ("", "!", "\u00e9", '"'):
        _direct(searcher, (unit * 500)[:490] + end, "any")
