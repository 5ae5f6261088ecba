"""Of every kind of task: what is stored goes out in a raw export and comes in again as the same, counting the same."""

import json
from datetime import UTC, datetime
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from projects.exports.kinds import KINDS as WRITTEN
from projects.imports.infer import definitions
from projects.imports.parsed import COLUMNS, parse
from projects.imports.seen import WorkflowSeen
from projects.imports.stored import annotations
from projects.tasks import KINDS
from projects.tasks.definition import parse_definition

ANSWERS = [{"key": key, "label": label} for key, label in [("a", "A"), ("b-2", "=1+1"), ("c_3", "<b>Č</b>")]]
KEYS = [answer["key"] for answer in ANSWERS]
LETTERS = st.characters(exclude_categories=["C", "Zl", "Zp"])

BODIES: dict[str, dict[str, Any]] = {
    "single": {"answers": ANSWERS},
    "multiple": {"answers": ANSWERS},
    "text": {"lines": 3},
    "number": {"min": -10, "max": 10},
    "dropdown": {"answers": [*ANSWERS, *({"key": f"k{n}", "label": f"Kind {n}"} for n in range(100))]},
}
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "single": st.sampled_from([*KEYS, None]),
    "multiple": st.lists(st.sampled_from(KEYS), unique=True),
    "text": st.text(LETTERS, max_size=30),
    "number": st.none() | st.integers(-10, 10) | st.floats(-10, 10),
    "dropdown": st.sampled_from([*KEYS, "k5", "k99", None]),
}
"""What volunteers may give."""


def definition(kind: str) -> dict[str, Any]:
    body = {"kind": kind, "question": "What is it?", "required": False} | BODIES[kind]
    return {"first_task": "T0", "tasks": {"T0": body}, "retirement": ["gte", ["votes"], 3]}


def said(annotations: list[dict[str, Any]]) -> str:
    """The value, with its type; of several choices without their order, which no file knows."""
    (annotation,) = annotations
    value = annotation["value"]
    return repr(sorted(value) if isinstance(value, list) else value)


def row(at: int, annotation: dict[str, Any]) -> list[str]:
    cells = dict.fromkeys(COLUMNS, "") | {
        "classification_id": str(at),
        "user_name": f"not-logged-in-{at}",
        "workflow_id": "1",
        "workflow_version": "1.0",
        "created_at": "2026-01-01 00:00:00 UTC",
        "metadata": "{}",
        "annotations": json.dumps([annotation], ensure_ascii=False),
        "subject_data": "{}",
        "subject_ids": "1",
    }
    return [cells[column] for column in COLUMNS]


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_out_and_in_again_is_the_same(kind: str, data: st.DataObject) -> None:
    ours = parse_definition(definition(kind))
    task = ours.tasks["T0"]
    stored = [
        json.loads(json.dumps(ours.walk([{"task": "T0", "value": value}])))
        for value in data.draw(st.lists(VALUES[kind], min_size=1, max_size=6))
    ]
    named = {"task": "T0", "task_label": task.question, "kind": kind}
    out = [named | WRITTEN[kind].annotation(task, each["value"]) for (each,) in stored]
    rows = [parse(row(at, each), datetime(2026, 1, 2, tzinfo=UTC)) for at, each in enumerate(out)]
    seen = WorkflowSeen()
    for each in rows:
        seen.take(each)
    theirs = parse_definition(definitions(seen.versions, {})[1, 0])
    if any(value["value"] not in (None, [], "") for (value,) in stored):
        assert theirs.tasks["T0"].kind == kind
        found = [annotations(theirs, each.annotations) for each in rows]
        assert [said(each) for each in found] == [said(each) for each in stored]
        again = [dict(theirs.votes(each)) for each in found]
        chosen = [{key: value for key, value in votes["T0"] if value} for votes in again]
        assert chosen == [{key: value for key, value in dict(ours.votes(e))["T0"] if value} for e in stored]
