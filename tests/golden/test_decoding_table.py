"""What is recognised of many encodings is what the kept table says."""

import charset_normalizer
import decoding


def test_encodings_that_are_recognised_are_the_kept_ones() -> None:
    kept, found = decoding.TABLE.read_text(encoding="utf-8"), decoding.table()
    is_same_version = f"charset-normalizer {charset_normalizer.__version__}\n" in kept
    n_compared = (
        None if is_same_version else len(f"{'':24}{'searcher':>30}")
    )  # another version may know others
    for line, kept_line in zip(found.splitlines()[1:], kept.splitlines()[1:], strict=True):
        assert line[:n_compared] == kept_line[:n_compared]


def test_model_of_letters_recognises_more_than_charset_normalizer_alone() -> None:
    *_, ours, alone = zip(*decoding.rows(), strict=True)
    for n_ours, n_alone in zip(
        map(sum, zip(*ours, strict=True)), map(sum, zip(*alone, strict=True)), strict=True
    ):
        assert n_ours > n_alone
