"""Sentences are encoded with Python's own codecs; what must come back is the sentence."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.readers.decoding import UndecodableError, decode, is_binary

# A leading U+FEFF is the mark itself; NUL bytes mean another encoding.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")).filter(
    lambda text: text[:1] != "\ufeff"
)

ENGLISH = "The president said “we won’t stop” — and left."
FRENCH = "L'été dernier, le président a déclaré que la situation était très préoccupante."
RUSSIAN = "Министерство обороны сообщило об обстреле позиций в Нагорном Карабахе."
TURKISH = "Türkiye Dışişleri Bakanlığı, Dağlık Karabağ'daki çatışmalar hakkında açıklama yaptı."


@given(texts)
def test_any_text_in_utf8_comes_back(text: str) -> None:
    assert decode(text.encode()) == text


@given(texts)
def test_any_text_in_utf8_with_a_mark_comes_back_without_it(text: str) -> None:
    assert decode(text.encode("utf-8-sig")) == text


@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.sampled_from(["utf-16", "utf-32"]),
    st.sampled_from(["le", "be"]),
)
def test_any_text_in_utf16_or_utf32_with_a_mark_comes_back(text: str, width: str, order: str) -> None:
    if width == "utf-16" and order == "le" and text[:1] == "\0":
        text = "a" + text  # FF FE 00 00 is the mark of UTF-32
    mark = getattr(codecs, f"BOM_{width.replace('-', '').upper()}_{order.upper()}")
    assert decode(mark + text.encode(f"{width}-{order}")) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", ["a", ENGLISH, RUSSIAN, "中文 新闻。\n" * 9, "Şuşa\r\n"])
def test_wide_encodings_without_a_mark_are_known_by_their_nul_bytes(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENGLISH, "cp1252"),
        ("The minister’s spokesman said they won’t.", "cp1252"),
        ("“No”.", "cp1252"),
        ("The attack—which he denied—killed two.", "cp1252"),
        ("résumé", "cp1252"),
        ("£5m", "cp1252"),
        ("São Paulo não é a capital, disse João.", "cp1252"),
        ("Er sagte: „Das ist schön.“ Größe", "cp1252"),
        ("Þetta er íslenska og það er gott að búa á Íslandi.", "cp1252"),
        ("€ 100 à Évreux", "iso8859-15"),
        (RUSSIAN, "cp1251"),
        ("Привет, мир", "cp1251"),
        ("нет", "cp1251"),
        ("По сообщению агентства BBC, президент Ильхам Алиев прибыл.", "cp1251"),
        ("Президент України заявив, що їхня делегація приїде.", "cp1251"),
        (RUSSIAN, "koi8-r"),
        ("Привет, мир", "koi8-r"),
        ("Президент заявил.", "koi8-r"),
        (RUSSIAN, "cp866"),
        (TURKISH, "cp1254"),
        (TURKISH, "iso8859-9"),
        ("Şuşa şehri", "cp1254"),
        ("Erdoğan", "cp1254"),
        ("Prezydent powiedział, że sytuacja jest bardzo poważna.", "cp1250"),
        ("Prezydent powiedział, że sytuacja jest bardzo poważna.", "iso8859-2"),
        ("Příliš žluťoučký kůň úpěl ďábelské ódy.", "cp1250"),
        ("Latvijas prezidents teica, ka šī situācija ir ļoti nopietna.", "cp1257"),
        ("Ο πρόεδρος δήλωσε ότι η κατάσταση είναι πολύ σοβαρή.", "cp1253"),
        ("קול ישראל: דובר משרד הביטחון אמר ביום שלישי כי המצב חמור.", "cp1255"),
        ("قال المتحدث باسم وزارة الدفاع إن الوضع خطير للغاية.", "cp1256"),
        ("นายกรัฐมนตรีกล่าวว่าสถานการณ์ร้ายแรง", "cp874"),
        ("国防部发言人周二表示，局势非常严重。", "gb18030"),
        ("國防部發言人週二表示，局勢非常嚴重。", "big5"),
        ("国防省の報道官は火曜日、状況は非常に深刻だと述べた。", "shift_jis"),
        ("国防省の報道官は火曜日、状況は非常に深刻だと述べた。", "euc_jp"),
        ("국방부 대변인은 화요일 상황이 매우 심각하다고 말했다.", "euc_kr"),
        (FRENCH, "mac_roman"),
    ],
)
def test_legacy_encodings_are_recognised_from_one_sentence(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("text", [FRENCH, "Café", "être ou ne pas être", "garçon naïf", "où", "Élysée"])
def test_latin1_text_keeps_its_accents(text: str) -> None:
    assert decode(text.encode("latin-1")) == text


@given(
    st.lists(
        st.sampled_from((ENGLISH + " The talks, he said, were “good”. It’s 5 – 3…").split()),
        min_size=1,
        max_size=30,
    )
)
def test_english_words_in_any_order_keep_their_quotes_and_dashes(words: list[str]) -> None:
    assert decode(" ".join(words).encode("cp1252")) == " ".join(words)


def test_line_ends_and_blanks_stay_as_they_are() -> None:
    assert decode(b"\xef\xbb\xbf a\r\nb\rc\n\n\t\xc2\xa0") == " a\r\nb\rc\n\n\t\xa0"
    assert decode("é\r\nb\rc\n".encode("cp1252")) == "é\r\nb\rc\n"


def test_one_bad_byte_does_not_turn_utf8_into_mojibake() -> None:
    assert (
        decode("Şuşa, Ağdam, Kəlbəcər, Füzuli, Cəbrayıl".encode() + b" \xff.")
        == "Şuşa, Ağdam, Kəlbəcər, Füzuli, Cəbrayıl \ufffd."
    )


def test_damaged_utf8_with_a_mark_is_decoded_without_it() -> None:
    assert decode(codecs.BOM_UTF8 + "“Şuşa” ".encode() + b"\xff") == "“Şuşa” \ufffd"


def test_east_asian_text_is_recognised_behind_much_ascii() -> None:
    text = "Agency report. " * 400 + "国防部发言人周二表示，局势非常严重。"
    assert decode(text.encode("gb18030")) == text


def test_utf8_cut_off_inside_its_last_character_stays_utf8() -> None:
    assert decode("“No” to a café".encode()[:-1]) == "“No” to a caf\ufffd"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)),
        b"PK\x03\x04\x14\0\0\0\x08\0" + bytes(range(255, 0, -1)),
        b"plain text with a stray \0 byte.",
        b"hello\0 world",
        b"hello,\0 world",
        codecs.BOM_UTF16_LE + "cut off".encode("utf-16-le")[:-1],
        bytes(range(1, 256)) * 3,
    ],
)
def test_bytes_that_are_no_text_are_refused(data: bytes) -> None:
    with pytest.raises(UndecodableError, match=r"binary|damaged|no known encoding"):
        decode(data)


def test_text_of_control_characters_is_binary_and_white_space_is_not() -> None:
    assert is_binary("\x01\x02\x03\x04 abc")
    assert not is_binary(" \t\r\n\f\v")
    assert not is_binary("")
    assert not is_binary(RUSSIAN + "\x1b[1m")
