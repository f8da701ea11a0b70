import json
from pathlib import Path

import pytest

from searcher.errors import IndexCorruptError
from searcher.model import Remark
from searcher.storage.catalogue import Catalogue, Seen, read_catalogue, write_catalogue
from searcher.storage.manifest import Manifest, file_entry

BASE, CHANGES = "catalogue-00000001.json", "catalogue-00000002.json"
SEEN = {
    "b/Şuşa.txt": Seen(5, 1_600_000_000_123_456_789, "ab"),
    "empty.txt": Seen(0, 0, "", "is empty"),
    "several.lines": Seen(
        0, 0, "ef", "", 2, {"1": "01", "2": "02"}, (Remark("several.lines/1", "date", "soon"),)
    ),
    **{f"{number:02}.txt": Seen(number, 1, f"{number:x}") for number in range(21)},
}
CHANGED = Seen(5, 2, "cd")


def written(folder: Path, generation: int, entries: dict[str, Seen], before: Catalogue) -> Catalogue:
    """Write a catalogue and read it."""
    files = write_catalogue(folder, generation, entries, before)
    assert files == tuple(file_entry(folder / file.name) for file in files)
    return read(folder, generation, files)


def read(folder: Path, generation: int, files: tuple[object, ...]) -> Catalogue:
    return read_catalogue(folder, Manifest(generation, {}, catalogue=files))  # type: ignore[arg-type]


def names(catalogue: Catalogue) -> list[str]:
    return [file.name for file in catalogue.files]


def test_catalogue_comes_back_as_it_was(tmp_path: Path) -> None:
    catalogue = written(tmp_path, 1, SEEN, Catalogue())
    assert catalogue.entries == SEEN
    assert names(catalogue) == [path.name for path in tmp_path.iterdir()] == [BASE]


def test_index_without_a_catalogue_has_an_empty_one(tmp_path: Path) -> None:
    assert read(tmp_path, 1, ()) == Catalogue()


def test_few_changes_are_written_alone_and_laid_over_the_base(tmp_path: Path) -> None:
    before = written(tmp_path, 1, SEEN, Catalogue())
    base = (tmp_path / BASE).read_bytes()
    seen = {**SEEN, "00.txt": CHANGED, "new.txt": CHANGED}  # with the one that is gone, an eighth of 24
    del seen["empty.txt"]
    after = written(tmp_path, 2, seen, before)
    assert after.entries == seen
    assert names(after) == [BASE, CHANGES]
    assert (tmp_path / BASE).read_bytes() == base
    assert json.loads((tmp_path / CHANGES).read_bytes()) == {
        "00.txt": [5, 2, "cd"],
        "new.txt": [5, 2, "cd"],
        "empty.txt": None,
    }


@pytest.mark.parametrize("changed", [{"03.txt": CHANGED}, {"more.txt": CHANGED}, {"03.txt": None}], ids=str)
def test_more_changes_than_an_eighth_of_the_base_make_a_new_one(
    tmp_path: Path, changed: dict[str, Seen | None]
) -> None:
    few = {**SEEN, "00.txt": CHANGED, "01.txt": CHANGED, "new.txt": CHANGED}
    before = written(tmp_path, 2, few, written(tmp_path, 1, SEEN, Catalogue()))
    seen = {address: seen for address, seen in (few | changed).items() if seen}
    after = written(tmp_path, 3, seen, before)
    assert (names(before), names(after)) == ([BASE, CHANGES], ["catalogue-00000003.json"])
    assert after.entries == seen


def test_changes_are_those_since_the_base(tmp_path: Path) -> None:
    first = written(tmp_path, 1, SEEN, Catalogue())
    second = written(tmp_path, 2, {**SEEN, "00.txt": CHANGED, "new.txt": CHANGED}, first)
    seen = {**SEEN, "00.txt": CHANGED, "01.txt": CHANGED}
    third = written(tmp_path, 3, seen, second)
    assert (third.entries, names(third)) == (seen, [BASE, "catalogue-00000003.json"])
    fourth = written(tmp_path, 4, SEEN, third)
    assert (fourth.entries, names(fourth)) == (SEEN, [BASE, "catalogue-00000004.json"])
    assert (tmp_path / "catalogue-00000004.json").read_bytes() == b"{}"


@pytest.mark.parametrize("name", [BASE, CHANGES])
def test_file_of_a_catalogue_cut_short_anywhere_or_missing_is_corrupt(tmp_path: Path, name: str) -> None:
    before = written(tmp_path, 1, SEEN, Catalogue())
    files = written(tmp_path, 2, {**SEEN, "new.txt": CHANGED}, before).files
    path = tmp_path / name
    whole = path.read_bytes()
    for n_bytes in range(len(whole)):
        path.write_bytes(whole[:n_bytes])
        with pytest.raises(IndexCorruptError, match=f"{name}.*checksum"):
            read(tmp_path, 2, files)
    path.unlink()
    with pytest.raises(IndexCorruptError, match=f"{name}.*it is missing"):
        read(tmp_path, 2, files)
