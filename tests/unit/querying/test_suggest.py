import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from searcher import Article, build_index, open_index
from searcher.cli.suggest import suggest as command
from searcher.indexing.segments.build import SegmentBuilder
from searcher.querying import suggest as suggesting
from searcher.querying.suggest import Suggestion, complete, suggest
from searcher.storage.manifest import SegmentEntry, commit, read_manifest, seal
from searcher.storage.snapshot import Snapshot, open_snapshot
from searcher.text.words.analysis import Analyser


def snapshot_of(folder: Path, *texts: str, language: str | None = None) -> Snapshot:
    """An index of one segment; every text is one passage."""
    articles = [Article(address=f"{number:02}", text=text) for number, text in enumerate(texts)]
    build_index(articles, folder, language=language)
    return open_snapshot(folder)


def scattered(folder: Path, *segments: tuple[Sequence[str], Sequence[int]]) -> Snapshot:
    """An index of several segments: the texts of each, and which of them are dead."""
    build_index([], folder)
    entries: list[SegmentEntry] = []
    for number, (texts, dead) in enumerate(segments, 10):
        with SegmentBuilder(folder, f"segment-{number:08d}", Analyser()) as builder:
            for place, text in enumerate(texts):
                builder.add(Article(address=f"{number} {place:02}", text=text), "")
            entries.append(seal(folder, builder.finish())._replace(dead_articles=tuple(dead)))
    commit(folder, read_manifest(folder)._replace(segments=tuple(entries)))
    return open_snapshot(folder)


def words(found: list[Suggestion]) -> list[tuple[str, int, int]]:
    return [(suggestion.surface, suggestion.n_passages, suggestion.distance) for suggestion in found]


def surfaces(found: list[Suggestion]) -> list[str]:
    return [suggestion.surface for suggestion in found]


# What is like a word


def test_misspelt_word_is_near_the_right_one(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, "Ethnic cleansing", "of the town", "cleansing and cleaning", "leaning")
    assert words(suggest(snapshot, "cleensing")) == [
        ("cleansing", 2, 1),
        ("cleaning", 1, 2),
        ("leaning", 1, 3),
    ]


@pytest.mark.parametrize(("typed", "distance"), [("town", 1), ("twon", 1), ("own", 1), ("towns", 1)])
def test_one_letter_replaced_swapped_missing_or_added_is_one_edit(
    tmp_path: Path, typed: str, distance: int
) -> None:
    snapshot = snapshot_of(tmp_path, "down" if typed == "town" else "town")
    assert [found.distance for found in suggest(snapshot, typed)] == [distance]


def test_no_letter_is_edited_twice(tmp_path: Path) -> None:
    # With swapped letters split again, *ca* would be two edits from *abc*: swap to *ac*, then insert b.
    snapshot = snapshot_of(tmp_path, "xxxabc")
    assert suggest(snapshot, "xxxca") == []


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [
        ("ab", ["abx"], ["abxx"]),
        ("abcd", ["abcdx"], ["abcdxx"]),
        ("abcde", ["abcdexx"], ["abcdexxx"]),
        ("abcdefgh", ["abcdefghxx"], ["abcdefghxxx"]),
        ("abcdefghi", ["abcdefghixxx"], ["abcdefghixxxx"]),
        ("жизнь", ["жизниць"], ["жизницька"]),
    ],
)
def test_longer_words_may_be_farther(tmp_path: Path, word: str, near: list[str], far: list[str]) -> None:
    snapshot = snapshot_of(tmp_path, " ".join([*near, *far]), language="none")
    assert surfaces(suggest(snapshot, word)) == near


def test_nearest_come_first_then_the_most_frequent_then_by_the_alphabet(tmp_path: Path) -> None:
    snapshot = snapshot_of(
        tmp_path,
        "tower towel power",
        "tower towel power",
        "towns towns towns towed",
        "powers powers",
        "powers",
    )
    assert words(suggest(snapshot, "towen", limit=9)) == [
        ("towel", 2, 1),
        ("tower", 2, 1),
        ("towed", 1, 1),
        ("power", 2, 2),
        ("towns", 1, 2),
    ]


def test_limit_cuts_what_would_come_last(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, "tower towel", "tower", "power")
    everything = suggest(snapshot, "towen", limit=9)
    assert surfaces(everything) == ["tower", "towel", "power"]
    for limit in range(4):
        assert suggest(snapshot, "towen", limit=limit) == everything[:limit]
    with pytest.raises(ValueError, match="limit is -1"):
        suggest(snapshot, "towen", limit=-1)


@pytest.mark.parametrize("typed", ["cleansing", "Cleansing’s", "CLEANSING", "clean-sing", "cléansing"])
def test_word_itself_is_not_suggested(tmp_path: Path, typed: str) -> None:
    snapshot = snapshot_of(tmp_path, "cleansing, cleansings, cleansing's")
    assert surfaces(suggest(snapshot, typed)) == ["cleansings"]


def test_acronym_is_not_suggested_for_its_other_spelling(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, "the UN and the uno")
    assert surfaces(suggest(snapshot, "UN")) == ["uno"]


@pytest.mark.parametrize("typed", ["", "!", "ceese fire", "AT&T", "x", "停戦", "2019", "\ud800"])
def test_what_is_not_one_word_of_letters_is_like_nothing(tmp_path: Path, typed: str) -> None:
    snapshot = snapshot_of(tmp_path, "cease fire a at t xx 2018 2019 停 戦 att")
    assert suggest(snapshot, typed) == []


def test_what_is_very_long_is_not_taken_for_a_word(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, "a" * 300)
    assert surfaces(suggest(snapshot, "a" * 256)) == []
    assert surfaces(complete(snapshot, "a" * 256)) == ["a" * 300]
    for typed in ("a" * 257, "a" * 299, "ab-" * 100_000):
        assert suggest(snapshot, typed) == complete(snapshot, typed) == []


def test_words_with_digits_are_suggested_only_for_those(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, "covid covid19 covid1")
    assert surfaces(suggest(snapshot, "covidd")) == ["covid"]
    assert surfaces(suggest(snapshot, "covid29")) == ["covid19", "covid", "covid1"]


# What counts as one word


def test_possessive_counts_as_its_word(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, "Armenia’s talks", "Armenia and Armenia's border", "in Armenia")
    assert words(suggest(snapshot, "armenai")) == [("armenia", 3, 1)]


def test_hyphenated_word_is_written_as_most_passages_do(tmp_path: Path) -> None:
    texts = ["the ceasefire ceasefire ceasefire", "a cease-fire", "this cease-fire's end"]
    assert words(suggest(snapshot_of(tmp_path / "hyphen", *texts), "ceesefire")) == [("cease-fire", 3, 1)]
    texts += ["Ceasefire", "no ceasefire"]
    assert words(suggest(snapshot_of(tmp_path / "joined", *texts), "cease-fyre")) == [("ceasefire", 5, 1)]


def test_equally_frequent_spellings_are_shown_without_hyphen(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, "cease-fire", "ceasefire")
    assert words(suggest(snapshot, "ceasefir")) == [("ceasefire", 2, 1)]


def test_accents_are_folded(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, "Şuşa", "Susa")
    assert words(suggest(snapshot, "Şuşi")) == [("susa", 2, 1)]


def test_surface_of_two_terms_is_one_word(tmp_path: Path) -> None:
    # In French, stems depend on accents, which surfaces have lost.
    snapshot = snapshot_of(tmp_path, "élevée", "elevee", "élevée elevee", language="french")
    found = snapshot.segments[0].segment.surfaces
    assert [found[number] for number in range(len(found))] == [b"elevee", b"elevee"]
    assert words(suggest(snapshot, "elevez")) == [("elevee", 3, 1)]


# History


def test_word_of_dead_articles_only_is_not_suggested(tmp_path: Path) -> None:
    snapshot = scattered(tmp_path, (["cleansing cleaning", "cleaning", "cleansings"], [0]))
    assert words(suggest(snapshot, "cleensing")) == [("cleaning", 1, 2), ("cleansings", 1, 2)]
    assert words(complete(snapshot, "clean")) == [("cleaning", 1, 0), ("cleansings", 1, 0)]


def test_dead_passages_do_not_make_a_word_frequent(tmp_path: Path) -> None:
    snapshot = scattered(tmp_path, (["tower", "tower", "tower", "towel", "towel", "tower"], [0, 1, 2]))
    assert words(suggest(snapshot, "towen", limit=1)) == [("towel", 2, 1)]
    assert words(complete(snapshot, "tow", limit=1)) == [("towel", 2, 0)]


def test_dead_passages_do_not_choose_the_spelling(tmp_path: Path) -> None:
    snapshot = scattered(tmp_path, (["cease-fire", "cease-fire", "ceasefire"], [0, 1]))
    assert words(suggest(snapshot, "ceesefire")) == [("ceasefire", 1, 1)]


def test_several_segments_are_as_one(tmp_path: Path) -> None:
    texts = ["tower towels", "towel tower", "cease-fire", "ceasefire towing", "cease-fire's tower", "town"]
    one = snapshot_of(tmp_path / "one", *texts)
    several = scattered(
        tmp_path / "several",
        (texts[:2], []),
        (["towers", *texts[2:5]], [0]),
        (texts[5:], []),
        (["tower"], [0]),
    )
    for word in ("towen", "twoer", "ceesefire", "to", "tow", "ceasefires"):
        assert suggest(several, word, limit=9) == suggest(one, word, limit=9)
    for prefix in ("t", "to", "cease", "cease-f", "x"):
        for limit in (1, 2, 9):
            assert complete(several, prefix, limit=limit) == complete(one, prefix, limit=limit)
    assert words(complete(several, "cease-f")) == [("cease-fire", 3, 0)]


@pytest.mark.parametrize("texts", [(), ("",), ("!",)])
def test_index_without_words_suggests_nothing(tmp_path: Path, texts: tuple[str, ...]) -> None:
    snapshot = snapshot_of(tmp_path, *texts)
    assert suggest(snapshot, "war") == complete(snapshot, "w") == []


# Completion


def test_completions_begin_with_the_prefix_most_frequent_first(tmp_path: Path) -> None:
    snapshot = snapshot_of(
        tmp_path, "cleansing cleaned", "cleaned", "clean unclean", "cleansing", "cleaned 2020"
    )
    assert words(complete(snapshot, "cleans")) == [("cleansing", 2, 0)]
    assert words(complete(snapshot, "Clean")) == [("cleaned", 3, 0), ("cleansing", 2, 0), ("clean", 1, 0)]
    assert words(complete(snapshot, "clean", limit=1)) == [("cleaned", 3, 0)]
    assert words(complete(snapshot, "20")) == [("2020", 1, 0)]
    assert complete(snapshot, "clean", limit=0) == []
    with pytest.raises(ValueError, match="limit is -1"):
        complete(snapshot, "clean", limit=-1)


def test_equally_frequent_completions_are_in_alphabetical_order(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, "towns tower town towel cease-fire ceased")
    assert surfaces(complete(snapshot, "tow")) == ["towel", "tower", "town", "towns"]
    assert surfaces(complete(snapshot, "cease")) == ["cease", "cease-fire", "ceased"]


def test_prefix_may_hold_hyphens_accents_and_capitals(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, "Nagorno-Karabakh", "Nagorno", "usually used by us", "Élysée")
    assert surfaces(complete(snapshot, "NAGORNO-K")) == ["nagorno-karabakh"]
    assert surfaces(complete(snapshot, "Nagorno-")) == ["nagorno", "nagorno-karabakh"]
    assert surfaces(complete(snapshot, "US")) == ["us", "used", "usually"]
    assert surfaces(complete(snapshot, "Ély")) == ["elysee"]


def test_only_words_that_may_come_first_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = []

    def count(surfaces: Any, distance: int) -> Suggestion:
        counted.append(distance)
        return count_all(surfaces, distance)

    count_all = suggesting._count
    monkeypatch.setattr(suggesting, "_count", count)
    rare = " ".join(f"tow{letter}" for letter in "abcdefghijklm")
    snapshot = snapshot_of(tmp_path, f"{rare} town towns", "town towns", "town")
    assert words(complete(snapshot, "tow", limit=1)) == [("town", 3, 0)]
    assert len(counted) <= 2


@pytest.mark.parametrize("prefix", ["", " ", "?", ".*", "the clean", "AT&T", "\ud800"])
def test_nothing_begins_with_what_is_not_the_beginning_of_one_word(tmp_path: Path, prefix: str) -> None:
    assert complete(snapshot_of(tmp_path, "the clean AT&T"), prefix) == []


def test_characters_of_a_prefix_stand_for_themselves(tmp_path: Path) -> None:
    assert surfaces(complete(snapshot_of(tmp_path, "u.s.a uxs 3.5 345"), "U.S")) == ["u.s.a"]


# The ways in


def test_index_suggests_and_completes(tmp_path: Path) -> None:
    snapshot_of(tmp_path, "cleansing", "cleaning", "cleaning")
    with open_index(tmp_path) as index:
        assert words(index.suggest("cleensing", limit=1)) == [("cleansing", 1, 1)]
        assert words(index.complete("clean", limit=1)) == [("cleaning", 2, 0)]


def test_command_writes_a_word_a_line(tmp_path: Path) -> None:
    snapshot_of(tmp_path, "cleansing", "cleaning", "cleaning")
    run = CliRunner()
    done = run.invoke(command, ["cleensing", "--index", str(tmp_path)])
    assert (done.exit_code, done.stdout) == (0, "cleansing\t1 passage\ncleaning\t2 passages\n")
    done = run.invoke(command, ["CLEAN", "--prefix", "--limit", "1", "--index", str(tmp_path)])
    assert (done.exit_code, done.stdout) == (0, "cleaning\t2 passages\n")
    environment = {"SEARCHER_INDEX": str(tmp_path)}
    done = run.invoke(command, ["cleanin", "--limit", "1"], env=environment)
    assert (done.exit_code, done.stdout) == (0, "cleaning\t2 passages\n")
    done = run.invoke(command, ["peace"], env=environment)
    assert (done.exit_code, done.stdout) == (1, "")


def test_command_writes_json(tmp_path: Path) -> None:
    snapshot_of(tmp_path, "cleansing")
    done = CliRunner().invoke(command, ["cleensing\x9b", "--json", "--index", str(tmp_path)])
    assert json.loads(done.stdout) == {
        "schema": 1,
        "word": "cleensing\ufffd",
        "is_prefix": False,
        "suggestions": [{"surface": "cleansing", "n_passages": 1, "distance": 1}],
    }
    done = CliRunner().invoke(command, ["peace", "--prefix", "--json", "--index", str(tmp_path)])
    found = json.loads(done.stdout)
    assert (done.exit_code, found["is_prefix"], found["suggestions"]) == (1, True, [])
