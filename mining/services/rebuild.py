"""Read the whole record again, compare the online state with it bit by bit, and put it right."""

from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from mining.ledger import read_events
from mining.models import Reader
from mining.services import online_store
from mining.services.follow import LOCK, advance
from projects.models import Evidence, Workflow
from projects.services import Conclusion, post_evidence
from projects.services.rebuild import Difference

EVIDENCE = ("probabilities", "value", "entropy", "dispersion", "effective_votes", "certainty", "asked")


def wait_for_lock(workflow_id: int) -> None:
    """No follower reads this workflow until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, workflow_id])


@transaction.atomic
def forget(workflow_id: int) -> None:
    """Throw the online state away: the next follower reads the record from its start."""
    wait_for_lock(workflow_id)
    online_store.clear(workflow_id)
    Reader.objects.update_or_create(workflow_id=workflow_id, defaults={"position": 0})


@transaction.atomic
def rebuild_online(workflow: Workflow, *, batch: int = 500) -> list[Difference]:
    """The online state and mining's part of the evidence, up to the position that had been read.

    Returns what differed: nothing, when all is well. Memory: twice the online state, and the evidence.
    """
    wait_for_lock(workflow.pk)
    reader, _ = Reader.objects.get_or_create(workflow=workflow)
    before = {model: _rows(model, workflow.pk) for model in online_store.STATE}
    online_store.clear(workflow.pk)
    position = 0
    conclusions: dict[tuple[int, str], Conclusion] = {}
    while position < reader.position:
        events, reached = read_events(
            workflow.pk, after=position, limit=min(batch, reader.position - position)
        )
        if reached == position:
            break
        position = reached
        conclusions |= {(c.subject_id, c.task): c for c in advance(workflow.pk, events)}
    differences = []
    if position != reader.position:  # beyond the end of the record
        differences.append(Difference(Reader._meta.label, (workflow.pk,), (reader.position,), (position,)))
        reader.position = position
        reader.save()
    for model, stored in before.items():
        rebuilt = _rows(model, workflow.pk)
        differences += [
            Difference(model._meta.label, key, stored.get(key), rebuilt.get(key))
            for key in sorted(stored.keys() | rebuilt.keys())
            if stored.get(key) != rebuilt.get(key)
        ]
    return differences + _evidence(workflow.pk, conclusions, position)


def _rows(model: type[Model], workflow_id: int) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Key to values, with every bit of a float."""
    names = [field.attname for field in model._meta.concrete_fields if field.column]
    rows = model._default_manager.filter(workflow_id=workflow_id).values_list("pk", *names)
    return {tuple(pk): tuple(_bits(value) for value in values) for pk, *values in rows}


def _evidence(
    workflow_id: int, conclusions: dict[tuple[int, str], Conclusion], position: int
) -> list[Difference]:
    """Compare mining's part of each row of evidence; post what differs."""
    rows = Evidence.objects.filter(workflow_id=workflow_id, run_id__isnull=True)
    stored = {row[:2]: row[2:] for row in rows.values_list("subject_id", "task", *EVIDENCE)}
    wrong = {}
    for key, conclusion in conclusions.items():
        want = tuple(getattr(conclusion, name) for name in EVIDENCE)
        if key in stored and _bits(stored[key]) == _bits(want):
            continue
        wrong[key] = Difference(Evidence._meta.label, key, stored.get(key), want)
    extra = [
        key for key, values in stored.items() if key not in conclusions and values != (None,) * len(EVIDENCE)
    ]
    for subject, task in extra:
        blank = dict.fromkeys((*EVIDENCE, "position"))
        Evidence.objects.filter(workflow_id=workflow_id, subject_id=subject, task=task).update(**blank)
    post_evidence(workflow_id=workflow_id, conclusions=[conclusions[key] for key in wrong], position=position)
    blanked = [Difference(Evidence._meta.label, key, stored[key], None) for key in extra]
    return [wrong[key] for key in sorted(wrong)] + blanked


def _bits(value: Any) -> Any:
    """The value with floats as text that tells every bit."""
    if isinstance(value, float):
        return value.hex()
    if isinstance(value, list | tuple):
        return tuple(_bits(each) for each in value)
    if isinstance(value, dict):
        return {key: _bits(each) for key, each in value.items()}
    return value
