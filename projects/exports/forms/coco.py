"""COCO: pictures, categories (the tools) and annotations (the things that volunteers have drawn), streamed.

Closed shapes have a polygon, an area and a box; points and lines have keypoints (their ends) and a box, and no area.
What COCO has no name for stands under `attributes`.
"""

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from projects.exports import catalogue
from projects.exports.forms import Content
from projects.exports.marks import Drawn
from projects.exports.outline import area, is_closed, outline
from projects.exports.subjects import absolute
from projects.models import Media, Workflow
from projects.models.subject import media_url
from projects.tasks.drawing import DrawingTask

ENDS = {"point": ["place"], "line": ["start", "end"]}
"""Keypoints of shapes that have a fixed number of them."""


def write(target: Path, content: Content) -> None:
    """The marks; pictures are those with a mark."""
    categories = _categories(content.workflow)
    numbers = {(each["supercategory"], each["key"]): each["id"] for each in categories}
    pictures: list[int] = []
    with target.open("w", encoding="utf-8") as file:
        about = {"description": f"{content.title}. {content.description}"}
        file.write(f'{{"info": {_json(about)},\n"categories": {_json(categories)},\n"annotations": [')
        file.writelines(_annotations(content.rows, numbers, pictures))
        file.write('],\n"images": [')
        file.writelines(_images(pictures))
        file.write("]}\n")


def _categories(workflow: Workflow) -> list[dict[str, Any]]:
    """One a tool of a drawing task, numbered from 1 on."""
    found: list[dict[str, Any]] = []
    for name, task in catalogue.all_tasks(workflow).items():
        drawing = task.as_drawing()
        for tool in drawing.tools if isinstance(drawing, DrawingTask) else []:
            told = {
                "id": len(found) + 1,
                "name": tool.label,
                "key": tool.key,
                "supercategory": name,
                "shape": tool.shape,
            }
            ends = ENDS.get(tool.shape)
            found.append(told | ({"keypoints": ends, "skeleton": []} if ends else {}))
    return found


def _annotations(
    rows: Iterator[Drawn], numbers: dict[tuple[str, str], int], pictures: list[int]
) -> Iterator[str]:
    """As text, with commas between. pictures: takes the subjects that occur."""
    number = 0
    for subject, drawn in groupby(rows, key=lambda row: row.row.subject_id):
        pictures.append(subject)
        for each in drawn:
            number += 1
            told = _annotation(each) | {
                "id": number,
                "image_id": subject,
                "category_id": numbers[each.task, each.tool.key],
            }
            yield f"{',' if number > 1 else ''}\n{_json(told)}"


def _annotation(drawn: Drawn) -> dict[str, Any]:
    shape, thing = drawn.tool.shape, drawn.thing
    points = outline(shape, thing["mark"])
    xs, ys = [x for x, _ in points], [y for _, y in points]
    closed = is_closed(shape)
    told: dict[str, Any] = {
        "bbox": [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)],
        "area": area(points) if closed else 0.0,
        "segmentation": [[value for point in points for value in point]] if closed else [],
        "iscrowd": 0,
        "score": thing["p"],
        "attributes": {
            "drew": thing["drew"],
            "asked": drawn.asked,
            "error_px": thing["error"],
            "shape": shape,
            "mark": thing["mark"],
            "details": thing["details"],
        },
    }
    if shape in ENDS:
        told["keypoints"] = [value for x, y in points for value in (x, y, 2)]
        told["num_keypoints"] = len(points)
    return told


def _images(subjects: list[int]) -> Iterator[str]:
    """The first file of each. Width and height are left out where they are not known."""
    for at in range(0, len(subjects), 1000):
        some = subjects[at : at + 1000]
        found = Media.objects.filter(subject__in=some, position=0).select_related("subject")
        files = {media.subject_id: media for media in found}
        for place, subject in enumerate(some):
            told: dict[str, Any] = {"id": subject}
            if media := files.get(subject):
                told["file_name"] = media.path
                told["coco_url"] = absolute(media_url(media.path))
                told["external_id"] = media.subject.external_id
                if media.width and media.height:
                    told |= {"width": media.width, "height": media.height}
            yield f"{',' if at + place else ''}\n{_json(told)}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
