"""Damaged columns give a result or an `IndexError`."""

import subprocess
import sys
from pathlib import Path


def test_damaged_columns_neither_crash_a_search_nor_make_it_endless() -> None:
    script = Path(__file__).parent / "damaged_searches.py"
    done = subprocess.run(
        [sys.executable, script, "1"], capture_output=True, text=True, check=False, timeout=300
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
