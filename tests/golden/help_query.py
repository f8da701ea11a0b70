"""Makes the documentation of the query language from the table of what it means.

Run it from the project with ``python tests/golden/help_query.py``; it writes ``searcher/cli/help-query.txt``.
"""

import tomllib
from pathlib import Path

TABLE = Path(__file__).with_name("language.toml")
HELP = Path(__file__).parents[2] / "searcher" / "cli" / "help-query.txt"


def text() -> str:
    """Give the documented rows under their sections, in two columns."""
    rows = [row for row in tomllib.loads(TABLE.read_text(encoding="utf-8"))["row"] if "help" in row]
    width = max(len(row["query"]) for row in rows)
    lines = [
        "What a query means. What was changed or left out is said on stderr. Only a date that is none, or words that stand",
        "for too much, are errors.",
    ]
    for section in dict.fromkeys(row["section"] for row in rows):
        lines += ["", section]
        lines += [f"  {row['query']:<{width}}  {row['help']}" for row in rows if row["section"] == section]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    HELP.write_text(text(), encoding="utf-8")
