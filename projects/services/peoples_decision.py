"""What volunteers' answers come to is a decision, where the workflow decides by a policy."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from projects.models import Decision, SubjectState, Triage
from projects.services.policies import current_version
from projects.signals import send_on_commit, subjects_decided


def decide_for_people(
    state: SubjectState, project_id: int, evidence: Mapping[str, Mapping[str, Any]]
) -> Decision | None:
    """The decision that follows from a locked state's retirement by its condition, in that transaction.

    The verdict is that of the most probable answer where mining's numbers are not stale, else of the one that most
    gave. None, and nothing is decided, where the workflow has no policy, where two answers are equal, and where the
    answer is no verdict: a subject that is finished without a decision is the team's to decide.
    """
    triage = Triage.objects.filter(workflow=state.workflow_id).first()
    if triage is None:
        return None
    of_task = evidence.get(triage.task, {})
    answer = _leading(of_task.get("probabilities") or of_task.get("votes") or {})
    verdict = triage.verdicts.get(answer)
    if verdict is None:
        return None
    decision = Decision.objects.create(
        uuid=uuid.uuid4(),
        workflow_id=state.workflow_id,
        subject_id=state.subject_id,
        verdict=verdict,
        policy=current_version(state.workflow_id),
        kind=Decision.Kind.PEOPLE,
        reason=state.retired_reason,
        evidence={
            "task": triage.task,
            "answer": answer,
            "asked": of_task.get("asked", 0),
            "votes": of_task.get("votes", {}),
            "probabilities": of_task.get("probabilities"),
        },
        at=timezone.now(),
    )
    send_on_commit(subjects_decided, workflow_id=state.workflow_id, project_id=project_id)
    return decision


def _leading(weights: Mapping[str, float]) -> str:
    """The answer with the most; "" where there is none, or two are equal."""
    ranked = sorted(weights.items(), key=lambda item: -item[1])
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return ""
    return ranked[0][0]
