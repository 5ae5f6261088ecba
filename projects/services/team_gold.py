"""The team at work on known answers: what to answer next, and a member's answer with what it binds them to."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.models import GoldAnswer, GoldSubject, SubjectState, Use, Workflow
from projects.services.gold import Known, enter_gold, put_to_use, standing_gold, withdraw_gold
from projects.services.look_at_answers import look_at_subjects
from projects.services.next_subjects import Batch, hand
from projects.services.volunteers import join_account


def expert_name(user: AbstractBaseUser) -> str:
    """As GoldAnswer.expert names a member."""
    return f"account:{user.pk}"


def subjects_to_know(workflow: Workflow, subject: int | None, n: int) -> Batch:
    """Up to `n` open subjects without a known answer, those that fewest have answered first; or the one asked for,
    which may be known. Without a lease: volunteers may meet them meanwhile, and what they say then counts."""
    if workflow.published_id is None:
        raise Invalid(_("Publish the workflow first: a known answer is one to its questions."))
    states = SubjectState.objects.filter(workflow=workflow, retired_at__isnull=True)
    if subject is not None:
        states = states.filter(subject_id=subject)
    else:
        states = states.filter(use=Use.WORK).order_by("answered", "shuffle")
    subjects = hand(list(states.values_list("subject_id", flat=True)[:n]))
    if subjects or n == 0:
        return Batch(workflow.pk, workflow.published_id, "open", subjects)
    return Batch(
        workflow.pk,
        workflow.published_id,
        "finished_for_you",
        message=_("There is no open subject without a known answer."),
    )


@transaction.atomic
def member_enters_gold(
    user: AbstractBaseUser, *, workflow: Workflow, subject_id: int, annotations: Any, known: Known | None
) -> GoldAnswer:
    """A member's known answer; what they say of the subject as a volunteer is withheld from now on. Raises Invalid."""
    answer = enter_gold(
        workflow=workflow,
        subject_id=subject_id,
        annotations=annotations,
        expert=expert_name(user),
        known=known,
    )
    look_at_subjects(workflow.pk, [subject_id], join_account(None, user))
    return answer


@transaction.atomic
def change_use(workflow: Workflow, subject_id: int, known: Known) -> None:
    """What a known subject is for from now on. Raises Invalid where it is not known."""
    stands = standing_gold(workflow.pk, [subject_id]).get(subject_id)
    if not stands:
        raise Invalid(_("Nobody has given a known answer to this subject: give one first."))
    put_to_use(workflow, subject_id, known)


@transaction.atomic
def withdraw_all(workflow: Workflow, subject_id: int) -> int:
    """Every expert's known answer to the subject; it becomes one to work on. Returns how many there were."""
    stands = standing_gold(workflow.pk, [subject_id]).get(subject_id, [])
    for answer in stands:
        withdraw_gold(workflow=workflow, subject_id=subject_id, expert=answer.expert)
    return len(stands)


def unused_gold(workflow: Workflow) -> list[int]:
    """Open subjects of which something is known, as an import brought it, and that are still worked on; by id.

    An import leaves them so: elsewhere too volunteers were asked about them for their own sake, and their votes count.
    """
    work = SubjectState.objects.filter(workflow=workflow, use=Use.WORK, retired_at__isnull=True)
    told = GoldAnswer.objects.filter(workflow=workflow, withdrawn=False).values("subject_id")
    used = GoldSubject.objects.filter(workflow=workflow).values("subject_id")
    found = work.filter(subject_id__in=told).exclude(subject_id__in=used).order_by("subject_id")
    return sorted(standing_gold(workflow.pk, found.values_list("subject_id", flat=True)))


@transaction.atomic
def use_unused_gold(workflow: Workflow) -> int:
    """They become secret hidden checks; returns how many. What was answered on them before stays as it was counted."""
    subjects = unused_gold(workflow)
    for subject in subjects:
        put_to_use(workflow, subject, Known())
    return len(subjects)
