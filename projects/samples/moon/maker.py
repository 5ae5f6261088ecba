"""Makes the subjects of Moon: patches as PNG files and `subjects.csv`. Needs no network; about a second."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from skimage.data import moon

from projects.samples.moon.known import CRATERS, SMALL

SIDE, TIMES = 128, 4  # pixels of the photograph, and by how much they are enlarged
CORNERS = (0, 96, 192, 288, 384)
PICTURED = ((64, 16), (48, 384))
"""Patches besides, which the tutorial shows; nobody is asked about them."""

EDGE = 2.0
"""Known craters whose middle lies nearer to the edge of a patch are none of its."""


def make(folder: Path, progress: Callable[[str], None]) -> None:
    """Writes images/*.png and subjects.csv into `folder` (made when absent); tells each step."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    picture = moon()
    rows = []
    for y in CORNERS:
        for x in CORNERS:
            patch = picture[y : y + SIDE, x : x + SIDE]
            name = _save(folder, picture, x, y)
            rows.append(
                {
                    "external_id": name,
                    "subject_set": "patches",
                    "file": f"images/{name}.png",
                    "alt": "A grey patch of the Moon's surface, lit from the left.",
                    "meta:Place in the photograph": f"x {x} to {x + SIDE}, y {y} to {y + SIDE}, pixels from top left",
                    "meta:Enlarged": f"{TIMES} times in the file, smoothly (Lanczos)",
                    "meta:#craters": json.dumps(known(x, y)),
                    "attr:x": str(x),
                    "attr:y": str(y),
                    "attr:brightness": f"{patch.mean():.2f}",
                    "attr:contrast": f"{patch.std():.2f}",
                }
            )
    for x, y in PICTURED:
        _save(folder, picture, x, y)
    with (folder / "subjects.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    progress(f"Moon: {len(rows)} subjects made")


def _save(folder: Path, picture: Any, x: int, y: int) -> str:
    name = f"moon-x{x:03d}-y{y:03d}"
    patch = Image.fromarray(picture[y : y + SIDE, x : x + SIDE])
    large = patch.resize((SIDE * TIMES, SIDE * TIMES), Image.Resampling.LANCZOS)
    large.save(folder / "images" / f"{name}.png", compress_level=3)
    return name


def known(x: int, y: int) -> dict[str, Any]:
    """The marks of a patch by its corner, as a volunteer would give them, in the pixels of the enlarged file; and its
    size."""
    marks: list[dict[str, Any]] = []
    for crater in CRATERS:
        left, top = crater.x - x, crater.y - y
        if not (EDGE <= left <= SIDE - EDGE and EDGE <= top <= SIDE - EDGE):
            continue
        if crater.r < SMALL:
            place = {"x": TIMES * left, "y": TIMES * top}
            marks.append({"tool": "small", "frame": 0, **place, "details": []})
        else:
            circle = {"x_center": TIMES * left, "y_center": TIMES * top, "r": TIMES * crater.r}
            marks.append({"tool": "crater", "frame": 0, **circle, "details": [crater.rim]})
    return {"width": SIDE * TIMES, "height": SIDE * TIMES, "marks": marks}
