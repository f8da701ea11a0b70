"""How do the bytes of a file become text?

``decode`` gives the text exactly as it stands in the file: the byte order mark aside nothing is dropped, joined or
normalised, line ends included, so that offsets hold in the file itself. In this order:

1. a byte order mark settles it;
2. NUL bytes mean UTF-16 or UTF-32 without a mark, or no text at all;
3. UTF-8, also where it is damaged in a few places (the damage shows as U+FFFD);
4. East Asian encodings, which ``charset-normalizer`` tells well from all others;
5. the likeliest pair of a language and a single-byte encoding. ``charset-normalizer`` alone is wrong on most texts of
   one sentence (cp1252 quotes become cp1250 or cp1125, koi8-r becomes Shift JIS), so the letters decide: how common
   each is in the language, how capitals stand, whether scripts mix inside a word;
6. whatever ``charset-normalizer`` makes of the rest.

Declarations inside a text (``<meta charset>``) are not looked at. The answer depends on the bytes alone.
"""

import codecs
import math
import re
import unicodedata
from collections import Counter
from functools import cache
from itertools import islice
from typing import Final, NamedTuple


class UndecodableError(ValueError):
    """These bytes are no text in any encoding known here. The message says why, without naming the file."""


# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Each national standard keeps its everyday characters in the rows (lead bytes) named here, rare ones elsewhere. Read in
# the wrong encoding, text scatters over all rows. Narrow ranges first: they win ties.
_EVERYDAY_ROWS: Final = {
    "cp949": ("euc_kr", frozenset(range(0xB0, 0xC9))),  # Hangul
    "euc_jp": ("euc_jp", frozenset({0xA4, 0xA5, *range(0xB0, 0xD0)})),  # kana, JIS level 1
    "cp932": ("euc_jp", frozenset({0xA4, 0xA5, *range(0xB0, 0xD0)})),
    "big5": ("big5", frozenset(range(0xA4, 0xC7))),  # frequently used
    "gb18030": ("gb2312", frozenset(range(0xB0, 0xD8))),  # GB 2312 level 1
}
_PUNCTUATION: Final = "’“”—–‘…«»\xa0„€£§°•·№¡¿©®™´‹›½×\xad"  # commonest first
_JOINERS: Final = "’–—…·\xad"  # may stand between two letters
_WESTERN: Final = ("cp1252", "iso8859_15")
_CENTRAL: Final = ("cp1250", "iso8859_2")
_CYRILLIC: Final = ("cp1251", "koi8_u", "cp866", "iso8859_5", "mac_cyrillic")
# How much rarer than the first row (natural logarithm); encodings, likeliest first; the non-ASCII letters of each
# language written in them, commonest first. Among equals the earlier row wins.
_LANGUAGES: Final = (
    (0, _WESTERN, ("éèöüñáíóçäãêåøôïâ", "éèàêçôùâîûëïœüæ", "üäößéàè", "óíáéñúü", "ãçáéíóõêâàôúü", "èàùòìé")),
    (0, _WESTERN, ("åäöøæéüà", "ëéïèöüê")),
    (0, _CYRILLIC, ("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё", "оанивіртеслкмдупязьбгчйхжїцшюєщфґ")),
    (1, _CYRILLIC, ("аоиеснрјтувкдпмлзгбчшцжљњћђхфџ", "анеірыоскувлтдмпязьгшчбцўйжхюёэф")),
    (1, ("cp1254",), ("ışüçğöİâîû",)),
    (3, _CENTRAL, ("łąęóżśćńź", "íáéěřýžčšůúťďňó", "éáőöóüúíű", "ăîşţâ", "čšžćđ", "áíéčýžúšľťňôäďóĺŕ")),
    (1, ("cp1253", "iso8859_7"), ("αοιετσνηυρπκμλςήόάίωγδέύθχώφβξζψϊϋ",)),
    (
        1,
        ("cp1256", "iso8859_6"),
        ("اليمنوترهبدعفسكةحقجأشصطخىضذغزءثئإظؤآ", "ايرندهمتوسبشکزگفعخقپحجآصلطچضذثظغئژ"),
    ),
    (1, ("cp1255", "iso8859_8"), ("יוהלאמרבתשנםדקחעפכגטצסןזךףץ",)),
    (4, ("cp1257",), ("ėšžųūįčąę", "āīēšūņļžķģč", "äõüöšž")),
    (4, ("cp874",), ("านรอกเงมยลวดทสตะปบคหแจพชขใไโผถธศซณฐฉญภ่้ีัิืุู็์ำ",)),
    (4, _WESTERN, ("áíðéóþúöýæ",)),
)
_SAMPLE_SIZE: Final = 1000  # non-ASCII bytes looked at
_ALIEN: Final = math.log(1e-5)  # a letter or sign the language does not use
_CONTROL: Final = math.log(1e-7)
_UNLIKELY: Final = math.log(1e-3)  # mean per non-ASCII character; real text lies above -5, noise below -9
_UNIMPORTANT: Final = -0.3  # mean per byte looked at: ASCII text but for a few odd signs

_UNUSUAL = re.compile(r"[^ -~\s]")
_ORDINARY: Final = bytes([*range(9, 14), *range(32, 127)])  # none of these is unusual


def decode(data: bytes) -> str:
    r"""Decode the bytes of a file, exactly as they stand, byte order mark aside.

    Args:
        data: The whole file.

    Returns:
        The text, line ends untouched, without surrogates.

    Raises:
        UndecodableError: No encoding makes text of the bytes; the message gives the reason.

    >>> decode("“Şuşa”\r\n".encode("cp1254"))
    '“Şuşa”\r\n'
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    for mark, encoding in _MARKS:
        if data.startswith(mark) and (text := _strict(data[len(mark) :], encoding)) is not None:
            return text
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UndecodableError("begins as UTF-16, but is damaged or cut off")
    if b"\0" in data:
        return _decode_wide(data)
    for read in (_read_utf8, _read_east_asian, _read_single_byte, _read_anything):
        if (text := read(data)) is not None:
            return text
    raise UndecodableError("is in no known encoding")


def is_binary(text: str) -> bool:
    """Tell whether more than a tenth of the beginning are characters that no text has.

    Those are control characters other than white space, unassigned code points and private ones.
    """
    sample = text[:4096]
    if 10 * len(sample.encode().translate(None, _ORDINARY)) <= len(sample):
        return False  # most texts, in a fifth of the time
    unusual = _UNUSUAL.findall(sample)
    odd = sum(
        unicodedata.category(char) in {"Cc", "Cn", "Co"} and char not in "\t\n\v\f\r\x85" for char in unusual
    )
    return odd * 10 > len(sample)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _decode_wide(data: bytes) -> str:
    """Decode UTF-16 or UTF-32 without a byte order mark: every other byte of their ASCII characters is NUL.

    The wrong one gives NUL characters, characters that no text has, or fewer ASCII characters than the right one.
    """
    without = _strict(data.replace(b"\0", b""), "utf-8")
    is_narrow = data.count(0) * 4 < len(data) and without is not None and not is_binary(without)
    best, most = None, 0
    for encoding in () if is_narrow else ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):
        text = _strict(data, encoding)
        n_ascii = sum(char < "\x80" for char in text[:4096]) if text else 0
        if text and n_ascii > most and "\0" not in text and not is_binary(text):
            best, most = text, n_ascii
    if best is None:
        raise UndecodableError("is binary, not text (it has NUL bytes)")
    return best


def _read_utf8(data: bytes) -> str | None:
    """Decode UTF-8, strictly or with a little damage: a cut-off end, or one bad byte to four non-ASCII characters."""
    if (text := _strict(data, "utf-8")) is not None:
        return text
    escaped = data.decode("utf-8", "surrogateescape")
    n_bad = len(re.findall("[\udc80-\udcff]", escaped))
    n_good = sum(char > "\x7f" for char in escaped) - n_bad
    is_cut_off = n_good and not re.search("[\udc80-\udcff]", escaped[:-n_bad])
    return data.decode("utf-8", "replace") if n_bad * 4 <= n_good or (is_cut_off and n_bad < 4) else None


def _read_east_asian(data: bytes) -> str | None:
    possible = [encoding for encoding in _EVERYDAY_ROWS if _strict(data, encoding) is not None]
    if not possible:
        return None
    from charset_normalizer import from_bytes  # noqa: PLC0415 - see above

    plausible = {match.encoding for match in from_bytes(data, cp_isolation=possible, enable_fallback=False)}
    share, place = max(
        ((_everyday(data, name), -place) for place, name in enumerate(possible) if name in plausible),
        default=(0, 0),
    )
    return data.decode(possible[-place]) if share >= 0.7 else None


def _everyday(data: bytes, encoding: str) -> float:
    """Share of the first non-ASCII letters, 0 to 1, that are everyday ones and stand beside another.

    Japanese is never without kana.
    """
    standard, rows = _EVERYDAY_ROWS[encoding]
    start = len(data) - len(data.lstrip(bytes(range(128))))
    text = data[start : start + 4 * _SAMPLE_SIZE].decode(encoding, "ignore")
    letters = re.findall(r"[^\W\x00-\x7f]", text)
    if standard == "euc_jp" and not re.search("[\u3041-\u30fe]", text):
        return 0.0
    runs = "".join(re.findall(r"[^\W\x00-\x7f]{2,}", text))
    return sum(char.encode(standard, "replace")[0] in rows for char in runs) / max(1, len(letters))


class _Model(NamedTuple):
    """What each byte is in an encoding, and how likely each character is in one language written in it."""

    table: str
    log_likelihood: dict[str, float]
    is_latin: bool
    penalty: float


def _read_single_byte(data: bytes) -> str | None:
    contexts = Counter[bytes]()
    n_bytes = 0
    for match in islice(re.finditer(rb"[\x80-\xff]", data), _SAMPLE_SIZE):
        at, n_bytes = match.start(), match.end()
        contexts[b"".join((data[max(0, at - 1) : at] or b" ", match[0], data[at + 1 : at + 2] or b" "))] += 1
    scores = [_score(contexts, model) for model in _models()]
    best = max(range(len(scores)), key=scores.__getitem__)
    if contexts.total() < _SAMPLE_SIZE:
        n_bytes = len(data)
    mean = scores[best] / contexts.total()
    if mean < _UNLIKELY and (mean < 1.05 * _ALIEN or scores[best] < _UNIMPORTANT * n_bytes):
        return None
    return codecs.charmap_decode(data, "strict", _models()[best].table)[0]


@cache
def _models() -> tuple[_Model, ...]:
    models = []
    for rarity, encodings, alphabets in _LANGUAGES:
        for rank, encoding in enumerate(encodings):
            # Bytes without meaning stay control characters, as browsers have it: one stray byte loses no article.
            table = "".join(_strict(bytes([byte]), encoding) or chr(byte) for byte in range(256))
            for letters in alphabets:
                share = 0.85 if letters is _LANGUAGES[0][2][0] else 0.2  # English: mostly quotes and dashes
                likely = _shared_out(share, _PUNCTUATION, 1) | _shared_out(1 - share, letters, 2)
                models.append(_Model(table, likely, letters[0] < "\u0250", rarity + 3.0 * rank))
    return tuple(models)


def _shared_out(share: float, chars: str, flatness: int) -> dict[str, float]:
    """Give each character the logarithm of its part of ``share``, by rank, as Zipf has it."""
    weights = [1 / (flatness + rank) for rank in range(len(chars))]
    return {
        char: math.log(share * weight / sum(weights)) for char, weight in zip(chars, weights, strict=True)
    }


def _score(contexts: Counter[bytes], model: _Model) -> float:
    """Sum the log-likelihood of non-ASCII characters, each seen with its two neighbours."""
    total = -model.penalty
    for context, count in contexts.items():
        before, char, after = (model.table[byte] for byte in context)
        total += count * _log_likelihood(before, char, after, model)
    return total


def _log_likelihood(before: str, char: str, after: str, model: _Model) -> float:
    if "\x80" <= char < "\xa0":
        return _CONTROL
    if not char.isalpha():
        is_inside = before.isalpha() and after.isalpha() and char not in _JOINERS
        return model.log_likelihood.get(char, _ALIEN) + (math.log(0.02) if is_inside else 0)
    score = model.log_likelihood.get(char) or model.log_likelihood.get(char.lower(), _ALIEN)
    if char.isupper():
        score += math.log(0.002 if before.islower() else 0.5 if before.isupper() else 0.3)
    if not before.isalpha() and not after.isalpha():
        return score + math.log(0.05)
    n_mixed = 0 if model.is_latin else sum(beside < "\x80" and beside.isalpha() for beside in (before, after))
    return score + n_mixed * math.log(0.01)


def _read_anything(data: bytes) -> str | None:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - see above

    ruled_out = [*_EVERYDAY_ROWS, "shift_jis", "shift_jis_2004", "shift_jisx0213", "johab", "big5hkscs"]
    ruled_out += ["utf_7", "utf_16", "utf_16_le", "utf_16_be", "utf_32", "utf_32_le", "utf_32_be"]
    match = from_bytes(data, cp_exclusion=ruled_out, enable_fallback=False).best()
    return None if match is None else _strict(data, match.encoding)
