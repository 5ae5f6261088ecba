"""The staff's pages: every table can be seen, the record can't be written, publishing goes through the service."""

import json

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from projects.models import (
    Block,
    Classification,
    Consent,
    Discount,
    Lane,
    LaneMove,
    Project,
    Retirement,
    Subject,
    SubjectSet,
    Volunteer,
    Weight,
    Workflow,
    WorkflowVersion,
)
from projects.services import discount, record_classification
from projects.services.blocks import block
from projects.services.lane_moves import Which, put_in
from projects.services.lanes import make_lane
from projects.services.weights import set_weight
from tests.projects.factories import SMOOTH, TREE, make_pass, make_workflow, submission

pytestmark = pytest.mark.django_db
OURS = [model for model in admin.site._registry if model._meta.app_label == "projects"]
RECORD = [Block, Classification, LaneMove, Retirement, Discount, Volunteer, Weight, WorkflowVersion]


@pytest.fixture
def zoo() -> Workflow:
    """Three answers on the first subject, one discounted; who gave another weighs less, and is blocked."""
    workflow = make_workflow()
    subject = Subject.objects.order_by("pk").first()
    for _ in range(3):
        record_classification(submission(workflow, subject.pk, SMOOTH), make_pass())
    discount(Classification.objects.first(), "test")
    volunteer = Volunteer.objects.order_by("pk").last()
    set_weight(workflow=workflow, volunteer=volunteer, factor=0.5, reason="test")
    owner = get_user_model().objects.create_user("owner", password="pw")
    block(project=workflow.project, volunteer=volunteer, by=owner, reason="test")
    put_in(make_lane(workflow=workflow, title="Lane"), Which(ids=[Subject.objects.order_by("pk").last().pk]))
    workflow.refresh_from_db()
    return workflow


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("root", password="pw"))
    return client


def page(model, name: str, *args: int) -> str:
    return reverse(f"admin:projects_{model._meta.model_name}_{name}", args=args)


def test_the_tables_that_staff_see():
    assert {model.__name__ for model in OURS} == {
        "Project", "Workflow", "WorkflowVersion", "SubjectSet", "Subject", "Volunteer", "Classification",
        "Retirement", "Discount", "Block", "Weight", "Lane", "LaneMove",
    }  # fmt: skip


@pytest.mark.parametrize("model", OURS)
def test_each_table_and_a_row_of_it_can_be_seen(zoo: Workflow, staff: Client, model):
    assert staff.get(page(model, "changelist")).status_code == 200
    row = model.objects.order_by("pk").first()
    assert staff.get(page(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", OURS)
def test_only_staff(zoo: Workflow, model):
    client = Client()
    assert client.get(page(model, "changelist")).status_code == 302
    client.force_login(get_user_model().objects.create_user("maria", password="pw"))
    assert client.get(page(model, "changelist")).status_code == 302


@pytest.mark.parametrize("model", OURS)
def test_nothing_is_deleted(zoo: Workflow, staff: Client, model):
    row = model.objects.order_by("pk").first()
    assert staff.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    staff.post(page(model, "changelist"), chosen)
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", [*RECORD, Subject])
def test_the_record_is_not_added_to(zoo: Workflow, staff: Client, model):
    before = model.objects.count()
    assert staff.post(page(model, "add"), {}).status_code == 403
    assert model.objects.count() == before


@pytest.mark.parametrize("model", RECORD)
def test_the_record_is_not_changed(zoo: Workflow, staff: Client, model):
    row = model.objects.order_by("pk").first()
    before = model.objects.filter(pk=row.pk).values().get()
    assert staff.post(page(model, "change", row.pk), {"counted": "late", "reason": "x"}).status_code == 403
    assert model.objects.filter(pk=row.pk).values().get() == before


def test_no_page_tells_a_volunteers_cookie(zoo: Workflow, staff: Client):
    person = Volunteer.objects.first()
    answer = Classification.objects.filter(volunteer=person).first()
    for address in [
        page(Volunteer, "changelist"),
        page(Volunteer, "change", person.pk),
        page(Classification, "changelist"),
        page(Classification, "change", answer.pk),
    ]:
        text = staff.get(address).content.decode()
        assert str(person.public_id) not in text
        assert person.public_id.hex not in text
    assert Consent.objects.filter(volunteer=person).exists()
    assert "2026-11" in staff.get(page(Volunteer, "change", person.pk)).content.decode()


def fields(workflow: Workflow, **changed: object) -> dict[str, object]:
    definition = changed.pop("definition", workflow.published.definition)
    return {
        "slug": workflow.slug,
        "title": workflow.title,
        "tagline": "",
        "position": 0,
        "state": workflow.state,
        "definition": definition if isinstance(definition, str) else json.dumps(definition),
    } | changed


def test_saving_a_workflow_as_it_is_publishes_nothing(zoo: Workflow, staff: Client):
    response = staff.post(page(Workflow, "change", zoo.pk), fields(zoo, title="Forms"))
    assert response.status_code == 302
    zoo.refresh_from_db()
    assert (zoo.title, zoo.versions.count(), zoo.published.number) == ("Forms", 1, "1.0")


def test_another_definition_is_published_as_the_next_version(zoo: Workflow, staff: Client):
    edited = TREE | {"retirement": ["gte", ["votes"], 9]}
    assert staff.post(page(Workflow, "change", zoo.pk), fields(zoo, definition=edited)).status_code == 302
    zoo.refresh_from_db()
    assert (zoo.published.number, zoo.published.definition) == ("1.1", edited)


def test_an_exam_without_known_answers_is_published_and_said_to_be_closed(zoo: Workflow, staff: Client):
    edited = TREE | {"exam": {"subjects": 8, "grants": "shapes-exam"}}
    sent = fields(zoo, definition=edited)
    said = staff.post(page(Workflow, "change", zoo.pk), sent, follow=True).content.decode()
    assert "The exam asks for 8 known subjects and there are 0: it stays closed" in said
    assert "The exam grants shapes-exam, which the project has not" in said
    zoo.refresh_from_db()
    assert zoo.published.definition == edited


@pytest.mark.parametrize(
    ("definition", "sentence"),
    [
        ("{", "Enter a valid JSON."),
        (TREE | {"first_task": "T9"}, "first_task T9 is not a task"),
        (TREE | {"retirement": ["gte", ["votes"]]}, "gte compares two quantities"),
    ],
)
def test_a_wrong_definition_is_refused_with_its_reason(
    zoo: Workflow, staff: Client, definition, sentence: str
):
    response = staff.post(page(Workflow, "change", zoo.pk), fields(zoo, definition=definition, title="Forms"))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    zoo.refresh_from_db()
    assert (zoo.title, zoo.versions.count()) == ("Shapes", 1)


def test_a_new_workflow_gets_its_sets_subjects(zoo: Workflow, staff: Client):
    sent = fields(zoo, slug="second", project=zoo.project_id, subject_set=zoo.subject_set_id)
    assert staff.post(page(Workflow, "add"), sent).status_code == 302
    made = Workflow.objects.get(slug="second")
    assert (made.published.number, made.counter.subjects) == ("1.0", 4)


def test_a_workflow_over_another_projects_set_is_refused(zoo: Workflow, staff: Client):
    other = make_workflow(slug="other")
    sent = fields(zoo, slug="second", project=zoo.project_id, subject_set=other.subject_set_id)
    response = staff.post(page(Workflow, "add"), sent)
    assert "This subject set belongs to another project." in response.content.decode()
    assert not Workflow.objects.filter(slug="second").exists()


def test_a_workflow_with_answers_stays_where_it_is(zoo: Workflow, staff: Client):
    other = make_workflow(slug="other")
    moved = {"project": other.project_id, "subject_set": other.subject_set_id}
    staff.post(page(Workflow, "change", zoo.pk), fields(zoo, **moved))
    zoo.refresh_from_db()
    assert (zoo.project.slug, zoo.subject_set.project.slug) == ("zoo", "zoo")


def test_a_subject_shows_its_picture(zoo: Workflow, staff: Client):
    text = staff.get(page(Subject, "changelist")).content.decode()
    assert '<img src="/media/zoo/s0.png" alt="" width="48" height="48" loading="lazy">' in text


def test_the_list_of_subjects_asks_as_often_for_1_as_for_4(
    zoo: Workflow, staff: Client, django_assert_num_queries
):
    # session, user, filters' choices (projects, sets), count, page, media
    with django_assert_num_queries(7):
        staff.get(page(Subject, "changelist"))
    with django_assert_num_queries(7):
        staff.get(page(Subject, "changelist"), {"q": "s1"})


def test_who_may_only_see_sees(zoo: Workflow):
    assert Project.objects.count() == SubjectSet.objects.count() == 1
    client = Client()
    client.force_login(get_user_model().objects.create_user("helper", password="pw", is_staff=True))
    assert client.get(page(Classification, "changelist")).status_code == 403


def test_a_lane_is_made_and_changed_through_the_services(zoo: Workflow, staff: Client):
    fields = {
        "workflow": zoo.pk, "slug": "first", "title": "First", "source": "team", "where": "[]", "priority": "4",
        "requires": "[]", "order": "", "second_share": "10", "third": "", "is_open": "on",
        "changes-TOTAL_FORMS": "0", "changes-INITIAL_FORMS": "0",
    }  # fmt: skip
    refused = staff.post(page(Lane, "add"), fields | {"requires": '["latin"]'})
    assert "The project has no qualification latin; it has: none." in refused.content.decode()
    assert staff.post(page(Lane, "add"), fields).status_code == 302
    lane = Lane.objects.get(slug="first")
    changed = fields | {"priority": "9"}
    del changed["is_open"]
    assert staff.post(page(Lane, "change", lane.pk), changed).status_code == 302
    lane.refresh_from_db()
    assert (lane.priority, lane.second_share, lane.closed_at is None) == (9, 10, False)
    assert [(list(each.changes), each.by.username) for each in lane.changes.all()][:2] == [
        (["open"], "root"),
        (["priority"], "root"),
    ]
