"""Which pages of documentation are there, and how is one shown?

The pages are the files of ``searcher/docs``. The name of a file is the topic, and the first line is the title.
"""

import click

from searcher.cli.options import color_option, has_color


def topics() -> dict[str, str]:
    """Give the text of each page by its topic, in the order of the alphabet."""
    from importlib.resources import files

    pages = sorted(files("searcher").joinpath("docs").iterdir(), key=lambda page: page.name)
    return {page.name.removesuffix(".md"): page.read_text(encoding="utf-8") for page in pages}


@click.command(name="help")
@click.argument("topic", required=False)
@color_option
@click.pass_context
def show_help(ctx: click.Context, topic: str | None, color: str) -> None:
    """Show a page of the documentation.

    Without TOPIC, list the topics. The name of a command is a topic too.
    """
    pages = topics()
    group = ctx.find_root().command
    commands = group.commands if isinstance(group, click.Group) else {}
    if topic is None:
        click.echo("searcher --help lists the commands. searcher help TOPIC shows one of these pages:\n")
        width = max(map(len, pages))
        for name, page in pages.items():
            click.echo(f"  {name:<{width}}  {page.splitlines()[0].removeprefix('# ')}")
    elif topic in pages and has_color(color):
        from rich.console import Console
        from rich.markdown import Markdown

        console = Console(force_terminal=True)
        console.print(Markdown(pages[topic], hyperlinks=False), width=min(console.width, 100))
    elif topic in pages:
        click.echo(pages[topic].rstrip("\n"))
    elif topic in commands:
        command = commands[topic]
        click.echo(command.get_help(click.Context(command, info_name=topic, parent=ctx.parent)))
    else:
        raise click.ClickException(f"no topic {topic!r}; the topics are {', '.join(pages)}, and the commands")


@click.command(name="help-query")
def help_query() -> None:
    """Show the query language on one screen."""
    page = topics()["query-language"]
    click.echo(page.split("```text\n")[1].split("\n```")[0])
