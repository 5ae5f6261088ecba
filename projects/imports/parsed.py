"""A row of a raw classification export, read and checked. Pure.

The formats are the reference platform's (zooniverse/panoptes, lib/formatter/csv/classification.rb and
annotation_for_csv.rb), and what our own exports add to them: projects/exports/classifications.py.
"""

import json
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from projects.exports.stream import original

COLUMNS = (
    "classification_id", "user_name", "user_id", "user_ip", "workflow_id", "workflow_name", "workflow_version",
    "created_at", "gold_standard", "expert", "metadata", "annotations", "subject_data", "subject_ids",
)  # fmt: skip
ANONYMOUS = "not-logged-in-"
MAJOR = 2**31 - 1
CLOCKS = timedelta(minutes=10)
"""By so much a source's clock may be ahead of ours."""

NOT_KEPT = frozenset(
    {
        "user_agent",
        "session",
        "user_group_ids",
        "started_at",
        "finished_at",
        "workflow_version",
        "user_language",
    }
)
"""Of the metadata: what tells a person's device from others, and what has a place of its own."""

_VERSION = re.compile(r"(\d{1,10})(?:\.(\d{1,6}))?")


class Broken(ValueError):
    """The row can't be taken; the message says why, as the end of `Line 7: ...`."""


@dataclass(frozen=True, slots=True)
class Given:
    """One task's answer as the file has it.

    key: of what was chosen, where the file knows our keys. kind: the task's, where the file says it. rest: what else
    stands in the annotation.
    """

    task: str
    question: str
    value: Any
    key: Any
    kind: str
    rest: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parsed:
    """counted: what our own export says that the answer did; else empty. subjects: more than one are a pair."""

    id: str
    volunteer: str
    user_name: str
    simulated: bool
    workflow: str
    workflow_name: str
    version: tuple[int, int]
    at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    gold: bool
    counted: str
    counted_reason: str
    metadata: dict[str, Any]
    annotations: list[Given]
    subjects: list[str]
    subject_data: dict[str, Any]


def parse(cells: list[str], now: datetime) -> Parsed:
    """cells: in the order of COLUMNS. Raises Broken."""
    if any("\0" in cell for cell in cells):
        raise Broken("has a NUL character")
    row = dict(zip(COLUMNS, cells, strict=True))
    metadata = _json(row, "metadata", dict)
    counted, reason = metadata.pop("counted", ""), metadata.pop("counted_reason", "")
    kept = {key: value for key, value in metadata.items() if key not in NOT_KEPT}
    if language := metadata.get("user_language"):
        kept["language"] = language
    if row["expert"]:
        kept["expert"] = row["expert"]
    return Parsed(
        id=_id(row, "classification_id", 100),
        volunteer=_volunteer(row),
        user_name=original(row["user_name"]),
        simulated=metadata.get("simulated") is True,
        workflow=_id(row, "workflow_id", 60),
        workflow_name=original(row["workflow_name"]).strip(),
        version=_version(row["workflow_version"]),
        at=_created(row["created_at"], now),
        started_at=moment(metadata.get("started_at")),
        finished_at=moment(metadata.get("finished_at")),
        gold=row["gold_standard"].strip().lower() == "true",
        counted=counted if isinstance(counted, str) else "",
        counted_reason=reason if isinstance(reason, str) else "",
        metadata=kept,
        annotations=_annotations(_json(row, "annotations", list)),
        subjects=_subjects(row["subject_ids"]),
        subject_data=_json(row, "subject_data", dict),
    )


def _id(row: dict[str, str], column: str, most: int) -> str:
    value = row[column].strip()
    if not value:
        raise Broken(f"{column} is empty")
    if len(value) > most:
        raise Broken(f"{column} is longer than {most} characters")
    return value


def _volunteer(row: dict[str, str]) -> str:
    """The user_id; without an account the name, which other exports of the same answers write differently."""
    if row["user_id"].strip():
        return _id(row, "user_id", 100)
    name = original(_id(row, "user_name", 95))
    return name if name.startswith(ANONYMOUS) else f"name:{name}"


def _version(text: str) -> tuple[int, int]:
    found = _VERSION.fullmatch(text.strip())
    if not found or int(found[1]) > MAJOR:
        raise Broken(f"workflow_version is {text[:40]!r}, not such as 12.34")
    return int(found[1]), int(found[2] or 0)


def _created(text: str, now: datetime) -> datetime:
    at = moment(text)
    if at is None:
        raise Broken(f"created_at is {text[:40]!r}, not such as 2024-02-23 16:17:42 UTC")
    if at > now + CLOCKS:
        raise Broken(f"created_at is {text[:40]}, which lies in the future")
    return at


def moment(text: Any) -> datetime | None:
    """ISO 8601, or with UTC behind it; without a zone it is UTC. None where it can't be read."""
    if not isinstance(text, str):
        return None
    try:
        at = datetime.fromisoformat(text.strip().replace(" UTC", "+00:00"))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _subjects(text: str) -> list[str]:
    subjects = [part.strip() for part in text.split(";") if part.strip()]
    if not subjects:
        raise Broken("subject_ids is empty")
    if len(";".join(subjects)) > 200:
        raise Broken("subject_ids is longer than 200 characters")
    return subjects


def _json(row: dict[str, str], column: str, kind: type) -> Any:
    try:
        value = json.loads(row[column], parse_constant=_no_number, parse_float=_finite)
        if "\\u" in row[column] and _has_half_a_character(value):
            raise ValueError("it has a NUL or half a character")
    except RecursionError:
        raise Broken(f"{column} is nested too deep") from None
    except ValueError as error:
        raise Broken(f"{column} is no JSON ({_plain(error)})") from None
    if not isinstance(value, kind):
        raise Broken(f"{column} is no JSON {'list' if kind is list else 'object'}")
    return value


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:20]} is too large")
    return number


def _has_half_a_character(value: Any) -> bool:
    text = json.dumps(value, ensure_ascii=False)
    return "\\u0000" in text or any("\ud800" <= sign <= "\udfff" for sign in text)


def _plain(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg}, character {error.pos + 1}"
    return str(error)


def _annotations(found: list[Any]) -> list[Given]:
    """Those of a combined task one by one. Raises Broken."""
    given: list[Given] = []
    for each in found:
        if not isinstance(each, dict) or not isinstance(each.get("task"), str) or not each["task"]:
            raise Broken("annotations are not each an object with a task")
        value = each.get("value")
        if isinstance(value, list) and value and all(_is_annotation(part) for part in value):
            given += _annotations(value)
            continue
        label = each.get("task_label")
        rest = {
            name: each[name] for name in each if name not in ("task", "task_label", "value", "key", "kind")
        }
        question = label if isinstance(label, str) else ""
        kind = each["kind"] if isinstance(each.get("kind"), str) else ""
        task = each["task"].replace(":", ".")[:60]  # the colon is ours: TASK:CHOICE
        given.append(Given(task, question, value, each.get("key"), kind, rest))
    return given


def _is_annotation(value: Any) -> bool:
    return isinstance(value, dict) and "task" in value and "value" in value
