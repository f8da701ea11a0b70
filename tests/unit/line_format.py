"""A format of the tests' own, one article a line: what several articles a file are tested with."""

from collections.abc import Iterator

import pytest

from searcher import Article
from searcher.model import Remark
from searcher.readers import SUFFIXES, Format


def read_lines(path: str, data: bytes) -> Iterator[Article | Remark]:
    """Read lines such as ``name:text`` or ``name@date:text``; without a name, the number of the line is the name."""
    for number, line in enumerate(data.decode().split("\n"), 1):
        head, _, text = line.rpartition(":")
        name, _, date = head.partition("@")
        address = f"{path}/{name or number}"
        if date and not date.isdigit():
            yield Remark(address, "date", date)
        yield Article(address=address, text=text, date=date if date.isdigit() else None, file=path)


def read_shouting(path: str, data: bytes) -> Iterator[Article | Remark]:
    """Read the same, in another way."""
    return read_lines(path, data.upper())


def register(monkeypatch: pytest.MonkeyPatch, version: int = 1) -> None:
    """Have files whose names end in ``.lines`` read."""
    reader = read_lines if version == 1 else read_shouting
    monkeypatch.setitem(SUFFIXES, ".lines", Format((".lines",), version, reader))
