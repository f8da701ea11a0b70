import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from command import TIMEOUT_SECONDS, Command, Ran, lines, write

from searcher.indexing.lock import writing

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX")
QUEUE_LENGTH = Path("/proc/sys/fs/inotify/max_queued_events")


class Watch:
    """A running ``searcher watch``, and the lines that it writes as they come."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self._lines: dict[str, queue.Queue[str | None]] = {"out": queue.Queue(), "err": queue.Queue()}
        self._threads = [
            threading.Thread(target=self._pump, args=(process.stdout, "out")),
            threading.Thread(target=self._pump, args=(process.stderr, "err")),
        ]
        for thread in self._threads:
            thread.start()

    def _pump(self, stream: IO[bytes], name: str) -> None:
        for line in stream:
            self._lines[name].put(line.decode().rstrip("\n"))
        self._lines[name].put(None)

    def line(self, stream: str) -> str:
        """Wait for the next line of a stream."""
        line = self._lines[stream].get(timeout=TIMEOUT_SECONDS)
        assert line is not None, f"std{stream} has ended"
        return line

    def err(self) -> str:
        return self.line("err")

    def hit(self) -> tuple[str, str]:
        """Wait for a hit of ``--jsonl``; give its path and passage."""
        hit = json.loads(self.line("out"))
        return hit["path"], hit["text"].strip()

    def rest(self, stream: str) -> list[str]:
        """Wait for the end of a stream; give the lines up to it."""
        found = []
        while (line := self._lines[stream].get(timeout=TIMEOUT_SECONDS)) is not None:
            found.append(line)
        return found

    def end(self, number: signal.Signals = signal.SIGTERM) -> Ran:
        """End it; give what it had still to say."""
        self.process.send_signal(number)
        status = self.process.wait(TIMEOUT_SECONDS)
        out, err = self.rest("out"), self.rest("err")
        for thread in self._threads:
            thread.join(TIMEOUT_SECONDS)
        return Ran(status, "\n".join(out), "\n".join(err))


@contextmanager
def watching(command: Command, *args: str) -> Iterator[Watch]:
    """Watch until the block ends; whatever is still written by then is a failure."""
    with command.started("watch", *args) as process:
        watch = Watch(process)
        while not (line := watch.err()).startswith("watching"):
            assert line.startswith(("note", "indexed")), line
        yield watch
        if process.poll() is None:
            assert watch.end() == Ran(0, "", "")


Indexed = Callable[..., Command]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_it_without_a_word(indexed: Indexed, number: signal.Signals) -> None:
    command = indexed()
    with watching(command, "--query", "apples") as watch:
        assert watch.end(number) == Ran(0, "", "")
    assert command("query", "apples", "--no-update", "--files") == Ran(0, "a.txt\n", "")


def test_index_is_built_and_brought_up_to_date_first(command: Command) -> None:
    write(command.folder / "corpus", {"a.txt": "Apples.\n"})
    with command.started("watch", "--query", "apples") as process:
        watch = Watch(process)
        assert watch.err().startswith("indexed 1 articles")
        assert watch.err() == f"watching {command.folder / 'corpus'}; passages so far: 1 for apples"
        assert watch.end() == Ran(0, "", "")
    write(command.folder / "corpus", {"b.txt": "Apples.\n"})
    with command.started("watch", "--query", "apples") as process:
        watch = Watch(process)
        assert watch.err().endswith("(1 new, 1 unchanged)")
        assert watch.err().endswith("2 for apples")
        assert watch.end() == Ran(0, "", "")


def test_each_update_is_a_line(indexed: Indexed) -> None:
    command = indexed()
    corpus = command.folder / "corpus"
    with watching(command) as watch:
        write(corpus, {"c.txt": "Cherries.\n", "notes.pdf": "%PDF"})
        assert watch.err().endswith("(1 new, 2 unchanged)")
        (corpus / "a.txt").rename(corpus / "d.txt")
        assert watch.err().endswith("(1 moved, 2 unchanged)")
        (corpus / "b.txt").unlink()
        (corpus / "notes.pdf").unlink()
        assert watch.err().endswith("(1 removed, 2 unchanged)")
        write(corpus, {"d.txt": "Dates.\n"})
        assert watch.err().endswith("(1 changed, 1 unchanged)")
        (corpus / "new").mkdir()
        write(corpus, {"new/e.txt": "Elderberries.\n"})
        assert watch.err().endswith("(1 new, 2 unchanged)")
        (corpus / "new").rename(corpus / "newer")
        assert watch.err().endswith("(1 moved, 2 unchanged)")
        (corpus / "newer").rename(command.folder / "newer")
        assert watch.err().endswith("(1 removed, 2 unchanged)")


def test_many_files_at_once_are_one_update(indexed: Indexed) -> None:
    command = indexed()
    with watching(command, "--query", "figs", "--jsonl") as watch:
        write(command.folder / "corpus", {f"{n}.txt": f"Figs of tree {n}.\n" for n in range(300)})
        assert watch.err().endswith("(300 new, 2 unchanged)")
        assert {watch.hit()[0] for _ in range(300)} == {f"{n}.txt" for n in range(300)}


def test_new_passages_are_printed_once(indexed: Indexed) -> None:
    command = indexed({"a.txt": "Apples fell.\n", "b.txt": "Pears.\n"})
    corpus = command.folder / "corpus"
    with watching(command, "--query", "apples", "--jsonl") as watch:
        write(corpus, {"c.txt": "Apples rose.\n"})
        assert watch.hit() == ("c.txt", "Apples rose.")
        write(corpus, {"a.txt": "Apples fell.\n\nPears too.\n\nThen more apples fell.\n"})
        path, text = watch.hit()
        assert (path, text.splitlines()[-1]) == ("a.txt", "Then more apples fell.")
        write(corpus, {"a.txt": "Apples fell.\n\nPlums too.\n\nThen more apples fell.\n"})
        (corpus / "c.txt").rename(corpus / "d.txt")
        (corpus / "b.txt").unlink()
        (corpus / "a.txt").rename(corpus / "e.txt")
        write(corpus, {"z.txt": "The last apples.\n"})
        assert watch.hit() == ("z.txt", "The last apples.")
        for _ in range(3):
            watch.err()


def test_hits_are_printed_as_by_a_query(indexed: Indexed) -> None:
    command = indexed()
    with watching(command, "--query", "figs", "--color", "always") as watch:
        write(
            command.folder / "corpus",
            {"c.md": "---\ntitle: Of Figs\nsource: Tree\n---\nAll figs are ripe.\n"},
        )
        watch.err()
        shown = [watch.line("out") for _ in range(6)]
    asked = command("query", "figs", "--color", "always")
    assert shown == lines(asked.out)


def test_of_several_queries_each_alert_names_its_own(indexed: Indexed) -> None:
    command = indexed()
    with watching(command, "--query", "figs", "--query", '"ripe dates"') as watch:
        write(command.folder / "corpus", {"c.txt": "Figs and ripe dates.\n"})
        watch.err()
        told = [watch.line("out") for _ in range(13)]
        assert [line for line in told if line.startswith("query")] == ["query: figs", 'query: "ripe dates"']
        assert told[6] == ""
        write(command.folder / "corpus", {"d.txt": "Dates, ripe figs.\n"})
        watch.err()
        assert [watch.line("out") for _ in range(7)][:2] == ["", "query: figs"]


def test_jsonl_names_the_query(indexed: Indexed) -> None:
    command = indexed()
    with watching(command, "--query", "figs", "--query", "ripe", "--jsonl") as watch:
        write(command.folder / "corpus", {"c.txt": "Ripe figs.\n"})
        watch.err()
        told = [json.loads(watch.line("out")) for _ in range(2)]
    assert [(hit["query"], hit["path"], hit["matched"]) for hit in told] == [
        ("figs", "c.txt", ["figs"]),
        ("ripe", "c.txt", ["ripe"]),
    ]
    (asked,) = lines(command("query", "figs", "--jsonl").out)
    assert {**json.loads(asked), "query": "figs"} == told[0]


@pytest.mark.parametrize("query", ["date:2020-13", ""])
def test_query_that_is_none_ends_it_before_it_begins(indexed: Indexed, query: str) -> None:
    ran = indexed()("watch", "--query", "apples", "--query", query)
    assert (ran.status, ran.out, len(lines(ran.err))) == (2, "", 1)
    assert "watching" not in ran.err


def test_index_in_the_folder_is_no_part_of_it(command: Command) -> None:
    write(command.folder, {"a.txt": "Apples.\n"})
    with watching(command, "--corpus", ".", "--query", "apples", "--jsonl") as watch:
        for number in range(3):
            write(command.folder, {f"b{number}.txt": f"Apples of tree {number}.\n"})
            assert watch.err().endswith(f"(1 new, {number + 1} unchanged)")
            assert watch.hit()[0] == f"b{number}.txt"


def test_query_meanwhile_finds_what_came_and_takes_no_alert_away(indexed: Indexed) -> None:
    command = indexed()
    with watching(command, "--query", "figs", "--jsonl") as watch:
        write(command.folder / "corpus", {"c.txt": "Figs.\n"})
        watch.err()
        assert command("query", "figs", "--no-update", "--files") == Ran(0, "c.txt\n", "")
        assert watch.hit() == ("c.txt", "Figs.")
        watch.process.send_signal(signal.SIGSTOP)
        write(command.folder / "corpus", {"d.txt": "More figs.\n"})
        assert command("index").err.endswith("(1 new, 3 unchanged)\n")
        watch.process.send_signal(signal.SIGCONT)
        assert watch.hit() == ("d.txt", "More figs.")
        assert watch.err() == (
            "another process has indexed the changes: 4 articles, 4 passages (1 new or changed, 0 removed)"
        )


def test_file_that_is_written_slowly_is_taken_in_whole(indexed: Indexed) -> None:
    command = indexed()
    corpus = command.folder / "corpus"
    with watching(command, "--query", "figs", "--query", "dates", "--jsonl") as watch:
        with (corpus / "c.txt").open("w") as file:
            for text in ("Figs.\n", "\nDates.\n"):
                file.write(text)
                file.flush()
                time.sleep(0.3)  # as a writer does that is itself waiting
        told = {json.loads(watch.line("out"))["query"], json.loads(watch.line("out"))["query"]}
        assert told == {"figs", "dates"}
        assert command("query", "dates", "--no-update", "--files").out == "c.txt\n"
        watch.end()
    assert json.loads(command("status", "--json").out)["is_fresh"]


def test_file_that_is_skipped_is_named_once(indexed: Indexed) -> None:
    command = indexed({"a.txt": "Apples.\n", "empty.txt": ""})
    corpus = command.folder / "corpus"
    with watching(command) as watch:
        write(corpus, {"b.txt": "", "c.txt": "Cherries.\n"})
        assert watch.err().endswith("(1 new, 1 unchanged, 2 unreadable)")
        assert "'b.txt' is empty" in watch.err()
        write(corpus, {"d.txt": "Dates.\n"})
        assert watch.err().endswith("(1 new, 2 unchanged, 2 unreadable)")


def test_folder_that_vanishes_is_waited_for(indexed: Indexed) -> None:
    command = indexed()
    corpus = command.folder / "corpus"
    with watching(command, "--query", "figs", "--jsonl") as watch:
        corpus.rename(command.folder / "away")
        assert watch.err() == (
            f"searcher: corpus folder {corpus} has vanished: the index stays as it is until the folder is back"
        )
        assert command("query", "apples", "--no-update", "--count").out == "1\n"
        (command.folder / "away").rename(corpus)
        assert watch.err() == "up to date: 2 articles, 2 passages"
        write(corpus, {"c.txt": "Figs.\n"})
        assert watch.hit() == ("c.txt", "Figs.")
        watch.err()


def test_other_writer_is_waited_for(indexed: Indexed) -> None:
    command = indexed()
    with watching(command, "--query", "figs", "--jsonl") as watch:
        with writing(command.folder / "index", None):
            write(command.folder / "corpus", {"c.txt": "Figs.\n"})
            assert watch.err().startswith(f"waiting: process {os.getpid()} on ")
        assert watch.hit() == ("c.txt", "Figs.")
        watch.err()


def test_empty_folder_is_watched_for_what_will_come(command: Command) -> None:
    (command.folder / "corpus").mkdir()
    with watching(command, "--query", "figs", "--jsonl") as watch:
        write(command.folder / "corpus", {"c.txt": "Figs.\n"})
        assert watch.hit() == ("c.txt", "Figs.")
        watch.err()
    missing = command("watch", "--corpus", "nowhere", "--index", "other")
    assert (missing.status, missing.out, len(lines(missing.err))) == (2, "", 1)


@pytest.mark.skipif(sys.platform != "linux", reason="the queue is that of Linux")
def test_more_changes_than_the_system_remembers_lose_no_folder(indexed: Indexed) -> None:
    n_events = int(QUEUE_LENGTH.read_text())
    if n_events > 1 << 16:
        pytest.skip(f"the queue holds {n_events} events")
    command = indexed()
    corpus = command.folder / "corpus"
    with watching(command, "--query", "figs", "--jsonl") as watch:
        watch.process.send_signal(signal.SIGSTOP)
        for number in range(n_events // 2):  # each is two events at least
            (corpus / f"{number}.log").touch()
        write(corpus, {"late/c.txt": "Figs.\n"})
        watch.process.send_signal(signal.SIGCONT)
        assert watch.hit() == ("late/c.txt", "Figs.")
        watch.err()
        write(corpus, {"late/d.txt": "Late figs.\n"})
        assert watch.hit() == ("late/d.txt", "Late figs.")
        watch.err()
