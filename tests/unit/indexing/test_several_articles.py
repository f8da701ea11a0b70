"""A file may hold several articles: they come, change and go one by one."""

import os
from pathlib import Path

import line_format
import pytest

from searcher import Article, build_index, check_index, open_index
from searcher.indexing.folder import listing as folder_of_files
from searcher.indexing.folder.listing import FileState
from searcher.indexing.report import Report
from searcher.indexing.update import update
from searcher.model import Remark
from searcher.readers import SUFFIXES
from searcher.storage.catalogue import Seen, read_state


@pytest.fixture(autouse=True)
def _lines(monkeypatch: pytest.MonkeyPatch) -> None:
    line_format.register(monkeypatch)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    write(folder / "a.txt", "A file of its own, on war.")
    write(folder / "many.lines", "\n".join(f"n{number}:Line {number} is on war." for number in range(1_000)))
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


CLOCK = iter(range(1, 1_000))


def write(path: Path, text: str) -> None:
    path.write_text(text)
    moment = next(CLOCK)
    os.utime(path, ns=(moment, moment))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1
    write(path, text.replace(old, new))


def counts(report: Report) -> dict[str, int]:
    return {state: count for state, count in report.counts.items() if count}


def digest(index: Path) -> str:
    assert check_index(index).damages == ()
    with open_index(index) as opened:
        return opened.digest()


def found(index: Path, query: str) -> list[str]:
    with open_index(index) as opened:
        return sorted(hit.article.address for hit in opened.search(query, limit=5_000, match="all"))


def require_as_built_afresh(index: Path, corpus: Path) -> None:
    fresh = index.with_name("fresh")
    build_index(corpus, fresh, rebuild=True)
    assert digest(index) == digest(fresh)
    assert {path: seen._replace(mtime_ns=0) for path, seen in read_state(index)[1].entries.items()} == {
        path: seen._replace(mtime_ns=0) for path, seen in read_state(fresh)[1].entries.items()
    }


def test_articles_of_a_file_have_addresses_below_it_and_know_it(corpus: Path, index: Path) -> None:
    report = update(index, corpus)
    assert (counts(report), report.n_articles) == ({"new": 2}, 1_001)
    with open_index(index) as opened:
        article = opened.article("many.lines/n7")
        assert (article.text, article.file) == ("Line 7 is on war.", "many.lines")
        assert opened.article("a.txt").file == "a.txt"
        assert len(opened.search("war path:many.lines/*", limit=2_000)) == 1_000
    assert not update(index, corpus).has_changed


def test_catalogue_has_a_list_only_for_a_file_of_several(corpus: Path, index: Path) -> None:
    write(corpus / "one.lines", "only:One line.")
    update(index, corpus)
    entries = read_state(index)[1].entries
    assert entries["a.txt"].articles is None
    assert [*(entries["one.lines"].articles or {})] == ["only"]
    assert len(entries["many.lines"].articles or {}) == 1_000


def test_of_a_changed_file_only_the_articles_that_changed_are_indexed_anew(corpus: Path, index: Path) -> None:
    update(index, corpus)
    change(corpus / "many.lines", "Line 7 is on war.", "Line 7 is on peace.")
    report = update(index, corpus)
    assert (counts(report), report.taken) == ({"changed": 1, "unchanged": 1}, ("many.lines/n7",))
    assert found(index, "peace") == ["many.lines/n7"]
    assert len(found(index, "war")) == 1_000
    require_as_built_afresh(index, corpus)


def test_change_that_leaves_every_article_as_it_was_changes_nothing(corpus: Path, index: Path) -> None:
    update(index, corpus)
    before = digest(index)
    write(corpus / "many.lines", "\n".join(reversed((corpus / "many.lines").read_text().split("\n"))))
    report = update(index, corpus)
    assert (report.has_changed, report.taken) == (False, ())
    assert digest(index) == before
    assert not update(index, corpus).has_changed
    require_as_built_afresh(index, corpus)


def test_date_of_an_article_is_a_change_of_it(corpus: Path, index: Path) -> None:
    update(index, corpus)
    change(corpus / "many.lines", "n7:", "n7@2020:")
    assert update(index, corpus).taken == ("many.lines/n7",)
    assert found(index, "war date:2020") == ["many.lines/n7"]
    require_as_built_afresh(index, corpus)


def test_file_that_shrinks_or_grows_loses_or_gains_its_articles(corpus: Path, index: Path) -> None:
    update(index, corpus)
    write(corpus / "many.lines", "n3:Line 3 is on war.\nnew:On talks.")
    report = update(index, corpus)
    assert (report.n_articles, report.taken) == (3, ("many.lines/new",))
    assert found(index, "war") == ["a.txt", "many.lines/n3"]
    require_as_built_afresh(index, corpus)


def test_file_that_is_removed_takes_its_articles_along(corpus: Path, index: Path) -> None:
    update(index, corpus)
    (corpus / "many.lines").unlink()
    assert counts(update(index, corpus)) == {"removed": 1, "unchanged": 1}
    assert found(index, "war") == ["a.txt"]
    require_as_built_afresh(index, corpus)


def test_file_that_moves_takes_its_articles_along(corpus: Path, index: Path) -> None:
    update(index, corpus)
    (corpus / "many.lines").rename(corpus / "moved.lines")
    report = update(index, corpus)
    assert counts(report) == {"moved": 1, "unchanged": 1}
    assert (report.n_articles, len(found(index, "war path:moved.lines/*"))) == (1_001, 1_000)
    require_as_built_afresh(index, corpus)


def test_folder_in_place_of_a_file_of_several_may_give_the_same_addresses(corpus: Path, index: Path) -> None:
    write(corpus / "many.lines", "x.txt:On war.\ny.txt:On talks.")
    update(index, corpus)
    (corpus / "many.lines").unlink()
    (corpus / "many.lines").mkdir()
    write(corpus / "many.lines/x.txt", "On peace.")
    update(index, corpus)
    assert (found(index, "war"), found(index, "peace")) == (["a.txt"], ["many.lines/x.txt"])
    require_as_built_afresh(index, corpus)


def test_file_that_becomes_unreadable_loses_all_its_articles_until_it_is_readable(
    corpus: Path, index: Path
) -> None:
    update(index, corpus)
    whole = (corpus / "many.lines").read_text()
    write(corpus / "many.lines", whole + "\nsame:One.\nsame:Two.")
    report = update(index, corpus)
    assert counts(report) == {"unchanged": 1, "unreadable": 1}
    assert [path for path, reason in report.skipped if "two articles 'many.lines/same'" in reason] == [
        "many.lines"
    ]
    assert found(index, "war") == ["a.txt"]
    require_as_built_afresh(index, corpus)
    write(corpus / "many.lines", whole)
    assert update(index, corpus).n_articles == 1_001
    require_as_built_afresh(index, corpus)


def test_articles_of_files_whose_names_begin_alike_are_in_order(corpus: Path, index: Path) -> None:
    for name in ("b.lines", "b.lines x.txt", "b.lines-y.txt", "b.lines.lines", "b.lines0.txt"):
        write(corpus / name, "z:On war.\na:On war.")
    report = update(index, corpus)
    assert report.n_articles == 1_008
    with open_index(index) as opened:
        assert opened.addresses() == sorted(opened.addresses())
    assert check_index(index).damages == ()


@pytest.mark.parametrize("name", ["many.lines", "a.txt"])
def test_better_reader_reads_its_files_again_and_only_its(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    write(corpus / "many.lines", "n1:Line 1 is on war.\nN2:LINE 2 IS ON WAR.")
    write(corpus / "none.lines", "\n")
    suffix = Path(name).suffix
    other = corpus / ("a.txt" if name == "many.lines" else "many.lines")
    update(index, corpus)
    known = SUFFIXES[suffix]
    monkeypatch.setitem(
        SUFFIXES,
        suffix,
        known._replace(version=2, read=lambda path, data: known.read(path, data.upper())),
    )
    read: list[str] = []
    read_file = folder_of_files.read_file

    def noting(state: FileState) -> bytes:
        read.append(state.address)
        return read_file(state)

    monkeypatch.setattr(folder_of_files, "read_file", noting)
    with open_index(index) as opened:
        assert opened.status().is_fresh is False
    report = update(index, corpus)
    assert other.name not in read
    assert read.count(name) == 1
    assert report.counts["changed"] == 1
    with open_index(index) as opened:
        assert all(opened.article(address).text.isupper() for address in report.taken)
        assert {opened.article(address).file for address in report.taken} == {name}
        assert opened.status().is_fresh
    assert not update(index, corpus).has_changed
    assert {seen.reader for path, seen in read_state(index)[1].entries.items() if path.endswith(suffix)} == {
        2
    }
    require_as_built_afresh(index, corpus)


def test_file_is_read_once_whether_it_is_new_changed_or_moved(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(corpus / "b.txt", "On peace.")
    write(corpus / "c.txt", "On talks.")
    update(index, corpus)
    change(corpus / "many.lines", "Line 7 is on war.", "Line 7 is on peace.")
    change(corpus / "c.txt", "talks", "truce")
    (corpus / "b.txt").rename(corpus / "d.txt")
    write(corpus / "e.txt", "On sport.")
    read: list[str] = []
    read_file = folder_of_files.read_file

    def noting(state: FileState) -> bytes:
        read.append(state.address)
        return read_file(state)

    monkeypatch.setattr(folder_of_files, "read_file", noting)
    report = update(index, corpus)
    assert counts(report) == {"new": 1, "changed": 2, "moved": 1, "unchanged": 1}
    assert sorted(read) == ["c.txt", "d.txt", "e.txt", "many.lines"]
    require_as_built_afresh(index, corpus)


def test_files_beyond_what_is_kept_in_memory_are_read_again(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    update(index, corpus)
    monkeypatch.setattr(folder_of_files, "MAX_BYTES", 30)
    contents = folder_of_files.Contents()
    small, large = (
        FileState(name, str(corpus / name), (corpus / name).stat().st_size, 1)
        for name in ("a.txt", "many.lines")
    )
    prints = [contents.fingerprint(state) for state in (large, small)]
    for path in (corpus / "a.txt", corpus / "many.lines"):
        path.write_text("Other.")
    assert contents.read(small) == (b"A file of its own, on war.", prints[1])
    assert contents.read(large)[0] == contents.read(small)[0] == b"Other."


def test_what_is_not_understood_is_kept_with_its_article(corpus: Path, index: Path) -> None:
    change(corpus / "many.lines", "n7:", "n7@soon:")
    write(corpus / "b.txt", "---\ndate: 27 Sept\n---\nOn war.")
    report = update(index, corpus)
    remarks = [Remark("b.txt", "date", "27 Sept"), Remark("many.lines/n7", "date", "soon")]
    assert sorted(report.remarks) == remarks
    (corpus / "a.txt").unlink()
    assert update(index, corpus).remarks == ()
    with open_index(index) as opened:
        assert sorted(opened.status().remarks) == remarks
    change(corpus / "many.lines", "n7@soon:", "n7:")
    update(index, corpus)
    with open_index(index) as opened:
        assert opened.status().remarks == (remarks[0],)
    require_as_built_afresh(index, corpus)


def test_address_of_an_article_of_a_file_cannot_be_put_in_or_removed(corpus: Path, index: Path) -> None:
    update(index, corpus)
    with open_index(index) as opened:
        with pytest.raises(ValueError, match=r"'many\.lines/n7' is of 'many\.lines', a file of the corpus"):
            opened.put([Article(address="many.lines/n7", text="Mine.")])
        with pytest.raises(ValueError, match=r"'many\.lines/n7' is of 'many\.lines', a file of the corpus"):
            opened.remove(["many.lines/n7"])
        opened.put(
            [Article(address="many.lines", text="Mine."), Article(address="many.lines/mine", text="Too.")]
        )
        opened.update()
        opened.remove(["many.lines", "many.lines/mine"])
        assert not opened.update().has_changed
    require_as_built_afresh(index, corpus)


def test_file_is_skipped_while_a_program_has_an_address_of_its_articles(corpus: Path, index: Path) -> None:
    update(index, corpus)
    with open_index(index) as opened:
        opened.put(
            [Article(address="many.lines/mine", text="Mine."), Article(address="other", text="Other.")]
        )
        write(corpus / "many.lines", "n1:On war.\nmine:On talks.")
        report = opened.update()
        assert [path for path, _ in report.skipped] == ["many.lines"]
        assert "'many.lines/mine' is in the index already" in report.skipped[0][1]
        assert opened.addresses() == ["a.txt", "many.lines/mine", "other"]
        assert check_index(index).damages == ()
        opened.remove(["other"])
        assert [path for path, _ in opened.update().skipped] == ["many.lines"]
        opened.remove(["many.lines/mine"])
        assert opened.update().skipped == ()
    require_as_built_afresh(index, corpus)


def test_article_read_from_an_index_may_be_put_into_another(
    corpus: Path, index: Path, tmp_path: Path
) -> None:
    update(index, corpus)
    with open_index(index) as opened:
        article = opened.article("many.lines/n7")
    build_index([article], tmp_path / "other")
    with open_index(tmp_path / "other") as other:
        assert other.article("many.lines/n7").file is None
        assert not other.put([article]).has_changed


def test_entry_of_a_file_of_one_article_is_as_small_as_before(corpus: Path, index: Path) -> None:
    (corpus / "many.lines").unlink()
    update(index, corpus)
    (path,) = index.glob("catalogue-*.json")
    seen = read_state(index)[1].entries["a.txt"]
    assert seen == Seen(seen.size_bytes, seen.mtime_ns, seen.fingerprint)
    written = f'{{"a.txt":[{seen.size_bytes},{seen.mtime_ns},"{seen.fingerprint}"]}}'
    assert path.read_text() == written
