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

CARD = 60
"""A quarter of the width of a choice's picture, in pixels."""

SHOWN = {
    "large": [(86, 52, 70)],
    "sharp": [(34, 18, 33), (485, 4, 27)],
    "worn": [(162, 164, 41), (24, 273, 40)],
    "pit": [(5, 376, 27), (466, 15, 23)],
    "nothing": [(240, 130, 60)],
}
"""What the survey shows of each choice: x, y and side of a square of the photograph."""

LARGE = 10.0
"""Radius in pixels of the photograph from which on a crater is a large one of the survey."""

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
                    "meta:#survey": json.dumps(surveyed(x, y)),
                    "attr:x": str(x),
                    "attr:y": str(y),
                    "attr:brightness": f"{patch.mean():.2f}",
                    "attr:contrast": f"{patch.std():.2f}",
                }
            )
    for x, y in PICTURED:
        _save(folder, picture, x, y)
    for kind, places in SHOWN.items():
        for at, (x, y, side) in enumerate(places, 1):
            cut = Image.fromarray(picture[y : y + side, x : x + side])
            large = cut.resize(
                (4 * CARD, 3 * CARD), Image.Resampling.LANCZOS, (0, side / 8, side, side * 7 / 8)
            )
            large.save(folder / "images" / f"{kind}-{at}.png", compress_level=3)
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


def surveyed(x: int, y: int) -> dict[str, Any]:
    """What a volunteer of the survey finds in a patch: choice to the answers about it."""
    found: dict[str, dict[str, Any]] = {}
    for crater in CRATERS:
        left, top = crater.x - x, crater.y - y
        if not (EDGE <= left <= SIDE - EDGE and EDGE <= top <= SIDE - EDGE):
            continue
        kind = "pit" if crater.r < SMALL else "large" if crater.r >= LARGE else crater.rim
        of = found.setdefault(kind, {"howmany": 0, "cut": "whole"})
        of["howmany"] += 1
        if min(left, top, SIDE - left, SIDE - top) < crater.r:
            of["cut"] = "cut"
    return found or {"nothing": {}}


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
