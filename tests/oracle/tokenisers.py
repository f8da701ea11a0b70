"""How texts become tokens: by a second, simpler analysis, or by the program's own."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from naive_forms import Token
from nltk.stem.snowball import SnowballStemmer

from searcher import Span
from searcher.language.tree import Atom, Part, Word
from searcher.text.words.analysis import Analyser
from searcher.text.words.chunks import split_spans

_stem = cache(SnowballStemmer("english").stem)


@dataclass(frozen=True)
class Analysed:
    """Tokens, and where the word at each position stands."""

    tokens: list[Token]
    spans: list[Span]


Tokeniser = Callable[[str], Analysed]


def plain_tokens(text: str) -> Analysed:
    """A second tokeniser, for letters, apostrophes and hyphens of English."""
    tokens: list[Token] = []
    spans: list[Span] = []
    for run in re.finditer(r"[a-z']+(?:-[a-z']+)*", text.lower()):
        first, at = len(spans), run.start()
        parts = run.group().split("-")
        for part in parts:
            tokens.append(Token(part, _stem(part.removesuffix("'s")), len(spans)))
            spans.append(Span(at, at + len(part)))
            at += len(part) + 1
        if 2 <= len(parts) <= 4:
            tokens.append(Token(run.group(), _stem("".join(parts).removesuffix("'s")), first, len(parts)))
    return Analysed(tokens, spans)


def tokens_of(language: str) -> Tokeniser:
    """Give the program's own analysis, for whatever words there are."""
    analyser = Analyser(language)

    def tokenise(text: str) -> Analysed:
        tokens: list[Token] = []
        spans: list[Span] = []
        for chunk in split_spans(text, 0, len(text)):
            first = len(spans)
            for token in analyser.tokens(text[chunk.start : chunk.end]):
                tokens.append(Token(token.surface, token.term, first + token.position, token.width))
                if not token.is_overlay:
                    spans.append(Span(chunk.start + token.start, chunk.start + token.end))
        return Analysed(tokens, spans)

    return tokenise


def to_word(typed: str, tokenise: Tokeniser) -> Word:
    """Say what a typed word means: its parts, dotted where that is a spelling of it, and its joined form."""
    found = tokenise(typed)
    parts: dict[int, Atom] = {}
    joined: Part | None = None
    for surface, term, position, width in found.tokens:
        if width == len(found.spans) > 1:
            joined = Part(surface, term)
        elif width == 1 and (position not in parts or "." in surface):
            parts[position] = Part(surface, term)
    return Word(typed, tuple(parts[position] for position in sorted(parts)), joined)
