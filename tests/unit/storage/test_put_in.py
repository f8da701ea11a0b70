"""Articles that programs have put in survive a rebuild of an index of the format before, and of one that is damaged."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import small_index
import zstandard

from searcher import Article, Span, build_index, check_index, open_index
from searcher.errors import IndexStateError, IndexVersionError
from searcher.storage.format import CARRIED_OVER, FORMAT_VERSION, MANIFEST
from searcher.storage.put_in import PutIn, read_put_in

FORMAT_5 = Path(__file__).with_name("format5")
"""An index that the last version with format 5 has written: two files, two articles put in, and a third one removed again."""

FRONT = "---\ntitle: Ceasefire\n---\n"
ORIGINALS = [
    Article(
        address="put/1",
        text="A report.\n\nŞuşa was named in it.",
        date="2020-10",
        source="Courier",
        author="A. Lund",
        keywords=("war", "talks"),
        language="en",
        url="https://example.org/1",
    ),
    Article(
        address="put/2",
        text=f"{FRONT}It held.",
        title="Ceasefire",
        body_start=len(FRONT),
        title_span=Span(11, 20),
    ),
]
"""The articles, as they were put in."""


def as_kept(article: Article) -> Article:
    """Give an article as an index has it: with the title that was found in its text."""
    found = {"title": "A report.", "title_from": "first words"} if article.title is None else {}
    values = {name: getattr(article, name) for name in article.__slots__} | found
    return Article(**values)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return shutil.copytree(FORMAT_5, tmp_path / "index")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text("Talks on war.\n")
    (folder / "c.txt").write_text("Talks on peace.\n")
    return folder


def strings(name: str, values: Sequence[str]) -> dict[str, Any]:
    encoded = [value.encode() + b"\n" for value in values]
    starts = np.cumsum([0, *map(len, encoded)], dtype=np.uint32)
    return {f"article_{name}": np.frombuffer(b"".join(encoded), np.uint8), f"article_{name}_starts": starts}


def file_entry(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    return {
        "name": path.name,
        "size_bytes": len(data),
        "checksum": hashlib.blake2b(data, digest_size=16).hexdigest(),
    }


def write_format_5(folder: Path, fingerprints: Sequence[str]) -> Path:
    """Write what a rebuild reads of an index of format 5, by hand: a file, two articles put in, and one removed in between."""
    folder.mkdir()
    kept = [
        Article(address="a.txt", text="Talks on war.\n"),
        Article(address="gone", text="Gone."),
        *map(as_kept, ORIGINALS),
    ]
    texts = [zstandard.ZstdCompressor().compress(article.text.encode()) for article in kept]
    (folder / "segment-00000003.zst").write_bytes(b"".join(texts))
    spans = [article.title_span or Span(0, 0) for article in kept]
    columns = {
        "article_is_file": np.array([1, 0, 0, 0], np.uint8),
        "article_body_start": np.array([article.body_start for article in kept], np.uint32),
        "article_title_start": np.array([span.start for span in spans], np.uint32),
        "article_title_end": np.array([span.end for span in spans], np.uint32),
        "text_starts": np.cumsum([0, *map(len, texts)]),
        **strings("address", [article.address for article in kept]),
        **strings("title", [article.title or "" for article in kept]),
        **strings("title_from", [article.title_from for article in kept]),
        **strings("date", [article.date or "" for article in kept]),
        **strings("source", [article.source or "" for article in kept]),
        **strings("author", [article.author or "" for article in kept]),
        **strings("keywords", ["\n".join(article.keywords) for article in kept]),
        **strings("language", [article.language or "" for article in kept]),
        **strings("url", [article.url or "" for article in kept]),
        **strings("fingerprint", ["a", "gone", *fingerprints]),
    }
    small_index.write_columns(folder / "segment-00000003.npz", columns)  # `numpy.savez` does not align
    (folder / "catalogue-00000002.json").write_text(
        json.dumps({"a.txt": [14, 1, "a", ""], "b.txt": [0, 1, "b", "empty"]})
    )
    manifest = {
        "format_version": 5, "generation": 4, "settings": {}, "stop_words": [], "corpus": "/corpus", "listing": "",
        "skipped": [], "updated_at": "", "catalogue": [file_entry(folder / "catalogue-00000002.json")],
        "segments": [
            {
                "name": "segment-00000003", "n_articles": 4, "n_passages": 5, "n_words": 16, "dead_articles": [1],
                "files": [file_entry(folder / f"segment-00000003.{suffix}") for suffix in ("npz", "zst")],
            }
        ],
    }  # fmt: skip
    (folder / MANIFEST).write_text(envelope(manifest))
    return folder


def envelope(manifest: dict[str, Any]) -> str:
    told = json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()
    return json.dumps({"checksum": hashlib.blake2b(told, digest_size=16).hexdigest(), "manifest": manifest})


def test_articles_of_an_index_of_format_5_are_read() -> None:
    found = read_put_in(FORMAT_5)
    assert [article for article, _ in found.articles()] == [*map(as_kept, ORIGINALS)]
    assert (found.lost, found.error, found.generation) == ("", None, 7)


def test_format_5_is_as_it_is_described_here(tmp_path: Path) -> None:
    found = read_put_in(FORMAT_5)
    by_hand = read_put_in(
        write_format_5(tmp_path / "index", [fingerprint for _, fingerprint in found.articles()])
    )
    assert [*by_hand.articles()] == [*found.articles()]
    assert by_hand._replace(places=found.places) == found._replace(generation=4)


def test_rebuild_of_an_index_of_format_5_gives_what_building_and_putting_in_gives(
    index: Path, corpus: Path, tmp_path: Path
) -> None:
    with pytest.raises(IndexVersionError, match="searcher index CORPUS --rebuild --index"):
        open_index(index)
    report = build_index(corpus, index, rebuild=True)
    assert (report.n_articles, report.reason) == (4, "")
    assert check_index(index).damages == ()
    build_index(corpus, tmp_path / "fresh")
    with open_index(index) as opened, open_index(tmp_path / "fresh") as fresh:
        fresh.put(ORIGINALS)
        assert opened.digest() == fresh.digest()
        assert opened.article("put/1") == as_kept(ORIGINALS[0])
        assert opened.put(ORIGINALS).counts["unchanged"] == 2


def without_corpus(index: Path) -> None:
    """Make an index of format 5 one of articles from a program alone."""
    manifest = json.loads((index / MANIFEST).read_bytes())["manifest"] | {"corpus": None, "catalogue": []}
    manifest["segments"][0]["dead_articles"] = [0, 1, 2]  # the files too
    manifest["settings"]["language"] = "french"
    (index / MANIFEST).write_text(envelope(manifest))


def test_index_of_format_5_without_a_folder_is_rebuilt_from_itself(index: Path) -> None:
    without_corpus(index)
    with pytest.raises(IndexVersionError) as caught:
        open_index(index)
    (command,) = re.findall(r"rebuild it with: (.*)$", str(caught.value))
    assert eval(command, {"build_index": build_index}).n_articles == 2
    assert check_index(index).damages == ()
    with open_index(index) as opened:
        assert (opened.corpus, opened.status().language) == (None, "french")
        assert opened.article("put/1") == as_kept(ORIGINALS[0])
        assert not opened.put(ORIGINALS).has_changed


def test_index_without_a_folder_that_would_lose_articles_needs_to_be_told(index: Path) -> None:
    without_corpus(index)
    flip(index / "segment-00000004.zst")
    with pytest.raises(
        IndexStateError, match=r"^2 articles .*: build_index\(None, .*, discard_articles=True\)$"
    ):
        build_index(None, index, rebuild=True)
    report = build_index(None, index, rebuild=True, discard_articles=True)
    assert (report.n_articles, report.reason.partition(" that")[0]) == (0, "2 articles")


def test_every_format_that_is_carried_over_is_the_present_one_or_one_of_these_tests() -> None:
    assert (
        json.loads((FORMAT_5 / MANIFEST).read_bytes())["manifest"]["format_version"],
        FORMAT_VERSION,
    ) == CARRIED_OVER


def test_present_format_is_read_alike(tmp_path: Path) -> None:
    index = small_index.build(tmp_path / "index")
    with open_index(index) as opened:
        found = read_put_in(index)
        assert [*found.articles()] == [(opened.article("put"), "2put")]
        assert found._replace(places={}) == PutIn(generation=2)


def test_folder_without_an_index_has_no_articles_put_in(tmp_path: Path) -> None:
    assert read_put_in(tmp_path) == PutIn()


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def with_version(index: Path, version: int) -> None:
    data = (index / MANIFEST).read_bytes()
    (index / MANIFEST).write_bytes(
        data.replace(b'"format_version":5', f'"format_version":{version}'.encode())
    )


def damage_all(index: Path) -> None:
    for path in index.iterdir():
        flip(path)


@pytest.mark.parametrize(
    ("damage", "lost", "why"),
    [
        (
            lambda index: flip(index / "segment-00000004.npz"),
            "2 articles",
            r"segment-00000004\.npz: its checksum",
        ),
        (
            lambda index: flip(index / "segment-00000004.zst"),
            "2 articles",
            r"segment-00000004\.zst: its checksum",
        ),
        (
            lambda index: (index / "segment-00000004.zst").unlink(),
            "2 articles",
            r"segment-00000004\.zst: it is missing",
        ),
        # No more is known without a manifest that tells which are live.
        (lambda index: flip(index / MANIFEST), "up to 3 articles", r"manifest\.json: "),
        (lambda index: with_version(index, 4), "up to 3 articles", "format 4"),
        (lambda index: with_version(index, 99), "up to 3 articles", "format 99"),
        (damage_all, "up to 3 articles|an unknown number of articles", r"manifest\.json: "),
    ],
    ids=["columns", "texts", "no texts", "manifest", "older", "newer", "all"],
)
def test_rebuild_that_would_lose_articles_counts_them_and_needs_to_be_told(
    index: Path, corpus: Path, damage: Callable[[Path], object], lost: str, why: str
) -> None:
    damage(index)
    before = {path.name: path.read_bytes() for path in index.iterdir()}
    message = rf"^({lost}) that a program put .*\({why}.*\); to rebuild without them: searcher index .* --discard-articles"
    with pytest.raises(IndexStateError, match=message) as caught:
        build_index(corpus, index, rebuild=True)
    assert str(caught.value).isprintable()
    assert {path.name: path.read_bytes() for path in index.iterdir() if path.name in before} == before
    report = build_index(corpus, index, rebuild=True, discard_articles=True)
    assert report.n_articles == 2
    assert report.reason.endswith("must be put in again")
    assert check_index(index).damages == ()


def test_catalogue_that_is_damaged_loses_nothing_but_leaves_more_in_doubt(index: Path) -> None:
    flip(index / "catalogue-00000002.json")
    assert [*read_put_in(index).places] == ["put/1", "put/2"]
    assert read_put_in(index).lost == ""
    flip(index / "segment-00000004.npz")
    assert read_put_in(index).lost == "up to 4 articles"


@pytest.mark.parametrize("name", [MANIFEST, "segment-00000002.npz", "segment-00000002.zst"])
def test_damage_where_no_articles_are_put_in_loses_none(tmp_path: Path, corpus: Path, name: str) -> None:
    index = tmp_path / "index"
    build_index(corpus, index)
    (path,) = index.glob(name.replace("00000002", "*"))
    path.write_bytes(b"{}" if name == MANIFEST else path.read_bytes()[:-1])
    assert read_put_in(index).lost == ""
    assert build_index(corpus, index, rebuild=True).reason == ""


def test_damaged_segment_of_several_loses_only_its_own(index: Path, tmp_path: Path) -> None:
    index = small_index.build(tmp_path / "several")
    flip(index / f"{small_index.FIRST}.npz")
    found = read_put_in(index)
    assert ([*found.places], found.lost) == (["put"], "")
