"""Whenever a change of an index is cut short, the index is what it was or what it was to become; nothing else is left.

Each file operation of each change is tried: killed there, failing there (for want of room where it needs any), and the power cut
just before it, with whatever the disk may have forgotten by then.
"""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from crash import SCENARIOS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs fork and /proc")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of every scenario; as many at a time as there are cores."""

    def run(name: str) -> Any:
        done = subprocess.run(
            [
                sys.executable,
                str(Path(__file__).with_name("crash.py")),
                name,
                str(tmp_path_factory.mktemp(name)),
            ],
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(SCENARIOS, pool.map(run, SCENARIOS), strict=True))


@pytest.mark.parametrize("name", SCENARIOS)
def test_interrupted_change_is_made_whole_or_not_at_all(outcomes: dict[str, Any], name: str) -> None:
    outcome = outcomes[name]
    assert outcome["troubles"] == []
    points = outcome["points"]
    assert points["killed"] == points["failed"] + points["full"] == outcome["operations"]
    assert points["power cuts"] > outcome["operations"]


def test_points_are_many(outcomes: dict[str, Any]) -> None:
    killed_or_failed = sum(2 * outcome["operations"] for outcome in outcomes.values())
    assert killed_or_failed >= 4_000
