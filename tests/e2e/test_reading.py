"""Readers are never disturbed by a writer: no error, no state but a whole one, none older than the one before."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from reading import articles

from searcher import Index, build_index
from searcher.indexing.segments import merge_policy
from searcher.storage.manifest import read_manifest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")

N_UPDATES = 200
THREADS = (1, 1, 1, 2)
"""Of each reading process."""


def write(corpus: Path, state: int) -> None:
    """Bring the files of a corpus to a state."""
    wanted = articles(state)
    for path in corpus.iterdir():
        if path.name not in wanted:
            path.unlink()
    for address, text in wanted.items():
        path = corpus / address
        if not path.exists() or path.read_text() != text:
            path.write_text(text)


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What the readers saw while this process updated the index again and again."""
    monkeypatch.setattr(merge_policy, "CLASS_SIZES", (5, 15, 40))
    monkeypatch.setattr(merge_policy, "MAX_DEAD_SHARE", 0.5)
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    write(corpus, 1)
    build_index(corpus, index, language="none")
    with ExitStack() as ends:
        readers = [
            ends.enter_context(
                subprocess.Popen(
                    [
                        sys.executable,
                        str(Path(__file__).with_name("reading.py")),
                        str(index),
                        str(N_UPDATES),
                        str(n),
                    ],
                    env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
            for n in THREADS
        ]
        for reader in readers:
            ends.callback(reader.kill)
        n_segments = set()
        with Index(index) as writer:
            for state in range(2, N_UPDATES + 1):
                write(corpus, state)
                assert writer.update().has_changed
                n_segments.add(len(read_manifest(index).segments))
        assert n_segments == {1, 2, 3, 4}
        outcomes = []
        for reader in readers:
            out, err = reader.communicate(timeout=60)
            assert (reader.returncode, err) == (0, "")
            outcomes.append(json.loads(out))
        yield outcomes


def test_four_readers_are_not_disturbed_by_200_updates(seen: list[Any], tmp_path: Path) -> None:
    manifest = read_manifest(tmp_path / "index")
    segments = {file.name: 1 for entry in manifest.segments for file in entry.files}
    for outcome, n_threads in zip(seen, THREADS, strict=True):
        assert len(outcome["readers"]) == n_threads
        for reader in outcome["readers"]:
            assert reader["faults"] == []
            assert reader["n_searches"] >= reader["n_states"] > N_UPDATES / 4
        assert outcome["open"] == segments
        assert outcome["mapped"] == segments
    assert {path.name for path in (tmp_path / "index").iterdir()} == manifest.file_names
