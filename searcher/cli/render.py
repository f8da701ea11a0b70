"""How is a result written? As text for people, and in formats for programs.

The JSON object, version 1 (`SCHEMA`), has: ``schema``; ``query``, as typed; ``understood``; ``notes``, each a ``code`` and
a ``message``; ``match``, the widest tier shown; ``total``, the passages in the tiers shown; ``tiers``, the passages in each;
``side_by_side``, the passages with the loose words side by side, or null; ``clauses``, each a ``text`` and the number of
``passages`` that satisfy it by itself; ``elapsed_ms``; ``hits``. A hit has ``rank``,
``score``, ``match`` (its tier), ``path`` (below the corpus folder, with ``/``), ``title``, ``title_from``, ``source``,
``date``, ``author``, ``url``, ``kind`` (of the passage), ``line`` (of the first mark), ``paragraph``, ``start``, ``end``,
``text`` (of the passage), ``marks`` (all of the passage), ``matched``, ``snippet`` and ``heading`` (the title or keyword
line that matched, or null), each with ``start``, ``end``, ``text``, ``marks``. Offsets are half-open and count code points
of the article's text, which for a file is its decoded content without a byte order mark.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, Final

from searcher.markup import ansi, plain, safe
from searcher.model import Article, Hit, SearchResult, Snippet, Span, Tier

SCHEMA: Final = 1
MAX_WIDTH: Final = 100

_TIER_TITLES: Final = {
    "all": "With all the words:",
    "article": "With some of the words, from articles that have them all:",
    "any": "With some of the words:",
}
_ACTIVE: Final = "[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
_ANSI = re.compile("\x1b\\[[0-9;]*m")
_CSV_FIELDS: Final = (
    "rank",
    "score",
    "match",
    "path",
    "title",
    "source",
    "date",
    "kind",
    "line",
    "paragraph",
    "start",
    "end",
)


def as_text(
    result: SearchResult, *, color: bool, explain: Callable[[Hit], object] | None = None
) -> Iterator[str]:
    """Give the lines for people: a summary, then the hits tier by tier, each under its article.

    Args:
        result: What was found.
        color: Whether to mark and colour.
        explain: Says why a hit has its score; if given, so do the lines, and how the query was understood.
    """
    if explain:
        yield f"understood: {safe(result.understood)}"
        yield from (f"  {safe(clause.text)}: {_n_passages(clause.n_passages)}" for clause in result.clauses)
    width = min(_columns(), MAX_WIDTH)
    yield from wrap(summary(result), width, "")
    groups: dict[tuple[Tier, str], list[Hit]] = {}
    for hit in result.hits:
        groups.setdefault((hit.match, hit.article.address), []).append(hit)
    indent = " " * (len(str(len(result.hits))) + 2)
    is_tiered = result.match != "all" and len(result.tiers) > 1  # tiers are counted only where that is asked
    tier = None
    for (match, address), hits in groups.items():
        if is_tiered and match != tier:
            yield ""
            yield _styled(_TIER_TITLES[match], "3", color=color)
        tier = match
        yield ""
        headings = [hit.heading for hit in hits if hit.heading is not None]
        yield from title_lines(hits[0].article, headings[0] if headings else None, color=color)
        for hit in hits:
            place = f"{safe(address)}:{hit.line}"
            yield f"{hit.rank:>{len(indent) - 2}}. {_styled(place, '36', color=color)}"
            yield from wrap(_snippet(hit.snippet, color=color), width, indent)
            if explain:
                yield from (f"{indent}{safe(line)}" for line in str(explain(hit)).splitlines())


def _columns() -> int:
    """Give the width of the terminal as `shutil.get_terminal_size` does, of which the import takes 2 ms."""
    with suppress(KeyError, ValueError):
        if (columns := int(os.environ["COLUMNS"])) > 0:
            return columns
    with suppress(AttributeError, ValueError, OSError):
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or MAX_WIDTH  # type: ignore[union-attr]
    return MAX_WIDTH


def title_lines(article: Article, heading: Snippet | None, *, color: bool) -> Iterator[str]:
    """Give the lines over an article's hits: its title, or the heading that matched, then source and date."""
    title = article.title or article.address
    if heading is not None and " ".join(heading.text.split()) in " ".join(title.split()):
        yield heading.ansi() if color else heading.plain()
    else:
        yield _styled(safe(title), "1", color=color)
        if heading is not None:
            yield f"   {_snippet(heading, color=color)}"
    known = [safe(value) for value in (article.source, article.date) if value]
    if known:
        yield " · ".join(known)


def summary(result: SearchResult) -> str:
    """Say in one line how many passages there are, and how they match.

    A query that was relaxed says how many passages each tier has.
    """
    if not result.total:
        return "no passages"
    if result.match in ("article", "any") and "all" in result.tiers:
        parts = [
            f"{result.tiers['all']:,} with all the words"
            if result.tiers["all"]
            else "no passage has all the words"
        ]
        parts.append(f"{result.tiers['article']:,} with some, from articles that have them all")
        if result.match == "any":
            parts.append(f"{result.tiers['any']:,} with any")
        line = f"{_n_passages(result.total)}: {', '.join(parts)}"
    else:
        line = _n_passages(result.total)
    if result.side_by_side is not None:
        line += f" ({result.side_by_side or 'none'} side by side)"
    if len(result.hits) < result.total:
        first = "the first follows" if len(result.hits) == 1 else f"the first {len(result.hits):,} follow"
        line += f"; {first}" if result.hits else ""
    return line


def _n_passages(number: int) -> str:
    return "1 passage" if number == 1 else f"{number:,} passages"


def _snippet(snippet: Snippet, *, color: bool) -> str:
    text = snippet.ansi() if color else snippet.plain()
    return ("" if snippet.is_start else "… ") + text + ("" if snippet.is_end else " …")


def _styled(text: str, code: str, *, color: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if color else text


def wrap(text: str, width: int, indent: str) -> Iterator[str]:
    """Break a line at spaces so that it fits, not counting ANSI codes."""
    line, length = indent, len(indent)
    is_empty = True
    for word in text.split(" "):
        visible = len(_ANSI.sub("", word))
        if not is_empty and length + 1 + visible > width:
            yield line
            line, length, is_empty = indent, len(indent), True
        line += word if is_empty else f" {word}"
        length += visible if is_empty else visible + 1
        is_empty = False
    yield line


def marked_text(text: str, marks: Iterable[Span], *, color: bool) -> str:
    """Give a whole text, line breaks kept, with its marks if there is colour."""
    return ansi(text, list(marks), one_line=False) if color else plain(text, one_line=False)


def as_json(result: SearchResult) -> str:
    """Write a result as one JSON object."""
    return _dump(
        {
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
            "hits": [hit_values(hit) for hit in result.hits],
        },
        indent=1,
    )


def _dump(value: object, indent: int | None = None) -> str:
    """Write JSON that is safe to print: what a terminal would act on is escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return re.sub(_ACTIVE, lambda match: f"\\u{ord(match[0]):04x}", text)


def as_jsonl(result: SearchResult, *, names_query: bool = False) -> Iterator[str]:
    """Write each hit as one line of JSON; if asked for, with the ``query`` before everything else."""
    query = {"query": result.query} if names_query else {}
    return (_dump(query | hit_values(hit)) for hit in result.hits)


def hit_values(hit: Hit) -> dict[str, Any]:
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
        "paragraph": passage.paragraph,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "marks": hit.marks,
        "matched": hit.matched,
        "snippet": _snippet_values(hit.snippet),
        "heading": _snippet_values(hit.heading) if hit.heading else None,
    }


def _snippet_values(snippet: Snippet) -> dict[str, Any]:
    return {"start": snippet.start, "end": snippet.end, "text": snippet.text, "marks": snippet.marks}


def as_csv(result: SearchResult) -> str:
    """Write the hits as CSV with a header line."""
    import csv  # noqa: PLC0415  (a command imports only what it needs)
    import io  # noqa: PLC0415  (a command imports only what it needs)

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*_CSV_FIELDS, "snippet", "text"])
    for hit in result.hits:
        values = hit_values(hit)
        writer.writerow([*(values[name] for name in _CSV_FIELDS), hit.snippet.plain(), hit.passage.text])
    return out.getvalue().rstrip("\n")


def as_trec(result: SearchResult) -> Iterator[str]:
    """Write the hits as a TREC run of topic 1; a document is ``path#start-end``, the path percent-encoded."""
    from urllib.parse import quote  # noqa: PLC0415  (a command imports only what it needs)

    for hit in result.hits:
        document = f"{quote(hit.article.address)}#{hit.passage.start}-{hit.passage.end}"
        yield f"1 Q0 {document} {hit.rank} {hit.score:.9f} searcher"
