"""Recording an answer over HTTP: what is taken, and that what is refused changes nothing."""

import json
import uuid
from datetime import datetime

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from projects.models import (
    Answered,
    Classification,
    Consent,
    Evidence,
    LedgerEntry,
    Subject,
    SubjectState,
    Volunteer,
    Workflow,
    WorkflowCounter,
)
from projects.services.volunteers import COOKIE
from tests.projects.api.caller import Caller, body, refusal
from tests.projects.factories import ARMS, SMOOTH, make_workflow

pytestmark = pytest.mark.django_db


@pytest.fixture
def zoo() -> Workflow:
    return make_workflow()


def subject_of(workflow: Workflow, number: int = 0) -> int:
    return Subject.objects.get(project=workflow.project, external_id=f"s{number}").pk


def everything() -> list[object]:
    """All that an answer may change."""
    return [
        [model.objects.count() for model in (Classification, LedgerEntry, Answered, Volunteer, Consent)],
        list(WorkflowCounter.objects.order_by("pk").values_list("position", "answers", "retired")),
        list(Evidence.objects.order_by("subject_id", "task").values_list("task", "tallies")),
        list(SubjectState.objects.order_by("subject_id").values_list("answered", "leased", "retired_at")),
    ]


def test_an_answer_is_stored(zoo: Workflow):
    caller, subject = Caller(), subject_of(zoo)
    sent = body(zoo, subject, ARMS)
    response = caller.post("classifications", sent)
    stored = Classification.objects.get()
    assert (response.status_code, response.json()) == (
        201,
        {
            "id": sent["id"],
            "workflow": zoo.pk,
            "subject": subject,
            "counted": "yes",
            "received_at": stored.received_at.isoformat(),
        },
    )
    assert (stored.annotations, stored.metadata) == (ARMS, sent["metadata"])
    assert stored.started_at == datetime.fromisoformat("2026-11-22T10:00:00+00:00")


def test_a_replay_is_answered_with_the_same_body(zoo: Workflow):
    caller = Caller()
    sent = body(zoo, subject_of(zoo), SMOOTH)
    first = caller.post("classifications", sent)
    before = everything()
    again = caller.post("classifications", sent)
    assert (again.status_code, again.content) == (200, first.content)
    assert everything() == before


def test_another_body_under_the_same_id_is_a_conflict(zoo: Workflow):
    caller = Caller()
    sent = body(zoo, subject_of(zoo), SMOOTH)
    caller.post("classifications", sent)
    before = everything()
    status, code, sentence = refusal(caller.post("classifications", sent | {"annotations": ARMS}))
    assert (status, code) == (409, "uuid_conflict")
    assert sentence == "Another classification has this id: make a new random id and send again."
    assert everything() == before


@pytest.mark.parametrize("changed", [{}, {"subject": 1}], ids=["the very same body", "on another subject"])
def test_the_uuid_of_somebody_else(zoo: Workflow, changed: dict[str, int]):
    sent = body(zoo, subject_of(zoo), SMOOTH)
    Caller().post("classifications", sent)
    thief = Caller()
    before = everything()
    if changed:
        sent = sent | {"subject": subject_of(zoo, 1)}
    assert refusal(thief.post("classifications", sent))[:2] == (409, "uuid_conflict")
    assert everything() == before


def test_a_second_answer_on_a_subject(zoo: Workflow):
    caller, subject = Caller(), subject_of(zoo)
    caller.answer(zoo, subject, SMOOTH)
    before = everything()
    assert refusal(caller.answer(zoo, subject, ARMS)) == (
        409,
        "already_answered",
        "You have already answered this subject: the earlier answer counts.",
    )
    assert everything() == before


def test_a_late_answer_is_stored_and_says_so(zoo: Workflow):
    subject = subject_of(zoo)
    told = [Caller().answer(zoo, subject, SMOOTH).json()["counted"] for _ in range(4)]
    assert told == ["yes", "yes", "yes", "late"]


@pytest.mark.parametrize(
    ("annotations", "sentence", "task"),
    [
        ([{"task": "T9", "value": "smooth"}], "The next task is T0, not T9.", "T9"),
        ([{"task": "T0", "value": "round"}], "T0: choose one of smooth, features, artifact.", "T0"),
        ([ARMS[0], {"task": "T1", "value": ["leg"]}], "T1: choose from bar, arms.", "T1"),
        ([ARMS[0]], "T1 is not answered.", "T1"),
        ([], "T0 is not answered.", "T0"),
    ],
)
def test_answers_that_the_version_does_not_know(zoo: Workflow, annotations, sentence: str, task: str):
    caller, before = Caller(), everything()
    response = caller.answer(zoo, subject_of(zoo), annotations)
    assert refusal(response) == (400, "invalid", sentence)
    assert response.json()["error"]["fields"] == {"task": task}
    assert everything() == before


def test_a_subject_of_another_workflow(zoo: Workflow):
    other = make_workflow(slug="other")
    caller, before = Caller(), everything()
    response = caller.answer(zoo, subject_of(other), SMOOTH)
    assert refusal(response) == (404, "not_found", "This subject is not in this workflow.")
    assert everything() == before


@pytest.mark.parametrize(
    ("changed", "status", "code", "field"),
    [
        ({"workflow_version": 10**6}, 404, "not_found", None),
        ({"workflow_version": 10**30}, 404, "not_found", None),
        ({"subject": 10**30}, 404, "not_found", None),
        ({"workflow_version": "x"}, 400, "invalid", "workflow_version"),
        ({"subject": None}, 400, "invalid", "subject"),
        ({"id": "no-uuid"}, 400, "invalid", "id"),
        ({"annotations": "T0"}, 400, "invalid", "annotations"),
        ({"annotations": [1]}, 400, "invalid", "annotations.0"),
        ({"annotations": [{}] * 201}, 400, "invalid", "annotations"),
        ({"started_at": "yesterday"}, 400, "invalid", "started_at"),
        ({"started_at": "0001-01-01T00:00:00+14:00"}, 400, "invalid", "started_at"),
        ({"metadata": {"a": "x" * 5000}}, 400, "invalid", "metadata"),
        ({"metadata": {"a": "nul \x00"}}, 400, "invalid", None),
        ({"metadata": {"nul \x00": 1}}, 400, "invalid", None),
        ({"metadata": {"a": "half \ud800"}}, 400, "invalid", None),
        ({"metadata": {"a": [[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]}}, 400, "invalid", None),
        ({"annotations": [{"task": "T0", "value": "nul \x00"}]}, 400, "invalid", None),
        ({"surprise": 1}, 400, "invalid", "surprise"),
    ],
)
def test_fields_that_are_wrong(zoo: Workflow, changed, status: int, code: str, field: str | None):
    caller, before = Caller(), everything()
    response = caller.post("classifications", body(zoo, subject_of(zoo), SMOOTH) | changed)
    assert refusal(response)[:2] == (status, code)
    assert field is None or next(iter(response.json()["error"]["fields"])) == field
    assert len(refusal(response)[2]) > 20
    assert everything() == before


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "The body is not JSON."),
        (b"{", "The body is not JSON."),
        (b"\xff\xfe", "The body is not JSON."),
        (b"[" * 100_000, "The body is not JSON."),
        (b"[]", "The body is not a JSON object: send {...}."),
        (b'{"id": NaN}', "The body has a number that is none: NaN, or one without end."),
        (b'{"id": 1e999}', "The body has a number that is none: NaN, or one without end."),
        (b'{"id": ' + b"9" * 5000 + b"}", "The body is not JSON."),
    ],
)
def test_what_is_not_json_or_no_object(zoo: Workflow, raw: bytes, sentence: str):
    caller, before = Caller(), everything()
    response = caller.post("classifications", raw)
    assert refusal(response) == (400, "invalid", sentence)
    assert everything() == before


@pytest.mark.parametrize("size", [300_000, 2_100_000])
def test_a_body_over_the_limit(zoo: Workflow, size: int):
    caller, before = Caller(), everything()
    sent = body(zoo, subject_of(zoo), SMOOTH) | {"metadata": {"a": "x" * size}}
    response = caller.post("classifications", sent)
    assert refusal(response) == (413, "too_large", "The body is over the limit of 256 kB.")
    assert everything() == before


def close(workflow: Workflow, field: str, value: object) -> None:
    target = workflow.project if field.startswith("project.") else workflow
    setattr(target, field.removeprefix("project."), value)
    target.save()


@pytest.mark.parametrize(
    ("field", "value", "code", "sentence"),
    [
        (
            "state", "paused", "paused",
            "This workflow is paused: your answer is kept on your device and can be sent when it goes on.",
        ),
        (
            "state", "finished", "workflow_finished",
            "This workflow is finished and takes no more answers. Thank you.",
        ),
        ("project.state", "draft", "private", "This project is private: sign in as a member of its team."),
        ("project.is_public", False, "private", "This project is private: sign in as a member of its team."),
    ],
)  # fmt: skip
def test_a_workflow_that_takes_no_answers(zoo: Workflow, field: str, value: object, code: str, sentence: str):
    close(zoo, field, value)
    caller, before = Caller(), everything()
    assert refusal(caller.answer(zoo, subject_of(zoo), SMOOTH)) == (403, code, sentence)
    assert refusal(caller.next(zoo))[:2] == (403, code)
    assert everything() == before


@pytest.mark.parametrize(("role", "status"), [("owner", 201), ("stranger", 403)])
def test_a_private_project_takes_its_teams_answers(zoo: Workflow, role: str, status: int):
    close(zoo, "project.is_public", False)
    user = get_user_model().objects.create_user("maria", password="pw")
    if role != "stranger":
        zoo.project.members.create(user=user, role=role)
    caller = Caller(agreed=False)
    caller.client.force_login(user)
    assert caller.post("consent", {"version": "2026-11"}).status_code == 204
    assert caller.next(zoo).status_code == (200 if status == 201 else 403)
    assert caller.answer(zoo, subject_of(zoo), SMOOTH).status_code == status
    assert Classification.objects.filter(volunteer__account=user).count() == (status == 201)


@pytest.mark.parametrize("forged", ["", "nonsense", "{id}.2026-11.1:signature", "{own}x"])
def test_a_forged_or_missing_cookie(zoo: Workflow, forged: str):
    caller = Caller()
    caller.client.cookies[COOKIE] = forged.format(id=uuid.uuid4().hex, own=caller.cookie)
    before = everything()
    code = "forged_cookie" if forged else "consent_required"
    sentence = refusal(caller.answer(zoo, subject_of(zoo), SMOOTH))
    assert sentence[:2] == (403, code)
    assert sentence[2].endswith(("to get a new one.", "before the first answer."))
    assert everything() == before


def test_consent_comes_before_the_first_answer(zoo: Workflow):
    caller = Caller(agreed=False)
    shown = caller.next(zoo)
    assert shown.status_code == 200
    assert shown.cookies[COOKIE]["httponly"] is True
    assert shown.cookies[COOKIE]["samesite"] == "Lax"
    looked = caller.cookie
    before = everything()
    assert refusal(caller.answer(zoo, subject_of(zoo), SMOOTH))[:2] == (403, "consent_required")
    assert everything() == before
    assert caller.post("consent", {"version": "2026-11"}).status_code == 204
    assert caller.cookie.split(".")[0] == looked.split(".")[0]
    assert Volunteer.objects.count() == 0
    assert caller.answer(zoo, subject_of(zoo), SMOOTH).status_code == 201
    assert Volunteer.objects.get().consents.get().version == "2026-11"


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (
            {"version": "1999-01"},
            "The privacy text that stands is 2026-11: reload the page and read it.",
        ),
        ({}, "version: Field required."),
    ],
)
def test_consent_to_another_text(sent: dict[str, str], sentence: str):
    caller = Caller(agreed=False)
    assert refusal(caller.post("consent", sent)) == (400, "invalid", sentence)
    assert caller.cookie == ""


def test_consent_with_a_forged_cookie_gives_a_new_one(zoo: Workflow):
    """What the sentence of `forged_cookie` tells people to do has to work."""
    caller = Caller(agreed=False)
    caller.client.cookies[COOKIE] = "nonsense"
    assert caller.post("consent", {"version": "2026-11"}).status_code == 204
    assert caller.answer(zoo, subject_of(zoo), SMOOTH).status_code == 201


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_write_without_the_csrf_token(zoo: Workflow, signed_in: bool):
    caller = Caller()
    caller.headers = {}
    if signed_in:
        caller.client.force_login(get_user_model().objects.create_user("maria", password="pw"))
    before = everything()
    assert refusal(caller.answer(zoo, subject_of(zoo), SMOOTH)) == (
        403,
        "csrf",
        "The page is too old to send this: reload it, and send again.",
    )
    assert everything() == before


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_another_method(method: str):
    caller = Caller()
    response = getattr(caller.client, method)(reverse("api:classifications"), headers=caller.headers)
    assert refusal(response)[:2] == (405, "method_not_allowed")


def test_an_address_that_is_none():
    assert refusal(Caller().client.get("/api/v1/nothing"))[:2] == (404, "not_found")


def test_another_content_type(zoo: Workflow):
    """A form of another site can send text/plain without asking; the CSRF token is what stops it."""
    caller, before = Caller(), everything()
    caller.headers = {}
    sent = json.dumps(body(zoo, subject_of(zoo), SMOOTH))
    assert refusal(caller.post("classifications", sent, content_type="text/plain"))[:2] == (403, "csrf")
    assert everything() == before
