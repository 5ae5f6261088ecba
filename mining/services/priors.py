"""What champions say of open subjects weighs in the online consensus, where the team wants it: clipped, no vote."""

from collections.abc import Sequence
from dataclasses import dataclass

from mining.models import ModelVersion, Prediction
from mining.science.clip import clipped
from projects.models import Evidence, Machine, Prior, SubjectState, Workflow
from projects.services.machine import give_priors


@dataclass(frozen=True)
class Audited:
    """Of the subjects that people alone decide: how many there are, are finished, and on how many of these what the
    machine leads with is what the votes came to. said: subjects on which it weighs in."""

    drawn: int
    finished: int
    agreed: int
    said: int


def give(version: ModelVersion, subjects: Sequence[int] | None = None) -> int:
    """Everything that a champion says, instead of what was said before; with `subjects` only of these, besides. Never
    from a subject's own votes (telling.py). Nothing where it is not switched on."""
    if version.state != ModelVersion.State.CHAMPION:
        return 0
    if not Machine.objects.filter(workflow=version.workflow_id, priors=True).exists():
        return 0
    rows = Prediction.objects.filter(version=version)
    if subjects is not None:
        rows = rows.filter(subject__in=subjects)
    chances = {
        subject: clipped(probabilities)
        for subject, probabilities in rows.values_list("subject_id", "probabilities").iterator()
    }
    return give_priors(
        version.workflow,
        task=version.task,
        model=f"version {version.pk}",
        keys=version.answers,
        chances=chances,
        anew=subjects is None,
    )


def audit_of(workflow: Workflow, task: str) -> Audited:
    """Since the newest version was given its word."""
    ours = Prior.objects.filter(workflow=workflow, task__in=(task, "")).order_by("pk")
    start = ours.filter(clears=True).values_list("pk", flat=True).last()
    records = ours.filter(pk__gte=start) if start else ours.none()
    leading: dict[int, str] = {}
    said = 0
    for record in records.iterator():
        k, alone = len(record.keys), set(record.audited)
        said += len(record.subjects) - len(alone)
        for at, subject in enumerate(record.subjects):
            if subject in alone:
                row = record.chances[at * k : at * k + k]
                leading[subject] = record.keys[row.index(max(row))]
    finished = set(
        SubjectState.objects.filter(
            workflow=workflow, subject__in=leading, retired_at__isnull=False
        ).values_list("subject_id", flat=True)
    )
    evidence = Evidence.objects.filter(workflow=workflow, task=task, subject__in=finished)
    came_to = {
        subject: max(probabilities, key=probabilities.get)
        for subject, probabilities in evidence.values_list("subject_id", "probabilities")
        if probabilities
    }
    agreed = sum(answer == leading[subject] for subject, answer in came_to.items())
    return Audited(len(leading), len(came_to), agreed, said)
