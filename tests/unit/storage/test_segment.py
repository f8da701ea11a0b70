import dataclasses
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from small_index import write_columns

from searcher.arrays import expand
from searcher.errors import IndexCorruptError
from searcher.indexing.segments.build import SegmentBuilder
from searcher.model import Article
from searcher.storage.columns.archive import read_columns
from searcher.storage.segment import Segment
from searcher.text.words.analysis import Analyser
from searcher.text.words.chunks import split

NAME = "segment-00000001"
ANALYSER = Analyser()

RARE = [
    "ceasefire",
    "cease-fire",
    "Cease-Fires",
    "UN",
    "U.N.",
    "war",
    "wars",
    "War’s",
    "Şuşa",
    "café",
    "100,437",
]
ARTICLES = [
    Article(
        address=f"{number:03}.txt",
        text=" ".join(
            [
                "the troops",
                "the" if number % 2 else "The",
                RARE[number % len(RARE)],
                RARE[number * number % len(RARE)],
                "shelled towns" if number % 3 else "talks",
                f"word{number}." if number % 20 else "near the border, troops.",
            ]
        ),
        date="2020-10" if number % 2 else None,
        keywords=("war", "peace") if number == 5 else (),
    )
    for number in range(150)
]


def build(folder: Path, articles: Sequence[Article], name: str = NAME) -> Segment:
    folder.mkdir(exist_ok=True)
    with SegmentBuilder(folder, name, ANALYSER) as builder:
        for article in articles:
            builder.add(article, "fingerprint")
        builder.finish()
    return Segment(folder, name)


@pytest.fixture(scope="module")
def segment(tmp_path_factory: pytest.TempPathFactory) -> Segment:
    return build(tmp_path_factory.mktemp("segment"), ARTICLES)


Places = dict[str, list[tuple[int, int, str]]]


def recount(segment: Segment) -> tuple[Places, list[int]]:
    """Passage, position and surface of every term, and the length of every passage, from the texts."""
    places: Places = {}
    lengths = []
    columns = segment.columns
    for passage in range(segment.n_passages):
        text = segment.article(int(columns["passage_article"][passage])).text
        position = 0
        for chunk in split(
            text[int(columns["passage_start"][passage]) : int(columns["passage_end"][passage])]
        ):
            tokens = ANALYSER.tokens(chunk)
            for token in tokens:
                place = passage, position + token.position, token.surface
                places.setdefault(token.term, []).append(place)
            position += sum(not token.is_overlay for token in tokens)
        lengths.append(position)
    return {term: sorted(found) for term, found in places.items()}, lengths


def dense_terms(segment: Segment) -> dict[int, int]:
    """The row in the bitmaps of each term that has one."""
    return {number: row for row, number in enumerate(segment.columns["dense_terms"].tolist())}


def numbers_of(segment: Segment) -> dict[str, int]:
    return {segment.terms[number].decode(): number for number in range(len(segment.terms))}


def test_index_of_the_tests_has_terms_of_every_sort(segment: Segment) -> None:
    numbers = numbers_of(segment)
    dense = {term for term, number in numbers.items() if number in dense_terms(segment)}
    varied = {term for term, number in numbers.items() if len(segment.surfaces_of(number)) > 1}
    assert {"the", "troop", "ceasefir"} <= dense
    assert {"word7", "border"} <= set(numbers) - dense
    assert {"ceasefir", "war"} <= varied
    assert "the" not in varied


def test_terms_are_sorted_and_are_those_of_the_texts(segment: Segment) -> None:
    terms = [segment.terms[number] for number in range(len(segment.terms))]
    assert terms == sorted(term.encode() for term in recount(segment)[0])


def test_postings_and_codes_are_those_of_a_recount(segment: Segment) -> None:
    places, lengths = recount(segment)
    for term, number in numbers_of(segment).items():
        frequencies = Counter(passage for passage, _, _ in places[term])
        passages, codes = segment.postings(number)
        assert passages.tolist() == sorted(frequencies), term
        assert codes.tolist() == [frequencies[p] << 8 | lengths[p] for p in sorted(frequencies)], term
        assert segment.doc_freq(number) == len(frequencies)
        assert [str(column.dtype) for column in (passages, codes)] == ["int64", "uint16"]


def test_occurrences_are_those_of_a_recount(segment: Segment) -> None:
    places, _ = recount(segment)
    for term, number in numbers_of(segment).items():
        surfaces = [surface.decode() for surface in segment.surfaces_of(number)]
        found = segment.occurrences(number)
        rows = zip(found.passages, found.positions, (surfaces[v] for v in found.variants), strict=True)
        assert list(rows) == places[term], term


def test_term_is_found_in_the_passages_that_hold_it_dense_or_not(segment: Segment) -> None:
    places, _ = recount(segment)
    everywhere = np.arange(segment.n_passages)
    for term, number in numbers_of(segment).items():
        holders = sorted({passage for passage, _, _ in places[term]})
        for asked in (everywhere, everywhere[::7], everywhere[:0], np.array(holders)):
            postings = segment.inverted.postings(number)
            found = [postings.find(passage) for passage in asked.tolist()]
            expected = [holders.index(p) if p in holders else -1 for p in asked.tolist()]
            assert found == expected, term


def test_texts_are_read_by_several_threads_at_once(tmp_path: Path) -> None:
    texts = [" ".join(map(str, np.random.default_rng(seed).random(2000))) for seed in range(4)]
    segment = build(tmp_path, [Article(address=str(number), text=text) for number, text in enumerate(texts)])
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(segment.texts.read, [*range(4)] * 50)) == texts * 50


def test_several_texts_are_read_at_once_in_any_order_and_none_of_none(tmp_path: Path) -> None:
    texts = ["one", "", "three – é", "four"]
    segment = build(tmp_path, [Article(address=str(number), text=text) for number, text in enumerate(texts)])
    assert segment.texts.read_all([3, 0, 2]) == {3: "four", 0: "one", 2: "three – é"}
    assert segment.texts.read_all([]) == {}


def test_bitmap_has_a_bit_for_every_passage_of_a_dense_term(segment: Segment) -> None:
    places, _ = recount(segment)
    for term, number in numbers_of(segment).items():
        holders = {passage for passage, _, _ in places[term]}
        row = dense_terms(segment).get(number)
        assert (row is not None) == (len(holders) * 16 > segment.n_passages), term
        if row is not None:
            bitmap = segment.columns["bitmaps"][row].tolist()
            bits = {
                64 * word + bit
                for word, bits in enumerate(bitmap)
                for bit in range(64)
                if int(bits) >> bit & 1
            }
            assert bits == holders


def test_bounds_dominate_every_code(segment: Segment) -> None:
    for number in range(len(segment.terms)):
        first, end = segment.columns["bound_starts"][number : number + 2].tolist()
        bounds = segment.columns["bounds"][first:end].tolist()
        codes = segment.postings(number).codes.tolist()
        assert set(bounds) <= set(codes)
        for code in codes:
            assert any(bound >> 8 >= code >> 8 and bound & 255 <= code & 255 for bound in bounds)


def test_surfaces_are_sorted_and_know_their_terms(segment: Segment) -> None:
    surfaces = [segment.surfaces[number] for number in range(len(segment.surfaces))]
    assert surfaces == sorted(surfaces)
    assert segment.term_of(b"war's") == b"war"
    assert segment.term_of(b"cease-fires") == b"ceasefir"
    assert segment.term_of(b"susa") == b"susa"
    assert segment.term_of(b"peace") is None
    for number, surface in enumerate(surfaces):
        term = int(segment.columns["surface_term"][number])
        assert segment.surfaces_of(term)[int(segment.columns["surface_variant"][number])] == surface


def test_articles_come_back_with_text_and_metadata(segment: Segment) -> None:
    assert segment.n_articles == len(ARTICLES)
    assert list(segment.article_strings("address")) == [article.address for article in ARTICLES]
    for number in (0, 5, 149):
        given, found = ARTICLES[number], segment.article(number)
        assert found.title
        assert found == dataclasses.replace(given, title=found.title, title_from=found.title_from)


@pytest.mark.parametrize("batch_bytes", [1, 50, 1000])
def test_number_of_batches_does_not_show(
    tmp_path: Path, segment: Segment, monkeypatch: pytest.MonkeyPatch, batch_bytes: int
) -> None:
    monkeypatch.setattr("searcher.indexing.inversion.batch.BATCH_BYTES", batch_bytes)
    monkeypatch.setattr("searcher.indexing.inversion.threads.n_processors", lambda: 1)
    assert_same(build(tmp_path, ARTICLES), segment)
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{NAME}.npz", f"{NAME}.zst"]


@pytest.mark.parametrize("range_occurrences", [1, 100])
def test_size_of_the_ranges_that_are_merged_does_not_show(
    tmp_path: Path, segment: Segment, monkeypatch: pytest.MonkeyPatch, range_occurrences: int
) -> None:
    monkeypatch.setattr("searcher.storage.many_terms.RANGE_OCCURRENCES", range_occurrences)
    assert_same(build(tmp_path, ARTICLES), segment)


def assert_same(found: Segment, expected: Segment) -> None:
    for name, column in expected.columns.items():
        assert found.columns[name].tolist() == column.tolist(), name


@pytest.mark.parametrize("texts", [[""], ["***"], ["", "***", ""], ["one"], ["", "one", "***"]])
def test_articles_without_words_are_articles(tmp_path: Path, texts: list[str]) -> None:
    articles = [Article(address=str(number), text=text) for number, text in enumerate(texts)]
    segment = build(tmp_path, articles)
    assert [segment.article(number).text for number in range(segment.n_articles)] == texts
    n_words = segment.columns["passage_length"].sum()
    assert n_words == len(segment.columns["positions"]) == texts.count("one")


@pytest.mark.parametrize("address", ["a", "b"])
def test_addresses_must_ascend(tmp_path: Path, address: str) -> None:
    with SegmentBuilder(tmp_path, NAME, ANALYSER) as builder:
        builder.add(Article(address="b", text="x"), "")
        with pytest.raises(ValueError, match=f"article {address} comes behind b"):
            builder.add(Article(address=address, text="x"), "")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    build(tmp_path, ARTICLES[:2])
    return tmp_path


def test_missing_or_cut_file_of_texts_is_corrupt(small: Path) -> None:
    texts = small / f"{NAME}.zst"
    whole = texts.read_bytes()
    for n_bytes in range(len(whole)):
        texts.write_bytes(whole[:n_bytes])
        with pytest.raises(IndexCorruptError):
            Segment(small, NAME)
    texts.unlink()
    with pytest.raises(IndexCorruptError, match="it is missing"):
        Segment(small, NAME)


def test_damaged_text_is_corrupt_when_it_is_read(small: Path) -> None:
    texts = small / f"{NAME}.zst"
    texts.write_bytes(b"x" * len(texts.read_bytes()))
    segment = Segment(small, NAME)
    with pytest.raises(IndexCorruptError, match=rf"{NAME}\.zst"):
        segment.article(0)


def test_of_several_texts_the_damaged_one_is_named(small: Path) -> None:
    whole = Segment(small, NAME)
    start = int(whole.columns["text_starts"][1])
    path = small / f"{NAME}.zst"
    path.write_bytes(path.read_bytes()[:start] + b"xxxx" + path.read_bytes()[start + 4 :])
    with pytest.raises(IndexCorruptError, match="text of article 1 "):
        Segment(small, NAME).texts.read_all([0, 1])


def test_text_that_claims_more_memory_than_there_is_is_corrupt(small: Path) -> None:
    size = len((small / f"{NAME}.zst").read_bytes())
    frame = b"\x28\xb5\x2f\xfd\xe0" + (1 << 50).to_bytes(8, "little")
    (small / f"{NAME}.zst").write_bytes(frame.ljust(size, b"\0"))
    with pytest.raises(IndexCorruptError, match="text of article 0"):
        Segment(small, NAME).texts.read(0)


@pytest.mark.parametrize(
    ("name", "column", "detail"),
    [
        ("codes", None, "column codes is missing"),
        ("codes", np.zeros(3, np.uint32), "column codes has dtype <u4"),
        ("variants", np.zeros(3, np.int8), "column variants has dtype"),
        ("passage_start", np.zeros(9, np.uint32), "column passage_start has 9 entries"),
        ("passage_kind", np.zeros(1, np.uint8), "column passage_kind has 1 entries"),
    ],
)
def test_segment_of_other_columns_is_corrupt(
    small: Path, name: str, column: "np.ndarray[tuple[int], np.dtype[np.generic]] | None", detail: str
) -> None:
    path = small / f"{NAME}.npz"
    columns = read_columns(path)
    del columns[name]
    if column is not None:
        columns[name] = column
    path.unlink()
    write_columns(path, columns)
    with pytest.raises(IndexCorruptError, match=detail):
        Segment(small, NAME)


def test_ranges_are_expanded_in_order() -> None:
    assert expand(np.array([5, 9, 0]), np.array([2, 0, 3])).tolist() == [5, 6, 0, 1, 2]
    assert expand(np.zeros(0, np.int64), np.zeros(0, np.int64)).tolist() == []
