"""Pages of bands: made as a draft, brought to act by a cut that stands, with what was decided in each."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from mining.models import Band, BandCut, ModelVersion
from mining.services.band_work import label_of, meaning_of
from projects.models import ProjectMember, Workflow
from projects.services.decisions import Decider, decide
from projects.services.policies import publish_policy, set_triage
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db
BANDS = "/projects/zoo/bands/shapes/"
GIVEN: dict[str, Any] = {"title": "ML · GOOD", "verdicts": ["ok"], "wanted": "99.9", "audit": "10"}
CONTENT = {"languages": ["en"], "categories": [{"key": "drugs", "titles": {"en": "Drugs"}}]}


@pytest.fixture
def workflow() -> Workflow:
    made = make_workflow(2)
    policy = publish_policy(made.project, title="Policy", content=CONTENT).policy
    set_triage(made, policy=policy, task="T0", verdicts={"smooth": "ok"})
    return made


def member(workflow: Workflow, role: str) -> Client:
    user, client = User.objects.create_user(f"a-{role}"), Client()
    ProjectMember.objects.create(project=workflow.project, user=user, role=role)
    client.force_login(user)
    return client


def said(client: Client, at: str = "", given: dict[str, Any] | None = None) -> str:
    """A page, or what a form is told that is refused."""
    answer = client.get(BANDS + at) if given is None else client.post(BANDS + at, given)
    assert answer.status_code == (200 if given is None else 400)
    return answer.content.decode()


def cut(band: Band) -> BandCut:
    version = ModelVersion.objects.create(
        workflow=band.workflow, task="T0", state="champion", artefact="x", data_hash="x", answers=["smooth"],
        sources=[], position=0, subjects=1, audit=1, votes=1, seed=0, code_version="x", made_at=timezone.now(),
    )  # fmt: skip
    made = BandCut.objects.create(
        band=band, edition=band.edition, version=version, meaning=meaning_of(band.workflow.triage), threshold=0.93,
        hits=4990, of=4991, low=0.9991, judging=5000, at=timezone.now(),
    )  # fmt: skip
    Band.objects.filter(pk=band.pk).update(cut=made)
    return made


def test_a_band_is_made_and_acts_once_its_cut_is_found(workflow: Workflow) -> None:
    client = member(workflow, "scientist")
    assert "No model speaks yet" in said(client)
    assert client.post(BANDS, GIVEN).status_code == 302
    assert "There is a band ML · GOOD already" in said(client, given=GIVEN)  # a double click
    assert "Ensure this value is less than" in said(client, given=GIVEN | {"wanted": "100"})
    assert "99.9 %" in said(client)
    band = Band.objects.get()
    at = f"{band.slug}/"
    assert "No model speaks for the question" in said(client, given={"do": "cut"})
    assert "find the cuts first" in said(client, at, {"do": "live"})
    assert "Choose what to do" in said(client, at, {"do": "x"})
    made = cut(band)
    assert "0.930" in said(client, at)
    assert client.post(BANDS + at, {"do": "background"}).status_code == 302
    subject = workflow.project.subjects.get(external_id="s0").pk
    decide(workflow=workflow, subject_id=subject, verdict="ok", decider=Decider.by_model(label_of(made)))
    page = said(client, at)
    assert "<dt>Decided</dt><dd>1</dd>" in page
    assert "99.9 %" in page
    changed = GIVEN | {"do": "save", "wanted": "99"}
    assert client.post(BANDS + at, changed).status_code == 302
    band.refresh_from_db()
    assert (band.wanted, band.state, band.edition, band.cut) == (0.99, "draft", 2, None)


def test_others_find_no_bands(workflow: Workflow) -> None:
    for role in ("expert", "tester"):
        assert member(workflow, role).post(BANDS, GIVEN).status_code == 404
    assert not Band.objects.exists()
