import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command import Command, Ran, lines, write

from searcher.storage.files import checksum, to_json
from searcher.storage.format import CARRIED_OVER

FOUR = {"a.txt": "Apples.\n", "b.txt": "Pears.\n", "c.txt": "Plums.\n", "d.txt": "Figs and dates.\n"}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def state(command: Command, *args: str) -> Any:
    return json.loads(command("status", "--json", *args).out)


def test_report_counts_files_by_what_happened_to_them(indexed: Callable[..., Command]) -> None:
    command = indexed(FOUR)
    corpus = command.folder / "corpus"
    up_to_date = command("index")
    assert (up_to_date.status, up_to_date.out, len(lines(up_to_date.err))) == (0, "", 1)
    assert "up to date: 4 articles" in up_to_date.err

    write(corpus, {"e.txt": "Cherries.\n", "f/g.txt": "Quinces.\n", "a.txt": "Apples and cider.\n"})
    (corpus / "b.txt").unlink()
    (corpus / "d.txt").rename(corpus / "f/moved.txt")
    ran = command("index")
    (said,) = lines(ran.err)
    assert (ran.status, ran.out) == (0, "")
    assert "indexed 5 articles" in said
    assert said.endswith("(2 new, 1 changed, 1 moved, 1 removed, 1 unchanged)")
    assert command("query", "dates", "--files") == Ran(0, "f/moved.txt\n", "")


def test_touched_file_is_not_a_changed_one(indexed: Callable[..., Command]) -> None:
    command = indexed(FOUR)
    write(command.folder / "corpus", {"a.txt": FOUR["a.txt"]})
    assert state(command)["is_fresh"] is True
    assert "changed" not in command("index").err.replace("unchanged", "")


def test_rebuild_takes_nothing_from_the_index(indexed: Callable[..., Command]) -> None:
    command = indexed(FOUR)
    before = state(command)
    segments = {path.name for path in (command.folder / "index").glob("segment-*")}
    ran = command("index", "--rebuild", "--language", "none")
    assert ran.status == 0
    assert "4 articles" in ran.err
    assert state(command)["n_passages"] == before["n_passages"]
    assert not segments & {path.name for path in (command.folder / "index").glob("segment-*")}


def test_index_belongs_to_one_folder(indexed: Callable[..., Command]) -> None:
    command = indexed(FOUR)
    other = command.folder / "other"
    write(other, {"x.txt": "Walnuts.\n"})
    before = contents(command.folder / "index")
    for args in (
        ["index", "other"],
        ["query", "apples", "--corpus", "other"],
        ["status", "--corpus", "other"],
    ):
        ran = command(*args)
        assert (ran.status, ran.out, len(lines(ran.err))) == (2, "", 1), args
        assert str(command.folder / "corpus") in ran.err
        assert str(other) in ran.err
        assert "--rebuild" in ran.err
    assert contents(command.folder / "index") == before
    assert command("query", "apples", "--corpus", str(command.folder / "corpus"), "--files").out == "a.txt\n"

    assert command("index", "other", "--rebuild", "--language", "none").status == 0
    assert command("query", "walnuts OR apples", "--files") == Ran(0, "x.txt\n", "")


def test_existing_index_never_falls_back_to_the_default_corpus(indexed: Callable[..., Command]) -> None:
    command = indexed(FOUR)
    elsewhere = command.folder / "elsewhere"
    write(elsewhere / "corpus", {"x.txt": "Apples from elsewhere.\n"})
    away = Command(elsewhere)
    assert away("query", "apples", "--index", "../index", "--files") == Ran(0, "a.txt\n", "")
    assert "up to date: 4 articles" in away("index", "--index", "../index").err


@pytest.mark.parametrize("is_gone", [True, False], ids=["gone", "empty"])
def test_without_its_folder_the_index_answers_as_it_is(
    indexed: Callable[..., Command], *, is_gone: bool
) -> None:
    command = indexed(FOUR)
    corpus = command.folder / "corpus"
    before = contents(command.folder / "index")
    for path in corpus.iterdir():
        path.unlink()
    if is_gone:
        corpus.rmdir()
    ran = command("query", "apples", "--files")
    assert (ran.status, ran.out, len(lines(ran.err))) == (0, "a.txt\n", 1)
    assert str(corpus) in ran.err
    assert command("query", "apples", "--files", "--no-update") == Ran(0, "a.txt\n", "")
    assert command("show", "a.txt").out.endswith("Apples.\n\n")
    assert state(command)["n_articles"] == 4
    refused = command("index")
    assert (refused.status, refused.out, len(lines(refused.err))) == (2, "", 1)
    assert contents(command.folder / "index") == before


def test_foreign_folder_is_refused_and_left_alone(command: Command) -> None:
    write(command.folder / "corpus", FOUR)
    write(command.folder / "mine", {"thesis.txt": "Years of work.\n", ".gitignore": "*\n"})
    before = contents(command.folder / "mine")
    for args in (["index"], ["index", "--rebuild"], ["query", "apples"]):
        ran = command(*args, "--index", "mine")
        assert (ran.status, ran.out, len(lines(ran.err))) == (2, "", 1), args
        assert "mine" in ran.err
        assert "thesis.txt" in ran.err
    assert contents(command.folder / "mine") == before
    at_file = command("index", "--index", "corpus/a.txt")
    assert (at_file.status, at_file.out, len(lines(at_file.err))) == (2, "", 1)


def test_lone_gitignore_is_welcome(command: Command) -> None:
    write(command.folder, {f"corpus/{address}": text for address, text in FOUR.items()})
    write(command.folder / "index", {".gitignore": "*\n!.gitignore\n"})
    assert command("index", "--language", "none").status == 0
    assert (command.folder / "index/.gitignore").read_text() == "*\n!.gitignore\n"
    assert command("query", "apples", "--files").out == "a.txt\n"


def test_index_inside_the_corpus_is_no_part_of_it(command: Command) -> None:
    write(command.folder, FOUR)
    assert command("index", ".", "--language", "none").status == 0
    assert state(command)["n_articles"] == 4
    assert state(command)["is_fresh"] is True


def test_what_cannot_be_an_article_is_named_with_the_reason(command: Command) -> None:
    corpus = command.folder / "corpus"
    write(
        corpus,
        {**FOUR, "empty.txt": "", "blank.md": " \n\n", "notes.pdf": "%PDF", ".hidden.txt": "Apples.\n"},
    )
    (corpus / "picture.txt").write_bytes(bytes(range(256)) * 20)
    reasons = {"empty.txt": "empty", "blank.md": "empty", "picture.txt": "binary"}
    try:
        (corpus / "link.txt").symlink_to(command.folder / "outside.txt")
        write(command.folder, {"outside.txt": "Secrets and apples.\n"})
        reasons["link.txt"] = "symbolic link"
    except OSError:  # Windows asks for a privilege
        pass
    first = command("index", "--language", "none")
    again = command("index")
    status = command("status")
    assert (first.status, again.status, status.status) == (0, 0, 0)
    for told in (first.err, again.err, status.out):
        for name, reason in reasons.items():
            (line,) = [line for line in lines(told) if name in line]
            assert reason in line
        assert "hidden" not in told
    assert {skip["path"] for skip in state(command)["skipped"]} == set(reasons)
    assert "indexed 4 articles" in first.err
    assert command("query", "apples", "--files") == Ran(0, "a.txt\n", "")


def test_report_counts_no_file_as_new_that_was_skipped(command: Command) -> None:
    write(command.folder / "corpus", {**FOUR, "empty.txt": ""})
    (said, *_) = lines(command("index", "--language", "none").err)
    assert "indexed 4 articles" in said
    assert re.search(r"\b4 new\b", said)


@pytest.mark.parametrize("pattern", ["segment-*.npz", "segment-*.zst", "catalogue-*.json", "manifest.json"])
def test_damaged_index_names_the_file_and_the_command_that_mends_it(
    indexed: Callable[..., Command], pattern: str
) -> None:
    command = indexed(FOUR)
    (path,) = (command.folder / "index").glob(pattern)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    for args in (["query", "apples"], ["query", "apples", "--json"], ["status"]):
        ran = command(*args)
        assert (ran.status, ran.out, len(lines(ran.err))) == (2, "", 1), args
        assert path.name in ran.err
        assert "--rebuild" in ran.err
    (mend,) = re.findall(r"\bsearcher (index .*)$", ran.err.strip())
    args = [str(command.folder / "corpus") if word == "CORPUS" else word for word in mend.split()]
    mended = command(*args, "--language", "none")
    assert mended.status == 0, mended.err
    assert "--rebuild" not in mended.err
    assert command("query", "apples", "--files") == Ran(0, "a.txt\n", "")


def test_index_of_another_version_is_named_with_the_command_that_mends_it(
    indexed: Callable[..., Command],
) -> None:
    command = indexed(FOUR)
    path = command.folder / "index/manifest.json"
    path.write_text(re.sub(r'"format_version":\d+', '"format_version":999', path.read_text()))
    ran = command("query", "apples")
    assert (ran.status, ran.out, len(lines(ran.err))) == (2, "", 1)
    assert "999" in ran.err
    (mend,) = re.findall(r"\bsearcher (index .*)$", ran.err.strip())
    args = [str(command.folder / "corpus") if word == "CORPUS" else word for word in mend.split()]
    assert command(*args, "--language", "none").status == 0
    assert command("query", "apples", "--files") == Ran(0, "a.txt\n", "")


def test_index_of_the_format_before_is_rebuilt_from_its_own_folder(command: Command) -> None:
    write(command.folder / "articles", FOUR)
    assert command("index", "articles").status == 0
    path = command.folder / "index/manifest.json"
    values = json.loads(path.read_bytes())["manifest"] | {"format_version": CARRIED_OVER[0]}
    path.write_bytes(to_json({"checksum": checksum(to_json(values)), "manifest": values}))
    assert command("index").status == 2
    assert command("index", "--rebuild").status == 0
    assert state(command)["n_articles"] == len(FOUR)


def test_articles_put_in_survive_a_change_of_format_or_their_loss_must_be_allowed(command: Command) -> None:
    format_5 = Path(__file__).parents[1] / "unit/storage/format5"
    write(command.folder / "corpus", FOUR)
    index = shutil.copytree(format_5, command.folder / "index")
    ran = command("query", "apples")
    assert (ran.status, ran.out, len(lines(ran.err))) == (2, "", 1)
    assert "format 5" in ran.err
    assert "searcher index CORPUS --rebuild --index" in ran.err
    assert command("index", "corpus", "--rebuild").status == 0
    assert command("query", "--files", "report") == Ran(0, "put/1\n", "")
    assert state(command)["n_articles"] == 6

    (segment,) = index.glob("segment-*.zst")
    segment.write_bytes(segment.read_bytes()[:-1])
    before = contents(index)
    ran = command("index", "corpus", "--rebuild")
    assert (ran.status, ran.out, len(lines(ran.err))) == (2, "", 1)
    assert "2 articles that a program put into the index" in ran.err
    assert contents(index) | {"write.lock": b""} == before | {"write.lock": b""}
    (mend,) = re.findall(r"\bsearcher (index .*)$", ran.err.strip())
    assert "--discard-articles" in mend
    ran = command(*mend.split())
    assert ran.status == 0
    assert "2 articles" in ran.err
    assert "must be put in again" in ran.err
    assert state(command)["n_articles"] == 4


@pytest.mark.parametrize("is_made", [True, False], ids=["empty", "missing"])
def test_folder_without_articles_is_an_error(command: Command, *, is_made: bool) -> None:
    if is_made:
        (command.folder / "articles").mkdir()
    for args in (["index", "articles"], ["query", "apples", "--corpus", "articles"]):
        ran = command(*args)
        assert (ran.status, ran.out, len(lines(ran.err))) == (2, "", 1), args
        assert "articles" in ran.err
    assert not (command.folder / "index/manifest.json").exists()


def test_environment_names_the_folders_and_options_override_it(indexed: Callable[..., Command]) -> None:
    command = indexed(FOUR)
    write(command.folder / "other", {"x.txt": "Apples of another kind.\n"})
    folders = {"SEARCHER_CORPUS": "other", "SEARCHER_INDEX": "other-index"}
    assert command("index", "--language", "none", **folders).status == 0
    assert (command.folder / "other-index/manifest.json").exists()
    assert command("query", "apples", "--files", **folders) == Ran(0, "x.txt\n", "")
    assert command("query", "apples", "--files", SEARCHER_INDEX="other-index") == Ran(0, "x.txt\n", "")
    own = ("--corpus", "corpus", "--index", "index")
    assert command("query", "apples", "--files", *own, **folders) == Ran(0, "a.txt\n", "")
    assert state(command, *own)["corpus"] == str(command.folder / "corpus")


def test_language_whose_extra_is_not_installed_is_one_line_that_says_what_to_install(
    command: Command,
) -> None:
    write(command.folder, {"without/Stemmer.py": "raise ImportError\n", "corpus/a.txt": "Պատերազմը։\n"})
    without = {"PYTHONPATH": str(command.folder / "without")}
    refused = command("index", "--language", "armenian", **without)
    assert (refused.status, refused.out, len(lines(refused.err))) == (2, "", 1)
    assert "pip install 'searcher[languages]'" in refused.err
    assert command("index", "--language", "armenian").status == 0
    assert command("query", "պատերազմներ", "--files").out == "a.txt\n"
    for arguments in (["query", "պատերազմներ"], ["query", "--no-update", "պատերազմներ"]):
        assert command(*arguments, **without) == refused


def test_language_can_be_chosen_and_stays(command: Command) -> None:
    write(command.folder / "corpus", {"a.txt": "Die Häuser am Hafen.\n"})
    unknown = command("index", "--language", "klingon")
    assert (unknown.status, unknown.out, len(lines(unknown.err))) == (2, "", 1)
    assert "german" in unknown.err
    assert command("index", "--language", "german").status == 0
    write(command.folder / "corpus", {"b.txt": "Der Hafen.\n"})
    assert command("query", "haus", "--files").out == "a.txt\n"
    assert state(command)["language"] == "german"
