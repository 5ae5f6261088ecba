"""Subjects that somebody of the team finishes, opens again or moves by hand, many in one go, with the reason kept.

Each is all or nothing and may be done again: what is so already is not changed and not told of.
"""

from collections.abc import Collection

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.models import Project, Subject, SubjectChange, SubjectSet, SubjectState, Workflow
from projects.services.retire_by_hand import reopen_subjects, retire_subjects
from projects.services.subject_sets import TAKEN_OUT, put_into_set, take_out

MOST = 5000
"""Subjects at once: what one transaction holds while answers wait for it."""
What = SubjectChange.What


@transaction.atomic
def finish_by_hand(
    workflow: Workflow, subjects: Collection[int], *, reason: str, by: AbstractBaseUser
) -> int:
    """As `retire_subjects`; returns how many were open. Raises Invalid, also without a reason."""
    said = _checked(subjects, reason)
    going = _in_state(workflow, subjects, is_open=True)
    retire_subjects(workflow, subjects, reason=said)
    return _keep(workflow.project, What.RETIRED, going, said, by, workflow=workflow)


@transaction.atomic
def open_by_hand(workflow: Workflow, subjects: Collection[int], *, reason: str, by: AbstractBaseUser) -> int:
    """As `reopen_subjects`; returns how many were finished. Raises Invalid, also without a reason."""
    said = _checked(subjects, reason)
    going = _in_state(workflow, subjects, is_open=False)
    reopen_subjects(workflow, subjects)
    return _keep(workflow.project, What.REOPENED, going, said, by, workflow=workflow)


@transaction.atomic
def move_by_hand(
    subject_set: SubjectSet, subjects: Collection[int], *, reason: str, by: AbstractBaseUser
) -> int:
    """Out of the sets in which they are and into this one; returns how many were elsewhere.

    In the workflows about their old set nobody is asked about them any more, in those about the new one they are asked
    about from here on; what was said of them stays. Raises Invalid for a subject of another project, for a known one,
    and without a reason.
    """
    said = _checked(subjects, reason)
    rows = Subject.objects.filter(project=subject_set.project_id, pk__in=set(subjects))
    origins = {*rows.values_list("subject_set", flat=True)}
    # in the order in which everybody locks them, so that two moves in a circle wait and don't die
    sets = SubjectSet.objects.select_for_update(no_key=True).filter(pk__in={*origins, subject_set.pk})
    all_sets = list(sets.order_by("pk"))
    going = sorted(rows.exclude(subject_set=subject_set).values_list("pk", flat=True))
    for origin in all_sets:
        if origin.pk != subject_set.pk and origin.slug != TAKEN_OUT:
            take_out(origin, going)
    put_into_set(subject_set, subjects)
    return _keep(subject_set.project, What.MOVED, going, said, by, subject_set=subject_set)


def _checked(subjects: Collection[int], reason: str) -> str:
    """The reason in one line."""
    said = " ".join(reason.split())
    if not said:
        raise Invalid(_("Write why: it is kept with your name."))
    if not subjects:
        raise Invalid(_("Choose at least one subject."))
    if len(subjects) > MOST:
        raise Invalid(_("That is more than %(n)d subjects: do it in parts.") % {"n": MOST})
    return said[:200]


def _in_state(workflow: Workflow, subjects: Collection[int], *, is_open: bool) -> list[int]:
    """Those in this state, locked, so that they stay so until they are changed."""
    states = SubjectState.objects.select_for_update().filter(
        workflow=workflow, subject_id__in=set(subjects), retired_at__isnull=is_open
    )
    return list(states.order_by("subject_id").values_list("subject_id", flat=True))


def _keep(
    project: Project,
    what: SubjectChange.What,
    going: list[int],
    reason: str,
    by: AbstractBaseUser,
    **more: Workflow | SubjectSet,
) -> int:
    if going:
        SubjectChange.objects.create(
            project=project, what=what, by_id=by.pk, reason=reason, subjects=going, **more
        )
    return len(going)
