"""Classifiers that were trained elsewhere: registered, what they say posted, and what became of it. Light.

Nobody here can know what such a version learnt from, nor ask it about another subject, so it never speaks for its
question: it weighs in nothing, and no gate promotes it. People judge it all the same, on what it said before a subject
had an answer: that nobody can have learnt from (decision 63).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mining.ballots import answers_of, paths_of
from mining.models import MOST_TOLD, ModelVersion, Outside, Prediction
from projects.exceptions import Conflict, Invalid
from projects.models import Subject, SubjectState, Use, Volunteer, Workflow, WorkflowCounter
from projects.services import get_version
from projects.services.look_at_answers import look_at_subjects
from projects.tasks.definition import WorkflowDefinition

State = ModelVersion.State
OFF = 0.001
"""By how much the probabilities of a subject may miss 1."""
MOST_WRONG = 20
"""Lines whose faults one answer names."""
ROUNDED = 6
"""Digits that predictions are kept with."""


@dataclass(frozen=True)
class Said:
    """Of one subject, by its id or its team's name: answer key to the chance that most people will give it."""

    subject: int | None
    name: str
    probabilities: Mapping[str, float]


@dataclass(frozen=True)
class Posted:
    """known: those of which the version had said the same before."""

    added: int
    known: int


def questions(workflow: Workflow) -> dict[str, list[str]]:
    """Path to answers, of all that a classifier can tell of, in the order of the published version."""
    if workflow.published_id is None:
        return {}
    definition = get_version(workflow.published_id).definition
    return {
        path: answers_of(definition, path) for name in definition.tasks for path in _paths(definition, name)
    }


def _paths(definition: WorkflowDefinition, name: str) -> list[str]:
    task = definition.tasks[name]
    return paths_of(definition, name) if task.choices else []


@transaction.atomic
def register(
    workflow: Workflow,
    *,
    task: str,
    name: str,
    description: str,
    data: str,
    code: str,
    by: AbstractBaseUser | None,
) -> ModelVersion:
    """A version that was trained elsewhere; the same again gives the one that is there. Raises Invalid for a question
    that has no choices, Conflict where another description stands under the name: a version never changes."""
    known = questions(workflow)
    if task not in known:
        there = _("There are: %(paths)s.") % {"paths": ", ".join(known)} if known else ""
        raise Invalid(
            _("task: the published version asks no such question with choices.") + f" {there}".rstrip(),
            fields={"task": "unknown"},
        )
    Workflow.objects.select_for_update(no_key=True).get(pk=workflow.pk)
    version = ModelVersion.objects.filter(workflow=workflow, task=task, name=name).first()
    told = {"description": description, "data": data, "code": code}
    if version is not None:
        stands = version.outside
        if version.answers != known[task] or told != {key: getattr(stands, key) for key in told}:
            raise Conflict(
                _("There is a version of this name that is described otherwise: give it another name.")
            )
        return version
    counter = WorkflowCounter.objects.filter(workflow=workflow).first()
    version = ModelVersion.objects.create(
        workflow=workflow,
        task=task,
        name=name,
        state=State.OUTSIDE,
        reasons=[["outside", {}]],
        answers=known[task],
        sources=[],
        position=counter.position if counter else 0,
        subjects=0,
        audit=0,
        votes=0,
        seed=0,
        made_at=timezone.now(),
    )
    Outside.objects.create(version=version, by_id=by.pk if by else None, **told)
    return version


@transaction.atomic
def post_predictions(version: ModelVersion, said: Sequence[Said], volunteer: Volunteer) -> Posted:
    """All of it or nothing; what a version has said stands. Who posts has looked: a later answer of theirs on an open
    subject of these is withheld.

    Raises Invalid with the lines that can't be taken, Conflict where the question has other answers by now, the version
    was trained here, or has no room left.
    """
    version = ModelVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
    if version.state != State.OUTSIDE:
        raise Conflict(_("This version was trained here and tells by itself: register one of your own."))
    if questions(version.workflow).get(version.task) != version.answers:
        raise Conflict(
            _("The question has other answers than when this version was registered: register it anew.")
        )
    found = _subjects(version.workflow, said)
    before = dict(
        version.predictions.filter(subject__in=found.values()).values_list("subject_id", "probabilities")
    )
    rows, wrong = _checked(version, said, found, before)
    if wrong:
        raise _refusal(wrong)
    new = {subject: chances for subject, chances in rows.items() if subject not in before}
    if version.predictions.count() + len(new) > MOST_TOLD:
        raise Conflict(_("A version tells of %(n)s subjects at most.") % {"n": f"{MOST_TOLD:,}"})
    states = SubjectState.objects.filter(workflow=version.workflow_id, subject__in=rows, retired_at=None)
    still_open = {state.subject_id: state for state in states}
    early = {pk for pk, state in still_open.items() if state.use == Use.WORK and not state.answered}
    _keep(version, new, early)
    if still_open:
        look_at_subjects(version.workflow_id, sorted(still_open), volunteer)
    return Posted(len(new), len(rows) - len(new))


def _subjects(workflow: Workflow, said: Sequence[Said]) -> dict[int | str, int]:
    """Id or name to the id, of those that the workflow asks about."""
    asked = Subject.objects.filter(
        project=workflow.project_id,
        pk__in=SubjectState.objects.filter(workflow=workflow).values("subject"),
    )
    ids = [each.subject for each in said if each.subject is not None]
    names = [each.name for each in said if each.subject is None]
    found: dict[int | str, int] = {pk: pk for pk in asked.filter(pk__in=ids).values_list("pk", flat=True)}
    found.update(asked.filter(external_id__in=names).values_list("external_id", "pk"))
    return found


def _checked(
    version: ModelVersion,
    said: Sequence[Said],
    found: Mapping[int | str, int],
    before: Mapping[int, list[float]],
) -> tuple[dict[int, list[float]], dict[int, str]]:
    """(subject to its chances in the order of the answers, line to what is wrong with it)."""
    rows: dict[int, list[float]] = {}
    wrong: dict[int, str] = {}
    for line, each in enumerate(said):
        subject = found.get(each.name if each.subject is None else each.subject)
        fault = _fault(version.answers, each.probabilities)
        if subject is None:
            wrong[line] = _("the workflow asks about no such subject")
        elif fault:
            wrong[line] = fault
        elif subject in rows:
            wrong[line] = _("its subject stands in an earlier line too")
        else:
            total = fsum(each.probabilities.values())
            rows[subject] = [round(each.probabilities[key] / total, ROUNDED) for key in version.answers]
            if before.get(subject, rows[subject]) != rows[subject]:
                wrong[line] = _(
                    "this version has said something else of its subject, and that stands: register another"
                )
    return rows, wrong


def _fault(answers: Sequence[str], probabilities: Mapping[str, float]) -> str:
    if set(probabilities) != set(answers):
        return _("give a probability for each of %(keys)s, and for nothing else") % {
            "keys": ", ".join(answers)
        }
    total = fsum(probabilities.values())
    if not all(0 <= each <= 1 for each in probabilities.values()) or abs(total - 1) > OFF:
        return _("probabilities are from 0 to 1 and come to 1; these come to %(total)s") % {
            "total": f"{total:g}"
        }
    return ""


def _refusal(wrong: Mapping[int, str]) -> Invalid:
    named = {f"predictions.{line}": fault for line, fault in list(wrong.items())[:MOST_WRONG]}
    first, fault = next(iter(named.items()))
    message = _("%(line)s: %(fault)s. Lines that can't be taken: %(n)s; nothing was stored.")
    return Invalid(message % {"line": first, "fault": fault, "n": len(wrong)}, fields=named)


def _keep(version: ModelVersion, chances: Mapping[int, list[float]], early: set[int]) -> None:
    now = timezone.now()
    Prediction.objects.bulk_create(
        [
            Prediction(
                version=version,
                subject_id=subject,
                probabilities=row,
                shares=[],
                strength=0,
                top=max(row),
                early=subject in early,
                posted_at=now,
            )
            for subject, row in chances.items()
        ],
        batch_size=1000,
    )
