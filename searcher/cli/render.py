"""How is a result written? As text for people, as CSV, and as a TREC run; `searcher.wire` has the JSON."""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Final

from searcher.markup import ansi, plain, safe
from searcher.model import Article, Hit, SearchResult, Snippet, Span, Tier

MAX_WIDTH: Final = 100

_TIER_TITLES: Final = {
    "all": "With all the words:",
    "article": "With some of the words, from articles that have them all:",
    "any": "With any of the words:",
}
_ANSI = re.compile("\x1b\\[[0-9;]*m")
_CSV_FIELDS: Final = "rank score match path title source date kind line column paragraph start end"


def as_text(
    result: SearchResult, *, color: bool, explain: Callable[[Hit], object] | None = None
) -> Iterator[str]:
    """Give the lines for people: a summary, then the hits by tier and article, numbered in the order shown.

    If ``explain`` is given, the lines say how the query was understood, and what ``explain`` says of each hit.
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
    is_tiered = result.match != "all" and len(result.tiers) > 1  # counting the tiers takes time
    tier, number = None, 0
    for (match, address), hits in groups.items():
        if is_tiered and match != tier:
            yield ""
            yield _styled(_TIER_TITLES[match], "3", color=color)
        tier = match
        yield ""
        headings = [hit.heading for hit in hits if hit.heading is not None]
        yield from title_lines(hits[0].article, headings[0] if headings else None, color=color)
        for hit in hits:
            number += 1
            place = f"{safe(address)}:{hit.line}:{hit.column}"
            yield f"{number:>{len(indent) - 2}}. {_styled(place, '36', color=color)}"
            yield from wrap(_snippet(hit.snippet, color=color), width, indent)
            if explain:
                yield from (f"{indent}{safe(line)}" for line in str(explain(hit)).splitlines())


def _columns() -> int:
    """Give the width of the terminal as `shutil.get_terminal_size` does, whose import takes 2 ms."""
    with suppress(KeyError, ValueError):
        if (columns := int(os.environ["COLUMNS"])) > 0:
            return columns
    with suppress(AttributeError, ValueError, OSError):
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or MAX_WIDTH  # type: ignore[union-attr]
    return MAX_WIDTH


def title_lines(article: Article, heading: Snippet | None, *, color: bool) -> Iterator[str]:
    """Give the lines above an article's hits: its title, or the heading that matched, then source and date."""
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
    """Say in one sentence how many passages there are, and of a relaxed query how many have which words."""
    line = _n_passages(result.total) if result.total else "no passages"
    n_together = result.side_by_side or 0
    if result.match != "all" and "all" in result.tiers:
        n_all, n_article, n_any = (result.tiers[tier] for tier in ("all", "article", "any"))
        parts = [f"{_have(n_all)} all the words" if n_all else "none has all the words"]
        if 0 < n_together <= n_all:
            parts[0] += " side by side" if n_together == n_all else f" ({n_together:,} side by side)"
        if result.total not in (n_article, n_any):  # otherwise the title over the hits says the rest
            parts += [f"{_have(n_article)} some in articles that have all"] if n_article else []
            parts += [f"{_have(n_any)} any of them"] if n_any and result.match == "any" else []
        line += f": {', '.join(parts)}"
    elif 0 < n_together < result.total:
        line += f", {n_together:,} with the words side by side"
    if 0 < len(result.hits) < result.total:
        line += "; the first follows" if len(result.hits) == 1 else f"; the first {len(result.hits):,} follow"
    return line


def _have(number: int) -> str:
    return "1 has" if number == 1 else f"{number:,} have"


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


def as_csv(result: SearchResult) -> str:
    """Write the hits as CSV with a header line."""
    import csv
    import io

    from searcher.wire import hit_object

    fields = _CSV_FIELDS.split()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*fields, "snippet", "text"])
    for hit in result.hits:
        values: Mapping[str, object] = hit_object(hit)
        writer.writerow([*(values[name] for name in fields), hit.snippet.plain(), hit.passage.text])
    return out.getvalue().rstrip("\n")


def as_trec(result: SearchResult) -> Iterator[str]:
    """Write the hits as a TREC run of topic 1; a document is ``path#start-end``, the path percent-encoded."""
    from urllib.parse import quote

    for hit in result.hits:
        document = f"{quote(hit.article.address)}#{hit.passage.start}-{hit.passage.end}"
        yield f"1 Q0 {document} {hit.rank} {hit.score:.9f} searcher"
