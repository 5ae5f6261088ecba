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
from projects.tasks.base import VoteRows
from projects.tasks.definition import parse_definition
from projects.tasks.shapes import FEWEST_POINTS, FIELDS, SHAPES, SIZES

ANSWERS = [{"key": key, "label": label} for key, label in [("a", "A"), ("b-2", "=1+1"), ("c_3", "<b>Č</b>")]]
KEYS = [answer["key"] for answer in ANSWERS]
LETTERS = st.characters(exclude_categories=["C", "Zl", "Zp"])

DETAILS = [
    {"kind": "single", "question": "Of what?", "answers": ANSWERS, "required": False},
    {"kind": "multiple", "question": "With what?", "answers": ANSWERS, "required": False},
    {"kind": "text", "question": "Says?", "lines": 3, "required": False},
    {"kind": "number", "question": "How many?", "min": -10, "max": 10, "required": False},
]
TOOLS = [
    {
        "key": f"t-{shape}",
        "label": f"=T {shape}",
        "shape": shape,
        "color": "sky",
        "details": DETAILS[: at % 5],
    }
    for at, shape in enumerate(SHAPES)
]

BODIES: dict[str, dict[str, Any]] = {
    "single": {"answers": ANSWERS},
    "multiple": {"answers": ANSWERS},
    "text": {"lines": 3},
    "number": {"min": -10, "max": 10},
    "dropdown": {"answers": [*ANSWERS, *({"key": f"k{n}", "label": f"Kind {n}"} for n in range(100))]},
    "drawing": {"tools": TOOLS},
    "tags": {"suggestions": ["ring", "čára"], "max": 50},
    "transcription": {"leiden": True},
    "highlighter": {
        "text": "Text",
        "max": 200,
        "labels": [{"key": each["key"], "label": each["label"], "color": "sky"} for each in ANSWERS],
    },
    "survey": {
        "answers": [*ANSWERS, {"key": "nothing", "label": "Nothing here", "alone": True}],
        "questions": [
            {
                "key": "how-many",
                "kind": "number",
                "question": "=How many?",
                "min": -10,
                "max": 10,
                "required": False,
            },
            {"key": "what", "kind": "multiple", "question": "Doing?", "answers": ANSWERS, "required": False},
            {"key": "young", "kind": "single", "question": "Young?", "answers": ANSWERS, "required": False},
        ],
    },
    "comparison": {
        "ask": "more",
        "answers": [{"key": key, "label": f"={key}"} for key in ("left", "tie", "right")],
    },
}
PLACES = st.floats(0, 500).map(lambda x: round(x, 2))
LINE = {"key": "line", "shape": "line", "details": [{}]}
ANY = [st.sampled_from([*KEYS, None]), st.lists(st.sampled_from(KEYS), unique=True)]
ANY += [st.text(LETTERS, max_size=9), st.none() | st.floats(-10, 10)]


def marks(tool: dict[str, Any], *told: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """told: what is said of a mark, where it is not ANY."""
    shape = tool["shape"]
    geometry = dict.fromkeys(FIELDS.get(shape, ()), PLACES)
    geometry |= {name: st.floats(0.01, 500) for name in SIZES & geometry.keys()}
    if shape == "line":
        geometry["x1"] = st.floats(600, 700)
    if shape in FEWEST_POINTS:
        points = st.lists(st.tuples(PLACES, PLACES).map(list), min_size=3, max_size=9, unique_by=tuple)
        geometry = {"points": points}
    fixed = {"tool": st.just(tool["key"]), "frame": st.just(0)}
    details = st.tuples(*(told or ANY)[: len(tool["details"])]).map(list)
    return st.fixed_dictionaries(fixed | geometry | {"details": details})


def span(start: int, text: str, label: str) -> dict[str, Any]:
    return {"label": label, "start": start, "end": start + len(text), "text": text}


ABOUT = st.fixed_dictionaries({"how-many": ANY[3], "what": ANY[1], "young": ANY[0]})
SIGHTINGS = st.lists(
    st.fixed_dictionaries({"choice": st.sampled_from(KEYS), "answers": ABOUT}),
    max_size=3,
    unique_by=lambda each: each["choice"],
)


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "single": st.sampled_from([*KEYS, None]),
    "multiple": st.lists(st.sampled_from(KEYS), unique=True),
    "text": st.text(LETTERS, max_size=30),
    "number": st.none() | st.integers(-10, 10) | st.floats(-10, 10),
    "dropdown": st.sampled_from([*KEYS, "k5", "k99", None]),
    "drawing": st.lists(st.one_of(list(map(marks, TOOLS))), max_size=6),
    "tags": st.lists(st.sampled_from(["ring", "Čára", "#Close Pair", "οἶνος", "2", "a_b"]), max_size=6),
    "transcription": st.lists(
        marks(LINE, st.text(LETTERS, min_size=1, max_size=9).filter(str.strip)), max_size=6
    ),
    "highlighter": st.lists(
        st.builds(
            span,
            st.integers(0, 40),
            st.sampled_from(["ὦ", "μῆνιν ἄειδε", "=1+1 <b>", "🦀🦀"]),
            st.sampled_from(KEYS),
        ),
        max_size=6,
    ),
    "survey": SIGHTINGS | st.just([{"choice": "nothing", "answers": {}}]),
    "comparison": st.sampled_from(["left", "tie", "right", None]),
}
"""What volunteers may give."""


def definition(kind: str) -> dict[str, Any]:
    body = {"kind": kind, "question": "What is it?", "required": False} | BODIES[kind]
    found = {"first_task": "T0", "tasks": {"T0": body}, "retirement": ["gte", ["votes"], 3]}
    return found | ({"viewer": {"kind": "pair"}} if kind == "comparison" else {})


def said(annotations: list[dict[str, Any]]) -> str:
    """The value, with its type; of several choices without their order, which no file knows."""
    (annotation,) = annotations
    value = annotation["value"]
    return repr(sorted(value, key=repr) if isinstance(value, list) else value)


def counted(votes: VoteRows) -> dict[str, float | str]:
    """Less what no file says: that a choice was offered and not chosen, a tool and not drawn with."""
    return {key: value for key, value in votes if value and not key.endswith("=0")}


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
        assert [counted(votes["T0"]) for votes in again] == [
            counted(dict(ours.votes(each))["T0"]) for each in stored
        ]
