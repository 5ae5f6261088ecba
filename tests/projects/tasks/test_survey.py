"""A task of kind survey: what is stored, what is refused, how it counts, how right it is, what many come to."""

import re
from typing import Any

import pytest
from django.db import connection
from pydantic import ValidationError

from mining.ballots import ballots
from mining.kinds import survey as mined
from mining.models import Consensus
from mining.services.follow import follow
from mining.services.mine import mine
from mining.services.published import published_numbers
from mining.sheet import Sheet
from projects.exports.platform_tasks import apart, of_task
from projects.imports.platform_tasks import read_tasks
from projects.imports.sightings import key_of_id, read_sightings
from projects.models import Evidence
from projects.services.tallies import count_all
from projects.tasks.definition import parse_definition
from projects.tasks.survey import SurveyTask
from tests.mining.helpers import Crowd
from tests.projects.exports.reading import table
from tests.projects.factories import make_workflow

QUESTIONS: list[dict[str, Any]] = [
    {"key": "howmany", "kind": "number", "question": "How many?", "min": 1, "max": 50, "step": 1},
    {
        "key": "doing", "kind": "multiple", "question": "Doing?", "required": False,
        "answers": [{"key": "resting", "label": "Resting"}, {"key": "moving", "label": "Moving"}],
    },
]  # fmt: skip
ANSWERS: list[dict[str, Any]] = [
    {"key": "lion", "label": "Lion", "aspects": {"coat": ["plain"]}, "like": {"zebra": "has stripes"}},
    {"key": "zebra", "label": "Zebra", "aspects": {"coat": ["stripes"]}, "asks": ["howmany"]},
    {"key": "nothing", "label": "Nothing here", "alone": True},
]
ASPECTS = [
    {
        "key": "coat",
        "label": "Coat",
        "values": [{"key": "plain", "label": "Plain"}, {"key": "stripes", "label": "Stripes"}],
    }
]


def task(**fields: Any) -> SurveyTask:
    body = {
        "kind": "survey",
        "question": "Who is there?",
        "answers": ANSWERS,
        "aspects": ASPECTS,
        "questions": QUESTIONS,
    }
    return SurveyTask.model_validate(body | fields)


def seen(choice: str, **answers: Any) -> dict[str, Any]:
    return {"choice": choice, "answers": answers}


LIONS = seen("lion", howmany=2, doing=["resting"])
ZEBRAS = seen("zebra", howmany=5)


def test_it_is_stored_in_the_definitions_order_without_what_was_left_empty() -> None:
    given = [ZEBRAS, seen("lion", howmany=2.0, doing=["moving", "resting"])]
    assert task().validate_value(given) == [seen("lion", howmany=2, doing=["resting", "moving"]), ZEBRAS]
    assert task().validate_value([seen("lion", howmany=3, doing=[])]) == [seen("lion", howmany=3)]
    assert task(required=False).validate_value(None) == []


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (None, "choose at least one"),
        ("lion", "give a list of what was found"),
        ([LIONS] * 10_000, "10,000 are more than there are to choose from"),
        (["lion"], "entry 1 is to have exactly choice, answers"),
        ([LIONS | {"filters": {}}], "entry 1 is to have exactly choice, answers"),
        ([seen("<b>")], "entry 1 is none of the choices; choose again"),
        ([{"choice": ["lion"], "answers": {}}], "entry 1 is none of the choices; choose again"),
        ([ZEBRAS, ZEBRAS], "zebra is given twice"),
        (
            [seen("zebra", howmany=5, doing=[])],
            "Zebra has answers to what is not asked of it; choose it again",
        ),
        (
            [{"choice": "lion", "answers": [1]}],
            "Lion has answers to what is not asked of it; choose it again",
        ),
        ([seen("lion")], "Lion, How many? a number is required"),
        ([seen("lion", howmany=float("nan"))], "Lion, How many? give a number from 1 to 50"),
        ([seen("nothing"), ZEBRAS], "Nothing here stands alone: take it out, or all others"),
    ],
)
def test_what_is_no_such_answer_is_refused_with_a_sentence(value: Any, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(why)}$"):
        task().validate_value(value)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"answers": [ANSWERS[2], ANSWERS[2]]}, "two choices have the same key"),
        ({"answers": [{"key": "none", "label": "X"}]}, "the key 'none' is kept"),
        ({"aspects": []}, "lion has plain under coat, which is no value of such an aspect"),
        ({"answers": [ANSWERS[0]]}, "lion is like zebra, which is no other choice"),
        ({"questions": []}, "zebra asks howmany, which is no question"),
        ({"questions": [*QUESTIONS, {"key": "x", "kind": "text", "question": "?"}]}, "question 3 has a kind"),
        ({"answers": [ANSWERS[2] | {"next": "T1"}]}, "only the task itself has a next"),
        ({"answers": [ANSWERS[2] | {"pictures": ["../secret.png"]}]}, "is no file of the project"),
        (
            {"answers": [ANSWERS[2] | {"pictures": ["https://elsewhere.org/a.png"]}]},
            "is no file of the project",
        ),
    ],
)
def test_a_definition_that_cannot_be_is_refused(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        task(**fields)


def test_choices_are_votes_as_those_of_several_and_questions_have_their_own_path() -> None:
    definition = parse_definition(
        {
            "first_task": "T0",
            "tasks": {"T0": task().model_dump()},
            "retirement": ["any", ["first", "T0", "nothing", 3], ["gte", ["probability", "T0"], 0.9]],
        }
    )
    given = [[LIONS, ZEBRAS], [LIONS], [seen("nothing")]]
    assert definition.tasks["T0"].votes(given[1]) == [("lion", 1.0), ("zebra", 0.0), ("nothing", 0.0)]
    counts = count_all([definition.votes([{"task": "T0", "value": each}]) for each in given])["T0"]
    assert (counts["votes"], counts["first"]) == (
        {"lion": 2, "zebra": 1, "nothing": 1},
        ["lion+zebra", "lion", "nothing"],
    )
    assert [(b.path, b.key) for b in ballots(definition, [{"task": "T0", "value": given[1]}])] == [
        ("T0:lion", "yes"),
        ("T0:zebra", "no"),
        ("T0:nothing", "no"),
    ]
    assert list(task().beneath([seen("lion", howmany=2), ZEBRAS])) == [
        ("lion.howmany", "number", [("number", "2")]),
        ("lion.doing", "multiple", [("none", 1.0)]),
        ("zebra.howmany", "number", [("number", "5")]),
    ]


def test_right_is_half_for_finding_it_and_half_for_the_answers() -> None:
    one = task()
    assert one.score([LIONS], [LIONS, ZEBRAS]) == 0.5
    assert one.score([seen("lion", howmany=2)], [LIONS]) == 0.75
    assert one.score([seen("nothing")], [LIONS]) == 0.0
    assert one.score([], []) == 1.0
    experts = [[LIONS], [seen("lion", howmany=4, doing=["resting"]), ZEBRAS], [seen("lion", howmany=3)]]
    assert one.truth(experts) == [seen("lion", howmany=3, doing=["resting"])]
    assert one.truth([]) is None
    assert one.from_cell("lion, zebra") == [seen("lion"), seen("zebra")]
    assert one.from_cell('[{"choice": "lion"}]') == [{"choice": "lion"}]
    assert one.said([LIONS, ZEBRAS]) == "Lion (2; Resting) · Zebra (5)"


def test_what_is_asked_comes_together_from_those_who_chose_it() -> None:
    sheet = Sheet()
    given = [[LIONS], [seen("lion", howmany=3)], [LIONS, ZEBRAS], [seen("nothing")]]
    for person, value in enumerate(given):
        sheet.add(person, person, task().written(value) or "")
    sheet.add(9, 9, "written when the task was of another kind")
    found = mined.online(sheet, task())
    assert found.value == {
        "asked": 5,
        "choices": {
            "lion": {
                "said": 3,
                "answers": {
                    "howmany": {
                        "said": 3,
                        "value": 2.0,
                        "low": None,
                        "high": None,
                        "votes": {"2": 2, "3": 1},
                    },
                    "doing": {"said": 2, "votes": {"resting": 2}},
                },
            },
            "zebra": {
                "said": 1,
                "answers": {
                    "howmany": {"said": 1, "value": 5.0, "low": None, "high": None, "votes": {"5": 1}}
                },
            },
            "nothing": {"said": 1, "answers": {}},
        },
    }
    assert task().found(found.value) == "Lion 3/5 (How many? 2; Resting 2)"
    assert mined.batch({7: (sheet, task())}) == {7: found}
    assert task(questions=[], answers=[ANSWERS[2]]).written([seen("nothing")]) is None


@pytest.mark.django_db
def test_evidence_has_both_a_run_too_and_files_have_all() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    body = task(required=False).model_dump(mode="json")
    definition = {"first_task": "T0", "tasks": {"T0": body}, "retirement": ["gte", ["votes"], 9]}
    workflow = make_workflow(2, definition=definition)
    crowd = Crowd(workflow, 4)
    given = [[LIONS], [seen("lion", howmany=4)], [LIONS, ZEBRAS], []]
    for person, value in enumerate(given):
        crowd.answer(person, 0, [{"task": "T0", "value": value}])
        crowd.answer(person, 1, [{"task": "T0", "value": [seen("nothing")]}])
    follow(workflow.pk)
    row = Evidence.objects.order_by("subject_id").filter(tallies__votes__lion=3).get()
    assert (row.asked, row.tallies["votes"]) == (4, {"lion": 3, "zebra": 1, "none": 1})
    assert row.probabilities["lion"] > 0.5 > row.probabilities["zebra"]
    assert row.value["choices"]["lion"]["answers"]["howmany"]["value"] == 2.0
    run = mine(workflow)
    assert {r.task for r in Consensus.objects.filter(run=run)} == {"T0:lion", "T0:zebra", "T0:nothing", "T0"}
    numbers = published_numbers(workflow.pk, [row.subject_id], run.pk)[row.subject_id, "T0"]
    assert (numbers.value, set(numbers.probabilities or {})) == (row.value, {"lion", "zebra", "nothing"})
    found = next(each for each in table("catalogue", workflow) if each["T0_votes_lion"] == "3")
    assert [found[f"T0_{name}"] for name in ("label", "howmany", "doing")] == [
        "lion",
        "lion:2,zebra:5",
        "lion:resting",
    ]
    flat = [each for each in table("annotations", workflow) if each["subject_id"] == str(row.subject_id)]
    told = [(each["mark"], each["detail"], each["key"], each["number"]) for each in flat]
    assert told[:3] == [("1", "", "lion", ""), ("1", "1", "", "2"), ("1", "2", "resting", "")]
    assert told[-1] == ("", "", "none", "")
    rows = table("votes", workflow)
    assert [(each["key"], each["text"]) for each in rows if each["task"] == "T0.zebra.howmany"] == [
        ("number", "5")
    ]


def test_the_reference_platforms_form_there_and_back() -> None:
    tasks, strings = apart({"T0": of_task(task())})
    assert strings["T0.choices.lion.confusions.zebra"] == "has stripes"
    assert set(map(type, strings.values())) == {str}
    assert tasks["T0"]["questionsMap"] == {"lion": ["howmany", "doing"], "zebra": ["howmany"], "nothing": []}
    back = read_tasks({"T0": of_task(task())})["tasks"]["T0"]
    one = SurveyTask.model_validate(back)
    assert [(choice.key, choice.asks, choice.alone) for choice in one.answers] == [
        ("lion", ["howmany", "doing"], False),
        ("zebra", ["howmany"], False),
        ("nothing", [], True),
    ]
    assert (one.answers[0].like, one.answers[0].aspects) == ({"zebra": "has stripes"}, {"coat": ["plain"]})
    assert [each.kind for each in one.questions] == ["single", "multiple"]  # there a number is one of a list


def test_the_platforms_rows_are_read_by_their_ids() -> None:
    theirs = [{"choice": "LION", "answers": {"HOWMANY": "11-50", "DOING": ["REST", "EAT"]}, "filters": {}}]
    (found,) = read_sightings(theirs) or []
    assert (found.key, found.label) == ("", "LION")
    assert [(each["question"], each["kind"], each["key"]) for each in found.details] == [
        ("howmany", "single", "11-50"),
        ("doing", "multiple", ["rest", "eat"]),
    ]
    assert len({key_of_id(each) for each in ("51", "51+", "51-", "none")}) == 4
    assert read_sightings([theirs[0], theirs[0]]) is None
    assert read_sightings([{"choice": 7}]) is None
