"""A damaged index gives an answer or names the damage, and never passes it on."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import small_index
from small_index import FIRST, damaged, members

from searcher import Article, build_index, open_index
from searcher.errors import IndexCorruptError, IndexStateError
from searcher.storage.columns.archive import read_columns
from searcher.storage.format import MANIFEST


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_index.build(tmp_path_factory.mktemp("sound") / "index")


@pytest.fixture
def index(sound: Path, tmp_path: Path) -> Path:
    return shutil.copytree(sound, tmp_path / "index")


def test_flipped_byte_gives_an_answer_or_names_the_damage(tmp_path: Path) -> None:
    index = small_index.build(tmp_path / "index")
    script = Path(__file__).parents[1] / "flipped_answers.py"
    done = subprocess.run(
        [sys.executable, script, index, "2"], capture_output=True, text=True, check=False, timeout=300
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def with_garbage(index: Path, column: str, value: int, places: slice = slice(None)) -> None:
    """Overwrite a column behind the back of the manifest."""
    path = index / f"{FIRST}.npz"
    values = np.array(read_columns(path)[column])
    values[places] = value
    ((_, _, end),) = [member for member in members(path) if member[0] == column]
    data = path.read_bytes()
    path.write_bytes(data[: end - values.nbytes] + values.tobytes() + data[end:])


@pytest.mark.parametrize(
    ("column", "value", "ask"),
    [
        ("passage_kind", 9, lambda index: index.search("border")),
        ("article_body_start", 999, lambda index: index.article("c01.txt")),
        ("article_address", 0xFF, lambda index: index.addresses()),
        ("surface_term", 999, lambda index: index.suggest("wat")),
        ("surface_term", 999, lambda index: index.complete("wa")),
        ("passage_end", 0, lambda index: index.marks("NOT border", "a.txt")),
        ("passage_ids", 999, lambda index: index.status()),
        ("positions", 200, lambda index: index.search("border").hits),
        ("sentences", 200, lambda index: index.search("fire").hits),
        ("text_starts", 0, lambda index: index.search("border").hits),
        ("article_title", 0xFF, lambda index: [hit.article for hit in index.search("border")]),
    ],
)
def test_damage_that_reading_comes_upon_is_named(
    index: Path, column: str, value: int, ask: Callable[[Any], object]
) -> None:
    with_garbage(index, column, value)
    with (
        open_index(index) as opened,
        pytest.raises(IndexCorruptError, match=rf"{FIRST}\.npz .*checksum") as caught,
    ):
        ask(opened)
    assert caught.value.__cause__ is not None
    assert "searcher index --rebuild" in str(caught.value)


@pytest.mark.parametrize(
    ("column", "value", "query"), [("positions", 8, "border"), ("sentences", 20, "ended OR border")]
)
def test_position_that_only_the_next_text_has_is_named_as_damage(
    index: Path, column: str, value: int, query: str
) -> None:
    with open_index(index) as opened:
        assert len(opened.search(query).hits) == 10
    values = read_columns(index / f"{FIRST}.npz")[column].tolist()
    first = values.index(min(values))  # of *border*, which begins its texts; or of the article that ends
    with_garbage(index, column, value, slice(first, first + 1))
    with open_index(index) as opened, pytest.raises(IndexCorruptError, match="checksum"):
        str(opened.search(query).hits)


def test_damage_that_an_explanation_comes_upon_is_named(sound: Path, index: Path) -> None:
    with open_index(sound) as opened:
        hit = opened.search("talks").hits[0]
    with_garbage(index, "passage_ids", 999)
    with open_index(index) as opened, pytest.raises(IndexCorruptError, match=FIRST):
        opened.explain("talks", hit)


@pytest.mark.parametrize(("column", "value"), [("article_passages", 1 << 31), ("article_title", ord("x"))])
def test_damaged_index_has_no_digest(index: Path, column: str, value: int) -> None:
    with_garbage(index, column, value)
    with open_index(index) as opened, pytest.raises(IndexCorruptError, match=FIRST):
        opened.digest()


def test_error_in_a_sound_index_stays_what_it_is(index: Path) -> None:
    with open_index(index) as opened, pytest.raises(ValueError, match="limit is -1"):
        opened.search("war", limit=-1)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps what a reader holds")
def test_index_that_has_moved_on_is_not_taken_for_damaged(index: Path) -> None:
    with open_index(index) as opened:
        for path in index.iterdir():
            path.unlink()
        with pytest.raises(ValueError, match="limit is -1"):
            opened.search("war", limit=-1)


@pytest.mark.parametrize(
    ("starts", "query"),
    [
        ("posting_starts", "*a* *e*"),
        ("surfaces_starts", '"*a* *e*"'),
        ("sentence_starts", "war SENTENCE un"),
        ("paragraph_starts", "war PARAGRAPH un"),
    ],
)
def test_damaged_starts_claim_no_memory(index: Path, starts: str, query: str) -> None:
    with_garbage(index, starts, 1 << 31, slice(1, None, 2))
    with (
        open_index(index) as opened,
        pytest.raises(IndexCorruptError, match=r"more is claimed of column|its checksum does not fit"),
    ):
        opened.search(query)


def test_passage_of_an_unknown_article_is_named_where_tombstones_ask_for_it(index: Path) -> None:
    with_garbage(index, "passage_article", 999)
    with pytest.raises(IndexCorruptError, match="is of no article"):
        open_index(index)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text("Talks on war.")
    (folder / "b.txt").write_text("Talks on peace.")
    return folder


def overwrite(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))


@pytest.fixture
def segment(corpus: Path, index: Path) -> Path:
    """The columns of an index of files, with an article that a program has put in."""
    shutil.rmtree(index)
    build_index(corpus, index)
    with open_index(index) as opened:
        opened.put([Article(address="put", text="A word on war.")])
    (path,) = index.glob("*.npz")
    return path


def test_damage_is_not_copied_into_a_new_segment(corpus: Path, index: Path, segment: Path) -> None:
    overwrite(segment, b"Talks on war", b"Talks on tar")
    manifest = (index / MANIFEST).read_bytes()
    (corpus / "c.txt").write_text("More talks.")
    with open_index(index) as opened:
        with pytest.raises(IndexCorruptError, match=segment.name):
            opened.update()
        with pytest.raises(IndexCorruptError, match=segment.name):
            opened.put([Article(address="more", text="More.")])
    with pytest.raises(IndexCorruptError, match=segment.name):
        build_index(corpus, index, language="none")
    assert (index / MANIFEST).read_bytes() == manifest
    assert damaged(index) == {(segment.name, "article_title")}


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("article_address", lambda index: index.update()),
        ("article_fingerprint", lambda index: index.put([Article(address="put", text="Another word.")])),
        ("article_fingerprint", lambda index: index.remove(["put"])),
    ],
)
def test_damage_that_a_writer_comes_upon_is_named(
    corpus: Path, index: Path, segment: Path, column: str, change: Callable[[Any], object]
) -> None:
    content = read_columns(segment)[column].tobytes()
    overwrite(segment, content, b"\xff" * len(content))
    (corpus / "c.txt").write_text("More talks.")
    with open_index(index) as opened, pytest.raises(IndexCorruptError, match=segment.name):
        change(opened)


def test_rebuilding_takes_nothing_from_a_damaged_segment(corpus: Path, index: Path, segment: Path) -> None:
    ((_, _, end),) = [member for member in members(segment) if member[0] == "article_file_end"]
    data = segment.read_bytes()
    assert data[end - 12 : end] == bytes([5, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0])
    segment.write_bytes(data[: end - 12] + bytes(12) + data[end:])
    with pytest.raises(IndexStateError, match=r"^1 article that .*npz: its checksum.*--discard-articles"):
        build_index(corpus, index, rebuild=True)
    assert damaged(index) == {(segment.name, "article_file_end")}
    report = build_index(corpus, index, rebuild=True, discard_articles=True)
    assert "put in again" in report.reason
    assert damaged(index) == set()
    with open_index(index) as opened:
        assert opened.addresses() == ["a.txt", "b.txt"]
        assert opened.update().counts["unchanged"] == 2


@pytest.mark.usefixtures("segment")
def test_rebuilding_keeps_what_a_program_has_put_in_where_it_is_whole(corpus: Path, index: Path) -> None:
    assert build_index(corpus, index, rebuild=True).reason == ""
    with open_index(index) as opened:
        assert opened.addresses() == ["a.txt", "b.txt", "put"]
    assert damaged(index) == set()
