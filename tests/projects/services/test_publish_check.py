"""What a published workflow still lacks is said in sentences; it is published all the same."""

from typing import Any

import pytest
from django.db import connection

from projects.models import Qualification, Use, Workflow
from projects.services import Known, enter_gold
from projects.services.publish_check import lacking
from tests.projects.factories import SMOOTH, TREE, make_workflow

pytestmark = pytest.mark.django_db
EXAM = {"subjects": 2, "tries": 2, "grants": "shapes-exam"}
ALL: dict[str, Any] = TREE | {"training": {"subjects": 2}, "exam": EXAM, "checks": {"floor": 0.1}}


def make(definition: dict[str, Any]) -> Workflow:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    workflow = make_workflow(9, definition=definition)
    workflow.refresh_from_db()
    Qualification.objects.create(project=workflow.project, slug="shapes-exam", title="Shapes", kind="exam")
    return workflow


def know(workflow: Workflow, use: Use, *names: str) -> None:
    for name in names:
        subject = workflow.project.subjects.get(external_id=name).pk
        enter_gold(
            workflow=workflow,
            subject_id=subject,
            annotations=SMOOTH,
            expert="account:1",
            known=Known(use=use, secret=False),
        )


def test_each_lack_is_named_until_it_is_mended() -> None:
    workflow = make(ALL)
    assert lacking(workflow) == [
        "The training asks for 2 known subjects and there is none: it stays closed. Give known answers.",
        "The exam asks for 2 known subjects and there are 0: it stays closed, and so does all work that asks for a "
        "pass. Give known answers.",
        "There is no hidden check to mix in: give known answers. Until then all is work.",
    ]
    know(workflow, Use.TRAINING, "s0")
    know(workflow, Use.EXAM, "s1", "s2")
    know(workflow, Use.CHECK, "s3")
    assert lacking(workflow) == [
        "The training asks for 2 known subjects and there are 1: it ends after those.",
        "Each try at the exam is about new subjects: 2 tries need 4 known ones and there are 2, so the last tries "
        "will be closed.",
    ]
    know(workflow, Use.TRAINING, "s4")
    know(workflow, Use.EXAM, "s5", "s6")
    assert lacking(workflow) == []
    Qualification.objects.all().delete()
    assert lacking(workflow) == [
        "The exam grants shapes-exam, which the project has not: a pass opens nothing."
    ]


def test_who_asks_for_nothing_lacks_nothing() -> None:
    """Hidden checks are in every definition; they are missed where it names them."""
    assert lacking(make(TREE)) == []


def test_checks_that_are_switched_off_are_not_missed() -> None:
    assert lacking(make(TREE | {"checks": {"shares": [], "floor": 0}})) == []
