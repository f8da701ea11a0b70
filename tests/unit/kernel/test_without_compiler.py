"""Where there is no compiler, Python runs the kernel, and its tests pass too."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from searcher.kernel import COMPILED


@pytest.mark.skipif(not COMPILED, reason="Python runs the kernel already")
def test_python_gives_the_same_answers() -> None:
    tests = [Path(__file__).parent / f"test_{name}.py" for name in ("lexicon", "posting_lists", "search")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests],
        env={**os.environ, "SEARCHER_KERNEL": "python"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
