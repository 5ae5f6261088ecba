"""Deleting a person: what names them goes, every number stays."""

import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from projects.exports.files import TABLES, pieces
from projects.models import (
    Block,
    Classification,
    Collection,
    Consent,
    Cursor,
    Favourite,
    Lease,
    Look,
    ProjectMember,
    SubjectState,
    Volunteer,
    Workflow,
)
from projects.services import next_subjects, record_classification
from projects.services.erase import LastOwner, erase
from projects.services.rebuild import rebuild_workflow
from projects.services.volunteers import Pass, join_account
from tests.projects.factories import ARMS, SMOOTH, make_pass, make_workflow, submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def workflow() -> Workflow:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    made = make_workflow(4)
    made.refresh_from_db()
    return made


def file(table: str, workflow: Workflow) -> str:
    out = io.StringIO()
    for piece in pieces(table, workflow, team=True):
        out.write(piece)
    return out.getvalue()


def person_with_an_alias(workflow: Workflow) -> tuple[User, Volunteer, Pass, Pass]:
    user = User.objects.create_user("ann", email="ann@example.org", password="pw")
    phone, desk = make_pass(), make_pass()
    subjects = list(workflow.subject_set.subjects.values_list("pk", flat=True))
    for held, subject in ((phone, subjects[0]), (desk, subjects[1])):
        record_classification(submission(workflow, subject, ARMS), held)
        join_account(held.public_id, user)
    return user, Volunteer.objects.get(account=user), phone, desk


def furnish(workflow: Workflow, person: Volunteer, held: Pass) -> None:
    subject = workflow.subject_set.subjects.first()
    Favourite.objects.create(volunteer=person, subject=subject)
    made = Collection.objects.create(volunteer=person, project=workflow.project, title="Ann's own")
    made.items.create(subject=subject)
    Look.objects.create(volunteer=person, workflow=workflow, subject=subject)
    Block.objects.create(
        project=workflow.project, volunteer=person, at=person.created_at, reason="too fast", appeal="I am Ann"
    )
    next_subjects(workflow_id=workflow.pk, holder=held.public_id, tab=held.public_id, n=1)


def test_what_names_somebody_goes_and_every_number_stays(workflow: Workflow) -> None:
    user, person, phone, desk = person_with_an_alias(workflow)
    furnish(workflow, person, phone)
    catalogue = file("catalogue", workflow)
    rows = list(Classification.objects.order_by("pk").values())
    erase(person, user.pk)
    assert file("catalogue", workflow) == catalogue
    assert list(Classification.objects.order_by("pk").values()) == rows
    assert rebuild_workflow(workflow) == []
    for model in (User, Favourite, Collection, Look, Cursor, Lease):
        assert model._default_manager.count() == 0, model
    assert Block.objects.get().appeal == ""
    assert Block.objects.get().reason == "too fast"
    assert set(SubjectState.objects.values_list("leased", flat=True)) == {0}
    assert Consent.objects.count() == 2
    left = list(Volunteer.objects.order_by("pk"))
    assert len(left) == 2
    assert not {v.public_id for v in left} & {phone.public_id, desk.public_id}
    assert {v.person_id for v in left} == {person.pk}  # still counted as one


def test_an_old_cookie_is_somebody_new(workflow: Workflow) -> None:
    held = make_pass()
    subject = workflow.subject_set.subjects.values_list("pk", flat=True)[0]
    record_classification(submission(workflow, subject, SMOOTH), held)
    before = Volunteer.objects.get()
    erase(before, None)
    erase(before, None)  # safe to repeat
    recorded = record_classification(submission(workflow, subject, SMOOTH), held)
    assert recorded.counted == "yes"
    assert Classification.objects.get(uuid=recorded.uuid).volunteer_id != before.pk


def test_the_only_owner_of_a_project_is_kept(workflow: Workflow) -> None:
    user, person, phone, _desk = person_with_an_alias(workflow)
    ProjectMember.objects.create(project=workflow.project, user=user, role="owner")
    with pytest.raises(LastOwner) as refused:
        erase(person, user.pk)
    assert "only owner of Zoo" in str(refused.value)
    assert Volunteer.objects.filter(account=user, pk=person.pk).exists()
    assert Volunteer.objects.filter(public_id=phone.public_id).exists()
    other = User.objects.create_user("bob")
    ProjectMember.objects.create(project=workflow.project, user=other, role="owner")
    erase(person, user.pk)
    assert list(ProjectMember.objects.values_list("user", flat=True)) == [other.pk]


def test_the_raw_table_keeps_every_answer_under_new_names(workflow: Workflow) -> None:
    _user, person, _phone, _desk = person_with_an_alias(workflow)
    name: Any = next(table for table in TABLES if "classification" in table)
    before = file(name, workflow).splitlines()
    erase(person, None)
    after = file(name, workflow).splitlines()
    assert (len(before), before[0]) == (len(after), after[0])
    assert before[1] != after[1]
