"""Are the answers of two versions of `searcher` the same? Writes what each of many seeded queries finds, a line a query.

    python tests/benchmarks/answers.py INDEX --out answers.txt            with one version, then with the other
    diff answers.txt other.txt

The index is built from the news if it is missing; with ``--size``, from texts of so many passages made from the news. A line holds the query, how it was asked, and hashes of what was found:
passages in order with the bits of their scores, tiers and totals, marks, snippets. Notes and times are left out.
"""

import argparse
import json
import random
import re
import sys
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from sources import DATA, made, numbered, read_news

from searcher import Article, Index, QueryError, SearchResult, build_index, open_index

SEED: Final = 20261130
N_SAMPLED: Final = 600
"""Articles from which words and phrases are taken."""


def articles() -> Iterator[Article]:
    """Make articles of the news, with every field that it has."""
    for news in read_news():
        date = news["date"][:10] if re.match(r"\d{4}-\d\d-\d\d", news["date"] or "") else None
        yield Article(
            address=f"{news['id']}.txt",
            text=news["text"],
            title=news["title"] or None,
            date=date,
            source=news["source"] or None,
            author=news.get("authors") or None,
            keywords=(str(news["topic"]),) if news.get("topic") else (),
        )


class Asker:
    """Makes up queries, the same ones for the same seed.

    Args:
        seed: Of the generator.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        sampled = self.random.sample([*read_news()], N_SAMPLED)
        self.runs = [news["text"].split() for news in sampled]
        self.titles = [news["title"] for news in sampled if news["title"]]
        self.sources = sorted({news["source"] for news in sampled if news["source"]})
        words = [word for run in self.runs for word in re.findall(r"[A-Za-z]{3,}", " ".join(run))]
        self.words = words
        self.rare = sorted(set(words))
        typed = DATA / "queries" / "aol_derived_plain.jsonl"
        self.typed = [json.loads(line)["text"] for line in typed.read_text(encoding="utf-8").splitlines()]
        game = DATA / "queries" / "search_benchmark_game.jsonl"
        self.game = [json.loads(line)["text"] for line in game.read_text(encoding="utf-8").splitlines()]

    def word(self) -> str:
        """Give a word as an article has it: common ones more often."""
        word: str = self.random.choice(self.rare if self.random.random() < 0.3 else self.words)
        return word

    def phrase(self, least: int = 2, most: int = 4) -> str:
        """Give words that stand side by side in an article."""
        run = self.random.choice(self.runs)
        at = self.random.randrange(max(1, len(run) - most))
        return " ".join(run[at : at + self.random.randint(least, most)]).replace('"', "")

    def near(self) -> str:
        """Give two words that stand close to each other in an article."""
        run = self.random.choice(self.runs)
        at = self.random.randrange(max(1, len(run) - 12))
        found = re.findall(r"[A-Za-z]{3,}", " ".join(run[at : at + 12])) or ["war", "peace"]
        one, other = found[0], found[-1]
        joined = self.random.choice(["NEAR/5", "NEAR/2", "NEAR", "SENTENCE", "PARAGRAPH"])
        return (
            f"{one} {joined} {other}"
            if self.random.random() < 0.8
            else f'"{one} {other}"~{self.random.randint(1, 8)}'
        )

    def pattern(self) -> str:
        """Give a word with a wildcard, or a fuzzy one."""
        word = self.word().lower()
        cut = self.random.randint(2, max(2, len(word) - 1))
        forms = [
            f"{word[:cut]}*",
            f"*{word[-cut:]}",
            f"{word[:cut]}?{word[cut + 1 :]}",
            f"{word}~",
            f"{word}~2",
            f"*{word[1:cut]}*",
        ]
        chosen = self.random.choice(forms)
        return chosen if len(chosen.strip("*?~2")) > 2 else f"{word}~"

    def field(self) -> str:
        """Give a clause that selects."""
        year = self.random.randint(2015, 2020)
        month = self.random.randint(1, 12)
        return self.random.choice(
            [
                f"date:{year}", f"date:{year}-{month:02}", f"date:[{year}-{month:02} TO {year}-12]", f"date:>{year}-06-01",
                f"date:<{year}", "date:none", "kind:title", "kind:body", "kind:any", "kind:caption",
                f'source:"{self.random.choice(self.sources)}"', f"title:{self.word()}",
                f'title:"{" ".join(self.random.choice(self.titles).split()[:2])}"', f"author:{self.word()}", f"path:*{self.random.choice('ABCDefgh0123')}.txt",
            ]
        )  # fmt: skip

    def query(self) -> str:
        """Make up one query."""
        word, phrase, choice = self.word, self.phrase, self.random.choice
        ways: dict[Callable[[], str], int] = {
            lambda: choice(self.typed): 10,
            lambda: choice(self.game): 8,
            lambda: " ".join(word() for _ in range(self.random.randint(1, 5))): 18,
            lambda: choice(['"{}"', 'stem:"{}"']).format(phrase()): 12,
            lambda: phrase(1, 6): 6,
            lambda: choice([" AND ", " OR "]).join(word() for _ in range(self.random.randint(2, 4))): 6,
            self.near: 6,
            self.pattern: 3,
            lambda: f"{word()} {self.pattern()}": 3,
            lambda: " ".join([self.field(), word(), *choice([[], [word()]])]): 8,
            lambda: f"{word()} {word()} -{word()}": 5,
            lambda: f'({word()} OR "{phrase(2, 3)}") AND {word()} NOT {word()}': 5,
            lambda: f'+{word()} {word()} "{phrase(2, 3)}"': 4,
            lambda: f"{word()}^{self.random.randint(2, 4)} {word()} exact:{word()}": 3,
            lambda: f"({self.near()}) OR ({self.pattern()} AND {self.field()})": 3,
        }
        (way,) = self.random.choices([*ways], [*ways.values()])
        return way()

    def asked(self) -> dict[str, Any]:
        """Make up how a query is asked."""
        asked: dict[str, Any] = {"limit": self.random.choice([1, 3, 10, 10, 10, 25])}
        if self.random.random() < 0.4:
            asked["match"] = self.random.choice(["all", "any"])
        if self.random.random() < 0.05:
            asked["since"] = str(self.random.randint(2015, 2020))
        return asked


def _hash(value: object) -> str:
    return blake2b(repr(value).encode(), digest_size=6).hexdigest()


def answer(result: SearchResult) -> str:
    """Write what a result holds, as hashes."""
    places = [
        (hit.article.address, hit.passage.start, hit.passage.end, float(hit.score).hex(), hit.match)
        for hit in result
    ]
    marks = [(hit.marks, hit.matched, hit.line, hit.passage.text) for hit in result]
    snippets = [(hit.snippet.start, hit.snippet.end, hit.snippet.text, hit.snippet.marks, hit.snippet.is_start, hit.snippet.is_end,
                 hit.heading and (hit.heading.text, hit.heading.marks)) for hit in result]  # fmt: skip
    totals = (result.match, result.total, sorted(result.tiers.items()), result.side_by_side)
    ranking = [(each.score.hex(), each.address, each.start, each.end) for each in result.ranking]
    return " ".join(
        [str(result.total), *map(_hash, (places, ranking, totals, marks, snippets)), _hash(result.understood)]
    )


def ask(index: Index, query: str, asked: dict[str, Any]) -> str:
    """Ask one query; an error is an answer too."""
    try:
        return answer(index.search(query, **asked))
    except QueryError:
        return "QueryError"


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", type=int, help="number of passages of an index of made texts")
    parser.add_argument("--queries", type=int, default=15_000)
    options = parser.parse_args()
    if not DATA.exists():
        sys.exit(f"nothing is asked: the news and queries are missing, which belong in {DATA}")
    if not (options.index / "manifest.json").exists():
        build_index(numbered(made(options.size).texts) if options.size else articles(), options.index)
    asker = Asker(SEED)
    with open_index(options.index) as index, options.out.open("w", encoding="utf-8") as out:
        for _ in range(options.queries):
            query, asked = asker.query(), asker.asked()
            out.write(f"{json.dumps([query, asked], ensure_ascii=False)} {ask(index, query, asked)}\n")


if __name__ == "__main__":
    main()
