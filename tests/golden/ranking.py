"""How well are articles ranked? Measures two public test collections and writes the figures.

An article is ranked by its best passage, of whatever kind; every text is an article; any of the words may match. Run it
from the project with ``python tests/golden/ranking.py``; it finds the collections beside the project, in
``../shared/data``, and writes ``tests/golden/ranking.txt``.
"""

import json
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import ir_measures
from ir_measures import AP, RR, P, R, nDCG

from searcher import Article, build_index, open_index

DATA = Path(__file__).parents[3] / "shared" / "data"
FIGURES = Path(__file__).with_name("ranking.txt")
COLLECTIONS = ("time", "cranfield")
MEASURES = (nDCG @ 10, AP, P @ 10, R @ 100, RR @ 10)
LIMIT = 1000


def run(collection: Path) -> Iterator[ir_measures.ScoredDoc]:
    """Rank the articles of a collection for each of its queries."""
    with tempfile.TemporaryDirectory() as folder:
        texts = map(json.loads, (collection / "corpus.jsonl").read_text(encoding="utf-8").splitlines())
        build_index(
            (Article(address=text["id"], text=text["text"]) for text in texts if text["text"].strip()), folder
        )
        with open_index(folder) as index:
            for line in (collection / "queries.jsonl").read_text(encoding="utf-8").splitlines():
                query = json.loads(line)
                scores: dict[str, float] = {}
                found = index.search(f"{_as_words(query['text'])} kind:any", match="any", limit=LIMIT)
                for passage in found.ranking:
                    scores.setdefault(passage.address, passage.score)
                for address, score in scores.items():
                    yield ir_measures.ScoredDoc(query["id"], address, score)


def _as_words(text: str) -> str:
    """Take out of a query what the query language gives a meaning: some are in capitals, quote or set brackets."""
    return re.sub(r'["()*?~^]|(?<!\S)[-+]', " ", text.lower())


def figures() -> str:
    """Give the table of figures."""
    lines = ["collection " + " ".join(f"{measure!s:>8}" for measure in MEASURES)]
    for name in COLLECTIONS:
        rows = (line.split("\t") for line in (DATA / name / "qrels.tsv").read_text().splitlines())
        judged = [ir_measures.Qrel(query, article, int(grade)) for query, article, grade in rows]
        measured = ir_measures.calc_aggregate(MEASURES, judged, run(DATA / name))
        lines.append(f"{name:<10} " + " ".join(f"{measured[measure]:8.4f}" for measure in MEASURES))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    table = figures()
    FIGURES.write_text(table, encoding="utf-8")
    sys.stdout.write(table)
