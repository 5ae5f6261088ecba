"""A classifier that is shown all that a client sees of the subjects handed out can't tell the hidden checks among them.

Each subject is seen once: in a batch of 1 or of 5, by somebody new, who answers it, and corrects and glances at some.
Its features are everything of the server's answers: the id, the place in the batch, names and sizes of fields, of
metadata and of media, headers, seconds of each call. A random forest learns and is judged out of fold (all of one batch
on the same side); chance is an area under the curve of 0.5.
"""

import copy
import hashlib
import json
import random
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from django.test import Client
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict

from projects.models import Media, Subject, SubjectState, Use, Workflow
from projects.services import Known, enter_gold
from projects.services.lane_moves import Which, put_in
from projects.services.lanes import make_lane
from projects.services.volunteers import COOKIE
from tests.load.size import size
from tests.projects.factories import ARMS, SMOOTH, TREE, make_pass, make_workflow

pytestmark = [
    pytest.mark.long,
    pytest.mark.soak,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("redis_client"),
]
SEEN = size(240, 1000)
AGAIN = size(5, 1)
"""Of so many subjects one is corrected and glanced at."""
CALLS = ("answer", "correction", "glance")
HALF: dict[str, Any] = TREE | {
    "checks": {"shares": [], "floor": 0.5},
    "retirement": ["gte", ["votes"], 1000],
}


@pytest.fixture
def workflow() -> Workflow:
    """Subjects as different from each other as real ones; every other one, drawn by chance, is a hidden check."""
    workflow = make_workflow(2 * SEEN, definition=HALF)
    workflow.refresh_from_db()
    draw = random.Random(4)
    subjects = list(Subject.objects.order_by("external_id"))
    for subject in subjects:
        subject.metadata = {
            "field": "ABCDEF"[draw.randrange(6)],
            "note": "x" * draw.randrange(60),
            "#secret": "not shown",
        }
    Subject.objects.bulk_update(subjects, ["metadata"])
    pictures = list(Media.objects.order_by("subject_id"))
    for picture in pictures:
        picture.path = f"zoo/{draw.randbytes(8).hex()}.png"
        picture.width, picture.height = draw.choice([(64, 64), (80, 64), (424, 424)])
    Media.objects.bulk_update(pictures, ["path", "width", "height"])
    lane = make_lane(
        workflow=workflow, title="First", priority=1
    )  # half of the work is a lane's, half the pool's
    put_in(lane, Which(ids=[subject.pk for subject in draw.sample(subjects, SEEN)]))
    for subject in draw.sample(subjects, SEEN):
        enter_gold(
            workflow=workflow, subject_id=subject.pk, annotations=SMOOTH, expert="account:1", known=Known()
        )
    return workflow


@dataclass
class Seen:
    """One subject as a client was handed it. seconds: of the whole answer; calls: seconds and size of each on it."""

    subject: dict[str, Any]
    is_check: bool
    place: int
    batch: int
    ids: list[int]
    headers: dict[str, str]
    length: int
    seconds: float
    calls: dict[str, tuple[float, int]] = field(default_factory=dict)


def gather(workflow: Workflow) -> list[Seen]:
    """SEEN subjects, each once, by batches of 1 and of 5 in turn."""
    checks = set(SubjectState.objects.filter(use=Use.CHECK).values_list("subject_id", flat=True))
    found: dict[int, Seen] = {}
    batch = 0
    while len(found) < SEEN:
        client, n = Client(), (1, 5)[batch % 2]
        client.cookies[COOKIE] = make_pass().signed()
        client.get(f"/api/v1/workflows/{workflow.pk}/next?n=0")
        started = time.perf_counter()
        response = client.get(f"/api/v1/workflows/{workflow.pk}/next?n={n}")
        seconds = time.perf_counter() - started
        subjects = response.json()["subjects"]
        ids = [subject["id"] for subject in subjects]
        headers, length = dict(response.headers), len(response.content)
        for place, subject in enumerate(subjects):
            known = subject["id"] in checks
            seen = Seen(subject, known, place, batch, ids, headers, length, seconds)
            if found.setdefault(subject["id"], seen) is seen:
                seen.calls = call(client, workflow, subject["id"], again=len(found) % AGAIN == 0)
        # As if others had answered the work too: else everybody is handed the lane's first. And no check comes twice:
        # what is counted late would else be work more often, and the hour would tell.
        SubjectState.objects.filter(subject__in=ids, use=Use.WORK).update(wanted=0)
        SubjectState.objects.filter(subject__in=ids, use=Use.CHECK).update(use=Use.EXAM)
        batch += 1
    return list(found.values())[:SEEN]


def call(client: Client, workflow: Workflow, subject: int, again: bool) -> dict[str, tuple[float, int]]:
    """Answer it and, where `again`, correct the answer and look at others'."""
    found = {}

    def timed(name: str, method: str, path: str, **options: Any) -> None:
        started = time.perf_counter()
        response = getattr(client, method)(path, **options)
        found[name] = (time.perf_counter() - started, len(response.content))
        assert response.status_code in (200, 201), response.content

    def body(annotations: Any, **more: Any) -> dict[str, Any]:
        sent = {"id": str(uuid.uuid4()), "workflow_version": workflow.published_id, "subject": subject}
        return {"data": {**sent, "annotations": annotations, **more}, "content_type": "application/json"}

    timed("answer", "post", "/api/v1/classifications", **body(SMOOTH))
    if again:
        timed("correction", "post", "/api/v1/classifications", **body(ARMS, corrects=True))
        timed("glance", "get", f"/api/v1/subjects/{subject}/glance?workflow={workflow.pk}")
    return found


def features(seen: Seen) -> list[float]:
    subject = seen.subject
    (picture,) = subject["media"]
    return [
        *(subject["id"] >> shift & 0xFFFF for shift in (0, 16, 32)),
        float(np.log2(subject["id"])),
        seen.place,
        len(seen.ids),
        sorted(seen.ids).index(seen.ids[seen.place]),
        _number(list(subject)),
        _number(list(picture)),
        len(json.dumps(subject)),
        len(subject["metadata"]),
        _number(list(subject["metadata"])),
        len(json.dumps(subject["metadata"])),
        len(picture["url"]),
        _number(picture["mime"]),
        picture["width"],
        picture["height"],
        len(picture["alt"]),
        _number(picture["url"]),
        seen.length,
        _number(sorted(seen.headers)),
        sum(len(value) for value in seen.headers.values()),
        seen.seconds,
        *(number for name in CALLS for number in seen.calls.get(name, (-1.0, -1))),
    ]


def _number(value: Any) -> int:
    """The same for the same value, whatever it is."""
    return int(hashlib.sha1(json.dumps(value).encode()).hexdigest()[:6], 16)


def area(found: list[Seen]) -> tuple[float, float, float]:
    """Area under the curve, out of fold, with an interval of 4.5 standard errors, from drawing the batches again.

    By chance alone it leaves .5 below it once in 300,000 runs."""
    rows = np.array([features(seen) for seen in found])
    is_check = np.array([seen.is_check for seen in found])
    batches = np.array([seen.batch for seen in found])
    forest = RandomForestClassifier(n_estimators=size(40, 100), min_samples_leaf=3, random_state=1)
    folds = GroupKFold(n_splits=size(5, 8))
    guess = cross_val_predict(forest, rows, is_check, groups=batches, cv=folds, method="predict_proba")[:, 1]
    draw = np.random.default_rng(2)
    of_batch = [np.flatnonzero(batches == batch) for batch in np.unique(batches)]
    again = []
    for _ in range(300):
        drawn = np.concatenate([of_batch[i] for i in draw.integers(len(of_batch), size=len(of_batch))])
        again.append(roc_auc_score(is_check[drawn], guess[drawn]))
    middle, reach = float(roc_auc_score(is_check, guess)), 4.5 * float(np.std(again))
    return middle, middle - reach, middle + reach


def leaking(found: list[Seen], where: str) -> list[Seen]:
    """The same, as they would be seen if checks were marked by a little."""
    marked = copy.deepcopy(found)
    for seen in marked:
        if not seen.is_check:
            continue
        if where == "a longer field":
            seen.subject["metadata"]["note"] += "x" * 30
        elif where == "a picture's width":
            seen.subject["media"][0]["width"] += 1
        elif where == "ids that grow":
            seen.subject["id"] += 2**53
        elif where == "a slower answer":
            seen.seconds += 0.2
        elif where == "an answer that takes longer":
            seconds, length = seen.calls["answer"]
            seen.calls["answer"] = (seconds + 0.2, length)
    return marked


LEAKS = (
    "a longer field",
    "a picture's width",
    "ids that grow",
    "a slower answer",
    "an answer that takes longer",
)


def test_checks_are_told_no_better_than_by_chance(workflow: Workflow) -> None:
    found = gather(workflow)
    share = sum(seen.is_check for seen in found) / len(found)
    middle, low, high = area(found)
    print(f"{len(found)} subjects, {share:.0%} checks: area {middle:.3f} ({low:.3f} to {high:.3f})")
    assert 0.34 < share < 0.66
    assert low < 0.5
    assert high - middle < size(0.25, 0.15)  # narrow enough to say something
    assert {where: area(leaking(found, where))[1] > 0.5 for where in LEAKS} == dict.fromkeys(LEAKS, True)
