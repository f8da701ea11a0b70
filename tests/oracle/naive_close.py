"""Where do words stand close to each other? Every combination of places is tried."""

from collections.abc import Iterator, Sequence

from naive_forms import Line, Place

from searcher.language.tree import Close


class Passage(Line):
    """A line that has sentences and paragraphs: the number of each, by position."""

    sentences: Sequence[int]
    paragraphs: Sequence[int]


def wholes(passage: Passage, close: Close) -> tuple[set[int], set[Place]]:
    """Give where wholes begin, or the numbers of sentences or paragraphs, and all the places that belong to one."""
    members = [
        sorted({place for words in member for place in passage.places(words)}) for member in close.members
    ]
    if not all(members):
        return set(), set()
    if close.within == "sentence":
        return _in_parts(members, passage.sentences)
    if close.within == "paragraph":
        return _in_parts(members, passage.paragraphs)
    starts: set[int] = set()
    places: set[Place] = set()
    for number, member in enumerate(members):
        others = [*members[:number], *members[number + 1 :]]
        for first in member:
            # From the last word of the first to the first word of the last: neighbours are one word apart.
            in_reach = [
                [place for place in other if first[1] <= place[0] <= first[1] - 1 + close.within]
                for other in others
            ]
            for combination in _apart(in_reach, [first]):
                starts.add(first[0])
                places.update(combination)
    return starts, places


def _apart(members: Sequence[Sequence[Place]], chosen: list[Place]) -> Iterator[list[Place]]:
    """Try every choice of one place a member, none of which overlap."""
    if not members:
        yield chosen
        return
    for place in members[0]:
        if all(place[1] <= other[0] or other[1] <= place[0] for other in chosen):
            yield from _apart(members[1:], [*chosen, place])


def _in_parts(members: Sequence[Sequence[Place]], parts: Sequence[int]) -> tuple[set[int], set[Place]]:
    """Find the parts of a passage that hold a place of each member from beginning to end."""
    homes: list[dict[Place, int]] = [
        {(start, end): parts[start] for start, end in member if parts[start] == parts[end - 1]}
        for member in members
    ]
    common = set(homes[0].values()).intersection(*(home.values() for home in homes))
    return common, {place for home in homes for place, part in home.items() if part in common}
