"""How much memory do articles take that come from an iterator? Their texts are not held.

The articles have 63 MB of text. One character of each makes Python hold the text with four bytes a character. So to hold all texts
would take 250 MB.
"""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")

MAX_MB = 320
PROGRAM = """
import random, sys
from pathlib import Path
from searcher import Article, build_index
from searcher.indexing.put import put

def articles():
    rng = random.Random(1)
    words = ["".join(rng.choices("abcdefghi", k=6)) for _ in range(1000)]
    for number in range(3000):
        text = " ".join(["\\U0001f600", *rng.choices(words, k=3000)])
        yield Article(address=f"{number * 7919 % 3000:04}", text=text)

index = Path(sys.argv[1])
if sys.argv[2] == "build":
    report = build_index(articles(), index)
elif sys.argv[2] == "rebuild":
    report = build_index(None, index, rebuild=True)
else:
    build_index([], index)
    report = put(index, articles())
assert report.n_articles == 3000
print(Path("/proc/self/status").read_text())
"""


def peak_mb(index: Path, change: str) -> int:
    """Change an index in a process of its own, and give the most memory that it took."""
    # `resource.getrusage` would count the memory of the process that starts this one, too.
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(index), change], capture_output=True, text=True, check=True
    )
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) // 1024


def test_texts_of_an_iterator_are_not_held_by_a_build_nor_by_a_rebuild_from_the_index(tmp_path: Path) -> None:
    assert peak_mb(tmp_path, "build") < MAX_MB
    assert peak_mb(tmp_path, "rebuild") < MAX_MB


def test_texts_of_an_iterator_are_not_held_when_they_are_put_in(tmp_path: Path) -> None:
    assert peak_mb(tmp_path, "put") < MAX_MB
