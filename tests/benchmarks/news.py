"""How fast and how large is an index of real news? Prints figures; asserts nothing.

Writes the 12,038 articles of ``../shared/data/news.jsonl.xz`` out as ``.txt`` files, indexes the folder in a process of its
own, and asks 300 plain queries with snippets. Run it from the project with ``python tests/benchmarks/news.py``.
"""

import json
import lzma
import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path

from searcher import build_index, open_index

DATA = Path(__file__).parents[3] / "shared" / "data"
ROUNDS = 5


def write_articles(folder: Path) -> int:
    """Write each article as a text file, its title first; give the size of all in bytes."""
    folder.mkdir()
    size_bytes = 0
    with lzma.open(DATA / "news.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            data = f"{article['title']}\n\n{article['text']}".encode()
            (folder / f"{article['id']}.txt").write_bytes(data)
            size_bytes += len(data)
    return size_bytes


def main() -> None:
    """Measure and print."""
    queries = [
        json.loads(line)["text"]
        for line in (DATA / "queries" / "aol_derived_plain.jsonl").open(encoding="utf-8")
    ]
    with tempfile.TemporaryDirectory() as name:
        corpus, index = Path(name) / "corpus", Path(name) / "index"
        size_bytes = write_articles(corpus)
        started = time.perf_counter()
        process = multiprocessing.get_context("spawn").Process(target=build_index, args=(corpus, index))
        process.start()
        process.join()
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        with open_index(index) as opened:
            status = opened.status()
            means = []
            for _ in range(ROUNDS):
                started = time.perf_counter()
                opened.search_many(queries)
                means.append((time.perf_counter() - started) / len(queries) * 1000)
    lines = [
        f"articles {status.n_articles:,}, passages {status.n_passages:,}, text {size_bytes / 1e6:.1f} MB",
        f"indexing {seconds:.1f} s, {size_bytes / 1e6 / seconds:.2f} MB/s, peak memory {peak:.0f} MiB",
        f"index {status.size_bytes / 1e6:.1f} MB, {status.size_bytes / size_bytes:.2f} of the text",
        f"query with 10 snippets, mean of {len(queries)}: best {min(means):.2f} ms, median {sorted(means)[ROUNDS // 2]:.2f} ms",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
