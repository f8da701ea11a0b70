"""How long do questions of the query language take, beside SQLite's FTS5 and tantivy?

Words, phrases, wildcards, fuzzy words and proximity, drawn from the passages themselves, the same in every run: what stands
in many of them is asked for often. Every engine indexes the texts of the same passages as its documentation recommends:

- FTS5: a table of stems, one of words as written with prefix indexes, and one of trigrams for parts of words, which also
  finds what runs over from word to word; each without content and optimised. It has no fuzzy words.
- tantivy: a field of stems and one of words as written. Its wildcards and fuzzy words are not ranked, all scores being 1. A prefix
  is asked as a fuzzy word without a typing error, which takes a third of the time of a regular expression.
"""

import random
import re
import sqlite3
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from building import built
from measure import Rows, Runner, race, summary
from peers import OURS, Unable
from peers.searcher import PEER, Asked
from sources import kept
from texts import Corpus

from searcher.indexing.folder.settings import stop_words

K = 10
N_QUESTIONS = 100
N_DRAWN_FROM = 100_000
"""Passages that questions are drawn from. Of more, every so many-th."""
_TABLES = {
    "stemmed": "tokenize='porter unicode61'",
    "written": "tokenize='unicode61', prefix='2 3 4'",
    "parts": "tokenize='trigram'",
}
SHOWN = f"{OURS}, with snippets"


class Question(NamedTuple):
    """The words, or the part of a word, that are looked for.

    Attributes:
        kind: One of the keys that `draw_questions` gives.
        words: As they are typed.
    """

    kind: str
    words: tuple[str, ...]

    @property
    def typed(self) -> str:
        """The words in one string."""
        return " ".join(self.words)


class Engine(Protocol):
    """Answers questions."""

    def write(self, question: Question) -> Any:
        """Write a question in the engine's own language, or raise `Unable`."""
        ...

    def search(self, asked: Any) -> object:
        """Parse and answer: the ten best with their scores."""
        ...

    def count(self, asked: Any) -> int:
        """Count all that match."""
        ...


def language(names: Sequence[str], corpus: Corpus, rounds: int) -> Rows:
    """Time each kind of question; by kind, figures by engine, and how many of the counts are ours."""
    ways: dict[str, Callable[[Corpus], Engine]] = {OURS: _Ours, "fts5": _Fts5, "tantivy": _Tantivy}
    engines = {name: way(corpus) for name, way in ways.items() if name in (OURS, *names)}
    step = max(1, corpus.facts()["passages"] // N_DRAWN_FROM)
    texts = [*islice(corpus.lines("raw"), 0, None, step)]
    for kind, questions in draw_questions(texts, frozenset(stop_words("english"))).items():
        asked: dict[str, list[Any]] = {}
        for name, engine in engines.items():
            try:
                asked[name] = [engine.write(question) for question in questions]
            except Unable:
                continue
        runners = {name: Runner(engines[name].search, PEER.forget) for name in asked}
        counts = {name: [engines[name].count(each) for each in asked[name]] for name in asked}
        runners[SHOWN] = Runner(lambda question: PEER.snippets(question, K), PEER.forget)
        times = race(runners, asked | {SHOWN: asked[OURS]}, rounds)
        yield (
            kind,
            {
                "times": {name: summary(each) for name, each in times.items()},
                "same_counts": {
                    name: sum(map(int.__eq__, counts[OURS], counts[name])) for name in counts if name != OURS
                },
                "count_ratio": {name: sum(counts[name]) / max(1, sum(counts[OURS])) for name in counts},
            },
        )


def draw_questions(texts: Sequence[str], common: frozenset[str]) -> dict[str, list[Question]]:
    """Draw questions of each kind: what stands in some passage, the more often the likelier.

    Args:
        texts: Of the passages.
        common: Words that `searcher` leaves out of loose words; they are not asked for there.
    """
    chance = random.Random("language")

    def run(n_words: int) -> list[str]:
        while True:
            found = re.findall(r"(?<!\S)[a-z]+(?!\S)", chance.choice(texts))
            if len(found) > 20:
                start = chance.randrange(len(found) - n_words)
                return found[start : start + n_words]

    def word(least: int = 1) -> str:
        return next(word for [word] in iter(lambda: run(1), []) if len(word) >= least and word not in common)

    def together(n_words: int) -> tuple[str, ...]:
        found = sorted(set(run(8)) - common)
        return tuple(chance.sample(found, n_words)) if len(found) >= n_words else together(n_words)

    def near() -> tuple[str, ...]:
        first, *_, last = run(chance.randint(2, 5))
        return (first, last) if first != last else near()

    def side_by_side() -> tuple[str, ...]:
        while True:
            if found := re.findall(r"(?<!\S)[a-z]+(?: [a-z]+){1,3}(?!\S)", chance.choice(texts)):
                return tuple(chance.choice(found).split())

    def part() -> tuple[str, ...]:
        found = word(6)
        start = chance.randrange(1, len(found) - 4)
        return (found[start : start + 4],)

    def mistyped() -> tuple[str, ...]:
        found = word(5)
        at = chance.randrange(len(found))
        return (found[:at] + chance.choice(["", "e", found[at] * 2]) + found[at + 1 :],)

    ways: dict[str, Callable[[], tuple[str, ...]]] = {
        "any word": lambda: tuple(word() for _ in range(chance.randint(2, 4))),
        "all words": lambda: together(chance.randint(2, 3)),
        "phrase, any form": side_by_side,
        "phrase as written": side_by_side,
        "prefix": lambda: (word(6)[: chance.randint(3, 5)],),
        "infix": part,
        "fuzzy": mistyped,
        "proximity": near,
    }
    return {kind: [Question(kind, draw()) for _ in range(N_QUESTIONS)] for kind, draw in ways.items()}


class _Ours:
    def __init__(self, corpus: Corpus) -> None:
        PEER.open(corpus, built(OURS, corpus, "raw"), "raw")

    def write(self, question: Question) -> Asked:
        written = {
            "phrase, any form": f'stem:"{question.typed}"',
            "phrase as written": f'"{question.typed}"',
            "prefix": f"{question.typed}*",
            "infix": f"*{question.typed}*",
            "fuzzy": f"{question.typed}~",
            "proximity": f'"{question.typed}"~5',
        }.get(question.kind, question.typed)
        return Asked(written, "any" if question.kind == "any word" else "all")

    def search(self, asked: Asked) -> object:
        return PEER.search(asked, K)

    def count(self, asked: Asked) -> int:
        return PEER.count(PEER.with_headings(asked))


class _Fts5:
    def __init__(self, corpus: Corpus) -> None:
        key = f"{corpus.key} {sqlite3.sqlite_version} {_TABLES}"
        path = kept(corpus.folder / "language.db", key, lambda path: self._build(path, corpus))
        self._base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self._base.execute("pragma mmap_size=8000000000")
        self._base.execute("pragma cache_size=-64000")

    def _build(self, path: Path, corpus: Corpus) -> None:
        base = sqlite3.connect(path, isolation_level=None)
        base.executescript("pragma journal_mode=off; pragma synchronous=off; pragma cache_size=-256000;")
        for table, options in _TABLES.items():
            base.execute(f"create virtual table {table} using fts5(text, content='', {options})")
            base.execute("begin")
            base.executemany(f"insert into {table}(rowid, text) values(?, ?)", enumerate(corpus.lines("raw")))
            base.execute(f"insert into {table}({table}) values('optimize')")
            base.execute("commit")
        base.close()

    def write(self, question: Question) -> tuple[str, str]:
        words = [f'"{word}"' for word in question.words]
        written = {
            "any word": ("stemmed", " OR ".join(words)),
            "all words": ("stemmed", " ".join(words)),
            "phrase, any form": ("stemmed", f'"{question.typed}"'),
            "phrase as written": ("written", f'"{question.typed}"'),
            "prefix": ("written", f'"{question.typed}"*'),
            "infix": ("parts", f'"{question.typed}"'),
            # It counts the words between, we from the first to the last.
            "proximity": ("written", f"NEAR({' '.join(words)}, 4)"),
        }
        if question.kind not in written:
            raise Unable("it has no fuzzy words")
        return written[question.kind]

    def search(self, asked: tuple[str, str]) -> object:
        table, text = asked
        return self._base.execute(
            f"select rowid, rank from {table} where {table} match ? order by rank limit {K}", (text,)
        ).fetchall()

    def count(self, asked: tuple[str, str]) -> int:
        table, text = asked
        found = self._base.execute(f"select count(*) from {table} where {table} match ?", (text,))
        return int(found.fetchone()[0])


class _Tantivy:
    def __init__(self, corpus: Corpus) -> None:
        import tantivy  # it need not be installed

        self._tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("stemmed", tokenizer_name="en_stem")
        builder.add_text_field("written", tokenizer_name="default")
        self._schema = builder.build()
        key = f"{corpus.key} {tantivy.__version__}"
        path = kept(corpus.folder / "language-tantivy", key, lambda path: self._build(path, corpus))
        self._index = tantivy.Index.open(str(path))
        self._searcher = self._index.searcher()

    def _build(self, path: Path, corpus: Corpus) -> None:
        path.mkdir()
        writer = self._tantivy.Index(self._schema, str(path)).writer(1_000_000_000, 1)
        for text in corpus.lines("raw"):
            writer.add_document(self._tantivy.Document(stemmed=text, written=text))
        writer.commit()
        writer.wait_merging_threads()

    def write(self, question: Question) -> Callable[[], Any]:
        query = self._tantivy.Query
        if question.kind == "prefix":
            return lambda: query.fuzzy_term_query(
                self._schema, "written", question.typed, distance=0, prefix=True
            )
        if question.kind == "infix":
            return lambda: query.regex_query(self._schema, "written", f".*{question.typed}.*")
        if question.kind == "fuzzy":
            return lambda: query.fuzzy_term_query(self._schema, "written", question.typed)
        field = "stemmed" if question.kind in ("any word", "all words", "phrase, any form") else "written"
        written = {
            "any word": question.typed,
            "all words": " ".join(f"+{word}" for word in question.words),
            "proximity": f'"{question.typed}"~5',
        }.get(question.kind, f'"{question.typed}"')
        return lambda: self._index.parse_query(written, [field])

    def search(self, asked: Callable[[], Any]) -> object:
        return self._searcher.search(asked(), K, count=False).hits

    def count(self, asked: Callable[[], Any]) -> int:
        return int(self._searcher.search(asked(), 1, count=True).count)
