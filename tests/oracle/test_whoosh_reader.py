"""Whoosh finds the same through our reader as in an index of its own, and as the program finds by itself."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import whoosh_ram
from sizes import Sizes, both_sizes
from whoosh import query as whoosh
from whoosh import sorting
from whoosh.matching import ReadTooFar
from whoosh.qparser import QueryParser
from whoosh.query import spans
from whoosh.reading import TermNotFound
from whoosh.searching import Searcher
from whoosh_asker import Asker

from searcher import Article, build_index, open_index
from searcher.querying.whoosh.matches import SegmentMatches, WhooshMatches
from searcher.querying.whoosh.reader import WhooshReader
from searcher.storage.snapshot import open_snapshot
from searcher.text.words.analysis import Analyser

N_CORPORA = 24
N_QUERIES = 60


def _reader(folder: Path) -> WhooshReader:
    return WhooshReader(open_snapshot(folder))


def _matches(reader: WhooshReader, query: Any) -> list[SegmentMatches]:
    found = WhooshMatches(reader, query)
    return [found.of(live.segment.name) for live in reader.snapshot.segments]


def _found(searcher: Any, query: Any, **options: Any) -> list[int]:
    return sorted(doc for _, doc in searcher.search(query, limit=None, **options).top_n)


@pytest.mark.parametrize("block", range(4))
@both_sizes
def test_every_type_of_query_finds_what_it_finds_in_an_index_of_whooshs_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, sizes: Sizes
) -> None:
    whoosh_ram.teach_whoosh(monkeypatch)
    n_asked = n_compared = n_found = 0
    for seed in sizes(monkeypatch, range(block, N_CORPORA, 4), 3):
        rng = random.Random(f"whoosh {seed}")
        folder = tmp_path / str(seed)
        scattered = whoosh_ram.build_both(rng, folder)
        own = whoosh_ram.ram_index(folder).searcher()
        ours = [Searcher(_reader(path)) for path in (folder, scattered)]
        asker = Asker(rng, own.reader())
        for _ in range(N_QUERIES):
            query = asker.query()
            n_asked += 1
            try:
                expected = _found(own, query)
            except IndexError:  # AndNotMatcher asks matchers at their end, which only ours bear
                continue
            for searcher in ours:
                assert _found(searcher, query) == expected, repr(query)
                assert sorted(query.docs(searcher)) == expected, repr(query)
            n_compared += 1
            n_found += bool(expected)
    assert n_compared > 0.95 * n_asked
    assert n_found > n_compared / 2


@both_sizes
def test_terms_and_their_places_are_those_of_an_index_of_whooshs_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sizes: Sizes
) -> None:
    whoosh_ram.teach_whoosh(monkeypatch)
    for seed in sizes(monkeypatch, range(15), 3):
        rng = random.Random(f"terms {seed}")
        folder = tmp_path / str(seed)
        scattered = whoosh_ram.build_both(rng, folder)
        own = whoosh_ram.ram_index(folder).reader()
        for reader in (_reader(folder), _reader(scattered)):
            assert list(reader.all_terms()) == list(own.all_terms())
            assert reader.doc_count_all() == reader.doc_count() == own.doc_count_all()
            for field, term in own.all_terms():
                ours, theirs = reader.term_info(field, term), own.term_info(field, term)
                assert (ours.doc_frequency(), ours.min_id(), ours.max_id()) == (
                    theirs.doc_frequency(), theirs.min_id(), theirs.max_id(),
                )  # fmt: skip
                assert reader.doc_frequency(field, term) == own.doc_frequency(field, term)
                assert _places(reader, field, term) == _places(own, field, term)
                if rng.random() < 0.02:
                    assert list(reader.terms_from(field, term)) == list(own.terms_from(field, term))


def _places(reader: Any, field: str, term: bytes) -> list[Any]:
    matcher = reader.postings(field, term)
    places = []
    while matcher.is_active():
        spans_here = matcher.spans() if matcher.supports("positions") else []
        places.append((matcher.id(), [(span.start, span.end) for span in spans_here]))
        matcher.next()
    return places


@both_sizes
def test_figures_of_terms_and_lengths_are_counted_from_the_tokens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sizes: Sizes
) -> None:
    for seed in sizes(monkeypatch, range(10), 3):
        rng = random.Random(f"figures {seed}")
        folder = tmp_path / str(seed)
        scattered = whoosh_ram.build_both(rng, folder)
        analyser = Analyser()
        texts = [
            [
                token
                for chunk in article.text[start:end].split()
                for token in analyser.tokens(chunk)
            ]
            for article, _, start, end, _ in whoosh_ram.passages(folder)
        ]  # fmt: skip
        lengths = [sum(not token.is_overlay for token in tokens) for tokens in texts]
        for reader in (_reader(folder), _reader(scattered)):
            assert [reader.doc_field_length(doc, "text") for doc in range(len(texts))] == lengths
            assert reader.field_length("exact") == sum(lengths)
            assert (reader.field_length("source"), reader.doc_field_length(0, "source", 7)) == (0, 7)
            assert reader.max_field_length("text") == max(lengths, default=0)
            assert reader.min_field_length("text") == min(lengths, default=255)
            for term in reader.lexicon("text"):
                counts = [sum(token.term.encode() == term for token in tokens) for tokens in texts]
                info = reader.term_info("text", term)
                held = [length for length, count in zip(lengths, counts, strict=True) if count]
                assert info.weight() == sum(counts) == reader.frequency("text", term)
                assert info.max_weight() == max(counts)
                assert (info.min_length(), info.max_length()) == (min(held), max(held))


@both_sizes
def test_a_few_best_hits_are_the_first_of_all_hits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sizes: Sizes
) -> None:
    for seed in sizes(monkeypatch, range(12), 3):
        rng = random.Random(f"best {seed}")
        folder = tmp_path / str(seed)
        whoosh_ram.build_both(rng, folder)
        reader = _reader(folder)
        searcher, asker = Searcher(reader), Asker(rng, reader)
        for _ in range(25):
            terms = [whoosh.Term("text", asker.term("text")) for _ in range(rng.choice((2, 3, 6)))]
            query = rng.choice((whoosh.Or, whoosh.And, whoosh.DisjunctionMax))(terms)
            every = [score for score, _ in searcher.search(query, limit=None).top_n]
            best = [score for score, _ in searcher.search(query, limit=3).top_n]
            assert best == pytest.approx(every[:3])


class Typed:
    """Makes up questions in the program's language, with query objects that mean the same."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._analyser = Analyser()

    def question(self, depth: int = 2) -> tuple[str, Any]:
        rng = self._rng
        typed = rng.choices(whoosh_ram.WORDS, k=rng.choice((1, 2, 2, 3)))
        kind = rng.randrange(7 if depth else 3)
        if kind == 0:
            return f'"{" ".join(typed)}"', self._side_by_side("exact", typed)
        if kind == 1:
            return f'stem:"{" ".join(typed)}"', self._side_by_side("text", typed)
        if kind == 2:
            return f"+{typed[0]}", self._side_by_side("text", typed[:1])
        text, query = self.question(depth - 1)
        if kind == 3:
            return f"NOT {text}", whoosh.Not(query)
        other_text, other = self.question(depth - 1)
        if kind == 4:
            return f"({text} OR {other_text})", whoosh.Or([query, other])
        return f"({text} AND {other_text})", whoosh.And([query, other])

    def _side_by_side(self, field: str, typed: Sequence[str]) -> Any:
        words = [self._word(field, word) for word in typed]
        return words[0] if len(words) == 1 else spans.SpanNear2(words)

    def _word(self, field: str, typed: str) -> Any:
        parts: dict[int, str] = {}
        joined = None
        tokens = self._analyser.tokens(typed)
        for token in tokens:
            text = token.term if field == "text" else token.surface.replace("-", "")
            if token.width > 1:
                joined = (
                    whoosh.Term(field, text) if token.width == max(t.position for t in tokens) + 1 else None
                )
            elif token.position not in parts or "." in token.surface:
                parts[token.position] = text
        if len(parts) == 1:
            return whoosh.Term(field, parts[0])
        phrase = spans.SpanNear2([whoosh.Term(field, parts[at]) for at in sorted(parts)])
        return phrase if joined is None else whoosh.Or([phrase, joined])


@both_sizes
def test_the_program_finds_what_whoosh_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sizes: Sizes
) -> None:
    n_found = n_asked = 0
    for seed in sizes(monkeypatch, range(25), 3):
        rng = random.Random(f"native {seed}")
        folder = tmp_path / str(seed)
        scattered = whoosh_ram.build_both(rng, folder)
        reader = _reader(scattered)
        with open_index(scattered) as index:
            for _ in range(25):
                text, query = Typed(rng).question()
                result = index.search(f"{text} kind:any", match="all", limit=10_000)
                found = sorted((hit.article.address, hit.passage.start, hit.passage.end) for hit in result)
                expected = sorted(
                    (fields["path"], fields["start"], fields["end"]) for fields in _fields_of(reader, query)
                )
                assert found == expected, text
                n_asked += 1
                n_found += bool(found)
    assert n_found > n_asked / 3


def _fields_of(reader: WhooshReader, query: Any) -> Iterator[dict[str, Any]]:
    for live, (numbers, scores) in zip(reader.snapshot.segments, _matches(reader, query), strict=True):
        assert numbers.tolist() == sorted(set(numbers.tolist()))
        assert len(scores) == len(numbers)
        columns = live.segment.columns
        for number in numbers.tolist():
            article = int(columns["passage_article"][number])
            assert live.is_live(article)
            yield {
                "path": live.segment.article_string("address", article),
                "start": int(columns["passage_start"][number]),
                "end": int(columns["passage_end"][number]),
            }


@both_sizes
def test_stored_fields_are_the_passage_and_the_metadata_of_its_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sizes: Sizes
) -> None:
    for seed in sizes(monkeypatch, range(12), 3):
        rng = random.Random(f"stored {seed}")
        folder = tmp_path / str(seed)
        scattered = whoosh_ram.build_both(rng, folder)
        expected = []
        for article, _, start, end, kind in whoosh_ram.passages(folder):
            fields = {
                "path": article.address, "title": article.title, "source": article.source, "author": article.author,
                "keyword": list(article.keywords) or None, "date": article.date, "kind": kind.name.lower(),
                "text": article.text[start:end], "start": start, "end": end,
            }  # fmt: skip
            expected.append({name: value for name, value in fields.items() if value is not None})
        for reader in (_reader(folder), _reader(scattered)):
            stored = [fields for _, fields in reader.iter_docs()]
            assert all(fields.pop("paragraph") >= 1 for fields in stored)
            assert stored == expected


@both_sizes
def test_results_are_sorted_and_grouped_by_fields(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sizes: Sizes
) -> None:
    for seed in sizes(monkeypatch, range(12), 3):
        rng = random.Random(f"sorted {seed}")
        folder = tmp_path / str(seed)
        reader = _reader(whoosh_ram.build_both(rng, folder))
        searcher = Searcher(reader)
        stored = list(reader.all_stored_fields())
        for field in ("path", "date", "kind", "source", "author", "title"):
            values = [fields.get(field, "").encode() for fields in stored]
            ascending = sorted(range(len(values)), key=values.__getitem__)
            found = searcher.search(whoosh.Every(), sortedby=field, limit=None)
            assert [doc for _, doc in found.top_n] == ascending
            falling = searcher.search(
                whoosh.Every(), sortedby=sorting.FieldFacet(field, reverse=True), limit=None
            )
            assert [values[doc] for _, doc in falling.top_n] == sorted(values, reverse=True)
            groups = searcher.search(whoosh.Every(), groupedby=field, limit=None).groups()
            assert {name: sorted(docs) for name, docs in groups.items()} == {
                value.decode(): [doc for doc, other in enumerate(values) if other == value]
                for value in values
            }
            assert list(reader.column_reader(field)) == [value.decode() for value in values]
        facet = sorting.FieldFacet("keyword", allow_overlap=True)
        groups = searcher.search(whoosh.Every(), groupedby=facet, limit=None).groups()
        with_bare = [
            [" ".join(word.lower() for word in keyword.replace("ı", "i").replace("-", " ").split()) for keyword in
             fields.get("keyword", [])] for fields in stored
        ]  # fmt: skip
        for name, docs in groups.items():
            assert sorted(docs) == [
                d for d, names in enumerate(with_bare) if (name in names if name else not names)
            ]


NEWS = {
    "volcano": "The volcano erupted. Lava and ash from the volcano covered the village. The eruption lasted a week.",
    "ash": "Ash of the volcano closed the airport. The eruption was seen from afar.",
    "talks": "Peace talks resumed after the cease-fire. The ceasefire talks were long.",
    "cleansing": "They spoke of ethnic cleansing. Cleansing is what the cleaners do. The cleansed house was long empty.",
    "cheese": "Cheese and wine were served after the talks, and more cheese.",
}


@pytest.fixture
def news(tmp_path: Path) -> WhooshReader:
    articles = [Article(address=name, text=text, title="News") for name, text in NEWS.items()]
    build_index(articles, tmp_path / "news")
    return _reader(tmp_path / "news")


def _paths(searcher: Searcher, query: Any) -> list[str]:
    return sorted(hit["path"] for hit in searcher.search(query, limit=None))


def test_more_like_this_finds_the_article_on_the_same_subject(news: WhooshReader) -> None:
    searcher = Searcher(news)
    doc = searcher.document_number(path="volcano")
    key_terms = [term for term, _ in searcher.key_terms([doc], "text", numterms=3)]
    assert "volcano" in key_terms
    assert searcher.more_like(doc, "text", numterms=3)[0]["path"] == "ash"
    first = searcher.search(whoosh.Term("text", "lava"))[0]
    assert first.more_like_this("text", numterms=3)[0]["path"] == "ash"
    assert not news.has_vector(doc, "text")
    with pytest.raises(KeyError, match="no vectors"):
        news.vector(doc, "text")


def test_spelling_suggests_the_nearest_words_first(news: WhooshReader) -> None:
    searcher = Searcher(news)
    assert searcher.suggest("exact", "cleensing") == ["cleansing"]
    assert searcher.suggest("exact", "cleasned") == ["cleansed"]
    assert searcher.suggest("exact", "lon", maxdist=2)[0] == "long"
    assert news.frequency("exact", "the") > news.frequency("exact", "they")
    assert searcher.suggest("exact", "hey", limit=2) == ["they", "the"]
    assert searcher.suggest("exact", "cease-fier", maxdist=1) == ["ceasefire"]
    assert set(news.terms_within("exact", "cleansing", 2)) == {"cleansing"}
    assert set(news.terms_within("exact", "xeace", 1, prefix=1)) == set()
    assert set(news.terms_within("exact", "xeace", 1)) == {"peace"}
    typed = "volcanno lava"
    parsed = QueryParser("exact", news.schema).parse(typed)
    assert searcher.correct_query(parsed, typed).string == "volcano lava"


def test_a_joined_word_is_found_by_each_way_of_writing_it_and_is_as_wide_as_it_is_written(
    news: WhooshReader,
) -> None:
    searcher = Searcher(news)
    assert news.frequency("exact", "ceasefire") == 2
    assert ("exact", "cease-fire") in news
    assert ("exact", b"cease-fire") in news
    assert _paths(searcher, whoosh.Term("exact", "cease-fire")) == ["talks"]
    assert _paths(searcher, whoosh.Prefix("exact", "cease-f")) == ["talks"]
    assert _paths(searcher, whoosh.Phrase("exact", ["the", "ceasefire", "the"])) == ["talks"]
    assert _paths(searcher, whoosh.Phrase("exact", ["the", "ceasefire", "fire"])) == []
    assert _paths(searcher, whoosh.Phrase("exact", ["the", "cease", "fire", "the"])) == ["talks"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Cleansing", whoosh.Term("text", "cleans")),
        ("cease-fire", whoosh.Phrase("text", ["ceas", "fire"])),
        ("exact:Talks", whoosh.Term("exact", "talks")),
        ("exact:Cleans*", whoosh.Prefix("exact", "cleans")),
        ("exact:Cl?ans*", whoosh.Wildcard("exact", "cl?ans*")),
        ("US", whoosh.Term("text", "u.s")),
        ("path:a/B", whoosh.Term("path", "a/B")),
        ("UN cheese", whoosh.And([whoosh.Term("text", "u.n"), whoosh.Term("text", "chees")])),
    ],
)
def test_whooshs_parser_makes_terms_of_what_is_typed(
    news: WhooshReader, typed: str, expected: whoosh.Query
) -> None:
    assert QueryParser("text", news.schema).parse(typed) == expected


def test_whooshs_parser_steps_through_a_phrase_position_by_position(news: WhooshReader) -> None:
    parsed = QueryParser("exact", news.schema).parse('"after the Cease-Fire"')
    assert parsed.words == ["after", "the", "cease", "fire"]
    assert _paths(Searcher(news), parsed) == ["talks"]


def test_keywords_are_found_in_any_spelling(tmp_path: Path) -> None:
    build_index([Article(address="a", text="war", keywords=("Human  Rights", "Nagorno-Karabakh"))], tmp_path)
    searcher = Searcher(_reader(tmp_path))
    for keyword in ("Human Rights", "human rights", "NAGORNO-KARABAKH"):
        assert _paths(searcher, whoosh.Term("keyword", keyword)) == ["a"]
    assert _paths(searcher, whoosh.Term("keyword", "rights")) == []


def test_queries_that_whoosh_cannot_run_by_itself_are_mended(news: WhooshReader) -> None:
    near = spans.SpanNear(whoosh.Term("text", "ceasefir"), whoosh.Term("text", "talk"))
    talks = whoosh.Term("text", "talk")
    query = whoosh.And([near, talks])
    with pytest.raises(NotImplementedError):
        Searcher(news).search(query)
    column = whoosh.ColumnQuery("path", "ash")
    for wanted, expected in [
        (query, ["talks"]),
        (whoosh.Or([near, whoosh.And([whoosh.Term("text", "wine"), spans.SpanFirst(talks, limit=99)])]), ["cheese", "talks"]),
        (column, ["ash"]),
        (whoosh.Or([column, near]), ["ash", "talks"]),
        (whoosh.NullQuery, []),
        (whoosh.Or([]), []),
    ]:  # fmt: skip
        assert sorted(fields["path"] for fields in _fields_of(news, wanted)) == expected
    assert "estimate_size" not in vars(near)


def test_nested_queries_go_from_titles_to_what_follows_and_back(tmp_path: Path) -> None:
    texts = {"a": "# Cheese\n\nWar came to the town.", "b": "# War\n\nWine and bread were served."}
    build_index([Article(address=name, text=text) for name, text in texts.items()], tmp_path)
    reader = _reader(tmp_path)
    titles = whoosh.Term("kind", "title")
    below = whoosh.NestedChildren(titles, whoosh.And([titles, whoosh.Term("text", "war")]))
    above = whoosh.NestedParent(titles, whoosh.And([whoosh.Term("kind", "body"), whoosh.Term("text", "war")]))
    for query, path, kind in ((below, "b", "body"), (above, "a", "title")):
        (hit,) = Searcher(reader).search(query)
        assert (hit["path"], hit["kind"]) == (path, kind)
        assert [fields["path"] for fields in _fields_of(reader, query)] == [path]


def test_a_matcher_steps_skips_and_is_copied(news: WhooshReader) -> None:
    matcher = news.postings("text", "the")
    ids = list(matcher.all_ids())
    assert ids == [0, 1, 2, 3, 4]
    matcher.skip_to(2)
    assert matcher.id() == 2
    matcher.skip_to(1)
    assert matcher.id() == 2
    other = matcher.copy()
    matcher.next()
    assert (other.id(), matcher.id(), list(matcher.all_ids())) == (2, 3, [3, 4])
    assert matcher.value_as("frequency") == matcher.weight() == len(matcher.value_as("positions"))
    matcher.skip_to(9)
    assert not matcher.is_active()
    assert not matcher.replace().is_active()
    assert matcher.id() == 4, "AndNotMatcher asks at the end too"
    for step in (matcher.next, lambda: matcher.skip_to(9)):
        with pytest.raises(ReadTooFar):
            step()
    matcher.reset()
    assert matcher.id() == 0


def test_what_is_not_there_is_not_found(news: WhooshReader) -> None:
    assert ("text", "nowhere") not in news
    assert ("nofield", "talk") not in news
    assert news.doc_frequency("text", "nowhere") == news.frequency("text", "nowhere") == 0
    for call in (news.term_info, news.postings):
        for field, term in (
            ("text", "nowhere"),
            ("exact", ""),
            ("kind", "BODY"),
            ("nofield", "talk"),
            ("start", "0"),
        ):
            with pytest.raises(TermNotFound):
                call(field, term)
    assert not news.has_deletions()
    assert not any(news.is_deleted(doc) for doc in range(5))


def test_an_index_without_passages_finds_nothing(tmp_path: Path) -> None:
    build_index([Article(address="a", text="")], tmp_path)
    reader = _reader(tmp_path)
    assert list(reader.all_terms()) == []
    assert reader.doc_count_all() == reader.field_length("text") == reader.max_field_length("text") == 0
    for query in (
        whoosh.Every(),
        whoosh.Term("text", "war"),
        whoosh.Not(whoosh.Term("text", "war")),
        whoosh.Prefix("exact", "w"),
    ):
        assert list(_fields_of(reader, query)) == []
