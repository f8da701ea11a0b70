"""What do results, notes, errors and the state of an index look like as JSON?

Each ``…Object`` below is one JSON object: its fields, their types, and what they mean. `json_schema` makes a JSON Schema
of them. The number `SCHEMA` rises when a program that reads the JSON would have to change. A new field does not raise it.

Offsets are half-open and count code points of the article's text. For a file, that is its decoded content without a byte
order mark.
"""

import json
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    Literal,
    NotRequired,
    TypedDict,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from searcher.errors import QueryError
from searcher.markup import safe
from searcher.model import Hit, SearchResult, Snippet, Tier
from searcher.storage.format import MANIFEST

if TYPE_CHECKING:
    from searcher.indexing.folder.status import Status
    from searcher.querying.suggest import Suggestion
    from searcher.storage.check.check import CheckReport

SCHEMA: Final = 1

_Version = Annotated[int, f"Version of this form of the JSON, {SCHEMA}."]
_Count = Annotated[int, "How many."]
_Offset = Annotated[int, "Offset in the article's text."]
_Spans = Sequence[tuple[int, int]]
_ACTIVE: Final = "[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"


class NoteObject(TypedDict):
    """One remark on how a query was understood."""

    code: Annotated[str, "Stable identifier, such as relaxed."]
    message: Annotated[str, "One sentence for people."]


class ClauseObject(TypedDict):
    """One part of a query."""

    text: Annotated[str, "The clause in the query language."]
    passages: Annotated[int, "Passages that satisfy it, whatever the rest of the query."]


class SnippetObject(TypedDict):
    """A part of an article with its marks."""

    start: _Offset
    end: _Offset
    text: Annotated[str, "The article's text from start to end."]
    marks: Annotated[_Spans, "Start and end of each match, as offsets in the article's text."]


class HitObject(TypedDict):
    """One passage found."""

    query: NotRequired[Annotated[str, "The query that found it; only in what searcher watch prints."]]
    rank: Annotated[int, "Place in the result, from 1."]
    score: Annotated[float, "BM25 of what matched."]
    match: Annotated[Tier, "The passage has all the words; or some, in an article that has all; or any."]
    path: Annotated[str, "The article, as a path below the corpus folder, with /."]
    title: Annotated[str | None, "Title of the article."]
    title_from: Annotated[str, "Origin of the title: front matter, heading, first line, first words, given."]
    source: Annotated[str | None, "Who published the article."]
    date: Annotated[str | None, "Date of the article: YYYY, YYYY-MM or YYYY-MM-DD."]
    author: Annotated[str | None, "Who wrote the article."]
    url: Annotated[str | None, "Where the article was published."]
    kind: Annotated[str, "What the passage is: body, title, caption or keywords."]
    line: Annotated[int, "Line of the article, from 1, with the first mark of the snippet."]
    column: Annotated[int, "Column in that line, from 1, in code points, where that mark begins."]
    paragraph: Annotated[int, "Number of the passage's first paragraph, from 1."]
    start: Annotated[int, "Offset of the passage in the article's text."]
    end: Annotated[int, "Offset of the passage in the article's text."]
    text: Annotated[str, "The passage."]
    marks: Annotated[_Spans, "Start and end of each match in the passage."]
    matched: Annotated[Sequence[str], "Words and phrases that matched, as written, each once, in lower case."]
    snippet: Annotated[SnippetObject, "The best part of the passage."]
    heading: Annotated[
        SnippetObject | None, "Title or keyword line by which the article was found, if it was."
    ]


class ResultObject(TypedDict):
    """What a query found."""

    schema: _Version
    query: Annotated[str, "The query as typed."]
    understood: Annotated[str, "The query as understood, in the query language."]
    notes: Sequence[NoteObject]
    match: Annotated[Tier, "The widest tier shown."]
    total: Annotated[int, "Passages in the tiers shown, whatever the limit."]
    tiers: Annotated[Mapping[str, int], "Passages in each tier."]
    side_by_side: Annotated[int | None, "Passages with the loose words side by side; null for other queries."]
    clauses: Sequence[ClauseObject]
    elapsed_ms: Annotated[float, "Time taken to understand the query and to rank, in milliseconds."]
    hits: Annotated[Sequence[HitObject], "The passages found, best first."]


class SkippedObject(TypedDict):
    """A file that could not be taken in."""

    path: str
    reason: str


class RemarkObject(TypedDict):
    """Something that a file says of an article and that was not understood."""

    path: Annotated[str, "The article, as a path below the corpus folder, with /."]
    key: Annotated[str, "What it is called in the file, such as date; front matter for all of it."]
    value: Annotated[str, "What the file says, on one line, perhaps shortened."]


class StatusObject(TypedDict):
    """What is indexed, and whether the folder has changed since."""

    schema: _Version
    index: Annotated[str, "The index folder."]
    corpus: Annotated[str | None, "The corpus folder, or null if the articles came from a program."]
    language: Annotated[str, "Language of the stemmer."]
    n_articles: _Count
    n_passages: _Count
    n_terms: Annotated[int, "How many distinct terms."]
    n_words: _Count
    size_bytes: Annotated[int, "Size of the index on disk."]
    updated_at: Annotated[str, "When the index was last written, ISO 8601, UTC."]
    is_fresh: Annotated[bool | None, "The index holds what the folder holds; null if there is no folder."]
    changes: Annotated[Mapping[str, int], "Files of the folder by state: new, changed, removed and so on."]
    scan_ms: Annotated[float, "How long it took to look through the folder, in milliseconds."]
    skipped: Sequence[SkippedObject]
    remarks: Annotated[Sequence[RemarkObject], "What was not understood of the files that were taken in."]
    is_compiled: Annotated[bool, "The innermost loops of searching are compiled. If not, searching is slow."]
    remedy: Annotated[str | None, "What to do to have them compiled, if they are not."]


class DamageObject(TypedDict):
    """Damage of one file of the index."""

    file: str
    column: Annotated[str | None, "The column in the file, if it is known."]
    detail: Annotated[str, "What is wrong."]


class CheckObject(TypedDict):
    """The outcome of a check. It is printed for a damaged index too."""

    schema: _Version
    index: Annotated[str, "The index folder."]
    is_sound: Annotated[bool, "There is no damage."]
    damages: Sequence[DamageObject]
    mend: Annotated[str | None, "What to do about the damage."]
    leftovers: Annotated[Sequence[str], "Files that are no part of the index and do no harm."]
    n_files: _Count
    n_bytes: _Count
    n_columns: _Count
    n_articles: _Count
    n_passages: _Count


class SuggestionObject(TypedDict):
    """A word of the articles."""

    surface: Annotated[str, "The word, as it is indexed."]
    n_passages: Annotated[int, "Passages that hold it."]
    distance: Annotated[int, "Edits between it and the word typed."]


class SuggestionsObject(TypedDict):
    """Words of the articles that are like a word, or begin like it."""

    schema: _Version
    word: Annotated[str, "As typed, control characters replaced."]
    is_prefix: Annotated[bool, "Words that begin like it were asked for."]
    suggestions: Sequence[SuggestionObject]


class ErrorObject(TypedDict):
    """Why a request was not answered."""

    schema: _Version
    error: Annotated[str, "Name of the class of the error in searcher.errors, or of Python."]
    message: Annotated[str, "One line: what happened, where, and what to do."]
    position: Annotated[int | None, "Where in the query the error is, in code points, if it is known."]


_PRINTED: Final = (ResultObject, HitObject, StatusObject, CheckObject, SuggestionsObject, ErrorObject)


def to_json(value: object, *, indent: int | None = 1) -> str:
    """Write JSON that is safe to print: what a terminal would act on is escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return re.sub(_ACTIVE, lambda match: f"\\u{ord(match[0]):04x}", text)


def result_object(result: SearchResult) -> ResultObject:
    """Give a result as JSON has it."""
    return {
        "schema": SCHEMA,
        "query": result.query,
        "understood": result.understood,
        "notes": [{"code": note.code, "message": note.message} for note in result.notes],
        "match": result.match,
        "total": result.total,
        "tiers": result.tiers,
        "side_by_side": result.side_by_side,
        "clauses": [{"text": clause.text, "passages": clause.n_passages} for clause in result.clauses],
        "elapsed_ms": round(result.elapsed_ms, 3),
        "hits": [hit_object(hit) for hit in result.hits],
    }


def hit_object(hit: Hit) -> HitObject:
    """Give a hit as JSON has it."""
    article, passage = hit.article, hit.passage
    return {
        "rank": hit.rank,
        "score": hit.score,
        "match": hit.match,
        "path": article.address,
        "title": article.title,
        "title_from": article.title_from,
        "source": article.source,
        "date": article.date,
        "author": article.author,
        "url": article.url,
        "kind": passage.kind.name.lower(),
        "line": hit.line,
        "column": hit.column,
        "paragraph": passage.paragraph,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "marks": hit.marks,
        "matched": hit.matched,
        "snippet": _snippet_object(hit.snippet),
        "heading": _snippet_object(hit.heading) if hit.heading else None,
    }


def _snippet_object(snippet: Snippet) -> SnippetObject:
    return {"start": snippet.start, "end": snippet.end, "text": snippet.text, "marks": snippet.marks}


def status_object(status: "Status") -> StatusObject:
    """Give the state of an index as JSON has it."""
    return {
        "schema": SCHEMA,
        "index": str(status.index),
        "corpus": str(status.corpus) if status.corpus else None,
        "language": status.language,
        "n_articles": status.n_articles,
        "n_passages": status.n_passages,
        "n_terms": status.n_terms,
        "n_words": status.n_words,
        "size_bytes": status.size_bytes,
        "updated_at": status.updated_at,
        "is_fresh": status.is_fresh,
        "changes": status.changes,
        "scan_ms": status.scan_ms,
        "skipped": [{"path": address, "reason": reason} for address, reason in status.skipped],
        "remarks": [
            {"path": remark.address, "key": remark.key, "value": remark.value} for remark in status.remarks
        ],
        "is_compiled": status.is_compiled,
        "remedy": status.remedy or None,
    }


def check_object(report: "CheckReport") -> CheckObject:
    """Give the outcome of a check as JSON has it."""
    return {
        "schema": SCHEMA,
        "index": str(report.index),
        "is_sound": not report.damages,
        "damages": [
            {"file": damage.file, "column": damage.column or None, "detail": damage.detail}
            for damage in report.damages
        ],
        "mend": mend(report) if report.damages else None,
        "leftovers": report.leftovers,
        "n_files": report.n_files,
        "n_bytes": report.n_bytes,
        "n_columns": report.n_columns,
        "n_articles": report.n_articles,
        "n_passages": report.n_passages,
    }


def mend(report: "CheckReport") -> str:
    """Say what to do about a damaged index."""
    index = shlex.quote(str(report.index))
    if report.corpus is not None:
        return f"rebuild with: searcher index {shlex.quote(str(report.corpus))} --rebuild --index {index}"
    if any(damage.file == MANIFEST for damage in report.damages):  # which may have named a folder
        return f"rebuild with: searcher index CORPUS --rebuild --index {index}"
    return f"its articles came from Python: build_index(None, {str(report.index)!r}, rebuild=True)"


def suggestions_object(word: str, found: "Iterable[Suggestion]", *, is_prefix: bool) -> SuggestionsObject:
    """Give words that are like a word, or begin like it, as JSON has them."""
    suggestions: list[SuggestionObject] = [
        {"surface": each.surface, "n_passages": each.n_passages, "distance": each.distance} for each in found
    ]
    return {"schema": SCHEMA, "word": safe(word), "is_prefix": is_prefix, "suggestions": suggestions}


def error_object(error: Exception) -> ErrorObject:
    """Give an error as JSON has it."""
    position = error.position if isinstance(error, QueryError) else None
    return {"schema": SCHEMA, "error": type(error).__name__, "message": one_line(error), "position": position}


def one_line(error: Exception) -> str:
    """Say in one line what went wrong: what, where, what to do."""
    if isinstance(error, OSError) and error.filename is not None:
        return safe(f"{error.filename}: {error.strerror}")
    return safe(str(error))


def json_schema() -> dict[str, Any]:
    """Give a JSON Schema (2020-12) of everything above: any of the objects that are printed, and ``$defs`` of all."""
    definitions: dict[str, Any] = {}
    printed = [_schema_of(kind, definitions) for kind in _PRINTED]
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, "title": "searcher", "anyOf": printed, "$defs": definitions}


def _schema_of(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:  # noqa: PLR0911  (one return a kind of type)
    """Describe a type; typed dictionaries are added to the definitions."""
    origin, args = get_origin(hint), get_args(hint)
    if is_typeddict(hint):
        fields = get_type_hints(hint, include_extras=True)
        definitions[hint.__name__] = {
            "description": hint.__doc__,
            "type": "object",
            "properties": {name: _schema_of(field, definitions) for name, field in fields.items()},
            "required": [name for name in fields if name in hint.__required_keys__],
        }
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if origin is Annotated:
        return {"description": hint.__metadata__[0], **_schema_of(args[0], definitions)}
    if origin is NotRequired:
        return _schema_of(args[0], definitions)
    if origin is Literal:
        return {"enum": list(args)}
    if origin is tuple:
        items = [_schema_of(arg, definitions) for arg in args]
        return {"type": "array", "prefixItems": items, "minItems": len(args), "maxItems": len(args)}
    if origin is Sequence:
        return {"type": "array", "items": _schema_of(args[0], definitions)}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _schema_of(args[1], definitions)}
    if args:
        return {"anyOf": [_schema_of(arg, definitions) for arg in args]}
    names = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}
    return {"type": names[hint]}
