"""highlighter: words that at least half marked, with how many did; in a raw row in the reference platform's form.

There a span names its label by text and colour (`labelInformation`); beside it stands our key. Places are our own, in
Unicode's code points of the text in form NFC.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from projects.exports import finding
from projects.exports.columns import Column
from projects.exports.finding import UNLESS, Row
from projects.exports.part import EMPTY, Part
from projects.tasks.drawing import PALETTE
from projects.tasks.highlighter import HighlighterTask, plain


def columns(name: str, task: HighlighterTask) -> Iterator[Column[Row]]:
    yield Column(
        f"{name}_spans",
        f"{task.question} Words that at least half of those asked marked, as label:“words” marked/asked, "
        f"with semicolons between{UNLESS} or before mining",
        partial(_spans, name),
    )
    yield Column(
        f"{name}_dispersion",
        "Disagreement: mean over the letters marked of the bits of whether somebody marked that one, 0 all did, 1 half",
        finding.of(name, "dispersion"),
        type="float",
    )
    yield finding.asked(name)
    for label in task.labels:
        yield finding.votes(name, label.key, f"Volunteers who marked anything as {label.label}")


def annotation(task: HighlighterTask, value: list[dict[str, Any]]) -> dict[str, Any]:
    labels = {label.key: {"label": label.label, "color": PALETTE[label.color]} for label in task.labels}
    return {
        "value": [
            {
                "start": span["start"],
                "end": span["end"],
                "text": span["text"],
                "labelInformation": labels[span["label"]],
                "key": span["label"],
            }
            for span in value
        ]
    }


def flat(task: HighlighterTask, value: list[dict[str, Any]]) -> Iterator[Part]:
    """One row a span."""
    if not value:
        yield EMPTY
    labels = {label.key: label.label for label in task.labels}
    for place, span in enumerate(value, 1):
        yield Part(
            mark=place,
            key=span["label"],
            label=labels[span["label"]],
            text=span["text"],
            start=span["start"],
            end=span["end"],
        )


def _spans(name: str, row: Row) -> str | None:
    found = row.usual.get(name)
    if not found or not found.value or "spans" not in found.value:
        return None
    asked = found.value["asked"]
    return "; ".join(
        f"{span['label']}:“{plain(span['text'])}” {span['n']}/{asked}" for span in found.value["spans"]
    )
