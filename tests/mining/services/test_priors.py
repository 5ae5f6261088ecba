"""People and machine: what a classifier says weighs in from the record, never alone, and comes out the same again."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mining.models import ModelVersion, OnlinePrior, Prediction
from mining.science.clip import clipped
from mining.science.consensus.online import OnlineTask
from mining.services.follow import follow
from mining.services.priors import audit_of, give
from mining.services.rebuild import rebuild_online
from projects.exceptions import Invalid
from projects.models import Classification, Evidence, LedgerEntry, Machine, Prior, SubjectState, Workflow
from projects.services import discount
from projects.services.machine import audited, floor_of, set_machine
from tests.mining.helpers import Crowd, dump, evidence_of
from tests.projects.factories import ARTIFACT, SMOOTH, TREE, make_workflow

pytestmark = pytest.mark.django_db(transaction=True)
SURE: dict[str, Any] = TREE | {
    "retirement": ["any", ["gte", ["votes"], 20], ["gte", ["probability", "T0"], 0.97]]
}


def champion_of(workflow: Workflow, said: dict[int, list[float]]) -> ModelVersion:
    version = ModelVersion.objects.create(
        workflow=workflow, task="T0", state="champion", artefact="x", data_hash="x",
        answers=["smooth", "features", "artifact"], sources=[], position=0, subjects=1, audit=1, votes=1, seed=0,
        code_version="x", made_at=timezone.now(),
    )  # fmt: skip
    Prediction.objects.bulk_create(
        Prediction(version=version, subject_id=s, probabilities=p, shares=p, strength=1, top=max(p))
        for s, p in said.items()
    )
    return version


def test_a_prior_stands_for_the_class_frequencies_and_is_no_vote() -> None:
    one, other = OnlineTask(["a", "b", "c"]), OnlineTask(["a", "b", "c"])
    other.priors[1] = {"a": 0.8, "b": 0.2}  # c is a newer answer
    one.apply(1, 7, "a")
    other.apply(1, 7, "a")
    base, said = one.subjects[1].p, other.subjects[1].p
    # c keeps its third, a and b share the rest 0.8 to 0.2 instead of evenly
    odds = [p / q for p, q in zip(said, base, strict=True)]
    assert odds[0] / odds[2] == pytest.approx(1.6)
    assert odds[1] / odds[2] == pytest.approx(0.4)
    assert sum(map(sum, other.volunteers[7])) == pytest.approx(1)
    other.priors.clear()
    other.refresh(1)
    assert clipped([1.0, 0.0, 0.0]) == pytest.approx([0.978261, 0.01087, 0.01087], abs=1e-5)


def test_off_by_default_never_alone_and_told_in_the_ledger() -> None:
    workflow = make_workflow(2, definition=SURE)
    crowd = Crowd(workflow, 3)
    version = champion_of(workflow, {crowd.subjects[0]: [0.98, 0.01, 0.01]})
    assert (floor_of(workflow.pk), give(version)) == (0, 0)
    for wrong in [{"people": 0}, {"people": 51}, {"audit": 0.04}]:
        with pytest.raises(Invalid):
            set_machine(workflow, **({"people": 1, "priors": True, "audit": 0.05} | wrong))
    with pytest.raises(IntegrityError), transaction.atomic():
        Machine.objects.create(workflow=workflow, people=0, priors=True, audit=0.1)
    assert set_machine(workflow, people=2, priors=False, audit=0.05)
    assert not set_machine(workflow, people=2, priors=False, audit=0.05)
    assert give(version) == 0
    assert LedgerEntry.objects.filter(kind="prior").count() == Prior.objects.count() == 1


def test_with_a_machine_one_person_settles_and_the_floor_and_the_audited_hold() -> None:
    workflow = make_workflow(60, definition=SURE)
    crowd = Crowd(workflow, 3)
    set_machine(workflow, people=2, priors=True, audit=0.3)
    workflow.refresh_from_db()
    alone = [at for at, s in enumerate(crowd.subjects) if audited(workflow.pk, s, 0.3)]
    shared = [at for at in range(60) if at not in alone]
    version = champion_of(workflow, {s: [0.98, 0.01, 0.01] for s in crowd.subjects})
    assert give(version) == 60
    one, two = shared[0], alone[0]
    for at in (one, two):
        crowd.answer(0, at, SMOOTH)
    follow(workflow.pk)
    p = dict(Evidence.objects.filter(task="T0").values_list("subject_id", "probabilities"))
    assert p[crowd.subjects[one]]["smooth"] > 0.97 > 0.9 > p[crowd.subjects[two]]["smooth"]
    assert SubjectState.objects.filter(retired_at__isnull=False).count() == 0  # one person of two
    crowd.answer(1, one, SMOOTH)
    follow(workflow.pk)
    retired = set(SubjectState.objects.filter(retired_at__isnull=False).values_list("subject_id", flat=True))
    assert retired == {crowd.subjects[one]}
    told = audit_of(workflow, "T0")
    assert (told.drawn, told.finished, told.said) == (len(alone), 0, len(shared))

    # fewer people than that: it is open again
    gone = Classification.objects.filter(subject=crowd.subjects[one]).first()
    assert gone is not None
    discount(gone, "test")
    assert SubjectState.objects.get(subject=crowd.subjects[one]).retired_at is None


def test_the_state_is_the_same_again_whatever_the_machine_said_meanwhile() -> None:
    workflow = make_workflow(12, definition=SURE)
    crowd = Crowd(workflow, 6)
    set_machine(workflow, people=1, priors=True, audit=0.05)
    first = champion_of(workflow, {s: [0.7, 0.2, 0.1] for s in crowd.subjects})
    give(first)
    for volunteer in range(3):
        for subject in range(12):
            crowd.answer(volunteer, subject, SMOOTH if (subject + volunteer) % 3 else ARTIFACT)
    follow(workflow.pk, batch=5)
    ModelVersion.objects.update(state="retired")
    second = champion_of(workflow, {s: [0.1, 0.2, 0.7] for s in crowd.subjects[:6]})
    give(second)  # says nothing of the other six
    crowd.answer(3, 0, ARTIFACT)
    follow(workflow.pk)
    assert OnlinePrior.objects.count() == sum(not audited(workflow.pk, s, 0.05) for s in crowd.subjects[:6])
    give(second, crowd.subjects[3:4])
    crowd.answer(4, 3, SMOOTH)
    follow(workflow.pk)
    before, evidence = dump(workflow), evidence_of(workflow)
    for batch in (1, 500):
        assert rebuild_online(workflow, batch=batch) == []
        assert (dump(workflow), evidence_of(workflow)) == (before, evidence)
    set_machine(workflow, people=1, priors=False, audit=0.05)
    follow(workflow.pk)
    assert not OnlinePrior.objects.exists()
    assert rebuild_online(workflow) == []
