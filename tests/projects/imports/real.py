"""Real exports, where the data folder is at hand (docs/operations.md names it nowhere: they are for tests only)."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FOLDER = next(
    (place for place in (ROOT.parent / "shared" / "data", ROOT / "shared" / "data") if place.is_dir()), None
)
MICHIGAN = "zoo_michigan/michigan-classifications.csv"
MIXED = [f"zoo_mixed/{name}-classifications.csv" for name in ("andromeda", "pmason", "survey", "fossil")]


def export_file(name: str) -> Path:
    """The file; skips the test, saying so, where it is missing."""
    path = FOLDER / name if FOLDER else None
    if path is None or not path.is_file():
        pytest.skip(f"the data file {name} is not here")
    return path
