"""Which texts are indexed?

A corpus is a folder: ``articles.jsonl``, the index of `searcher`, and in ``passages`` the texts of that index's passages and
their stems, one passage a line, so that every engine indexes just the same ones. What is there already is used again, unless
what it was made from has changed: the data, or the modules of `searcher` that make it.

*News* are the articles of ``../shared/data/news.jsonl.xz``, the title as first line. The *made* corpora are its sentences,
drawn at random; every fourth one is given a name, three times in four one that was given before, so that the vocabulary
keeps growing, with a long tail of rare words. A smaller one of these is the beginning of a larger one.
"""

import json
import lzma
import random
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from inspect import getsource
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import searcher
from searcher import Article, build_index, open_index
from searcher.storage.snapshot import open_snapshot
from searcher.text.words.analysis import Analyser
from searcher.text.words.chunks import split

DATA = Path(__file__).parents[3] / "shared" / "data"
PASSAGES_PER_ARTICLE = 11.2
"""Of the articles made from sentences."""
_NEWS = DATA / "news.jsonl.xz"
_PACKAGE = Path(searcher.__file__).parent
_DIVIDES = tuple(
    f"text/{name}.py"
    for name in (
        "words/analysis",
        "layout/lines",
        "layout/paragraphs",
        "layout/kinds",
        "layout/passages",
        "layout/sentences",
    )
)
_INDEXES = ("text", "storage", "indexing", "model.py")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"])")
_SYLLABLES = [a + b + c for a in "bdfgklmnprstvz" for b in "aeiou" for c in ("", "n", "r", "s", "l")]


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder with a corpus in it.

    Attributes:
        folder: Where; its name is that of the corpus.
        key: Equal for corpora of equal passages.
    """

    folder: Path
    key: str

    @property
    def name(self) -> str:
        """What it is called."""
        return self.folder.name

    @property
    def index(self) -> Path:
        """The index of `searcher`, built from memory."""
        return self.folder / "searcher"

    def articles(self) -> list[Article]:
        """Read the articles."""
        with (self.folder / "articles.jsonl").open(encoding="utf-8") as lines:
            return [Article(**json.loads(line)) for line in lines]

    def lines(self, name: str) -> list[str]:
        """Read ``texts`` or ``stems``, one string a passage."""
        with (self.folder / "passages" / f"{name}.txt").open(encoding="utf-8", newline="\n") as lines:
            return [line[:-1] for line in lines]

    def places(self) -> npt.NDArray[np.int64]:
        """Read where the passages begin, as `place` has it, ascending."""
        places: npt.NDArray[np.int64] = np.load(self.folder / "passages" / "places.npy")
        return places

    def facts(self) -> dict[str, Any]:
        """Read what is known of it: sizes and numbers."""
        facts: dict[str, Any] = json.loads(
            (self.folder / "passages" / "facts.json").read_text(encoding="utf-8")
        )
        return facts

    def files(self) -> Path:
        """Give the folder of its articles as files, written if need be."""

        def write(folder: Path) -> None:
            folder.mkdir()
            for article in self.articles():
                (folder / article.address).write_bytes(article.text.encode())

        return kept(self.folder / "files", self.key, write)


def place(address: str, start: int) -> int:
    """Number a passage by its article and first code point; passages of an index are in this order."""
    return int(address.partition(".")[0]) << 32 | start


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


def news(folder: Path) -> Corpus:
    """Make the corpus of news."""
    return prepare(folder, _key_of(_news), _news())


def made(folder: Path, n_passages: int) -> Corpus:
    """Make a corpus of so many passages, about, from sentences of the news."""
    n_articles = round(n_passages / PASSAGES_PER_ARTICLE)
    return prepare(folder, f"{n_articles} {_key_of(_made)} {_key_of(_named)}", islice(_made(), n_articles))


def prepare(folder: Path, key: str, texts: Iterable[str]) -> Corpus:
    """Make a corpus, unless it is there: articles, index of `searcher`, passages and stems.

    Args:
        folder: Where.
        key: Another for other texts.
        texts: Of the articles.
    """

    def write_articles(path: Path) -> None:
        with path.open("w", encoding="utf-8") as out:
            for number, text in enumerate(texts):
                article = {"address": f"{number:06}.txt", "text": text}
                out.write(json.dumps(article, ensure_ascii=False) + "\n")

    folder.mkdir(parents=True, exist_ok=True)
    corpus = Corpus(folder, _hash(key, _DIVIDES))
    kept(folder / "articles.jsonl", _hash(key), write_articles)
    kept(corpus.index, _hash(key, _INDEXES), lambda path: build_index(corpus.articles(), path))
    kept(folder / "passages", corpus.key, lambda path: _export(corpus, path))
    return corpus


def stop_words(corpus: Corpus) -> frozenset[str]:
    """Give the words that `searcher` leaves out of loose queries."""
    return frozenset(open_snapshot(corpus.index).manifest.stop_words)


def _key_of(recipe: Callable[..., object]) -> str:
    return f"{_NEWS.stat().st_size} {getsource(recipe)}"


def _hash(key: str, parts: tuple[str, ...] = ()) -> str:
    """Hash what something was made from: a key, and modules of `searcher`."""
    paths = [path for part in parts for path in sorted((_PACKAGE / part).rglob("*.py")) or [_PACKAGE / part]]
    sources = [path.read_text(encoding="utf-8") for path in paths]
    return sha256("".join([key, *sources]).encode()).hexdigest()


@cache
def _read_news() -> list[dict[str, Any]]:
    with lzma.open(_NEWS, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _news() -> Iterator[str]:
    for article in _read_news():
        yield f"{article['title']}\n\n{article['text']}"


def _made() -> Iterator[str]:
    chance = random.Random(20201004)
    sentences = [
        sentence
        for article in _read_news()
        for paragraph in article["text"].split("\n")
        for sentence in _SENTENCE_END.split(paragraph)
        if 30 <= len(sentence) <= 500
    ]
    titles = [article["title"] for article in _read_news()]
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


def _export(corpus: Corpus, folder: Path) -> None:
    """Write out the passages of the index, as texts and as stems, in its order."""
    folder.mkdir()
    analyser, stems_of = Analyser(), {"": ""}
    places: list[int] = []
    with (
        (folder / "texts.txt").open("w", encoding="utf-8", newline="\n") as texts,
        (folder / "stems.txt").open("w", encoding="utf-8", newline="\n") as stems,
    ):
        for address, start, text in _passages(corpus.index):
            chunks = split(text)
            for chunk in chunks:
                if chunk not in stems_of:
                    tokens = analyser.tokens(chunk)
                    stems_of[chunk] = " ".join(token.term for token in tokens if not token.is_overlay)
            texts.write(" ".join(text.split()) + "\n")
            stems.write(" ".join(filter(None, map(stems_of.__getitem__, chunks))) + "\n")
            places.append(place(address, start))
    assert places == sorted(places), "passages are not in the order of articles"
    np.save(folder / "places.npy", np.array(places, np.int64))
    with open_index(corpus.index) as opened:
        status = opened.status()
    facts = {
        "articles": status.n_articles,
        "passages": status.n_passages,
        "words": status.n_words,
        "terms": status.n_terms,
        "text_bytes": sum(len(article.text.encode()) for article in corpus.articles()),
    }
    assert len(places) == status.n_passages, "passages are missing"
    (folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")


def _passages(index: Path) -> Iterator[tuple[str, int, str]]:
    """Give address, start and text of each passage."""
    for live in open_snapshot(index).segments:
        columns = live.segment.columns
        edges = columns["article_passages"].tolist()
        for number in range(live.segment.n_articles):
            article = live.segment.article(number)
            for passage in range(edges[number], edges[number + 1]):
                start, end = int(columns["passage_start"][passage]), int(columns["passage_end"][passage])
                yield article.address, start, article.text[start:end]
