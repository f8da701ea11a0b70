"""A query object of Whoosh's finds in the program what it finds in an index of Whoosh's own, and its marks prove it."""

import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import whoosh_ram
from sizes import Sizes, both_sizes
from whoosh import query as whoosh
from whoosh.query import spans
from whoosh_asker import Asker

from searcher import Article, Index, Kind, QueryError, build_index, open_index
from searcher.language.tree import And, Foreign, Node, Not, Or
from searcher.querying.search import Searcher
from searcher.querying.whoosh.translate import translate
from searcher.storage.snapshot import open_snapshot

ANY_KIND = whoosh.Or([whoosh.Term("kind", kind.name.lower()) for kind in Kind])


def _leaves(node: Node) -> Iterator[Node]:
    match node:
        case And(nodes) | Or(nodes):
            for child in nodes:
                yield from _leaves(child)
        case Not(inner):
            yield from _leaves(inner)
        case _:
            yield node


def _and_not(query: Any, *options: Any) -> Any:
    """Do right what Whoosh's `AndNotMatcher` does wrong: it lets documents through that it should not."""
    return whoosh.And([query.a, whoosh.Not(query.b)]).matcher(*options)


def _known(rng: random.Random, asker: Asker) -> Any:
    """Make up a query of types that the program knows, now and then with one inside that it does not."""
    word = asker.term("exact")
    leaves = [
        lambda: whoosh.Term("text", asker.term("text"), boost=rng.choice((1.0, 2.0))),
        lambda: whoosh.Term("exact", word),
        lambda: whoosh.Phrase(field := rng.choice(("text", "exact")), [asker.term(field) for _ in range(2)]),
        lambda: whoosh.Prefix("exact", word[:2]),
        lambda: whoosh.Wildcard("exact", word.replace(rng.choice(word), rng.choice("?*"))),
        lambda: whoosh.FuzzyTerm("exact", word[1:] or "a", maxdist=rng.choice((1, 2)), prefixlength=0),
        whoosh.Every,
        asker.query,
    ]
    if rng.random() < 0.65:
        return rng.choice(leaves)()
    few = [_known(rng, asker) for _ in range(2)]
    return rng.choice((whoosh.And(few), whoosh.Or(few), whoosh.AndNot(*few), whoosh.Not(few[0])))


@pytest.mark.parametrize("block", range(4))
@both_sizes
def test_every_type_of_query_finds_what_it_finds_in_an_index_of_whooshs_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, sizes: Sizes
) -> None:
    whoosh_ram.teach_whoosh(monkeypatch)
    n_compared = n_found = n_native = n_mixed = 0
    for seed in sizes(monkeypatch, range(block, 16, 4), 4):
        rng = random.Random(f"objects {seed}")
        folder = tmp_path / str(seed)
        scattered = whoosh_ram.build_both(rng, folder)
        own = whoosh_ram.ram_index(folder).searcher()
        where = [(article.address, start, end) for article, _, start, end, _ in whoosh_ram.passages(folder)]
        asker = Asker(rng, own.reader())
        searcher = Searcher(open_snapshot(folder))
        with open_index(folder) as one, open_index(scattered) as several:
            for _ in range(60):
                query = rng.choice((asker.query, partial(_known, rng, asker)))()
                with monkeypatch.context() as patch:
                    patch.setattr(whoosh.AndNot, "matcher", _and_not)
                    expected = sorted(where[doc] for doc in query.docs(own))
                results = []
                for index in (one, several):
                    result = index.search(whoosh.And([query, ANY_KIND]), limit=10_000)
                    found = sorted(
                        (hit.article.address, hit.passage.start, hit.passage.end) for hit in result
                    )
                    assert found == expected, repr(query)
                    assert result.total == len(expected)
                    results.append(
                        [(hit.article.address, hit.passage.start, hit.score, hit.marks) for hit in result]
                    )
                assert results[0] == results[1], repr(query)
                are_foreign = [
                    isinstance(leaf, Foreign)
                    for node in translate(query, searcher.whoosh_reader, searcher.analyser).required
                    for leaf in _leaves(node)
                ]
                n_native += not any(are_foreign)
                n_mixed += any(are_foreign) and not all(are_foreign)
                n_compared += 1
                n_found += bool(expected)
    assert n_found > n_compared / 2
    assert n_native > n_compared / 10
    assert n_mixed > n_compared / 50


class _Foreign(whoosh.And):  # type: ignore[misc]  # Whoosh's classes are not typed for us
    """An And that the program does not know."""


@both_sizes
def test_whooshs_matchers_and_the_evaluator_give_equal_scores_and_marks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sizes: Sizes
) -> None:
    n_corpora = n_found = 0
    for seed in sizes(monkeypatch, range(12), 3):
        n_corpora += 1
        rng = random.Random(f"scores {seed}")
        scattered = whoosh_ram.build_both(rng, tmp_path / str(seed))
        with open_index(scattered) as index:
            terms = [term.decode() for term in index.whoosh_reader().lexicon("text")]
            for _ in range(20):
                few = [whoosh.Term("text", rng.choice(terms)) for _ in range(rng.choice((1, 2, 3)))]
                query = rng.choice((whoosh.Or, whoosh.And))(few)
                weight = rng.choice((1.0, 2.5))
                native = index.search(whoosh.And([query, ANY_KIND], boost=weight), limit=10_000)
                foreign = index.search(whoosh.And([_Foreign([query]), ANY_KIND], boost=weight), limit=10_000)
                by_place = {(hit.article.address, hit.passage.start): hit for hit in foreign}
                assert len(by_place) == native.total
                for hit in native:
                    other = by_place[hit.article.address, hit.passage.start]
                    assert other.score == pytest.approx(hit.score)
                    assert other.marks == hit.marks
                    assert index.explain(query, other).score == pytest.approx(hit.score / weight)
                    n_found += 1
    assert n_found > 25 * n_corpora


@pytest.fixture
def news(tmp_path: Path) -> Iterator[Index]:
    texts = {
        "ash": "The volcano threw ash. Volcanoes threw more ash.",
        "talks": "Talks on a cease-fire began. The ceasefire talks were slow, and talks on wine were not.",
        "wine": "Wine, bread and cheese; cheese and wine. No talks of war.",
        "war": "# The war\n\nThe war went on. Nobody talked.",
    }
    build_index([Article(address=name, text=text, source="Herald") for name, text in texts.items()], tmp_path)
    with open_index(tmp_path) as index:
        yield index


def _text(field: str, *words: str) -> list[Any]:
    return [whoosh.Term(field, word) for word in words]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (whoosh.Term("text", "volcano"), {"ash": ["volcano", "Volcanoes"]}),
        (whoosh.Term("exact", "volcanoes"), {"ash": ["Volcanoes"]}),
        (whoosh.Term("exact", "ceasefire"), {"talks": ["cease-fire", "ceasefire"]}),
        (whoosh.Term("exact", "cease-fire"), {"talks": ["cease-fire", "ceasefire"]}),
        (whoosh.Phrase("text", ["ceasefir", "talk"]), {"talks": ["ceasefire talks"]}),
        (whoosh.Phrase("text", ["wine", "chees"], slop=3), {"wine": ["Wine", "cheese"]}),
        (whoosh.DisjunctionMax([whoosh.Phrase("exact", ["the", "war"])]), {"war": ["The war"]}),
        (whoosh.Prefix("exact", "volc"), {"ash": ["volcano", "Volcanoes"]}),
        (whoosh.Wildcard("exact", "v*oes"), {"ash": ["Volcanoes"]}),
        (whoosh.Wildcard("exact", "[vw]in*"), {"talks": ["wine"], "wine": ["Wine", "wine"]}),
        (whoosh.FuzzyTerm("exact", "volcanos", prefixlength=0), {"ash": ["volcano", "Volcanoes"]}),
        (whoosh.FuzzyTerm("exact", "bolcano"), {}),
        (whoosh.FuzzyTerm("exact", "vulcano"), {"ash": ["volcano"]}),
        (whoosh.Regex("exact", "ch.+e$"), {"wine": ["cheese", "cheese"]}),
        (whoosh.TermRange("exact", "bread", "cheese"), {"wine": ["bread", "cheese", "cheese"], "talks": ["cease-fire", "ceasefire"]}),
        (whoosh.AndNot(*_text("text", "talk", "wine")), {"war": ["talked"]}),
        (whoosh.AndMaybe(*_text("text", "wine", "bread")), {"talks": ["wine"], "wine": ["Wine", "bread", "wine"]}),
        (whoosh.DisjunctionMax([whoosh.AndNot(*_text("text", "talk", "wine"))]), {"war": ["talked"]}),
        (whoosh.DisjunctionMax([whoosh.And([*_text("text", "talk"), whoosh.Not(whoosh.Term("text", "wine"))])]), {"war": ["talked"]}),
        (spans.SpanNear(*_text("text", "wine", "bread")), {"wine": ["Wine", "bread"]}),
        (spans.SpanFirst(whoosh.Term("text", "war"), limit=2), {"war": ["war"]}),
        (spans.SpanNot(whoosh.Term("text", "talk"), whoosh.Phrase("text", ["ceasefir", "talk"])), {"talks": ["Talks", "talks"], "wine": ["talks"], "war": ["talked"]}),
        (whoosh.And([whoosh.Term("source", "herald"), whoosh.Term("text", "ash")]), {"ash": ["ash", "ash"]}),
        (whoosh.Or([]), {}),
        (whoosh.And([]), {}),
        (whoosh.NullQuery, {}),
        (whoosh.And([whoosh.Every(), whoosh.Term("text", "ash")]), {"ash": ["ash", "ash"]}),
        (whoosh.Term("nofield", "ash"), {}),
    ],
)  # fmt: skip
def test_what_made_a_passage_match_is_marked(news: Index, query: Any, expected: dict[str, list[str]]) -> None:
    result = news.search(query)
    found = {
        hit.article.address: [hit.article.text[mark.start : mark.end] for mark in hit.marks] for hit in result
    }
    assert found == expected
    assert result.total == len(expected)
    assert all(bool(hit.marks) for hit in result)


def test_a_query_object_is_written_as_python_writes_it(news: Index) -> None:
    query = whoosh.Or(
        [whoosh.Term("text", "war"), whoosh.Regex("exact", "w.r"), whoosh.ColumnQuery("path", "ash")]
    )
    result = news.search(query)
    assert result.query == result.understood
    assert (
        result.query
        == "Or([Term('text', 'war'), Regex('exact', 'w.r'), <whoosh.query.qcolumns.ColumnQuery>])"
    )


def test_dates_and_headings_are_treated_as_for_other_queries(news: Index) -> None:
    titled = news.search(whoosh.Regex("exact", "^war$"))
    assert [(hit.article.address, hit.passage.kind) for hit in titled] == [
        ("war", Kind.BODY),
        ("wine", Kind.BODY),
    ]
    asked = news.search(
        whoosh.DisjunctionMax([whoosh.And([whoosh.Term("kind", "title"), whoosh.Term("text", "war")])])
    )
    assert [hit.passage.kind for hit in asked] == [Kind.TITLE]
    assert news.search(whoosh.Regex("exact", "war"), since="2020").total == 0


def test_the_score_of_a_query_object_is_explained(news: Index) -> None:
    query = whoosh.And([whoosh.Term("text", "wine"), whoosh.Regex("exact", "bread|cheese")])
    (hit,) = news.search(query)
    explained = news.explain(query, hit)
    assert explained.score == hit.score
    assert [factor.frequency for factor in explained.factors] == [2, 0]
    assert explained.factors[1].saturation == explained.factors[1].score > 0
    assert str(explained).endswith("Regex('exact', 'bread|cheese'), as Whoosh's matchers add it up")


def test_a_bonus_for_many_words_counts(news: Index) -> None:
    terms = _text("text", "wine", "cheese", "bread")
    plain, with_bonus = (news.search(whoosh.Or(terms, scale=scale)) for scale in (None, 0.5))
    assert [hit.article.address for hit in plain] == [hit.article.address for hit in with_bonus]
    assert plain.hits[1].score != with_bonus.hits[1].score


def test_what_whoosh_cannot_run_is_refused_in_one_line(news: Index) -> None:
    with pytest.raises(QueryError, match=r"^Whoosh cannot run Regex\('exact', '\('\): ") as caught:
        news.search(whoosh.Regex("exact", "("))
    assert "\n" not in str(caught.value)
    with pytest.raises(QueryError, match="positions"):
        news.search(whoosh.Phrase("kind", ["body", "title"]))
    with pytest.raises(TypeError, match="query object of Whoosh's, not int"):
        news.search(5)
