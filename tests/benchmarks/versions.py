"""Is one version of `searcher` as fast as another? Both are asked the same in turns.

    python tests/benchmarks/versions.py OUT --before PYTHON --after PYTHON

Each PYTHON is the interpreter of an environment with one version. Prints how both are built, and a table in Markdown: both
medians, and their ratio.
Queries and commands are measured in processor time, indexing by the clock too. OUT keeps the indexes, which are built from the news,
or, with ``--size``, from texts of so many passages made from the news.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any, Final

from sources import DATA, made, write_texts

HERE: Final = Path(__file__).parent

ASK: Final = """
import json, sys, time
from pathlib import Path
from searcher import open_index
data = Path(sys.argv[2]) / "queries"
def texts(name):
    return [json.loads(line) for line in (data / name).read_text(encoding="utf-8").splitlines()]
game = texts("search_benchmark_game.jsonl")
kinds = {
    "any": [each["text"] for each in game if "union" in each["tags"]],
    "all": [each["text"] for each in game if "intersection" in each["tags"]],
    "phrase": ["stem:" + each["text"] for each in game if "phrase" in each["tags"]],
    "as typed": [each["text"] for each in texts("aol_derived_plain.jsonl")],
}
ways = {
    "ten best": lambda result: None,
    "with snippets": lambda result: [hit.snippet.text for hit in result.hits],
    "count": lambda result: result.total,
}
figures = {}
with open_index(sys.argv[1]) as index:
    for kind, asked in kinds.items():
        for way, look in ways.items():
            best = [1 << 62] * len(asked)
            for _ in range(3):
                for number, text in enumerate(asked):
                    started = time.process_time_ns()
                    look(index.search(text, limit=0 if way == "count" else 10, match="any" if kind == "any" else "auto"))
                    best[number] = min(best[number], time.process_time_ns() - started)
            figures[f"{way}: {kind}, microseconds"] = sum(best) / len(best) / 1000
print(json.dumps(figures))
"""
BUILD: Final = """
import json, os, resource, sys, time
sys.path.insert(0, sys.argv[3])
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(sys.argv[4])])
from pathlib import Path
from answers import articles
from searcher import build_index
from sources import numbered, read_texts
if len(sys.argv) > 5:
    read, megabytes = numbered(read_texts(Path(sys.argv[5]))), Path(sys.argv[5]).stat().st_size / 1e6
else:
    read = list(articles())
    megabytes = sum(len(article.text.encode()) for article in read) / 1e6
def spent():
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
started, before = time.perf_counter(), spent()
build_index(read, sys.argv[1], rebuild=True)
elapsed, used = time.perf_counter() - started, spent() - before
name = f"indexing, processors: {sys.argv[4]}, MB"
print(json.dumps({f"{name} a second": megabytes / elapsed, f"{name} a second of processor time": megabytes / used}))
"""
COLD: Final = """
import json, resource, subprocess, sys
from pathlib import Path
command = [str(Path(sys.executable).with_name("searcher")), "query", "climate change", "--index", sys.argv[1], "--no-update"]
def spent():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
before = spent()
for _ in range(5):
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
print(json.dumps({"one cold command, milliseconds": (spent() - before) / 5 * 1000}))
"""
DESCRIBE: Final = """
import json, sys
sys.path.insert(0, sys.argv[1])
from measure import python
print(json.dumps(python()))
"""


def run(python: Path, code: str, *given: object) -> Any:
    """Run a piece of code with an interpreter, and give the JSON that it prints."""
    done = subprocess.run(
        [python, "-P", "-c", code, *map(str, given)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--before", type=Path, required=True)
    parser.add_argument("--after", type=Path, required=True)
    parser.add_argument("--size", type=int, help="number of passages of made texts")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if not DATA.exists():
        sys.exit(f"nothing is measured: the news and queries are missing, which belong in {DATA}")
    options.out.mkdir(parents=True, exist_ok=True)
    corpus, texts = "news", []
    if options.size:
        corpus = f"made-{options.size}"
        texts = [write_texts(options.out / f"{corpus}.txt", made(options.size))]
    pythons = {"before": options.before, "after": options.after}
    found: dict[str, dict[str, list[float]]] = {name: {} for name in pythons}
    for _ in range(options.rounds):
        for name, python in pythons.items():
            index = options.out / f"{name}-{corpus}"
            tries: list[tuple[Any, ...]] = [
                (BUILD, index, DATA, HERE, 1, *texts),
                (BUILD, index, DATA, HERE, 2, *texts),
                (ASK, index, DATA),
                (COLD, index),
            ]
            for code, *given in tries:
                for figure, value in run(python, code, *given).items():
                    found[name].setdefault(figure, []).append(value)
    for name, python in pythons.items():
        sys.stdout.write(f"{name.capitalize()}: {run(python, DESCRIBE, HERE)}.\n\n")
    sys.stdout.write("| | before | after | after / before |\n| --- | --- | --- | --- |\n")
    for figure, values in found["before"].items():
        before, after = median(values), median(found["after"][figure])
        sys.stdout.write(f"| {figure} | {before:,.1f} | {after:,.1f} | {after / before:.2f} |\n")


if __name__ == "__main__":
    main()
