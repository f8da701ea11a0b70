"""Interrupts a change of an index at every file operation, in every way: ``python crash.py SCENARIO FOLDER``.

Afterwards the index must be what it was before or what it would have become, and the next update must leave nothing else in
the folder. A process of its own, so that it can be forked, and may put what it likes in place of the package's parts.
"""

import gc
import json
import os
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

from faults import Disk, Fault, Kind, takes_room, watched

import searcher
from searcher import Article, Index, build_index
from searcher.indexing import put
from searcher.indexing.segments import merge_policy
from searcher.storage.files import checksum
from searcher.storage.format import LOCK, MANIFEST
from searcher.storage.manifest import exists, read_manifest

QUERIES = ("apples", "pears -plums", '"apples and pears"', "new OR changed OR put")
Contents = dict[str, bytes] | None


@dataclass(frozen=True)
class Scenario:
    """A change of an index.

    Attributes:
        prepare: Makes ``corpus`` and ``index`` in a folder, so that there is something to do.
        act: Does it.
        update: The update that comes next.
    """

    prepare: Callable[[Path], object]
    act: Callable[[Path], object]
    update: Callable[[Path], object]


def write(folder: Path, **texts: str) -> None:
    """Write articles of the corpus, long ago."""
    (folder / "corpus").mkdir(exist_ok=True)
    for name, text in texts.items():
        path = folder / f"corpus/{name}.txt"
        path.write_text(text)
        os.utime(path, ns=(len(text), len(text)))


def build(folder: Path, **options: Any) -> None:
    build_index(folder / "corpus", folder / "index", language="none", **options)


def fruit(numbers: range) -> dict[str, str]:
    return {f"f{n:02}": f"Apples and pears, {n} of them.{' Plums.' * (n % 2)}" for n in numbers}


def change_files(folder: Path) -> None:
    (folder / "corpus/f00.txt").unlink()
    (folder / "corpus/f01.txt").rename(folder / "corpus/moved.txt")
    write(folder, f02="Changed apples.", new="New apples and pears.")


def few(folder: Path) -> None:
    write(folder, **fruit(range(4)))


def to_update(folder: Path) -> None:
    few(folder)
    build(folder)
    change_files(folder)


def to_fold(folder: Path) -> None:
    merge_policy.CLASS_SIZES = (2, 4, 9)  # type: ignore[misc]
    for numbers in (range(6), range(6, 9), range(9, 10)):
        write(folder, **fruit(numbers))
        build(folder)
    assert len(read_manifest(folder / "index").segments) == 3
    write(folder, **fruit(range(10, 12)))
    (folder / "corpus/f00.txt").unlink()


def to_bury(folder: Path) -> None:
    merge_policy.CLASS_SIZES = (2, 100, 200)  # type: ignore[misc]
    write(folder, **fruit(range(24)))
    build(folder)
    write(folder, early="Early apples.")
    build(folder)
    assert len(read_manifest(folder / "index").catalogue) == 2
    write(folder, new="New apples and pears.")
    (folder / "corpus/f03.txt").unlink()


def to_touch(folder: Path) -> None:
    few(folder)
    build(folder)
    os.utime(folder / "corpus/f00.txt", ns=(7, 7))


def to_empty(folder: Path) -> None:
    few(folder)
    build(folder)
    shutil.rmtree(folder / "corpus")
    (folder / "corpus").mkdir()


def with_put(folder: Path) -> None:
    few(folder)
    build(folder)
    put.put(folder / "index", [Article(address="put/old", text="Put apples, long ago.")])


def put_in(folder: Path) -> None:
    articles = [Article(address="put/old", text="Put apples."), Article(address="put/new", text="Put pears.")]
    put.put(folder / "index", articles)


def empty(folder: Path) -> None:
    build(folder, allow_empty=True)


SCENARIOS = {
    "build": Scenario(few, build, build),
    "update": Scenario(to_update, build, build),
    "fold": Scenario(to_fold, build, build),
    "bury": Scenario(to_bury, build, build),
    "touch": Scenario(to_touch, build, build),
    "empty": Scenario(to_empty, empty, empty),
    "rebuild": Scenario(to_update, lambda folder: build(folder, rebuild=True), build),
    "put": Scenario(with_put, put_in, build),
    "remove": Scenario(with_put, lambda folder: put.remove(folder / "index", ["put/old"]), build),
}


class Trial:
    """A scenario in a folder, tried over and over."""

    def __init__(self, scenario: Scenario, folder: Path) -> None:
        self._scenario = scenario
        self._folder = folder
        self.index = folder / "index"
        self._examined: dict[str, list[str]] = {}
        self.points: Counter[str] = Counter()
        self.troubles: list[str] = []
        scenario.prepare(folder)
        self._start = contents(self.index)
        self._before = answers(self.index)
        scenario.act(folder)  # also loads what is loaded when it is first needed
        self._after = answers(self.index)

    def cut_power(self) -> Disk:
        """Cut the power before each operation, and after all."""
        self._restore(self._start)
        disk = Disk(self.index)
        with watched(disk):
            self._scenario.act(self._folder)
        left, committed = disk.left(), (self.index / MANIFEST).read_bytes()
        for number, (cuts, operation) in enumerate(zip(disk.cuts, disk.operations, strict=True)):
            for cut in cuts:
                self.points["power cuts"] += 1
                self._examine(cut, f"power cut before operation {number}, {operation}")
        for cut in left:
            self.points["power cuts"] += 1
            self._examine(cut, "power cut at the end")
            if (cut or {}).get(MANIFEST) != committed:
                self.troubles.append("power cut at the end: what was committed is lost")
        return disk

    def kill(self, at: int) -> None:
        """Kill the process at an operation."""
        self._restore(self._start)
        child = os.fork()
        if not child:
            with watched(Fault(Kind.KILL, at)):
                self._scenario.act(self._folder)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGKILL:
            self.troubles.append(f"killed at {at}: ended with {status}")
        self.points["killed"] += 1
        self._examine(contents(self.index), f"killed at {at}")

    def fail(self, kind: Kind, at: int) -> None:
        """Let an operation fail."""
        self._restore(self._start)
        where = f"{kind.value} at {at}"
        try:
            with watched(Fault(kind, at)):
                self._scenario.act(self._folder)
        except OSError as error:
            if str(self.index) not in str(error) or "\n" in str(error):
                self.troubles.append(f"{where}: unclear: {error!r}")
            if kind is Kind.FULL and not is_clean(self.index):
                self.troubles.append(f"{where}: leaves {sorted(contents(self.index) or {})}")
        except BaseException as error:  # whatever it is, it is reported
            self.troubles.append(f"{where}: {error!r}")
        self.points[kind.value] += 1
        self._examine(contents(self.index), where)

    def _restore(self, content: Contents) -> None:
        shutil.rmtree(self.index, ignore_errors=True)
        if content is not None:
            self.index.mkdir()
            for name, data in content.items():
                (self.index / name).write_bytes(data)

    def _examine(self, content: Contents, where: str) -> None:
        """Look whether a state of the folder is a good one. Of what the manifest does not name only names matter."""
        named = {} if content is None else content
        with_names = {name: checksum(data) for name, data in named.items() if self._is_named(name, content)}
        key = json.dumps([content is None, sorted(with_names.items()), sorted(named)])
        if key not in self._examined:
            self._restore(content)
            self._examined[key] = self._faults()
        self.troubles += [f"{where}: {fault}" for fault in self._examined[key]]

    @staticmethod
    def _is_named(name: str, content: Contents) -> bool:
        manifest = (content or {}).get(MANIFEST, b"").decode("utf-8", "replace")
        return name == MANIFEST or (name != LOCK and f'"{name}"' in manifest)

    def _faults(self) -> list[str]:
        """Say what is the matter with the index as it is now, and after the next update."""
        faults = []
        try:
            if answers(self.index) not in (self._before, self._after):
                faults.append("neither the state before nor the state after")
            faults += damages(self.index)
            self._scenario.update(self._folder)
            faults += [] if is_clean(self.index) else ["the next update leaves files that are no part of it"]
            if answers(self.index) != self._after:
                self._scenario.act(self._folder)
            if answers(self.index) != self._after or not is_clean(self.index):
                faults.append("the change cannot be made any more")
            faults += damages(self.index)
        except Exception as error:  # whatever it is, it is reported
            faults.append(repr(error))
        return faults


def contents(folder: Path) -> Contents:
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.is_dir() else None


def answers(index: Path) -> str:
    """Give everything that an index holds and finds, or nothing if there is none."""
    if not exists(index):
        return ""
    with Index(index) as opened:
        found = [replace(opened.search(query), elapsed_ms=0) for query in QUERIES]
        return repr((opened.digest(), opened.addresses(), found))


def damages(index: Path) -> list[str]:
    check = getattr(searcher, "check_index", None)
    return [f"damaged: {damage}" for damage in check(index).damages] if check and exists(index) else []


def is_clean(index: Path) -> bool:
    """Tell whether a folder holds the files of its index and nothing else."""
    named = read_manifest(index).file_names if exists(index) else {LOCK}
    return {*(contents(index) or {}), LOCK} == named


def main(name: str, folder: Path) -> None:
    trial = Trial(SCENARIOS[name], folder)
    handles = open_handles()
    operations = trial.cut_power().operations
    for at, operation in enumerate(operations):
        trial.kill(at)
        trial.fail(Kind.FULL if takes_room(operation) else Kind.FAIL, at)
    if open_handles() > handles:
        trial.troubles.append(f"{open_handles() - handles} files left open")
    print(json.dumps({"operations": len(operations), "points": trial.points, "troubles": trial.troubles}))  # noqa: T201


def open_handles() -> int:
    gc.collect()
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


if __name__ == "__main__":
    with (
        mock.patch("searcher.indexing.inversion.batch.BATCH_BYTES", 48),  # so that runs are put aside
        mock.patch("searcher.indexing.inversion.threads.n_processors", return_value=1),
        mock.patch("searcher.indexing.apply.now", return_value="2020-09-27T00:00:00+00:00"),
        mock.patch(
            "searcher.indexing.put.now", return_value="2020-09-27T00:00:00+00:00"
        ),  # equal states, equal files
    ):
        main(sys.argv[1], Path(sys.argv[2]))
