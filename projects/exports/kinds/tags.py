"""tags: those that more than half gave, and all with how many gave each; in a raw row a list of words."""

from collections.abc import Iterator

from projects.exports import finding
from projects.exports.columns import Column
from projects.exports.finding import UNLESS, Row
from projects.exports.part import EMPTY, Part
from projects.tasks.base import NONE
from projects.tasks.tags import HALF, TagsTask


def columns(name: str, task: TagsTask) -> Iterator[Column[Row]]:
    yield Column(
        f"{name}_tags",
        f"{task.question} Tags that more than half of those asked gave, with commas between{UNLESS}",
        lambda row: _tags(row, name, HALF),
    )
    yield Column(
        f"{name}_tags_all",
        f"Every tag that somebody gave, most given first, as tag:volunteers, with commas between{UNLESS}",
        lambda row: _tags(row, name),
    )
    yield Column(
        f"{name}_dispersion",
        "Disagreement: mean over all tags given of the bits of whether somebody gave that one, 0 all did, 1 half did",
        finding.of(name, "dispersion"),
        type="float",
    )
    yield finding.asked(name)
    for tag in task.suggestions:
        yield finding.votes(name, tag, f"Volunteers who gave the suggested tag #{tag}")


def annotation(_task: TagsTask, value: list[str]) -> dict[str, list[str]]:
    return {"value": value}


def flat(_task: TagsTask, value: list[str]) -> Iterator[Part]:
    yield Part(text=",".join(value)) if value else EMPTY


def _tags(row: Row, name: str, above: float | None = None) -> str | None:
    """above: only those that a larger share gave, without their numbers."""
    if name not in row.usual:
        return None
    votes, asked = row.usual[name].votes, row.usual[name].asked
    given = sorted((-n, tag) for tag, n in votes.items() if n and tag != NONE)
    if above is None:
        return ",".join(f"{tag}:{-n}" for n, tag in given)
    return ",".join(tag for n, tag in given if -n > above * asked)
