"""Which library gives the stem of a word in a language?

NLTK, for every language that it has. PyStemmer, an extra that is installed on demand, for the others. The language alone decides
which of the two it is, so an index does not depend on what is installed.

``import nltk`` imports all of NLTK, and SciPy where it is installed: 0.16 to 0.77 s of processor time. The stemmers are one file that
needs five small ones, so these are loaded from their files, in 0.014 s, and ``nltk`` itself is not imported.
"""

import builtins
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Final, cast

Stem = Callable[[str], str]

OF_NLTK: Final = frozenset({
    "arabic", "danish", "dutch", "english", "finnish", "french", "german", "hungarian", "italian", "norwegian", "porter",
    "portuguese", "romanian", "russian", "spanish", "swedish",
})  # fmt: skip
OF_PYSTEMMER: Final = frozenset({
    "armenian", "basque", "catalan", "czech", "esperanto", "estonian", "greek", "hindi", "indonesian", "irish", "lithuanian",
    "nepali", "persian", "polish", "serbian", "sesotho", "tamil", "turkish", "yiddish",
})  # fmt: skip

_SNOWBALL: Final = "nltk.stem.snowball"
_NEEDED: Final = frozenset(
    {_SNOWBALL, "nltk.redos", "nltk.termsec", "nltk.stem.api", "nltk.stem.porter", "nltk.stem.util"}
)
_ENGLISH_ENDINGS: Final = (
    "e", "i", "l", "s", "y", "ant", "ator", "ed", "ent", "er", "ic", "ing", "ion", "ism",
)  # fmt: skip
"""With any other ending, NLTK's English stemmer leaves a word of the letters a to z as it is. A third of all words need not be given to it."""
_STOP_WORDS: Final = "nltk.corpus.stopwords"
"""A corpus to download, which the stemmers import, and use only when they are asked to leave stop words alone."""


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


@cache
def _snowball() -> ModuleType:
    """Load NLTK's stemmers; if NLTK has other files than are known here, import all of it."""
    try:
        return _load_file(_SNOWBALL)
    except (ImportError, OSError):
        from nltk.stem import snowball  # noqa: PLC0415  (all of NLTK)

        return cast("ModuleType", snowball)


@cache
def _load_file(name: str) -> ModuleType:
    """Run one file of NLTK as a module that nobody else gets to see."""
    spec = spec_from_file_location(name, _folder().joinpath(*name.split(".")[1:]).with_suffix(".py"))
    if name not in _NEEDED or spec is None or spec.loader is None:
        raise ImportError(f"{name} is not known to be needed")
    module = module_from_spec(spec)
    vars(module)["__builtins__"] = {**vars(builtins), "__import__": _import}
    spec.loader.exec_module(module)
    return module


def _import(
    name: str,
    global_names: Mapping[str, object] | None = None,
    local_names: Mapping[str, object] | None = None,
    names: Sequence[str] | None = (),
    level: int = 0,
) -> Any:
    """Import a module as Python does, and one of NLTK by its file alone."""
    if name.partition(".")[0] != "nltk":
        return __import__(name, global_names, local_names, names or (), level)
    if name in _NEEDED:
        return _load_file(name)
    inner = [f"{name}.{each}" for each in names or ("",)]
    return SimpleNamespace(
        **{each.rsplit(".", 1)[1]: None if each == _STOP_WORDS else _load_file(each) for each in inner}
    )


def _folder() -> Path:
    """Find where NLTK is installed, without importing it."""
    spec = find_spec("nltk")
    if spec is None or spec.origin is None:
        raise ImportError("nltk has no folder")
    return Path(spec.origin).parent


def _nltk_version() -> str:
    """Read the version where NLTK itself reads it: `importlib.metadata` takes 25 ms."""
    try:
        return (_folder() / "VERSION").read_text(encoding="utf-8").strip()
    except (ImportError, OSError):
        return _installed_version("nltk")


def _installed_version(distribution: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415  (few runs need it)

    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""
