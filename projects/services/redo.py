"""Correct an answer: a new record that supersedes the earlier one, which is discounted. Both are kept."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.exceptions import Invalid, NotFound, VoorwerpError
from projects.models import Answered, Block, Classification, Look, SubjectState, Use, Volunteer, Workflow
from projects.services.answer_about import answer_about
from projects.services.discount import write_discount
from projects.services.next_subjects import check_open
from projects.services.record_classification import Recorded, Submission, replay, use_of
from projects.services.recount import recount_subject
from projects.services.versions import get_version
from projects.services.volunteers import Pass
from projects.signals import classification_recorded, send_on_commit
from projects.tasks.definition import Annotation


class TooLate(VoorwerpError):
    code = "too_late"
    status = 409
    message = _("The time to correct this answer is over: it stays as it is.")


class Blocked(VoorwerpError):
    code = "blocked"
    status = 409
    message = _("Your answers in this project do not count at present: they stay as they are.")


class HadLooked(VoorwerpError):
    code = "had_looked"
    status = 409
    message = _("You have seen how others answered this subject, so your answer stays as it is.")


def redo_classification(submission: Submission, held: Pass, *, member: bool = False) -> Recorded:
    """Store the corrected answer of a subject that this person has answered; their last answer on it is discounted.

    It counts for the consensus where the earlier one did, never for skill. The subject is counted again: it is
    reopened when its retirement condition holds no longer, or retired when it now does, each as a dated record. Safe
    to send again. An answer that moved nothing (a known subject's, a late one) is corrected in the same way and its
    correction moves nothing either, so that a hidden check can't be told by trying: the same is done, and taken back.

    Work: as many rows as the subject has answers. Raises NotFound (nothing to correct), TooLate (the version's
    `redo_minutes` since the first answer are over, by the server's clock), Blocked, HadLooked, and what recording
    raises.
    """
    version = get_version(submission.version_id)
    stored = answer_about(submission.subject_id, version.definition, submission.annotations)
    try:
        with transaction.atomic():
            return _redo(submission, stored, held, member)
    except VoorwerpError:
        if earlier := replay(submission, held):
            return earlier
        raise


def _redo(submission: Submission, annotations: list[Annotation], held: Pass, member: bool) -> Recorded:
    version = get_version(submission.version_id)
    keys: dict[str, Any] = {"workflow_id": version.workflow_id, "subject_id": submission.subject_id}
    if not SubjectState.objects.select_for_update().filter(**keys).exists():
        raise NotFound(_("This subject is not in this workflow."))
    workflow = Workflow.objects.select_related("project").get(pk=version.workflow_id)
    project = workflow.project
    check_open(workflow.state, workflow.published_id, project.state, project.is_public, member)
    volunteer = Volunteer.objects.filter(public_id=held.public_id).first()
    earlier = volunteer and _answer_that_stands(volunteer, keys)
    if volunteer is None or not earlier:
        raise NotFound(_("You have not answered this subject yet: answer it first."))
    if Classification.objects.filter(uuid=submission.uuid).exists():
        raise Invalid(_("Another classification has this id: make a new random id and send again."))
    if Block.objects.filter(project=project, volunteer=volunteer.person_id, lifted_at=None).exists():
        raise Blocked
    looked = Look.objects.filter(volunteer_id=volunteer.person_id, **keys).exists()
    if refusal := why_not(
        earlier, minutes=version.definition.redo_minutes, looked=looked, now=timezone.now()
    ):
        raise refusal
    use = use_of(earlier)
    counts = Classification.objects.standing().filter(pk=earlier.pk).exists()
    row: dict[str, Any] = {
        "uuid": submission.uuid,
        "version_id": submission.version_id,
        "volunteer": volunteer,
        "annotations": annotations,
        "metadata": submission.metadata or {},
        "started_at": submission.started_at,
        "finished_at": submission.finished_at,
        "received_at": timezone.now(),
        "digest": submission.digest(),
        "supersedes": earlier,
        **keys,
    }
    with transaction.atomic():
        made = _count(row, earlier)
        if not counts:  # all that a counted one costs, so that its time tells nothing; and none of it stays
            transaction.set_rollback(True)
    if not counts:
        made = Classification.objects.create(
            **row, counted=Classification.Counted.WITHHELD, counted_reason="correction"
        )
    Answered.objects.filter(volunteer_id=volunteer.person_id, **keys).update(classification=made)
    send_on_commit(classification_recorded, project_id=project.pk, **keys)
    return Recorded(
        made.uuid,
        workflow.pk,
        submission.subject_id,
        made.counted,
        made.received_at,
        use,
        reason=made.counted_reason,
    )


def _count(row: dict[str, Any], earlier: Classification) -> Classification:
    """The earlier answer goes out first: who follows the ledger takes its vote out before the later comes in."""
    write_discount(earlier, Classification.Counted.SUPERSEDED)
    made = Classification.objects.create(**row, counted=Classification.Counted.YES, counted_reason="")
    recount_subject(made.workflow_id, made.subject_id)
    return made


def why_not(earlier: Classification, *, minutes: int, looked: bool, now: datetime) -> VoorwerpError | None:
    """Why this answer can't be corrected (any more); None where it can. Says nothing of what the subject is for."""
    if now > redo_until(earlier, minutes):
        return TooLate()
    if looked:
        return HadLooked()
    if use_of(earlier) in (Use.TRAINING, Use.EXAM):
        return Invalid(_("Answers of a training or an exam stay as they are."))
    return None


def redo_until(earlier: Classification, minutes: int) -> datetime:
    """A chain of corrections does not stretch the time: it runs from the first answer."""
    return earlier.first.received_at + timedelta(minutes=minutes)


def _answer_that_stands(volunteer: Volunteer, keys: dict[str, Any]) -> Classification | None:
    rows = Answered.objects.select_related("classification")
    answered = rows.filter(volunteer_id=volunteer.person_id, **keys).first()
    return answered.classification if answered else None
