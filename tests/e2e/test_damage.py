import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from command import Command, Ran, lines, write

from searcher import Article, build_index

FOUR = {"a.txt": "Apples.\n", "b.txt": "Pears.\n", "c.txt": "Plums.\n", "d.txt": "Figs and dates.\n"}
FIELDS = {
    "schema", "index", "is_sound", "damages", "mend", "leftovers", "n_files", "n_bytes", "n_columns", "n_articles",
    "n_passages",
}  # fmt: skip


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(data)


def place_of(path: Path, column: str) -> int:
    """Find the first byte of a column."""
    data = path.read_bytes()
    return data.index(b"\x93NUMPY", data.index(f"{column}.npy".encode())) + 128


def mend(command: Command, said: str) -> Ran:
    """Run the command that a report ends with."""
    (line,) = re.findall(r"\bsearcher (index .*)$", said.strip())
    args = [str(command.folder / "corpus") if word == "CORPUS" else word for word in shlex.split(line)]
    return command(*args, "--language", "none")


def test_sound_index_is_said_to_be_sound_in_a_line(indexed: Callable[..., Command]) -> None:
    command = indexed(FOUR)
    ran = command("check")
    named = [path for path in (command.folder / "index").iterdir() if path.name != "write.lock"]
    n_bytes = sum(path.stat().st_size for path in named)
    assert ran == Ran(0, f"index/: 4 files, {n_bytes:,} bytes, 4 articles, 4 passages: sound\n", "")

    told = json.loads(command("check", "--json").out)
    assert set(told) == FIELDS
    assert (told["is_sound"], told["damages"], told["mend"], told["leftovers"]) == (True, [], None, [])
    assert (told["n_files"], told["n_bytes"], told["n_articles"], told["n_passages"]) == (4, n_bytes, 4, 4)


def test_leftovers_are_told_and_are_no_damage(indexed: Callable[..., Command]) -> None:
    command = indexed(FOUR)
    (command.folder / "index/segment-00000009.npz").touch()
    ran = command("check")
    assert (ran.status, len(lines(ran.out))) == (0, 2)
    assert "segment-00000009.npz" in lines(ran.out)[0]
    assert command("index", "--rebuild", "--language", "none").status == 0
    assert len(lines(command("check").out)) == 1


@pytest.mark.parametrize(
    ("pattern", "damage"),
    [
        ("segment-*.npz", lambda path: flip(path, place_of(path, "codes"))),
        ("segment-*.npz", lambda path: path.write_bytes(path.read_bytes()[:-9])),
        ("segment-*.zst", lambda path: flip(path, 20)),
        ("segment-*.zst", lambda path: path.write_bytes(b"")),
        ("catalogue-*.json", lambda path: path.unlink()),
        ("manifest.json", lambda path: flip(path, 0)),
        ("manifest.json", lambda path: flip(path, 100)),
        ("manifest.json", lambda path: path.write_bytes(b"")),
    ],
)
def test_damage_is_named_with_the_command_that_mends_it(
    indexed: Callable[..., Command], pattern: str, damage: Callable[[Path], object]
) -> None:
    command = indexed(FOUR)
    (path,) = (command.folder / "index").glob(pattern)
    damage(path)
    ran = command("check")
    said = lines(ran.out)
    assert (ran.status, ran.err, len(said)) == (2, "", 2)
    assert said[0].startswith(f"index/{path.name}")
    assert said[1].startswith("1 damaged; ")
    told = command("check", "--json")
    assert (told.status, told.err) == (2, "")
    assert [found["file"] for found in json.loads(told.out)["damages"]] == [path.name]
    assert json.loads(told.out)["is_sound"] is False

    mended = mend(command, ran.out)
    assert mended.status == 0, mended.err
    assert command("check").status == 0
    assert command("query", "apples", "--files") == Ran(0, "a.txt\n", "")


def test_damaged_column_is_named(indexed: Callable[..., Command]) -> None:
    command = indexed(FOUR)
    (path,) = (command.folder / "index").glob("segment-*.npz")
    flip(path, place_of(path, "codes"))
    assert lines(command("check").out)[0] == f"index/{path.name}, column codes: its checksum does not fit"


def test_index_of_skipped_files_alone_can_be_rebuilt_whatever_its_manifest_says(command: Command) -> None:
    write(command.folder / "corpus", {"empty.txt": ""})
    assert command("index", "--language", "none").status == 0
    assert command("check").status == 0
    flip(command.folder / "index/manifest.json", 0)
    ran = command("check")
    assert ran.status == 2
    assert mend(command, ran.out).status == 0
    assert command("check").status == 0


def test_folders_with_odd_names_are_mended_too(command: Command) -> None:
    write(command.folder / "my news & views", FOUR)
    assert command("index", "my news & views", "--index", "my index", "--language", "none").status == 0
    (path,) = (command.folder / "my index").glob("segment-*.zst")
    flip(path, 20)
    ran = command("check", "--index", "my index")
    assert ran.status == 2
    assert mend(command, ran.out).status == 0
    assert command("check", "--index", "my index").status == 0


def test_damaged_index_of_articles_from_python_is_to_be_built_from_python(command: Command) -> None:
    index = command.folder / "index"
    build_index([Article(address="a", text="Apples.")], index, language="none")
    (path,) = index.glob("segment-*.zst")
    flip(path, 12)
    ran = command("check")
    assert ran.status == 2
    assert "build_index(None, 'index', rebuild=True)" in lines(ran.out)[-1]


def test_check_without_an_index_is_an_error(command: Command) -> None:
    write(command.folder / "corpus", FOUR)
    ran = command("check")
    assert (ran.status, ran.out, len(lines(ran.err))) == (2, "", 1)
    assert "searcher index" in ran.err
    assert not (command.folder / "index").exists()


def test_check_of_an_index_of_another_version_is_an_error(indexed: Callable[..., Command]) -> None:
    command = indexed(FOUR)
    path = command.folder / "index/manifest.json"
    path.write_text(re.sub(r'"format_version":\d+', '"format_version":999', path.read_text()))
    ran = command("check")
    assert (ran.status, ran.out, len(lines(ran.err))) == (2, "", 1)
    assert "999" in ran.err


def test_index_folder_may_be_named_by_the_environment(indexed: Callable[..., Command]) -> None:
    command = indexed(FOUR)
    (command.folder / "index").rename(command.folder / "elsewhere")
    assert command("check").status == 2
    assert command("check", SEARCHER_INDEX="elsewhere").status == 0
