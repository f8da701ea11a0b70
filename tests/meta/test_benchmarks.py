"""Do the benchmarks tell the truth? On a corpus so small that it can be counted by hand."""

import argparse
import json
import mmap
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from searcher import open_index

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
NEWS = Path(__file__).parents[3] / "shared" / "data" / "news.jsonl.xz"
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
    from sources import Source

    from searcher.text.words.analysis import Analyser

    corpus = texts.prepare(tmp_path / "tiny", Source("tiny", TEXTS))
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


@pytest.mark.skipif(not NEWS.exists(), reason=f"{NEWS} is missing")
def test_answers_are_of_so_many_passages(tmp_path: Path) -> None:
    index, out = tmp_path / "index", tmp_path / "answers.txt"
    options = f"--out {out} --size 1000 --queries 3".split()
    subprocess.run([sys.executable, BENCHMARKS / "answers.py", index, *options], check=True)
    with open_index(index) as opened:
        assert opened.status().n_passages == pytest.approx(1_000, rel=0.05)
    assert len(out.read_text(encoding="utf-8").splitlines()) == 3


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
    from sources import kept

    made = []

    def make(path: Path) -> None:
        made.append(path)
        path.write_text("made", encoding="utf-8")

    for key in ("a", "a", "b", "a"):
        assert kept(tmp_path / "file", key, make).read_text(encoding="utf-8") == "made"
    assert len(made) == 3


@pytest.mark.usefixtures("benchmarks")
def test_passages_of_a_corpus_are_the_same_however_many_articles_are_divided_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import texts
    from sources import Source

    at_once = texts.prepare(tmp_path / "at once", Source("tiny", TEXTS))
    monkeypatch.setattr(texts, "N_TOGETHER", 3)
    in_parts = texts.prepare(tmp_path / "in parts", Source("tiny", TEXTS))
    for corpus in (at_once, in_parts):
        assert [article.text for article in corpus.articles()] == TEXTS
        assert [*corpus.lines("raw")] == [" ".join(text.split()) for text in TEXTS]
        assert next(corpus.lines("stems")).startswith("pragu talk the ceas fire talk in pragu fail shell of")
        assert corpus.places().tolist() == [texts.place(f"{number}.txt", 0) for number in range(4)]
        n_words = sum(len(text.replace("-", " ").split()) for text in TEXTS)
        n_bytes = sum(map(len, TEXTS))
        assert corpus.facts() == {"articles": 4, "passages": 4, "words": n_words, "text_bytes": n_bytes}


@pytest.mark.usefixtures("benchmarks")
def test_engine_that_would_take_too_long_is_left_out_and_named() -> None:
    import report
    from peers import too_slow

    assert too_slow(["whoosh", "tantivy"], 100_000) == []
    assert too_slow(["whoosh", "tantivy"], 10_000_000) == ["whoosh"]
    facts = {"articles": 1, "passages": 10_000_000, "words": 1, "text_bytes": 1}
    engines = {name: {"version": "1", "settings": ""} for name in ("whoosh", "tantivy")}
    machine = {"cpu": "fast", "cores": 2, "load": [0], "python": "Python 3.11"}
    results = {"machine": machine, "engines": engines, "absent": {}, "corpora": {"made": {"facts": facts}}}
    assert "Left out, for they would take too long: whoosh.\n" in report.markdown(results)


def _figures(mean: float) -> dict[str, float]:
    return {"n": 1, "mean": mean, "median": mean, "p99": 2 * mean, "max": mean}


def _results(corpora: dict[str, Any]) -> dict[str, Any]:
    engines = {name: {"version": "1", "settings": ""} for name in ("searcher", "tantivy")}
    machine = {"cpu": "fast", "cores": 2, "load": [0], "python": "Python 3.11, configured with PGO"}
    return {"machine": machine, "engines": engines, "absent": {}, "corpora": corpora}


def _facts(n_passages: int) -> dict[str, int]:
    return {"articles": 1, "passages": n_passages, "words": 1, "text_bytes": 1}


@pytest.mark.usefixtures("benchmarks")
def test_report_gives_our_figures_beside_those_of_tantivy_and_names_python() -> None:
    import report

    built = {"cores": 1, "seconds": 0.0, "mb_per_second": 1.0, "peak_mb": 1.0, "size_of_text": 1.0}
    news = {
        "facts": _facts(1_000_000),
        "language": {
            "prefix": {"times": {"searcher": _figures(300), "tantivy": _figures(200)}, "count_ratio": {}}
        },
        "index": {
            "searcher, 1": {**built, "engine": "searcher", "seconds": 4.0, "cpu_seconds": 3.0},
            "tantivy, 1": {**built, "engine": "tantivy", "seconds": 8.0, "cpu_seconds": 7.5},
        },
    }
    told = report.markdown(_results({"news": news}))
    _, table, *_ = told.partition("### Ratio to tantivy")[2].split("|  |", 1)
    assert "| prefix, ten best, us | 300 | 200 | 1.50 | 600 | 400 | 1.50 |" in table
    assert "| indexing, cores: 1, processor s | 3 | 7.5 | 2.50 |" in table
    assert "| indexing, cores: 1, s | 4 | 8 | 2.00 |" in table
    assert "Python 3.11, configured with PGO." in told


@pytest.mark.usefixtures("benchmarks")
def test_picture_of_growth_has_a_line_for_each_kind_and_engine_on_logarithmic_axes() -> None:
    from xml.etree import ElementTree as ET

    import growth

    kinds = ("union", "intersection", "phrase")
    made = {
        f"made-{size}": {
            "facts": _facts(size),
            "queries": {
                kind: {"top10": {"searcher": _figures(size / 100), "tantivy": _figures(size / 10)}}
                for kind in kinds
            },
        }
        for size in (1_000, 100_000, 10_000)
    }
    picture = ET.fromstring(growth.draw(_results(made)))
    lines = [
        [tuple(map(float, point.split(","))) for point in line.attrib["points"].split()]
        for line in picture.iter("{http://www.w3.org/2000/svg}polyline")
        if "stroke-dasharray" in line.attrib
    ]
    lines = [line for line in lines if len(line) == 3]  # those of the legend have two points
    assert len(lines) == 6
    for line in lines:
        (x0, y0), (x1, y1), (x2, y2) = line
        assert x0 < x1
        assert (x1 - x0, y1 - y0) == pytest.approx((x2 - x1, y2 - y1), abs=0.2)
    ours, theirs = lines[0], lines[1]
    assert ours[1][1] == theirs[0][1]  # as long with ten times as many passages
    assert ours[0][1] > theirs[0][1]  # a shorter time is further down


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("'--enable-optimizations' '--with-lto'", "with PGO and with LTO"),
        ("'--enable-shared'", "without PGO and without LTO"),
        (None, "without PGO and without LTO"),
    ],
)
@pytest.mark.usefixtures("benchmarks")
def test_report_says_how_python_is_built(
    arguments: str | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import measure

    monkeypatch.setattr("sysconfig.get_config_var", {"CONFIG_ARGS": arguments}.get)
    for is_compiled, kernel in ((True, "compiled"), (False, "run by Python")):
        monkeypatch.setattr("searcher.kernel.COMPILED", is_compiled)
        version = platform.python_version()
        assert measure.machine()["python"] == f"Python {version}, configured {said}; kernel: {kernel}"


@pytest.mark.usefixtures("benchmarks")
def test_figures_of_another_python_are_put_aside(tmp_path: Path) -> None:
    import measure
    import run

    options = argparse.Namespace(out=tmp_path, rounds=1, engines=[])
    before = _results({"news": {}})
    for python in (measure.machine()["python"], "Python 1"):
        before["machine"]["python"] = python
        (tmp_path / "results.json").write_text(json.dumps(before), encoding="utf-8")
        kept = run.Run(options).results["corpora"]
        assert kept == ({} if python == "Python 1" else {"news": {}})
    assert json.loads((tmp_path / "results-before.json").read_text(encoding="utf-8")) == before


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
