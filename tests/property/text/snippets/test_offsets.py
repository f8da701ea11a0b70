"""Words of many texts at once stand where the words of each chunk by itself do."""

from hypothesis import example, given
from hypothesis import strategies as st

from searcher.text.snippets.offsets import word_offsets
from searcher.text.words.chunks import split_spans
from searcher.text.words.words import word_spans

CHARACTERS = st.sampled_from(
    [*"abzuQ09''’‘`´..,,-‐–—“”…•·©$%&@/_ \n\t\u3000\u2028\u0085\u200b\u00ad½。中éßΩ", "e\u0301", "e" * 70]
)
PIECES = st.sampled_from(
    [
        "war",
        "U.S.",
        "3.5",
        "1,000",
        "don't",
        "we're",
        "you’re",
        "l'homme",
        "qu'elle",
        "o'clock's",
        "rock'n'roll",
        "O'Brien",
        "I've",
        "n'l'eau",
        " ",
        " ",
        ". ",
    ]
)
TEXTS = st.lists(st.lists(st.one_of(PIECES, CHARACTERS), max_size=12).map("".join), min_size=1, max_size=4)


@given(TEXTS)
@example(["'", "a'b", "'tis", "x'yz"])
@example(["a'", "'b", "a.", ".b", "1,", ",1"])
@example(["jusqu'au QU'ON l'on d'or we'll I've 90's 5'10 a''b 'n'"])
@example(["a" * 65, "a/" * 70, "1," * 70, "停戦。再見 a。b"])
@example(["", " ", "…"])
def test_words_stand_where_those_of_each_chunk_do(texts: list[str]) -> None:
    found = word_offsets(texts)
    for number, (text, text_start) in enumerate(zip(texts, found.text_starts, strict=True)):
        expected = [
            (chunk.start + word.start, chunk.start + word.end, chunk.start)
            for chunk in split_spans(text, 0, len(text))
            for word in word_spans(text[chunk.start : chunk.end])
        ]
        words = range(*found.first_words[number : number + 2])
        spans = ((found.starts[word], found.ends[word], found.chunk(word)) for word in words)
        assert [tuple(at - text_start for at in span) for span in spans] == expected
