"""How are time and memory measured?

**Time.** Engines take turns: each is asked all questions of a kind, one after the other, then the next one is, five times
over, and of each question the best of the five counts; one that takes long is repeated less often. So whatever else the
machine does meets them all alike. Questions are timed in processor time of the whole process, all its threads together:
where nothing else runs that is the time elapsed, and other programs do not add to it.

**Memory.** Of a process and all its children, sampled from outside: *private and dirty* memory is what would have to be
swapped out; *private and clean* are pages of mapped files that were not written to, which can be dropped at any time.
"""

import gc
import multiprocessing
import os
import platform
import resource
import subprocess
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Self

import numpy as np

Rows = Iterator[tuple[str, dict[str, Any]]]
"""What is measured, and its figures, as they come."""
FIELDS = ("Private_Dirty", "Private_Clean")
ENOUGH_NS = 100_000_000
"""A call that has been repeated for so long is not repeated again."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a piece of work cost.

    Attributes:
        seconds: From beginning to end.
        cpu_seconds: Of all its threads and processes together.
        peak_mb: Most memory of the process tree at any time, in MB, by the fields of `memory_mb`.
        held_mb: The same when the work began: what it was given, libraries included.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: dict[str, float]
    held_mb: dict[str, float]


def memory_mb(pid: int) -> dict[str, float]:
    """Add up what ``smaps_rollup`` says of a process and its children, in MB, by field; of those that are gone, nothing."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        children = [
            child
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text(encoding="ascii").split()
        ]
    except OSError:
        return dict.fromkeys(FIELDS, 0.0)
    found = {line.partition(":")[0]: int(line.split()[1]) * 1024 / 1e6 for line in lines[1:]}
    below = [memory_mb(int(child)) for child in children]
    return {field: sum((each[field] for each in below), found[field]) for field in FIELDS}


class Sampler:
    """Samples the memory of a process tree until it is left; use it as a context manager.

    Attributes:
        peak_mb: The most there was, by field.
    """

    def __init__(self, pid: int, every: float) -> None:
        self.peak_mb = dict.fromkeys(FIELDS, 0.0)
        self._pid, self._every = pid, every
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            for field, mb in memory_mb(self._pid).items():
                self.peak_mb[field] = max(self.peak_mb[field], mb)
            if self._is_over.wait(self._every):
                return


def in_child(ready: Callable[..., Any], work: Callable[[Any], Any], *given: Any, every: float = 0.2) -> Cost:
    """Do a piece of work in a process of its own.

    Args:
        ready: Called first with what is given; not measured.
        work: Called with what that returned; measured.
        given: For ``ready``.
        every: Seconds between two looks at the memory.

    Raises:
        RuntimeError: It failed; the message says how.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, ready, work, given))
    process.start()
    there.close()
    assert process.pid is not None
    try:
        _receive(here)  # it is ready
        held_mb = memory_mb(process.pid)
        with Sampler(process.pid, every) as sampler:
            here.send("go")
            seconds, cpu_seconds = _receive(here)
        return Cost(seconds, cpu_seconds, sampler.peak_mb, held_mb)
    finally:
        here.close()
        process.join()


def _receive(connection: Any) -> Any:
    try:
        kind, value = connection.recv()
    except EOFError:
        raise RuntimeError("the process ended") from None
    if kind == "failed":
        raise RuntimeError(value)
    return value


def _serve(
    connection: Any, ready: Callable[..., Any], work: Callable[[Any], Any], given: tuple[Any, ...]
) -> None:
    try:
        prepared = ready(*given)
        connection.send(("ready", None))
        connection.recv()
        started, cpu_started = (
            time.perf_counter(),
            _cpu_seconds(resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN),
        )
        work(prepared)
        connection.send(
            (
                "done",
                (
                    time.perf_counter() - started,
                    _cpu_seconds(resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN) - cpu_started,
                ),
            )
        )
    except Exception as error:
        connection.send(("failed", f"{type(error).__name__}: {error}"))


def _cpu_seconds(*whose: int) -> float:
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, whose))


def command(line: Sequence[str], cwd: Path, *, weighs: bool = False) -> Cost:
    """Run a command to its end; anything but exit status 0 is an error.

    Args:
        line: The command.
        cwd: Where it runs.
        weighs: Whether to sample its memory, which takes a little of its time.

    Raises:
        RuntimeError: It failed.
    """
    before, started = _cpu_seconds(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen(line, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    sampler = Sampler(process.pid, 0.2)
    with sampler if weighs else nullcontext():
        _, said = process.communicate()
        seconds = time.perf_counter() - started
    if process.returncode:
        raise RuntimeError(f"{' '.join(line)}: {said.decode(errors='replace')[-500:]}")
    cpu_seconds = _cpu_seconds(resource.RUSAGE_CHILDREN) - before
    return Cost(seconds, cpu_seconds, sampler.peak_mb, dict.fromkeys(FIELDS, 0.0))


def in_turns(lines: Mapping[str, Sequence[str]], cwd: Path, rounds: int) -> Rows:
    """Run some commands in turn, so many times, and give medians: milliseconds elapsed and of processor time."""
    costs: dict[str, list[Cost]] = {name: [] for name in lines}
    for _ in range(rounds):
        for name, line in lines.items():
            costs[name].append(command(line, cwd))
    for name, each in costs.items():
        milliseconds = median(cost.seconds for cost in each) * 1000
        yield name, {"ms": milliseconds, "cpu_ms": median(cost.cpu_seconds for cost in each) * 1000}


@dataclass(frozen=True, slots=True)
class Runner:
    """Somebody who can be asked.

    Attributes:
        ask: What is timed.
        forget: Called before, not timed.
    """

    ask: Callable[[Any], Any]
    forget: Callable[[], None]


def race(
    runners: Mapping[str, Runner], asked: Mapping[str, Sequence[Any]], rounds: int
) -> dict[str, list[float]]:
    """Let some take turns at the same questions.

    Args:
        runners: By name.
        asked: By name, the questions as each wants them written, in the same order.
        rounds: How often each is asked each.

    Returns:
        By name, microseconds for each question, the best of the rounds.
    """
    names = list(runners)
    best = {name: [1 << 62] * len(asked[name]) for name in names}
    gc.collect()
    gc.freeze()  # what is there already need not be looked through again and again
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            runner, times = runners[name], best[name]
            for number, question in enumerate(asked[name]):
                if turn * times[number] > ENOUGH_NS:
                    continue
                runner.forget()
                started = time.process_time_ns()
                runner.ask(question)
                times[number] = min(times[number], time.process_time_ns() - started)
    gc.unfreeze()
    return {name: [nanoseconds / 1000 for nanoseconds in times] for name, times in best.items()}


def summary(microseconds: Sequence[float]) -> dict[str, float]:
    """Sum up: mean, median, 99th percentile and largest, in microseconds."""
    values = np.array(microseconds)
    return {
        "n": len(values),
        "mean": float(values.mean()),
        "median": float(np.median(values)),
        "p99": float(np.percentile(values, 99)),
        "max": float(values.max()),
    }


def machine() -> dict[str, Any]:
    """Describe the machine, how busy it is, and the Python that runs this."""
    cpu = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        "unknown",
    )
    load = [round(load, 2) for load in os.getloadavg()]
    return {"cpu": cpu, "cores": os.cpu_count(), "load": load, "python": python()}


def python() -> str:
    """Describe the Python that runs this, and whether the kernel of `searcher` is compiled.

    How Python was configured is what it was told. Debian's has PGO, and does not say so.
    """
    arguments = sysconfig.get_config_var("CONFIG_ARGS") or ""
    options = {"PGO": "--enable-optimizations", "LTO": "--with-lto"}
    how = [f"{'with' if option in arguments else 'without'} {name}" for name, option in options.items()]
    try:
        from searcher.kernel import COMPILED

        kernel = "compiled" if COMPILED else "run by Python"
    except ModuleNotFoundError:  # a version before the kernel
        kernel = "none"
    return f"Python {platform.python_version()}, configured {' and '.join(how)}; kernel: {kernel}"
