"""Which paragraphs of an article are title, caption or keyword line, and not body?

The rules are guesses from how newspapers and agencies write. In doubt a paragraph is body, because body is always shown.
A caption on one line with the first paragraph is body too, so that the paragraph is not lost.
"""

import re
from collections.abc import Sequence
from itertools import chain, compress
from typing import Final

from searcher.model import Kind
from searcher.text.layout import sentences

MAX_TITLE_WORDS: Final = 25
MIN_TITLE_WORDS: Final = 3
MAX_TITLE_LENGTH: Final = 200
MAX_HEADING_LENGTH: Final = 500
MAX_BYLINE_WORDS: Final = 12
MAX_CAPTION_LENGTH: Final = 700
MAX_KEYWORD_WORDS: Final = 4
MIN_KEYWORDS: Final = 3
N_FIRST_WORDS: Final = 12
MAX_FIRST_WORDS_LENGTH: Final = 120

_Bounds = tuple[int, int]

_AGENCIES: Final = (
    r"(?:Getty(?:\ Images)?|AFP|AP(?:\ Photos?)?|Associated\ Press|Reuters|REUTERS|EPA(?:-EFE)?|Shutterstock|Bloomberg|"
    r"Xinhua|Anadolu(?:\ Agency)?|TASS|Sputnik|Alamy|ZUMA\w*|Zuma\ Press|NurPhoto|SIPA|Sipa(?:\ USA)?|UPI|Redux|NPR|"
    r"PA(?:\ Images|\ Wire)?|Landov|Corbis|iStock\w*|CNN|Polaris|dpa|DPA|LightRocket|WireImage|Photolure)"
)
_CAPTION_END: Final = re.compile(
    rf"""(?: \.{{3}}\s?\[\+\] | …\s?\[\+\]                       # cut off by the publisher's page
    | (?:/\s?|\bvia\ |\|\ ){_AGENCIES}(?:/[\w\ ]{{1,30}})?        # -/AFP via Getty Images/Getty
    | \b(?:REUTERS|AFP|AP\ Photo)/[\w\ .'’-]{{2,40}}(?:/File\ Photo)?
    | \((?:Photos?|Image|Picture|Credit|AP\ Photo|REUTERS|Reuters|AFP|Getty)\b[^()]{{0,80}}\)
    | \([^()]{{0,60}}(?:/|\ via\ ){_AGENCIES}[^()]{{0,30}}\)
    | \b(?:Photo(?:graph(?:er)?)?s?|Image|Credit|Picture)(?::|\ by\ |\ credit:|\ courtesy\ )[^.!?]{{2,60}}
    | \b(?:Hide|hide|toggle)\ [Cc]aption(?:\ \d+\ of\ \d+)?
    )[.\s)\]*_]*$""",
    re.VERBOSE,
)
_CAPTION_START: Final = re.compile(
    r"(?:\W{0,3})(?:Photo(?:graph)?s?:|Photo(?:graph(?:er)?)?s? by |FILE PHOTO|File photo|Enlarge this image|"
    r"Image copyright |Image caption |Image source|Media caption |Media playback is unsupported|Caption:|"
    r"Image:|Picture:|\(Photo\b)"
)
_CREDIT_NEEDLES: Final = (
    "[+],Getty,AFP,Photo,PHOTO,photo,REUTERS,Reuters,aption,/AP,AP),| AP,via ,/EPA,Image,/NPR,Credit,Picture,"
    "Shutterstock,Bloomberg,Alamy,Landov,Xinhua,TASS"
)
_CREDIT: Final = re.compile("|".join(map(re.escape, _CREDIT_NEEDLES.split(","))))
_CREDIT_HINT: Final = re.compile(
    "|".join({re.escape(needle.split()[-1].strip("/)")): None for needle in _CREDIT_NEEDLES.split(",")})
)
_TAIL_LENGTH: Final = 140

_ATX: Final = re.compile(r"(#{1,6})[ \t]+(?=\S)")
_SETEXT: Final = re.compile(r"[\r\n]+[ \t]*(?:={3,}|-{3,})$")
_BYLINE: Final = re.compile(r"(?i)\W{0,3}(?:written |reported |story )?by\s")
_DATE: Final = re.compile(r"(?:\w+\.? \d{1,2},? \d{4}|\d{1,2}\.? \w+\.? \d{4}|\d{4}-\d\d-\d\d|\d+ \w+ ago)\b")
_LABEL: Final = re.compile(
    r"(?i)[*_]{0,2}(?:key ?words?|tags?|topics?|subjects?)[*_]{0,2}\s?[:：][*_]{0,2}\s*\w"
)
_LABEL_LENGTH: Final = 20
"""The colon of a label stands within this many characters."""
_EMPHASIS: Final = re.compile(r"(?<!\w)(\*\*\*|\*\*|\*|___|__|_|`)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_EMPHASIS_SIGN: Final = re.compile("[*_`]")
_SUBJECT_WORD: Final = re.compile(r"[^\[\](){}\"“”:…]+")
_LETTERS: Final = re.compile(r"\w+")


def paragraph_kinds(
    text: str, spans: Sequence[_Bounds], may_have_credit: Sequence[bool], given_title: str = ""
) -> list[Kind]:
    """Tell the kind of each paragraph.

    Args:
        text: The whole article.
        spans: The start and end of its paragraphs, in text order.
        may_have_credit: For each paragraph: one of its chunks `may_credit`.
        given_title: The title in the front matter, if any. A paragraph is then a title only if it repeats this title.
    """
    found = [Kind.BODY] * len(spans)
    for i, (start, end) in compress(enumerate(spans), may_have_credit):
        if _is_caption(text, start, end):
            found[i] = Kind.CAPTION
    title = _repeated_title(text, spans, given_title) if given_title else _title(text, spans, found)
    if title is not None:
        found[title] = Kind.TITLE
    after_title = 0 if title is None else title + 1
    n_spans = len(spans)
    for i in {*range(after_title, min(after_title + 2, n_spans)), *range(max(n_spans - 5, 0), n_spans)}:
        if found[i] is Kind.BODY and _is_keyword_line(text, spans[i], is_first=i == 0):
            found[i] = Kind.KEYWORDS
    return found


def may_credit(chunk: str) -> bool:
    """Tell whether a chunk may belong to a picture credit. Every caption has such a chunk."""
    return _CREDIT_HINT.search(chunk) is not None


def headline(title: str) -> tuple[str, str]:
    r"""Give a title paragraph on one line without Markdown, and ``"heading"`` if it was a heading, else ``"first line"``.

    >>> headline("## **War** and *peace* ##"), headline("War and peace\n-----")
    (('War and peace', 'heading'), ('War and peace', 'heading'))
    """
    atx = _ATX.match(title)
    setext = _SETEXT.search(title)
    if atx:
        title = title[atx.end() :].rstrip("# \t") or title[atx.end() :]
    elif setext:
        title = title[: setext.start()]
    if _EMPHASIS_SIGN.search(title):  # replacing is slow, and few titles have emphasis
        title = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", title))
    return " ".join(title.split()), "heading" if atx or setext else "first line"


def first_words(text: str, start: int, end: int) -> str:
    """Give the first dozen words of a paragraph, with an ellipsis if it has more words.

    >>> first_words("One two three.", 0, 14)
    'One two three.'
    """
    words = text[start : min(end, start + 1000)].split()
    shown = " ".join(words[:N_FIRST_WORDS])
    if len(shown) > MAX_FIRST_WORDS_LENGTH:
        return shown[:MAX_FIRST_WORDS_LENGTH].rstrip() + "…"
    return shown + "…" if len(words) > N_FIRST_WORDS else shown


def _is_caption(text: str, start: int, end: int) -> bool:
    # A credit may end with a blank after the end of the paragraph ("via ").
    if end - start > MAX_CAPTION_LENGTH or not _CREDIT.search(text, start, end + 1):
        return False
    if _CAPTION_START.match(text, start, end):
        return True
    return _CAPTION_END.search(text, max(start, end - _TAIL_LENGTH), end) is not None


def _repeated_title(text: str, spans: Sequence[_Bounds], title: str) -> int | None:
    words = _LETTERS.findall(title.casefold())
    for i, (start, end) in enumerate(spans[:3]):
        if end - start <= 2 * len(title) + 20 and _LETTERS.findall(text[start:end].casefold()) == words:
            return i
    return None


def _title(text: str, spans: Sequence[_Bounds], found: Sequence[Kind]) -> int | None:
    """Find the title: the first heading, if no body stands before it; else the first line, if it is a headline."""
    first_body: int | None = None
    for i, (start, end) in enumerate(spans[:8]):
        paragraph = text[start : min(end, start + 1000)]
        has_lines = "\n" in paragraph or "\r" in paragraph
        is_marked_up = _ATX.match(paragraph) or (has_lines and _SETEXT.search(paragraph))
        if is_marked_up and _LETTERS.search(paragraph) and end - start <= MAX_HEADING_LENGTH:
            return i
        if found[i] is Kind.BODY:
            first_body = i if first_body is None else first_body
            if len(paragraph.split(None, MAX_BYLINE_WORDS)) > MAX_BYLINE_WORDS:
                break
    if first_body is None or not _is_headline(text, spans[first_body]):
        return None
    followers = [i for i in range(first_body + 1, min(first_body + 4, len(spans))) if found[i] is Kind.BODY]
    return first_body if _lead_follows(text, spans, first_body, followers) else None


def _is_headline(text: str, span: _Bounds) -> bool:
    """Tell whether a paragraph is one line that looks like a headline, not like a sentence."""
    start, end = span
    if end - start > MAX_TITLE_LENGTH:
        return False
    line = text[start:end]
    words = line.split()
    is_long_enough = len(words) >= MIN_TITLE_WORDS or (len(line) >= 6 and _is_caseless(line[0]))
    if not is_long_enough or len(words) > MAX_TITLE_WORDS or len(line.splitlines()) > 1:
        return False
    is_odd = line[0].islower() or line[0] in ">|`~=" or "://" in words[0]
    if is_odd or _BYLINE.match(line) or _DATE.match(line):
        return False
    bare = words[-1].rstrip("\"'”’»)]*_") or words[-1]
    if bare[-1] in ",;:-–—":
        return False
    is_full_stop = sentences.flags(bare) & sentences.ENDS and bare[-1] not in "?!？！؟"
    if is_full_stop or bare[-1] == "…" or bare.endswith(".."):
        return False
    return not sentences.has_boundary(words)


def _is_caseless(character: str) -> bool:
    return character.isalpha() and character.lower() == character.upper()


def _lead_follows(text: str, spans: Sequence[_Bounds], title: int, followers: Sequence[int]) -> bool:
    """Tell whether the paragraphs after a first line look like an article with this line as its headline."""
    if not followers:
        return False
    length = spans[title][1] - spans[title][0]
    if any(spans[i][1] - spans[i][0] > 1.3 * length for i in followers):
        return True
    start, end = spans[followers[0]]
    between = text[spans[title][1] : start]
    is_set_off = len(between.splitlines()) > 2 or between.count("\n") > 1
    return is_set_off and bool(sentences.flags(text[start:end].rsplit(None, 1)[-1]) & sentences.ENDS)


def _is_keyword_line(text: str, span: _Bounds, *, is_first: bool) -> bool:
    """Tell whether a paragraph is a list of keywords: ``Armenia, ethnic cleansing, war``."""
    start, end = span
    if end - start > 400 or "\n" in (line := text[start:end]):
        return False
    beginning = line[:_LABEL_LENGTH]
    if (":" in beginning or "：" in beginning) and _LABEL.match(line):
        return True
    separator = ";" if ";" in line else ","
    if is_first or line.count(separator) < MIN_KEYWORDS - 1:
        return False
    items: list[list[str]] = []
    for item in line.split(separator):
        items.append(item.split(None, MAX_KEYWORD_WORDS))
        if not 1 <= len(items[-1]) <= MAX_KEYWORD_WORDS:
            return False  # most sentences fail here, at their first comma
    if any(item[0].lower() in ("and", "or") or item[0].isdigit() for item in items) or _BYLINE.match(line):
        return False
    words = chain.from_iterable(items)
    return all(_SUBJECT_WORD.fullmatch(word) and not sentences.flags(word) & sentences.ENDS for word in words)
