import re
import unicodedata
from collections import defaultdict
from itertools import product
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from nltk.stem.snowball import SnowballStemmer

from searcher.text.words import chunks as of_chunks
from searcher.text.words import words as of_words
from searcher.text.words.analysis import Analyser
from searcher.text.words.chunks import MAX_CHUNK_WORDS, split, split_spans
from searcher.text.words.words import find_words, word_spans

ENGLISH = Analyser()
ANY_CHUNK = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("aAbsS019'’`-‐.,&@/_·。！」中文ไทยéıßёΆ½℀㌁ﷺ\u00ad\u200b\u0301\u0e33★UN")),
        st.characters(exclude_categories=["Cs", "Zs", "Zl", "Zp", "Cc"]),
    ),
    min_size=1,
    max_size=90,
).filter(lambda text: not re.search(r"\s", text))


def words(chunk: str, language: str = "english") -> list[tuple[str, str]]:
    """Surface and term of the words that take a position."""
    analyser = ENGLISH if language == "english" else Analyser(language)
    return [(token.surface, token.term) for token in analyser.tokens(chunk) if not token.is_overlay]


def surfaces(chunk: str) -> list[str]:
    return [surface for surface, _ in words(chunk)]


def overlays(chunk: str) -> list[tuple[str, str, int, int]]:
    """Surface, term, position and width."""
    return [
        (token.surface, token.term, token.position, token.width)
        for token in ENGLISH.tokens(chunk)
        if token.is_overlay
    ]


def spans(chunk: str) -> list[str]:
    return [chunk[token.start : token.end] for token in ENGLISH.tokens(chunk) if not token.is_overlay]


@pytest.mark.parametrize("apostrophe", ["'", "’", "ʼ", "´", "`", "＇"])
def test_apostrophes_of_all_kinds_are_one(apostrophe: str) -> None:
    assert words(f"O{apostrophe}Brien{apostrophe}s") == [("o'brien's", "o'brien")]
    assert surfaces(f"don{apostrophe}t") == ["don't"]
    assert surfaces(f"d{apostrophe}Évry") == ["d", "evry"]


@pytest.mark.parametrize("piece", ["ab-", "12,", "1,234,", "a.b,", "感", "½", "x'", "é-", "a."])
def test_work_on_a_long_run_is_in_proportion_to_its_length(
    piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = 0

    def counting(chunk: str) -> list[Any]:
        nonlocal looked_at
        looked_at += len(chunk)
        return find_words(chunk)

    find_words = of_words.find_words
    monkeypatch.setattr(of_chunks, "find_words", counting)
    text = piece * 20_000
    assert "".join(split(text)) == text
    assert looked_at < 20 * len(text)


def test_elided_article_is_a_word_of_its_own() -> None:
    french = Analyser("french")
    assert [token.term for token in french.tokens("L’homme")] == ["l", "homm"]
    assert surfaces("jusqu’au") == ["jusqu", "au"]
    assert surfaces("d's") == ["d's"]
    assert surfaces("rock'n'roll") == ["rock'n'roll"]


def test_joined_form_stands_for_a_possessive_too() -> None:
    assert ("cease-fire's", "ceasefir") in [(t.surface, t.term) for t in ENGLISH.tokens("cease-fire’s")]


def test_apostrophes_at_the_edges_belong_to_no_word() -> None:
    assert surfaces("‘tis’") == ["tis"]
    assert surfaces("the-Armenians’") == ["the", "armenians"]
    assert spans("“soldiers’,”") == ["soldiers"]


@pytest.mark.parametrize("invisible", ["\u00ad", "\u200b", "\u200d", "\ufeff", "\u2060"])
def test_invisible_characters_vanish_but_lie_in_the_span(invisible: str) -> None:
    chunk = f"“cease{invisible}fire”"
    assert words(chunk) == [("ceasefire", "ceasefir")]
    assert spans(chunk) == [f"cease{invisible}fire"]


def test_composed_and_decomposed_letters_are_the_same_word() -> None:
    composed, decomposed = "café", unicodedata.normalize("NFD", "café")
    assert len(decomposed) == 5
    assert words(composed) == words(decomposed) == [("cafe", "cafe")]
    assert spans(f"({decomposed})") == [decomposed]


@pytest.mark.parametrize(
    ("written", "surface"),
    [
        ("Bakı", "baki"),
        ("Baki", "baki"),
        ("Şuşa", "susa"),
        ("İstanbul", "istanbul"),
        ("Łódź", "lodz"),
        ("København", "kobenhavn"),
        ("Đorđe", "dorde"),
        ("Æsop’s", "aesop's"),
        ("cœur", "coeur"),
        ("Straße", "strasse"),
        ("Αθήνα", "αθηνα"),
        ("ΑΘΉΝΑ", "αθηνα"),
        ("ёж", "ёж"),
        ("Йод", "йод"),
        ("ﬁre", "fire"),
        ("ＡＢＣ", "abc"),
        ("1\ufe0f\u20e3", "1"),
    ],
)
def test_surface_is_case_folded_and_latin_and_greek_lose_their_accents(written: str, surface: str) -> None:
    assert surfaces(written) == [surface]


def test_possessive_belongs_to_the_surface_and_not_to_the_term() -> None:
    assert words("Azerbaijan's") == [("azerbaijan's", "azerbaijan")]
    assert words("Azerbaijan") == [("azerbaijan", "azerbaijan")]
    assert words("IT’S") == [("it's", "it")]


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("100,437", ["100437"]),
        ("100437", ["100437"]),
        ("1,234,567.5", ["1234567.5"]),
        ("3.5", ["3.5"]),
        ("$3.5bn", ["3.5", "bn"]),
        ("5bn", ["5bn"]),
        ("1990s", ["1990s"]),
        ("1,2345", ["1", "2345"]),
        ("1234,567", ["1234", "567"]),
        ("1,23", ["1", "23"]),
        ("1.2.3", ["1", "2", "3"]),
        ("27.09.2020", ["27", "09", "2020"]),
        ("3.5.", ["3.5"]),
        ("100,437,", ["100437"]),
        ("½", ["1", "2"]),
        ("F-16", ["f", "16"]),
    ],
)
def test_number_with_separators_is_one_word_and_a_list_of_numbers_is_not(
    written: str, numbers: list[str]
) -> None:
    assert words(written) == [(number, number) for number in numbers]


def test_dotted_acronym_is_one_word() -> None:
    assert words("U.S.") == words("u.s") == [("u.s", "u.s")]
    assert words("e.g.,") == [("e.g", "e.g")]
    assert spans("(U.S.),") == ["U.S."]
    assert surfaces("J.K.Rowling") == ["j.k", "rowling"]
    assert surfaces("end.Start") == ["end", "start"]


def test_us_in_capitals_is_the_country_and_otherwise_the_pronoun() -> None:
    assert words("US") == [("u.s", "u.s")]
    assert overlays("US") == overlays("U.S.") == []
    assert words("US’s") == [("u.s's", "u.s")]
    assert words("us") == words("Us") == [("us", "us")]


def test_other_acronyms_stand_dotted_and_undotted() -> None:
    assert (words("UN"), overlays("UN")) == ([("un", "un")], [("u.n", "u.n", 0, 1)])
    assert (words("U.N."), overlays("U.N.")) == ([("u.n", "u.n")], [("un", "un", 0, 1)])
    assert overlays("UK’s") == [("u.k's", "u.k", 0, 1)]
    assert overlays("un") == overlays("Un") == overlays("NATO") == []


@pytest.mark.parametrize("hyphen", ["-", "‐", "‑"])
def test_hyphenated_word_is_its_parts_and_over_them_the_whole(hyphen: str) -> None:
    chunk = f"“Cease{hyphen}fires,”"
    assert words(chunk) == [("cease", "ceas"), ("fires", "fire")]
    assert overlays(chunk) == [("cease-fires", "ceasefir", 0, 2)]
    (token,) = [token for token in ENGLISH.tokens(chunk) if token.is_overlay]
    assert chunk[token.start : token.end] == f"Cease{hyphen}fires"


@pytest.mark.parametrize(
    ("chunk", "expected"),
    [
        ("Nagorno-Karabakh", [("nagorno-karabakh", "nagornokarabakh", 0, 2)]),
        ("mother-in-law", [("mother-in-law", "motherinlaw", 0, 3)]),
        ("state-of-the-art", [("state-of-the-art", "stateoftheart", 0, 4)]),
        ("a-b-c-d-e", []),
        ("covid-19", []),
        ("B2-bomber", []),
        ("2,000-strong", []),
        ("x--y", []),
        ("x—y", []),
        ("-x", []),
        ("x-", []),
        ("black/white-out", [("white-out", "whiteout", 1, 2)]),
        ("Şuşa-Bakı", [("susa-baki", "susabaki", 0, 2)]),
        ("don't-care", []),
        ("cease-fire's", [("cease-fire's", "ceasefir", 0, 2)]),
    ],
)
def test_two_to_four_alphabetic_parts_have_an_overlay(
    chunk: str, expected: list[tuple[str, str, int, int]]
) -> None:
    assert overlays(chunk) == expected


@pytest.mark.parametrize(
    ("chunk", "expected"),
    [
        ("Karabakh—internationally", ["karabakh", "internationally"]),
        ("AT&T", ["at", "t"]),
        ("O'Brien", ["o'brien"]),
        ("ann.lee@mail.example.com", ["ann", "lee", "mail", "example", "com"]),
        ("https://www.un.org/a_b?x=1", ["https", "www", "un", "org", "a", "b", "x", "1"]),
        ("@user", ["user"]),
        ("#hashtag!", ["hashtag"]),
        ("***", []),
        ("…", []),
        ("🙂", []),
    ],
)
def test_everything_else_separates_words(chunk: str, expected: list[str]) -> None:
    assert surfaces(chunk) == expected


@pytest.mark.parametrize(
    ("chunk", "expected"),
    [
        ("停火协议", list("停火协议")),
        ("テスト", list("テスト")),
        ("ไทย", list("ไทย")),
        ("ที่", ["ที่"]),
        ("a中b", ["a", "中", "b"]),
        ("한국어", ["한국어"]),
    ],
)
def test_scripts_without_spaces_give_one_character_a_word(chunk: str, expected: list[str]) -> None:
    assert surfaces(chunk) == expected


def without_accents(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


@pytest.mark.parametrize(
    "word", ["créée", "créer", "élevée", "élève", "été", "où", "manges", "français", "protégés", "naïve"]
)
def test_language_with_accents_of_its_own_stems_before_it_folds(word: str) -> None:
    expected = without_accents(SnowballStemmer("french").stem(word))
    assert words(word, "french") == [(without_accents(word), expected)]


def test_stemming_before_folding_shows_the_stemmer_its_endings() -> None:
    assert SnowballStemmer("french").stem("elevee") == "eleve"
    assert words("élevée", "french") == [("elevee", "elev")]


@pytest.mark.parametrize("word", ["running", "cities", "generously", "war", "international", "skies"])
def test_english_terms_are_those_of_the_snowball_stemmer(word: str) -> None:
    assert words(word.upper()) == [(word, SnowballStemmer("english").stem(word))]


def test_english_folds_the_accents_it_borrows_before_it_stems() -> None:
    assert [term for _, term in words("résumés") + words("resumes")] == ["resum", "resum"]


def test_without_a_language_the_term_is_the_word_without_its_possessive() -> None:
    assert words("Cities", "none") == [("cities", "cities")]
    assert words("Bakı’s", "none") == [("baki's", "baki")]


@pytest.mark.parametrize("language", ["klingon", "English", ""])
def test_unknown_language_is_an_error_that_lists_the_known_ones(language: str) -> None:
    with pytest.raises(ValueError, match=rf"{language!r}; known are: none, .*english.*swedish"):
        Analyser(language)


def test_terms_that_an_index_knows_are_taken_from_it() -> None:
    asked: list[str] = []

    def known_term(surface: str) -> str | None:
        asked.append(surface)
        return {"resumes": "from the index"}.get(surface)

    analyser = Analyser("english", known_term)
    assert [token.term for token in analyser.tokens("Résumés,")] == ["from the index"]
    assert [token.term for token in analyser.tokens("cities")] == ["citi"]
    assert asked == ["resumes", "cities"]


def test_terms_that_an_index_knows_are_not_used_where_a_surface_has_several() -> None:
    analyser = Analyser("french", lambda _: "wrong")
    assert [token.term for token in analyser.tokens("élevée")] == ["elev"]


def test_fraction_does_not_change_the_number_before_it() -> None:
    assert surfaces("2½") == ["2", "1", "2"]


def test_possessive_of_a_dotted_acronym_is_no_word() -> None:
    assert surfaces("U.S.’s") in (["u.s's"], ["u.s.'s"])


@given(ANY_CHUNK)
def test_tokens_of_any_chunk_keep_the_invariants(chunk: str) -> None:
    tokens = ENGLISH.tokens(chunk)
    placed = [token for token in tokens if not token.is_overlay]
    assert [token.position for token in placed] == list(range(len(placed)))
    assert len({(token.term, token.position) for token in tokens}) == len(tokens)
    assert list(tokens) == sorted(tokens, key=lambda token: (token.position, token.is_overlay))
    for token in tokens:
        assert 0 <= token.start < token.end <= len(chunk)
        assert token.surface
        assert token.term
        assert "\n" not in token.surface + token.term
        assert token.width == token.surface.count("-") + 1
        assert token.is_overlay or token.width == 1
        assert token.position + token.width <= len(placed)
    assert [(token.start, token.end) for token in placed] == list(word_spans(chunk))


def test_words_that_are_not_searched_for_stand_where_a_search_finds_them() -> None:
    for size in range(1, 6):
        for characters in product("aU1.,'…$", repeat=size):
            for chunk in ("".join(characters), "".join(characters).replace("1", "100")):
                assert word_spans(chunk) == tuple(found.span for found in find_words(chunk)), chunk
    for n_groups in range(5, 9):
        chunk = "1" + ",000" * n_groups
        assert word_spans(chunk) == tuple(found.span for found in find_words(chunk)), chunk


@given(st.lists(ANY_CHUNK, max_size=6).map(" \n".join))
def test_chunks_are_short_and_lose_nothing_but_white_space(text: str) -> None:
    chunks = split(text)
    assert "".join(chunks) == re.sub(r"\s", "", text)
    assert [text[start:end] for start, end in split_spans(text, 0, len(text))] == chunks
    assert all(len(word_spans(chunk)) <= MAX_CHUNK_WORDS for chunk in chunks)


@pytest.mark.parametrize(
    ("piece", "times"),
    [
        ("中", 1000),
        ("a/b_", 300),
        ("1,2", 400),
        ("㌁", 100),
        ("½", 300),
        ("ﷺ", 100),
    ],
)
def test_long_run_is_cut_between_words(piece: str, times: int) -> None:
    run = piece * times
    chunks = split(f"before {run} after")
    assert (chunks[0], "".join(chunks[1:-1]), chunks[-1]) == ("before", run, "after")
    lengths = [len(word_spans(chunk)) for chunk in chunks[1:-1]]
    assert max(lengths) <= 64
    assert min(lengths[:-1]) >= 50


def test_long_word_is_not_cut() -> None:
    assert split("x" * 5000) == ["x" * 5000]


def test_chunk_ends_behind_an_ideographic_stop_and_the_quotes_that_close_it() -> None:
    assert split("他说：「停火。」双方同意！！再见") == ["他说：「停火。」", "双方同意！！", "再见"]
    assert split_spans("x 停火。再见", 2, 7) == [(2, 5), (5, 7)]


def test_spans_of_a_part_of_a_text_count_in_the_whole() -> None:
    text = "He left Şuşa at dawn."
    assert [text[start:end] for start, end in split_spans(text, 3, 15)] == ["left", "Şuşa", "at"]


@given(ANY_CHUNK)
@example("ae\u0301")
@example("a\u200b½")
def test_characters_are_normalised_one_by_one_only_where_that_is_the_same(chunk: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(of_words, "_NORMAL", defaultdict(lambda: "  "))
        normal, spans = of_words._normalise(chunk)
    at_once, spans_at_once = of_words._normalise(chunk)
    assert (at_once, spans_at_once[: len(at_once)]) == (normal, spans[: len(normal)])


def test_joined_form_that_repeats_the_term_of_its_first_part_is_left_out() -> None:
    assert overlays("talk-s") == overlays("“talk-s”") == []
