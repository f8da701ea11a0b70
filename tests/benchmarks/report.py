"""How are the figures told? As Markdown."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from peers import NAMES, OURS, too_slow
from questions import INTERSECTION, KINDS, PHRASE, UNION

Results = dict[str, Any]
_WHOOSH = "whoosh, fewer files"
_SHORT = (UNION, INTERSECTION, PHRASE)
_CALLED = {UNION: "any", INTERSECTION: "all", PHRASE: "phrase, any form"}
_OPERATORS = ("prefix", "infix", "fuzzy", "proximity")
_SECONDS = (("cpu_seconds", "processor s"), ("seconds", "s"))


def markdown(results: Results) -> str:
    """Write the report.

    Args:
        results: As `run.Run` collects them; what has not been measured is left out.
    """
    lines = [f"# `{OURS}` beside its peers", "", *_setting(results)]
    for name, corpus in results["corpora"].items():
        facts = corpus["facts"]
        lines += ["", f"## {name.capitalize()}", ""]
        lines.append(
            f"{facts['articles']:,} articles, {facts['passages']:,} passages, {facts['words']:,} words, "
            f"{facts['text_bytes'] / 1e6:.1f} MB of text."
        )
        if left_out := too_slow(results["engines"], facts["passages"]):
            lines.append(f"Left out, for they would take too long: {', '.join(left_out)}.")
        lines += _short(corpus)
        lines += _ratios(corpus)
        for part, tell in _TOLD.items():
            if part in corpus:
                lines += tell(corpus[part])
    if "cold" in results:
        lines += _cold(results["cold"])
    lines += _growth(results)
    return "\n".join(lines) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    def line(cells: Iterable[object]) -> str:
        return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"

    return ["", line(head), line("---" for _ in head), *map(line, rows), ""]


def _number(value: float | None) -> str:
    """Write a number with three figures that count."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _setting(results: Results) -> Iterator[str]:
    machine = results["machine"]
    load = ", ".join(map(str, machine["load"]))
    yield f"{machine['cpu']}, {machine['cores']} cores; load when the last run began: {load}. {machine['python']}."
    yield (
        "One document is one passage. For queries all engines hold the same stems, for building and snippets the texts "
        "as they stand. Engines take turns; of five times that each question is asked the best counts, in microseconds of "
        "processor time, with parsing, and nothing remembered but where it says *warm*. Queries are asked as they "
        "stand, those with common words once more without them. *As typed* is a union without common words for the peers; "
        f"for `{OURS}`, passages with all the words come first."
    )
    rows = [(name, engine["version"], engine["settings"]) for name, engine in results["engines"].items()]
    rows += [(name, "absent", reason) for name, reason in results["absent"].items()]
    yield from _table(("engine", "version", "settings"), rows)


def _short(corpus: Results) -> Iterator[str]:
    """Tell the most important figures, a column an engine."""

    def mean(part: str, kind: str, *keys: str) -> dict[str, float]:
        found = corpus.get(part, {}).get(kind, {})
        for key in keys:
            found = found.get(key, {})
        return {name: times["mean"] for name, times in found.items()}

    def on_one_core(figure: str) -> dict[str, float]:
        rows = corpus.get("index", {}).values()
        return {row["engine"]: row[figure] for row in rows if row["cores"] == 1 and figure in row}

    told = {
        **{f"{kind}, ten best, us": mean("queries", kind, "top10") for kind in _SHORT},
        **{f"{kind}, exact count, us": mean("queries", kind, "count") for kind in _SHORT},
        **{f"{kind}, ten best with snippets, us": mean("snippets", kind) for kind in _SHORT},
        "indexing on one core, MB/s": on_one_core("mb_per_second"),
        "index : text": on_one_core("size_of_text"),
    }
    names = [name for name in NAMES if any(name in figures for figures in told.values())]
    rows = (
        (what, *(_number(figures.get(name)) for name in names)) for what, figures in told.items() if figures
    )
    yield from _table(("mean", *names), rows)


def _at(results: Results | None, *keys: str) -> Any:
    """Look up a figure, or None if it has not been measured."""
    for key in keys:
        results = (results or {}).get(key)
    return results


def _ratios(corpus: Results) -> Iterator[str]:
    """Tell our figures beside those of tantivy."""
    times = {
        **{f"{name}, ten best": ("queries", kind, "top10") for kind, name in _CALLED.items()},
        **{f"{name}, exact count": ("queries", kind, "count") for kind, name in _CALLED.items()},
        **{f"{name}, ten best with snippets": ("snippets", kind) for kind, name in _CALLED.items()},
        **{f"{kind}, ten best": ("language", kind, "times") for kind in _OPERATORS},
    }
    rows = []
    for what, path in times.items():
        ours, theirs = (_at(corpus, *path, name) for name in (OURS, "tantivy"))
        if ours and theirs:
            pairs = [
                (_number(ours[figure]), _number(theirs[figure]), f"{ours[figure] / theirs[figure]:.2f}")
                for figure in ("mean", "p99")
            ]
            rows.append((f"{what}, us", *chain.from_iterable(pairs)))
    for cores in (1, 2):
        ours, theirs = (_at(corpus, "index", f"{name}, {cores}") for name in (OURS, "tantivy"))
        for column, unit in _SECONDS if ours and theirs else ():
            cells = (_number(ours[column]), _number(theirs[column]), f"{theirs[column] / ours[column]:.2f}")
            rows.append((f"indexing, cores: {cores}, {unit}", *cells, "", "", ""))
    if rows:
        yield from ("", "### Ratio to tantivy", "")
        yield "Of queries, our time to theirs: mean, and 99th percentile. Of indexing, their time to ours."
        head = (OURS, "tantivy", "ratio")
        yield from _table(("", *head, *(f"{cell}, p99" for cell in head)), rows)


def _times(title: str, times_of_kinds: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Tell times, a row a kind: mean and 99th percentile, and how many times those of tantivy are ours."""
    yield from ("", f"### {title}", "", "Mean / 99th percentile.")
    names = [
        name
        for name in (OURS, f"{OURS}, warm", *NAMES[1:])
        if any(name in times for times in times_of_kinds.values())
    ]
    rows = []
    for kind in filter(times_of_kinds.__contains__, KINDS):
        times = times_of_kinds[kind]
        cells = [
            f"{_number(times[name]['mean'])} / {_number(times[name]['p99'])}" if name in times else "-"
            for name in names
        ]
        ratios = [
            " / ".join(f"{times[OURS][figure] / times[name][figure]:.2f}" for figure in ("mean", "p99"))
            if OURS in times and name in times
            else "-"
            for name in ("tantivy", "fts5")
        ]
        rows.append((f"{kind} ({max(each['n'] for each in times.values())})", *cells, *ratios))
    yield from _table(("", *names, f"{OURS} : tantivy", f"{OURS} : fts5"), rows)


def _queries(kinds: Results) -> Iterator[str]:
    yield from _times("The ten best, with scores", {kind: times["top10"] for kind, times in kinds.items()})
    counts = {kind: times["count"] for kind, times in kinds.items() if "count" in times}
    yield from _times("Exact counts", counts)
    yield from _agreement(kinds)


def _language(kinds: Results) -> Iterator[str]:
    yield from ("", "### The query language", "")
    yield "The ten best of a hundred questions of each kind, mean / 99th percentile; in brackets, all their hits to ours."
    names = list(next(iter(kinds.values()))["times"])
    rows = []
    for kind, found in kinds.items():
        times, counts = found["times"], found["count_ratio"]
        cells = []
        for name in names:
            cell = f"{_number(times[name]['mean'])} / {_number(times[name]['p99'])}" if name in times else "-"
            differs = abs(counts.get(name, 1) - 1) > 0.0005
            cells.append(f"{cell} ({counts[name]:.3f})" if differs else cell)
        ratios = [
            f"{times[OURS]['mean'] / times[name]['mean']:.2f}" if name in times else "-"
            for name in names
            if name in ("fts5", "tantivy")
        ]
        rows.append((kind, *cells, *ratios))
    others = [f"{OURS} : {name}" for name in names if name in ("fts5", "tantivy")]
    yield from _table(("", *names, *others), rows)


def _snippets(kinds: Results) -> Iterator[str]:
    yield from _times("The ten best, with snippets", kinds)


def _agreement(kinds: Results) -> Iterator[str]:
    yield from ("", f"### What was found: each engine against `{OURS}`", "")
    yield (
        "For this comparison titles are hits like any other passage (`kind:any`); otherwise an article's best passage is "
        "shown for its title, and times include that. *Same scores*: all within a thousandth; tantivy knows the length of a "
        "passage only roughly."
    )
    rows, examples = [], []
    for kind, times in kinds.items():
        for name, found in times.get("agreement", {}).items():
            counts = f"{found['same_count']} of {found['counted']}" if found["counted"] else "-"
            scores = (
                f"{found['same_scores']} of {found['compared']}, mean error {found['score_error']:.2%}"
                if "compared" in found
                else "other formula"
            )
            ratio = "-" if found["count_ratio"] is None else f"{found['count_ratio']:.4f}"
            rows.append((kind, name, counts, ratio, f"{found['overlap']:.2%}", scores))
            examples += [
                (kind, name, f"`{example['query']}`", example["theirs"], example["ours"])
                for example in found["examples"][:2]
            ]
    head = ("kind", "engine", "same counts", "all their hits : ours", "same ten best", "same scores")
    yield from _table(head, rows)
    if examples:
        yield "The largest differences of counts:"
        yield from _table(("kind", "engine", "query", "theirs", "ours"), examples)


def _indexes(rows: Results) -> Iterator[str]:
    yield from ("", "### Indexing", "")
    yield "Texts are read from disk. Peak memory is private memory of the whole process tree, libraries included."
    head = ("engine", "cores", "MB/s", "s", "processor s", "peak MB", "index : text")
    columns = ("mb_per_second", "seconds", "cpu_seconds", "peak_mb", "size_of_text")
    told = []
    for row in rows.values():
        tantivy = rows.get(f"tantivy, {row['cores']}", {})
        figures = [row["unable"]] if "unable" in row else [_number(row[column]) for column in columns]
        speed = ""
        if tantivy and "unable" not in row:
            speed = " / ".join(
                f"{tantivy[column] / row[column]:.2f}" for column in ("seconds", "cpu_seconds")
            )
        told.append((row["engine"], row["cores"], *figures, *[""] * (len(columns) - len(figures)), speed))
    yield from _table((*head, "speed : tantivy's, by time / processor time"), told)


def _folder(rows: Results) -> Iterator[str]:
    yield from ("", "### Indexing a folder of files, whole command")
    columns = list(next(iter(rows.values())))
    yield from _table(
        ("command", *(column.replace("_", " ") for column in columns)),
        ((name, *(_number(row[column]) for column in columns)) for name, row in rows.items()),
    )
    whoosh = rows.get(_WHOOSH)
    for name in (OURS, f"{OURS}, fewer files"):
        if whoosh and name in rows:
            yield f"`{name}` takes in {rows[name]['mb_per_second'] / whoosh['mb_per_second']:.1f} times as many MB/s as Whoosh."


def _memory(rows: Results) -> Iterator[str]:
    yield from ("", "### Memory of a process that is asked everything, MB", "")
    yield "Pages of mapped files that only this process maps count as *private and clean*; they can be dropped at any time."
    head = ("engine", "private and dirty, peak", "once opened", "private and clean, peak")
    yield from _table(
        head,
        (
            (
                name,
                _number(row["peak_mb"]["Private_Dirty"]),
                _number(row["opened_mb"]["Private_Dirty"]),
                _number(row["peak_mb"]["Private_Clean"]),
            )
            for name, row in rows.items()
        ),
    )


def _cold(rows: Results) -> Iterator[str]:
    yield from ("", "## One cold command, median")
    base = rows["python -c pass"]
    yield from _table(
        ("command", "ms", "processor ms", "times `python -c pass`", "by processor time"),
        (
            (
                f"`{name}`",
                _number(row["ms"]),
                _number(row["cpu_ms"]),
                _number(row["ms"] / base["ms"]),
                _number(row["cpu_ms"] / base["cpu_ms"]),
            )
            for name, row in rows.items()
        ),
    )


def _growth(results: Results) -> Iterator[str]:
    """Tell how times and memory grow with the number of passages, a column a number."""
    grown = made(results)
    if len(grown) < 2:
        return
    rows = []
    for name in (OURS, "tantivy"):
        paths = {
            **{
                f"{what}, ten best, us": ("queries", kind, "top10", name, "mean")
                for kind, what in _CALLED.items()
            },
            "private memory of queries, MB": ("memory", name, "peak_mb", "Private_Dirty"),
            "indexing, cores: 1, processor s": ("index", f"{name}, 1", "cpu_seconds"),
            "private memory of indexing, cores: 1, MB": ("index", f"{name}, 1", "peak_mb"),
        }
        for what, path in paths.items():
            figures = [_at(corpus, *path) for corpus in grown.values()]
            if any(figures):
                rows.append((what, name, *map(_number, figures)))
    yield from ("", "## Growth", "", "By the number of passages.")
    yield from _table(("", "", *(f"{size:,}" for size in grown)), rows)


def made(results: Results) -> dict[int, Results]:
    """Give the figures of the corpora that are made, by the number of passages, ascending."""
    corpora = results["corpora"].items()
    return dict(sorted((corpus["facts"]["passages"], corpus) for name, corpus in corpora if name != "news"))


_TOLD = {
    "queries": _queries,
    "snippets": _snippets,
    "language": _language,
    "index": _indexes,
    "folder": _folder,
    "memory": _memory,
}
