"""Compare `searcher` with its peers: the command.

    pip install '.[bench]'
    python tests/benchmarks/run.py --out FOLDER
    python tests/benchmarks/run.py --out FOLDER --only queries --corpora made --size 20000     in a minute

Writes ``report.md`` and ``results.json`` to the folder, and what it builds beside them, which a later run uses again; parts
that are run again replace their figures. Figures of another Python are put aside in ``results-before.json``. An engine that is
not installed is named and left out. Xapian comes as a package of the operating system (Debian: python3-xapian). Everything takes
hours, most of them Whoosh's and Xapian's.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import asking
import building
import measure
import peers
import report
from cold import cold
from language import language
from measure import Rows
from peers import too_slow
from questions import Question, read_questions
from sources import DATA, made, news
from texts import Corpus, prepare

from searcher.indexing.folder.settings import stop_words

CORPORA = ("news", "made")
PARTS = ("queries", "snippets", "language", "memory", "index", "folder", "cold")
N_FILES_FOR_WHOOSH = 500


class Run:
    """One run: what is measured, and the figures so far.

    Args:
        options: From the command line.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        self.out: Path = options.out.resolve()
        self.rounds: int = options.rounds
        path = self.out / "results.json"
        self.results: dict[str, Any] = {"engines": {}, "absent": {}, "corpora": {}}
        machine = measure.machine()
        if path.exists():
            before = json.loads(path.read_text(encoding="utf-8"))
            if before["machine"].get("python") == machine["python"]:
                self.results = before
            else:
                path.rename(self.out / "results-before.json")
        self.results["machine"] = machine
        self.names: list[str] = [name for name in options.engines if self._is_present(name)]

    def _is_present(self, name: str) -> bool:
        engines, absent = self.results["engines"], self.results["absent"]
        try:
            peer = peers.load(name)
        except ImportError as error:
            absent[name] = str(error)
            sys.stderr.write(f"{name} is left out: {error}\n")
            return False
        absent.pop(name, None)
        engines[name] = {"version": peer.version, "settings": peer.settings}
        return True

    def corpus(self, n_passages: int | None) -> Corpus:
        """Give the news, or a corpus made of so many passages."""
        name = "news" if n_passages is None else f"made-{n_passages}"
        self.say(f"{name}: preparing")
        return prepare(self.out / name, news() if n_passages is None else made(n_passages))

    def say(self, what: str) -> None:
        """Say how far it is."""
        sys.stderr.write(f"{time.strftime('%H:%M:%S')} {what}\n")

    def part(self, corpus: Corpus | None, name: str, rows: Rows) -> None:
        """Do one part, and keep and write its figures as they come."""
        into = self.results
        if corpus:
            into = self.results["corpora"].setdefault(corpus.name, {})
            into["facts"] = corpus.facts()
        into[name] = {}
        for row, figures in rows:
            self.say(f"{corpus.name if corpus else 'all'}: {name}: {row}")
            into[name][row] = figures
            text = json.dumps(self.results, indent=1, ensure_ascii=False)
            (self.out / "results.json").write_text(text + "\n", encoding="utf-8")
            (self.out / "report.md").write_text(report.markdown(self.results), encoding="utf-8")

    def compare(self, corpus: Corpus, parts: Sequence[str]) -> None:
        """Do the parts that compare engines on one corpus."""
        questions: list[Question] = read_questions(DATA, frozenset(stop_words("english")))
        left_out = too_slow(self.names, corpus.facts()["passages"])
        names = [name for name in self.names if name not in left_out]
        for name in left_out:
            self.say(f"{corpus.name}: {name} is left out, for it would take too long")
        doing: dict[str, Callable[[], Rows]] = {
            "queries": lambda: asking.queries(names, corpus, questions, self.rounds),
            "snippets": lambda: asking.snippets(names, corpus, questions, self.rounds),
            "language": lambda: language(names, corpus, self.rounds),
            "memory": lambda: asking.memory(names, corpus, questions),
            "index": lambda: building.from_texts(names, corpus, min(3, self.rounds)),
            "folder": lambda: building.from_folder(corpus, N_FILES_FOR_WHOOSH),
        }
        for part, do in doing.items():
            if part in parts:
                self.part(corpus, part, do())


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of the report and of what is built")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts to run")
    parser.add_argument("--corpora", nargs="+", choices=CORPORA, default=CORPORA)
    parser.add_argument(
        "--size",
        type=int,
        nargs="+",
        default=[1_000_000],
        help="numbers of passages of the corpora that are made",
    )
    parser.add_argument("--engines", nargs="+", choices=peers.NAMES, default=peers.NAMES)
    parser.add_argument("--rounds", type=int, default=5, help="how often each query is asked")
    options = parser.parse_args(arguments)
    if not DATA.exists():
        sys.exit(f"nothing is measured: the texts and queries are not there, which belong in {DATA}")
    options.out.mkdir(parents=True, exist_ok=True)
    run = Run(options)
    corpora = [
        run.corpus(size) for name in options.corpora for size in ([None] if name == "news" else options.size)
    ]
    for corpus in corpora:
        run.compare(corpus, options.only)
    if "cold" in options.only:
        large = {f"{corpus.facts()['passages']:,} passages": corpus for corpus in corpora}
        run.part(None, "cold", cold(run.corpus(10_000), large, 4 * run.rounds + 1))
    sys.stdout.write(f"{run.out / 'report.md'}\n")


if __name__ == "__main__":
    main()
