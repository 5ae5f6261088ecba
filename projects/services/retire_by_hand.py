"""Subjects that somebody of the team retires or opens again, whatever the workflow's condition says."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.models import SubjectState, Use, Workflow
from projects.services.retirement import BY_HAND, DECIDED, mark_all_retired, mark_reopened

LONGEST = 80
"""Characters of a reason."""


@transaction.atomic
def retire_subjects(workflow: Workflow, subjects: Collection[int], *, reason: str = "") -> int:
    """A dated record for each that was open; returns how many. All or nothing: raises Invalid for a subject that is not
    in the workflow, and for a known one, which answers retire no more than hands do."""
    said = f"{BY_HAND}: {' '.join(reason.split())[:LONGEST]}" if reason.strip() else BY_HAND
    states = _locked(workflow, subjects)
    for state in states:
        if state.use != Use.WORK:
            raise Invalid(
                _("Subject %(id)d is a known one: withdraw its known answer first.")
                % {"id": state.subject_id}
            )
    going = [state for state in states if state.retired_at is None]
    mark_all_retired(going, said, workflow.project_id)
    SubjectState.objects.bulk_update(going, ["retired_at", "retired_reason"], batch_size=1000)
    return len(going)


@transaction.atomic
def reopen_subjects(workflow: Workflow, subjects: Collection[int], *, reason: str = BY_HAND) -> int:
    """A dated record for each that was retired; returns how many. Raises Invalid as `retire_subjects`, and
    for a subject on which a decision stands.

    Each is handed out once more at least. Where the condition holds already, that answer retires it again: to want more
    answers, change the condition.
    """
    going = [state for state in _locked(workflow, subjects) if state.retired_at is not None]
    for state in going:
        if state.retired_reason == DECIDED:
            raise Invalid(
                _("On subject %(id)d a decision stands: undo that, which reopens it.")
                % {"id": state.subject_id}
            )
        mark_reopened(state, reason)
        state.wanted = max(state.wanted, state.answered + 1)
        state.save(update_fields=["retired_at", "retired_reason", "wanted"])
    return len(going)


def _locked(workflow: Workflow, subjects: Collection[int]) -> list[SubjectState]:
    """In the order in which everybody locks them."""
    wanted = set(subjects)
    states = list(
        SubjectState.objects.select_for_update()
        .filter(workflow=workflow, subject_id__in=wanted)
        .order_by("subject_id")
    )
    if lost := wanted - {state.subject_id for state in states}:
        raise Invalid(_("There is no subject %(id)d in this workflow.") % {"id": min(lost)})
    return states
