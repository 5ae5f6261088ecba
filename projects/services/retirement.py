"""Retire and reopen, always as a dated record; the newest record is what stands in SubjectState."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from projects import conditions
from projects.models import Evidence, Retirement, SubjectState
from projects.services.machine import floor_of
from projects.services.peoples_decision import decide_for_people
from projects.services.versions import Version
from projects.signals import send_on_commit, subject_retired

MINED = ("probabilities", "entropy", "effective_votes")
DECIDED = "decided"
"""The reason of a retirement that no answers brought: a decision did (decisions.py). No count of answers reopens it."""
BY_HAND = "by hand"
"""How the reason begins where somebody of the team has retired a subject (retire_by_hand.py)."""


def by_people(reason: str) -> bool:
    """Whether a subject with this reason was retired by a decision or by hand, whatever the answers say."""
    return reason == DECIDED or reason.startswith(BY_HAND)


def standing(rows: Iterable[Evidence]) -> dict[str, dict[str, Any]]:
    """Task to what stands of it, for `conditions.evaluate`: mining's numbers only where they are not stale."""
    return {
        row.task: merge(row.tallies, row.asked, {name: getattr(row, name) for name in MINED}) for row in rows
    }


def merge(tallies: Mapping[str, Any], mined_asked: int | None, mined: Mapping[str, Any]) -> dict[str, Any]:
    """Tallies with mining's numbers, where mining has seen every vote that the tallies have."""
    fresh = mined_asked is not None and mined_asked == tallies["asked"]
    return {**tallies, **mined} if fresh else dict(tallies)


def apply_condition(state: SubjectState, version: Version, evidence: Mapping[str, Mapping[str, Any]]) -> bool:
    """Evaluate the version's condition on a locked state that is open; retire it if true. Returns whether it did.

    Whatever the condition says, so many people have answered as the team wants at least (machine.py).
    Where the workflow decides by a policy, people's decision follows. The caller saves the state.
    """
    condition = version.definition.retirement
    if conditions.evaluate(condition, state.answered, evidence) is not True:
        return False
    if state.answered < floor_of(state.workflow_id):
        return False
    mark_retired(state, conditions.reason(condition, state.answered, evidence), version.project_id)
    decide_for_people(state, version.project_id, evidence)
    return True


def mark_retired(state: SubjectState, reason: str, project_id: int, at: datetime | None = None) -> None:
    """Write the record and set the locked state's fields; the caller saves the state."""
    mark_all_retired([state], reason, project_id, at)


def mark_all_retired(
    states: Sequence[SubjectState], reason: str, project_id: int, at: datetime | None = None
) -> None:
    """As `mark_retired`, of several of them: one statement, one time."""
    at = at or timezone.now()
    for state in states:
        state.retired_at, state.retired_reason = at, reason[:100]
    Retirement.objects.bulk_create(
        [
            Retirement(
                workflow_id=state.workflow_id,
                subject_id=state.subject_id,
                at=at,
                retired=True,
                reason=state.retired_reason,
            )
            for state in states
        ]
    )
    for state in states:
        send_on_commit(
            subject_retired,
            workflow_id=state.workflow_id,
            subject_id=state.subject_id,
            project_id=project_id,
        )


def mark_reopened(state: SubjectState, reason: str) -> None:
    """Write the record and clear the locked state's fields; the caller saves the state."""
    mark_all_reopened([state], reason)


def mark_all_reopened(states: Sequence[SubjectState], reason: str) -> None:
    """As `mark_reopened`, of several of them: one statement."""
    for state in states:
        state.retired_at, state.retired_reason = None, ""
    Retirement.objects.bulk_create(
        [
            Retirement(
                workflow_id=state.workflow_id,
                subject_id=state.subject_id,
                at=timezone.now(),
                retired=False,
                reason=reason[:100],
            )
            for state in states
        ]
    )
