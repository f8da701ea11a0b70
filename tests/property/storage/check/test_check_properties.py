"""Whatever is built is sound: no rule of a check is stricter than the truth."""

from itertools import count
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searcher import Article, Span, build_index, check_index
from searcher.indexing.inversion import batch

WORDS = [
    "war",
    "Wars",
    "the",
    "cease-fire",
    "UN",
    "US",
    "it.",
    "He",
    "3.5",
    "100,437",
    "***",
    "–",
    "Şuşa",
    "停戦。中",
    "l'homme",
]
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from([*WORDS, "\n\n", "\n", "\u2028"]), max_size=400).map(" ".join),
)
TITLES = st.none() | st.sampled_from(
    ["Talks", "***", " Talks on war \n", "", "\u0301", " ".join(["war"] * 300)]
)
METADATA = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=9)


@st.composite
def articles(draw: st.DrawFn) -> list[Article]:
    """Articles with front matter, which may hold a title."""
    made = []
    for number in range(draw(st.integers(1, 20))):
        title, source = draw(TITLES), draw(METADATA)
        front = "" if title is None else f"---\n{title}\nsource: of these\n---\n"
        made.append(
            Article(
                address=f"{number:02}",
                text=front + draw(TEXTS),
                title=draw(METADATA),
                source=source,
                date=draw(st.sampled_from([None, "2020", "2020-10", "2020-10-01"])),
                keywords=tuple(draw(st.lists(st.sampled_from(["war", "a b", "ö"]), max_size=3))),
                body_start=len(front),
                title_span=Span(4, 4 + len(title)) if title is not None else None,
            )
        )
    return made


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> "Folders":
    return Folders(tmp_path_factory.mktemp("indexes"))


class Folders:
    """Names folders, each for one index."""

    def __init__(self, parent: Path) -> None:
        self._paths = (parent / str(number) for number in count())

    def new(self) -> Path:
        return next(self._paths)


@settings(max_examples=60)
@given(articles(), st.sampled_from(["english", "french", "none"]))
@example([Article(address="a", text="---\nWar\n---\n***", body_start=12, title_span=Span(4, 7))], "english")
def test_every_index_that_is_built_is_sound(folders: Folders, built: list[Article], language: str) -> None:
    folder = folders.new()
    build_index(built, folder, language=language)
    report = check_index(folder)
    assert report.damages == ()
    assert report.n_articles == len(built)


def test_index_of_many_batches_is_sound(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "BATCH_BYTES", 600)
    monkeypatch.setattr("searcher.indexing.inversion.threads.n_processors", lambda: 1)
    texts = [" ".join(WORDS[number * step % len(WORDS)] for step in range(number)) for number in range(300)]
    folder = folders.new()
    build_index([Article(address=f"{number:03}", text=text) for number, text in enumerate(texts)], folder)
    assert check_index(folder).damages == ()
