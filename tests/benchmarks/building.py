"""What does it take to build an index, and how large does it get?"""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import measure
import peers
from measure import Rows
from peers import OURS, Form
from sources import kept
from texts import Corpus

PROGRAMS = Path(sys.executable).parent


def built(name: str, corpus: Corpus, form: Form) -> Path:
    """Say where an engine's index of a corpus lies, built if need be; one index of ours has both forms."""
    if name == OURS:
        form = "raw"
    peer = peers.load(name)
    key = f"{corpus.key} {peer.version} {peer.settings}"
    return kept(
        corpus.folder / f"{name}-{form}", key, lambda folder: _work(_ready(name, corpus, form, folder, 1))
    )


def from_texts(names: list[str], corpus: Corpus, rounds: int) -> Rows:
    """Build each engine's index from texts on disk, on one core and on two, in turns; the best time counts."""
    text_mb = corpus.facts()["text_bytes"] / 1e6
    rows: dict[str, Any] = {}
    for turn in range(rounds):
        for name in names:
            for cores in (1, 2):
                row = rows.setdefault(f"{name}, {cores}", {"engine": name, "cores": cores})
                if "unable" in row or (turn and row["seconds"] > 120):
                    continue
                row |= _build_once(row, corpus, text_mb)
                yield f"{name}, {cores}", row


def _build_once(row: dict[str, Any], corpus: Corpus, text_mb: float) -> dict[str, Any]:
    """Give the figures of a row after one more turn."""
    folder = corpus.folder / "measured"
    try:
        cost = _measure(row["engine"], corpus, folder, row["cores"])
    except RuntimeError as error:
        return {"unable": str(error).removeprefix("Unable: ")}
    size_mb = peers.load(row["engine"]).size_bytes(folder) / 1e6
    shutil.rmtree(folder)
    seconds = min(cost.seconds, row.get("seconds", cost.seconds))
    return {
        "seconds": seconds,
        "cpu_seconds": min(cost.cpu_seconds, row.get("cpu_seconds", cost.cpu_seconds)),
        "mb_per_second": text_mb / seconds,
        "peak_mb": max(cost.peak_mb["Private_Dirty"], row.get("peak_mb", 0)),
        "size_of_text": size_mb / text_mb,
    }


def from_folder(corpus: Corpus, n_files: int) -> Rows:
    """Index a folder of files with the commands of `searcher` and of Whoosh, the latter so many of the files only."""
    files = corpus.files()
    few = corpus.folder / "few"
    shutil.rmtree(few, ignore_errors=True)  # Whoosh keeps its index in it
    few.mkdir()
    for path in sorted(files.iterdir())[:n_files]:
        shutil.copy(path, few)
    index = corpus.folder / "folder-index"
    commands: dict[str, tuple[Path, list[str | Path]]] = {
        OURS: (files, [PROGRAMS / "searcher", "index", files, "--index", index]),
        f"{OURS}, fewer files": (few, [PROGRAMS / "searcher", "index", few, "--index", index]),
        "whoosh, fewer files": (few, [PROGRAMS / "whoosh", "index", few]),
    }
    for name, (folder, line) in commands.items():
        if not Path(line[0]).exists():
            continue
        sizes = [path.stat().st_size for path in folder.iterdir() if path.is_file()]
        cost = measure.command(list(map(str, line)), corpus.folder, weighs=True)
        shutil.rmtree(index, ignore_errors=True)
        figures = {
            "files": len(sizes),
            "text_mb": sum(sizes) / 1e6,
            "seconds": cost.seconds,
            "cpu_seconds": cost.cpu_seconds,
            "mb_per_second": sum(sizes) / 1e6 / cost.seconds,
            "files_per_second": len(sizes) / cost.seconds,
            "peak_mb": cost.peak_mb["Private_Dirty"],
        }
        yield name, figures


def _measure(name: str, corpus: Corpus, folder: Path, cores: int) -> measure.Cost:
    """Build an index of texts in a process of its own, in a new folder."""
    return measure.in_child(_ready_on, _work, cores, name, corpus, folder)


def _ready_on(cores: int, name: str, corpus: Corpus, folder: Path) -> tuple[Any, ...]:
    """Confine this process to some cores, and whatever it starts; `searcher` looks how many there are."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    return _ready(name, corpus, "raw", folder, cores)


def _ready(name: str, corpus: Corpus, form: Form, folder: Path, workers: int) -> tuple[Any, ...]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return peers.load(name), corpus, folder, form, workers


def _work(prepared: tuple[Any, ...]) -> None:
    peer, corpus, folder, form, workers = prepared
    peer.build(corpus, folder, form, workers=workers)
