"""Words suggested are those that brute force finds: every word of every live passage, one after the other.

Vocabularies are small and close to one another, so that distances, frequencies and spellings collide. How articles are
spread over segments, and what dead articles hold, must not change the answer.
"""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from nltk.stem.snowball import SnowballStemmer
from sizes import Sizes, both_sizes

from searcher import Article, build_index
from searcher.indexing.segments.build import SegmentBuilder
from searcher.querying.suggest import Suggestion, complete, suggest
from searcher.storage.manifest import SegmentEntry, commit, read_manifest, seal
from searcher.storage.snapshot import open_snapshot
from searcher.text.words.analysis import Analyser
from searcher.text.words.chunks import split

N_CORPORA = 32
N_WORDS = 25
LIMITS = (1, 2, 3, 5, 1000)

RICH_WORDS = [
    "U.S.", "U.N.", "UN", "US", "us", "un", "uno", "use", "user's", "Bakı", "Baki", "Bakı’s", "café", "cafés", "Café’s",
    "cafe-bar", "cafébar", "停戦", "3.5", "3.55", "100,437", "100437", "b52", "b-52", "AT&T", "co-op", "coop", "Coop's",
    "война", "войну", "вoйна", "жена", "жены", "it's", "its", "king's-road", "kingsroad", "Straße", "strasse",
]  # fmt: skip

_stem = cache(SnowballStemmer("english").stem)


class Tokeniser(NamedTuple):
    """Gives the surfaces of a text, and the surfaces of a typed text that stand for all of it."""

    surfaces: Callable[[str], list[str]]
    whole: Callable[[str], list[str]]


def _is_joined(parts: Sequence[str]) -> bool:
    return 2 <= len(parts) <= 4 and not re.search(r"\d", "".join(parts))


def _plain_surfaces(text: str) -> list[str]:
    """A second analysis, for what `_plain_words` makes up."""
    found: list[str] = []
    for compound in re.findall(r"[a-z0-9']+(?:-[a-z0-9']+)*", text.lower()):
        parts = compound.split("-")
        found += parts
        joined = "".join(parts).removesuffix("'s")
        if _is_joined(parts) and _stem(joined) != _stem(parts[0].removesuffix("'s")):
            found.append(compound)
    return found


def _plain_whole(typed: str) -> list[str]:
    parts = typed.lower().split("-")
    return [typed.lower()] if len(parts) == 1 or _is_joined(parts) else []


def _rich_surfaces(text: str) -> list[str]:
    """The program's own analysis, for whatever words there are."""
    return [token.surface for chunk in split(text) for token in Analyser().tokens(chunk)]


def _rich_whole(typed: str) -> list[str]:
    tokens = [token for chunk in split(typed) for token in Analyser().tokens(chunk)]
    n_words = sum(not token.is_overlay for token in tokens)
    return [token.surface for token in tokens if token.width == n_words]


PLAIN = Tokeniser(_plain_surfaces, _plain_whole)
RICH = Tokeniser(_rich_surfaces, _rich_whole)


def _plain_words(rng: random.Random) -> list[str]:
    letters = rng.choice(("ab", "abcde", "abcdefgh01"))
    stems = ["".join(rng.choices(letters, k=rng.choice((1, 2, 3, 4, 4, 5, 5, 8, 9, 12)))) for _ in range(6)]
    words = []
    for stem in stems * 4:
        word = _edited(rng, stem, letters, rng.choice((0, 1, 2, 3)))
        word += rng.choice(("", "", "", "s", "ed", "ing", "'s"))
        if rng.random() < 0.3:
            word = f"{rng.choice(stems)}-{word}"
        if rng.random() < 0.2 and len(word) > 4 and "-" not in word:
            word = f"{word[:2]}-{word[2:]}"
        words.append(word)
    return [*words, "2020", "2021"]


def _edited(rng: random.Random, word: str, letters: str, n_edits: int) -> str:
    for _ in range(n_edits):
        at = rng.randint(0, len(word))
        kind = rng.randrange(4)
        if kind == 0:
            word = word[:at] + rng.choice(letters) + word[at:]
        elif kind == 1 and len(word) > 1:
            word = word[:at] + word[at + 1 :]
        elif kind == 2:
            word = word[:at] + rng.choice(letters) + word[at + 1 :]
        else:
            word = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    return word or "a"


def _distance(left: str, right: str) -> int:
    """Optimal string alignment, as it is defined."""

    @cache
    def between(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        options = [
            between(i - 1, j) + 1,
            between(i, j - 1) + 1,
            between(i - 1, j - 1) + (left[i - 1] != right[j - 1]),
        ]
        if i > 1 and j > 1 and left[i - 2 : i] == right[j - 2 : j][::-1]:
            options.append(between(i - 2, j - 2) + 1)
        return min(options)

    return between(len(left), len(right))


def _written(surface: str) -> str:
    return surface.removesuffix("'s")


def _bare(surface: str) -> str:
    return _written(surface).replace("-", "")


class Naive:
    """Every word of some passages."""

    def __init__(self, passages: Sequence[str], tokenise: Tokeniser) -> None:
        self._whole = tokenise.whole
        self._holders: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for number, text in enumerate(passages):
            for surface in tokenise.surfaces(text):
                self._holders[_bare(surface)][_written(surface)].add(number)

    @property
    def surfaces(self) -> list[str]:
        return sorted(surface for spellings in self._holders.values() for surface in spellings)

    def suggest(self, typed: str) -> list[Suggestion]:
        own = [_bare(surface) for surface in self._whole(typed)]
        if not own or len(own[0]) == 1 or not re.search(r"[^\W\d]", own[0]):
            return []
        reach = 1 if len(own[0]) <= 4 else 2 if len(own[0]) <= 8 else 3
        return self._sorted(
            self._suggestion(bare, distance)
            for bare in self._holders
            if bare not in own
            and (distance := _distance(own[0], bare)) <= reach
            and not (re.search(r"\d", bare) and not re.search(r"\d", own[0]))
        )

    def complete(self, typed: str) -> list[Suggestion]:
        own = [_bare(surface) for surface in self._whole(typed.lower())]
        return self._sorted(
            self._suggestion(bare, 0) for bare in self._holders if own and bare.startswith(own[0])
        )

    def _suggestion(self, bare: str, distance: int) -> Suggestion:
        spellings = self._holders[bare]
        ranked = sorted(
            spellings, key=lambda surface: (-len(spellings[surface]), surface.count("-"), surface)
        )
        return Suggestion(ranked[0], len(set().union(*spellings.values())), distance)

    @staticmethod
    def _sorted(found: Iterable[Suggestion]) -> list[Suggestion]:
        return sorted(found, key=lambda one: (one.distance, -one.n_passages, one.surface))


def _articles(rng: random.Random, words: Sequence[str]) -> list[Article]:
    articles = []
    for name in rng.sample(["a", "b", "B", "c", "d/e", "é", "f"], k=rng.randint(1, 7)):
        used = rng.sample(words, k=rng.randint(1, len(words)))
        paragraphs = [
            " ".join(rng.choices(used, k=rng.choice((1, 5, 30, 100)))) for _ in range(rng.randint(1, 4))
        ]
        articles.append(Article(address=name, text="\n\n".join(paragraphs)))
    return articles


def _passages(index: Path) -> list[str]:
    """Read the passages of an index without dead articles; nothing but their bounds is taken from it."""
    passages = []
    for live in open_snapshot(index).segments:
        columns = live.segment.columns
        texts = [live.segment.article(number).text for number in range(live.segment.n_articles)]
        for number, start, end in zip(
            columns["passage_article"], columns["passage_start"], columns["passage_end"], strict=True
        ):
            passages.append(texts[number][start:end])
    return passages


def _scatter(
    rng: random.Random, index: Path, scattered: Path, articles: Sequence[Article], words: Sequence[str]
) -> None:
    """Build the same index in several segments, with dead articles in them that hold other words too."""
    scattered.mkdir()
    slices: list[dict[str, Article]] = [{} for _ in range(rng.randint(1, 4))]
    dead: list[set[str]] = [set() for _ in slices]
    for article in articles:
        home = rng.randrange(len(slices))
        slices[home][article.address] = article
        for number, part in enumerate(slices):
            if number != home and rng.random() < 0.5:
                text = " ".join(rng.choices([*words, "abab", "abba's"], k=rng.choice((5, 50, 200))))
                part[article.address] = replace(article, text=text)
                dead[number].add(article.address)
    entries: list[SegmentEntry] = []
    for number, (part, gone) in enumerate(zip(slices, dead, strict=True), 1):
        if not part:  # a segment has an article
            continue
        with SegmentBuilder(scattered, f"segment-{number:08d}", Analyser()) as builder:
            for address in sorted(part, key=str.encode):
                builder.add(part[address], "")
            entry = seal(scattered, builder.finish())
        tombstones = [place for place, address in enumerate(sorted(part, key=str.encode)) if address in gone]
        entries.append(entry._replace(dead_articles=tuple(tombstones)))
    commit(scattered, read_manifest(index)._replace(segments=tuple(entries)))


def _typed(rng: random.Random, naive: Naive, words: Sequence[str]) -> str:
    word = rng.choice((*words, *naive.surfaces))
    word = _edited(rng, word, "abcde", rng.choice((0, 1, 1, 2, 3)))
    return rng.choice((word, word, word.upper(), f"{word}'s", word[: rng.randint(1, 5)]))


@pytest.mark.parametrize("is_rich", [False, True], ids=["plain", "rich"])
@pytest.mark.parametrize("block", range(4))
@both_sizes
def test_suggestions_and_completions_are_those_of_brute_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, sizes: Sizes, *, is_rich: bool
) -> None:
    tokenise = RICH if is_rich else PLAIN
    n_corpora = n_suggested = n_completed = 0
    for seed in sizes(monkeypatch, range(block, N_CORPORA, 4), 4):
        n_corpora += 1
        rng = random.Random(f"{seed} {is_rich}")
        words = RICH_WORDS if is_rich else _plain_words(rng)
        articles = _articles(rng, words)
        whole, scattered = tmp_path / f"{seed}", tmp_path / f"{seed}-scattered"
        build_index(articles, whole)
        _scatter(rng, whole, scattered, articles, words)
        naive = Naive(_passages(whole), tokenise)
        for snapshot in (open_snapshot(whole), open_snapshot(scattered)):
            for _ in range(N_WORDS):
                typed, limit = _typed(rng, naive, words), rng.choice(LIMITS)
                if not is_rich and not re.fullmatch(r"\w+('s)?(-\w+('s)?)*", typed):
                    continue
                suggested, completed = naive.suggest(typed), naive.complete(typed)
                assert suggest(snapshot, typed, limit=limit) == suggested[:limit], typed
                assert complete(snapshot, typed, limit=limit) == completed[:limit], typed
                n_suggested += len(suggested)
                n_completed += len(completed)
    assert n_suggested > 12 * n_corpora
    assert n_completed > 12 * n_corpora
