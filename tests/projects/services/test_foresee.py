"""A dry run says of past answers what the same rule then does when they come again."""

import random
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from projects.exceptions import Invalid
from projects.models import Classification, Draft, SubjectState, Workflow
from projects.services import record_classification
from projects.services.foresee import foresee
from tests.projects.factories import ARMS, ARTIFACT, SMOOTH, TREE, make_pass, make_workflow, submission

pytestmark = pytest.mark.django_db
RULE: list[Any] = [
    "any",
    ["gte", ["votes"], 6],
    ["all", ["gte", ["asked", "T0"], 3], ["gte", ["agreement", "T0"], 0.8]],
    ["first", "T0", "artifact", 2],
]


def crowd(workflow: Workflow, answers: list[tuple[int, list[Any]]]) -> None:
    """Each from a volunteer of its own; by the subjects' numbers."""
    names = dict(workflow.project.subjects.values_list("external_id", "pk"))
    for subject, annotations in answers:
        record_classification(submission(workflow, names[f"s{subject}"], annotations), make_pass())


def test_what_it_predicts_is_what_then_happens() -> None:
    draw = random.Random(4)
    answers = [(draw.randrange(6), draw.choices([SMOOTH, ARMS, ARTIFACT], [6, 2, 2])[0]) for _ in range(48)]
    past = make_workflow(6, slug="past", definition={**TREE, "retirement": ["gte", ["votes"], 99]})
    crowd(past, answers)
    found = foresee(past, RULE)
    again = make_workflow(6, slug="again", definition={**TREE, "retirement": RULE})
    crowd(again, answers)
    states = SubjectState.objects.filter(workflow=again)
    finished = sorted(states.filter(retired_at__isnull=False).values_list("answered", flat=True))
    late = Classification.objects.filter(workflow=again).exclude(counted="yes").count()
    assert sorted(found.finished.elements()) == finished
    assert (found.subjects, found.answers, found.spared) == (6, 48, late)
    assert len(finished) >= 3  # the seed makes it a test
    assert len(set(finished)) > 1
    assert late > 5


def test_another_leading_answer_ties_and_what_only_the_model_knows() -> None:
    workflow = make_workflow(3, definition={**TREE, "retirement": ["gte", ["votes"], 99]})
    crowd(
        workflow, [(0, ARTIFACT), (0, ARTIFACT), *[(0, SMOOTH)] * 3, (1, SMOOTH), (1, ARTIFACT), (2, SMOOTH)]
    )
    found = foresee(workflow, ["gte", ["votes"], 2])
    assert (found.finished, found.spared, found.other, found.asks_model) == ({2: 2}, 3, {"T0": 1}, False)
    sure = foresee(workflow, ["any", ["gte", ["probability", "T0"], 0.5], ["gte", ["votes"], 5]])
    assert (sure.finished, sure.asks_model) == ({5: 1}, True)
    with pytest.raises(Invalid, match="more than 7 answers"):
        foresee(workflow, RULE, most=7)
    assert foresee(workflow, RULE, most=8).answers == 8
    Draft.objects.create(
        workflow=workflow, edition=1, definition={**TREE, "retirement": ["gte", ["votes"], 2]}
    )
    out = StringIO()
    call_command("dry_run", "zoo", "shapes", stdout=out)
    assert out.getvalue().splitlines() == [
        "rule: it has 2 answers",
        "finished: 2 of 3 subjects with answers",
        "answers that came after that: 3 of 8",
        "  after 2 answers: 2",
        "T0: another answer leads now than then, of 1 subjects",
    ]
