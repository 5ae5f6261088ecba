"""The pages on attributes, associations and unusual objects: who may, what visitors see, who has looked, what stays."""

import csv
import html
import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mining.models import AttributeRun, FollowUp, Publication, Suggestion, UnusualObject
from mining.services import associations, attributes
from mining.services.attribute_runs import ask, publish, publish_discoveries, published
from projects.models import Look, Retirement, SubjectState, Volunteer, Workflow
from tests.mining.services.test_attributes import make_measured

pytestmark = pytest.mark.django_db(transaction=True)
HERE = "/projects/zoo/attributes/shapes/"
TOGETHER = "/projects/zoo/associations/shapes/"
UNUSUAL = "/projects/zoo/unusual/"


@pytest.fixture
def workflow(redis_client: object) -> Workflow:
    return make_measured()


def signed_in(workflow: Workflow, role: str | None) -> Client:
    user = User.objects.create_user(f"a-{role}")
    if role:
        workflow.project.members.create(user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


def done(workflow: Workflow, **more: Any) -> AttributeRun:
    run = ask(workflow, AttributeRun.Kind.ATTRIBUTES, task="T0", key="k0", **more)
    attributes.work(run)
    return run


def test_asked_for_read_and_published(workflow: Workflow) -> None:
    owner, member, visitor = (signed_in(workflow, role) for role in ("scientist", "tester", None))
    asked = {"answer": "T0=k0", "consensus": "", "seed": "4"}
    assert (member.post(HERE, asked).status_code, visitor.post(HERE, asked).status_code) == (404, 404)
    assert owner.post(HERE, asked).status_code == 302
    run = AttributeRun.objects.get()
    assert (run.task, run.key, run.seed, run.with_open, str(run.started_by)) == (
        "T0",
        "k0",
        4,
        False,
        "a-scientist",
    )
    assert "waiting for the worker" in member.get(HERE).content.decode()
    assert owner.post(HERE, {**asked, "answer": "T9"}).status_code == 200
    attributes.work(run)
    at = f"{HERE}{run.pk}/"
    places = [at, at + "ranking.light.svg", at + "ranking.dark.svg", at + "ranking.png", at + "plane.csv"]
    assert [member.get(place).status_code for place in places] == [200] * 5
    assert [visitor.get(place).status_code for place in [HERE, *places]] == [404] * 6
    assert member.post(at + "publish/", {"public": "yes"}).status_code == 404
    assert owner.post(at + "publish/", {"public": "yes"}).status_code == 302
    assert [Client().get(place).status_code for place in places] == [200] * 5
    assert Client().get(HERE)["Location"] == at
    text = Client().get(at).content.decode()
    assert "Size (px)" in text
    assert text.index("95 % interval") < text.index("p (of the family)")
    assert "size: 4 rows with -9999 count as missing" in text
    assert "a-scientist" not in text
    rows = list(csv.reader(io.StringIO(Client().get(at + "ranking.csv").content.decode())))
    assert (rows[0][:2], len(rows)) == (["attribute", "bits"], 1 + run.gains.count())
    owner.post(at + "publish/", {"public": "no"})
    assert [Client().get(place).status_code for place in places] == [404] * 5
    assert list(Publication.objects.values_list("public", flat=True)) == [False, True]


def test_who_reads_a_run_with_open_subjects_has_looked(workflow: Workflow) -> None:
    closed, open_too = done(workflow), done(workflow, with_open=True)
    member = signed_in(workflow, "tester")
    member.get(f"{HERE}{closed.pk}/")
    assert Look.objects.count() == 0
    assert member.get(f"{HERE}{open_too.pk}/plane.csv").status_code == 200
    assert Look.objects.count() == 8
    assert (
        signed_in(workflow, "owner").post(f"{HERE}{open_too.pk}/publish/", {"public": "yes"}).status_code
        == 404
    )


def test_queries_do_not_grow(workflow: Workflow) -> None:
    """Lists of runs and of unusual objects with 1 and with 3."""
    member, counts = signed_in(workflow, "owner"), []
    subjects = list(workflow.subject_set.subjects.values_list("pk", flat=True))
    for number in range(3):
        AttributeRun.objects.create(workflow=workflow, kind="attributes", task="T0", status="done")
        made = make_unusual(workflow, subjects[number], number)
        made.history.create(state="new", note="n")
        if number != 1:
            for place in (HERE, UNUSUAL):
                member.get(place)
                with CaptureQueriesContext(connection) as queries:
                    assert member.get(place).status_code == 200
                counts.append(len(queries))
    assert counts[:2] == counts[2:]


def make_unusual(workflow: Workflow, subject: int, score: float, **more: Any) -> UnusualObject:
    facts: list[tuple[str, dict[str, Any]]] = [
        ("odd_answer", {"n": 2, "of": 3, "usual": 0.015, "most": "T7:ring"}),
        ("votes", {"votes": [["k0", 2], ["k1", 1]], "p": 0.0249}),
        (
            "neighbours",
            {"label": "k1", "other": 15, "of": 15, "attribute": "size", "value": 201.5, "usual": 3.0},
        ),
        ("outlier", {"attribute": "noise", "value": 90.0, "usual": 5.0, "far": 21.25}),
    ]
    signals = [{"code": code, "task": "T0", "facts": said} for code, said in facts]
    return UnusualObject.objects.create(
        workflow=workflow, project=workflow.project, subject_id=subject, score=score, signals=signals, **more
    )


def test_unusual_objects_are_followed_up_and_published(workflow: Workflow, monkeypatch: Any) -> None:
    monkeypatch.setattr("portal.pages.unusual.ON_A_PAGE", 2)
    subjects = list(
        SubjectState.objects.order_by("-retired_at", "subject_id").values_list("subject_id", flat=True)
    )
    still_open = list(SubjectState.objects.filter(retired_at=None).values_list("subject_id", flat=True))
    finished = [each for each in subjects if each not in still_open]
    first = Volunteer.objects.first()
    rows = [
        make_unusual(workflow, each, 9.0 - at, finders=[first.pk])
        for at, each in enumerate([finished[0], still_open[0], finished[1]])
    ]
    owner, expert, tester = (signed_in(workflow, role) for role in ("owner", "expert", "tester"))

    def listed(client: Client, address: str = UNUSUAL) -> list[int]:
        return [each.row.pk for each in client.get(address).context["shown"]]

    assert listed(owner) == [rows[0].pk, rows[1].pk]
    after = owner.get(UNUSUAL).context["page"].after
    assert listed(owner, f"{UNUSUAL}?after={after}") == [rows[2].pk]
    assert list(Look.objects.values_list("subject_id", flat=True)) == [still_open[0]]
    text = tester.get(UNUSUAL).content.decode()
    said = owner.get(UNUSUAL).context["shown"][0].reasons
    assert said == [
        "2 of 3 marked something odd, most often “T7:ring”; usual are 1.5 %",
        "Votes that hardly go together (2 Disk, 1 Ball): 2.5 % of such votes are as unlikely",
        "Called Ball, but 15 of the 15 objects with the most similar attributes are not; Size is 201.5, Ball has 3 in"
        " the middle",
        "Noise is 90, 21.2 times the usual spread from the middle (5)",
    ]
    assert html.escape(said[0]) in text
    assert "not-logged-in-" in text
    said = {"state": "discovery", "note": "A <green> one"}
    assert tester.post(f"{UNUSUAL}{rows[0].pk}/", said).status_code == 404
    for row in rows[:2]:
        assert expert.post(f"{UNUSUAL}{row.pk}/", said).status_code == 302
    expert.post(f"{UNUSUAL}{rows[2].pk}/", {"state": "nonsense"})
    assert (
        list(FollowUp.objects.values_list("state", "note", "by__username"))
        == [("discovery", "A <green> one", "a-expert")] * 2
    )
    assert listed(owner, UNUSUAL + "?state=discovery") == [rows[0].pk, rows[1].pk]
    assert listed(owner, UNUSUAL + "?state=new") == [rows[2].pk]
    assert Client().get(UNUSUAL).status_code == 404
    assert expert.post(UNUSUAL + "publish/", {"public": "yes"}).status_code == 404
    owner.post(UNUSUAL + "publish/", {"public": "yes"})
    assert listed(Client()) == [rows[0].pk]
    assert "A &lt;green&gt; one" not in Client().get(UNUSUAL).content.decode()
    assert "Discoveries" in Client().get("/projects/zoo/").content.decode()
    owner.post(UNUSUAL + "publish/", {"public": "no"})
    assert Client().get(UNUSUAL).status_code == 404


def test_look_again_asks_once_a_workflow(workflow: Workflow) -> None:
    owner = signed_in(workflow, "owner")
    owner.post(UNUSUAL + "look/")
    owner.post(UNUSUAL + "look/")
    run = AttributeRun.objects.get()
    assert (run.kind, run.with_open, run.status) == ("unusual", True, "waiting")
    assert signed_in(workflow, "tester").post(UNUSUAL + "look/").status_code == 404


def test_a_reopened_subject_hides_what_was_published(workflow: Workflow) -> None:
    run = done(workflow)
    publish(run, workflow)
    assert Client().get(f"{HERE}{run.pk}/").status_code == 200
    subject = SubjectState.objects.filter(retired_at__isnull=False).first().subject_id
    Retirement.objects.create(
        workflow=workflow, subject_id=subject, at=timezone.now(), retired=False, reason="test"
    )
    assert Client().get(f"{HERE}{run.pk}/").status_code == 404


def test_associations_are_asked_for_read_and_published_apart(workflow: Workflow) -> None:
    owner, member, visitor = (signed_in(workflow, role) for role in ("scientist", "tester", None))
    assert (member.post(TOGETHER, {"seed": "4"}).status_code, visitor.get(TOGETHER).status_code) == (404, 404)
    assert owner.post(TOGETHER, {"seed": "4"}).status_code == 302
    run = AttributeRun.objects.get()
    assert (run.kind, run.seed, run.with_open) == ("associations", 4, False)
    assert "waiting for the worker" in member.get(TOGETHER).content.decode()
    associations.work(run)
    publish(done(workflow), workflow)
    at = f"{HERE}{run.pk}/"
    places = [at, at + "subjects.light.svg", at + "subjects.png", at + "subjects.csv"]
    assert [member.get(place).status_code for place in places] == [200] * 4
    assert [visitor.get(place).status_code for place in [TOGETHER, *places]] == [404] * 5
    assert visitor.get(HERE).status_code == 302
    owner.post(at + "publish/", {"public": "yes"})
    assert [Client().get(place).status_code for place in places] == [200] * 4
    assert Client().get(TOGETHER)["Location"] == at
    text = Client().get(at).content.decode()
    row = next(each for each in text.split("<tr>") if "Disk<br>" in each and "Size from" in each)
    assert "(highest quarter)" in row
    assert "Nothing is recorded that could explain it." in row  # three people, all at one time
    assert "a-scientist" not in text
    rows = list(csv.reader(io.StringIO(Client().get(at + "subjects.csv").content.decode())))
    run.refresh_from_db()
    assert (rows[0][:4], len(rows)) == (
        ["a", "of a", "b", "of b"],
        1 + run.report["lists"]["subjects"]["compared"],
    )
    assert published(workflow).run_id != run.pk
    owner.post(at + "publish/", {"public": "no"})
    assert Client().get(at).status_code == 404
    assert published(workflow) is not None


def test_volunteers_unlike_the_rest_are_for_judges_and_lead_to_fair_use(workflow: Workflow) -> None:
    person, other = Volunteer.objects.order_by("pk")[:2]
    facts: dict[str, Any] = {"n": 48, "of": 48, "expected": 30.2}
    unlike = [
        {"code": "copies", "task": "T0", "facts": facts | {"other": str(other.pk)}, "volunteer": person.pk,
         "strength": 4.3},
        {"code": "answers", "task": "T0", "facts": facts | {"label": "k1"}, "volunteer": other.pk, "strength": 2.2},
    ]  # fmt: skip
    AttributeRun.objects.create(
        workflow=workflow, kind="unusual", status="done", finished_at=timezone.now(),
        report={"people": {"looked": 3, "unlike": unlike}},
    )  # fmt: skip
    suggestion = Suggestion.objects.create(
        workflow=workflow, volunteer=person, rule="copies", strength=20, harm=1, position=1
    )
    owner, expert = signed_in(workflow, "owner"), signed_in(workflow, "expert")
    shown = owner.get(UNUSUAL).context["unlike"]
    assert [(each.words, each.once) for each in shown] == [
        (f"Gave the same answer as {shown[1].name} on 48 of 48 in common; chance is 30", "10,000"),
        ("Said Ball 48 times of 48; others would have said so 30 times", "100"),
    ]
    assert [each.suggestions for each in shown] == [[suggestion], []]
    text = owner.get(UNUSUAL).content.decode()
    assert f'href="/projects/zoo/fairness/#suggestion-{suggestion.pk}"' in text
    assert shown[0].name.startswith("not-logged-in-")
    assert expert.get(UNUSUAL).context["unlike"] is None
    assert shown[0].name not in expert.get(UNUSUAL).content.decode()
    publish_discoveries(workflow.project, True)
    assert "unlike the rest" not in Client().get(UNUSUAL).content.decode()
