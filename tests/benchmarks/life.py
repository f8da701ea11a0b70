"""What does it cost to keep an index up to date? Prints a Markdown table; asserts nothing.

Three copies of the 12,038 articles of ``../shared/data/news.jsonl.xz`` are some 380,000 passages. Files are added to them, one,
ten and a thousand at a time; all segments are merged into one; and folders in which nothing has changed are looked through, as
before every query. Times are processor time, which others on the machine lengthen less; beside it stands the clock on the wall.

    python tests/benchmarks/life.py SCRATCH

Everything is made in the folder SCRATCH, which needs 1 GB. What is there from an earlier run is used again: building takes minutes.
"""

import json
import lzma
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from measure import python

from searcher import build_index
from searcher.indexing.folder.listing import GRANULARITY_NS, list_files
from searcher.indexing.folder.pending import examine
from searcher.indexing.segments.merge_segments import merge_segments
from searcher.indexing.update import update
from searcher.storage.manifest import read_manifest
from searcher.storage.snapshot import open_snapshot

DATA = Path(__file__).parents[3] / "shared" / "data" / "news.jsonl.xz"
COPIES = "abc"
N_SMALL = 100_000
ROUNDS = 5


class Took(NamedTuple):
    """Milliseconds."""

    processor: float
    wall: float

    def __str__(self) -> str:
        return f"{self.processor:,.0f} | {self.wall:,.0f}"


def timed(act: Callable[..., object], *args: Any) -> Took:
    """Do something once."""
    processor, wall = time.process_time(), time.perf_counter()
    act(*args)
    return Took((time.process_time() - processor) * 1000, (time.perf_counter() - wall) * 1000)


def median(tooks: Iterable[Took]) -> Took:
    """Give the median of each kind of time."""
    return Took(*map(statistics.median, zip(*tooks, strict=True)))


def make_news(folder: Path) -> None:
    """Write the articles as text files, a folder for each copy."""
    for copy in COPIES:
        (folder / copy).mkdir(parents=True)
    with lzma.open(DATA, "rt", encoding="utf-8") as lines:
        for article in map(json.loads, lines):
            for copy in COPIES:
                text = f"{article['title']}\n\n{article['text']}"
                (folder / copy / f"{article['id']}.txt").write_text(text, encoding="utf-8")


def make_small(folder: Path) -> None:
    """Write many small files, a thousand in a folder."""
    for number in range(N_SMALL):
        path = folder / f"{number // 1000:03}" / f"{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Note {number} on the harbour of ward {number % 97}.", encoding="utf-8")


def made(scratch: Path, name: str, make: Callable[[Path], None]) -> tuple[Path, Path]:
    """Make a folder of articles and its index, unless they are there; long enough ago for their times to tell."""
    corpus, index = scratch / name, scratch / f"{name}-index"
    if not index.is_dir():
        make(corpus)
        time.sleep(GRANULARITY_NS / 1e9)
        build_index(corpus, index)
    build_index(corpus, index)
    return corpus, index


def add(corpus: Path, index: Path, n_files: int, rounds: int) -> list[str]:
    """Add files of new text, and give the rows of what that took, its parts, and what was written."""
    source = sorted((corpus / COPIES[0]).iterdir())
    looked, taken, written = [], [], []
    for at in range(rounds):
        number = time.time_ns()
        for place in range(n_files):
            text = source[(at * n_files + place) % len(source)].read_text(encoding="utf-8")
            (corpus / f"new{number + place}.txt").write_text(f"Anew. {text}", encoding="utf-8")
        time.sleep(GRANULARITY_NS / 1e9)
        before = {entry.name for entry in read_manifest(index).segments}
        looked.append(timed(examine, index, corpus))
        taken.append(timed(update, index, corpus))
        after = read_manifest(index).segments
        written.append(sum(entry.n_passages for entry in after if entry.name not in before))
    whole, look = median(taken), median(looked)
    rest = Took(whole.processor - look.processor, whole.wall - look.wall)
    lead = f"{n_files:,} file{'s' * (n_files > 1)} added"
    return [
        f"{lead}: update | {whole} | {max(written):,} passages written",
        f"{lead}: of that, looking through the folder | {look} |",
        f"{lead}: the rest | {rest} |",
    ]


def look_through(name: str, corpus: Path, index: Path) -> list[str]:
    """Give the rows of what it takes to list a folder, and to find that nothing in it has changed."""
    listed = median(timed(list_files, corpus) for _ in range(ROUNDS))
    examined = median(timed(examine, index, corpus) for _ in range(ROUNDS))
    return [f"list {name} | {listed} |", f"find that none of {name} has changed | {examined} |"]


def main() -> None:
    """Measure and print."""
    if len(sys.argv) != 2 or not DATA.exists():
        sys.exit(f"usage: python tests/benchmarks/life.py SCRATCH, with {DATA}")
    scratch = Path(sys.argv[1])
    corpus, index = made(scratch, "news", make_news)
    rows = []
    for n_files, rounds in ((1, ROUNDS), (10, ROUNDS), (1_000, 1)):
        rows += add(corpus, index, n_files, rounds)
    snapshot = open_snapshot(index)
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        took = timed(merge_segments, Path(folder), "segment-00000001", snapshot.segments)
    sizes = " + ".join(f"{live.n_live:,}" for live in snapshot.segments)
    rate = snapshot.n_passages / took.processor * 1000
    rows.append(f"merge {sizes} passages | {took} | {rate:,.0f} passages/s")
    rows += look_through(f"{snapshot.n_articles:,} files", corpus, index)
    rows += look_through(f"{N_SMALL:,} small files", *made(scratch, "small", make_small))
    sys.stdout.write(f"{python()}.\n\n")
    head = [f"{snapshot.n_passages:,} passages | processor ms | wall ms | ", "--- | --: | --: | ---"]
    sys.stdout.write("".join(f"| {row} |\n" for row in [*head, *rows]))


if __name__ == "__main__":
    main()
