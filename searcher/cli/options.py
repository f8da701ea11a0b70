"""Which options do several commands share?"""

import os
import sys
from functools import partial
from pathlib import Path

import click

index_option = click.option(
    "--index",
    "index",
    type=click.Path(path_type=Path),
    default="index",
    show_default=True,
    envvar="SEARCHER_INDEX",
    show_envvar=True,
    help="Folder of the index.",
)
limit_option = partial(
    click.option, "-n", "--limit", metavar="N", type=click.IntRange(min=0), default=10, show_default=True
)
corpus_option = click.option(
    "--corpus",
    type=click.Path(path_type=Path),
    envvar="SEARCHER_CORPUS",
    show_envvar=True,
    help="Folder of articles. Default: the folder of the index, or ./corpus.",
)
color_option = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour the output; NO_COLOR is respected.",
)


def has_color(color: str) -> bool:
    """Tell whether to colour, given the value of `color_option`."""
    if color != "auto":
        return color == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
