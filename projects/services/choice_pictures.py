"""Pictures of a survey's choices: files of the project's media, named by the definition."""

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

from django.utils.text import slugify

from projects.imports.measured import FORMATS, measured
from projects.services.store_media import store_media

LETTERS = 60
"""Of a picture's own name in its path."""


def store_choice_picture(slug: str, name: str, content: bytes) -> str:
    """The path below the media. slug: the project's. Raises ValueError with the reason where it can't be shown."""
    kind, _width, _height = measured(content)
    _mime, ending = FORMATS[kind]
    stem = slugify(PurePosixPath(name).stem)[:LETTERS].strip("-") or "choice"
    path = f"{slug}/{stem}.{hashlib.sha256(content).hexdigest()[:8]}{ending}"
    with tempfile.TemporaryDirectory() as folder:
        beside = Path(folder) / "picture"
        beside.write_bytes(content)
        store_media(beside, path)
    return path


def with_pictures(definition: dict[str, Any], of: Callable[[str, str], str]) -> dict[str, Any]:
    """The definition with `of(path, label)` in place of each choice's pictures."""
    tasks = {}
    for name, task in definition["tasks"].items():
        tasks[name] = task
        if any(answer.get("pictures") for answer in task.get("answers", [])):
            answers = [
                {**each, "pictures": [of(path, each["label"]) for path in each["pictures"]]}
                if each.get("pictures")
                else each
                for each in task["answers"]
            ]
            tasks[name] = {**task, "answers": answers}
    return {**definition, "tasks": tasks}
