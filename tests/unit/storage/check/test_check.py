import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import small_index
from small_index import CATALOGUE, CHANGES, FIRST, SECOND, damaged, members, reseal, rewrite

from searcher import Article, build_index, check_index, open_index
from searcher.errors import IndexCorruptError, IndexMissingError, IndexVersionError
from searcher.storage import files, many_terms
from searcher.storage.catalogue import Seen, read_state, write_catalogue
from searcher.storage.check import check as checking
from searcher.storage.columns.archive import read_columns
from searcher.storage.format import ARTICLE_STRINGS, COLUMNS, FORMAT_VERSION, MANIFEST
from searcher.storage.manifest import FileEntry, Manifest, commit, read_manifest, remove_leftovers

Column = npt.NDArray[Any]
Columns = dict[str, Column]
FILES = (MANIFEST, CATALOGUE, CHANGES, f"{FIRST}.npz", f"{FIRST}.zst", f"{SECOND}.npz", f"{SECOND}.zst")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_index.build(tmp_path_factory.mktemp("sound") / "index")


@pytest.fixture
def index(sound: Path, tmp_path: Path) -> Path:
    return shutil.copytree(sound, tmp_path / "index")


def damaged_files(index: Path) -> set[str]:
    return {file for file, _ in damaged(index)}


def test_sound_index_has_no_damage_and_is_counted(index: Path) -> None:
    report = check_index(index)
    assert (report.damages, report.leftovers) == ((), ())
    assert (report.index, report.corpus) == (index, Path("/Şuşa"))
    assert (report.n_files, report.n_columns) == (len(FILES), 2 * len(COLUMNS))
    assert report.n_bytes == sum((index / name).stat().st_size for name in FILES)
    assert (report.n_articles, report.n_passages) == (69, 70)


def test_index_of_the_tests_fills_every_column(index: Path) -> None:
    columns = read_columns(index / f"{FIRST}.npz")
    assert [name for name, column in columns.items() if column.size < 2 and name != "paragraphs"] == []
    assert columns["bitmaps"].shape[1] == 2
    assert len(columns["occurrence_base"]) > 20


def test_index_of_nothing_is_sound(tmp_path: Path) -> None:
    build_index([], tmp_path / "none")
    assert check_index(tmp_path / "none").damages == ()
    build_index([Article(address="a", text="*** \n"), Article(address="b", text="")], tmp_path / "blank")
    report = check_index(tmp_path / "blank")
    assert (report.damages, report.n_articles) == ((), 2)


def test_folder_without_an_index_cannot_be_checked(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError):
        check_index(tmp_path)


def test_check_reads_and_changes_nothing(index: Path) -> None:
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in index.iterdir()}
    check_index(index)
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in index.iterdir()} == before


# Bytes


class Flipper:
    """Flips bytes of files, and flips them back."""

    def __init__(self, index: Path, names: tuple[str, ...]) -> None:
        self._contents = {index / name: bytearray((index / name).read_bytes()) for name in names}

    def __len__(self) -> int:
        return max(map(len, self._contents.values()))

    def flip(self, at: int, bits: int) -> set[str]:
        """Flip one byte of each file that has so many, and name them."""
        there = [path for path, content in self._contents.items() if at < len(content)]
        for path in there:
            with path.open("r+b") as file:
                file.seek(at)
                file.write(bytes([self._contents[path][at] ^ bits]))
        return {path.name for path in there}


def test_every_byte_of_segments_and_catalogue_is_missed(tmp_path: Path) -> None:
    index = small_index.build(tmp_path / "index", n_reports=2)
    flipper = Flipper(index, FILES[1:])
    columns = {name: members(index / name) for name in FILES if name.endswith(".npz")}
    for at in range(len(flipper)):
        flipped = flipper.flip(at, 0xFF)
        expected = {
            (name, column)
            for name in flipped
            for column, start, end in columns.get(name, [])
            if start <= at < end
        }
        found = damaged(index)
        assert {file for file, _ in found} == flipped, at
        assert expected <= found, at
        flipper.flip(at, 0)
    assert damaged(index) == set()


@pytest.mark.parametrize("bits", [0xFF, *(1 << bit for bit in range(8))])
def test_every_bit_of_the_manifest_is_missed(index: Path, bits: int) -> None:
    flipper = Flipper(index, (MANIFEST,))
    version = (index / MANIFEST).read_bytes().index(b'"format_version":') + len(b'"format_version":')
    for at in range(len(flipper)):
        flipper.flip(at, bits)
        try:
            assert damaged(index) == {(MANIFEST, "")}, at
        except IndexVersionError:
            assert at == version
        flipper.flip(at, 0)
    assert damaged(index) == set()


@pytest.mark.parametrize("name", FILES)
def test_file_cut_short_emptied_grown_or_missing_is_named(index: Path, name: str) -> None:
    path = index / name
    whole = path.read_bytes()
    for n_bytes in {0, 1, len(whole) // 2, len(whole) - 1, *range(0, len(whole), len(whole) // 40)}:
        path.write_bytes(whole[:n_bytes])
        assert damaged(index) == {(name, "")}, n_bytes
        with pytest.raises(IndexCorruptError, match=name.replace(".", r"\.")):
            open_and_read(index)
    path.write_bytes(whole + b"\n")
    assert damaged_files(index) == {name}
    path.unlink()
    if name != MANIFEST:
        assert damaged(index) == {(name, "")}


def open_and_read(index: Path) -> None:
    """Open an index and its catalogue, which only an update reads."""
    with open_index(index) as opened:
        opened.status()


def test_files_that_changed_places_are_named(index: Path) -> None:
    for suffix in (".npz", ".zst"):
        first, second, other = index / f"{FIRST}{suffix}", index / f"{SECOND}{suffix}", index / "other"
        first.rename(other)
        second.rename(first)
        other.rename(second)
    assert damaged_files(index) == {name for name in FILES if name.startswith("segment")}


def test_folder_in_place_of_a_file_is_named(index: Path) -> None:
    (index / f"{FIRST}.npz").unlink()
    (index / f"{FIRST}.npz").mkdir()
    assert damaged(index) == {(f"{FIRST}.npz", "")}


def test_files_that_no_manifest_names_are_left_over_and_no_damage(index: Path) -> None:
    for name in ("segment-00000007.npz", "segment-00000009-run0.tmp", ".gitignore", "write.lock"):
        (index / name).touch()
    report = check_index(index)
    assert report.leftovers == ("segment-00000007.npz", "segment-00000009-run0.tmp")
    assert report.damages == ()


def test_several_damages_are_told_at_once(index: Path) -> None:
    places = {column: start for column, start, _ in members(index / f"{FIRST}.npz")}
    data = bytearray((index / f"{FIRST}.npz").read_bytes())
    for column in ("codes", "terms"):
        data[places[column] + 130] ^= 1
    (index / f"{FIRST}.npz").write_bytes(data)
    (index / CATALOGUE).write_bytes(b"{}")
    (index / CHANGES).unlink()
    (index / f"{SECOND}.zst").unlink()
    assert damaged(index) == {
        (f"{FIRST}.npz", "codes"),
        (f"{FIRST}.npz", "terms"),
        (CATALOGUE, ""),
        (CHANGES, ""),
        (f"{SECOND}.zst", ""),
    }


# What checksums cannot tell: something wrong that was written so


def changed(name: str, place: int | tuple[int, int], by: int) -> Callable[[Columns], None]:
    """Add to one entry."""

    def change(columns: Columns) -> None:
        columns[name][place] += np.array(by).astype(columns[name].dtype)

    return change


def given(name: str, place: int | tuple[int, int], value: int) -> Callable[[Columns], None]:
    """Set one entry."""

    def change(columns: Columns) -> None:
        columns[name][place] = value

    return change


def exchanged(name: str, place: int, other: int) -> Callable[[Columns], None]:
    """Exchange two entries."""

    def change(columns: Columns) -> None:
        columns[name][[place, other]] = columns[name][[other, place]]

    return change


def moved_variants(columns: Columns) -> None:
    columns["variant_starts"][11:30] += 1


def moved_bit(columns: Columns) -> None:
    columns["bitmaps"][0] = [1 << 63, int(columns["bitmaps"][0, 1])]
    columns["bitmaps"][0, 1] += (9 << 40) + (7 << 50) + (7 << 55)


def moved_frequency(columns: Columns) -> None:
    columns["codes"][[0, 1]] += np.array([65280, 256], np.uint16)


def renumbered_variants(columns: Columns) -> None:
    for name in ("term_surfaces", "surface_variant"):
        columns[name][[10, 11]] = columns[name][[11, 10]]


def equal_surfaces(columns: Columns) -> None:
    columns["surfaces"][2] = ord("0")
    for name in ("term_surfaces", "surface_term"):
        columns[name][[0, 1]] = [1, 0]


def beyond_the_last_passage(columns: Columns) -> None:
    columns["positions"][columns["occurrence_starts"][30] - 1] = 255


def more_variants(columns: Columns) -> None:
    columns["variants"] = np.append(columns["variants"], columns["variants"][:1])


def later_surfaces(columns: Columns) -> None:
    columns["term_surface_starts"] += 1


def widened(columns: Columns) -> None:
    columns["variants"] = columns["variants"].astype(np.uint16)


def unordered(columns: Columns) -> None:
    columns["article_address"][:6] = [*b"z.txt\n"]


def emptied(columns: Columns) -> None:
    columns["article_address"] = columns["article_address"][5:]
    columns["article_address_starts"][1:] -= 5


MISTAKES = [
    ("terms", given("terms", 0, ord("z"))),
    ("terms", given("terms", 0, 0xFF)),
    ("terms", given("terms", 1, ord("x"))),
    ("terms_starts", changed("terms_starts", 2, 1)),
    ("surfaces", given("surfaces", 0, ord("z"))),
    ("surfaces", given("surfaces", 3, ord("x"))),
    ("surfaces_starts", changed("surfaces_starts", 2, 1)),
    ("posting_starts", changed("posting_starts", 19, -1)),
    ("posting_starts", changed("posting_starts", 0, 1)),
    ("occurrence_starts", changed("occurrence_starts", 19, -1)),
    ("occurrence_starts", given("occurrence_starts", 4, 1 << 62)),
    ("variant_starts", moved_variants),
    ("variant_starts", more_variants),
    ("term_surface_starts", later_surfaces),
    ("term_surface_starts", changed("term_surface_starts", 11, -1)),
    ("term_surfaces", exchanged("term_surfaces", 0, 1)),
    ("term_surfaces", renumbered_variants),
    ("surface_term", changed("surface_term", 10, -1)),
    ("surface_term", given("surface_term", 32, 31)),
    ("surface_term", equal_surfaces),
    ("surface_variant", exchanged("surface_variant", 10, 11)),
    ("surface_variant", given("surface_variant", 0, 1)),
    ("passage_ids", given("passage_ids", 0, 67)),
    ("passage_ids", exchanged("passage_ids", 10, 11)),
    ("dense_terms", given("dense_terms", 3, 3)),
    ("dense_postings", changed("dense_postings", 1, 1)),
    ("bitmaps", given("bitmaps", (0, 0), 0)),
    ("bitmaps", moved_bit),
    ("ranks", given("ranks", (0, 1), 1)),
    ("codes", changed("codes", 0, 1)),
    ("codes", changed("codes", 0, 256)),
    ("codes", moved_frequency),
    ("bound_starts", changed("bound_starts", 19, -1)),
    ("bounds", changed("bounds", 0, 1)),
    ("bounds", given("bounds", 18, 1 << 8 | 3)),
    ("occurrence_base", changed("occurrence_base", 0, 1)),
    ("occurrence_base", changed("occurrence_base", 1, -1)),
    ("occurrence_base", changed("occurrence_base", 20, 1)),
    ("positions", given("positions", 0, 200)),
    ("positions", beyond_the_last_passage),
    ("positions", given("positions", 0, 2)),
    ("positions", exchanged("positions", 141, 142)),
    ("variants", given("variants", 2, 2)),
    ("variants", widened),
    ("passage_article", changed("passage_article", 5, 1)),
    ("passage_article", given("passage_article", 66, 66)),
    ("article_passages", changed("article_passages", 1, -1)),
    ("passage_start", changed("passage_start", 1, 1)),
    ("passage_start", changed("passage_start", 5, 3)),
    ("passage_start", given("passage_start", 5, 1 << 31)),
    ("passage_start", changed("passage_start", 2, -1)),
    ("passage_end", changed("passage_end", 1, 1)),
    ("passage_end", changed("passage_end", 5, -1)),
    ("passage_end", changed("passage_end", 5, 1)),
    ("passage_length", changed("passage_length", 5, 1)),
    ("passage_kind", given("passage_kind", 3, 4)),
    ("passage_kind", given("passage_kind", 0, 0)),
    ("passage_paragraph", given("passage_paragraph", 3, 0)),
    ("passage_paragraph", given("passage_paragraph", 0, 3)),
    ("sentence_starts", changed("sentence_starts", 2, -1)),
    ("sentences", given("sentences", 0, 0)),
    ("sentences", given("sentences", 1, 19)),
    ("sentences", given("sentences", 1, 9)),
    ("paragraph_starts", changed("paragraph_starts", 2, -1)),
    ("paragraphs", given("paragraphs", 0, 5)),
    ("article_body_start", given("article_body_start", 0, 0)),
    ("article_body_start", given("article_body_start", 0, 60)),
    ("article_body_start", given("article_body_start", 5, 500)),
    ("article_file_end", given("article_file_end", 0, 2)),
    ("article_file_end", given("article_file_end", 0, 6)),
    ("article_title_start", given("article_title_start", 0, 25)),
    ("article_title_end", given("article_title_end", 0, 30)),
    ("text_starts", changed("text_starts", 3, -1)),
    ("text_starts", changed("text_starts", 3, 1)),
    ("text_starts", given("text_starts", 3, 1 << 62)),
    *((f"article_{name}", given(f"article_{name}", 0, 0xFF)) for name in ARTICLE_STRINGS),
    *((f"article_{name}", given(f"article_{name}", -1, ord("x"))) for name in ARTICLE_STRINGS),
    *((f"article_{name}_starts", changed(f"article_{name}_starts", 1, -1)) for name in ARTICLE_STRINGS),
    *((f"article_{name}_starts", changed(f"article_{name}_starts", -1, 1)) for name in ARTICLE_STRINGS),
    ("article_address", unordered),
    ("article_address", emptied),
    ("article_date", given("article_date", 5, ord("3"))),
]


def test_mistakes_are_made_in_every_column() -> None:
    assert {column for column, _ in MISTAKES} == set(COLUMNS)


@pytest.mark.parametrize(("column", "mistake"), MISTAKES)
def test_mistake_in_a_column_is_named(index: Path, column: str, mistake: Callable[[Columns], None]) -> None:
    """What holds of nothing else cannot be told from a mistake, and is for checksums alone.

    That is a title, source, author, keyword, language or URL; a letter of a word that leaves the words in order; a kind
    other than the right one; the start of a sentence that starts no paragraph; a number of a paragraph that still ascends.
    """
    columns = {name: np.array(values) for name, values in read_columns(index / f"{FIRST}.npz").items()}
    mistake(columns)
    rewrite(index, FIRST, columns)
    found = damaged(index)
    assert (f"{FIRST}.npz", column) in found
    assert {file for file, _ in found} <= {f"{FIRST}.npz", f"{FIRST}.zst"}


@pytest.mark.parametrize("range_occurrences", [1, 30, 150])
def test_size_of_the_ranges_that_are_recounted_does_not_show(
    index: Path, monkeypatch: pytest.MonkeyPatch, range_occurrences: int
) -> None:
    monkeypatch.setattr(many_terms, "RANGE_OCCURRENCES", range_occurrences)
    assert damaged(index) == set()
    for column, place in (("positions", 470), ("codes", 471), ("variants", 60), ("occurrence_base", 19)):
        columns = {name: np.array(values) for name, values in read_columns(index / f"{FIRST}.npz").items()}
        columns[column][place] += 2
        rewrite(index, FIRST, columns)
        assert damaged(index) == {(f"{FIRST}.npz", column)}
        columns[column][place] -= 2
        rewrite(index, FIRST, columns)


@pytest.mark.parametrize(
    ("columns", "mistake"),
    [
        *(
            ({name}, given(name, 3, 1 << 31))
            for name, column in COLUMNS.items()
            if name.endswith("_starts") and column.dtype in ("<u4", "<i8")
        ),
        *(
            ({name}, changed(name, -1, -1))
            for name in ("posting_starts", "occurrence_starts", "bound_starts")
        ),
        ({"article_passages"}, given("article_passages", 3, 1 << 31)),
        ({"term_surfaces"}, exchanged("term_surfaces", 10, 11)),
        ({"surface_term"}, given("surface_term", 32, 31)),
        ({"term_surface_starts"}, changed("term_surface_starts", 11, -1)),
        ({"passage_length"}, changed("passage_length", 5, 1)),
        ({"codes"}, changed("codes", 0, 1)),
        ({"sentences", "sentence_starts"}, given("sentences", 1, 19)),
        ({"paragraphs", "paragraph_starts"}, given("paragraphs", 0, 19)),
    ],
)
def test_no_more_columns_are_blamed_than_may_be_wrong(
    index: Path, columns: set[str], mistake: Callable[[Columns], None]
) -> None:
    values = {name: np.array(column) for name, column in read_columns(index / f"{FIRST}.npz").items()}
    mistake(values)
    rewrite(index, FIRST, values)
    assert damaged(index) == {(f"{FIRST}.npz", column) for column in columns}


def rewritten(index: Path, **changes: Any) -> Manifest:
    """Commit a manifest of which some values are others."""
    manifest = read_manifest(index)._replace(**changes)
    commit(index, manifest)
    return manifest


def first_segment(index: Path, **changes: Any) -> Manifest:
    first, second = read_manifest(index).segments
    return rewritten(index, segments=(first._replace(**changes), second))


@pytest.mark.parametrize(
    "changes",
    [
        {"n_words": 1},
        {"n_passages": 66},
        {"n_articles": 67},
        {"dead_articles": (66,)},
        {"dead_articles": (1, 1)},
        {"dead_articles": (2, 1)},
        {"dead_articles": (-1, 1)},
        {"dead_articles": ("1",)},
        {"dead_articles": (1, 2)},
        {"dead_articles": ()},
        {"name": SECOND},
        {"n_words": "many"},
        {"files": ()},
    ],
    ids=str,
)
def test_entry_of_a_segment_that_does_not_fit_is_named(index: Path, changes: dict[str, Any]) -> None:
    first_segment(index, **changes)
    found = damaged_files(index)
    # A live article too many or too few shows in the catalogue.
    assert found == {CHANGES if changes == {"dead_articles": (1, 2)} else MANIFEST}


@pytest.mark.parametrize(
    "changes",
    [
        {"generation": "2"},
        {"settings": {"language": None}},
        {"stop_words": (1,)},
        {"skipped": ((1, 2),)},
        {"corpus": 3},
        {"updated_at": None},
        {"catalogue": ()},
        {"catalogue": (FileEntry("notes.txt", 0, ""),)},
        {"catalogue": (FileEntry(CATALOGUE, 0, 3),)},  # type: ignore[arg-type]
    ],
    ids=str,
)
def test_manifest_of_other_values_is_damaged(index: Path, changes: dict[str, Any]) -> None:
    rewritten(index, **changes)
    assert damaged(index) == {(MANIFEST, "")}


def test_manifest_without_a_list_of_files_is_damaged(index: Path) -> None:
    values = json.loads((index / MANIFEST).read_bytes())["manifest"] | {"catalogue": None}
    envelope = {"checksum": files.checksum(files.to_json(values)), "manifest": values}
    (index / MANIFEST).write_bytes(files.to_json(envelope))
    assert damaged(index) == {(MANIFEST, "")}


def test_manifest_without_a_value_is_damaged(index: Path) -> None:
    values = json.loads((index / MANIFEST).read_bytes())["manifest"]
    for name in values.keys() - {"format_version"}:
        rest = {other: value for other, value in values.items() if other != name}
        envelope = {"checksum": files.checksum(files.to_json(rest)), "manifest": rest}
        (index / MANIFEST).write_bytes(files.to_json(envelope))
        assert damaged(index) == {(MANIFEST, "")}, name
        with pytest.raises(IndexCorruptError, match="not a manifest"):
            open_index(index)


def test_live_segment_twice_in_a_manifest_is_damage(index: Path) -> None:
    first, second = read_manifest(index).segments
    rewritten(index, segments=(first, second, second))
    assert damaged(index) == {(MANIFEST, "")}


def test_index_of_another_version_cannot_be_checked(index: Path) -> None:
    values = json.loads((index / MANIFEST).read_bytes())["manifest"] | {"format_version": FORMAT_VERSION + 1}
    envelope = {"checksum": files.checksum(files.to_json(values)), "manifest": values}
    (index / MANIFEST).write_bytes(files.to_json(envelope))
    with pytest.raises(IndexVersionError):
        check_index(index)


SEEN = Seen(9, 9, "2b.txt")
LINES = Seen(9, 9, "dd", articles={"1": "2d.lines/1", "2": "2d.lines/2"})


@pytest.mark.parametrize(
    "entries",
    [
        {},
        {"b.txt": SEEN._replace(fingerprint="1b.txt")},
        {"b.txt": SEEN._replace(skipped="b.txt is too large")},
        {"b.txt": SEEN, "d.txt": SEEN},
        {"b.txt": SEEN, "put": Seen(9, 9, "2put")},
        {"b.txt": SEEN, "d.lines": LINES._replace(articles={"1": "2d.lines/1"})},
        {"b.txt": SEEN, "d.lines": LINES._replace(articles={"1": "2d.lines/1", "2": "other"})},
        {"b.txt": SEEN, "d.lines/1": Seen(9, 9, "2d.lines/1"), "d.lines/2": Seen(9, 9, "2d.lines/2")},
    ],
    ids=[
        "missing",
        "changed",
        "skipped",
        "unknown",
        "no file",
        "one of several",
        "changed one",
        "other files",
    ],
)
def test_catalogue_that_is_not_that_of_the_live_articles_is_named(
    index: Path, entries: dict[str, Seen]
) -> None:
    manifest, known = read_state(index)
    others = {path: seen for path, seen in known.entries.items() if path not in ("b.txt", "d.lines")}
    entries = {"d.lines": LINES, **entries} if "d.lines/1" not in entries else entries
    catalogue = write_catalogue(index, 3, others | entries, known)
    commit(index, manifest._replace(generation=3, catalogue=catalogue))
    assert damaged(index) == {("catalogue-00000003.json", "")}


@pytest.mark.parametrize("name", [CATALOGUE, CHANGES])
@pytest.mark.parametrize("data", [b'{"a.txt": 3}', b'["a.txt"]', b"{"])
def test_catalogue_of_something_else_is_named(index: Path, name: str, data: bytes) -> None:
    (index / name).write_bytes(data)
    reseal(index)
    report = check_index(index)
    assert [(damage.file, damage.column) for damage in report.damages] == [(name, "")]
    assert (report.corpus, report.n_files) == (Path("/Şuşa"), len(FILES))


@pytest.mark.parametrize("text", [b"\xff", b"no frame"])
def test_text_that_cannot_be_read_is_named(index: Path, text: bytes) -> None:
    import zstandard

    columns = {name: np.array(values) for name, values in read_columns(index / f"{SECOND}.npz").items()}
    frame = zstandard.ZstdCompressor().compress(text) if text == b"\xff" else text
    start = int(columns["text_starts"][1])
    (index / f"{SECOND}.zst").write_bytes(frame + (index / f"{SECOND}.zst").read_bytes()[start:])
    columns["text_starts"][1:] += len(frame) - start
    rewrite(index, SECOND, columns)
    assert (f"{SECOND}.zst", "") in damaged(index)
    with open_index(index) as opened, pytest.raises(IndexCorruptError, match=SECOND):
        opened.article("b.txt")


@pytest.mark.parametrize(("before", "behind"), [(b"", b"more"), (b"more", b"")])
def test_bytes_beside_texts_are_named(index: Path, before: bytes, behind: bytes) -> None:
    columns = {name: np.array(values) for name, values in read_columns(index / f"{SECOND}.npz").items()}
    (index / f"{SECOND}.zst").write_bytes(before + (index / f"{SECOND}.zst").read_bytes() + behind)
    columns["text_starts"][:-1] += len(before)
    columns["text_starts"][-1] += 4
    rewrite(index, SECOND, columns)
    assert (f"{SECOND}.npz", "text_starts") in damaged(index)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("codes", None),
        ("codes", np.zeros(12, np.uint32)),
        ("bitmaps", np.zeros(12, np.uint64)),
        ("bitmaps", np.zeros((12, 2), np.uint64)),
        ("ranks", np.zeros((11, 1), np.uint32)),
        ("terms_starts", np.zeros(0, np.uint32)),
        ("occurrence_base", np.zeros(9, np.int64)),
        ("article_passages", np.zeros(2, np.uint32)),
        ("surface_term", np.zeros(13, np.uint32)),
        ("ghosts", np.zeros(1, np.uint32)),
    ],
)
def test_column_of_another_shape_is_named(index: Path, column: str, values: Column | None) -> None:
    columns = dict(read_columns(index / f"{SECOND}.npz"))
    columns.pop(column, None)
    if values is not None:
        columns[column] = values
    rewrite(index, SECOND, columns)
    assert (f"{SECOND}.npz", column) in damaged(index)
    assert (f"{SECOND}.npz", "") not in damaged(index)
    if column != "ghosts":
        with pytest.raises(IndexCorruptError, match=f"column {column} "):
            open_index(index)


def test_index_that_moves_on_while_it_is_checked_is_checked_anew(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifests = iter([read_manifest(index)])
    rewritten(index, generation=3, segments=(), catalogue=())
    remove_leftovers(index)
    monkeypatch.setattr(
        checking, "read_manifest", lambda folder: next(manifests, None) or read_manifest(folder)
    )
    report = check_index(index)
    assert (report.damages, report.n_files) == ((), 1)
