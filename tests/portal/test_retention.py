"""What is kept only for a time: rows on both sides of each limit."""

import os
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from portal import env
from portal.jobs import forget as job
from portal.retention import forget
from projects.models import Consent, Cursor, Favourite, Lease, Look, SubjectState, Volunteer
from projects.services import next_subjects, record_classification
from tests.projects.factories import make_pass, make_workflow, submission

DAY = 86400


@pytest.fixture(autouse=True)
def _days(settings: LazySettings, tmp_path: Path) -> None:
    settings.KEEP = {"sessions": 14, "unused": 30, "logs": 30, "exports": 7, "notices": 90}
    settings.VAR_DIR = tmp_path
    (tmp_path / "log").mkdir()


def volunteer(days: float, **more: object) -> Volunteer:
    made = Volunteer.objects.create(**more)
    Volunteer.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=days))
    Consent.objects.create(volunteer=made, version="2026-11", at=timezone.now())
    return made


@pytest.mark.django_db
def test_sessions_end_with_their_time() -> None:
    now = timezone.now()
    Session.objects.create(session_key="over", session_data="", expire_date=now - timedelta(seconds=1))
    Session.objects.create(session_key="runs", session_data="", expire_date=now + timedelta(minutes=1))
    assert forget(now).sessions == 1
    assert list(Session.objects.values_list("session_key", flat=True)) == ["runs"]


@pytest.mark.django_db(transaction=True)
def test_volunteers_who_did_nothing_go_and_no_others() -> None:
    workflow = make_workflow()
    subject = SubjectState.objects.first().subject_id
    held = make_pass()
    record_classification(submission(workflow, subject), held)
    answered = Volunteer.objects.get(public_id=held.public_id)
    Volunteer.objects.filter(pk=answered.pk).update(created_at=timezone.now() - timedelta(days=300))
    user = get_user_model().objects.create(username="ada")
    signed_up = volunteer(300, account=user)
    kept = {
        "answered": answered,
        "signed up": signed_up,
        "joined": volunteer(300, joined_to=signed_up),
        "young": volunteer(29.9),
        "simulated": volunteer(300, simulated=True),
        "imported": volunteer(300, source="zoo", external_id="7"),
        "keeps a picture": volunteer(300),
        "has looked": volunteer(300),
    }
    Favourite.objects.create(volunteer=kept["keeps a picture"], subject_id=subject)
    Look.objects.create(volunteer=kept["has looked"], workflow=workflow, subject_id=subject)
    gone = volunteer(30.1)
    assert forget().volunteers == 1
    assert set(Volunteer.objects.values_list("pk", flat=True)) == {each.pk for each in kept.values()}
    assert not Consent.objects.filter(volunteer_id=gone.pk).exists()
    assert Consent.objects.filter(volunteer=kept["young"]).exists()


@pytest.mark.django_db(transaction=True)
def test_places_of_those_who_only_looked_go_with_their_leases() -> None:
    workflow = make_workflow()
    answered, looking, gone = make_pass(), make_pass(), make_pass()
    record_classification(submission(workflow, SubjectState.objects.first().subject_id), answered)
    for held in (answered, looking, gone):
        assert next_subjects(workflow_id=workflow.pk, holder=held.public_id, tab=uuid.uuid4()).subjects
    Lease.objects.exclude(holder=looking.public_id).delete()
    assert forget().cursors == 1
    assert set(Cursor.objects.values_list("holder", flat=True)) == {answered.public_id, looking.public_id}
    assert next_subjects(workflow_id=workflow.pk, holder=gone.public_id, tab=uuid.uuid4()).subjects


@pytest.mark.django_db
def test_logs_are_put_aside_at_half_their_time_and_emptied(tmp_path: Path) -> None:
    now = timezone.now()
    logs = tmp_path / "log"
    for name, days in (("web-1", 15.1), ("worker", 14.9)):
        (logs / f"{name}.log").write_text("new\n")
        (logs / f"{name}.log.1").write_text("old\n")
        at = now.timestamp() - days * DAY
        os.utime(logs / f"{name}.log.1", (at, at))
    with (logs / "web-1.log").open("a") as writing:
        assert forget(now).logs == 1
        writing.write("newer\n")
    assert (logs / "web-1.log").read_text() == "newer\n"
    assert (logs / "web-1.log.1").read_text() == "new\n"
    assert (logs / "worker.log").read_text() == "new\n"
    assert (logs / "worker.log.1").read_text() == "old\n"
    assert forget(now).logs == 0


@pytest.mark.django_db
def test_a_first_log_is_put_aside_later(tmp_path: Path) -> None:
    (tmp_path / "log" / "beat.log").write_text("line\n")
    assert forget().logs == 0
    assert (tmp_path / "log" / "beat.log").read_text() == "line\n"
    assert forget(timezone.now() + timedelta(days=15.1)).logs == 1
    assert (tmp_path / "log" / "beat.log.1").read_text() == "line\n"


@pytest.mark.django_db
def test_beat_sends_it_and_the_job_does_it() -> None:
    sent = settings.CELERY_BEAT_SCHEDULE["forget"]
    assert sent["task"] == job.name
    assert sent["schedule"] <= 600
    Session.objects.create(session_key="over", session_data="", expire_date=timezone.now() - timedelta(1))
    job()
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_the_privacy_page_says_these_numbers(client: Client, settings: LazySettings) -> None:
    settings.KEEP = {"sessions": 3, "unused": 1, "logs": 77, "exports": 55, "notices": 66}
    page = client.get("/privacy/").content.decode()
    assert "at most 3 days." in page
    assert "All else: 1 day." in page
    assert "77 days." in page
    assert "55 days." in page
    assert "66 days." in page


@pytest.mark.parametrize("value", ["0", "-3", "soon"])
def test_days_are_whole_and_positive(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("KEEP_LOGS", value)
    with pytest.raises(env.EnvError, match=r"KEEP_LOGS is .*write a whole number"):
        env.days("KEEP_LOGS", 30)
