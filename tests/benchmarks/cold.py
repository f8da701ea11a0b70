"""How long does one command take, from a cold process to its end?

The files are in the memory of the operating system, as they are when somebody asks twice.
"""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import measure
from building import PROGRAMS, built
from measure import Rows
from peers import OURS
from sources import kept
from texts import Corpus

N_FILES = 100
WORDS = ("united", "states")


def cold(small: Corpus, large: Mapping[str, Corpus], rounds: int) -> Rows:
    """Time single commands in turn; medians, as `measure.in_turns` gives them.

    Args:
        small: A hundred of its articles are asked, as files in a folder.
        large: Other corpora, by what they are called, that are asked without a folder.
        rounds: How often.
    """
    folder = small.folder / "cold"
    files, index = folder / "files", folder / "index"
    searcher, whoosh = str(PROGRAMS / "searcher"), str(PROGRAMS / "whoosh")
    has_whoosh = Path(whoosh).exists()

    def prepare(unfinished: Path) -> None:
        shutil.copytree(small.files(), unfinished / "files")
        for path in sorted((unfinished / "files").iterdir())[N_FILES:]:
            path.unlink()
        if has_whoosh:
            shutil.copytree(unfinished / "files", unfinished / "whoosh")
            measure.command([whoosh, "index", str(unfinished / "whoosh")], unfinished)

    kept(folder, f"{small.key} {has_whoosh}", prepare)
    measure.command([searcher, "index", str(files), "--index", str(index), "--rebuild"], folder)
    query = [searcher, "query", *WORDS, "--index"]
    lines = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "python -c 'import numpy'": [sys.executable, "-c", "import numpy"],
        f"{OURS} query, {N_FILES} files": [*query, str(index)],
        f"{OURS} query, {N_FILES} files, phrase": [
            *(searcher, "query", "--phrase", " ".join(WORDS), "--index", str(index))
        ],
        **{
            f"{OURS} query, {name}": [*query, str(built(OURS, corpus, "raw"))]
            for name, corpus in large.items()
        },
    }
    if has_whoosh:
        lines[f"whoosh search, {N_FILES} files"] = [whoosh, "search", " ".join(WORDS), str(folder / "whoosh")]
    return measure.in_turns(lines, folder, rounds)
