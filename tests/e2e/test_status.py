import json
import re
import shlex
from collections.abc import Callable
from importlib.metadata import version

import pytest
from command import Command, lines, write
from library import ARTICLES

FIELDS = {
    "schema", "index", "corpus", "language", "n_articles", "n_passages", "n_terms", "n_words", "size_bytes",
    "updated_at", "is_fresh", "changes", "scan_ms", "skipped", "remarks",
    "is_compiled", "remedy",
}  # fmt: skip


def test_status_tells_what_is_indexed(library: Command) -> None:
    ran = library("status", "--json")
    status = json.loads(ran.out)
    assert (ran.status, ran.err) == (0, "")
    assert set(status) == FIELDS
    assert status["n_articles"] == len(ARTICLES)
    assert status["n_passages"] >= len(ARTICLES)
    assert status["corpus"] == str(library.folder / "corpus")
    assert (status["language"], status["is_fresh"], status["skipped"]) == ("english", True, [])
    named = [path for path in (library.folder / "index").iterdir() if path.suffix in (".npz", ".zst")]
    assert status["size_bytes"] >= sum(path.stat().st_size for path in named)

    text = library("status")
    assert (text.status, text.err) == (0, "")
    told = dict(line.split(maxsplit=1) for line in lines(text.out))
    slow = set() if status["is_compiled"] else {"kernel"}
    assert set(told) == {"index", "corpus", "state", "articles", "passages", "words", "skipped"} | slow
    assert (told["state"], told["articles"], told["skipped"]) == ("fresh", f"{len(ARTICLES)}", "0")
    assert f"{status['n_terms']:,} distinct terms" in told["words"]


def test_status_tells_what_has_changed_and_changes_nothing(indexed: Callable[..., Command]) -> None:
    command = indexed({"a.txt": "Apples.\n", "b.txt": "Pears.\n", "c.txt": "Plums.\n"})
    write(command.folder / "corpus", {"d.txt": "Figs.\n", "e.txt": "Dates.\n", "a.txt": "Cider.\n"})
    (command.folder / "corpus/b.txt").unlink()
    manifest = (command.folder / "index/manifest.json").read_bytes()
    ran = command("status")
    assert (ran.status, ran.err) == (0, "")
    assert re.search(r"^state +stale: 2 new, 1 changed, 1 removed\b", ran.out, re.MULTILINE)
    status = json.loads(command("status", "--json").out)
    assert status["is_fresh"] is False
    assert {state: n for state, n in status["changes"].items() if n} == {
        "new": 2, "changed": 1, "removed": 1, "unchanged": 1,
    }  # fmt: skip
    assert (command.folder / "index/manifest.json").read_bytes() == manifest
    assert command("index").status == 0
    assert re.search(r"^state +fresh$", command("status").out, re.MULTILINE)


def test_status_names_what_was_not_understood_with_key_and_value(command: Command) -> None:
    write(
        command.folder / "corpus",
        {
            "2020-x.md": "---\ndate: 27 Sept\n---\nApples.\n",
            "b.md": "---\n# Pears\ntitle: [oops\n---\nPears.\n",
        },
    )
    remarks = [
        '2020-x.md: date "27 Sept" was not understood',
        'b.md: front matter "# Pears" was not understood',
    ]
    said = lines(command("index").err)
    assert said[1:] == [f"unclear: {remark}" for remark in remarks]
    assert lines(command("status").out)[-3:] == [
        "unclear    2",
        *(f"           {remark}" for remark in remarks),
    ]
    assert json.loads(command("status", "--json").out)["remarks"] == [
        {"path": "2020-x.md", "key": "date", "value": "27 Sept"},
        {"path": "b.md", "key": "front matter", "value": "# Pears"},
    ]
    write(command.folder / "corpus", {f"{n}.md": f"---\ndate: day {n}\n---\nFigs.\n" for n in range(7)})
    said = lines(command("query", "figs").err)
    assert said[1:] == [
        *(f'unclear: {n}.md: date "day {n}" was not understood' for n in range(5)),
        "unclear: 2 more (searcher status names them)",
    ]
    assert len(lines(command("index").err)) == 1


def test_status_of_a_folder_that_is_gone_is_unknown(indexed: Callable[..., Command]) -> None:
    command = indexed()
    (command.folder / "corpus").rename(command.folder / "gone")
    assert json.loads(command("status", "--json").out)["is_fresh"] is None
    assert re.search(r"^state +unknown", command("status").out, re.MULTILINE)


def test_status_without_an_index_is_an_error_and_builds_none(command: Command) -> None:
    write(command.folder / "corpus", ARTICLES)
    ran = command("status")
    assert (ran.status, ran.out, len(lines(ran.err))) == (2, "", 1)
    assert "searcher index" in ran.err
    assert not (command.folder / "index").exists()


def test_version_is_that_of_the_package(command: Command) -> None:
    ran = command("--version")
    assert (ran.status, lines(ran.out)[0], ran.err) == (0, f"searcher {version('searcher')}", "")


def test_help_has_examples_that_can_be_read_and_typed(indexed: Callable[..., Command]) -> None:
    command = indexed()
    ran = command("--help")
    assert (ran.status, ran.err) == (0, "")
    assert "\\b" not in ran.out
    for name in ("check", "index", "query", "show", "status"):
        assert re.search(rf"^  {name} +[A-Z]", ran.out, re.MULTILINE)
    examples = re.findall(r"^ {2,}searcher (query .*?|index .*?)(?: {2,}.*)?$", ran.out, re.MULTILINE)
    assert len(examples) >= 4
    for example in examples:
        args = shlex.split(example)
        if args[0] == "query":
            assert command(*args).status in (0, 1), example


@pytest.mark.parametrize("name", ["check", "index", "query", "show", "status"])
def test_help_of_a_command_explains_each_option(command: Command, name: str) -> None:
    ran = command(name, "--help")
    assert (ran.status, ran.err) == (0, "")
    assert "\\b" not in ran.out
    for option in re.findall(r"^  (?:-\w, )?(--[\w-]+)(.*(?:\n {10,}.*)?)", ran.out, re.MULTILINE):
        assert re.search(r"[A-Z]\w+ .*\w", option[1]), option


def test_help_of_query_lists_its_language_line_by_line(command: Command) -> None:
    told = command("query", "--help").out
    assert re.search(r'^ +stem:"ethnic cleansing" {2,}\w', told, re.MULTILINE)
    assert re.search(r"^ +cleans\*, .* a OR b", told, re.MULTILINE)


def test_unknown_command_names_the_nearest(command: Command) -> None:
    ran = command("qeury", "gates")
    assert (ran.status, ran.out) == (2, "")
    assert "'query'" in ran.err
