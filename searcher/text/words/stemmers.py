"""Which library gives the stem of a word in a language?

NLTK, for every language that it has. PyStemmer, an extra that is installed on demand, for the others. The language alone decides
which of the two it is, so an index does not depend on what is installed.

Importing all of NLTK takes 0.16 s, and 0.9 s where SciPy is installed, which NLTK imports. So its stemmers are imported without
the rest, in 0.014 s, and only for the first word whose stem the index does not know.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, Final

Stem = Callable[[str], str]

OF_NLTK: Final = frozenset({
    "arabic", "danish", "dutch", "english", "finnish", "french", "german", "hungarian", "italian", "norwegian", "porter",
    "portuguese", "romanian", "russian", "spanish", "swedish",
})  # fmt: skip
OF_PYSTEMMER: Final = frozenset({
    "armenian", "basque", "catalan", "czech", "esperanto", "estonian", "greek", "hindi", "indonesian", "irish", "lithuanian",
    "nepali", "persian", "polish", "serbian", "sesotho", "tamil", "turkish", "yiddish",
})  # fmt: skip


_ENGLISH_ENDINGS: Final = (
    "e", "i", "l", "s", "y", "ant", "ator", "ed", "ent", "er", "ic", "ing", "ion", "ism",
)  # fmt: skip
"""With any other ending, NLTK's English stemmer leaves a word of the letters a to z as it is. A third of all words need not be given to it."""


@cache
def load_stemmer(language: str) -> Stem:
    """Give the function that stems a word of a language.

    Args:
        language: A name of `OF_NLTK` or `OF_PYSTEMMER`.

    Raises:
        ValueError: There is no stemmer for the language, or PyStemmer has to be installed first.

    >>> load_stemmer("english")("cleansing"), load_stemmer("french")("élevées")
    ('cleans', 'élev')
    """
    if language in OF_PYSTEMMER:
        return _load_pystemmer(language)
    if language not in OF_NLTK:
        known = ", ".join(["none", *sorted(OF_NLTK | OF_PYSTEMMER)])
        raise ValueError(f"no stemmer for language {language!r}; known are: {known}")
    stem: Stem = _snowball().SnowballStemmer(language).stem
    if language != "english":
        return stem

    def stem_english(word: str) -> str:
        is_plain = word.isascii() and word.isalpha() and word.islower()
        return word if is_plain and not word.endswith(_ENGLISH_ENDINGS) else stem(word)

    return stem_english


@cache
def _snowball() -> Any:
    """Import the module of NLTK's stemmers, alone if that is possible."""
    with suppress(ImportError):
        return _import_alone()
    from nltk.stem import snowball  # noqa: PLC0415  (all of NLTK)

    return snowball


def _import_alone() -> Any:
    """Import the stemmers while packages without code stand in for those whose code would import the rest of NLTK.

    Of a corpus of stop words, the stemmers want the name only.
    """
    spec = find_spec("nltk")
    if "nltk" in sys.modules or spec is None or spec.origin is None:
        raise ImportError("NLTK is there as a whole, or cannot be found")
    folder = Path(spec.origin).parent
    try:
        for name in ("nltk", "nltk.stem", "nltk.corpus"):
            sys.modules[name] = ModuleType(name)
            sys.modules[name].__path__ = [str(folder.joinpath(*name.split(".")[1:]))]
        vars(sys.modules["nltk.corpus"])["stopwords"] = None
        from nltk.stem import snowball  # noqa: PLC0415  (with what stands in)
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "nltk"]:
            del sys.modules[name]
    return snowball


def version_of_stemmer(language: str) -> dict[str, str]:
    """Give the name and version of the library that stems a language; both are recorded in the index.

    Under *nltk* stands the empty text if that is not NLTK. PyStemmer has the empty version if it is not installed.
    """
    if language in OF_PYSTEMMER:
        return {"nltk": "", "pystemmer": _installed_version("PyStemmer")}
    return {"nltk": "" if language == "none" else _nltk_version()}


def _load_pystemmer(language: str) -> Stem:
    try:
        from Stemmer import Stemmer  # noqa: PLC0415  (an extra)

        stem: Stem = Stemmer(language).stemWord
    except (ImportError, KeyError):
        raise ValueError(
            f"language {language!r} needs PyStemmer 3.1 or newer, which is not installed; run: pip install 'searcher[languages]'"
        ) from None
    return stem


def _nltk_version() -> str:
    """Read the version where NLTK itself reads it: importing NLTK takes 0.16 s, `importlib.metadata` 25 ms."""
    spec = find_spec("nltk")
    if spec is not None and spec.origin is not None:
        file = Path(spec.origin).with_name("VERSION")
        if file.is_file():
            return file.read_text(encoding="utf-8").strip()
    return _installed_version("nltk")


def _installed_version(distribution: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415  (few runs need it)

    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""
