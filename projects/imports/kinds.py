"""Which kind a task is, by its answers. Pure."""

from collections.abc import Mapping
from typing import Literal, get_args

from projects.imports.seen import FEW, TaskSeen, VersionSeen
from projects.tasks.comparison import asked_by
from projects.tasks.highlighter import MOST_LABELS
from projects.tasks.transcription import TRANSCRIPTION

Kind = Literal[
    "single",
    "multiple",
    "text",
    "number",
    "dropdown",
    "drawing",
    "tags",
    "transcription",
    "highlighter",
    "survey",
    "comparison",
    "raw",
]
Number = tuple[int, int]
Shape = Literal["words", "lists", "numbers", "picks", "marks", "spans", "sightings", "nothing", "other"]


def kinds(versions: Mapping[Number, VersionSeen], known: Mapping[str, str]) -> dict[tuple[Number, str], Kind]:
    """The kind of each task of each version of a workflow. known: task to the kind that an earlier import found.

    By the shape of its values in that version; choosing and writing (both are words) are told apart over all versions
    together, and a version in which nobody said anything goes with the others.
    """
    shapes = {(n, t): _shape(seen, t) for n, seen in versions.items() for t in seen.tasks}
    found: dict[tuple[Number, str], Kind] = {}
    for task in dict.fromkeys(task for _, task in shapes):
        of_task = {place: shape for place, shape in shapes.items() if place[1] == task}
        by_shape: dict[Shape, Kind] = {"other": "raw"}
        if "numbers" in of_task.values():
            by_shape["numbers"] = "number"
        picks = _together([versions[n].tasks[t] for (n, t), s in of_task.items() if s == "picks"])
        if picks is not None:
            by_shape["picks"] = "raw" if picks.too_many or picks.long else "dropdown"
        marks = _together([versions[n].tasks[t] for (n, t), s in of_task.items() if s == "marks"])
        if marks is not None:
            by_shape["marks"] = "raw" if marks.drawn.odd else _of_marks(marks)
        spans = _together([versions[n].tasks[t] for (n, t), s in of_task.items() if s == "spans"])
        if spans is not None:
            many = spans.too_many or spans.long or len(spans.choices) > MOST_LABELS
            by_shape["spans"] = "raw" if many else "highlighter"
        sightings = _together([versions[n].tasks[t] for (n, t), s in of_task.items() if s == "sightings"])
        if sightings is not None:
            odd = sightings.surveyed.odd or sightings.too_many or sightings.long
            by_shape["sightings"] = "raw" if odd else "survey"
        for shape in ("words", "lists"):
            seen = _together([versions[n].tasks[t] for (n, t), s in of_task.items() if s == shape])
            if seen is not None:
                by_shape[shape] = _of_words(seen, known.get(task)) if shape == "words" else _of_lists(seen)
        by_shape["nothing"] = _of_nothing(by_shape, known.get(task))
        found |= {place: by_shape[shape] for place, shape in of_task.items()}
    return found


def _shape(version: VersionSeen, task: str) -> Shape:
    seen = version.tasks[task]
    if seen.others or task in version.repeated or "raw" in seen.kinds or (seen.texts and seen.lists):
        return "other"
    if seen.marks:
        return (
            "other"
            if seen.texts or seen.lists or seen.numbers or seen.picks or seen.spans or seen.sightings
            else "marks"
        )
    if seen.spans:
        return (
            "other" if seen.texts or seen.lists or seen.numbers or seen.picks or seen.sightings else "spans"
        )
    if seen.sightings:
        return "other" if seen.texts or seen.lists or seen.numbers or seen.picks else "sightings"
    if seen.picks:
        return "other" if seen.texts or seen.lists or seen.numbers else "picks"
    if seen.numbers:
        return "other" if seen.texts or seen.lists or seen.empty_lists else "numbers"
    if seen.texts and not seen.empty_lists:
        return "words"
    if seen.lists:
        return "lists"
    if seen.texts:
        return "other"
    return "nothing"


def _together(parts: list[TaskSeen]) -> TaskSeen | None:
    whole = None
    for part in parts:
        whole = part if whole is None else whole.join(part)
    return whole


def _of_words(seen: TaskSeen, known: str | None) -> Kind:
    """Chosen or written? Where the file says it, that; else few different ones are chosen, many are written."""
    if "text" in seen.kinds:
        return "text"
    if seen.too_many or seen.long or seen.broken_lines:
        return "text"
    if "comparison" in seen.kinds and asked_by({key if has_key else "" for has_key, key in seen.choices}):
        return "comparison"
    if "single" in seen.kinds or "comparison" in seen.kinds:
        return "single"
    if known in ("single", "text"):
        return known  # type: ignore[return-value]
    return "text" if seen.texts >= FEW and 2 * len(seen.choices) > seen.texts else "single"


def _of_lists(seen: TaskSeen) -> Kind:
    if "tags" in seen.kinds:
        return "tags"
    return "raw" if seen.too_many or seen.long else "multiple"


def _of_marks(seen: TaskSeen) -> Kind:
    """Where the file says that lines were transcribed, that, if each has a text and nothing else."""
    tools = seen.drawn.tools.values()
    asked = [(tool.shape, [each.kind for each in tool.details]) for tool in tools]
    return TRANSCRIPTION if TRANSCRIPTION in seen.kinds and asked == [("line", ["text"])] else "drawing"


def _of_nothing(by_shape: Mapping[Shape, Kind], known: str | None) -> Kind:
    """Nobody said anything in this version: as in the others, if these agree."""
    others = {kind for shape, kind in by_shape.items() if shape not in ("nothing", "other")}
    if len(others) == 1:
        return others.pop()
    if known in get_args(Kind) and not others:
        return known  # type: ignore[return-value]
    return "raw"
