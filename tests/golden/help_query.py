"""Makes the table of the query language from the table of what it means.

Run it from the project with ``python tests/golden/help_query.py``. It writes the first block of the page
``searcher/docs/query-language.md``.
"""

import tomllib
from pathlib import Path

TABLE = Path(__file__).with_name("language.toml")
PAGE = Path(__file__).parents[2] / "searcher" / "docs" / "query-language.md"
_FENCE = "```text\n"


def table() -> str:
    """Give the documented rows under their sections, in two columns."""
    rows = [row for row in tomllib.loads(TABLE.read_text(encoding="utf-8"))["row"] if "help" in row]
    width = max(len(row["query"]) for row in rows)
    lines = []
    for section in dict.fromkeys(row["section"] for row in rows):
        lines += ["", section]
        lines += [f"  {row['query']:<{width}}  {row['help']}" for row in rows if row["section"] == section]
    return "\n".join(lines[1:]) + "\n"


def page() -> str:
    """Give the page with the table of today."""
    before, _, behind = PAGE.read_text(encoding="utf-8").partition(_FENCE)
    return f"{before}{_FENCE}{table()}{behind[behind.index('```') :]}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
