"""Which encodings are recognised, and which does charset-normalizer alone recognise?

Run it from the project with ``python tests/golden/decoding.py``; it writes ``tests/golden/decoding.txt``. Titles, sentences and short
texts of `decoding.toml` are encoded and decoded again. A text is right if it comes back as it was: the name of the encoding does not
matter.
"""

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import charset_normalizer
from charset_normalizer import from_bytes

from searcher.readers.decoding import UndecodableError, decode

TABLE: Final = Path(__file__).with_name("decoding.txt")
LANGUAGES: Final = Path(__file__).with_name("decoding.toml")
SIZES: Final = ("title", "sentence", "text")
_TYPEWRITER: Final = str.maketrans("“”’–", '""\'-')


class Row(NamedTuple):
    """One language in one encoding: which sizes come back from this project, and which from charset-normalizer."""

    language: str
    encoding: str
    ours: list[bool]
    alone: list[bool]


def decode_ours(data: bytes) -> str | None:
    """Decode as this project does."""
    try:
        return decode(data)
    except UndecodableError:
        return None


def decode_alone(data: bytes) -> str | None:
    """Decode as charset-normalizer does when nothing else is said."""
    best = from_bytes(data).best()
    return None if best is None else str(best)


def rows() -> Iterator[Row]:
    """Encode and decode the texts of all languages."""
    for language in tomllib.loads(LANGUAGES.read_text(encoding="utf-8"))["language"]:
        title, sentence = language["title"], language["sentence"]
        texts = [title, sentence, f"{title}\n\n{sentence}{language['more']}\n"]
        for encoding in language["encodings"]:
            ours, alone = (_come_back(texts, encoding, decoder) for decoder in (decode_ours, decode_alone))
            yield Row(language["name"], encoding, ours, alone)


def _come_back(texts: list[str], encoding: str, decoder: Callable[[bytes], str | None]) -> list[bool]:
    found = []
    for text in texts:
        plain = text.translate(_TYPEWRITER)
        has_all = text.encode(encoding, "ignore").decode(encoding) == text
        written = text if has_all else plain  # most encodings have no curly quotes and no dash
        found.append(decoder(written.encode(encoding)) == written)
    return found


def table() -> str:
    """Write the table: ``+`` for right, ``-`` for wrong."""
    found = [*rows()]
    sizes = "".join(f"{size:>10}" for size in SIZES)
    alone = f"charset-normalizer {charset_normalizer.__version__}"
    lines = [f"{'':24}{'searcher':>30}{alone:>30}", f"{'':24}{sizes}{sizes}"]
    for row in found:
        signs = "".join(f"{'+' if is_right else '-':>10}" for is_right in (*row.ours, *row.alone))
        lines.append(f"{row.language:12}{row.encoding:12}{signs}")
    sums = [sum(column) for column in zip(*((*row.ours, *row.alone) for row in found), strict=True)]
    lines.append(f"{f'right, of {len(found)}':24}{''.join(f'{n:>10}' for n in sums)}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
