"""Known answers: the team's list and file, and the classifier's calls; to others none of it is there."""

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from projects.models import (
    Classification,
    GoldAnswer,
    GoldSubject,
    Look,
    ProjectMember,
    SubjectState,
    Use,
    Workflow,
)
from projects.services import enter_gold, record_classification
from projects.services.volunteers import CONSENT_VERSION, Pass
from tests.projects.factories import ARMS, ARTIFACT, SMOOTH, make_pass, make_workflow, submission

pytestmark = pytest.mark.django_db
PLACE = "/projects/zoo/known/shapes/"


@pytest.fixture
def workflow() -> Workflow:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    made = make_workflow(6)
    made.refresh_from_db()
    return made


def signed_in(workflow: Workflow, role: str = "expert", name: str = "ann") -> Client:
    user = User.objects.create_user(name)
    ProjectMember.objects.create(project=workflow.project, user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


def subject(workflow: Workflow, name: str) -> int:
    return int(workflow.project.subjects.get(external_id=name).pk)


def know(
    workflow: Workflow, name: str, annotations: list[dict[str, object]], expert: str = "account:0"
) -> int:
    pk = subject(workflow, name)
    enter_gold(workflow=workflow, subject_id=pk, annotations=annotations, expert=expert)
    return pk


@pytest.mark.parametrize("role", ["moderator", "tester", "translator", None])
def test_to_others_it_is_not_there(workflow: Workflow, role: str | None) -> None:
    pk = know(workflow, "s0", SMOOTH)
    client = signed_in(workflow, role) if role else Client()
    assert client.get(PLACE).status_code == 404
    assert client.post(f"{PLACE}{pk}/", {"do": "withdraw_all"}).status_code == 404
    assert client.get(f"/api/v1/workflows/{workflow.pk}/known").status_code == 404
    body = {"subject": subject(workflow, "s1"), "annotations": SMOOTH}
    posted = client.post(f"/api/v1/workflows/{workflow.pk}/known", body, content_type="application/json")
    assert posted.status_code == 404
    assert GoldAnswer.objects.count() == 1
    page = client.get("/projects/zoo/classify/shapes/?use=gold").content.decode()
    assert "Known answers" not in page
    assert "/known/" not in client.get("/projects/zoo/").content.decode()


@pytest.mark.parametrize("role", ["owner", "scientist", "expert"])
def test_experts_side_by_side_and_volunteers_share(workflow: Workflow, role: str) -> None:
    pk = know(workflow, "s0", SMOOTH, "Ben")
    know(workflow, "s0", ARTIFACT, "Cleo")
    know(workflow, "s0", SMOOTH, "Dan")
    know(workflow, "s1", ARMS)
    for annotations in (SMOOTH, SMOOTH, ARTIFACT):
        record_classification(submission(workflow, pk, annotations), make_pass())
    client = signed_in(workflow, role)
    page = client.get(PLACE).content.decode()
    for words in (
        "Ben:",
        "Cleo:",
        "Dan:",
        "Experts disagree:",
        "67 % right of 3 answers",
        "2 known subjects",
    ):
        assert words in page
    assert page.count("Experts disagree:") == 1


def test_who_has_seen_the_list_counts_no_more_on_its_subjects(workflow: Workflow) -> None:
    pk = know(workflow, "s0", SMOOTH)
    client = signed_in(workflow)
    client.get(PLACE)
    look = Look.objects.get()
    assert (look.subject_id, look.volunteer.account.username) == (pk, "ann")  # type: ignore[union-attr]
    client.post(f"{PLACE}{pk}/", {"do": "withdraw_all"})
    assert SubjectState.objects.get(subject=pk).use == Use.WORK
    own = Pass(look.volunteer.public_id, CONSENT_VERSION, 1_700_000_000)
    assert record_classification(submission(workflow, pk, SMOOTH), own).counted == "withheld"
    assert Classification.objects.get().counted_reason == "had looked"


def test_the_use_is_changed_and_an_answer_withdrawn(workflow: Workflow) -> None:
    client = signed_in(workflow)
    own = f"account:{User.objects.get().pk}"
    pk = know(workflow, "s0", SMOOTH, own)
    know(workflow, "s0", SMOOTH, "Ben")
    sent = {"do": "save", "use": "training", "secret": "on", "right_message": "Yes.", "wrong_message": "No."}
    assert client.post(f"{PLACE}{pk}/", sent).status_code == 302
    known = GoldSubject.objects.get()
    assert (known.use, known.secret, known.right_message) == (Use.TRAINING, False, "Yes.")
    assert (
        "Choose what the subject is for."
        in client.post(f"{PLACE}{pk}/", {"do": "save", "use": "fun"}, follow=True).content.decode()
    )
    client.post(f"{PLACE}{pk}/", {"do": "withdraw"})
    assert GoldSubject.objects.count() == 1
    again = client.post(f"{PLACE}{pk}/", {"do": "withdraw"}, follow=True).content.decode()
    assert "You have no known answer on this subject." in again
    client.post(f"{PLACE}{pk}/", {"do": "withdraw_all"})
    assert GoldSubject.objects.count() == 0


def test_a_file_is_taken_or_refused_with_its_line(workflow: Workflow) -> None:
    client = signed_in(workflow)
    good = SimpleUploadedFile("gold.csv", b"external_id,T0\ns0,smooth\n")
    assert client.post(PLACE, {"file": good}).status_code == 302
    assert GoldAnswer.objects.get().expert == f"account:{User.objects.get().pk}"
    bad = SimpleUploadedFile("gold.csv", b"external_id,T0\ns1,smooth\ns2,smoth\n")
    refused = client.post(PLACE, {"file": bad})
    assert refused.status_code == 400
    assert "Line 3: choose one of smooth, features, artifact" in refused.content.decode()
    assert "Choose a file first." in client.post(PLACE, {}).content.decode()
    assert GoldAnswer.objects.count() == 1


def test_the_classifier_hands_open_subjects_and_takes_answers(workflow: Workflow) -> None:
    client = signed_in(workflow)
    place = f"/api/v1/workflows/{workflow.pk}/known"
    record_classification(submission(workflow, subject(workflow, "s0"), SMOOTH), make_pass())
    handed = [each["id"] for each in client.get(f"{place}?n=9").json()["subjects"]]
    assert len(handed) == 6
    assert handed[-1] == subject(workflow, "s0")  # what fewest have answered comes first
    body = {"subject": handed[0], "annotations": ARTIFACT, "use": "exam", "secret": True}
    posted = client.post(place, body, content_type="application/json")
    assert posted.status_code == 201
    known = GoldSubject.objects.get()
    assert (known.subject_id, known.use, known.secret) == (handed[0], Use.EXAM, False)
    assert Look.objects.get().subject_id == handed[0]
    assert handed[0] not in [each["id"] for each in client.get(f"{place}?n=9").json()["subjects"]]
    assert [each["id"] for each in client.get(f"{place}?subject={handed[0]}").json()["subjects"]] == handed[
        :1
    ]
    assert client.get(f"{place}?subject=x").status_code == 400
    body["annotations"] = [{"task": "T0", "value": "smoth"}]
    assert client.post(place, body, content_type="application/json").status_code == 400
    assert GoldAnswer.objects.count() == 1


def test_what_an_import_brought_is_put_to_use(workflow: Workflow) -> None:
    client = signed_in(workflow)
    assert "an import has brought" not in client.get(PLACE).content.decode()
    pk = know(workflow, "s0", SMOOTH)
    GoldSubject.objects.all().delete()
    SubjectState.objects.filter(subject=pk).update(use=Use.WORK)
    assert "Of 1 more open subject an import has brought a known answer" in client.get(PLACE).content.decode()
    said = client.post(PLACE, {"do": "use_imported"}, follow=True).content.decode()
    assert "Subjects that are hidden checks now: 1." in said
    assert (SubjectState.objects.get(subject=pk).use, GoldSubject.objects.get().secret) == (Use.CHECK, True)


def test_whether_checks_look_like_the_work_is_said(workflow: Workflow) -> None:
    know(workflow, "s0", SMOOTH)
    page = signed_in(workflow).get(PLACE).content.decode()
    assert "Too few to say whether hidden checks (1) look like the work (5)." in page
