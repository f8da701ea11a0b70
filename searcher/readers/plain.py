"""Text and Markdown files: what do they say of themselves?

The text of the article is the decoded file as it stands, front matter included. Front matter is a YAML mapping between a
line ``---`` at the very start and the next line ``---`` or ``...``. Anything else there is text: nothing is ever lost,
and nothing is invented. Scalars are taken as written (``title: No`` is the title *No*, a time zone does not shift a
date). Titles that are not given in front matter are not looked for here, and Markdown is not interpreted. For a date or front
matter that the reader does not understand, it gives a remark.
"""

import datetime as dt
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from searcher.model import Article, Remark, Span
from searcher.readers.decoding import decode

if TYPE_CHECKING:
    from yaml.nodes import Node

MAX_FRONT_MATTER: Final = 1 << 16  # code points; more is no metadata, and YAML is slow to parse
MAX_REMARK: Final = 80
"""Code points of a value that a remark names."""

_OPENING: Final = re.compile(r"---[ \t]*(?:\r\n|\r|\n)")
_CLOSING: Final = re.compile(r"(?:(?<=\n)|(?<=\r))(?:---|\.\.\.)[ \t]*(?:\r\n|\r|\n|\Z)")
_FLAGS: Final = frozenset({"true", "false", "yes", "no"})
"""What ``published`` is where it does not mean a date."""
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})

_DATE: Final = re.compile(
    r"(\d{4})(?:([-/])(\d\d?)(?:\2(\d\d?)(?:[T \t]+\d\d?:\d\d.*)?)?)?", re.ASCII | re.DOTALL
)
_COMPACT_DATE: Final = re.compile(r"(\d{4})()(\d\d)(\d\d)(?:T\d{4}.*)?", re.ASCII)
_NAME_DATE: Final = re.compile(r"(?<![^\W_])([0-9]{4})([-_]?)([0-9]{2})\2([0-9]{2})(?![^\W_])")
_NAME_MONTH: Final = re.compile(r"(?<![^\W_])(?<![0-9]-)([0-9]{4})(-)([0-9]{2})(?![^\W_])(?!-[0-9])()")
_FOLDER_DATE: Final = re.compile(r"(?:^|(?<=/))([0-9]{4})(/)([0-9]{2})/([0-9]{2})(?=/)")
_KEY = re.compile(r"^[A-Za-z_][\w-]*:(?=\s|$)", re.MULTILINE)


def read_plain(address: str, data: bytes) -> Iterator[Article | Remark]:
    r"""Read a text or Markdown file, which is one article.

    Args:
        address: Its path below the corpus folder; a date in it counts where the front matter has none.
        data: All of its bytes.

    Yields:
        The article; ``title`` is None where front matter does not give one. Then a remark for each value that was not understood.

    Raises:
        UndecodableError: The bytes are no text.

    >>> (article,) = read_plain("2020/10/01/a.md", b"---\ntitle: Shusha\ntags: [war, city]\n---\nText.\n")
    >>> article.title, article.date, article.keywords, article.text[article.body_start:]
    ('Shusha', '2020-10-01', ('war', 'city'), 'Text.\n')
    """
    text = decode(data)
    fields, body_start, odd = _front_matter(text)
    title_node = fields.get("title")
    title = _joined(fields, "title")
    date = None
    for key in ("date", "published"):
        written = _joined(fields, key) or ""
        date = date or parse_date(written)
        if written and not date and written.lower() not in _FLAGS:
            odd[key] = written
    yield Article(
        address=address,
        text=text,
        title=title,
        title_from="front matter" if title else "given",
        date=date or date_of_address(address),
        source=_joined(fields, "source"),
        author=_joined(fields, "author", "authors"),
        keywords=_keywords(fields),
        language=_joined(fields, "language", "lang"),
        url=_joined(fields, "url", "link"),
        body_start=body_start,
        title_span=_title_span(text, title_node, title) if title_node and title else None,
        file=address,
    )
    for key, value in odd.items():
        yield Remark(address, key, value if len(value) <= MAX_REMARK else f"{value[: MAX_REMARK - 1]}…")


def parse_date(written: str) -> str | None:
    """Take an ISO 8601 date, whole or partial, as written; a time of day behind it is dropped.

    Returns:
        ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; None for anything that is no date of the calendar.

    >>> parse_date("2020-10-01T23:30:00-05:00"), parse_date("2020-10"), parse_date("2020-02-30")
    ('2020-10-01', '2020-10', None)
    """
    match = _DATE.fullmatch(written.strip()) or _COMPACT_DATE.fullmatch(written.strip())
    return _calendar_date(match, 1, 9999) if match else None


def date_of_address(address: str) -> str | None:
    """Find the date that a file's name, or else its folders, give it.

    In the name: ``2020-10-01``, ``2020_10_01``, ``20201001`` or ``2020-10``, touching no other letter or digit; in the
    folders: ``2020/10/01``. Only dates of the calendar from 1500 to 2199 count; the first whole one wins.

    >>> date_of_address("news/2020-10-01-shusha.txt"), date_of_address("2020/10/01/a.txt"), date_of_address("a1.txt")
    ('2020-10-01', '2020-10-01', None)
    """
    folders, _, name = address.rpartition("/")
    base = name.rpartition(".")[0] or name
    for pattern, where in ((_NAME_DATE, base), (_NAME_MONTH, base), (_FOLDER_DATE, folders + "/")):
        for match in pattern.finditer(where):
            if date := _calendar_date(match, 1500, 2199):
                return date
    return None


def _calendar_date(match: re.Match[str], first_year: int, last_year: int) -> str | None:
    year, month, day = match[1], match[3], match[4]
    try:
        whole = dt.date(int(year), int(month or 1), int(day or 1)).isoformat()
    except ValueError:
        return None
    if not first_year <= int(year) <= last_year:
        return None
    return whole if day else whole[:7] if month else whole[:4]


def _front_matter(text: str) -> tuple[dict[str, "Node"], int, dict[str, str]]:
    """Read the front matter of an article.

    Returns:
        The YAML node of each key in lower case, its marks counted from the start of ``text``; where the text proper begins; and, if
        there are keys that cannot be read, the first line of the front matter under ``front matter``.
    """
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if not opening or not closing or closing.start() > MAX_FRONT_MATTER:
        return {}, 0, {}
    start, end = opening.end(), closing.start()
    fields = _fields(text, start, end)
    if fields is not None:
        return fields, closing.end(), {}
    first_line = _clean(text[start:end].strip().partition("\n")[0])
    return {}, 0, {"front matter": first_line} if _KEY.search(text, start, end) else {}


def _fields(text: str, start: int, end: int) -> dict[str, "Node"] | None:
    """Give the YAML node of each key of front matter that stands here, or None if it is text, or cannot be read."""
    import yaml  # noqa: PLC0415 - see above

    try:
        # The opening line marks a YAML document: parsed with it, marks are offsets in the text.
        root = yaml.compose(text[:end], yaml.SafeLoader)
    except yaml.YAMLError:
        return _fields_apart(text, start, end) or None
    except RecursionError:
        return None
    if not isinstance(root, yaml.MappingNode) or _has_alias(root):
        return None
    return {key.value.strip().lower(): node for key, node in root.value if isinstance(key, yaml.ScalarNode)}


def _fields_apart(text: str, start: int, end: int) -> dict[str, "Node"]:
    """Read front matter key by key if the whole is not valid YAML. A value that is not valid YAML is taken as written.

    One colon in a headline (``title: The war: what happened``) must not cost the date and the source.
    """
    import yaml  # noqa: PLC0415 - see above

    keys = [match.start() for match in _KEY.finditer(text, start, end)]
    if not keys or text[start : keys[0]].strip():
        return {}
    fields: dict[str, Node] = {}
    for first, last in pairwise([*keys, end]):
        key, _, value = text[first:last].partition(":")
        try:
            # Line breaks in front keep the marks offsets in the text.
            root = yaml.compose("\n" * first + text[first:last], yaml.SafeLoader)
        except (yaml.YAMLError, RecursionError):
            root = None
        if isinstance(root, yaml.MappingNode) and len(root.value) == 1 and not _has_alias(root):
            fields[key.strip().lower()] = root.value[0][1]
        elif written := value.split("\n")[0].strip():
            at = text.index(written, first + len(key) + 1)
            begin, stop = (
                yaml.Mark("front matter", place, 0, 0, None, 0) for place in (at, at + len(written))
            )
            fields[key.strip().lower()] = yaml.ScalarNode("tag:yaml.org,2002:str", written, begin, stop)
    return fields


def _has_alias(root: "Node") -> bool:
    """Tell whether a node stands in two places: so a small text can grow huge, and metadata have no use for it."""
    seen: set[int] = set()
    nodes = [root]
    while nodes:
        node = nodes.pop()
        if id(node) in seen:
            return True
        seen.add(id(node))
        for child in node.value if isinstance(node.value, list) else ():
            nodes += child if isinstance(child, tuple) else (child,)
    return False


def _strings(node: "Node") -> Iterator[str]:
    """Give the scalars of a node: itself, the items of a list, the ``name`` of a mapping or else all its values."""
    from yaml.nodes import MappingNode, ScalarNode  # noqa: PLC0415 - see above

    if isinstance(node, ScalarNode):
        if node.style is not None or node.value not in _NULLS:
            yield node.value
        return
    children = node.value
    if isinstance(node, MappingNode):
        children = [value for key, value in node.value if key.value == "name"] or [
            value for _, value in node.value
        ]
    for child in children:
        yield from _strings(child)


def _clean(value: str) -> str:
    r"""Put a value on one line, without control characters; ``"\ud83d\ude00"``, as JSON has it, is one character."""
    whole = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", whole).split())


def _joined(fields: dict[str, "Node"], *keys: str) -> str | None:
    for key in keys:
        if key in fields and (joined := ", ".join(filter(None, map(_clean, _strings(fields[key]))))):
            return joined
    return None


def _keywords(fields: dict[str, "Node"]) -> tuple[str, ...]:
    for key in ("keywords", "tags"):
        if key in fields:
            values = _strings(fields[key])
            is_line = isinstance(fields[key].value, str)
            parts = [part for value in values for part in (value.split(",") if is_line else [value])]
            if kept := tuple(dict.fromkeys(filter(None, map(_clean, parts)))):
                return kept
    return ()


def _title_span(text: str, node: "Node", title: str) -> Span | None:
    """Find the title as it stands in the front matter, quotes aside; None where it is written otherwise there."""
    from yaml.nodes import ScalarNode  # noqa: PLC0415 - see above

    if not isinstance(node, ScalarNode):
        return None
    start, end = node.start_mark.index, node.end_mark.index
    if node.style in {"'", '"'}:
        start, end = start + 1, end - 1
    elif node.style in {"|", ">"}:  # the line of the indicator is not the title's
        start = end - len(re.sub(r"\A[^\r\n]*", "", text[start:end]))
    raw = text[start:end]
    start += len(raw) - len(raw.lstrip())
    end -= len(raw) - len(raw.rstrip())
    return Span(start, end) if text[start:end].split() == title.split() else None
