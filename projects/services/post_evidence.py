"""Take in what mining concludes. The only door through which mining writes into the record's rooms."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from projects.models import Evidence, SubjectState, Workflow
from projects.services.consensus_news import listeners, note_changes, said
from projects.services.retirement import apply_condition, standing
from projects.services.versions import get_version
from projects.signals import evidence_posted, send_on_commit


@dataclass(frozen=True)
class Conclusion:
    """Mining's numbers for one task of one subject; `asked`: how many votes of the task it had seen.

    Of a task that is not answered by choosing: no probabilities, no entropy, and the consensus as `value`.
    """

    subject_id: int
    task: str
    probabilities: dict[str, float] | None
    entropy: float | None
    dispersion: float
    effective_votes: float
    certainty: float | None
    asked: int
    value: dict[str, Any] | None = None


@transaction.atomic
def post_evidence(
    *, workflow_id: int, conclusions: Iterable[Conclusion], position: int, run_id: int | None = None
) -> int:
    """Write the numbers beside the tallies and evaluate the retirement condition of each open subject.

    The same pure condition is evaluated as when an answer is recorded, under the same lock. Returns how many subjects
    it retired. Safe to repeat.
    """
    by_subject: dict[int, list[Conclusion]] = {}
    for conclusion in conclusions:
        by_subject.setdefault(conclusion.subject_id, []).append(conclusion)
    published = Workflow.objects.values_list("published_id", flat=True).get(pk=workflow_id)
    if published is None or not by_subject:
        return 0
    version = get_version(published)
    states = SubjectState.objects.select_for_update().filter(
        workflow_id=workflow_id, subject_id__in=by_subject
    )
    by_id = {state.subject_id: state for state in states.order_by("subject_id")}
    finished = [subject for subject, state in by_id.items() if state.retired_at is not None]
    webhooks = listeners(version.project_id) if finished else []
    before = said(_of(workflow_id, finished)) if webhooks else {}
    Evidence.objects.bulk_create(
        [_row(workflow_id, c, position, run_id) for each in by_subject.values() for c in each],
        update_conflicts=True,
        unique_fields=["workflow_id", "subject_id", "task"],
        update_fields=[
            "probabilities", "value", "entropy", "dispersion", "effective_votes", "certainty", "asked", "run_id",
            "position",
        ],
    )  # fmt: skip
    evidence: dict[int, list[Evidence]] = {}
    for row in _of(workflow_id, by_subject):
        evidence.setdefault(row.subject_id, []).append(row)
    if webhooks:
        after = said(row for subject in finished for row in evidence[subject])
        note_changes(workflow_id, webhooks, before, after)
    retired = 0
    for state in by_id.values():
        if state.retired_at is None and apply_condition(state, version, standing(evidence[state.subject_id])):
            state.save(update_fields=["retired_at", "retired_reason"])
            retired += 1
    send_on_commit(evidence_posted, workflow_id=workflow_id, project_id=version.project_id)
    return retired


def _of(workflow_id: int, subjects: Iterable[int]) -> QuerySet[Evidence]:
    return Evidence.objects.filter(workflow_id=workflow_id, subject_id__in=list(subjects))


def _row(workflow_id: int, conclusion: Conclusion, position: int, run_id: int | None) -> Evidence:
    return Evidence(
        workflow_id=workflow_id,
        subject_id=conclusion.subject_id,
        task=conclusion.task,
        tallies={"asked": 0, "votes": {}, "first": []},
        probabilities=conclusion.probabilities,
        value=conclusion.value,
        entropy=conclusion.entropy,
        dispersion=conclusion.dispersion,
        effective_votes=conclusion.effective_votes,
        certainty=conclusion.certainty,
        asked=conclusion.asked,
        run_id=run_id,
        position=position,
    )
