import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from searcher import Article, build_index
from searcher.engine import Options
from searcher.errors import IndexCorruptError, IndexMissingError
from searcher.querying.search import Searcher
from searcher.storage import snapshot as snapshots
from searcher.storage.manifest import Manifest, commit, read_manifest
from searcher.storage.segment import Postings
from searcher.storage.snapshot import LiveSegment, Snapshot, open_snapshot

WORDS = ["war", "peace", "talks", "shelling", "ceasefire", "cease-fire", "border", "UN"]
TEXTS = {
    f"{number:02}": " ".join(
        f"{WORDS[(number * step) % len(WORDS)]} of the {WORDS[(number + step) % len(WORDS)]}."
        for step in range(1, 2 + number % 4)
    )
    for number in range(40)
}
QUERIES = ["war", "war peace", '"of the talks"', "ceasefire -border", "shelling UN talks", "the", "NOT war"]


def build(folder: Path, addresses: Iterable[str]) -> Manifest:
    build_index([Article(address=address, text=TEXTS[address]) for address in addresses], folder)
    return read_manifest(folder)


def with_dead(manifest: Manifest, *dead: int) -> Manifest:
    segment = manifest.segments[0]._replace(dead_articles=dead)
    return manifest._replace(segments=(segment,))


def terms_of(snapshot: Snapshot) -> set[bytes]:
    return {
        live.segment.terms[number] for live in snapshot.segments for number in range(len(live.segment.terms))
    }


def answers(snapshot: Snapshot) -> list[list[tuple[str, float, str, str]]]:
    searcher = Searcher(snapshot)
    return [
        [
            (hit.article.address, hit.score, hit.match, hit.snippet.html())
            for hit in searcher.ask(query, Options(limit=50))
        ]
        for query in QUERIES
    ]


def assert_same(found: Snapshot, expected: Snapshot) -> None:
    assert (found.n_articles, found.n_passages, found.n_words, found.average_length) == (
        expected.n_articles,
        expected.n_passages,
        expected.n_words,
        expected.average_length,
    )
    for term in terms_of(found) | terms_of(expected):
        assert found.doc_freq(term) == expected.doc_freq(term), term
    assert answers(found) == answers(expected)


def test_statistics_are_those_of_the_texts(tmp_path: Path) -> None:
    build(tmp_path, ["00", "01", "02"])
    snapshot = open_snapshot(tmp_path)
    texts = [TEXTS[address].replace(".", "").replace("-", " ").split() for address in ("00", "01", "02")]
    assert (snapshot.n_articles, snapshot.n_passages) == (3, 3)
    assert snapshot.n_words == sum(map(len, texts))
    assert snapshot.average_length == sum(map(len, texts)) / 3
    assert snapshot.doc_freq(b"war") == sum("war" in words for words in texts) > 0
    assert snapshot.doc_freq(b"no such term") == 0


@pytest.mark.parametrize("dead", [(0,), (39,), (3, 4, 5, 20), tuple(range(0, 40, 2)), tuple(range(39))])
def test_index_with_tombstones_is_that_of_its_live_articles(tmp_path: Path, dead: tuple[int, ...]) -> None:
    manifest = build(tmp_path / "all", TEXTS)
    build(tmp_path / "live", [address for number, address in enumerate(TEXTS) if number not in dead])
    assert_same(Snapshot(tmp_path / "all", with_dead(manifest, *dead)), open_snapshot(tmp_path / "live"))


def test_index_of_several_segments_is_that_of_all_their_articles(tmp_path: Path) -> None:
    build(tmp_path / "all", TEXTS)
    first = build(tmp_path / "first", list(TEXTS)[::2])
    second = build(tmp_path / "second", list(TEXTS)[1::2])
    files = tuple(
        file._replace(name=f"segment-00000009.{file.name[-3:]}") for file in second.segments[0].files
    )
    renamed = second.segments[0]._replace(name="segment-00000009", files=files)
    for suffix in (".npz", ".zst"):
        source = tmp_path / "second" / f"{second.segments[0].name}{suffix}"
        shutil.copy(source, tmp_path / "first" / f"{renamed.name}{suffix}")
    both = first._replace(segments=(*first.segments, renamed))
    assert_same(Snapshot(tmp_path / "first", both), open_snapshot(tmp_path / "all"))
    assert Snapshot(tmp_path / "first", both).n_terms == open_snapshot(tmp_path / "all").n_terms


def test_index_of_dead_articles_alone_finds_nothing(tmp_path: Path) -> None:
    manifest = build(tmp_path, ["00", "01"])
    snapshot = Snapshot(tmp_path, with_dead(manifest, 0, 1))
    assert (snapshot.n_articles, snapshot.n_passages, snapshot.n_words, snapshot.average_length) == (
        0,
        0,
        0,
        1.0,
    )
    assert answers(snapshot) == [[]] * len(QUERIES)


def test_dead_passages_are_in_no_posting(tmp_path: Path) -> None:
    manifest = build(tmp_path, TEXTS)
    live = Snapshot(tmp_path, with_dead(manifest, 1, 2)).segments[0]
    assert (live.is_live(0), live.is_live(1)) == (True, False)
    for number in range(len(live.segment.terms)):
        every, kept = live.segment.postings(number), live.postings(number)
        expected = [
            (p, c)
            for p, c in zip(*every, strict=True)
            if live.segment.columns["passage_article"][p] not in (1, 2)
        ]
        assert list(zip(*kept, strict=True)) == expected
        assert isinstance(kept, Postings)


def test_term_of_a_surface_is_found_in_any_segment(tmp_path: Path) -> None:
    build(tmp_path, TEXTS)
    snapshot = open_snapshot(tmp_path)
    assert (snapshot.term_of("shelling"), snapshot.term_of("unseen")) == ("shell", None)


def test_folder_without_an_index_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError):
        open_snapshot(tmp_path)


def test_segment_of_other_counts_than_the_manifest_is_corrupt(tmp_path: Path) -> None:
    manifest = build(tmp_path, ["00"])
    entry = manifest.segments[0]._replace(n_passages=2)
    commit(tmp_path, manifest._replace(segments=(entry,)))
    with pytest.raises(IndexCorruptError, match=rf"{entry.name}\.npz"):
        open_snapshot(tmp_path)


def test_snapshot_stays_as_it_was_while_the_index_moves_on(tmp_path: Path) -> None:
    build(tmp_path, TEXTS)
    snapshot = open_snapshot(tmp_path)
    before = answers(snapshot)
    build(tmp_path, ["00"])
    assert answers(snapshot) == before


def test_index_that_moves_on_while_it_is_opened_is_opened_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = build(tmp_path, TEXTS)
    build(tmp_path, ["00"])
    manifests = iter([old])
    monkeypatch.setattr(
        snapshots, "read_manifest", lambda folder: next(manifests, None) or read_manifest(folder)
    )
    assert open_snapshot(tmp_path).n_articles == 1


def test_live_segment_without_tombstones_needs_no_mask(tmp_path: Path) -> None:
    manifest = build(tmp_path, ["00"])
    live: LiveSegment = Snapshot(tmp_path, manifest).segments[0]
    assert live.live is None
