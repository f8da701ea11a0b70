"""Which fields does Whoosh see, and what are their terms?

A document is a passage. It carries the metadata of its article.

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

In the index, the surface of a joined word keeps its hyphens, because they tell how many positions the word covers. The field
``exact`` drops hyphens from its terms and from the terms of queries: ``Term("exact", "ceasefire")`` finds *cease-fire* and
*ceasefire*.

Query objects take terms as they are: ``Term("text", "cleans")``, not *cleansing*. Whoosh's parser turns words into terms. It
turns a word of several tokens (*cease-fire*, *AT&T*) into a phrase. The fields do not parse words themselves. If they did,
*cease-fire* could mean *ceasefire* too, but Whoosh would also pass prefixes and wildcards to them as if they were words.
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

TEXT_FIELDS: Final = ("text", "exact")
"""Fields of the words of passages."""
WORD_FIELDS: Final = {"title": "title", "source": "source", "author": "author"}
VALUE_FIELDS: Final = {"path": "address", "date": "date", "keyword": "keywords"}
ARTICLE_FIELDS: Final = WORD_FIELDS | VALUE_FIELDS
"""Fields of articles, and the names of their strings in the index."""

_STEMMED: Final = frozenset({"text", "title"})


class WordField(FieldType):  # type: ignore[misc]  # Whoosh's classes are not typed for us
    """A field whose terms are words with positions.

    Args:
        name: The name of the field. The name decides whether the terms are stems or surfaces.
        analyser: The analyser of the index.
        options: The options of `whoosh.fields.FieldType`.
    """

    def __init__(self, name: str, analyser: Analyser, **options: Any) -> None:
        self._is_stemmed = name in _STEMMED
        super().__init__(Positions(), WordAnalyzer(self, analyser), multitoken_query="phrase", **options)

    def term_of(self, token: analysis.Token) -> str:
        """Give the term of a token in this field."""
        return token.term if self._is_stemmed else token.surface.replace("-", "")

    def to_bytes(self, value: Any) -> bytes:
        """Encode a term, given as text or already encoded."""
        encoded: bytes = super().to_bytes(value)
        return encoded if self._is_stemmed else encoded.replace(b"-", b"")


class WordAnalyzer(Composable):  # type: ignore[misc]  # Whoosh's classes are not typed for us
    """Gives Whoosh the tokens of a text.

    Indexed text gives all tokens, overlays too. A query gives one token for each position, so that its tokens make a phrase.
    """

    def __init__(self, field: WordField, analyser: Analyser) -> None:
        self._field = field
        self._analyser = analyser

    def __call__(
        self, value: str, *, mode: str = "", tokenize: bool = True, start_pos: int = 0, **options: Any
    ) -> Iterator[Token]:
        """Give the tokens of a text. The options are those of Whoosh's own analyzers.

        In addition to what Whoosh reads, a token has a ``width``: how many positions it covers.
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
        """List the terms of a chunk, each with its position and with the number of positions that it covers."""
        tokens = self._analyser.tokens(chunk)
        if mode == "query":  # of an acronym take the dotted form: *us* does not have it
            is_meant = (
                not token.is_overlay or (token.width == 1 and "." in token.surface) for token in tokens
            )
            tokens = list({token.position: token for token in compress(tokens, is_meant)}.values())
        return [(self._field.term_of(token), token.position, token.width) for token in tokens]


class KeywordField(ID):  # type: ignore[misc]  # Whoosh's classes are not typed for us
    """A field whose values are one term each, whatever their spelling."""

    def __init__(self, analyser: Analyser, **options: Any) -> None:
        super().__init__(**options)
        self._analyser = analyser

    def to_bytes(self, value: Any) -> bytes:
        """Encode a keyword, given in any spelling or already encoded."""
        if isinstance(value, bytes):
            return value
        tokens = (token for chunk in split(value) for token in self._analyser.tokens(chunk))
        return " ".join(token.surface for token in tokens if not token.is_overlay).encode()


def make_schema(analyser: Analyser) -> Schema:
    """Describe the fields to Whoosh."""
    return Schema(
        text=WordField("text", analyser, scorable=True, stored=True),
        exact=WordField("exact", analyser, scorable=True),
        **{name: WordField(name, analyser, stored=True, sortable=True) for name in WORD_FIELDS},
        keyword=KeywordField(analyser, stored=True),
        **{name: ID(stored=True, sortable=True) for name in ("path", "date", "kind")},
        **{name: STORED() for name in ("start", "end", "paragraph")},
    )
