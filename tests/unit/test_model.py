import pytest

from searcher import Article, Span


@pytest.mark.parametrize("body_start", [-1, 6])
def test_body_cannot_start_outside_the_text(body_start: int) -> None:
    with pytest.raises(ValueError, match=f"article a: body_start is {body_start}"):
        Article(address="a", text="Talks", body_start=body_start)


@pytest.mark.parametrize("title_span", [Span(0, 7), Span(-1, 3), Span(4, 3)])
def test_span_of_a_title_cannot_lie_outside_the_front_matter(title_span: Span) -> None:
    with pytest.raises(ValueError, match="article a: title_span"):
        Article(address="a", text="Talks\nfailed.", body_start=6, title_span=title_span)


def test_body_may_start_anywhere_in_the_text_and_the_title_stand_before_it() -> None:
    for body_start in (0, 5):
        Article(address="a", text="Talks", body_start=body_start, title_span=Span(0, body_start))


@pytest.mark.parametrize("name", ["text", "title", "source", "author", "language", "url"])
def test_half_of_a_surrogate_pair_is_named_with_its_place(name: str) -> None:
    values = {"text": "Talks", name: "“a”\U0001f600\ud83d!"}
    with pytest.raises(ValueError, match=f"^article 'a': {name} holds half of a surrogate pair at 4: decode"):
        Article(address="a", **values)  # type: ignore[arg-type]


def test_address_with_half_of_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(ValueError, match="address holds half of a surrogate pair at 1"):
        Article(address="a\udcff", text="Talks")


def test_keyword_with_half_of_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(ValueError, match="keywords holds half of a surrogate pair at 4"):
        Article(address="a", text="Talks", keywords=("war", "\udcff"))


@pytest.mark.parametrize("file", ["b", "a/", "a/b/c", "", "a/b/"])
def test_address_begins_with_the_file(file: str) -> None:
    Article(address="a/b", text="Talks", file="a")
    Article(address="a/b", text="Talks", file="a/b")
    with pytest.raises(ValueError, match="article a/b: the address does not begin with its file"):
        Article(address="a/b", text="Talks", file=file)
