from bisect import bisect_left

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.storage.columns.strings import Packing, Strings, pack

BYTES = st.binary(max_size=4).filter(lambda string: b"\n" not in string)


@given(st.lists(BYTES, max_size=20))
def test_strings_come_back_as_they_were(strings: list[bytes]) -> None:
    packed = Strings(*pack(strings))
    assert len(packed) == len(strings)
    assert [packed[number] for number in range(len(packed))] == strings


def test_layout_is_the_strings_each_followed_by_a_line_feed() -> None:
    blob, starts = pack([b"war", b"", "Şuşa".encode()])
    assert blob.tobytes() == "war\n\nŞuşa\n".encode()
    assert starts.tolist() == [0, 4, 5, 12]
    assert [str(column.dtype) for column in (blob, starts)] == ["uint8", "uint32"]


@given(st.lists(st.lists(BYTES, max_size=4), max_size=4))
def test_layout_is_the_same_however_strings_are_added(pieces: list[list[bytes]]) -> None:
    packing = Packing()
    for piece in pieces:
        packing.add(piece)
    whole = [string for piece in pieces for string in piece]
    assert len(packing) == len(whole)
    (blob, starts), (whole_blob, whole_starts) = packing.columns(), pack(whole)
    assert (blob.tolist(), starts.tolist()) == (whole_blob.tolist(), whole_starts.tolist())


@given(st.lists(BYTES, max_size=20).map(sorted), BYTES)
def test_lower_bound_and_find_agree_with_bisection(strings: list[bytes], sought: bytes) -> None:
    packed = Strings(*pack(strings))
    assert packed.lower_bound(sought) == bisect_left(strings, sought)
    assert packed.find(sought) == (strings.index(sought) if sought in strings else -1)


def test_first_of_equal_strings_is_found() -> None:
    assert Strings(*pack([b"a", b"b", b"b", b"b", b"c"])).find(b"b") == 1


def test_nothing_is_found_among_no_strings() -> None:
    empty = Strings(*pack([]))
    assert (len(empty), empty.find(b""), empty.lower_bound(b"a")) == (0, -1, 0)


class Long(bytes):
    """Claims to be a gigabyte."""

    def __len__(self) -> int:
        return 1 << 30


def test_more_than_offsets_can_count_is_an_error() -> None:
    with pytest.raises(ValueError, match="4 GiB"):
        pack([Long()] * 4)


@given(st.lists(BYTES, max_size=20).map(sorted), BYTES)
def test_string_is_found_among_others(strings: list[bytes], sought: bytes) -> None:
    packed = Strings(*pack(strings))
    assert packed.lower_bound(sought) == bisect_left(strings, sought)
    assert packed.find(sought) == (strings.index(sought) if sought in strings else -1)
