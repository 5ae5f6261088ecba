"""Which code computed a run."""

import subprocess
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def code_version() -> str:
    """The package's version and, in a clone, the commit: `0.1.0+63a91e2`, with `.changed` when files differ from it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = str(project["version"])
    try:
        commit = _git("rev-parse", "--short", "HEAD")
        changed = ".changed" if _git("status", "--porcelain", "--untracked-files=no", "mining") else ""
    except (OSError, subprocess.SubprocessError):
        return version
    return f"{version}+{commit}{changed}"


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True, timeout=10
    )
    return done.stdout.strip()
