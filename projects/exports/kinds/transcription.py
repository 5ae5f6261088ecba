"""transcription: the lines that are likelier real than not with their texts; in a raw row lines in the reference
platform's form, as those of a drawing. Line by line they are in the table of marks: projects/exports/marks.py.
"""

from collections.abc import Iterator
from typing import Any

from projects.exports import finding
from projects.exports.columns import Column
from projects.exports.finding import UNLESS, Row
from projects.exports.kinds import drawing, text
from projects.exports.part import Part
from projects.tasks.transcription import LINE, TranscriptionTask


def columns(name: str, task: TranscriptionTask) -> Iterator[Column[Row]]:
    yield Column(
        f"{name}_lines",
        f"{task.question} Lines that are likelier real than not{UNLESS} or before mining",
        finding.of_value(name, "counts", lambda counts: counts.get(LINE)),
        type="int",
        ucd="meta.number",
    )
    yield from text.put_together(name, task)
    yield Column(
        f"{name}_dispersion",
        "Disagreement: mean over the lines drawn of the bits of whether somebody drew that line, 0 all did, 1 half did",
        finding.of(name, "dispersion"),
        type="float",
    )
    yield finding.asked(name)


def annotation(task: TranscriptionTask, value: list[dict[str, Any]]) -> dict[str, Any]:
    return drawing.annotation(task.as_drawing(), value)


def flat(task: TranscriptionTask, value: list[dict[str, Any]]) -> Iterator[Part]:
    return drawing.flat(task.as_drawing(), value)
