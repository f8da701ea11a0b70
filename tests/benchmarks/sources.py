"""Which texts are indexed?

*News* are the articles of ``../shared/data/news.jsonl.xz``, the title as first line. *Made* texts are the sentences of the news, drawn
at random. Every fourth sentence is given a name. Three times in four the name was given before, so the vocabulary keeps growing, with
a long tail of rare words. Fewer made texts are the beginning of more. Texts are streamed, so their number does not need memory.

This module runs with every version of `searcher`.
"""

import json
import lzma
import random
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from inspect import getsource
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from searcher import Article

DATA: Final = Path(__file__).parents[3] / "shared" / "data"
PASSAGES_PER_ARTICLE: Final = 11.2
"""Of made texts."""
_NEWS: Final = DATA / "news.jsonl.xz"
_LINE_FEED: Final = "\x1e"
"""Stands for a line feed in a file with one text a line. No text has this character."""
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"])")
_SYLLABLES: Final = [a + b + c for a in "bdfgklmnprstvz" for b in "aeiou" for c in ("", "n", "r", "s", "l")]


class Source(NamedTuple):
    """Texts of articles.

    Attributes:
        key: Another for other texts.
        texts: The texts.
    """

    key: str
    texts: Iterable[str]


def read_news() -> Iterator[dict[str, Any]]:
    """Read the news, one object an article."""
    with lzma.open(_NEWS, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def news() -> Source:
    """Give the news."""
    return Source(_key(_news), _news())


def made(n_passages: int) -> Source:
    """Give texts of so many passages, about, made from sentences of the news."""
    n_texts = round(n_passages / PASSAGES_PER_ARTICLE)
    return Source(f"{n_texts} {_key(_made, _named)}", islice(_made(), n_texts))


def write_texts(path: Path, source: Source) -> Path:
    """Write texts to a file, one a line, unless they are there."""

    def write(unfinished: Path) -> None:
        with unfinished.open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(text.replace("\n", _LINE_FEED) + "\n" for text in source.texts)

    return kept(path, source.key, write)


def read_texts(path: Path) -> Iterator[str]:
    """Read a file that `write_texts` has written."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield line[:-1].replace(_LINE_FEED, "\n")


def numbered(texts: Iterable[str]) -> Iterator[Article]:
    """Make articles of texts. Their addresses ascend."""
    for number, text in enumerate(texts):
        yield Article(address=f"{number:06}.txt", text=text)


def kept(path: Path, key: str, make: Callable[[Path], object]) -> Path:
    """Give what was made before for the same key, or make it anew; what was not finished does not count."""
    note, unfinished = path.with_name(f"{path.name}.key"), path.with_name(f"{path.name}.part")
    if not (note.exists() and note.read_text(encoding="utf-8") == key):
        for old in (note, path, unfinished):
            shutil.rmtree(old) if old.is_dir() else old.unlink(missing_ok=True)
        make(unfinished)
        unfinished.rename(path)
        note.write_text(key, encoding="utf-8")
    return path


def _key(*recipes: Callable[..., object]) -> str:
    recipe = "".join(map(getsource, recipes))
    return sha256(f"{_NEWS.stat().st_size} {recipe}".encode()).hexdigest()


def _news() -> Iterator[str]:
    for article in read_news():
        yield f"{article['title']}\n\n{article['text']}"


def _made() -> Iterator[str]:
    chance = random.Random(20201004)
    articles = [*read_news()]
    sentences = [
        sentence
        for article in articles
        for paragraph in article["text"].split("\n")
        for sentence in _SENTENCE_END.split(paragraph)
        if 30 <= len(sentence) <= 500
    ]
    titles = [article["title"] for article in articles]
    del articles
    names: list[str] = ["Ada Norin"]
    while True:
        paragraphs = [chance.choice(titles)]
        for _ in range(chance.randint(12, 36)):
            drawn = chance.choices(sentences, k=chance.randint(1, 3))
            paragraphs.append(" ".join(_named(sentence, names, chance) for sentence in drawn))
        yield "\n\n".join(paragraphs)


def _named(sentence: str, names: list[str], chance: random.Random) -> str:
    """Put a name behind the first word of every fourth sentence; names used often are used more often (Simon 1955)."""
    if chance.random() >= 0.25:
        return sentence
    if chance.random() < 0.25:
        first, last = (
            "".join(chance.choices(_SYLLABLES, k=n)).capitalize() for n in (2, chance.randint(2, 4))
        )
        name = f"{first} {last}"
    else:
        name = chance.choice(names)
    names.append(name)
    word, space, rest = sentence.partition(" ")
    return f"{word} {name}{space}{rest}"
