from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

from searcher import Article, Hit, build_index
from searcher.engine import Options
from searcher.language.tree import Within
from searcher.querying.results.alerts import News, evidence
from searcher.querying.search import Searcher
from searcher.storage.snapshot import open_snapshot

EVERYTHING = 1 << 32
QUIET = "\n\n".join(
    f"Nothing of note was heard from ward {n}, where {'people slept and ' * 9}rested." for n in range(8)
)


class Newsroom:
    """One query over articles that come and go."""

    def __init__(self, folder: Path, query: str, **texts: str) -> None:
        self._folder = folder
        self._query = query
        self._news = News()
        self._n_editions = 0
        self._texts: dict[str, str] = {}
        self.publish(**texts)

    def hits(self, within: Collection[str], *, keeps_headings: bool = False) -> tuple[Hit, ...]:
        searcher = Searcher(open_snapshot(self._folder / str(self._n_editions)))
        only = Within(tuple(within), keeps_headings)
        return searcher.ask(self._query, Options(EVERYTHING, "all", within=only)).hits

    def publish(self, *gone: str, **texts: str) -> list[str]:
        """Take articles out and in; give the line that each hit which is news begins with."""
        changed = {*gone, *texts} & self._texts.keys()
        before = self.hits(changed, keeps_headings=True) if self._texts else ()
        self._texts = {address: text for address, text in self._texts.items() if address not in gone} | texts
        self._n_editions += 1
        articles = [Article(address=address, text=text) for address, text in self._texts.items()]
        build_index(articles, self._folder / str(self._n_editions), language="none")
        found = self._news.among(self.hits(texts.keys()), before, gone)
        assert [hit.rank for hit in found] == list(range(1, len(found) + 1))
        return [f"{hit.article.address}:{hit.line}" for hit in found]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def article(*paragraphs: str) -> str:
    return "\n\n".join(["A Headline", *paragraphs]) + "\n"


def test_what_matches_in_a_new_article_is_news(folder: Path) -> None:
    room = Newsroom(folder, "truce", old=article("A truce held."))
    assert room.publish(new=article("The truce broke."), other=article("Rain.")) == ["new:3"]


def test_same_words_in_another_article_are_news_there(folder: Path) -> None:
    room = Newsroom(folder, "truce", old=article("A truce held."))
    assert room.publish(copy=article("A truce held.")) == ["copy:3"]


def test_words_that_were_seen_elsewhere_are_news_in_a_copy(folder: Path) -> None:
    room = Newsroom(folder, "truce", old=article("A truce held."))
    assert room.publish(old=article("A truce held.", "Rain fell.")) == []
    assert room.publish(copy=article("A truce held.")) == ["copy:3"]


def test_what_matched_before_an_edit_elsewhere_in_the_article_is_none(folder: Path) -> None:
    room = Newsroom(folder, "truce", a=article("A truce held.", QUIET, "A truce was signed."))
    assert room.publish(a=article("A truce held.", QUIET, "Rain fell.", "A truce was signed.")) == []


def test_only_the_passage_that_was_added_is_news(folder: Path) -> None:
    room = Newsroom(folder, "truce", a=article("A truce held.", QUIET))
    assert room.publish(a=article("A truce held.", QUIET, "A truce was signed.")) == ["a:21"]


def test_line_that_was_edited_is_news(folder: Path) -> None:
    room = Newsroom(folder, "truce", a=article("A truce held."))
    assert room.publish(a=article("No truce held.")) == ["a:3"]


def test_borders_of_passages_that_move_make_no_news(folder: Path) -> None:
    names = [f"The truce in ward {n} {'went on and ' * 12}on." for n in range(12)]
    room = Newsroom(folder, "truce", a=article(*names))
    passages = {hit.passage.text for hit in room.hits(["a"])}
    assert room.publish(a=article("Rain fell. " * 25, *names)) == []
    assert not passages & {hit.passage.text for hit in room.hits(["a"])}, "some border has not moved"


def test_moved_article_is_none_and_its_new_lines_are(folder: Path) -> None:
    room = Newsroom(folder, "truce", a=article("A truce held."))
    assert room.publish("a", b=article("A truce held.")) == []
    assert room.publish("b", c=article("A truce held.", "The truce broke.")) == ["c:3"]


def test_article_that_comes_back_is_none(folder: Path) -> None:
    room = Newsroom(folder, "truce", a=article("A truce held."), b=article("Rain."))
    assert room.publish("a") == []
    assert room.publish(a=article("A truce held.")) == []


def test_line_that_comes_back_is_none(folder: Path) -> None:
    room = Newsroom(folder, "truce", a=article("A truce held."))
    assert room.publish(a=article("The truce broke.")) == ["a:3"]
    assert room.publish(a=article("A truce held.")) == []


def test_headline_that_matched_leads_to_no_news_when_the_article_below_it_changes(folder: Path) -> None:
    room = Newsroom(folder, "truce", a="A Truce Is Signed\n\nRain fell.\n")
    assert [hit.heading.text for hit in room.hits(["a"]) if hit.heading] == ["A Truce Is Signed"]
    assert room.publish(a="A Truce Is Signed\n\nSnow fell.\n") == []
    assert room.publish(a="A Truce Is Broken\n\nSnow fell.\n") == ["a:3"]


def test_headline_that_matched_beside_a_passage_is_no_news_without_it(folder: Path) -> None:
    room = Newsroom(folder, "truce", a="A Truce Is Signed\n\nA truce held.\n")
    assert [hit.heading for hit in room.hits(["a"])] == [None]
    assert room.publish(a="A Truce Is Signed\n\nSnow fell.\n") == []


def test_passage_in_which_nothing_is_marked_is_told_by_all_its_lines(folder: Path) -> None:
    room = Newsroom(folder, "path:a", a=article("A truce held.", QUIET))
    assert not any(hit.marks for hit in room.hits(["a"]))
    assert room.publish(a=article("A truce held.", QUIET)) == []
    assert room.publish(a=article("A truce held.", QUIET, "Rain fell.")) == ["a:17"]


def test_evidence_is_every_line_with_a_mark(folder: Path) -> None:
    room = Newsroom(folder, '"truce held" rain', a="Nothing.\nRain and  then\ta truce\nheld on.\nNothing.\n")
    (hit,) = room.hits(["a"])
    assert evidence(hit) == {"Rain and then a truce", "held on."}


@pytest.mark.parametrize(("within", "found"), [(["b", "none"], ["b"]), ([], []), (["none"], [])])
def test_search_keeps_within_some_articles(folder: Path, within: list[str], found: list[str]) -> None:
    texts: Mapping[str, str] = {name: article("A truce held.") for name in "abc"}
    room = Newsroom(folder, "truce", **texts)
    assert [hit.article.address for hit in room.hits(within)] == found
