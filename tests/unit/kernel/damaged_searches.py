"""Search damaged columns, in a process of its own: the answer is a result or an `IndexError`, never a crash, and never endless.

The argument says how often to damage each column in each way. Prints what came of it that should not have; on stderr how often what did.
"""

import faulthandler
import math
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).parents[1]))
from made_columns import bitmap, made_columns

from searcher.arrays import Array, Scores
from searcher.kernel.postings import Columns, PostingList, among, count_in, mark, union
from searcher.kernel.search import Scope, Search

SECONDS = 10
N_PASSAGES = 5_000
TABLE: Scores = np.random.default_rng(1).random(1 << 16)
HEADINGS = bitmap(range(0, N_PASSAGES, 7), N_PASSAGES)
LIVE = bitmap(range(0, N_PASSAGES, 2), N_PASSAGES)
Damage = Callable[[random.Random, Array], Array]


def sound(rng: random.Random) -> dict[str, Array]:
    """Make columns of rare and frequent terms, some with a bitmap."""
    shares = (0.002, 0.002, 0.05, 0.05, 0.3, 0.6)
    terms = [
        {passage: rng.randrange(1 << 16) for passage in range(N_PASSAGES) if rng.random() < share}
        for share in shares
    ]
    sizes = [5] * (N_PASSAGES // 5)
    return made_columns(terms, sizes, {3, 4, 5})


def anything(rng: random.Random, column: Array) -> Array:
    return np.frombuffer(rng.randbytes(column.nbytes), column.dtype).reshape(column.shape)


def numbers_of_passages(rng: random.Random, column: Array) -> Array:
    numbers = [rng.randrange(N_PASSAGES) for _ in range(column.size)]
    return np.array(numbers, np.int64).astype(column.dtype).reshape(column.shape)


def one_value(rng: random.Random, column: Array) -> Array:
    """Put in one value that is wrong."""
    damaged = column.copy()
    damaged.reshape(-1)[rng.randrange(column.size)] = anything(rng, column[:1]).flat[0]
    return damaged


def one_bit(rng: random.Random, column: Array) -> Array:
    damaged = bytearray(column.tobytes())
    damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
    return np.frombuffer(damaged, column.dtype).reshape(column.shape)


def shuffled(rng: random.Random, column: Array) -> Array:
    found: Array = column[rng.sample(range(len(column)), len(column))]
    return found


DAMAGES: dict[str, Damage] = {
    "anything": anything,
    "numbers of passages": numbers_of_passages,
    "one value": one_value,
    "one bit": one_bit,
    "shuffled": shuffled,
    "backwards": lambda _, column: column[::-1].copy(),
    "zeros": lambda _, column: np.zeros_like(column),
    "highest": lambda _, column: np.frombuffer(b"\xff" * column.nbytes, column.dtype).reshape(column.shape),
    "shorter": lambda rng, column: column[: rng.randrange(len(column))],
    "empty": lambda _, column: column[:0],
    "without the last": lambda _, column: column[:-1],
    "without the first": lambda _, column: column[1:],
}


def questions(columns: Columns, rng: random.Random) -> Iterator[Callable[[], object]]:
    """Ask all that the kernel answers."""
    live = LIVE if rng.random() < 0.5 else None
    scope = Scope(columns, TABLE, HEADINGS, live)

    def words(n: int) -> list[PostingList]:
        return [columns.find(f"t{number:04}".encode()) for number in rng.sample(range(6), n)]

    def search(n: int, limit: Array | None, k: int, *, has_all: bool) -> None:
        found = Search(scope, words(n), limit, rng.random() < 0.8)
        found.best(k, -math.inf, has_all)
        found.hits(has_all)

    def tiers(n: int, limit: Array | None, k: int) -> None:
        found = Search(scope, words(n), limit, rng.random() < 0.8, is_tiered=True)
        found.best(k, -math.inf, True)
        articles = found.complete()
        found.best_of(articles, k, -math.inf)
        found.hits_of(articles)
        rest = Search(scope, words(n), found.without(articles))
        rest.best(k, -math.inf, False)
        rest.hits(False)

    def clauses(limit: Array | None) -> None:
        found = words(2)
        for word in found:
            word.decides = False
        Search(scope, found, limit).best(10, -math.inf, True)
        Search(scope, found, limit).hits(True)

    def unite(n: int) -> None:
        union(words(n)).passages()

    def one(number: int) -> None:
        found = columns.postings(number)
        count_in(found, LIVE.data)
        mark(found, np.zeros_like(LIVE).data)
        for passage in [*found.passages()][::-1]:
            found.find(passage)
        among(found, LIVE.data)

    for number in range(6):
        yield partial(one, number)
    for n in (2, 3):
        yield partial(unite, n)
    for limit in (None, LIVE):
        yield partial(clauses, limit)
        for k in (1, 10, N_PASSAGES):
            for n in (1, 2, 3, 6):
                yield partial(search, n, limit, k, has_all=True)
                yield partial(search, n, limit, k, has_all=False)
                yield partial(tiers, n, limit, k)


def outcome(question: Callable[[], object]) -> str:
    try:
        question()
    except IndexError:
        return "IndexError"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "an answer"


def main() -> None:
    rng = random.Random(sys.argv[1])
    columns = sound(rng)
    assert {outcome(question) for question in questions(Columns(columns), rng)} == {"an answer"}
    counts: Counter[str] = Counter()
    for name, column in columns.items():
        for way, damage in DAMAGES.items():
            for _ in range(int(sys.argv[1])):
                faulthandler.dump_traceback_later(SECONDS, exit=True)
                try:
                    damaged = Columns({**columns, name: damage(rng, column)})
                except IndexError:
                    counts["IndexError"] += 1
                    continue
                for question in questions(damaged, rng):
                    came = outcome(question)
                    counts[came] += 1
                    if came not in ("an answer", "IndexError"):
                        sys.stdout.write(f"{name} {way}: {came}\n")
    faulthandler.cancel_dump_traceback_later()
    sys.stderr.write(f"{dict(counts)}\n")


if __name__ == "__main__":
    main()
