"""Do the benchmarks tell the truth? On a corpus so small that it can be counted by hand."""

import mmap
import os
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
TEXTS = [
    "Prague talks\n\nThe cease-fire talks in Prague failed. Shelling of the town went on, and talks were broken off.",
    "Blockade\n\nThe blockade of the road went on for nine months. Nobody in the town had bread or talked of peace.",
    "Shelling\n\nShelled towns, blocked roads: the talks of the ministers, in Geneva and in Prague, were about both.",
    "Bread\n\nA loaf of bread cost nine times what it did. The ministers of both countries did not talk about bread.",
]
QUERIES = [
    "bread",
    "talks prague",
    "+talks +prague",
    '"the town"',
    '"went on"',
    '+"the talks" +geneva',
    "+town -bread",
    "+town bread peace",
    "nowhere",
]


@pytest.fixture
def benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))


@pytest.mark.usefixtures("benchmarks")
def test_engines_that_are_installed_find_the_same_passages(tmp_path: Path) -> None:
    import asking
    import peers
    import texts
    from questions import understand

    from searcher.text.words.analysis import Analyser

    corpus = texts.prepare(tmp_path / "tiny", "tiny", TEXTS)
    names = []
    for name in set(peers.NAMES) - {"bm25s"}:  # which compiles itself for seconds
        try:
            peers.load(name)
        except ImportError:
            continue
        names.append(name)
    assert {"searcher", "fts5", "whoosh"} <= set(names)
    questions = sorted(
        (understand(query, Analyser()) for query in QUERIES), key=lambda question: question.kind
    )
    compared = 0
    for _, figures in asking.queries(names, corpus, questions, 1):
        for found in figures["agreement"].values():
            assert (found["same_count"], found["overlap"]) == (found["counted"], 1.0), found
            compared += found["counted"]
    assert compared >= 2 * len(QUERIES)


@pytest.mark.usefixtures("benchmarks")
def test_a_difference_is_reported() -> None:
    from agreement import Outcome, compare
    from questions import Question

    ours = [Outcome(2, [(1, 3.0), (2, 1.0)]), Outcome(0, [])]
    theirs = [Outcome(3, [(1, 3.0), (4, 2.0)]), Outcome(0, [])]
    found = compare(ours, theirs, [Question("union", "a b"), Question("union", "c")], 1.0)
    assert (found["counted"], found["same_count"], found["count_ratio"]) == (2, 1, 1.5)
    assert found["examples"] == [{"query": "a b", "theirs": 3, "ours": 2}]
    assert (found["overlap"], found["same_scores"], found["compared"]) == (0.5, 0, 1)


@pytest.mark.usefixtures("benchmarks")
def test_what_the_sources_of_a_corpus_make_is_made_anew_when_they_change(tmp_path: Path) -> None:
    import texts

    made = []

    def make(path: Path) -> None:
        made.append(path)
        path.write_text("made", encoding="utf-8")

    for key in ("a", "a", "b", "a"):
        assert texts.kept(tmp_path / "file", key, make).read_text(encoding="utf-8") == "made"
    assert len(made) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
@pytest.mark.usefixtures("benchmarks")
def test_memory_that_is_held_is_seen() -> None:
    import measure

    before = measure.memory_mb(os.getpid())["Private_Dirty"]
    # New pages, whatever the tests before have left to be used again.
    block = mmap.mmap(-1, 50_000_000, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    block.write(b"x" * len(block))
    assert 49.5 < measure.memory_mb(os.getpid())["Private_Dirty"] - before < 55
    assert len(block) == 50_000_000
