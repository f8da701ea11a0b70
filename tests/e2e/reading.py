"""Reads an index without pause while another process writes to it: ``python reading.py INDEX LAST N_THREADS``.

The index is that of a corpus of which every state is known by its number, `articles`; an article says which one it is. Ends
with the last state, and prints what was seen.
"""

import gc
import json
import re
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from whoosh.query import Or, Term

from searcher import Index, SearchResult

N_ARTICLES = 80
QUERIES = ("apples OR clock", "clock OR apples -pears", Or([Term("text", "apples"), Term("text", "clock")]))
EVERY = 10
"""Whoosh's query objects are asked once in so many times."""


def articles(state: int) -> dict[str, str]:
    """Give the text of every article in a state, by address."""
    made = {"clock.txt": f"The clock strikes {state}."}
    for number in range(N_ARTICLES):
        version = (state + 7 * number) // 40
        if (state + 11 * number) // 25 % 4:
            fruit = ("Apples", "Pears", "Apples and pears")[(version + number) % 3]
            made[f"{number:02}.txt"] = f"{fruit}, the {version}th."
    return made


def expected(query: object, state: int) -> dict[str, str]:
    """Give what a query finds in a state: text by address."""
    wanted = re.compile("apples(?!.*pears)" if query == QUERIES[1] else "apples", re.IGNORECASE)
    return {
        address: text
        for address, text in articles(state).items()
        if address == "clock.txt" or wanted.search(text)
    }


def fault(query: object, result: SearchResult) -> str:
    """Say what is wrong with a result, going by the state that it says it is of."""
    found = {hit.article.address: hit.article.text for hit in result}
    state = state_of(result)
    wanted = expected(query, state)
    if (found, result.total) == (wanted, len(wanted)):
        return ""
    return f"{query} in state {state}: {sorted(found.items() ^ wanted.items())}"


def state_of(result: SearchResult) -> int:
    (clock,) = (hit.article.text for hit in result if hit.article.address == "clock.txt")
    return int(clock.split()[-1].rstrip("."))


def read(index: Index, last: int) -> dict[str, Any]:
    """Search until the last state is seen."""
    faults: list[str] = []
    states = [0]
    n_searches = 0
    while states[-1] < last:
        index.refresh()
        query = QUERIES[2] if n_searches % EVERY == 0 else QUERIES[n_searches % 2]
        result = index.search(query, limit=100)
        n_searches += 1
        faults += [found] if (found := fault(query, result)) else []
        state = state_of(result)
        if state < states[-1]:
            faults.append(f"state {state} after {states[-1]}")
        if state != states[-1]:
            states.append(state)
    return {"n_searches": n_searches, "n_states": len(states), "faults": faults}


def held(folder: Path) -> dict[str, Counter[str]]:
    """Count the files of a folder that this process has open, and has mapped."""
    gc.collect()  # Whoosh's view of an index and its memory of what it was asked hold each other
    links = [str(path.readlink()) for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    maps = [line.split(maxsplit=5)[-1] for line in Path("/proc/self/maps").read_text().splitlines()]
    return {
        what: Counter(name.removeprefix(f"{folder}/") for name in names if name.startswith(f"{folder}/"))
        for what, names in (("open", links), ("mapped", maps))
    }


def main(folder: Path, last: int, n_threads: int) -> None:
    with Index(folder) as index:
        with ThreadPoolExecutor(n_threads) as pool:
            seen = [found.result() for found in [pool.submit(read, index, last) for _ in range(n_threads)]]
        index.refresh()
        print(json.dumps({"readers": seen, **held(folder)}))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
