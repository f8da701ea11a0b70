"""What does the analysis of an article depend on, besides the article?"""

import unicodedata
from typing import Any

from searcher.text.words.analysis import ANALYSIS_VERSION
from searcher.text.words.stemmers import version_of_stemmer

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
        **version_of_stemmer(language),
    }


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
