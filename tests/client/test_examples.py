"""The client and its examples, as a researcher runs them, against the running site."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from mining.models import ModelVersion, Prediction
from mining.services.outside_judged import judged
from projects.models import ProjectMember, Subject
from projects.services import record_classification
from projects.services.tokens import make_token
from tests.portal.pages.lab_hands import picture
from tests.projects.factories import ARMS, SMOOTH, make_pass, make_workflow, submission

CLIENT = Path(__file__).parents[2] / "client"


def example(name: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, CLIENT / "examples" / name, *arguments],
        env={**os.environ, "PYTHONPATH": str(CLIENT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_pushed_twice_and_read_as_a_table(live_site: str, tmp_path: Path) -> None:
    workflow = make_workflow(1, data_public=True)
    ann = User.objects.create_user("ann")
    ProjectMember.objects.create(project=workflow.project, user=ann, role="scientist")
    _token, secret = make_token(user=ann, name="night", scopes=["write"])
    for shade, name in enumerate(("r1", "r2")):
        (tmp_path / f"{name}.png").write_bytes(picture(shade))
    (tmp_path / "r1.json").write_text(json.dumps({"attributes": {"radius": 2.5}, "metadata": {"night": "5"}}))
    night = (live_site, secret, "zoo", str(tmp_path))
    first = example("push_subjects.py", *night)
    assert first.stdout == "{'added': 2, 'known': 0}\n", first.stderr
    assert example("push_subjects.py", *night).stdout == "{'added': 0, 'known': 2}\n"
    subject = Subject.objects.get(external_id="r1")
    assert (subject.attributes, subject.metadata) == ({"radius": 2.5}, {"night": "5"})
    record_classification(submission(workflow, subject.pk), make_pass())
    done = example("catalogue_into_astropy.py", live_site, secret, "zoo", "shapes")
    table = done.stdout
    assert "attr_radius" in table, done.stderr
    assert any("r1" in line and "2.5" in line and "smooth" in line for line in table.splitlines()), table
    refused = example("push_subjects.py", live_site, "vw_wrong", "zoo", str(tmp_path))
    assert "This token opens nothing" in refused.stderr


def test_trained_outside_and_posted(live_site: str) -> None:
    """Large ones are smooth, small ones have features: learnt from twelve finished subjects, said of eight open ones,
    and right about the one that people finish afterwards."""
    workflow = make_workflow(20)
    ann = User.objects.create_user("ann")
    ProjectMember.objects.create(project=workflow.project, user=ann, role="scientist")
    secret = make_token(user=ann, name="nightly", scopes=["write"])[1]
    subjects = list(Subject.objects.order_by("pk"))
    for at, subject in enumerate(subjects):
        subject.attributes = {"radius": 9.0 + at / 100 if at % 2 else 1.0 + at / 100}
    Subject.objects.bulk_update(subjects, ["attributes"])

    def finish(at: int) -> None:
        for _ in range(3):
            record_classification(
                submission(workflow, subjects[at].pk, SMOOTH if at % 2 else ARMS), make_pass()
            )

    for at in range(12):
        finish(at)
    night = (live_site, secret, str(workflow.pk), "T0", "by radius 1", "radius")
    first = example("train_outside.py", *night)
    assert first.stdout == "{'added': 8, 'known': 0, 'judged': None}\n", first.stderr
    said = {row.subject_id: row for row in Prediction.objects.all()}
    for at in range(12, 20):
        smooth, features, artifact = said[subjects[at].pk].probabilities
        assert (smooth > 0.8, features > 0.8, artifact) == (bool(at % 2), not at % 2, 0.0)
    finish(13)
    alone = judged(ModelVersion.objects.get()).alone
    assert alone is not None
    assert (alone.subjects, alone.agreed) == (1, 1)


@pytest.mark.django_db
def test_pages_are_followed_and_a_refusal_says_its_code(
    live_site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(CLIENT))
    from voorwerp_client import Refused, Site

    workflow = make_workflow(5)
    ann = User.objects.create_user("ann")
    ProjectMember.objects.create(project=workflow.project, user=ann, role="owner")
    site = Site(live_site, make_token(user=ann, name="a", scopes=["write"])[1])
    names = [each["name"] for each in site.pages("projects/zoo/subjects", limit=2)]
    assert sorted(names) == ["s0", "s1", "s2", "s3", "s4"]
    made = [site.post("projects", {"title": "R", "slug": "rings"}, key="one")["slug"] for _ in range(2)]
    assert made == ["rings", "rings"]
    with pytest.raises(Refused, match="nothing was overwritten") as caught:
        site.patch("projects/zoo", {"title": "Ark"}, match='"stale"')
    assert (caught.value.status, caught.value.code) == (412, "precondition_failed")
