"""Classifiers: trained from votes and pictures, judged on what they never saw, refused where worse, rolled back."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import OperationalError, connection
from PIL import Image, ImageDraw

from mining.models import AttributeRun, Embedding, ModelVersion, Prediction, Reader
from mining.science.classifiers.audit import is_held_back
from mining.services.attribute_runs import ask
from mining.services.champions import ArtefactError, champion, folder_of, put_in_place, roll_back
from mining.services.classifiers import LOCK, work
from projects.models import CatalogueAttribute, Media, Subject, Volunteer, Workflow, WorkflowCounter
from tests.mining.helpers import Crowd, store_answers
from tests.projects.factories import make_workflow

pytestmark = pytest.mark.django_db(transaction=True)
KIND = AttributeRun.Kind.CLASSIFIERS
SUBJECTS, UNSEEN = 160, 12
TASKS: dict[str, Any] = {
    "first_task": "T0",
    "tasks": {
        "T0": {
            "kind": "single",
            "question": "Which?",
            "answers": [
                {"key": "disc", "label": "Disc", "next": None},
                {"key": "bar", "label": "Bar", "next": None},
            ],
        }
    },
    "retirement": ["gte", ["votes"], 1000],
}


def picture(kind: int, rng: np.random.Generator) -> bytes:
    """A disc (0) or a bar (1) on noise, somewhere near the middle."""
    image = Image.fromarray(rng.integers(0, 60, (32, 32, 3), dtype=np.uint8))
    x, y, size = *rng.integers(12, 20, 2).tolist(), int(rng.integers(6, 9))
    shape = (x - size, y - size, x + size, y + size) if kind == 0 else (x - 12, y - 2, x + 12, y + 2)
    draw = ImageDraw.Draw(image)
    (draw.ellipse if kind == 0 else draw.rectangle)(shape, fill=(200, 200, 170))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def make_seen() -> Workflow:
    """Five votes each, of which a fifth is wrong, on all but the last 12; `size` says nothing. All are open."""
    rng = np.random.default_rng(5)
    kinds = np.arange(SUBJECTS) % 2
    workflow = make_workflow(SUBJECTS, definition=TASKS)
    workflow.refresh_from_db()
    subjects = Crowd(workflow).subjects
    people = Volunteer.objects.bulk_create(Volunteer() for _ in range(5))
    said = [
        (
            subjects[at],
            person,
            [{"task": "T0", "value": ("disc", "bar")[int(kinds[at]) ^ int(rng.random() < 0.2)]}],
            {},
        )
        for at in range(SUBJECTS - UNSEEN)
        for person in people
    ]
    store_answers(workflow, said)
    Reader.objects.create(workflow=workflow, position=WorkflowCounter.objects.get(workflow=workflow).position)
    for at, subject in enumerate(Subject.objects.order_by("pk")):
        content = picture(int(kinds[at]), rng)
        digest = hashlib.sha256(content).hexdigest()
        path = storages["default"].save(f"learn/{digest}.png", ContentFile(content))
        Media.objects.filter(subject=subject).update(path=path, sha256=digest)
        subject.attributes = {"size": float(rng.normal())} if at % 3 else {}
        subject.save()
    CatalogueAttribute.objects.create(project=workflow.project, key="size", label="Size")
    return workflow


def train(workflow: Workflow, **more: Any) -> AttributeRun:
    run = ask(workflow, KIND, parameters={"encoder": "plain"}, **more)
    work(run)
    run.refresh_from_db()
    assert run.status == "done", run.message
    return run


def test_the_whole_way_from_votes_to_predictions_and_back() -> None:
    workflow = make_seen()
    run = train(workflow)
    first = ModelVersion.objects.get()
    assert (first.state, first.reasons) == ("champion", [])
    assert (first.run_id, first.subjects + first.audit) == (run.pk, SUBJECTS - UNSEEN)
    assert first.metrics["audit"]["accuracy"] > 0.9
    assert first.metrics["difference"][2] < 0  # surely better than the shares of answers alone
    assert first.sources == ["picture:plain", "attributes"]
    subjects = list(Subject.objects.order_by("pk").values_list("pk", flat=True))
    told = dict(first.predictions.values_list("subject_id", "probabilities"))
    assert sorted(told) == subjects
    unseen = [int(np.argmax(told[subject])) == at % 2 for at, subject in enumerate(subjects)][-UNSEEN:]
    assert sum(unseen) >= UNSEEN - 2
    near = Prediction.objects.get(version=first, subject=subjects[-1]).neighbours
    assert len(near) == 5
    assert {subjects.index(subject) < SUBJECTS - UNSEEN for subject, _ in near} == {True}
    manifest = json.loads((folder_of(workflow.pk) / first.artefact / "manifest.json").read_text())
    assert (manifest["data_hash"], manifest["classifier"]["answers"]) == (first.data_hash, ["disc", "bar"])
    embedded = Embedding.objects.count()
    assert embedded == SUBJECTS

    train(workflow)  # again on the same votes: as good, nothing is encoded twice
    second = champion(workflow, "T0")
    assert second is not None
    assert (second.parent_id, second.data_hash, Embedding.objects.count()) == (
        first.pk,
        first.data_hash,
        embedded,
    )

    first.refresh_from_db()
    work(roll_back(first))
    assert champion(workflow, "T0") == first
    second.refresh_from_db()
    assert second.state == "retired"
    with pytest.raises(ValueError, match="champion"):
        roll_back(first)

    # pictures of what is learnt from are mixed up, as by a broken import; those held back are as before
    _swap_pictures(workflow)
    train(workflow)
    worse = ModelVersion.objects.first()
    assert worse is not None
    assert (worse.state, worse.reasons[0][0]) == ("refused", "worse")
    assert champion(workflow, "T0") == first
    assert not worse.predictions.exists()

    # a file that was touched serves nothing
    path: Path = folder_of(workflow.pk) / first.artefact / "arrays.safetensors"
    body = bytearray(path.read_bytes())
    body[-1] ^= 1
    path.write_bytes(body)
    put_in_place(second)
    first.refresh_from_db()
    again = roll_back(first)
    with pytest.raises(ArtefactError, match="were changed"):
        work(again)
    again.refresh_from_db()
    assert (again.status, "were changed" in again.message) == ("failed", True)


def test_two_trainings_of_a_workflow_wait_for_each_other() -> None:
    """While another process trains, this one is past no lock: it waits, here only until PostgreSQL ends that."""
    workflow = make_workflow(1, definition=TASKS)
    run = ask(workflow, KIND)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK, workflow.pk])
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        with pytest.raises(OperationalError, match="lock timeout"):
            work(run)
    finally:
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def _swap_pictures(workflow: Workflow) -> None:
    """Each that is learnt from shows the next one's picture: discs and bars change places."""
    seen = [media for media in Media.objects.order_by("subject") if not is_held_back(media.sha256)]
    turned = [(media.path, media.sha256) for media in [*seen[1:], seen[0]]]
    for media, (path, sha256) in zip(seen, turned, strict=True):
        Media.objects.filter(pk=media.pk).update(path=path, sha256=sha256)
