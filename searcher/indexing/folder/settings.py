"""What does the analysis of an article depend on, besides the article?"""

import unicodedata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from searcher.text.words.analysis import ANALYSIS_VERSION

DEFAULT_LANGUAGE = "english"

_STOP_WORD_CODES = {
    "danish": "da",
    "dutch": "nl",
    "english": "en",
    "finnish": "fi",
    "french": "fr",
    "german": "de",
    "hungarian": "hu",
    "italian": "it",
    "norwegian": "no",
    "portuguese": "pt",
    "russian": "ru",
    "spanish": "es",
    "swedish": "sv",
}


def settings_for(language: str) -> dict[str, Any]:
    """Give everything that the analysis of an article depends on."""
    language = language.lower()
    return {
        "language": language,
        "analysis_version": ANALYSIS_VERSION,
        "unicode": unicodedata.unidata_version,
        "nltk": _nltk_version() if language != "none" else "",
    }


def _nltk_version() -> str:
    """Read the version where nltk itself reads it: importing nltk takes a quarter of a second, `importlib.metadata` 25 ms."""
    spec = find_spec("nltk")
    if spec is not None and spec.origin is not None:
        file = Path(spec.origin).with_name("VERSION")
        if file.exists():
            return file.read_text(encoding="utf-8").strip()
    from importlib.metadata import version  # noqa: PLC0415  (not every run needs it)

    return version("nltk")


def difference(before: dict[str, Any], now: dict[str, Any]) -> str:
    """Say in words why everything must be analysed anew, if so.

    >>> difference({"language": "english"}, {"language": "none"}), difference({"a": 1}, {"a": 1})
    ('language was english, is none', '')
    """
    return "; ".join(
        f"{name} was {before.get(name) or 'none'}, is {value or 'none'}"
        for name, value in now.items()
        if before.get(name) != value
    )


def stop_words(language: str) -> tuple[str, ...]:
    """List the words that queries in a language leave out, sorted; none for languages without a list."""
    from whoosh.lang.stopwords import stoplists  # noqa: PLC0415  (needed to build, never to search)

    return tuple(sorted(stoplists.get(_STOP_WORD_CODES.get(language, ""), ())))
