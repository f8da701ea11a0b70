"""Which fields does Whoosh see, and what are their terms?

A document is a passage, and carries the metadata of its article.

======== =========================================================== ======== =========
field    its terms                                                   sortable positions
======== =========================================================== ======== =========
text     the terms of the index: stems, folded                       no       yes
exact    the surfaces of the index, without hyphens                  no       yes
title    the terms of the article's title                            yes      yes
source   the surfaces of its source                                  yes      yes
author   the surfaces of its author                                  yes      yes
keyword  each keyword as one term: its surfaces, joined by spaces    no       no
path     the article's address                                       yes      no
date     ``2020``, ``2020-10`` or ``2020-10-01``, as given           yes      no
kind     ``body``, ``title``, ``caption`` or ``keywords``            yes      no
======== =========================================================== ======== =========

A surface of a joined word keeps its hyphens in the index, because they tell its width. In ``exact`` it stands without:
``Term("exact", "ceasefire")`` finds *cease-fire* and *ceasefire*, and hyphens in what is asked for are dropped too.

Query objects take terms as they are: ``Term("text", "cleans")``, not *cleansing*. Whoosh's parser makes terms of words by
itself; a word of several tokens (*cease-fire*, *AT&T*) becomes a phrase. The fields do not parse for themselves, though
that would let *cease-fire* mean *ceasefire* too: Whoosh then hands them prefixes and wildcards as if they were words.
"""

from collections.abc import Iterator
from itertools import compress
from typing import Any, Final

from whoosh.analysis import Composable, Token
from whoosh.fields import ID, STORED, FieldType, Schema
from whoosh.formats import Positions

from searcher.text.words import analysis
from searcher.text.words.analysis import Analyser
from searcher.text.words.chunks import split, split_spans
from searcher.text.words.words import fold_text

WORD_FIELDS: Final = {"title": "title", "source": "source", "author": "author"}
VALUE_FIELDS: Final = {"path": "address", "date": "date", "keyword": "keywords"}
ARTICLE_FIELDS: Final = WORD_FIELDS | VALUE_FIELDS
"""Fields of articles, and the names under which the index keeps them."""

_STEMMED: Final = frozenset({"text", "title"})


class Words(FieldType):  # type: ignore[misc]  # Whoosh's classes are not typed for us
    """A field of words, each at a position.

    Args:
        name: Its name, which tells whether its terms are stems or surfaces.
        analyser: Turns text into tokens.
        options: As for `whoosh.fields.FieldType`.
    """

    def __init__(self, name: str, analyser: Analyser, **options: Any) -> None:
        self._is_stemmed = name in _STEMMED
        super().__init__(Positions(), WordAnalyzer(self, analyser), multitoken_query="phrase", **options)

    def term_of(self, token: analysis.Token) -> str:
        """Give the term under which a token stands in this field."""
        return token.term if self._is_stemmed else token.surface.replace("-", "")

    def to_bytes(self, value: Any) -> bytes:
        """Encode a term, given as text or encoded already."""
        encoded: bytes = super().to_bytes(value)
        return encoded if self._is_stemmed else encoded.replace(b"-", b"")


class WordAnalyzer(Composable):  # type: ignore[misc]  # Whoosh's classes are not typed for us
    """Gives Whoosh the tokens of a text.

    An indexed text gives all there are, overlays at the positions where they begin. A query gives one token a position,
    so that a phrase of them is one.
    """

    def __init__(self, field: Words, analyser: Analyser) -> None:
        self._field = field
        self._analyser = analyser

    def __call__(
        self, value: str, *, mode: str = "", tokenize: bool = True, start_pos: int = 0, **options: Any
    ) -> Iterator[Token]:
        """Give the tokens of a text; options as for Whoosh's own analyzers.

        Besides what Whoosh looks at, a token has a ``width``: how many positions it covers.
        """
        made = Token(mode=mode, **options)
        if not tokenize:  # a pattern
            made.text = fold_text(value)
            made.pos, made.width, made.startchar, made.endchar = start_pos, 1, 0, len(value)
            yield made
            return
        for start, end in split_spans(value, 0, len(value)):
            last = -1
            for text, last, width in self._terms(value[start:end], mode):
                made.text = text
                made.pos, made.width, made.startchar, made.endchar = start_pos + last, width, start, end
                yield made
            start_pos += last + 1

    def _terms(self, chunk: str, mode: str) -> list[tuple[str, int, int]]:
        """Give the terms of a chunk, their positions in it, and how many positions they cover."""
        tokens = self._analyser.tokens(chunk)
        if mode == "query":  # of an acronym the dotted form, which *us* does not have
            is_meant = (
                not token.is_overlay or (token.width == 1 and "." in token.surface) for token in tokens
            )
            tokens = list({token.position: token for token in compress(tokens, is_meant)}.values())
        return [(self._field.term_of(token), token.position, token.width) for token in tokens]


class Keywords(ID):  # type: ignore[misc]  # Whoosh's classes are not typed for us
    """A field whose values are one term each, however they are written."""

    def __init__(self, analyser: Analyser, **options: Any) -> None:
        super().__init__(**options)
        self._analyser = analyser

    def to_bytes(self, value: Any) -> bytes:
        """Encode a keyword, given in any spelling, or encoded already."""
        if isinstance(value, bytes):
            return value
        tokens = (token for chunk in split(value) for token in self._analyser.tokens(chunk))
        return " ".join(token.surface for token in tokens if not token.is_overlay).encode()


def make_schema(analyser: Analyser) -> Schema:
    """Describe the fields to Whoosh.

    Args:
        analyser: That of the index.
    """
    return Schema(
        text=Words("text", analyser, scorable=True, stored=True),
        exact=Words("exact", analyser, scorable=True),
        **{name: Words(name, analyser, stored=True, sortable=True) for name in WORD_FIELDS},
        keyword=Keywords(analyser, stored=True),
        **{name: ID(stored=True, sortable=True) for name in ("path", "date", "kind")},
        **{name: STORED() for name in ("start", "end", "paragraph")},
    )
