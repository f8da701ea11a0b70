import numpy as np
import pytest

from searcher.text.layout.sentences import ENDS, MAY_END, STARTS, STARTS_SURELY, boundaries, flags


def sentences(text: str) -> list[str]:
    chunks = text.split()
    starts = np.flatnonzero(boundaries(np.array([flags(chunk) for chunk in chunks], dtype=np.uint8))).tolist()
    return [" ".join(chunks[i:j]) for i, j in zip(starts, [*starts[1:], len(chunks)], strict=True)]


@pytest.mark.parametrize(
    "text",
    [
        "The talks failed. | Nobody was surprised.",
        "“We left.” | She wept. | (It was late.) | They slept.",
        "He asked: 'Why?' | 'Because,' she said.",
        "It cost 5. | Then it cost $7. | 300 were sold! | €5 was too much.",
        "It ended in 2020. | 150,000 people fled.",
        "They fled.[12] | Others stayed.*",
        "A ceasefire was agreed.) | [Later it broke.] | • One point. | — Another.",
        "The phone died. | iPhone sales fell.",
        "THEY SENT A FORCE . | BUT EUROPE WAITED . | WHY ? | NOBODY KNEW .",
        "He waited . . . | Then he left.",
        "He waited ... | But nobody came.",
        "Nobody came… | The hall was empty.",
        "He voted no. | I did not.",
        "They left. | … Poe stayed.",
    ],
)
def test_sentence_starts_behind_a_stop(text: str) -> None:
    assert sentences(text.replace(" | ", " ")) == text.split(" | ")


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Li met Gen. Diaz, Dr. Wu, Prof. Ek, Lt. Col. Ray and the Rev. Poe.",
        "Sen. Ann Poe (D-Calif.) and Rep. Bo Li, R-Ky., met Gov. Ray.",
        "J. R. Poe and H.W. Ray of Poe, Ray & Co. Ltd. of St. Louis agreed.",
        "On Jan. 5 and Sept. 11, at 9 a.m. Eastern, Poe vs. Ray began.",
        "The U.S. Senate and the U.N. Security Council sat at No. 10 Downing St. Thursday.",
        'Ex-Gov. Poe said "St. Mark\'s Ave. Bridge" was closed.',
        "“What?” he said. “Never!” cried they",
        "The well ... went dry.",
        "The road… Poe Street… was closed... Ray Street too.",
        "He used Yahoo! Mail.",
        "It is 3.5 percent, version 2.0 of amazon.com, e.g. Poe.",
        "GEN. POE MET MR. RAY.",
    ],
)
def test_stop_inside_a_sentence_is_no_boundary(text: str) -> None:
    assert all(
        part[-1] not in ".”" or text.endswith(part) or part == "“What?” he said." for part in sentences(text)
    )
    assert len(sentences(text)) == 1 + text.count("said. “")


def test_abbreviation_ends_a_sentence_before_a_sure_starter() -> None:
    assert sentences("He left the U.S. He joined Poe Inc. It paid at 9 a.m. “The pay was good.”") == [
        "He left the U.S.",
        "He joined Poe Inc.",
        "It paid at 9 a.m.",
        "“The pay was good.”",
    ]


def test_title_of_a_person_never_ends_a_sentence() -> None:
    assert not flags("Mr.") & (ENDS | MAY_END)
    assert not flags("“Gen.") & (ENDS | MAY_END)


def test_abbreviation_that_is_a_word_counts_with_a_capital_only() -> None:
    assert flags("Sat.") & MAY_END
    assert flags("sat.") & ENDS


@pytest.mark.parametrize(
    "chunk",
    [
        "说。",
        "吗？",
        "好！」",
        "هل؟",
        "ہے۔",
        "है।",
        "է։",
        "τι\u037e",
        "ነው።",
        "ｊ．",
        "what?!",
        'end."',
        "end.’”",
        "end.**",
    ],
)
def test_stop_of_any_script_surely_ends_a_sentence(chunk: str) -> None:
    assert flags(chunk) & (ENDS | MAY_END) == ENDS


@pytest.mark.parametrize(
    "chunk", ["end", "end,", "end;", "end:", "end—", "3.5", "a.b", "10:30", "(end)", "“end”", "'"]
)
def test_chunk_without_a_stop_ends_nothing(chunk: str) -> None:
    assert not flags(chunk) & (ENDS | MAY_END)


@pytest.mark.parametrize(
    "chunk",
    [
        "Poe",
        "“poe",
        "(poe",
        "[p]oe",
        "7",
        "$7",
        "—",
        "•",
        "然后",
        "هذا",
        "ეს",
        "#poe",
        "@poe",
        "**Poe**",
        "...Poe",
    ],
)
def test_chunk_may_start_a_sentence(chunk: str) -> None:
    assert flags(chunk) & (STARTS | STARTS_SURELY) == STARTS


@pytest.mark.parametrize("chunk", ["poe", "’tis", ",", ".", "?", "”", ")", "...poe", "—poe", "、"])
def test_chunk_may_not_start_a_sentence(chunk: str) -> None:
    assert not flags(chunk) & STARTS


@pytest.mark.parametrize("chunk", ["The", "THE", "“The", "(He", "It’s", "I'm", "Don't", "But,", "In"])
def test_frequent_starter_surely_starts_a_sentence(chunk: str) -> None:
    assert flags(chunk) & (STARTS | STARTS_SURELY) == STARTS | STARTS_SURELY


@pytest.mark.parametrize("chunk", ["the", "“the", "I.", "Theo", "Don"])
def test_other_words_do_not_surely_start_one(chunk: str) -> None:
    assert not flags(chunk) & STARTS_SURELY


def test_first_chunk_starts_a_sentence() -> None:
    assert boundaries(np.array([0, 0], dtype=np.uint8)).tolist() == [True, False]
    assert boundaries(np.array([], dtype=np.uint8)).tolist() == []


def test_boundaries_follow_their_definition_for_every_pair_of_flags() -> None:
    for before in range(16):
        for after in range(16):
            expected = bool(
                (before & ENDS and after & STARTS) or (before & MAY_END and after & STARTS_SURELY)
            )
            assert boundaries(np.array([before, after], dtype=np.uint8))[1] == expected
