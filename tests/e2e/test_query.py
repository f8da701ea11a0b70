import csv
import io
import json
import os
import re
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command import Command, Ran, lines, wait_until, write
from library import ARTICLES, FILLER

from searcher import wire

ESCAPE = "\x1b"
ON, OFF = "\x1b[1;31m", "\x1b[0m"
ON_POSIX = pytest.mark.skipif(os.name != "posix", reason="needs process groups and pseudo-terminals")

FIELDS = {name: set(kind["properties"]) for name, kind in wire.json_schema()["$defs"].items()}
TOP, NOTE, CLAUSE, SPAN = (FIELDS[f"{name}Object"] for name in ("Result", "Note", "Clause", "Snippet"))
HIT = FIELDS["HitObject"] - {"query"}


def found(ran: Ran) -> Any:
    """The JSON object of a run."""
    return json.loads(ran.out)


def paths(command: Command, *args: str) -> set[str]:
    ran = command("query", *args, "--files", "--limit", "100")
    assert (ran.status, bool(ran.out)) in ((0, True), (1, False)), ran.err
    return set(lines(ran.out))


# The index


def test_first_query_builds_the_index_and_the_second_answers_from_it(command: Command) -> None:
    write(command.folder / "corpus", ARTICLES)
    first = command("query", "harbour", "gates")
    assert first.status == 0
    (said,) = lines(first.err)
    assert "5 articles" in said
    assert "5 new" in said
    assert ESCAPE not in said
    built = {path: path.stat().st_mtime_ns for path in (command.folder / "index").glob("*.npz")}
    assert built
    second = command("query", "harbour", "gates")
    assert second == Ran(0, first.out, "")
    assert {path: path.stat().st_mtime_ns for path in (command.folder / "index").glob("*.npz")} == built


def test_without_a_folder_of_articles_one_line_names_the_option(command: Command) -> None:
    ran = command("query", "harbour")
    assert (ran.status, ran.out, len(lines(ran.err))) == (2, "", 1)
    assert "--corpus" in ran.err
    assert list(command.folder.iterdir()) == []


def test_new_changed_and_removed_files_are_taken_in_first(indexed: Callable[..., Command]) -> None:
    command = indexed({"a.txt": "Apples.\n", "b.txt": "Pears.\n", "c.txt": "Plums.\n", "d.txt": "Figs.\n"})
    write(command.folder / "corpus", {"e.txt": "Cherries.\n", "b.txt": "Quinces and pears.\n"})
    (command.folder / "corpus/c.txt").unlink()
    as_it_was = command("query", "cherries OR quinces OR plums", "--no-update", "--files")
    assert as_it_was == Ran(0, "c.txt\n", "")
    ran = command("query", "cherries OR quinces OR plums", "--files")
    assert (ran.status, set(lines(ran.out))) == (0, {"b.txt", "e.txt"})
    (said,) = lines(ran.err)
    assert re.search(r"\b1 new, 1 changed, 1 removed\b", said)
    assert command("query", "cherries OR quinces OR plums", "--files") == Ran(0, ran.out, "")


def test_paths_are_printed_without_reading_a_text(indexed: Callable[..., Command]) -> None:
    command = indexed()
    (texts,) = (command.folder / "index").glob("*.zst")
    texts.write_bytes(bytes(texts.stat().st_size))
    assert command("query", "apples", "--no-update", "--files") == Ran(0, "a.txt\n", "")
    assert command("query", "apples", "--no-update").status == 2


def test_without_an_index_no_update_does_not_build_one(command: Command) -> None:
    write(command.folder / "corpus", ARTICLES)
    ran = command("query", "harbour", "--no-update")
    assert (ran.status, ran.out, len(lines(ran.err))) == (2, "", 1)
    assert not (command.folder / "index").exists()


# Which passages


def test_words_are_joined_by_spaces(library: Command) -> None:
    apart, together = (
        library("query", "harbour", "gates", "--json"),
        library("query", "harbour gates", "--json"),
    )
    assert found(apart)["query"] == found(together)["query"] == "harbour gates"
    assert found(apart)["hits"] == found(together)["hits"] != []


def test_words_are_found_in_any_form_and_phrases_only_as_written(library: Command) -> None:
    assert "harbour.txt" in paths(library, "closing gate")
    assert paths(library, '"closing gate"') == set()
    assert paths(library, '"harbour gates"') == {"harbour.txt"}
    assert paths(library, "“harbour gates”") == {"harbour.txt"}
    assert paths(library, '"gates harbour"') == set()


def test_phrase_makes_each_argument_a_phrase(library: Command) -> None:
    assert paths(library, "--phrase", "harbour gates") == {"harbour.txt"}
    assert paths(library, "gates harbour", "--phrase") == set()
    assert paths(library, "--phrase", "gates", "old harbour") == {"news/ferry.md"}


def test_phrase_leaves_a_minus_its_meaning(library: Command) -> None:
    assert paths(library, "--phrase", "gates", "-old harbour") == {"harbour.txt"}


def test_all_any_and_tiers(library: Command) -> None:
    tiered = found(library("query", "lanterns anchors", "--json"))
    assert (tiered["match"], tiered["tiers"]) == ("any", {"all": 0, "article": 2, "any": 1})
    assert [(hit["path"], hit["match"]) for hit in tiered["hits"]] == [
        ("chronicle.txt", "article"), ("chronicle.txt", "article"), ("lamps.txt", "any"),
    ]  # fmt: skip
    assert "relaxed" in [note["code"] for note in tiered["notes"]]
    summary = " ".join(library("query", "lanterns anchors").out.partition("\n\n")[0].split())
    assert (
        summary
        == "3 passages: none has all the words, 2 have some in articles that have all, 1 has any of them"
    )

    strict = library("query", "lanterns anchors", "--all", "--json")
    assert (strict.status, found(strict)["match"], found(strict)["total"]) == (1, "all", 0)
    loose = found(library("query", "lanterns anchors", "--any", "--json"))
    assert (loose["match"], loose["total"], loose["tiers"]) == ("any", 3, {"any": 3})
    scores = [hit["score"] for hit in loose["hits"]]
    assert scores == sorted(scores, reverse=True)


def test_limit_counts_passages(library: Command) -> None:
    ran = library("query", "boats OR ferry OR lanterns", "--json", "--limit", "2")
    assert [hit["rank"] for hit in found(ran)["hits"]] == [1, 2]
    assert found(ran)["total"] > 2
    nothing_shown = library("query", "boats OR ferry OR lanterns", "--jsonl", "--limit", "0")
    assert (nothing_shown.status, nothing_shown.out) == (0, "")


def test_since_and_until_select_dated_articles(library: Command) -> None:
    query = "boats OR ferry"
    assert paths(library, query) == {"harbour.txt", "2021-03-05-strike.txt", "news/ferry.md", "lamps.txt"}
    assert paths(library, query, "--since", "2020") == {"2021-03-05-strike.txt"}
    assert paths(library, query, "--until", "2019-11") == {"news/ferry.md"}
    assert paths(library, query, "--since", "2019-11-03", "--until", "2021-03-04") == set()
    assert paths(library, query, "--since=2019-11-02", "--until=2021-03-05") == {
        "2021-03-05-strike.txt", "news/ferry.md",
    }  # fmt: skip


def test_minus_excludes_wherever_it_stands(library: Command) -> None:
    assert paths(library, "boats") == {"harbour.txt", "2021-03-05-strike.txt"}
    for args in (
        ["-harbour", "boats"],
        ["boats", "-harbour"],
        ["--any", "-harbour", "boats"],
        ["boats -harbour"],
    ):
        assert paths(library, *args) == {"2021-03-05-strike.txt"}, args
    # Single hyphens before words that are options with two.
    assert paths(library, "boats", "-limit", "-json") == {"harbour.txt", "2021-03-05-strike.txt"}


@pytest.mark.parametrize(
    "word", ["nuclear", "china", "qatar", "lebanon", "hello", "Vienna", "n2", "lc", "q8"]
)
def test_minus_before_two_characters_or_more_excludes_a_word(
    indexed: Callable[..., Command], word: str
) -> None:
    command = indexed({"a.txt": f"Boats and {word}.\n", "b.txt": "Boats.\n"})
    for args in ([f"-{word}", "boats"], ["boats", f"-{word}"], ["-n", "5", f"-{word}", "boats"]):
        assert paths(command, *args) == {"b.txt"}, args


def test_short_options_are_those_of_their_long_names(library: Command) -> None:
    for short, long in (("-l", "--files"), ("-c", "--count"), ("-q", "--quiet"), ("-h", "--help")):
        assert library("query", "boats", short) == library("query", "boats", long), short
    assert library("query", "-n", "1", "boats", "--csv") == library("query", "boats", "--limit", "1", "--csv")
    assert library("query", "-n", "1", "-l", "boats") == Ran(0, "2021-03-05-strike.txt\n", "")
    assert library("suggest", "-n", "1", "boat") == library("suggest", "--limit", "1", "boat")


@pytest.mark.parametrize(
    "name", ["", "check", "help", "help-query", "index", "query", "show", "status", "suggest", "watch"]
)
def test_help_and_version_have_a_letter_in_every_command(command: Command, name: str) -> None:
    given = [name] if name else []
    assert command(*given, "-h") == command(*given, "--help")
    assert command(*given, "-h").out.startswith("Usage: searcher")
    assert command(*given, "-V") == command("--version")


@pytest.mark.parametrize("letter", ["-a", "-N", "-5", "-ü"])
def test_another_letter_behind_a_minus_is_an_error_that_says_how_to_exclude_it(
    library: Command, letter: str
) -> None:
    for args in ([letter, "boats"], ["boats", letter]):
        assert library("query", *args) == Ran(
            2, "", f"searcher: no option {letter}; to exclude the word, write: NOT {letter[1]}\n"
        )
    assert library("query", f"boats {letter}", "-c").status == 0
    assert library("query", "-c", "--", "boats", letter).status == 0


def test_options_that_look_joined_are_said_to_be_excluded_words(library: Command) -> None:
    ran = library("query", "-n2", "boats", "-l")
    assert (ran.status, set(lines(ran.out))) == (0, {"harbour.txt", "2021-03-05-strike.txt"})
    assert lines(ran.err) == ["note: -n2 excludes the word n2; an option is one letter alone: -n 2"]
    assert library("query", "-lebanon", "boats", "-l").err == ""


def test_quiet_tells_by_its_exit_status_alone(command: Command) -> None:
    write(command.folder / "corpus", ARTICLES)
    assert command("query", "-q", "harbour", "the") == Ran(0, "", "")  # builds the index
    assert command("query", "-q", "zeppelin") == Ran(1, "", "")
    write(command.folder / "corpus", {"new.txt": "Zeppelins.\n"})
    assert command("query", "-q", "zeppelin") == Ran(0, "", "")
    (command.folder / "corpus").rename(command.folder / "gone")
    assert command("query", "-q", "zeppelin") == Ran(0, "", "")
    ran = command("query", "-q", "zeppelin", "--since", "never")
    assert (ran.status, ran.out, len(lines(ran.err))) == (2, "", 1)


def test_no_passage_shown_holds_an_excluded_word(library: Command) -> None:
    for query in ("-harbour", "ferry -harbour"):
        hits = found(library("query", query, "--json"))["hits"]
        assert hits
        assert [hit["path"] for hit in hits if "harbour" in hit["text"].casefold()] == [], query


def test_hyphenated_word_is_no_exclusion(library: Command) -> None:
    assert paths(library, "Velden-Nord") == paths(library, '"velden nord"') == {"news/ferry.md"}


def test_two_hyphens_end_the_options(library: Command) -> None:
    ran = library("query", "--json", "--", "gates", "--files", "-old")
    assert (ran.status, found(ran)["query"]) == (0, "gates --files -old")
    assert {hit["path"] for hit in found(ran)["hits"]} == {"harbour.txt"}


# What is printed


def test_text_shows_article_place_and_snippet(library: Command) -> None:
    ran = library("query", '"old harbour"')
    assert (ran.status, ran.err) == (0, "")
    assert lines(ran.out) == [
        "1 passage",
        "",
        "Ferry Runs Aground",
        "Velden Courier · 2019-11-02",
        "1. news/ferry.md:8:53",
        "   The ferry struck a sandbank beside the gates of the old harbour. A Velden-Nord tug towed it off.",
    ]


def test_json_has_the_documented_fields(library: Command) -> None:
    ran = library("query", "ferry gates the", "--json")
    result = found(ran)
    assert (ran.status, ran.err) == (0, "")
    assert set(result) == TOP
    assert (result["schema"], result["query"], result["match"]) == (
        1,
        "ferry gates the",
        result["hits"][-1]["match"],
    )
    assert result["total"] == len(result["hits"]) == sum(result["tiers"].values())
    assert [set(clause) for clause in result["clauses"]] == [CLAUSE] * len(result["clauses"]) != []
    assert [set(note) for note in result["notes"]] == [NOTE] * len(result["notes"]) != []
    headings = 0
    for rank, hit in enumerate(result["hits"], 1):
        text = ARTICLES[hit["path"]]
        assert set(hit) == HIT
        assert hit["rank"] == rank
        assert hit["kind"] == "body"
        for span in filter(None, (hit, hit["snippet"], hit["heading"])):
            assert set(span) >= SPAN
            assert text[span["start"] : span["end"]] == span["text"]
            assert all(span["start"] <= start < end <= span["end"] for start, end in span["marks"])
        assert set(hit["snippet"]) == SPAN
        headings += hit["heading"] is not None
        marked = [text[start:end].lower() for start, end in hit["marks"]]
        assert set(marked) <= set(hit["matched"]) <= {"ferry", "gates"}
        first_mark = hit["snippet"]["marks"][0][0] if hit["snippet"]["marks"] else hit["snippet"]["start"]
        assert hit["line"] == text.count("\n", 0, first_mark) + 1
        assert hit["column"] == len(text[:first_mark].rpartition("\n")[2]) + 1
    best = result["hits"][0]
    assert {name: best[name] for name in ("path", "title", "title_from", "source", "date", "author", "url", "match")} == {
        "path": "news/ferry.md",
        "title": "Ferry Runs Aground",
        "title_from": "front matter",
        "source": "Velden Courier",
        "date": "2019-11-02",
        "author": "A. Lund",
        "url": "https://example.org/ferry",
        "match": "all",
    }  # fmt: skip


def test_hits_are_numbered_in_the_order_in_which_they_are_shown(indexed: Callable[..., Command]) -> None:
    near, far = f"Gates gates.\n\n{FILLER}{FILLER}", f"One of the gates.\n\n{FILLER}{FILLER}"
    command = indexed({"a.txt": f"{near}{FILLER}\n\n{far}\n", "b.txt": f"Gates, two gates.\n\n{FILLER}\n"})
    ranked = [hit["path"] for hit in found(command("query", "gates", "--json"))["hits"]]
    assert ranked == ["a.txt", "b.txt", "a.txt"]
    places = re.findall(r"^(\d+)\. (\S+?):", command("query", "gates").out, re.MULTILINE)
    assert places == [("1", "a.txt"), ("2", "a.txt"), ("3", "b.txt")]


def test_two_hits_on_one_line_are_told_apart(indexed: Callable[..., Command]) -> None:
    line = f"Gates here. {FILLER * 4}More gates. {FILLER * 4}"
    command = indexed({"a.txt": f"Title\r\n\r\n{line}\r\n"})
    hits = found(command("query", "gates", "--json"))["hits"]
    columns = [line.index(gates) + 1 for gates in ("Gates", "gates")]
    assert [(hit["line"], hit["column"]) for hit in sorted(hits, key=lambda hit: hit["start"])] == [
        (3, column) for column in columns
    ]
    printed = re.findall(r"^\d\. a\.txt:3:(\d+)$", command("query", "gates").out, re.MULTILINE)
    assert sorted(map(int, printed)) == columns


def test_heading_that_alone_matches_is_given_with_its_marks(library: Command) -> None:
    (hit,) = found(library("query", "reopened", "--json"))["hits"]
    assert (hit["path"], hit["kind"], hit["marks"]) == ("harbour.txt", "body", [])
    assert hit["heading"] == {"start": 0, "end": 19, "text": "The Harbour Reopens", "marks": [[12, 19]]}


def test_json_is_whole_where_nothing_is_found(library: Command) -> None:
    ran = library("query", "zeppelin", "--json")
    assert (ran.status, ran.err, set(found(ran))) == (1, "", TOP)
    assert (found(ran)["total"], found(ran)["hits"]) == (0, [])


def test_other_formats_have_the_hits_of_the_json(library: Command) -> None:
    query = ["boats OR ferry OR lanterns", "--limit", "4"]
    hits = found(library("query", *query, "--json"))["hits"]
    assert [json.loads(line) for line in lines(library("query", *query, "--jsonl").out)] == hits

    rows = list(csv.DictReader(io.StringIO(library("query", *query, "--csv").out, newline="")))
    assert len(rows) == len(hits) == 4
    for row, hit in zip(rows, hits, strict=True):
        for name in (
            "rank",
            "score",
            "match",
            "path",
            "title",
            "kind",
            "line",
            "column",
            "paragraph",
            "start",
            "end",
            "text",
        ):
            assert row[name] == str(hit[name])
        assert (row["source"], row["date"]) == (hit["source"] or "", hit["date"] or "")
        assert row["snippet"] == " ".join(hit["snippet"]["text"].split())

    for line, hit in zip(lines(library("query", *query, "--trec").out), hits, strict=True):
        topic, q0, document, rank, score, run = line.split(" ")
        assert (topic, q0, rank, run) == ("1", "Q0", str(hit["rank"]), "searcher")
        assert document == f"{hit['path']}#{hit['start']}-{hit['end']}"
        assert float(score) == pytest.approx(hit["score"], abs=1e-9)

    in_order = list(dict.fromkeys(hit["path"] for hit in hits))
    assert lines(library("query", *query, "--files").out) == in_order
    assert (
        library("query", *query, "--count").out == f"{found(library('query', *query, '--json'))['total']}\n"
    )


@pytest.mark.parametrize(
    ("form", "out"),
    [((), "no passages\n"), (("--jsonl",), ""), (("--trec",), ""), (("--files",), ""), (("--count",), "0\n")],
)
def test_status_is_1_where_nothing_is_found(library: Command, form: tuple[str, ...], out: str) -> None:
    assert library("query", '"gates harbour"', *form) == Ran(
        1, out, 'note: "gates harbour" is in no passage\n' if form != ("--json",) else ""
    )


# Errors


def test_misspelt_option_is_an_error_that_names_the_right_one(library: Command) -> None:
    for args in (["gates", "--jsn"], ["--jsn", "gates"], ["--jsn=1", "gates"]):
        ran = library("query", *args)
        assert (ran.status, ran.out) == (2, "")
        assert "--jsn" in ran.err
        assert "--json" in ran.err


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (["gates", "--since", "2020-13"], "2020-13"),
        (["gates", "--until", "yesterday"], "yesterday"),
        (["gates", "--limit", "-1"], "--limit"),
        (["gates", "--limit", "many"], "--limit"),
        (["gates", "--color", "mauve"], "mauve"),
        (["--json"], "WORDS"),
        (["gates", "--since"], "'--since' requires an argument"),
        (["gates", "-n"], "'-n' requires an argument"),
    ],
)
def test_wrong_arguments_are_errors_and_print_nothing_on_stdout(
    library: Command, args: list[str], named: str
) -> None:
    ran = library("query", *args)
    assert (ran.status, ran.out) == (2, "")
    assert named in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("query", ["(" * 2000 + "gates" + ")" * 2000, '"', "*", "", "AND OR NOT", "((gates"])
def test_any_query_is_answered(library: Command, query: str) -> None:
    ran = library("query", query, "--count")
    assert ran.status in (0, 1)
    assert "Traceback" not in ran.err


# Terminals


def test_colour_is_for_terminals_unless_asked_for(library: Command) -> None:
    assert ESCAPE not in library("query", "harbour").out
    assert ESCAPE not in library("query", "harbour", "--color", "never").out
    assert ESCAPE not in library("query", "harbour", NO_COLOR="1").out
    assert f"{ON}harbour{OFF}" in library("query", "harbour", "--color", "always").out
    assert f"{ON}harbour{OFF}" in library("query", "harbour", "--color", "always", NO_COLOR="1").out
    plain = library("query", "harbour").out
    assert re.sub(r"\x1b\[[0-9;]*m", "", library("query", "harbour", "--color", "always").out) == plain


@ON_POSIX
def test_marks_are_coloured_on_a_terminal(library: Command) -> None:
    assert f"{ON}harbour{OFF}" in on_terminal(library, "query", "harbour")
    assert ESCAPE not in on_terminal(library, "query", "harbour", NO_COLOR="1")
    assert ESCAPE not in on_terminal(library, "query", "harbour", "--color", "never")


@ON_POSIX
def test_progress_bar_is_shown_on_a_terminal(command: Command) -> None:
    write(command.folder / "corpus", ARTICLES)
    shown = on_terminal(command, "query", "harbour", stream="err")
    assert "indexing" in shown
    assert f"5 new{ESCAPE}" not in shown
    assert "indexed 5 articles" in lines(shown)[-1]


def on_terminal(command: Command, *args: str, stream: str = "out", **env: str) -> str:
    """Run with one stream on a pseudo-terminal, and give what is written to it."""
    import pty

    ours, theirs = pty.openpty()
    terminal = {stream: theirs}
    with (
        command.started(
            *args,
            out=terminal.get("out", subprocess.DEVNULL),
            err=terminal.get("err", subprocess.DEVNULL),
            **env,
        ) as process,
        os.fdopen(ours, "rb", buffering=0) as screen,
    ):
        os.close(theirs)
        written = b""
        try:
            while part := screen.read(1 << 16):
                written += part
        except OSError:  # Linux says so where other systems give an empty read: the other end is closed
            pass
        assert process.wait() == 0
    return written.decode().replace("\r\n", "\n")


def test_control_characters_never_reach_the_terminal(indexed: Callable[..., Command]) -> None:
    bad = "\x1b[2J\x1b]0;gone\x07\x9b31m\x08\u202e"
    command = indexed(
        {
            "a\x1b[31mb.txt": f"Title {bad} one\n\nApples {bad} apples.\n\n{FILLER}\n",
            "fm.md": '---\ntitle: "T\\e[31m apples"\nsource: "S\\x9b31m"\n---\nApples again.\n',
            "title.txt": f"Apples {bad} here\n\nPears.\n\n{FILLER}\n",
        }
    )
    runs = [
        command("query", "apples"),
        command("query", "apples", "--trec"),
        command("query", f"apples {bad} zeppelin", "--all"),
        command("query", f"--{bad}"),
        command("show", "a\x1b[31mb.txt", "--query", "apples"),
        command("show", f"a{bad}b.txt"),
        command("status"),
        command("query", "apples", "--index", f"no{bad}", "--no-update"),
    ]
    assert [ran.status for ran in runs] == [0, 0, 1, 2, 0, 2, 0, 2]
    for ran in runs:
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", ran.out + ran.err), ran
    coloured = command("query", "apples", "--color", "always").out
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", re.sub(r"\x1b\[[0-9;]*m", "", coloured))
    assert [hit["path"] for hit in found(command("query", '"pears"', "--json"))["hits"]] == ["title.txt"]


@ON_POSIX
@pytest.mark.parametrize("form", [[], ["--jsonl"], ["--csv"]])
def test_closed_pipe_is_silent(library: Command, tmp_path: Path, form: list[str]) -> None:
    # One article of thousands of passages: far more output than a pipe holds.
    corpus = library.folder / "many"
    if not corpus.exists():
        write(corpus, {"long.txt": "\n\n".join(["Shells on the beach. " * 25] * 800)})
        assert library("index", "many", "--index", "many-index", "--language", "none").status == 0
    args = ["query", "shells", "--index", "many-index", "--limit", "800", *form]
    with (tmp_path / "err").open("wb") as err, library.started(*args, err=err.fileno()) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.wait(60) == 0
    assert (tmp_path / "err").read_bytes() == b""


@ON_POSIX
def test_pipe_closed_before_the_first_word_is_silent(library: Command) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with library.started("query", "harbour", out=writer) as process:
        os.close(writer)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")


# Interruption


def interrupt_when_writing(command: Command, *args: str) -> Ran:
    """Start a build, and press Ctrl-C as soon as it has begun a segment beside those there are."""
    index = command.folder / "index"
    before = set(index.glob("*"))
    with command.started(*args) as process:
        wait_until(
            lambda: (
                any(path.suffix == ".zst" for path in set(index.glob("*")) - before)
                or process.poll() is not None
            )
        )
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    return Ran(process.returncode, out.decode(), err.decode())


def large(n: int) -> dict[str, str]:
    words = [f"word{number}" for number in range(4000)]
    return {f"{n:05}.txt": " ".join(words[n % 97 :: 7]) + ".\n" for n in range(n)}


@ON_POSIX
def test_interrupted_build_leaves_no_index(command: Command) -> None:
    write(command.folder / "corpus", large(800))
    ran = interrupt_when_writing(command, "query", "word7")
    assert (ran.status, ran.out) == (130, "")
    assert "Traceback" not in ran.err
    assert not (command.folder / "index/manifest.json").exists()
    after = command("query", "word7", "--no-update")
    assert (after.status, after.out) == (2, "")
    assert "no index" in after.err
    for path in sorted((command.folder / "corpus").iterdir())[5:]:
        path.unlink()
    assert command("query", "word7", "--count").status == 0


@ON_POSIX
def test_interrupted_update_leaves_the_index_as_it_was(indexed: Callable[..., Command]) -> None:
    command = indexed()
    manifest = (command.folder / "index/manifest.json").read_bytes()
    write(command.folder / "corpus", large(800))
    ran = interrupt_when_writing(command, "query", "apples")
    assert (ran.status, ran.out) == (130, "")
    assert "Traceback" not in ran.err
    assert (command.folder / "index/manifest.json").read_bytes() == manifest
    assert command("query", "apples", "--no-update", "--files") == Ran(0, "a.txt\n", "")
