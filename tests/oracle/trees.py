"""Random queries, as understood, of every kind of node."""

import random
from collections.abc import Callable, Sequence
from typing import Literal

from corpora import DATES
from tokenisers import Tokeniser, to_word

from searcher.language.tree import (
    FIELDS,
    And,
    Atom,
    Close,
    Dates,
    Field,
    Fuzzy,
    Kinds,
    Leaf,
    Node,
    Not,
    Or,
    Part,
    Path,
    Query,
    Selector,
    Undated,
    Wildcard,
    Within,
    Word,
    Words,
)
from searcher.model import Article, Kind

WEIGHTS = (1.0, 1.0, 1.0, 1.0, 0.5, 2.0, 9.0, 0.0)
DISTANCES = (1, 1, 2, 2, 3, 4, 6, 10, 300)
PATHS = (
    "a",
    "B",
    "/",
    "c/",
    "é",
    "E",
    "txt",
    "[a]",
    "/*.txt",
    "f*",
    "?/?",
    "c/?",
    "*/*",
    "g?t*",
    "c*a",
    "*.TXT",
    "?.txt",
)


class Trees:
    """Makes up queries, mostly of words that stand together somewhere.

    Args:
        rng: Where chance comes from.
        words: What is typed besides.
        tokenise: Turns that into tokens.
        articles: What is asked about.
    """

    def __init__(
        self, rng: random.Random, words: Sequence[str], tokenise: Tokeniser, articles: Sequence[Article]
    ) -> None:
        self._rng = rng
        self._tokenise = tokenise
        self._addresses = [article.address for article in articles]
        self._words = words
        self._told = {
            "text": [paragraph for article in articles for paragraph in article.text.split("\n\n")],
            "title": [article.title for article in articles if article.title],
            "source": [article.source for article in articles if article.source],
            "author": [article.author for article in articles if article.author],
            "keyword": [" ".join(article.keywords) for article in articles if article.keywords],
        }
        self._theme: list[str] = []

    def query(self) -> Query:
        rng = self._rng
        self._turn_to("text")
        if rng.random() < 0.3:
            return Query(required=(rng.choice((self.leaf, self.selector, self._field))(),))
        required = tuple(self.node(2) for _ in range(rng.choice((0, 1, 1, 1, 2))))
        loose = {words.key: words for words in (self._loose() for _ in range(rng.choice((0, 0, 1, 2, 3))))}
        phrase = self.words((2, 2, 3)) if loose and not required else None
        return Query(tuple(loose.values()), required, phrase and phrase._replace(is_exact=False))

    def _turn_to(self, field: str) -> None:
        """Take words from one paragraph, or one value of a field."""
        told = self._rng.choice(self._told[field] or [""]).split()
        self._theme = [word for chunk in told if (word := chunk.strip("#.,?:"))] or [*self._words]

    def _typed(self, n: int) -> list[str]:
        """Choose words that stand side by side, or others."""
        rng = self._rng
        if rng.random() < 0.2:
            return rng.choices(self._words, k=n)
        first = rng.randrange(len(self._theme))
        side_by_side = self._theme[first : first + n]
        return [*side_by_side, *rng.choices(self._theme, k=n - len(side_by_side))]

    def node(self, depth: int) -> Node:
        rng = self._rng
        if depth and rng.random() < 0.5:
            nodes = tuple(self.node(depth - 1) for _ in range(rng.choice((2, 2, 3))))
            self._turn_to("text")  # what is excluded stands elsewhere
            other = self.node(depth - 1)
            excluded = Not(rng.choice((other, other, other, And(nodes), Or(nodes), Not(other))))
            return rng.choice((And(nodes), And((nodes[1], excluded)), Or(nodes), Or(nodes), excluded))
        return self.selector() if rng.random() < 0.35 else self.leaf()

    def leaf(self) -> Leaf:
        return self.close() if self._rng.random() < 0.5 else self.words((1, 1, 1, 2, 2, 3))

    def words(self, sizes: Sequence[int]) -> Words:
        rng = self._rng
        words = tuple(self._word(typed) for typed in self._typed(rng.choice(sizes)))
        return Words(words, is_exact=rng.random() < 0.5, weight=rng.choice(WEIGHTS))

    def _loose(self) -> Words:
        return self.words((1,))._replace(is_exact=False)

    def _word(self, typed: str) -> Word:
        """Understand a word as typed, or with patterns in place of some of its parts."""
        rng = self._rng
        word = to_word(typed, self._tokenise)
        if rng.random() < 0.5:
            return word
        if word.joined and rng.random() < 0.4:
            return _written((self._pattern_for(word.joined.surface),))
        parts = [
            self._pattern_for(part.surface) if isinstance(part, Part) and rng.random() < 0.6 else part
            for part in word.parts
        ]
        return word if parts == [*word.parts] else _written(tuple(parts))

    def _pattern_for(self, surface: str) -> Atom:
        rng = self._rng
        letters = surface.replace("-", "")
        if rng.random() < 0.5:
            distance = rng.choice((1, 1, 2))
            for _ in range(rng.choice((0, 1, distance, distance))):
                letters = self._edited(letters)
            return Fuzzy(letters, distance)
        low, high = sorted(rng.choices(range(len(letters) + 1), k=2))
        cut = rng.choice(
            (
                surface.replace("-", "?"),
                letters[:high] + "*",
                "*" + letters[low:],
                letters[:low] + "*" + letters[high:],
                letters[:low] + "?" + letters[low + 1 :],
                letters[:low] + "?" + letters[low:],
                "*" + letters[low:high] + "*",
                letters[:low] + "?*",
            )
        )
        is_pattern = cut.strip("*?") and cut != letters
        return Wildcard(cut if is_pattern else letters + "*")

    def _edited(self, letters: str) -> str:
        rng = self._rng
        at = rng.randrange(len(letters))
        new = rng.choice("aeirst'4")
        edited = rng.choice(
            (
                letters[:at] + letters[at + 1 :],
                letters[:at] + new + letters[at:],
                letters[:at] + new + letters[at + 1 :],
                letters[:at] + letters[at : at + 2][::-1] + letters[at + 2 :],
            )
        )
        return edited or letters

    def close(self) -> Close:
        rng = self._rng
        within: int | Literal["sentence", "paragraph"] = rng.choice(DISTANCES)
        if rng.random() < 0.4:
            within = rng.choice(("sentence", "paragraph"))
        members = [
            tuple(self.words((1, 1, 1, 2, 3))._replace(weight=1.0) for _ in range(rng.choice((1, 1, 2))))
            for _ in range(rng.choice((2, 2, 2, 3, 3, 4)))
        ]
        if rng.random() < 0.2:
            members[-1] = members[0]
        return Close(tuple(members), within, weight=rng.choice(WEIGHTS))

    def selector(self) -> Selector:
        rng = self._rng
        made: list[Callable[[], Selector]] = [
            lambda: Kinds(frozenset(rng.sample(list(Kind), k=rng.choice((0, 1, 2, 3))))),
            self._dates,
            Undated,
            self._field,
            lambda: Path(rng.choice(PATHS)),
            lambda: Within((rng.choice([*self._addresses, "nowhere"]),), keeps_headings=rng.random() < 0.5),
        ]
        (make,) = rng.choices(made, weights=(1, 2, 2, 4, 2, 1))
        return make()

    def _field(self) -> Field:
        rng = self._rng
        theme, name = self._theme, rng.choice(FIELDS)
        self._turn_to(name)
        words = self.words((1, 2))
        self._theme = theme
        return Field(name, words.words, words.is_exact)

    def _dates(self) -> Dates:
        rng = self._rng
        since, until = sorted(rng.choices(("2019", "2019-12", "2020-01-01", "2020-02-29", *DATES), k=2))
        return rng.choice(
            (
                Dates(since, since),
                Dates(since, until),
                Dates(since, ""),
                Dates("", until),
                Dates(since, "", is_exclusive=True),
                Dates("", until, is_exclusive=True),
            )
        )


def _written(parts: tuple[Atom, ...]) -> Word:
    """Make a word of parts, with a text such as may be typed."""
    texts = []
    for part in parts:
        match part:
            case Part(surface):
                texts.append(surface)
            case Wildcard(pattern):
                texts.append(pattern)
            case Fuzzy(surface, distance):
                texts.append(f"{surface}~{distance}")
    return Word("-".join(texts), parts)
