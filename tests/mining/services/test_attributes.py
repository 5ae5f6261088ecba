"""Attribute runs: what goes with an answer is found, on finished subjects only, and done again to the same numbers."""

from typing import Any

import pytest
from django.utils import timezone

from mining.models import AttributeChart, AttributeRun
from mining.science.votes import encode
from mining.services.attribute_runs import GOING_ON, Cancelled, ask, publish, published, stop, tend
from mining.services.attributes import work
from mining.services.follow import follow
from mining.services.mine import mine
from projects.models import CatalogueAttribute, Retirement, Subject, SubjectState, Workflow
from tests.mining.helpers import store_votes

pytestmark = pytest.mark.django_db(transaction=True)
KIND = AttributeRun.Kind.ATTRIBUTES
SUBJECTS, OPEN = 48, 8


def make_measured(**project: Any) -> Workflow:
    """Three votes each on 48 subjects, the first half *disk*. `size` is above 100 for these, but -9999 for four of
    them; `noise` says nothing, `shape` is the answer in words, missing for every fourth. The last 8 are open; there
    size says the opposite."""
    items = [f"i{at:02d}" for at in range(SUBJECTS)]
    votes = [(item, f"v{who}", int(at >= SUBJECTS // 2)) for at, item in enumerate(items) for who in range(3)]
    workflow = store_votes(
        encode(*map(list, zip(*votes, strict=True)), labels=[0, 1]), ["Disk", "Ball"], **project
    )
    follow(workflow.pk)
    made = workflow.project
    for at, subject in enumerate(Subject.objects.order_by("pk")):
        disk, is_open = at < SUBJECTS // 2, at >= SUBJECTS - OPEN
        size: float = (200 if is_open else 100 if disk else 0) + at % 7
        subject.attributes = {"size": -9999.0 if at < 4 else size, "noise": float((at * 37) % 11)}
        subject.attributes |= {} if at % 4 == 0 else {"shape": "flat" if disk else "round"}
        subject.save()
    finished = list(Subject.objects.order_by("pk").values_list("pk", flat=True))[: SUBJECTS - OPEN]
    SubjectState.objects.filter(subject_id__in=finished).update(retired_at=timezone.now())
    made.attributes.bulk_create(
        [
            CatalogueAttribute(project=made, key="size", label="Size", unit="px", sentinels=[-9999.0]),
            CatalogueAttribute(project=made, key="noise", label="Noise"),
            CatalogueAttribute(project=made, key="shape", label="Shape", kind="category"),
        ]
    )
    return workflow


def rows(run: AttributeRun) -> list[tuple[Any, ...]]:
    return list(run.gains.values_list("attribute", "gain_bits", "low", "high", "p_value", "missing", "cut"))


def test_a_run_finds_what_goes_with_the_answer(redis_client: object) -> None:
    workflow = make_measured()
    run = ask(workflow, KIND, task="T0", key="k0", seed=3)
    work(run)
    run.refresh_from_db()
    assert (run.status, run.position, run.report["subjects"]) == ("done", 144, 40)
    found = {row[0]: row for row in rows(run)}
    assert found["size"][1] > 0.7
    assert found["shape"][1] > 0.7
    assert found["noise"][1] < 0.2
    assert (found["size"][5], found["shape"][5]) == (4, 10)
    assert found["size"][4] < 0.05 < found["noise"][4]
    assert [row[0] for row in rows(run)][-1] == "noise" or found["noise"][1] < found["size"][2]
    assert "size: 4 rows with -9999 count as missing" in run.report["warnings"]
    names = list(run.charts.values_list("name", flat=True))
    assert names[:3] == ["ranking", "values-1", "values-2"]
    assert "plane" in names
    plane = run.charts.get(name="plane")
    assert (len(plane.table["rows"]), bytes(plane.png)[:4], plane.svg_dark[:4]) == (40, b"\x89PNG", "<svg")
    assert run.report["corners"] == {
        "certain_agreed": 40, "certain_disputed": 0, "doubtful_agreed": 0, "doubtful_disputed": 0, "missing": 0,
    }  # fmt: skip
    assert run.report["chosen"][0][0] in ("size", "shape")
    assert "rows" in run.report["tree"]
    assert run.report["separation"]["single"][0][0] == ["size"]
    again = ask(workflow, KIND, task="T0", key="k0", seed=3)
    work(again)
    assert rows(again) == rows(run)


def test_open_subjects_are_taken_only_when_asked_for_and_never_published(redis_client: object) -> None:
    workflow = make_measured()
    consensus = mine(workflow, method="majority")
    open_too = ask(workflow, KIND, task="T0", consensus=consensus, with_open=True)
    work(open_too)
    closed = ask(workflow, KIND, task="T0", consensus=consensus)
    work(closed)
    bits = {run.pk: dict(run.gains.values_list("attribute", "gain_bits")) for run in (open_too, closed)}
    assert bits[closed.pk]["size"] > 2 * bits[open_too.pk]["size"]
    open_too.refresh_from_db()
    closed.refresh_from_db()
    with pytest.raises(ValueError, match="can't be published"):
        publish(open_too, workflow)
    publish(closed, workflow)
    assert published(workflow).run_id == closed.pk
    subject = SubjectState.objects.filter(retired_at__isnull=False).first().subject_id
    Retirement.objects.create(
        workflow=workflow, subject_id=subject, at=timezone.now(), retired=False, reason="test"
    )
    assert published(workflow) is None


def test_what_cannot_be_answered_is_kept_as_a_sentence(redis_client: object) -> None:
    workflow = make_measured()
    for change, sentence in (
        (lambda: SubjectState.objects.update(retired_at=None), "only 0 subjects have a consensus"),
        (lambda: SubjectState.objects.update(retired_at=timezone.now()), "has no answer k9"),
        (lambda: CatalogueAttribute.objects.all().delete(), "has no catalogue attributes: import a table"),
    ):
        change()
        run = ask(workflow, KIND, task="T0", key="k9")
        with pytest.raises(ValueError, match=sentence):
            work(run)
        run.refresh_from_db()
        assert (run.status, sentence in run.message, run.gains.count()) == ("failed", True, 0)


def test_a_cancelled_run_stores_nothing_and_a_killed_one_waits_again(
    redis_client: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow = make_measured()
    run = ask(workflow, KIND, task="T0")
    assert tend() == [run.pk]
    AttributeRun.objects.update(status="running", parameters={"tries": 1})
    assert tend() == [run.pk]
    AttributeRun.objects.update(status="running", parameters={"tries": 3})
    assert (tend(), AttributeRun.objects.get().status) == ([], "failed")
    run = ask(workflow, KIND, task="T0")

    def stopped(*_: Any) -> None:
        other = AttributeRun.objects.using("default").filter(pk=run.pk, status__in=GOING_ON)
        monkeypatch.undo()
        with _elsewhere() as cursor:
            cursor.execute("UPDATE mining_attributerun SET status = 'cancelled' WHERE id = %s", [run.pk])
        assert other is not None

    monkeypatch.setattr("mining.services.attributes._store", stopped)
    with pytest.raises(Cancelled):
        work(run)
    assert (AttributeRun.objects.get(pk=run.pk).status, AttributeChart.objects.count()) == ("cancelled", 0)
    assert stop(run) is False


def _elsewhere() -> Any:
    from contextlib import contextmanager

    from django.db import connection

    @contextmanager
    def opened() -> Any:
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                yield cursor
        finally:
            other.close()

    return opened()
