"""A task of kind highlighter: what is stored, what is refused, how it counts, how right it is, what many come to."""

import re
from typing import Any

import pytest
from django.db import connection
from pydantic import ValidationError

from mining.kinds import highlighter as mined
from mining.sheet import Sheet
from projects.exceptions import Invalid
from projects.exports.platform_tasks import of_task
from projects.imports.platform_tasks import read_tasks
from projects.imports.spans import read_spans
from projects.models import Classification, Evidence, Subject
from projects.services.tallies import count_all
from projects.tasks.definition import parse_definition
from projects.tasks.highlighter import HighlighterTask
from tests.projects.api.caller import Caller
from tests.projects.exports.reading import table
from tests.projects.factories import make_workflow

LABELS = [
    {"key": "name", "label": "A name", "color": "orange"},
    {"key": "place", "label": "A place", "color": "sky"},
]
TEXT = "🦀 μῆνιν ἄειδε, Κλέων"


def task(**fields: Any) -> HighlighterTask:
    body = {"kind": "highlighter", "question": "Names?", "text": "Text", "labels": LABELS}
    return HighlighterTask.model_validate(body | fields)


def span(start: int, end: int, label: str = "name", text: str = TEXT) -> dict[str, Any]:
    return {"label": label, "start": start, "end": end, "text": text[start:end]}


def test_places_are_code_points_of_the_text_in_nfc() -> None:
    decomposed = "🦀 μη\u0342νιν ἄειδε, Κλέων"
    stored = task().validate_value([span(2, 7)])
    assert stored == [{"label": "name", "start": 2, "end": 7, "text": "μῆνιν"}]
    for text in (TEXT, decomposed):
        task().check_text(stored, {"Text": text})
    with pytest.raises(ValueError, match="span 1 has other words than the text has there; load the page"):
        task().check_text(stored, {"Text": "x" + TEXT})
    with pytest.raises(ValueError, match="span 1 ends behind the text, which has 0 characters"):
        task().check_text(stored, {"Text": 7})
    task().check_text([], {})


def test_overlapping_spans_of_one_label_are_one_and_all_stand_in_the_texts_order() -> None:
    given = [span(15, 20, "place"), span(4, 9), span(2, 7), span(15, 20), span(9, 13), span(5, 6)]
    assert task().validate_value(given) == [
        span(2, 9),
        span(9, 13),  # touches the one before, and stays apart
        span(15, 20),
        span(15, 20, "place"),
    ]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (None, "a span is required; mark some words"),
        ("Kleon", "give a list of spans"),
        ([span(2, 7)] * 10_000, "there are 10,000 spans, and 2 are the most; take some out"),
        ([span(0, 1), span(2, 3), span(4, 5)], "there are 3 spans, and 2 are the most; take some out"),
        ([7], "span 1 is to have exactly label, start, end, text"),
        ([span(2, 7) | {"by": 1}], "span 1 is to have exactly label, start, end, text"),
        ([span(2, 7, "none")], "span 1 has no label of this task; mark it again"),
        ([span(2, 7) | {"label": [1]}], "span 1 has no label of this task; mark it again"),
        ([span(2, 2)], "span 1 begins and ends nowhere in a text; mark it again"),
        ([span(2, 7) | {"start": -2}], "span 1 begins and ends nowhere in a text; mark it again"),
        ([span(2, 7) | {"start": 2.0}], "span 1 begins and ends nowhere in a text; mark it again"),
        ([span(2, 7) | {"start": True}], "span 1 begins and ends nowhere in a text; mark it again"),
        ([span(2, 7) | {"end": 10**12}], "span 1 begins and ends nowhere in a text; mark it again"),
        ([span(1, 2)], "span 1 has other words than its places have room for; mark it again"),
        (
            [span(2, 7) | {"text": "x" * 6}],
            "span 1 has other words than its places have room for; mark it again",
        ),
    ],
)
def test_what_is_no_such_span_is_refused_with_a_sentence(value: Any, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(why)}$"):
        task(max=2).validate_value(value)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"text": "#secret"}, "#secret is hidden from volunteers"),
        ({"labels": [LABELS[0], LABELS[0]]}, "two labels have the same key"),
        ({"labels": [LABELS[0] | {"key": "none"}]}, "the key 'none' is kept for an empty answer"),
        ({"labels": [LABELS[0] | {"color": "#ff0000"}]}, "write one of orange, sky"),
        ({"labels": []}, "at least 1 item"),
    ],
)
def test_a_definition_that_cannot_be_is_refused(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        task(**fields)


def test_each_label_used_is_a_vote_and_there_is_no_agreement_to_wait_for() -> None:
    free = task(required=False)
    given = [[span(2, 7), span(9, 13)], [span(2, 7), span(15, 20, "place")], []]
    assert free.votes(given[0]) == [("name", 2.0)]
    counts = count_all([[("T0", free.votes(value))] for value in given])["T0"]
    assert counts["votes"] == {"name": 2, "place": 1, "none": 1}
    wanted = ["gte", ["agreement", "T0"], 0.9]
    with pytest.raises(Invalid, match="T0 has no answers to choose from"):
        parse_definition({"first_task": "T0", "tasks": {"T0": free.model_dump()}, "retirement": wanted})


def test_right_is_by_letters_under_their_label() -> None:
    one = task()
    assert one.score([span(2, 7)], [span(2, 7), span(15, 20, "place")]) == 2 * 5 / 15
    assert one.score([span(2, 7, "place")], [span(2, 7)]) == 0.0
    assert one.score([], []) == 1.0
    experts = [[span(2, 7)], [span(2, 13)], [span(4, 7), span(15, 20, "place")]]
    assert one.truth(experts) == [span(2, 7)]
    assert one.truth([]) is None
    assert one.from_cell('[{"start": 1}]') == [{"start": 1}]
    assert one.said([span(2, 7), span(15, 20, "place")]) == "A name “μῆνιν” · A place “Κλέων”"


def test_what_half_marked_stands_with_its_support_and_marks_on_another_text_are_left_out() -> None:
    sheet = Sheet()
    given = [[span(2, 7)], [span(2, 13)], [span(2, 7), span(15, 20, "place")], []]
    for person, value in enumerate(given):
        sheet.add(person, person, task().written(value))
    sheet.add(8, 8, task().written([span(3, 8, text="edited text")]))
    sheet.add(9, 9, "written when the task was of another kind")
    found = mined.online(sheet, task())
    assert found.value is not None
    (name,) = found.value["spans"]
    assert {key: name[key] for key in ("label", "start", "end", "text", "n")} == {
        "label": "name", "start": 2, "end": 7, "text": "μῆνιν", "n": 3,
    }  # fmt: skip
    assert (name["share"], name["start_off"], name["end_off"]) == (0.5, 0.0, 2.0)
    assert (found.value["asked"], found.value["other_text"], found.value["left_out"]) == (6, 1, 0)
    assert found.dispersion == pytest.approx((15 * 1.0 + (6 + 5) * 0.650022) / 26, abs=1e-6)
    assert task().found(found.value) == "A name “μῆνιν” 3/6"
    assert mined.batch({7: (sheet, task())}) == {7: found}


@pytest.mark.django_db
def test_the_record_holds_answers_to_the_subjects_text_and_files_have_their_words() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    definition = {
        "first_task": "T0",
        "tasks": {"T0": task(required=False).model_dump()},
        "retirement": ["gte", ["votes"], 5],
    }
    workflow = make_workflow(1, definition=definition)
    subject = Subject.objects.get()
    Subject.objects.update(metadata={"Text": TEXT})
    wrong = [{"task": "T0", "value": [span(2, 7) | {"text": "ΜΗΝΙΝ"}]}]
    refused = Caller().answer(workflow, subject.pk, wrong)
    assert (refused.status_code, refused.json()["error"]["message"]) == (
        400,
        "T0: span 1 has other words than the text has there; load the page and mark it again.",
    )
    for value in ([span(2, 7), span(15, 20, "place")], []):
        assert Caller().answer(workflow, subject.pk, [{"task": "T0", "value": value}]).status_code == 201
    assert Classification.objects.count() == 2
    rows = [
        [row[name] for name in ("mark", "key", "label", "text", "start", "end")]
        for row in table("annotations", workflow)
    ]
    assert rows == [
        ["1", "name", "A name", "μῆνιν", "2", "7"],
        ["2", "place", "A place", "Κλέων", "15", "20"],
        ["", "none", "", "", "", ""],
    ]
    Evidence.objects.update(value={"asked": 2, "spans": [span(2, 7) | {"n": 1}]})
    (row,) = table("catalogue", workflow)
    names = ("spans", "asked", "votes_name", "votes_place")
    assert [row[f"T0_{name}"] for name in names] == ["name:“μῆνιν” 1/2", "2", "1", "1"]


def test_the_reference_platforms_form_there_and_back_and_its_spans() -> None:
    platform = of_task(task())
    assert platform["highlighterLabels"][0] == {"label": "A name", "color": "#e69f00"}
    found = read_tasks({"T0": platform})["tasks"]["T0"]
    assert [label["color"] for label in found["labels"]] == ["orange", "sky"]
    assert (found["kind"], found["text"], len(found["labels"])) == ("highlighter", "Text", 2)
    theirs = {"start": 3, "end": 5, "text": "🦀", "labelInformation": {"label": "Crab", "color": "#65eeca"}}
    assert read_spans([theirs]) == [("", "Crab", 3, "🦀")]  # where it ends its words say
    for part in ({"start": -1}, {"text": " "}, {"labelInformation": {}}, {"start": True}):
        assert read_spans([theirs | part]) is None
