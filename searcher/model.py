"""The values that travel between the layers: articles, passages, hits, snippets, results.

All offsets are half-open and count code points of ``article.text``. Everything here is frozen.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Any, Generic, Literal, NamedTuple, Protocol, TypeVar

from searcher import markup

Tier = Literal["all", "article", "any"]
Match = Literal["auto", "all", "any"]
T = TypeVar("T")


class Span(NamedTuple):
    """A stretch of an article's text: ``text[start:end]``."""

    start: int
    end: int


class Kind(IntEnum):
    """What part of an article a paragraph or passage is. The values are stored in the index."""

    BODY = 0
    TITLE = 1
    CAPTION = 2
    KEYWORDS = 3

    @property
    def is_heading(self) -> bool:
        """Titles and keyword lines lead to an article, but are not what one wants to read."""
        return self in (Kind.TITLE, Kind.KEYWORDS)


def is_date(text: str) -> bool:
    """Tell whether a text is a date as articles bear them: ISO 8601, whole or partial, in the calendar.

    >>> is_date("2020"), is_date("2020-10"), is_date("2020-10-01"), is_date("2020-13"), is_date("1 October")
    (True, True, True, False, False)
    """
    try:
        dt.date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) in (4, 7) else text)
    except ValueError:
        return False
    return re.fullmatch(r"\d{4}(-\d\d){0,2}", text, re.ASCII) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One text with its metadata.

    Attributes:
        address: What identifies the article. A file that is one article gives it its path below the corpus folder, with ``/``;
            a file of several gives each its path, ``/`` and a name.
        text: The whole text; for a file exactly as decoded, byte order mark aside.
        title: Given title, or None to have it found in the text.
        title_from: Where ``title`` came from: ``"front matter"``, ``"heading"``, ``"first line"``, ``"first words"``
            or, for articles made in Python, ``"given"``.
        date: ISO 8601 date, whole or partial (``2020``, ``2020-10``, ``2020-10-01``), or None.
        source: Who published it.
        author: Who wrote it.
        keywords: Subjects.
        language: Language tag, as given.
        url: Where it was published.
        body_start: Where the text proper begins: behind the front matter.
        title_span: Where in the front matter the title stands, if it does.
        file: For an article of the corpus folder, the path of its file, below the folder, with ``/``. None for an article
            that a program puts in.

    Raises:
        ValueError: The address is empty, or it or a keyword holds a line break. A string holds half of a surrogate pair. The date is
            not an ISO date. ``body_start`` is outside the text, or ``title_span`` is not before it. The address is neither ``file`` nor
            ``file`` with ``/`` and a name.
    """

    address: str
    text: str
    title: str | None = None
    title_from: str = "given"
    date: str | None = None
    source: str | None = None
    author: str | None = None
    keywords: tuple[str, ...] = ()
    language: str | None = None
    url: str | None = None
    body_start: int = 0
    title_span: Span | None = None
    file: str | None = None

    def __post_init__(self) -> None:
        if not self.address or "\n" in self.address:
            raise ValueError(f"an article's address is one non-empty line, not {self.address!r}")
        if self.date is not None and not is_date(self.date):
            raise ValueError(f"article {self.address}: date {self.date!r} is not YYYY, YYYY-MM or YYYY-MM-DD")
        if any("\n" in keyword for keyword in self.keywords):
            raise ValueError(f"article {self.address}: a keyword is one line")
        if not 0 <= self.body_start <= len(self.text):
            raise ValueError(f"article {self.address}: body_start is {self.body_start}, outside the text")
        if self.title_span and not 0 <= self.title_span[0] <= self.title_span[1] <= self.body_start:
            raise ValueError(
                f"article {self.address}: title_span is not before body_start; give the title alone"
            )
        if self.file is not None and not f"{self.address}/".startswith(f"{self.file}/"):
            raise ValueError(
                f"article {self.address}: the address does not begin with its file, {self.file!r}"
            )
        for name in self.__slots__:
            value = getattr(self, name)
            text = "\n".join(value) if name == "keywords" else value
            try:
                _ = text.encode() if isinstance(text, str) and not text.isascii() else b""
            except UnicodeEncodeError as error:
                raise ValueError(
                    f"article {self.address!a}: {name} holds half of a surrogate pair at {error.start}: decode it anew"
                ) from error


class Remark(NamedTuple):
    """Something that a file says of an article and that was not understood.

    Attributes:
        address: Of the article.
        key: What it is called there, such as ``date``; ``front matter`` for all of it.
        value: What it says, on one line, perhaps shortened.
    """

    address: str
    key: str
    value: str

    def __str__(self) -> str:
        return f'{self.address}: {self.key} "{self.value}" was not understood'


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit of retrieval: a span of an article.

    Attributes:
        start: First code point in the article's text.
        end: One past the last.
        kind: Which part of the article it is.
        paragraph: Number of its first paragraph in the article, from 1.
        text: ``article.text[start:end]``.
    """

    start: int
    end: int
    kind: Kind
    paragraph: int
    text: str


@dataclass(frozen=True, slots=True)
class Snippet:
    """A short stretch of an article with the matched words marked.

    Attributes:
        start: First code point in the article's text.
        end: One past the last.
        text: ``article.text[start:end]``, untouched. The renderings below make it safe for where it goes.
        marks: Matched spans, in code points of the article, sorted, disjoint, inside ``start`` to ``end``.
        is_start: Nothing of the passage was left out before it.
        is_end: Nothing of the passage was left out behind it.
    """

    start: int
    end: int
    text: str
    marks: tuple[Span, ...]
    is_start: bool = True
    is_end: bool = True

    @property
    def _local_marks(self) -> list[tuple[int, int]]:
        at = self.start
        return [(start - at, end - at) for start, end in self.marks]

    def plain(self) -> str:
        """Render on one line, marks left out, control characters neutralised."""
        return markup.plain(self.text)

    def ansi(self) -> str:
        """Render on one line for a terminal, marks bold."""
        return markup.ansi(self.text, self._local_marks)

    def html(self) -> str:
        """Render as escaped HTML with ``<mark>`` elements."""
        return markup.html(self.text, self._local_marks)

    def markdown(self) -> str:
        """Render as escaped Markdown, marks in ``**``."""
        return markup.markdown(self.text, self._local_marks)


@dataclass(frozen=True, slots=True)
class Note:
    """A word on how a query was understood.

    Attributes:
        code: Stable identifier for programs, such as ``relaxed``.
        message: One sentence for people.
    """

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One part of a query, by itself.

    Attributes:
        text: The clause in the query language.
        n_passages: Passages that satisfy it, whatever the rest of the query.
    """

    text: str
    n_passages: int


class _ResultParts(Protocol):
    """Computes the fields of a `SearchResult`, each by the method that has its name."""

    def understood(self) -> str: ...
    def notes(self) -> tuple[Note, ...]: ...
    def match(self) -> Tier: ...
    def total(self) -> int: ...
    def tiers(self) -> dict[str, int]: ...
    def side_by_side(self) -> int | None: ...
    def clauses(self) -> tuple[Clause, ...]: ...
    def ranking(self) -> "tuple[Ranked, ...]": ...
    def hits(self) -> "tuple[Hit, ...]": ...


class _Lazy(Generic[T]):
    """A field of a dataclass that is computed when it is first read.

    It may be given as a function. If it is not given, the object has ``parts`` that compute it.
    """

    def __init__(self, compute: Callable[[_ResultParts], T] | None = None) -> None:
        self._compute = compute

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: object | None, owner: type) -> T:
        if instance is None:  # `dataclass` asks for a default
            raise AttributeError(self._name)
        values = instance.__dict__
        if self._name not in values and self._compute:
            values[self._name] = self._compute(values["parts"])
        elif callable(values[self._name]):
            values[self._name] = values[self._name]()
        known: T = values[self._name]
        return known

    def __set__(self, instance: object, value: T | Callable[[], T]) -> None:
        instance.__dict__[self._name] = value


def _evaluated(made: Any) -> dict[str, Any]:
    """Give the value of every field, for copies that leave the process."""
    values: dict[str, Any] = vars(replace(made))
    return values


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One passage found. What there is to show is worked out when it is first read.

    Attributes:
        rank: Place in the result, from 1.
        score: BM25 of what matched.
        match: Tier: the passage has ``all`` the words, or some while its ``article`` has all, or just ``any``.
        article: The article it stands in.
        passage: The passage to read.
        marks: Spans of everything that made the passage match, sorted and disjoint.
        matched: The distinct words and phrases as they stand in the marks, case folded, in order of appearance.
        snippet: The best part of the passage.
        heading: The title or keyword line that matched, marked, where that is why the article was found.
        line: Line of the article's text, from 1, in which the first mark of the snippet stands (the snippet itself,
            where it has none).
    """

    rank: int
    score: float
    match: Tier
    article: _Lazy[Article] = _Lazy()
    passage: _Lazy[Passage] = _Lazy()
    marks: _Lazy[tuple[Span, ...]] = _Lazy()
    matched: _Lazy[tuple[str, ...]] = _Lazy()
    snippet: Snippet
    heading: _Lazy[Snippet | None] = _Lazy()
    line: _Lazy[int] = _Lazy()

    __getstate__ = _evaluated

    @property
    def column(self) -> int:
        """Where in its line that mark begins: code points, from 1. It tells two hits on one line apart."""
        at, text = (self.snippet.marks or (self.snippet,))[0].start, self.article.text
        return at - max(text.rfind("\n", 0, at), text.rfind("\r", 0, at))


class Ranked(NamedTuple):
    """Where a hit is, and what it is worth.

    Attributes:
        score: Of the hit.
        address: Of the article.
        start: First code point of the passage to read.
        end: One past the last.
    """

    score: float
    address: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class SearchResult:
    """What a query found. Iterating it gives its hits.

    A search only ranks. Everything else is worked out, over the same state of the index, when it is first read.

    Attributes:
        query: The query as typed.
        elapsed_ms: Time taken to understand the query and to rank, in milliseconds.
        understood: The query as understood, in the query language.
        notes: What was changed, assumed or worth knowing.
        match: The widest tier shown.
        total: Number of passages in the tiers shown, whatever the limit.
        tiers: Number of passages in each tier.
        side_by_side: Passages that have the loose words side by side, in any form; None for other queries.
        clauses: The parts that stand side by side in the query, and how many passages satisfy each.
        ranking: Score and place of each hit, best first: all that a program needs which has the texts.
        hits: Best first, with article, marks and snippet.
    """

    query: str
    elapsed_ms: float
    understood: _Lazy[str] = _Lazy(lambda parts: parts.understood())
    notes: _Lazy[tuple[Note, ...]] = _Lazy(lambda parts: parts.notes())
    match: _Lazy[Tier] = _Lazy(lambda parts: parts.match())
    total: _Lazy[int] = _Lazy(lambda parts: parts.total())
    tiers: _Lazy[dict[str, int]] = _Lazy(lambda parts: parts.tiers())
    side_by_side: _Lazy[int | None] = _Lazy(lambda parts: parts.side_by_side())
    clauses: _Lazy[tuple[Clause, ...]] = _Lazy(lambda parts: parts.clauses())
    ranking: _Lazy[tuple[Ranked, ...]] = field(default=_Lazy(lambda parts: parts.ranking()), repr=False)
    hits: _Lazy[tuple[Hit, ...]] = field(default=_Lazy(lambda parts: parts.hits()), repr=False)

    __getstate__ = _evaluated

    @classmethod
    def of_parts(cls, query: str, elapsed_ms: float, parts: _ResultParts) -> "SearchResult":
        """Make a result whose other fields are computed when they are read."""
        made = object.__new__(cls)  # in a quarter of the time that `__init__` takes
        fields = made.__dict__
        fields["query"], fields["elapsed_ms"], fields["parts"] = query, elapsed_ms, parts
        return made

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)
