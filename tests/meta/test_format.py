import ast
import hashlib
import json
import re
from pathlib import Path

import pytest

from searcher import Article, build_index
from searcher.storage import format as specification
from searcher.storage.columns.archive import read_columns
from searcher.storage.format import COLUMNS, FORMAT_VERSION, OWNED, VARIANT_DTYPES
from searcher.storage.manifest import read_manifest

FINGERPRINTS = {
    1: "a420cbbc7436ab4a",
    2: "e07e4dbe0ad597d3",
    3: "655e111425843dce",
    4: "655e111425843dce",
    5: "655e111425843dce",
    6: "e9f4e2a790a7ecce",
}


def fingerprint() -> str:
    layout = [
        sorted((name, column.dtype) for name, column in COLUMNS.items()),
        specification.DENSE_FRACTION,
        specification.OCCURRENCE_BLOCK,
    ]
    return hashlib.sha256(json.dumps(layout).encode()).hexdigest()[:16]


def history() -> list[int]:
    """Versions in the docstring below ``FORMAT_VERSION``."""
    body = ast.parse(Path(specification.__file__).read_bytes()).body
    names = [
        node.target.id if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) else ""
        for node in body
    ]
    below = body[names.index("FORMAT_VERSION") + 1]
    assert isinstance(below, ast.Expr)
    assert isinstance(below.value, ast.Constant)
    return [int(number) for number in re.findall(r"^- (\d+): \S", str(below.value.value), re.MULTILINE)]


def test_columns_are_those_of_the_format_version() -> None:
    assert fingerprint() == FINGERPRINTS.get(FORMAT_VERSION), (
        "what stands on disk has changed: raise FORMAT_VERSION, say in the history below it why, "
        f"and add {FORMAT_VERSION + 1}: {fingerprint()!r} to the fingerprints here"
    )


def test_history_tells_of_every_version_up_to_the_current_one() -> None:
    assert sorted(history()) == list(range(1, FORMAT_VERSION + 1))
    assert sorted(FINGERPRINTS) == sorted(history())


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("format") / "index"
    articles = [
        Article(
            address=f"{number:02}",
            text=f"The war and the wars. Word{number} rained on towns.\n\nA second paragraph, number {number}.",
            title="War", date="2020", source="R", author="A", keywords=("k",), language="en", url="u",
        )
        for number in range(20)
    ]  # fmt: skip
    build_index(articles, path)
    return path


def test_segment_has_every_column_of_the_format_and_no_other(index: Path) -> None:
    (segment,) = index.glob("*.npz")
    columns = read_columns(segment)
    assert sorted(columns) == sorted(COLUMNS)
    for name, column in columns.items():
        dtype = COLUMNS[name].dtype
        assert column.dtype.str in ((dtype,) if dtype else VARIANT_DTYPES), name
        assert column.size, f"{name} is empty: the articles of this test should fill every column"


def test_every_dtype_is_little_endian_or_a_byte() -> None:
    dtypes = {column.dtype for column in COLUMNS.values()} | {*VARIANT_DTYPES}
    assert dtypes - {""} <= {"|u1", "<u2", "<u4", "<u8", "<i8"}


def test_starts_begin_at_nothing_ascend_and_end_with_what_they_index(index: Path) -> None:
    (segment,) = index.glob("*.npz")
    columns = read_columns(segment)
    ends = {
        "posting_starts": len(columns["codes"]),
        "occurrence_starts": len(columns["positions"]),
        "variant_starts": len(columns["variants"]),
        "term_surface_starts": len(columns["term_surfaces"]),
        "dense_postings": len(columns["codes"]) - len(columns["passage_ids"]),
        "bound_starts": len(columns["bounds"]),
        "sentence_starts": len(columns["sentences"]),
        "paragraph_starts": len(columns["paragraphs"]),
        "article_passages": len(columns["passage_article"]),
        "text_starts": segment.with_suffix(".zst").stat().st_size,
    }
    ends |= {name: len(columns[name.removesuffix("_starts")]) for name in columns if name.endswith("_starts")
             and name.removesuffix("_starts") in columns and name not in ends}  # fmt: skip
    assert len(ends) == 10 + 2 + len(specification.ARTICLE_STRINGS)
    for name, end in ends.items():
        starts = columns[name].tolist()
        assert (starts[0], starts[-1]) == (0, end), name
        assert starts == sorted(starts), name


def test_files_of_an_index_have_names_that_it_owns(index: Path) -> None:
    names = {path.name for path in index.iterdir()}
    assert names == read_manifest(index).file_names
    assert [name for name in names if not re.fullmatch(OWNED, name)] == []
    assert all(f"``{name}``" in (specification.__doc__ or "") for name in ("manifest.json", "write.lock"))
