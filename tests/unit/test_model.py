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
