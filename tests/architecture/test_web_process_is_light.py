"""The web process answers every kind of request without ever loading what is heavy.

It runs in a process of its own: in this one the tests have loaded everything long ago.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import site_environment

ROOT = Path(__file__).resolve().parent.parent.parent
HEAVY = (
    "pandas", "sklearn", "torch", "astropy", "photutils", "skimage", "scipy", "numba", "altair", "polars", "pyarrow",
    "vl_convert",
)  # fmt: skip
SCRIPT = Path(__file__).with_name("every_kind_of_request.py")


def run(extra: str = "") -> dict[str, object]:
    """What `every_kind_of_request` prints: the statuses by address, the heavy modules found."""
    done = subprocess.run(
        [sys.executable, SCRIPT, json.dumps(HEAVY), extra],
        cwd=ROOT,
        env={**site_environment(), "PYTHONPATH": str(ROOT), "LOG_LEVEL": "ERROR"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


@pytest.mark.django_db(transaction=True)
def test_every_kind_of_request_loads_nothing_heavy(running_servers: None) -> None:
    found = run()
    statuses = found["statuses"]
    assert isinstance(statuses, dict)
    unexpected = {
        what: status for what, status in statuses.items() if status >= 500 and what != "GET /healthz"
    }
    assert unexpected == {}
    assert statuses["GET /"] == 200
    assert statuses["GET /projects/light/classify/shapes/"] == 200
    assert statuses["GET /api/v1/workflows/W/next"] == 200
    assert statuses["POST /api/v1/classifications"] == 201
    assert found["missed"] == []
    assert found["heavy"] == []


@pytest.mark.django_db(transaction=True)
def test_the_guard_sees_a_heavy_module(running_servers: None) -> None:
    assert "scipy" in run("scipy.special")["heavy"]  # type: ignore[operator]
