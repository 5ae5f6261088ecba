"""The laws of the house, as import-linter contracts: kept by the tree, and broken by each violation that we plant."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def lint_imports(tree: Path) -> tuple[int, str]:
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [program, "--no-cache"],
        cwd=tree,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tree)},
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_contracts_are_kept() -> None:
    status, output = lint_imports(ROOT)
    assert status == 0, output


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("projects/signals.py", "import mining.apps", "Imports go one way"),
        ("mining/apps.py", "import portal.apps", "Imports go one way"),
        ("mining/science/votes.py", "import django.db", "mining.science is pure"),
        ("mining/science/votes.py", "import projects.apps", "mining.science is pure"),
        ("projects/conditions.py", "import django.db", "Retirement conditions are pure"),
    ],
)
def test_planted_violation_is_found(module: str, line: str, contract: str, tmp_path: Path) -> None:
    for room in ("portal", "mining", "projects"):
        shutil.copytree(
            ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "templates")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / module).open("a") as source:
        source.write(f"\n{line}\n")
    status, output = lint_imports(tmp_path)
    assert status == 1, output
    assert f"{contract} BROKEN" in output
