"""How do times grow with the number of passages? Draws the figures of `run.py` as a picture.

    python tests/benchmarks/growth.py FOLDER/results.json --out tests/benchmarks/growth.svg

Both axes are logarithmic. A line is a kind of question: searcher's is solid, tantivy's is dashed.
"""

import argparse
import json
from collections.abc import Iterator
from math import ceil, floor, log10
from pathlib import Path
from typing import Final

from peers import OURS
from questions import INTERSECTION, PHRASE, UNION
from report import Results, made

LINES: Final = {
    UNION: ("any of the words", "#1f6fb4"),
    INTERSECTION: ("all the words", "#c4501b"),
    PHRASE: ("phrase in any form", "#2c8a4b"),
}
DASHES: Final = {OURS: "none", "tantivy": "6 4"}
LEFT, TOP, WIDTH, HEIGHT = 80.0, 20.0, 440.0, 300.0


def draw(results: Results) -> str:
    """Draw the mean time of the ten best passages by the number of passages, as SVG."""
    lines = {
        (kind, name): [
            (n_passages, corpus["queries"][kind]["top10"][name]["mean"])
            for n_passages, corpus in made(results).items()
            if name in corpus.get("queries", {}).get(kind, {}).get("top10", {})
        ]
        for kind in LINES
        for name in DASHES
    }
    sizes, times = zip(*(point for points in lines.values() for point in points), strict=True)
    left, right = _decades(sizes)
    low, high = _decades(times)

    def place(size: float, time: float) -> tuple[float, float]:
        across, up = (log10(size) - left) / (right - left), (log10(time) - low) / (high - low)
        return round(LEFT + across * WIDTH, 1), round(TOP + (1 - up) * HEIGHT, 1)

    def elements() -> Iterator[str]:
        yield '<rect width="760" height="380" fill="#ffffff"/>'
        for power in range(left, right + 1):
            x, bottom = place(10**power, 10**low)
            yield _line([(x, TOP), (x, bottom)], "#d0d0d0")
            yield _text(x, bottom + 20, f"{10**power:,}", "middle")
        for power in range(low, high + 1):
            start, y = place(10**left, 10**power)
            yield _line([(start, y), (start + WIDTH, y)], "#d0d0d0")
            yield _text(start - 8, y + 4, f"{10**power:,}", "end")
        yield _text(LEFT + WIDTH / 2, TOP + HEIGHT + 42, "passages", "middle")
        yield _text(LEFT + 8, TOP + 16, "microseconds", "start")
        for row, ((kind, name), points) in enumerate(lines.items()):
            called, colour = LINES[kind]
            y = TOP + 16 + 26 * row
            legend = [(LEFT + WIDTH + 16, y - 4), (LEFT + WIDTH + 46, y - 4)]
            for shown in (legend, [place(*point) for point in points]):
                yield _line(shown, colour, f'stroke-width="2" stroke-dasharray="{DASHES[name]}"')
            yield _text(LEFT + WIDTH + 52, y, f"{called}, {name}", "start")

    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 380" font-family="sans-serif" font-size="12" fill="#333333">'
    return "\n".join([head, *elements(), "</svg>\n"])


def _decades(values: tuple[float, ...]) -> tuple[int, int]:
    """Give the powers of ten between which some values lie."""
    return floor(log10(min(values)) + 0.01), ceil(log10(max(values)) - 0.01)


def _line(points: list[tuple[float, float]], colour: str, style: str = "") -> str:
    path = " ".join(f"{x},{y}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" {style}/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{text}</text>'


def main() -> None:
    """Draw."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("results", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    results = json.loads(options.results.read_text(encoding="utf-8"))
    options.out.write_text(draw(results), encoding="utf-8")


if __name__ == "__main__":
    main()
