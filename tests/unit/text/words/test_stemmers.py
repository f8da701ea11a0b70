import sys
from importlib.machinery import ModuleSpec
from importlib.metadata import version
from itertools import product
from pathlib import Path
from string import ascii_lowercase

import pytest
import Stemmer
from nltk.stem.snowball import SnowballStemmer

from searcher.text.words import stemmers
from searcher.text.words.analysis import Analyser
from searcher.text.words.stemmers import OF_NLTK, OF_PYSTEMMER, load_stemmer, version_of_stemmer

WORDS = [
    *("cleansing", "nationalities", "'tis", "cats'", "cat's's", "80", "ǅ", "yyed", "generously", "eyes"),
    *("élevées", "l'homme", "häuser", "größte", "gatos", "città", "tårar", "книгами", "ушедшая", "كتابهم"),
]


@pytest.fixture(autouse=True)
def nothing_is_loaded() -> None:
    load_stemmer.cache_clear()


@pytest.mark.parametrize("language", sorted(OF_NLTK))
def test_stems_are_those_of_nltk(language: str) -> None:
    whole = SnowballStemmer(language).stem
    assert [*map(load_stemmer(language), WORDS)] == [*map(whole, WORDS)]


def test_languages_are_those_that_the_two_libraries_have() -> None:
    assert set(SnowballStemmer.languages) == OF_NLTK
    assert set(Stemmer.algorithms()) - OF_NLTK - {"dutch_porter"} == OF_PYSTEMMER


def test_english_words_that_are_not_given_to_nltk_are_those_that_it_leaves_alone() -> None:
    stem, whole = load_stemmer("english"), SnowballStemmer("english").stem
    words = [
        root + "".join(ending) for root in ("", "cabinet") for ending in product(ascii_lowercase, repeat=3)
    ]
    assert [*map(stem, words)] == [*map(whole, words)]


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("armenian", ["պատերազմ", "պատերազմի", "պատերազմները"]),
        ("turkish", ["kitaplar", "kitapları", "kitabı"]),
        ("greek", ["βιβλία", "βιβλίου", "βιβλίων"]),
        ("polish", ["książka", "książki", "książkami"]),
    ],
)
def test_languages_that_nltk_lacks_are_stemmed_by_pystemmer(language: str, forms: list[str]) -> None:
    analyser = Analyser(language)
    assert len({token.term for form in forms for token in analyser.tokens(form)}) == 1


def test_language_that_needs_the_extra_says_so_where_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "Stemmer", None)
    with pytest.raises(
        ValueError, match=r"^language 'armenian' needs PyStemmer .* run: pip install 'searcher\[languages\]'$"
    ):
        load_stemmer("armenian")


def test_extra_changes_no_stem_of_the_languages_of_nltk(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Stemmer.Stemmer("dutch").stemWord("lichamelijkheden") != SnowballStemmer("dutch").stem(
        "lichamelijkheden"
    )
    with_it = load_stemmer("dutch")("lichamelijkheden")
    monkeypatch.setitem(sys.modules, "Stemmer", None)
    load_stemmer.cache_clear()
    assert load_stemmer("dutch")("lichamelijkheden") == with_it


@pytest.fixture
def other_nltk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in place of that of NLTK."""
    spec = ModuleSpec("nltk", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(stemmers, "find_spec", lambda _: spec)
    return tmp_path


@pytest.mark.parametrize("code", [None, "from nltk.data import load", "raise ImportError"])
def test_all_of_nltk_is_imported_where_its_files_are_not_as_expected(
    other_nltk: Path, monkeypatch: pytest.MonkeyPatch, code: str | None
) -> None:
    if code:
        (other_nltk / "stem").mkdir()
        (other_nltk / "stem" / "snowball.py").write_text(code, encoding="utf-8")
    for name in [name for name in sys.modules if name.partition(".")[0] == "nltk"]:
        monkeypatch.delitem(sys.modules, name)
    stemmers._snowball.cache_clear()
    assert load_stemmer("english")("cleansing") == "cleans"
    stemmers._snowball.cache_clear()


def test_version_of_nltk_is_that_of_the_installed_distribution() -> None:
    assert version_of_stemmer("english") == {"nltk": version("nltk")}
    assert version_of_stemmer("none") == {"nltk": ""}


def test_version_of_nltk_is_found_also_where_the_package_does_not_bear_it(other_nltk: Path) -> None:
    assert version_of_stemmer("english") == {"nltk": version("nltk")}
    (other_nltk / "VERSION").write_text("99.1\n", encoding="utf-8")
    assert version_of_stemmer("english") == {"nltk": "99.1"}


def test_version_of_pystemmer_is_recorded_where_it_stems(monkeypatch: pytest.MonkeyPatch) -> None:
    assert version_of_stemmer("armenian") == {"nltk": "", "pystemmer": version("PyStemmer")}
    monkeypatch.setattr(sys, "path", [])
    assert version_of_stemmer("armenian") == {"nltk": "", "pystemmer": ""}
