"""Another process looks at chunks as this one would, and is gone when it is."""

import hashlib
import io
import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher import Article, Span
from searcher.indexing.inversion import batch, threads
from searcher.indexing.inversion.batch import Batch, Inverted, NumberedBatch, invert
from searcher.indexing.inversion.chunk_table import Facts
from searcher.indexing.inversion.helper import pipeline
from searcher.indexing.inversion.helper.messages import receive, send
from searcher.indexing.inversion.helper.pipeline import HelperProcess, Inversion, LocalAnalyst, start_analyst
from searcher.indexing.inversion.key_table import KeyTable
from searcher.indexing.segments import build
from searcher.indexing.segments.build import SegmentBuilder
from searcher.text.words.analysis import Analyser

NAME = "segment-00000001"
WORDS = [
    "war",
    "wars",
    "talks",
    "Talking",
    "cease-fire",
    "U.S.",
    "Шуша",
    "élevée",
    "停戦。続く",
    "\x00",
    "***",
    "AFP)",
    "Photo:",
    "\n",
    "\n\n",
    "\r\n",
]


def make_articles(seed: int, n: int = 40) -> list[Article]:
    rng = random.Random(seed)
    articles = []
    for number in range(n):
        text = " ".join(rng.choices(WORDS, k=rng.choice((0, 1, 30, 300))))
        body_start = rng.randint(0, len(text))
        span = Span(0, rng.randint(0, body_start)) if rng.random() < 0.5 else None
        title = rng.choice([None, "", "Given"])
        articles.append(
            Article(address=f"{number:03}", text=text, title=title, body_start=body_start, title_span=span)
        )
    return articles


def hashes(folder: Path, articles: list[Article]) -> list[str]:
    folder.mkdir()
    with SegmentBuilder(folder, NAME, Analyser("french")) as builder:
        for article in articles:
            builder.add(article, "")
        builder.finish()
    return [hashlib.blake2b(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())]


@pytest.mark.parametrize("batch_bytes", [1, 700, 5000])
def test_helper_makes_the_same_segment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch_bytes: int
) -> None:
    articles = make_articles(batch_bytes)
    expected = hashes(tmp_path / "alone", articles)
    monkeypatch.setattr(build, "start_analyst", HelperProcess)
    monkeypatch.setattr(batch, "BATCH_BYTES", batch_bytes)
    assert hashes(tmp_path / "helped", articles) == expected


@pytest.mark.parametrize(("n_processors", "kind"), [(2, HelperProcess), (1, LocalAnalyst)])
def test_helper_is_started_where_it_can_help(
    monkeypatch: pytest.MonkeyPatch, n_processors: int, kind: type
) -> None:
    monkeypatch.setattr(threads, "n_processors", lambda: n_processors)
    analyst = start_analyst("english")
    try:
        assert type(analyst) is kind
    finally:
        analyst.close()


@pytest.mark.parametrize("program", ["raise SystemExit(0)", "print('?')"])
def test_nobody_misses_a_helper_that_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    articles = make_articles(1)
    expected = hashes(tmp_path / "alone", articles)
    monkeypatch.setattr(pipeline, "_PROGRAM", program)
    monkeypatch.setattr(build, "start_analyst", HelperProcess)
    monkeypatch.setattr(batch, "BATCH_BYTES", 700)
    assert hashes(tmp_path / "unhelped", articles) == expected


def test_little_text_starts_no_helper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "start_analyst", lambda _: pytest.fail("started a helper"))
    assert hashes(tmp_path / "alone", make_articles(1))


def test_helper_that_ends_early_is_reported_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "BATCH_BYTES", 1)
    started: list[HelperProcess] = []

    def start_and_kill(language: str) -> HelperProcess:
        started.append(HelperProcess(language))
        assert started[0]._substitute.result() is None
        started[0]._process.kill()
        return started[0]

    monkeypatch.setattr(build, "start_analyst", start_and_kill)
    with pytest.raises(ChildProcessError, match="ended early"):
        hashes(tmp_path / "index", make_articles(1))
    assert [path.suffix for path in (tmp_path / "index").iterdir()] == [".zst"]
    assert started[0]._process.poll() == -signal.SIGKILL


def test_no_process_is_left_when_adding_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "BATCH_BYTES", 1)
    with pytest.raises(ValueError, match="addresses ascend"):
        hashes(tmp_path / "index", [*make_articles(1), Article(address="000", text="again")])
    assert not _children()


def test_helper_ends_with_the_process_that_started_it() -> None:
    code = """
        import os, signal, sys
        from searcher.indexing.inversion.helper.pipeline import HelperProcess
        print(HelperProcess("english")._process.pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True, check=False
    )
    assert done.returncode == -signal.SIGKILL
    pids = [int(pid) for pid in done.stdout.split()]
    assert len(pids) == 1
    end = time.monotonic() + 20
    while any(map(_is_running, pids)) and time.monotonic() < end:
        time.sleep(0.02)
    assert not any(map(_is_running, pids))


def test_interrupt_from_the_keyboard_does_not_end_a_helper() -> None:
    helper = HelperProcess("english")
    try:
        helper._process.send_signal(signal.SIGINT)
        assert [*helper.keys()] == []
    finally:
        helper.close()


@given(
    st.dictionaries(st.text(max_size=5), st.none() | st.text(max_size=5)),
    st.dictionaries(st.text(max_size=5), st.lists(st.integers(0, 255), max_size=9), max_size=3),
)
def test_messages_come_as_they_were_sent(
    header: dict[str, str | None], columns: dict[str, list[int]]
) -> None:
    stream = io.BytesIO()
    arrays = {name: np.array(column, np.int32) for name, column in columns.items()}
    send(stream, header, arrays)
    send(stream, {}, {})
    stream.seek(0)
    found = receive(stream)
    assert found is not None
    assert found[0] == header
    assert {name: (column.dtype, column.tolist()) for name, column in found[1].items()} == {
        name: (np.dtype(np.int32), column) for name, column in columns.items()
    }
    assert receive(stream) == ({}, {})
    assert receive(stream) is None


def test_message_that_breaks_off_is_none() -> None:
    stream = io.BytesIO()
    send(stream, {"a": 1}, {"b": np.arange(3)})
    whole = stream.getvalue()
    assert all(receive(io.BytesIO(whole[:n_bytes])) is None for n_bytes in range(len(whole)))


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)))
def test_packed_keys_are_the_same_keys(keys: list[str]) -> None:
    table = KeyTable()
    for key in keys:
        table[key.encode()]
    found = table.sorted()
    assert [*found] == sorted({key.encode() for key in keys})
    assert [table[key] for key in found] == found.numbers.tolist()


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _children() -> list[int]:
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [int(pid) for pid in children if _is_running(int(pid))]


def test_batch_is_ended_by_what_was_known_when_it_was_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    add = Facts.add
    is_more_known = threading.Event()
    known: list[int] = []

    def invert_late(numbered: NumberedBatch) -> Inverted:
        assert is_more_known.wait(60)
        known.append(len(numbered.facts.flags))
        return invert(numbered)

    def add_and_say(facts: Facts, new: Mapping[str, Any]) -> None:
        add(facts, new)
        if len(facts.flags) == 3:
            is_more_known.set()

    monkeypatch.setattr(threads, "n_processors", lambda: 2)
    monkeypatch.setattr(pipeline, "invert", invert_late)
    monkeypatch.setattr(Facts, "add", add_and_say)
    inversion = Inversion(LocalAnalyst("english"))
    for word in ("One", "two"):
        batch = Batch()
        batch.add(Article(address=word, text=word))
        assert [*inversion.add(batch)] == []
    assert len([*inversion.rest()]) == 2
    inversion.close()
    assert known == [2, 3]


@pytest.mark.parametrize("n_processors", [1, 2])
def test_thread_ends_batches_where_there_is_a_processor_for_it(
    monkeypatch: pytest.MonkeyPatch, n_processors: int
) -> None:
    names: list[str] = []

    def invert_and_tell(numbered: NumberedBatch) -> Inverted:
        names.append(threading.current_thread().name)
        return invert(numbered)

    monkeypatch.setattr(threads, "n_processors", lambda: n_processors)
    monkeypatch.setattr(pipeline, "invert", invert_and_tell)
    inversion = Inversion(LocalAnalyst("english"))
    assert [*inversion.add(Batch())] == []
    assert len([*inversion.rest()]) == 1
    inversion.close()
    assert names == ["MainThread" if n_processors == 1 else "searcher-indexing_0"]
