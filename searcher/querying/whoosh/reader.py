"""How does Whoosh read our index?

`WhooshReader` makes a snapshot a `whoosh.reading.IndexReader`. `whoosh.searching.Searcher` then works on it, with its query
objects, matchers, sorting, grouping, spelling and ``more_like``. Only queries that the query tree cannot express come here.

The fields are those of `searcher.querying.whoosh.fields`, and the documents those of `searcher.querying.whoosh.documents`. The
documents are numbered without gaps, because Whoosh takes averages over all numbers and negates among them. Every figure is that
of an index built afresh: deleted articles leave no trace. A joined word covers as many positions as it was written with, so
``Phrase("text", ["ceasefir", "talk"])`` finds *cease-fire talks*.
"""

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from whoosh.columns import ColumnReader, TranslatingColumnReader
from whoosh.matching import Matcher
from whoosh.reading import IndexReader, TermInfo, TermNotFound
from whoosh.spelling import Corrector, ReaderCorrector

from searcher.model import Kind
from searcher.querying.whoosh.documents import Documents, Values
from searcher.querying.whoosh.fields import ARTICLE_FIELDS, TEXT_FIELDS, make_schema
from searcher.querying.whoosh.matcher import PostingsMatcher
from searcher.querying.whoosh.postings import TermPostings, Terms
from searcher.storage.snapshot import Snapshot
from searcher.text.words.analysis import Analyser


class WhooshReader(IndexReader):  # type: ignore[misc]  # Whoosh's classes are not typed for us
    """A snapshot that Whoosh can read. Safe to use from several threads.

    Args:
        snapshot: The snapshot. It must stay open while the reader is used.
        analyser: The analyser of the index. None to make one.
    """

    def __init__(self, snapshot: Snapshot, analyser: Analyser | None = None) -> None:
        self.snapshot = snapshot
        self.documents = Documents(snapshot)
        self.schema = make_schema(
            analyser or Analyser(snapshot.manifest.settings["language"], snapshot.term_of)
        )
        self._fields = sorted(name for name, field in self.schema.items() if field.indexed)
        self._terms = Terms(self.documents, self.schema)
        self._values = lru_cache(None)(self.documents.values)

    def generation(self) -> int:
        """Give the number of the state of the index."""
        return self.snapshot.manifest.generation

    # Terms

    def _find(self, fieldname: str, text: str | bytes) -> TermPostings | None:
        return self._terms.find(fieldname, self._text_to_bytes(fieldname, text))

    def _require(self, fieldname: str, text: str | bytes) -> TermPostings:
        found = self._find(fieldname, text)
        if found is None:
            raise TermNotFound(f"{fieldname}:{text!r}")
        return found

    def __contains__(self, term: tuple[str, str | bytes]) -> bool:
        return term[0] in self.schema and self._find(*term) is not None

    def indexed_field_names(self) -> list[str]:
        """List the fields that have terms, sorted."""
        return self._fields

    def all_terms(self) -> Iterator[tuple[str, bytes]]:
        """List the field and the text of every term, sorted."""
        return self.terms_from(self._fields[0], b"")

    def terms_from(self, fieldname: str, prefix: str | bytes) -> Iterator[tuple[str, bytes]]:
        """List the field and the text of every term from ``prefix`` on, sorted, in this field and the fields after it."""
        prefix = self._text_to_bytes(fieldname, prefix)
        for field in self._fields[bisect_left(self._fields, fieldname) :]:
            lexicon = self._terms.lexicon(field)
            start = bisect_left(lexicon, prefix) if field == fieldname else 0
            yield from ((field, term) for term in lexicon[start:])

    def term_info(self, fieldname: str, text: str | bytes) -> TermInfo:
        """Give the statistics of a term.

        Raises:
            whoosh.reading.TermNotFound: There is no such term.
        """
        found = self._require(fieldname, text)
        return TermInfo(
            weight=float(found.weights.sum()),
            df=len(found.docs),
            minlength=int(found.lengths.min()),
            maxlength=int(found.lengths.max()),
            maxweight=float(found.weights.max()),
            minid=int(found.docs[0]),
            maxid=int(found.docs[-1]),
        )

    def frequency(self, fieldname: str, text: str | bytes) -> int:
        """Count the occurrences of a term."""
        found = self._find(fieldname, text)
        return int(found.weights.sum()) if found else 0

    def doc_frequency(self, fieldname: str, text: str | bytes) -> int:
        """Count the documents that hold a term."""
        found = self._find(fieldname, text)
        return len(found.docs) if found else 0

    def postings(self, fieldname: str, text: str | bytes, scorer: Any = None) -> Matcher:
        """Give a matcher over the documents that hold a term.

        Raises:
            whoosh.reading.TermNotFound: There is no such term.
        """
        term = fieldname, self._text_to_bytes(fieldname, text)
        return PostingsMatcher(self._require(*term), term, self.schema[fieldname].format, scorer)

    # Similar words

    def terms_within(self, fieldname: str, text: str, maxdist: int, prefix: int = 0) -> Iterator[str]:
        """List the terms that are at most ``maxdist`` edits away and begin with the same ``prefix`` characters.

        An edit inserts, deletes or replaces one character, or swaps two neighbours. Whoosh documents this too, but its own
        indexes count a swap as two edits.
        """
        return (word for word, _ in self.distances(fieldname, text, maxdist, prefix))

    def distances(self, fieldname: str, text: str, maxdist: int, prefix: int = 0) -> list[tuple[str, int]]:
        """List the terms of `terms_within`, each with its distance."""
        same = self._text_to_bytes(fieldname, text).decode()
        return self._terms.within(fieldname, same, maxdist, prefix)

    def corrector(self, fieldname: str) -> Corrector:
        """Give what suggests terms of a field, the nearest first. The field ``exact`` has the words as written."""
        return _NearestCorrector(self, fieldname, self.schema[fieldname])

    # Documents

    def doc_count_all(self) -> int:
        """Count the documents."""
        return len(self.documents)

    def doc_count(self) -> int:
        """Count the documents."""
        return len(self.documents)

    def has_deletions(self) -> bool:
        """Tell that no number belongs to a dead passage."""
        return False

    def is_deleted(self, docnum: int) -> bool:  # noqa: ARG002  (Whoosh's signature)
        """Tell that no number belongs to a dead passage."""
        return False

    def field_length(self, fieldname: str) -> int:
        """Count the words of a field in all documents. A joined form does not count in addition to its parts."""
        return self.snapshot.n_words if fieldname in TEXT_FIELDS else 0

    def min_field_length(self, fieldname: str) -> int:
        """Give the length of the shortest document."""
        return int(self.documents.lengths.min(initial=255)) if fieldname in TEXT_FIELDS else 0

    def max_field_length(self, fieldname: str) -> int:
        """Give the length of the longest document."""
        return int(self.documents.lengths.max(initial=0)) if fieldname in TEXT_FIELDS else 0

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Count the words of a document."""
        return int(self.documents.lengths[docnum]) if fieldname in TEXT_FIELDS else default

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Give the text of a passage, where it stands in its article, and the metadata of the article that are known."""
        documents = self.documents
        number, in_segment = documents.articles[int(documents.article_of[docnum])]
        segment = documents.segments[number].segment
        article, columns = segment.article(in_segment), segment.columns
        passage = documents.passages[docnum]
        start, end = int(columns["passage_start"][passage]), int(columns["passage_end"][passage])
        fields = {
            "path": article.address,
            "title": article.title,
            "source": article.source,
            "author": article.author,
            "keyword": list(article.keywords),
            "date": article.date,
            "kind": Kind(int(documents.kinds[docnum])).name.lower(),
            "start": start,
            "end": end,
            "paragraph": int(columns["passage_paragraph"][passage]),
            "text": article.text[start:end],
        }
        return {name: value for name, value in fields.items() if value not in (None, [])}

    def has_vector(self, docnum: int, fieldname: str) -> bool:  # noqa: ARG002  (Whoosh's signature)
        """Tell that there are no vectors. Whoosh then takes key terms from the stored text."""
        return False

    def vector(self, docnum: int, fieldname: str, format_: Any = None) -> Matcher:  # noqa: ARG002  (Whoosh's signature)
        """Refuse to give a vector, because there are none.

        Raises:
            KeyError: Always.
        """
        raise KeyError(f"field {fieldname!r} has no vectors")

    # Columns

    def has_column(self, fieldname: str) -> bool:
        """Tell whether documents can be sorted and grouped by the values of a field."""
        return fieldname in self.schema and bool(self.schema[fieldname].column_type)

    def column_reader(
        self,
        fieldname: str,
        column: Any = None,  # noqa: ARG002  (Whoosh's signature)
        reverse: bool = False,
        translate: bool = True,
    ) -> ColumnReader:
        """Give the value of a field for each document. A value may be empty.

        Raises:
            NotImplementedError: ``reverse`` is set. Whoosh then reverses the values itself.
        """
        if reverse:
            raise NotImplementedError("a column of strings cannot be read in reverse")
        if fieldname == "kind":
            values = [kind.name.lower() for kind in Kind]
            reader = Values(values, self.documents.kinds)
        else:
            reader = Values(self._values(ARTICLE_FIELDS[fieldname]), self.documents.article_of)
        return (
            TranslatingColumnReader(reader, self.schema[fieldname].from_column_value) if translate else reader
        )


class _NearestCorrector(ReaderCorrector):  # type: ignore[misc]  # Whoosh's classes are not typed for us
    """Prefers few edits, then frequent words. Whoosh's own corrector looks at frequency alone."""

    def _suggestions(self, text: str, maxdist: int, prefix: int) -> Iterator[tuple[float, str]]:
        for word, distance in self.reader.distances(self.fieldname, text, maxdist, prefix):
            yield -distance - 0.5 / self.reader.frequency(self.fieldname, word), word
