"""Sample projects. Each is a bundle: a folder with project.yaml; adding one is adding a folder."""

from pathlib import Path

import yaml

SAMPLES = Path(__file__).parent


def by_slug(root: Path = SAMPLES) -> dict[str, Path]:
    """The slug of each sample's project, and its folder; in the order of the folders' names."""
    found = {}
    for file in sorted(root.glob("*/project.yaml")):
        found[yaml.safe_load(file.read_text(encoding="utf-8"))["slug"]] = file.parent
    return found
