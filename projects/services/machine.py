"""People and machine: switch it, how many people at least, and what a classifier says beforehand, into the ledger."""

from collections.abc import Mapping, Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.chance import drawn
from projects.exceptions import Invalid
from projects.models import Machine, Prior, Workflow

CHUNK = 1000
"""Subjects of one record."""
MOST_PEOPLE = 50


def floor_of(workflow_id: int) -> int:
    """How many people answer each subject at least, whatever a machine says; 0 where nobody has asked for it."""
    return Machine.objects.filter(pk=workflow_id).values_list("people", flat=True).first() or 0


@transaction.atomic
def set_machine(
    workflow: Workflow, *, people: int, priors: bool, audit: float, by: AbstractBaseUser | None = None
) -> bool:
    """From now on at least so many people answer each subject, and what the classifiers say weighs in, or not; a record
    in the ledger. What was said before is taken back by it. False where it stood so.

    Raises Invalid for priors without people, and for numbers out of range. Reopens nothing.
    """
    if not 0 <= people <= MOST_PEOPLE:
        raise Invalid(_("From 0 to %(most)d people on each subject.") % {"most": MOST_PEOPLE})
    if priors and people < 1:
        raise Invalid(_("A machine never settles alone: at least one person answers each subject."))
    if not 0.05 <= audit <= 1:
        raise Invalid(_("At least 5 per cent of the subjects are people's alone."))
    Workflow.objects.select_for_update(no_key=True).get(pk=workflow.pk)
    stands = Machine.objects.filter(workflow=workflow).first()
    now = {"people": people, "priors": priors, "audit": audit}
    if stands is not None and now == {
        "people": stands.people,
        "priors": stands.priors,
        "audit": stands.audit,
    }:
        return False
    Machine.objects.update_or_create(workflow=workflow, defaults=now)
    Prior.objects.create(
        workflow=workflow, clears=True, switch=now, by_id=by.pk if by else None, at=timezone.now()
    )
    return True


@transaction.atomic
def give_priors(
    workflow: Workflow,
    *,
    task: str,
    model: str,
    keys: Sequence[str],
    chances: Mapping[int, Sequence[float]],
    anew: bool,
) -> int:
    """What a classifier says of these subjects weighs in from their next vote on; returns of how many.

    chances: subject to a row that sums to 1, in the order of `keys`, each above 0. anew: what was said of the question
    before is taken away. Nothing where the team has not switched it on. A share, by a hash of the subject, is kept and
    weighs nothing: there people show how often it is right.
    """
    Workflow.objects.select_for_update(no_key=True).get(pk=workflow.pk)
    machine = Machine.objects.filter(workflow=workflow, priors=True).first()
    if machine is None:
        return 0
    at, subjects = timezone.now(), sorted(chances)
    some = [subjects[start : start + CHUNK] for start in range(0, len(subjects), CHUNK)]
    Prior.objects.bulk_create(
        Prior(
            workflow=workflow,
            task=task,
            model=model,
            clears=anew and number == 0,
            keys=list(keys),
            subjects=chunk,
            chances=[chance for subject in chunk for chance in chances[subject]],
            audited=[subject for subject in chunk if audited(workflow.pk, subject, machine.audit)],
            at=at,
        )
        for number, chunk in enumerate(some or ([[]] if anew else []))
    )
    return len(subjects)


def audited(workflow_id: int, subject: int, share: float) -> bool:
    """Whether people alone decide it: the same for every version."""
    return drawn(f"prior {workflow_id}/{subject}") < share
