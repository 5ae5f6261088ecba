"""DS9 regions: a zip with a .reg file a subject, in DS9's image coordinates.

Those begin at the lower left, and the first pixel's middle is 1, 1; ours at the upper left corner of the picture with y
down. So a file needs the picture's height; a subject whose height is not known has a line that says so, and no region.
"""

import re
import zipfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from projects.exports.forms import Content
from projects.exports.marks import Drawn
from projects.models import Media
from projects.tasks.drawing import PALETTE

HEAD = "# Region file format: DS9 version 4.1\n"
UNKNOWN = "# The height of the picture is not known here, so its marks have no place in image coordinates.\n"


def write(target: Path, content: Content) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for subject, drawn in groupby(content.rows, key=lambda row: row.row.subject_id):
            rows = list(drawn)
            height = (
                Media.objects.filter(subject=subject, position=0).values_list("height", flat=True).first()
            )
            text = HEAD + ("".join(["image\n", *_regions(rows, height)]) if height else UNKNOWN)
            name = re.sub(r"[^\w.-]", "_", rows[0].row.external_id)[:80]
            entry = zipfile.ZipInfo(f"{name}-{subject}.reg")  # of no date: the same marks, the same bytes
            archive.writestr(entry, text, zipfile.ZIP_DEFLATED)


def _regions(rows: list[Drawn], height: int) -> Iterator[str]:
    for drawn in rows:
        shape = _region(drawn.tool.shape, drawn.thing["mark"], height)
        color = PALETTE.get(drawn.tool.color, drawn.tool.color)
        label = re.sub(r"[{}\s]+", " ", drawn.tool.label).strip()
        told = f"{label} p={drawn.thing['p']:.2f} {drawn.thing['drew']}/{drawn.asked}"
        yield f"{shape} # color={color} text={{{told}}} tag={{{drawn.task}}} tag={{{drawn.tool.key}}}\n"


def _region(shape: str, mark: dict[str, Any], height: int) -> str:
    def at(x: float, y: float) -> str:
        return f"{_number(x + 0.5)},{_number(height - y + 0.5)}"

    def turn() -> str:
        """Theirs go against the clock from the x axis."""
        return _number(-mark["angle"] % 360)

    if "points" in mark:
        points = ",".join(at(x, y) for x, y in mark["points"])
        return f"{'segment' if shape == 'segmented_line' else 'polygon'}({points})"
    if shape == "point":
        return f"point({at(mark['x'], mark['y'])})"
    if shape == "line":
        return f"line({at(mark['x1'], mark['y1'])},{at(mark['x2'], mark['y2'])})"
    if shape == "rectangle":
        middle = at(mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2)
        return f"box({middle},{_number(mark['width'])},{_number(mark['height'])},0)"
    middle = at(mark["x_center"], mark["y_center"])
    if shape == "circle":
        return f"circle({middle},{_number(mark['r'])})"
    if shape == "ellipse":
        return f"ellipse({middle},{_number(mark['rx'])},{_number(mark['ry'])},{turn()})"
    return f"box({middle},{_number(mark['width'])},{_number(mark['height'])},{turn()})"


def _number(value: float) -> str:
    return repr(round(value, 3))
