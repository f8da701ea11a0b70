import textwrap
from pathlib import Path

import pytest

from searcher.model import Kind, Span
from searcher.text.layout.paragraphs import paragraphs, title_of

SEEDS = Path(__file__).parents[4].parent / "shared" / "seeds"

LEAD = "The talks between the two sides failed on Monday, said officials who had hoped for a ceasefire before winter."
SECOND = "Nobody was surprised. The talks had failed twice before, and the mediators from Geneva had packed their bags."
THIRD = "Snow fell in the mountains on Tuesday night, and the only road that leads out of the valley was closed again."

FULL = "and nobody knew when the talks would be held in Geneva again"
assert len(FULL) == 60


def parts(text: str, body_start: int = 0, title_span: Span | None = None) -> list[tuple[str, str]]:
    return [(text[p.start : p.end], p.kind.name) for p in paragraphs(text, body_start, title_span)]


def texts(text: str) -> list[str]:
    return [" ".join(part.split()) for part, _ in parts(text)]


def kinds(text: str) -> list[str]:
    return [kind for _, kind in parts(text)]


def title(text: str) -> tuple[str, str]:
    return title_of(text, paragraphs(text))


def wrap(*paragraph: str, width: int = 60, gap: str = "\n\n", indent: str = "") -> str:
    return gap.join(
        textwrap.fill(text, width, initial_indent=indent, break_on_hyphens=False) for text in paragraph
    )


@pytest.mark.parametrize(
    "gap", ["\n", "\r\n", "\r", "\f", "\x85", "\u2028", "\u2029", "\n\n", "\r\n \t\r\n", "\n\n\n"]
)
def test_each_line_of_unwrapped_text_is_a_paragraph(gap: str) -> None:
    assert texts(gap.join([LEAD, SECOND, THIRD])) == [LEAD, SECOND, THIRD]


def test_blank_lines_do_not_join_the_lines_between_them() -> None:
    assert texts(f"A headline for the day\n\n{LEAD}\n{SECOND}\n{THIRD}") == [
        "A headline for the day",
        LEAD,
        SECOND,
        THIRD,
    ]


@pytest.mark.parametrize("width", [40, 60, 72, 99])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_hard_wrapped_lines_between_blank_lines_are_joined(width: int, newline: str) -> None:
    story = [f"{LEAD} {SECOND}", f"{SECOND} {THIRD}", f"{THIRD} {LEAD}"]
    assert texts(wrap(*story, width=width).replace("\n", newline)) == story


def test_line_with_room_left_ends_a_paragraph_of_wrapped_text() -> None:
    assert texts(wrap(LEAD, SECOND, THIRD, width=50, gap="\n")) == [LEAD, SECOND, THIRD]


def test_indentation_starts_a_paragraph_of_wrapped_text() -> None:
    full = "Every one of these lines is just as wide as all of the rest."
    lines = ["  And" + full[5:], full.replace("rest.", "rest,"), full] * 2
    assert len(full) == len(lines[0])
    assert len(texts("\n".join(lines))) == 2


@pytest.mark.parametrize("headline", ["Talks fail", "Talks Between Both Sides Fail Once Again"])
def test_wrapped_text_is_recognised_below_an_unwrapped_headline(headline: str) -> None:
    story = f"{LEAD} {SECOND} {THIRD}"
    assert texts(headline + "\n" + wrap(story)) == [headline, story]


@pytest.mark.parametrize("gap", ["\n\n", "\r\n\r\n", "\n \t\n", "\r\r"])
def test_blank_line_separates_even_where_the_line_above_it_is_full(gap: str) -> None:
    assert texts("\n".join([FULL] * 4) + gap + FULL) == [" ".join([FULL] * 4), FULL]


def test_list_items_stay_apart_even_where_the_line_above_is_full() -> None:
    story = f"{LEAD} {SECOND} {THIRD}"
    for block in (["- " + FULL[2:], "- " + FULL[2:]], [FULL[:-1] + ":", "- Bread"]):
        assert texts(wrap(story) + "\n\n" + "\n".join(block)) == [story, *block]


def test_lines_broken_by_hand_are_joined() -> None:
    text = (
        "The talks between the two sides failed\non Monday, said officials who had hoped for a\nceasefire before winter\n"
        "came to the mountains and closed the only road that\nleads out of the valley.\n\nNobody was surprised."
    )
    assert texts(text) == [" ".join(text.partition("\n\n")[0].split()), "Nobody was surprised."]


def test_lower_case_line_under_long_lines_is_a_paragraph_of_its_own() -> None:
    aside = "ann poe, who was there and saw it"
    assert texts(f"{LEAD}\n{SECOND[:-1]}\n{aside}\n{THIRD}") == [LEAD, SECOND[:-1], aside, THIRD]


def test_short_sentences_one_a_line_are_not_taken_for_wrapped_text() -> None:
    lines = [
        "The guns fell silent on Friday morning.",
        "Nobody trusted the silence much.",
        "Snow fell all day on the hills.",
    ]
    assert texts("\n".join(lines * 2)) == lines * 2


def test_one_line_broken_off_does_not_make_wrapped_text() -> None:
    lines = [
        "Snow fell all day long on the hills.",
        "Nobody slept.",
        "The guns fell silent on Friday.",
        "It was cold.",
    ]
    lines = [*lines, "A very long line that breaks off in the middle of", "Nothing.", *lines]
    assert texts("\n".join(lines)) == lines


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("-" * 60, "Nobody was surprised."),
        ("| bread for the winter and salt for the spring | water  |", "Nobody was surprised."),
        (FULL, "| bread | salt |"),
        (FULL, "# Bread"),
        (FULL, "> Bread, said the general."),
        ("> and nobody knew when the talks would be held in Geneva now", "Bread, said the general."),
    ],
)
def test_marked_line_is_never_joined_to_an_unmarked_one(above: str, below: str) -> None:
    assert texts(wrap(f"{LEAD} {SECOND} {THIRD}") + f"\n\n{above}\n{below}")[1:] == [
        " ".join(above.split()),
        below,
    ]


def test_wrapped_lines_of_a_quotation_are_joined() -> None:
    quotation = textwrap.fill(f"{LEAD} {SECOND}", 60, initial_indent="> ", subsequent_indent="> ")
    assert len(texts(quotation)) == 1
    assert len(texts(wrap(f"{LEAD} {SECOND} {THIRD}") + "\n\n" + quotation)) == 2
    assert texts(f"{quotation}\n>\n{quotation}")[1:2] == [">"]


@pytest.mark.parametrize(
    "block",
    [
        ["- bread and a little salt", "- water"],
        ["* bread and a little salt", "* water"],
        ["1. bread and a little salt", "2. water"],
        ["| bread | salt |", "| water | none |"],
        ["# A heading", "## Another heading"],
        ["> We shall return, said the general.", "and nobody believed him."],
    ],
)
def test_marked_lines_start_paragraphs_even_in_wrapped_text(block: list[str]) -> None:
    wrapped = wrap(f"{LEAD} {SECOND} They carried this:")
    story = [f"{LEAD} {SECOND} They carried this:", *block, f"{SECOND} {THIRD}"]
    assert texts(wrapped + "\n" + "\n".join(block) + "\n\n" + wrap(f"{SECOND} {THIRD}")) == story


def test_number_at_the_start_of_a_wrapped_line_is_no_list_item() -> None:
    story = "The mediators, who had worked on the plan since the autumn, will come back to the valley on the\n12. of the month."
    text = wrap(f"{LEAD} {SECOND} {THIRD} {LEAD}", width=97) + "\n\n" + story
    assert texts(text)[-1] == " ".join(story.split())


def test_long_list_item_keeps_its_wrapped_lines() -> None:
    item = "- and nobody knew when the talks would be held. On Monday\n  Geneva was silent."
    story = f"{LEAD} {SECOND} {THIRD}"
    assert texts(wrap(story) + f"\n\n{item}") == [story, " ".join(item.split())]


def test_underline_belongs_to_its_heading() -> None:
    assert parts(f"Talks fail again\n===\n{LEAD}")[0] == ("Talks fail again\n===", "TITLE")
    assert parts(f"Talks fail again\n---\n\n{LEAD}")[0] == ("Talks fail again\n---", "TITLE")


def test_rule_below_a_sentence_is_not_its_underline() -> None:
    assert texts(f"{LEAD}\n---\n{SECOND}") == [LEAD, "---", SECOND]


def test_paragraphs_have_no_blanks_around_them() -> None:
    assert parts(f"\n \t {LEAD} \u00a0\n\n\u3000{SECOND}\x0b\n") == [(LEAD, "BODY"), (SECOND, "BODY")]


def test_text_without_words_has_no_paragraphs_and_no_title() -> None:
    assert paragraphs(" \r\n\u3000\n") == []
    assert title("") == ("", "first words")


def test_front_matter_is_left_out_but_for_its_title() -> None:
    front = "---\ntitle: Talks fail again\n---\n"
    at = front.index("Talks")
    span = Span(at, at + len("Talks fail again"))
    text = f"{front}\n# Talks Fail Again\n\n{LEAD}"
    assert parts(text, len(front), span) == [
        ("Talks fail again", "TITLE"),
        ("# Talks Fail Again", "TITLE"),
        (LEAD, "BODY"),
    ]


@pytest.mark.parametrize("given", ["***", "…", "–"])
def test_given_title_of_signs_alone_is_left_out_with_the_front_matter(given: str) -> None:
    front = f"---\ntitle: '{given}'\nsource: Courier\n---\n"
    at = front.index(given)
    assert parts(front + LEAD, len(front), Span(at, at + len(given))) == [(LEAD, "BODY")]


def test_other_heading_below_a_given_title_is_body() -> None:
    text = f"Talks fail\n# Briefing\n\n{LEAD}"
    assert [kind for _, kind in parts(text, 11, Span(0, 10))] == ["TITLE", "BODY", "BODY"]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("# Talks fail", "Talks fail"),
        ("### **Talks** _fail_ again ###", "Talks fail again"),
        ("Talks  fail\n======", "Talks fail"),
        ("Talks fail.\r======", "Talks fail."),
        ("# C# and snake_case_names", "C# and snake_case_names"),
    ],
)
def test_heading_is_the_title(heading: str, expected: str) -> None:
    text = f"By Ann Poe\n\n{heading}\n\n{LEAD}\n\n## More\n\n{SECOND}"
    assert title(text) == (expected, "heading")
    assert kinds(text) == ["BODY", "TITLE", "BODY", "BODY", "BODY"]


def test_heading_after_the_story_has_begun_is_not_the_title() -> None:
    assert "TITLE" not in kinds(f"{LEAD}\n\n{SECOND}\n\n# More\n\n{THIRD}")


@pytest.mark.parametrize(
    "line",
    [
        "Talks Between Both Sides Fail, Raising Fears of War",
        "Will the Talks Between Both Sides Ever End?",
        "‘We Are Lost!’",
        "Envoy Leaves the U.S.",
        "和平谈判再次失败了",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_first_line_that_is_a_headline_is_the_title(line: str, gap: str) -> None:
    text = gap.join([line, LEAD, SECOND])
    assert kinds(text) == ["TITLE", "BODY", "BODY"]
    assert title(text) == (line, "first line")


@pytest.mark.parametrize(
    "line",
    [
        LEAD,
        "The talks failed.",
        "“The talks failed.”",
        "By Ann Poe and Bo Ray",
        "October 1, 2020",
        "Ann Poe",
        "The talks failed. Envoys left",
        "The talks failed, officials said,",
        "What we know:",
        "and then the talks failed",
        " ".join(["Word"] * 26),
        "- Talks fail again...",
    ],
)
def test_first_line_that_is_no_headline_is_body(line: str) -> None:
    assert kinds(f"{line}\n\n{SECOND}\n\n{THIRD}") == ["BODY"] * 3


def test_headline_needs_a_story() -> None:
    assert kinds("Talks Between Both Sides Fail") == ["BODY"]
    assert kinds("Talks Between Both Sides Fail\nEnvoys Leave for Geneva\nSnow in the Hills") == ["BODY"] * 3
    assert kinds("Talks Between Both Sides Fail\n\nThe envoys left.") == ["TITLE", "BODY"]


def test_title_may_follow_a_caption() -> None:
    assert kinds(f"Photo: Ann Poe\n\nTalks Between Both Sides Fail\n\n{LEAD}") == ["CAPTION", "TITLE", "BODY"]


@pytest.mark.parametrize(
    "line",
    [
        "A woman leaves her house in the valley on October 1. -/AFP via Getty Images/Getty",
        "A woman leaves her house in the valley after an attack on the ... [+]",
        "A woman leaves her house. (AP Photo/Ann Poe)",
        "A woman leaves her house in the valley, October 1, 2020. REUTERS/Ann Poe/File Photo",
        "A woman leaves her house (Photo by Ann Poe/NurPhoto via AP)",
        "A woman leaves her house. Photograph: Ann Poe/Reuters",
        "The envoy. | Getty",
        "Photo: Ann Poe",
        "Enlarge this image toggle caption Ann Poe/AP Ann Poe/AP",
    ],
)
def test_line_with_a_picture_credit_is_a_caption(line: str) -> None:
    assert kinds(f"{LEAD}\n{line}\n{SECOND}") == ["BODY", "CAPTION", "BODY"]
    assert kinds(f"{LEAD}\n{SECOND}\n{line}") == ["BODY", "BODY", "CAPTION"]


@pytest.mark.parametrize(
    "line",
    [
        "The envoy told AFP that the talks had failed.",
        "A Reuters/Ipsos poll found that few believe in the talks.",
        "He showed a photo by the door to Getty, who paid for it.",
        f"A woman leaves her house. Ann Poe/Getty{LEAD}",
        "The photo was taken from the roof.",
    ],
)
def test_sentence_that_names_an_agency_is_body(line: str) -> None:
    assert kinds(f"{LEAD}\n{line}\n{SECOND}") == ["BODY"] * 3


@pytest.mark.parametrize(
    "line",
    [
        "Armenia, ethnic cleansing, war",
        "War; peace; talks in Geneva",
        "Keywords: war, peace",
        "**Tags:** war",
        "Key words： war",
    ],
)
def test_list_of_subjects_at_the_end_is_a_keyword_line(line: str) -> None:
    assert kinds(f"{LEAD}\n\n{SECOND}\n\n{line}\nA woman. Ann Poe/AFP") == [
        "BODY",
        "BODY",
        "KEYWORDS",
        "CAPTION",
    ]
    assert kinds(f"# Talks fail\n\n{line}" + f"\n\n{LEAD}" * 6) == ["TITLE", "KEYWORDS", *["BODY"] * 6]


@pytest.mark.parametrize(
    "line",
    [
        "War, peace",
        "War, peace, and talks",
        "War, peace, talks.",
        "They went to Geneva for talks, peace, war",
        "By Ann Poe, Bo Ray, Cy Lee",
        "Ann Poe, 43, envoy",
    ],
)
def test_other_lists_are_body(line: str) -> None:
    assert kinds(f"{LEAD}\n\n{SECOND}\n\n{line}") == ["BODY"] * 3


def test_list_of_subjects_amid_the_story_is_body() -> None:
    text = "\n\n".join([LEAD, SECOND] * 4 + ["Armenia, ethnic cleansing, war"] + [LEAD, SECOND] * 4)
    assert set(kinds(text)) == {"BODY"}


def test_first_words_stand_in_for_a_title() -> None:
    assert title(f"Photo: Ann Poe\n\n{LEAD}") == (" ".join(LEAD.split()[:12]) + "…", "first words")
    assert title("The talks failed.") == ("The talks failed.", "first words")
    assert len(title("字" * 5000 + "。")[0]) <= 121


def test_time_grows_with_the_text_only() -> None:
    n = 100_000
    hostile = [
        " " * n,
        "\r" * n,
        "a\n" * n,
        "-" * n,
        "- " * n,
        "*a " * n,
        "# " + "*a " * n,
        "a" + " " * n + "\nb",
        "1" * n,
    ]
    for text in [*hostile, "Getty " * n, "|\n" * n, ">a\n" * n, (" " * 500 + "a\n") * (n // 500)]:
        assert title_of(text, paragraphs(text))[1]


def seed(name: str) -> str:
    found = sorted(SEEDS.glob(f"{name}_*.txt"))
    if not found:
        pytest.skip(f"no article {name} in {SEEDS}")
    return found[0].read_text(encoding="utf-8")


def test_seed_with_headline_keywords_and_caption_is_understood() -> None:
    text = seed("000")
    assert kinds(text) == ["TITLE", *["BODY"] * 13, "KEYWORDS", "CAPTION"]
    assert title(text) == (text.splitlines()[0], "first line")


def test_seed_of_one_paragraph_a_line_has_no_title() -> None:
    text = seed("004")
    lines = text.splitlines()
    expected = [Kind.CAPTION.name if line.endswith("[+]") else Kind.BODY.name for line in lines]
    assert parts(text) == list(zip(lines, expected, strict=True))
    assert title(text) == (" ".join(lines[0].split()[:12]) + "…", "first words")
