"""Training and exams: known subjects that a person has not seen, asked for openly; a pass is a qualification."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.exceptions import NotFound, VoorwerpError
from projects.models import (
    Classification,
    Grant,
    Look,
    Qualification,
    Sitting,
    SubjectState,
    Use,
    Volunteer,
    Workflow,
)
from projects.services.gold import compare, score_of, standing_gold, truth_of
from projects.services.next_subjects import Batch, Handed, hand
from projects.services.versions import Version, get_version
from projects.tasks.known import Exam

HAD_LOOKED = "had looked"
"""Why an answer is withheld whose volunteer had seen the truth, see record_classification.STORE: it scores nothing."""

State = Literal["ready", "open", "passed", "wait", "spent", "too_few"]


class NoExamNow(VoorwerpError):
    code = "no_exam_now"
    status = 409


@dataclass(frozen=True)
class Standing:
    """Where a person is with a workflow's exam. tries_left counts the one that is open; scores are 0 to 1."""

    state: State
    tries_left: int
    score: float | None = None
    retry_at: datetime | None = None
    answered: int = 0
    subjects: int = 0


def training_subjects(workflow: Workflow, volunteer: Volunteer | None, n: int) -> Batch:
    """Up to `n` training subjects that the person has not answered; a training ends after its number of subjects."""
    version = _version(workflow)
    done, of = training_standing(workflow, volunteer)
    subjects = _unseen(workflow, volunteer, Use.TRAINING, min(n, of - done)) if n > 0 else []
    over = (
        _("You have been through the training.")
        if of
        else _("This training is not open yet: there is nothing known in it that is new to you.")
    )
    return _batch(workflow, version, hand(subjects), over)


def training_standing(workflow: Workflow, volunteer: Volunteer | None) -> tuple[int, int]:
    """(subjects answered, of how many): fewer than the workflow asks for where fewer are known. Raises NotFound."""
    training = _version(workflow).definition.training
    if training is None:
        raise NotFound(_("This workflow has no training."))
    done = int(_answers(workflow, volunteer, Use.TRAINING).count())
    left = len(_unseen(workflow, volunteer, Use.TRAINING, max(0, training.subjects - done)))
    return min(done, training.subjects), min(done + left, training.subjects)


def exam_subjects(workflow: Workflow, volunteer: Volunteer | None, n: int) -> Batch:
    """Up to `n` subjects of the exam that the person sits, those not answered yet. Raises NoExamNow without one."""
    sitting = volunteer and open_sitting(workflow, volunteer)
    if not sitting:
        raise NoExamNow(_("You are not sitting this exam: begin it first."))
    left = _left(sitting)[:n]
    return _batch(workflow, get_version(sitting.version_id), hand(left), _("The exam is over."))


def begin_exam(workflow: Workflow, volunteer: Volunteer) -> Sitting:
    """Draws the subjects and starts a try; the one that is open already is given again (two tabs, one exam).

    Raises NoExamNow with a sentence: passed already, tries used up, too early, too few known subjects.
    """
    if sitting := open_sitting(workflow, volunteer):
        return sitting
    version = _version(workflow)
    exam = _exam(version)
    standing = exam_standing(workflow, volunteer)
    if standing.state != "ready":
        raise NoExamNow(_why_not(standing, exam))
    subjects = _unseen(workflow, volunteer, Use.EXAM, exam.subjects)
    try:
        with transaction.atomic():
            return Sitting.objects.create(
                workflow=workflow,
                version_id=version.id,
                volunteer_id=volunteer.person_id,
                subjects=subjects,
                started_at=timezone.now(),
            )
    except IntegrityError:  # two tabs at the same moment: the other one began it
        return Sitting.objects.get(workflow=workflow, volunteer_id=volunteer.person_id, finished_at=None)


def open_sitting(workflow: Workflow, volunteer: Volunteer) -> Sitting | None:
    """The try that the person is at; one whose last answer has come is finished here and now."""
    sitting = Sitting.objects.filter(
        workflow=workflow, volunteer_id=volunteer.person_id, finished_at=None
    ).first()
    if sitting is not None and not _left(sitting):
        finish_exam(sitting)
        return None
    return sitting


@transaction.atomic
def finish_exam(sitting: Sitting) -> None:
    """Scores the try by what the experts say now, and grants the qualification of a pass. Safe to repeat."""
    locked = Sitting.objects.select_for_update().get(pk=sitting.pk)
    if locked.finished_at is not None:
        return
    version = get_version(locked.version_id)
    exam = _exam(version)
    experts = standing_gold(locked.workflow_id, locked.subjects)
    scores = []
    for answer in _of_sitting(locked):
        truth = truth_of(
            version.definition, [each.annotations for each in experts.get(answer.subject_id, [])]
        )
        looked = answer.counted_reason == HAD_LOOKED
        scores.append(0.0 if looked else score_of(compare(version.definition, answer.annotations, truth)))
    known = [score for score in scores if score is not None]
    locked.score = sum(known) / len(known) if known else 0.0
    locked.passed = locked.score >= exam.pass_mark
    locked.finished_at = timezone.now()
    locked.save()
    qualification = Qualification.objects.filter(project=locked.workflow.project, slug=exam.grants).first()
    if locked.passed and qualification is not None:
        Grant.objects.get_or_create(
            qualification=qualification,
            volunteer_id=locked.volunteer_id,
            revoked_at=None,
            defaults={"at": locked.finished_at, "evidence": {"sitting": locked.pk, "score": locked.score}},
        )


def exam_standing(workflow: Workflow, volunteer: Volunteer | None) -> Standing:
    """Where the person is: what a page shows, and what `begin_exam` goes by. Raises NotFound without an exam."""
    exam = _exam(_version(workflow))
    if volunteer is None:
        enough = len(_unseen(workflow, None, Use.EXAM, exam.subjects)) == exam.subjects
        return Standing("ready" if enough else "too_few", exam.tries, subjects=exam.subjects)
    current = open_sitting(workflow, volunteer)
    tries = list(
        Sitting.objects.filter(
            workflow=workflow, volunteer_id=volunteer.person_id, finished_at__isnull=False
        ).order_by("-finished_at")
    )
    left = exam.tries - len(tries)
    if current is not None:
        total = len(current.subjects)
        return Standing("open", left, answered=total - len(_left(current)), subjects=total)
    last = tries[0] if tries else None
    score = last.score if last else None
    if any(each.passed for each in tries):
        return Standing("passed", left, max(each.score or 0.0 for each in tries), subjects=exam.subjects)
    if left <= 0:
        return Standing("spent", 0, score, subjects=exam.subjects)
    retry_at = last and last.finished_at and last.finished_at + timedelta(hours=exam.retry_after_hours)
    if retry_at and retry_at > timezone.now():
        return Standing("wait", left, score, retry_at, subjects=exam.subjects)
    if len(_unseen(workflow, volunteer, Use.EXAM, exam.subjects)) < exam.subjects:
        return Standing("too_few", left, score, subjects=exam.subjects)
    return Standing("ready", left, score, subjects=exam.subjects)


def _version(workflow: Workflow) -> Version:
    if workflow.published_id is None:
        raise NotFound(_("This workflow is not published."))
    return get_version(workflow.published_id)


def _exam(version: Version) -> Exam:
    if version.definition.exam is None:
        raise NotFound(_("This workflow has no exam."))
    return version.definition.exam


def _answers(workflow: Workflow, volunteer: Volunteer | None, use: Use) -> Any:
    rows = Classification.objects.filter(workflow=workflow, counted_reason=use.name.lower())
    return rows.filter(volunteer__in=_aliases(volunteer)) if volunteer else rows.none()


def _aliases(volunteer: Volunteer) -> list[int]:
    return list(Volunteer.objects.of_person(volunteer.person_id).values_list("pk", flat=True))


def _of_sitting(sitting: Sitting) -> Any:
    """All that the person has said of its subjects, whatever became of them since: they were new when it began."""
    return Classification.objects.filter(
        workflow_id=sitting.workflow_id,
        subject_id__in=sitting.subjects,
        volunteer__in=_aliases(sitting.volunteer),
    )


def _left(sitting: Sitting) -> list[int]:
    answered = set(_of_sitting(sitting).values_list("subject_id", flat=True))
    return [subject for subject in sitting.subjects if subject not in answered]


def _unseen(workflow: Workflow, volunteer: Volunteer | None, use: Use, n: int) -> list[int]:
    """Known subjects that the person has neither answered nor seen the truth of, in the ring's order."""
    states = SubjectState.objects.filter(workflow=workflow, use=use).order_by("shuffle")
    if volunteer is not None:
        seen = Classification.objects.filter(workflow=workflow, volunteer__in=_aliases(volunteer))
        looked = Look.objects.filter(workflow=workflow, volunteer=volunteer.person_id)
        states = states.exclude(subject_id__in=seen.values("subject_id"))
        states = states.exclude(subject_id__in=looked.values("subject_id"))
    return list(states.values_list("subject_id", flat=True)[:n])


def _batch(workflow: Workflow, version: Version, subjects: list[Handed], over: str) -> Batch:
    if subjects:
        return Batch(workflow.pk, version.id, "open", subjects)
    return Batch(workflow.pk, version.id, "finished_for_you", message=over)


def _why_not(standing: Standing, exam: Exam) -> str:
    match standing.state:
        case "passed":
            return _("You have passed this exam.")
        case "spent":
            return _("You have used all %(n)d tries at this exam.") % {"n": exam.tries}
        case "wait":
            return _("You can try this exam again at %(at)s.") % {
                "at": f"{standing.retry_at:%Y-%m-%d %H:%M} UTC"
            }
        case _:
            return _("There are not enough known subjects that you have not seen: the team has to add some.")
