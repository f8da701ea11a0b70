"""Ask everything of an index with flipped bytes, in a process of its own: it must not crash, hang, or eat memory.

Arguments: an index folder, and how many bytes of each column and file to flip, one after the other. Prints what came of
it that should not have; on stderr how often what did.
"""

import faulthandler
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from searcher.api import Index
from searcher.errors import CorpusError, IndexCorruptError

SECONDS = 10
MEMORY_BYTES = 4 << 30
QUERIES = [
    "war talks",
    "border",
    '"of the war"',
    '"cease-fire held"',
    "exact:wars",
    "tal* *der",
    "wrr~",
    "war SENTENCE talks",
    "war PARAGRAPH talks",
    "went NEAR/5 talks",
    "NOT war",
    "kind:title talks",
    "talks date:2020 source:courier title:talks keyword:war author:lund",
    "path:c* un",
]


def questions() -> dict[str, Callable[[Index], object]]:
    """Everything that one may ask of an opened index."""

    def ask(query: str) -> Callable[[Index], object]:
        return lambda index: str(index.search(query, limit=3).hits)

    def explain(index: Index) -> object:
        return [str(index.explain("war talks", hit)) for hit in index.search("war talks", limit=2)]

    return {
        **{query: ask(query) for query in QUERIES},
        "explain": explain,
        "suggest": lambda index: index.suggest("wat"),
        "complete": lambda index: index.complete("ta"),
        "marks": lambda index: index.marks("war", "a.txt"),
        "article": lambda index: index.article("a.txt"),
        "addresses": lambda index: index.addresses(),
        "status": lambda index: index.status(),
    }


def limit_memory() -> None:
    """Let an allocation that is out of all proportion fail."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def outcomes(folder: Path) -> Iterator[tuple[str, str]]:
    """Say what comes of opening an index, or of each question."""
    try:
        opened = Index(folder)
    except IndexCorruptError:
        yield "open", "IndexCorruptError"
        return
    with opened as index:
        for name, question in questions().items():
            try:
                question(index)
            except (
                IndexCorruptError,
                CorpusError,
            ) as error:  # the latter: an article has another address now
                yield name, type(error).__name__
            except Exception as error:
                yield name, f"{type(error).__name__}: {error}"
            else:
                yield name, "an answer"


def places(path: Path) -> list[range]:
    """Give where the columns of a file lie, or the texts, and where all of it lies."""
    data = path.read_bytes()
    starts = [match.end() for match in re.finditer(rb"\x93NUMPY.{118} *\n", data, re.DOTALL)]
    ends = [data.index(b"PK", start) for start in starts]
    return [*map(range, starts, ends), range(len(data)), range(len(data))]


def main() -> None:
    folder, n_flips = Path(sys.argv[1]), int(sys.argv[2])
    limit_memory()
    chance = random.Random(n_flips)
    counts: Counter[str] = Counter()
    assert {outcome for _, outcome in outcomes(folder)} == {"an answer"}
    for path in sorted(folder.glob("segment-*")):
        content = path.read_bytes()
        for place in places(path):
            for at in chance.sample(place, min(n_flips, len(place))):
                faulthandler.dump_traceback_later(SECONDS, exit=True)
                flip(path, at, chance.choice((255, 1, 2, 4, 8, 16, 32, 64, 128)))
                for name, outcome in outcomes(folder):
                    counts[outcome] += 1
                    if outcome not in ("an answer", "IndexCorruptError", "CorpusError"):
                        sys.stdout.write(f"{path.name} {at} {name}: {outcome}\n")
                flip(path, at, path.read_bytes()[at] ^ content[at])
    faulthandler.cancel_dump_traceback_later()
    sys.stderr.write(f"{dict(counts)}\n")


def flip(path: Path, at: int, bits: int) -> None:
    """Flip bits of one byte, in place."""
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ bits]))


if __name__ == "__main__":
    main()
