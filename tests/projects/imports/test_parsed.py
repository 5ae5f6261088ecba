"""Rows that can't be taken, each with its reason; and what a whole row says."""

from datetime import UTC, datetime
from typing import Any

import pytest

from projects.imports.parsed import COLUMNS, Broken, parse
from tests.projects.imports.rows import answer, row

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def parsed(**changes: Any):
    cells = row(1, **changes)
    return parse([cells[name] for name in COLUMNS], NOW)


def test_what_a_row_says() -> None:
    found = parsed()
    assert (found.id, found.volunteer, found.workflow, found.version) == ("1", "1001", "7", (3, 14))
    assert found.at == datetime(2024, 2, 23, 16, 17, 42, tzinfo=UTC)
    assert found.finished_at == datetime(2024, 2, 23, 16, 17, 41, tzinfo=UTC)
    assert found.metadata == {"viewport": {"width": 390, "height": 800}, "language": "el"}
    assert (found.gold, found.subjects) == (False, ["100"])


@pytest.mark.parametrize(
    ("changes", "volunteer"),
    [
        ({"user_id": "", "user_name": "not-logged-in-0a1b"}, "not-logged-in-0a1b"),
        ({"user_id": "", "user_name": "1001"}, "name:1001"),
        ({"user_id": "1001", "user_name": "not-logged-in-0a1b"}, "1001"),
    ],
)
def test_who_answered(changes: dict[str, str], volunteer: str) -> None:
    assert parsed(**changes).volunteer == volunteer


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"classification_id": " "}, "classification_id is empty"),
        ({"classification_id": "9" * 101}, "classification_id is longer than 100 characters"),
        ({"user_id": "", "user_name": ""}, "user_name is empty"),
        ({"workflow_id": ""}, "workflow_id is empty"),
        ({"workflow_version": "v2"}, "workflow_version is 'v2', not such as 12.34"),
        ({"workflow_version": "9999999999.1"}, "workflow_version is '9999999999.1', not such as 12.34"),
        ({"created_at": "yesterday"}, "created_at is 'yesterday', not such as 2024-02-23 16:17:42 UTC"),
        (
            {"created_at": "2026-11-23 00:10:01 UTC"},
            "created_at is 2026-11-23 00:10:01 UTC, which lies in the future",
        ),
        (
            {"metadata": "{"},
            "metadata is no JSON (Expecting property name enclosed in double quotes, character 2)",
        ),
        ({"metadata": "[]"}, "metadata is no JSON object"),
        ({"annotations": "{}"}, "annotations is no JSON list"),
        ({"annotations": "[1]"}, "annotations are not each an object with a task"),
        ({"annotations": '[{"task": "T0", "value": NaN}]'}, "annotations is no JSON (NaN is no number)"),
        ({"annotations": '[{"task": "T0", "value": 1e999}]'}, "annotations is no JSON (1e999 is too large)"),
        ({"annotations": "[" * 100_000}, "annotations is nested too deep"),
        (
            {"annotations": '[{"task": "T0", "value": "a\\u0000"}]'},
            "annotations is no JSON (it has a NUL or half a character)",
        ),
        (
            {"annotations": '[{"task": "T0", "value": "\\ud800"}]'},
            "annotations is no JSON (it has a NUL or half a character)",
        ),
        ({"subject_data": "null"}, "subject_data is no JSON object"),
        ({"subject_ids": " ; "}, "subject_ids is empty"),
        ({"user_name": "a\0b"}, "has a NUL character"),
    ],
)
def test_why_a_row_is_broken(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(Broken) as broken:
        parsed(**changes)
    assert str(broken.value) == reason


def test_a_clock_that_is_ahead_by_minutes_is_no_future() -> None:
    assert parsed(created_at="2026-11-23 00:09:59 UTC").at.minute == 9


def test_a_combined_task_is_read_part_by_part() -> None:
    combined = answer([*answer("Yes", "T1"), *answer(["a", "b"], "T2")], "T9")
    assert [(each.task, each.value) for each in parsed(annotations=combined).annotations] == [
        ("T1", "Yes"),
        ("T2", ["a", "b"]),
    ]
