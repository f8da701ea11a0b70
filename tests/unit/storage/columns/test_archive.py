import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from small_index import write_columns

from searcher.errors import IndexCorruptError
from searcher.storage.columns.archive import damaged_columns, read_columns
from searcher.storage.format import ALIGNMENT

COLUMNS: dict[str, npt.NDArray[Any]] = {
    "bytes": np.arange(200, dtype=np.uint8),
    "codes": np.array([1, 65535], np.uint16),
    "empty": np.zeros(0, np.uint32),
    "empty_rows": np.zeros((0, 7), np.uint64),
    "numbers": np.array([-(1 << 62), 5], np.int64),
    "rows": np.arange(12, dtype=np.uint64).reshape(3, 4),
    "strided": np.arange(10, dtype=np.int64)[::3],
}


def write(path: Path) -> Path:
    write_columns(path, COLUMNS)
    return path


def assert_equal(found: dict[str, npt.NDArray[Any]]) -> None:
    assert sorted(found) == sorted(COLUMNS)
    for name, column in found.items():
        assert (column.dtype, column.shape) == (COLUMNS[name].dtype, COLUMNS[name].shape)
        assert column.tolist() == COLUMNS[name].tolist()


def test_columns_come_back_as_they_were_and_read_only(tmp_path: Path) -> None:
    found = read_columns(write(tmp_path / "a.npz"))
    assert_equal(found)
    assert not any(column.flags.writeable for column in found.values())


def test_numpy_opens_the_file_and_finds_the_same_arrays(tmp_path: Path) -> None:
    with np.load(write(tmp_path / "a.npz"), allow_pickle=False) as archive:
        assert_equal(dict(archive))
    with zipfile.ZipFile(tmp_path / "a.npz") as archive:
        assert archive.testzip() is None


def test_data_of_every_column_is_aligned(tmp_path: Path) -> None:
    found = read_columns(write(tmp_path / "a.npz"))
    assert {name: column.ctypes.data % ALIGNMENT for name, column in found.items()} == dict.fromkeys(found, 0)


def test_equal_columns_make_equal_files(tmp_path: Path) -> None:
    assert write(tmp_path / "a.npz").read_bytes() == write(tmp_path / "b.npz").read_bytes()


def test_file_of_no_columns_is_a_file(tmp_path: Path) -> None:
    write_columns(tmp_path / "a.npz", {})
    with pytest.raises(IndexCorruptError):
        read_columns(tmp_path / "a.npz")


def test_arrays_outlive_the_name_of_their_file(tmp_path: Path) -> None:
    found = read_columns(write(tmp_path / "a.npz"))
    (tmp_path / "a.npz").unlink()
    assert_equal(found)


def test_file_is_never_written_over(tmp_path: Path) -> None:
    write(tmp_path / "a.npz")
    with pytest.raises(FileExistsError):
        write_columns(tmp_path / "a.npz", {})


def test_order_of_an_array_in_memory_does_not_matter(tmp_path: Path) -> None:
    rows = np.arange(6).reshape(2, 3)
    write_columns(tmp_path / "a.npz", {"rows": np.asfortranarray(rows)})
    assert read_columns(tmp_path / "a.npz")["rows"].tolist() == rows.tolist()


def assert_cuts_are_corrupt(folder: Path, part: str) -> None:
    """Cut a file at every byte of its columns, of the extra fields of their headers, or of its directory."""
    whole = write(folder / "a.npz").read_bytes()
    with zipfile.ZipFile(folder / "a.npz") as archive:
        directory = archive.start_dir
        extras = set()
        for member in archive.infolist():
            extra = member.header_offset + 30 + len(member.filename)
            n_extra = int.from_bytes(whole[member.header_offset + 28 : member.header_offset + 30], "little")
            extras |= set(range(extra, extra + n_extra))
    cuts = {
        "columns": set(range(directory)) - extras,
        "extra fields": extras,
        "directory": set(range(directory, len(whole))),
    }
    cut = folder / "cut.npz"
    for n_bytes in sorted(cuts[part]):
        cut.write_bytes(whole[:n_bytes])
        with pytest.raises(IndexCorruptError, match=r"cut\.npz is damaged"):
            read_columns(cut)


def test_file_cut_in_a_column_is_corrupt(tmp_path: Path) -> None:
    assert_cuts_are_corrupt(tmp_path, "columns")


def test_file_cut_in_an_extra_field_is_corrupt(tmp_path: Path) -> None:
    assert_cuts_are_corrupt(tmp_path, "extra fields")


def test_file_cut_in_its_directory_is_corrupt(tmp_path: Path) -> None:
    assert_cuts_are_corrupt(tmp_path, "directory")


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip file at all", bytes(4096)])
def test_other_content_is_corrupt(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.npz").write_bytes(data)
    with pytest.raises(IndexCorruptError) as caught:
        read_columns(tmp_path / "a.npz")
    assert (caught.value.file, caught.value.path) == ("a.npz", tmp_path)


def test_missing_file_is_corrupt(tmp_path: Path) -> None:
    with pytest.raises(IndexCorruptError, match="it is missing"):
        read_columns(tmp_path / "a.npz")


@pytest.mark.parametrize("dtype", [b"|O8", b"<z8", b"<i4", b"|S0", b"|V0", b"i,(", b"<\xff8"])
def test_column_of_another_dtype_than_its_size_allows_is_corrupt(tmp_path: Path, dtype: bytes) -> None:
    path = tmp_path / "a.npz"
    write_columns(path, {"a": np.arange(3)})
    path.write_bytes(path.read_bytes().replace(b"'<i8'", b"'" + dtype + b"'"))
    with pytest.raises(IndexCorruptError, match="column a "):
        read_columns(path)


def poke(path: Path, at: int, value: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(bytes([value]))


def test_flipped_bits_are_corrupt_or_give_arrays(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    write_columns(path, {"bytes": np.zeros(101, np.uint8), "rows": COLUMNS["rows"]})
    whole = path.read_bytes()
    for at in range(len(whole)):
        for bits in (0xFF, *(1 << bit for bit in range(8))):
            poke(path, at, whole[at] ^ bits)
            try:
                columns = read_columns(path)
            except IndexCorruptError as error:
                assert error.file == "a.npz"  # noqa: PT017  (any of them may also be read)
            else:
                assert all(isinstance(column, np.ndarray) for column in columns.values())
        poke(path, at, whole[at])


def test_column_with_flipped_bits_is_named_and_no_other(tmp_path: Path) -> None:
    path = write(tmp_path / "a.npz")
    assert damaged_columns(path) == []
    whole = path.read_bytes()
    for name, column in COLUMNS.items():
        content = np.ascontiguousarray(column).tobytes()
        at = whole.index(content, whole.index(b"\x93NUMPY", whole.index(f"{name}.npy".encode())))
        for place in range(at, at + len(content)):
            poke(path, place, whole[place] ^ 4)
            assert damaged_columns(path) == [name]
            poke(path, place, whole[place])


def test_columns_behind_a_damaged_header_go_unnamed_but_not_those_before_it(tmp_path: Path) -> None:
    path = write(tmp_path / "a.npz")
    whole = bytearray(path.read_bytes())
    for name in ("bytes", "numbers"):
        whole[whole.index(b"\x93NUMPY", whole.index(f"{name}.npy".encode())) + 130] ^= 1
    whole[whole.index(b"empty.npy") - 30] ^= 1
    path.write_bytes(whole)
    assert damaged_columns(path) == ["bytes"]


def test_file_that_is_none_has_no_damaged_columns(tmp_path: Path) -> None:
    (tmp_path / "a.npz").touch()
    assert damaged_columns(tmp_path / "a.npz") == damaged_columns(tmp_path / "b.npz") == []


def test_compressed_archive_is_corrupt(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "a.npz", a=np.zeros(1000))
    with pytest.raises(IndexCorruptError):
        read_columns(tmp_path / "a.npz")
