"""The pages on classifiers: for owners, scientists and experts; who is shown a prediction has looked."""

import html
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from mining.models import AttributeRun, ModelVersion, Retraining
from mining.services.retraining import ask_for_due
from portal.pages.classifiers import SHOWN
from projects.models import Look, ProjectMember, Subject, Workflow, WorkflowCounter
from tests.portal.pages.helpers import member
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db
AT = "/projects/zoo/classifiers/shapes/"
AUDIT = {
    "n": 41, "clear": 40, "vote_loss": 0.4321, "majority_loss": 0.3, "accuracy": 0.875, "error": 0.0311,
    "expected_error": 0.09, "bins": [[40, 0.9, 0.875]], "confusion": [[30, 2], [3, 5]], "recall": [0.9375, 0.625],
    "precision": [30 / 33, 5 / 7],
}  # fmt: skip


def make_version(workflow: Workflow, state: str, **more: Any) -> ModelVersion:
    run = AttributeRun.objects.create(workflow=workflow, kind="classifiers", with_open=True, status="done")
    values: dict[str, Any] = {
        "task": "T0", "artefact": "a" * 64, "answers": ["smooth", "features"], "sources": ["picture:plain"],
        "position": 4, "data_hash": "d" * 64, "subjects": 120, "audit": 41, "votes": 640.0, "seed": 0,
        "code_version": "0.1.0", "metrics": {"audit": AUDIT, "difference": [-0.2, -0.3, -0.1]},
        "made_at": timezone.now(),
    }  # fmt: skip
    return ModelVersion.objects.create(workflow=workflow, run=run, state=state, **(values | more))


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def make_site() -> tuple[Workflow, ModelVersion, ModelVersion, Client]:
    workflow = make_workflow(3)
    old = make_version(workflow, "retired")
    champion = make_version(workflow, "champion", parent=old)
    return workflow, old, champion, client_of(member(workflow.project))


def test_only_owners_scientists_and_experts_find_them() -> None:
    workflow, _old, champion, scientist = make_site()
    users = {role: User.objects.create_user(role) for role in ("expert", "moderator", "translator")}
    for role, user in users.items():
        ProjectMember.objects.create(project=workflow.project, user=user, role=role)
    stranger = User.objects.create_user("stranger")
    for place in (AT, f"{AT}state/", f"{AT}{champion.pk}/", f"{AT}{champion.pk}/predictions/"):
        got = [client_of(each).get(place).status_code for each in (*users.values(), stranger)]
        assert (place, [scientist.get(place).status_code, *got]) == (place, [200, 200, 404, 404, 404])
        assert Client().get(place).status_code == 404
    sent = [client_of(users["expert"]).post(AT, {"seed": 0}).status_code]
    sent += [client_of(users["expert"]).post(f"{AT}{_old.pk}/roll-back/").status_code]
    assert sent == [404, 404]


def test_the_card_says_how_good_it_is_and_why_one_was_refused() -> None:
    workflow, old, champion, scientist = make_site()
    facts = {"mean": 0.04, "low": 0.01, "high": 0.07}
    refused = make_version(
        workflow,
        "refused",
        reasons=[["worse", facts], ["recall", {"answer": "features", "fall": 0.125, "n": 8}]],
    )
    said = scientist.get(f"{AT}{champion.pk}/").content.decode()
    for told in ("0.938", "0.625", "0.714", "640 votes", f"version {old.pk}", "Recall"):
        assert told in said
    said = scientist.get(AT).content.decode()
    assert "worse than the champion: +0.040 nats a vote, 95 % interval +0.010 to +0.070" in said
    assert "Of Features it finds 12 points fewer than the champion, of 8 subjects." in said
    assert f"/{old.pk}/roll-back/" in said
    assert f"/{refused.pk}/roll-back/" not in said


def test_a_champion_that_stays_is_listed_however_many_were_refused_since() -> None:
    workflow, _old, champion, scientist = make_site()
    for _ in range(SHOWN):
        make_version(workflow, "refused", reasons=[["worse", {"mean": 0.04, "low": 0.01, "high": 0.07}]])
    assert f'/{champion.pk}/predictions/"' in scientist.get(AT).content.decode()


def test_training_is_asked_for_once_and_a_roll_back_moves_the_pointer() -> None:
    workflow, old, champion, scientist = make_site()
    for _ in range(2):
        assert scientist.post(AT, {"seed": 7}).status_code == 302
    waiting = AttributeRun.objects.get(workflow=workflow, status="waiting")
    assert (waiting.kind, waiting.seed, waiting.with_open) == ("classifiers", 7, True)
    assert "waiting for the worker" in scientist.get(AT).content.decode()
    scientist.post(f"{AT}{old.pk}/roll-back/")
    champion.refresh_from_db()
    old.refresh_from_db()
    assert (old.state, champion.state, old.promotions.get().by is not None) == ("champion", "retired", True)
    assert (
        AttributeRun.objects.filter(
            parameters__version=old.pk, parameters__priors=True, status="waiting"
        ).count()
        == 1
    )


def test_it_is_trained_by_itself_after_so_many_answers_and_no_sooner() -> None:
    workflow, _old, _champion, scientist = make_site()
    assert scientist.post(f"{AT}retrain/", {"every": 9}).status_code == 302  # too few: nothing is set
    assert not Retraining.objects.exists()
    scientist.post(f"{AT}retrain/", {"every": 20})
    counter = WorkflowCounter.objects.filter(pk=workflow.pk)
    counter.update(answers=19)
    assert ask_for_due() == []
    counter.update(answers=20)
    (run,) = ask_for_due()
    assert (run.kind, run.status, run.with_open) == ("classifiers", "waiting", True)
    counter.update(answers=45)
    assert ask_for_due() == []  # one at a time
    AttributeRun.objects.update(status="done")
    assert len(ask_for_due()) == 1
    AttributeRun.objects.update(status="done")
    assert ask_for_due() == []
    counter.update(answers=10)  # a block took 35 away: it counts from there
    assert ask_for_due() == []
    counter.update(answers=30)
    assert len(ask_for_due()) == 1
    scientist.post(f"{AT}retrain/", {"every": ""})
    assert not Retraining.objects.exists()


def test_who_is_shown_a_prediction_of_an_open_subject_has_looked() -> None:
    _workflow, _old, champion, scientist = make_site()
    s0, s1, s2 = Subject.objects.order_by("pk")
    champion.predictions.create(
        subject=s0, probabilities=[0.123, 0.877], shares=[0.2, 0.8], strength=3.5, top=0.877,
        neighbours=[[s1.pk, 0.912]],
    )  # fmt: skip
    said = scientist.get(f"{AT}{champion.pk}/predictions/").content.decode()
    for told in ("s0", "0.877", "0.80", "worth 3.5 votes", "s1", "0.91"):
        assert told in said
    assert set(Look.objects.values_list("subject_id", flat=True)) == {s0.pk, s1.pk}
    assert s2.pk not in Look.objects.values_list("subject_id", flat=True)
    said = scientist.get(f"{AT}{champion.pk}/predictions/?subject=nothing").content.decode()
    assert "says nothing of such a subject" in said


def test_the_next_page_goes_on_in_the_order_that_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.pages.predictions.ON_A_PAGE", 2)
    _workflow, _old, champion, scientist = make_site()
    for subject, top in zip(Subject.objects.order_by("pk"), (0.9, 0.6, 0.75), strict=True):
        champion.predictions.create(
            subject=subject, probabilities=[top, 1 - top], shares=[top, 1 - top], strength=1.0, top=top
        )
    at = f"{AT}{champion.pk}/predictions/"
    said = scientist.get(f"{at}?order=sure").content.decode()
    assert re.findall(r"<bdi>(s\d)</bdi></h3>", said) == ["s0", "s2"]
    (more,) = re.findall(r'rel="next" href="([^"]+)"', said)
    said = scientist.get(at + html.unescape(more)).content.decode()
    assert re.findall(r"<bdi>(s\d)</bdi></h3>", said) == ["s1"]
    assert 'rel="next"' not in said
    assert 'href="?order=sure"' in said
