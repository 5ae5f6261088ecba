"""Sets of subjects, and which of them a workflow is about.

A subject is in one set. Taken out, it lies in the set `taken-out`, which no workflow is about, and can be put into any;
what volunteers have said of it stays. A workflow is about one set; which, is chosen before the first answer.
"""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.models import (
    Announced,
    Classification,
    Lease,
    Project,
    Retirement,
    Subject,
    SubjectSet,
    SubjectState,
    Use,
    Workflow,
    WorkflowCounter,
)
from projects.services.announce import become_subjects
from projects.services.enlist_subjects import enlist_subjects
from projects.services.make_project import free_slug
from projects.services.retire_by_hand import reopen_subjects, retire_subjects
from projects.services.retirement import BY_HAND

MOST_SETS = 1000
TAKEN_OUT = "taken-out"
"""The slug of the set of those that were taken out of theirs."""
OUT = "taken out of its set"
EMPTY = "empty-"
"""How the slug begins of the set that stands for none, of a workflow made before its subjects."""


@transaction.atomic
def make_subject_set(
    project: Project, *, title: str, metadata: dict[str, Any] | None = None, slug: str = ""
) -> SubjectSet:
    """An empty one. Its address is made of the title. Raises Invalid for one too many."""
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    taken = set(project.subject_sets.values_list("slug", flat=True)) | {TAKEN_OUT}
    if len(taken) > MOST_SETS:
        raise Invalid(_("A project has at most %(n)d sets of subjects.") % {"n": MOST_SETS})
    return project.subject_sets.create(
        slug=free_slug(slug or title, taken, "set"), title=title, metadata=metadata or {}
    )


def describe_subject_set(subject_set: SubjectSet, *, title: str, metadata: dict[str, Any]) -> None:
    subject_set.title, subject_set.metadata = title, metadata
    subject_set.save(update_fields=["title", "metadata"])


@transaction.atomic
def put_into_set(subject_set: SubjectSet, subjects: Collection[int]) -> list[int]:
    """Into the set: those that are announced become subjects, or will when their pictures are here; those taken out of
    another come back, in open state in the workflows that are about this one.

    Returns the ids of those that still wait for pictures. All or nothing: raises Invalid for an id that the project has
    not, and for a subject of another set, which must be taken out of it first.
    """
    wanted = set(subjects)
    SubjectSet.objects.select_for_update(no_key=True).get(pk=subject_set.pk)
    here = list(
        Subject.objects.filter(project=subject_set.project_id, pk__in=wanted).select_related("subject_set")
    )
    announced = list(
        Announced.objects.select_for_update(of=("self",))
        .filter(project=subject_set.project_id, pk__in=wanted - {subject.pk for subject in here})
        .order_by("pk")
    )
    if lost := wanted - {each.pk for each in (*here, *announced)}:
        raise Invalid(_("There is no subject %(id)d in this project.") % {"id": min(lost)})
    for subject in here:
        if subject.subject_set_id != subject_set.pk and subject.subject_set.slug != TAKEN_OUT:
            raise Invalid(
                _(
                    "Subject %(id)d is in the set %(title)s, and a subject is in one: take it out of that first."
                )
                % {"id": subject.pk, "title": subject.subject_set.title}
            )
    _bring_back(subject_set, [each.pk for each in here if each.subject_set_id != subject_set.pk])
    waiting = [each for each in announced if each.missing]
    Announced.objects.filter(pk__in=[each.pk for each in waiting]).update(subject_set=subject_set)
    if whole := [each for each in announced if not each.missing]:
        become_subjects(subject_set, whole)
    return [each.pk for each in waiting]


def _bring_back(subject_set: SubjectSet, subjects: list[int]) -> None:
    if not subjects:
        return
    Subject.objects.filter(pk__in=subjects).update(subject_set=subject_set)
    for workflow in Workflow.objects.filter(subject_set=subject_set):
        out = SubjectState.objects.filter(
            workflow=workflow, subject_id__in=subjects, retired_reason=f"{BY_HAND}: {OUT}"
        )
        reopen_subjects(workflow, list(out.values_list("subject_id", flat=True)), reason="back in its set")
        enlist_subjects(workflow)


@transaction.atomic
def take_out(subject_set: SubjectSet, subjects: Collection[int]) -> int:
    """Out of the set: nobody is asked about them from here on, which is a dated retirement in each workflow about it.

    What was answered stays and counts. Ids that are not in the set are passed over. Returns how many went. Raises
    Invalid for a known subject.
    """
    Announced.objects.filter(subject_set=subject_set, pk__in=subjects).update(subject_set=None)
    going = list(
        Subject.objects.select_for_update(of=("self",), no_key=True)
        .filter(subject_set=subject_set, pk__in=subjects)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if not going:
        return 0
    aside, _is_new = SubjectSet.objects.get_or_create(
        project_id=subject_set.project_id, slug=TAKEN_OUT, defaults={"title": _("Taken out")}
    )
    Subject.objects.filter(pk__in=going).update(subject_set=aside)
    for workflow in Workflow.objects.filter(subject_set=subject_set):
        listed = SubjectState.objects.filter(workflow=workflow, subject_id__in=going)
        retire_subjects(workflow, list(listed.values_list("subject_id", flat=True)), reason=OUT)
    return len(going)


@transaction.atomic
def choose_subject_set(workflow: Workflow, subject_set: SubjectSet | None) -> None:
    """What the workflow is about; None: nothing yet. Raises Invalid where it has answers or other records, which are
    about the set that it has, and for a set of another project."""
    workflow = _alone(workflow)
    chosen = subject_set or _stand_in(workflow)
    if chosen.pk == workflow.subject_set_id:
        return
    if chosen.project_id != workflow.project_id:
        raise Invalid(_("This subject set belongs to another project."))
    WorkflowCounter.objects.select_for_update().filter(workflow=workflow).first()
    if _has_record(workflow):
        raise Invalid(
            _(
                "%(title)s has answers or known answers about the set %(set)s: make a new workflow for another set."
            )
            % {"title": workflow.title, "set": workflow.subject_set.title}
        )
    left = workflow.subject_set
    SubjectState.objects.filter(workflow=workflow).delete()
    Lease.objects.filter(workflow=workflow).delete()
    WorkflowCounter.objects.filter(workflow=workflow).update(subjects=0)
    workflow.subject_set = chosen
    workflow.save(update_fields=["subject_set"])
    enlist_subjects(workflow)
    if left.slug.startswith(EMPTY) and not left.subjects.exists() and not left.workflows.exists():
        left.delete()


def _stand_in(workflow: Workflow) -> SubjectSet:
    """The empty set that it has, or a new one."""
    if workflow.subject_set.slug.startswith(EMPTY) and not workflow.subject_set.subjects.exists():
        return workflow.subject_set
    return make_empty_set(workflow.project, workflow.title)


def make_empty_set(project: Project, title: str) -> SubjectSet:
    """What stands for no set, of a workflow of that title."""
    said = _("No set yet: %(title)s") % {"title": title}
    return make_subject_set(project, title=said[:120], slug=f"{EMPTY}{title}")


def stands_for_none(subject_set: SubjectSet) -> bool:
    return subject_set.slug.startswith(EMPTY)


def _alone(workflow: Workflow) -> Workflow:
    """Locked in the order of everybody: its subjects' states, its counts, itself. Answers wait meanwhile."""
    list(SubjectState.objects.select_for_update().filter(workflow=workflow).order_by("subject_id"))
    list(WorkflowCounter.objects.select_for_update().filter(workflow=workflow))
    locked = Workflow.objects.select_related("subject_set", "project").select_for_update(of=("self",))
    return locked.get(pk=workflow.pk)


def _has_record(workflow: Workflow) -> bool:
    """Anything that was said, retired, moved or known: its ledger has begun, or a lane or gold names its subjects."""
    return (
        Classification.objects.filter(workflow=workflow).exists()
        or Retirement.objects.filter(workflow=workflow).exists()
        or SubjectState.objects.filter(workflow=workflow).exclude(use=Use.WORK).exists()
        or SubjectState.objects.filter(workflow=workflow, lane__isnull=False).exists()
    )


@transaction.atomic
def delete_subject_set(subject_set: SubjectSet) -> None:
    """With its subjects, where no workflow has ever been about them. Raises Invalid."""
    SubjectSet.objects.select_for_update().get(pk=subject_set.pk)  # a workflow that would take it waits
    if subject_set.workflows.exists():
        raise Invalid(
            _("The workflow %(title)s is about this set: choose another set for it first.")
            % {"title": subject_set.workflows.all()[0].title}
        )
    _refuse_asked(subject_set.subjects.values_list("pk", flat=True))
    _delete(subject_set)


@transaction.atomic
def delete_subject(subject: Subject) -> None:
    """One that no workflow has ever been about. Raises Invalid."""
    SubjectSet.objects.select_for_update().get(pk=subject.subject_set_id)
    if Workflow.objects.filter(subject_set=subject.subject_set_id).exists():
        raise Invalid(
            _("Subject %(id)d may be in front of volunteers: take it out of its set.") % {"id": subject.pk}
        )
    _refuse_asked([subject.pk])
    _delete(subject)


@transaction.atomic
def delete_workflow(workflow: Workflow) -> None:
    """One without answers or other records. Raises Invalid."""
    workflow = _alone(workflow)
    if _has_record(workflow):
        raise Invalid(
            _("%(title)s has answers or known answers, which are kept: pause or end it instead.")
            % {"title": workflow.title}
        )
    workflow.published = None
    workflow.save(update_fields=["published"])
    _delete(workflow)


def _refuse_asked(subjects: Any) -> None:
    asked = SubjectState.objects.filter(subject_id__in=subjects).values_list("subject_id", flat=True).first()
    if asked is not None:
        raise Invalid(
            _("Subject %(id)d is or was in a workflow, whose record names it: it is kept.") % {"id": asked}
        )


def _delete(what: SubjectSet | Subject | Workflow) -> None:
    try:
        what.delete()
    except ProtectedError:
        raise Invalid(_("Other records name it, so it is kept.")) from None
