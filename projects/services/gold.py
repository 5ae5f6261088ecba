"""Known answers: entered by experts, kept as dated records, compared with what volunteers say. Only on the server."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from projects import conditions
from projects.exceptions import Invalid
from projects.models import GoldAnswer, GoldSubject, SubjectState, Use, Workflow, WorkflowCounter
from projects.services.answer_about import answer_about
from projects.services.lane_moves import leave_lane
from projects.services.versions import get_version
from projects.tasks.definition import Annotation, WorkflowDefinition

NEVER = 2**31 - 1
"""Counted answers after which a known subject is retired: none of its answers counts, so it never is."""

Truth = dict[str, Any]
"""Task to the value that the experts have settled."""


@dataclass(frozen=True)
class Known:
    """What to do with a known subject, see GoldSubject."""

    use: Use = Use.CHECK
    secret: bool = True
    right_message: str = ""
    wrong_message: str = ""


@dataclass(frozen=True)
class Compared:
    """One task that the volunteer answered and the experts have settled. score: 0 to 1."""

    task: str
    value: Any
    truth: Any
    score: float


@transaction.atomic
def enter_gold(
    *, workflow: Workflow, subject_id: int, annotations: Any, expert: str, known: Known | None = None
) -> GoldAnswer:
    """An expert's answer on an open subject of the workflow; from now on the subject is known and not worked on.

    A later answer of the same expert replaces the earlier one, other experts' stay beside it. `known`: what the
    subject is for from now on (None: as it is, a secret hidden check when it is new). Raises Invalid, and changes
    nothing, for a subject of another workflow, a retired one, and an answer that the workflow does not offer.
    """
    if workflow.published_id is None:
        raise Invalid("Publish the workflow first: a known answer is one to its questions.")
    definition = get_version(workflow.published_id).definition
    stored = answer_about(subject_id, definition, annotations)
    state = _locked_state(workflow, subject_id)
    if state.retired_at is not None:
        raise Invalid("This subject is retired: give known answers to subjects that are still open.")
    _put_to_use(workflow, state, definition, known)
    return GoldAnswer.objects.create(
        workflow=workflow,
        subject_id=subject_id,
        version_id=workflow.published_id,
        expert=expert,
        annotations=stored,
        at=_clock(),
    )


@transaction.atomic
def put_to_use(workflow: Workflow, subject_id: int, known: Known) -> None:
    """What a known subject is for from now on. Raises Invalid for a subject of another workflow."""
    state = _locked_state(workflow, subject_id)
    if workflow.published_id is not None:
        _put_to_use(workflow, state, get_version(workflow.published_id).definition, known)


@transaction.atomic
def withdraw_gold(*, workflow: Workflow, subject_id: int, expert: str) -> bool:
    """The expert says nothing of the subject any more. Where no other does, it becomes a subject to work on again.

    Answers that volunteers gave while it was known stay out of the tallies. Returns whether there was one to withdraw.
    """
    state = _locked_state(workflow, subject_id)
    stands = _newest(GoldAnswer.objects.filter(workflow=workflow, subject_id=subject_id))
    own = stands.pop((subject_id, expert), None)
    if own is None:
        return False
    GoldAnswer.objects.create(
        workflow=workflow,
        subject_id=subject_id,
        version_id=own.version_id,
        expert=expert,
        annotations=[],
        withdrawn=True,
        at=_clock(),
    )
    if not stands:
        GoldSubject.objects.filter(workflow=workflow, subject_id=subject_id).delete()
        if workflow.published_id is not None:
            _move(workflow, state, Use.WORK, get_version(workflow.published_id).definition)
    return True


def standing_gold(workflow_id: int, subjects: Iterable[int]) -> dict[int, list[GoldAnswer]]:
    """The experts' answers that stand, of each of the subjects that is known, in the order of their records."""
    rows = GoldAnswer.objects.filter(workflow_id=workflow_id, subject_id__in=list(subjects))
    by_subject: dict[int, list[GoldAnswer]] = {}
    for (subject, _), answer in _newest(rows).items():
        by_subject.setdefault(subject, []).append(answer)
    return by_subject


def truth_of(definition: WorkflowDefinition, answers: Sequence[Sequence[Annotation]]) -> Truth:
    """Of several experts' annotations: each task's settled value, by the task's kind; a task on which they disagree
    without a majority is left out."""
    values: dict[str, list[Any]] = {}
    for annotations in answers:
        for annotation in annotations:
            values.setdefault(annotation["task"], []).append(annotation["value"])
    settled = {
        task: definition.tasks[task].truth(given)
        for task, given in values.items()
        if task in definition.tasks
    }
    return {task: value for task, value in settled.items() if value is not None}


def compare(
    definition: WorkflowDefinition, annotations: Sequence[Annotation], truth: Mapping[str, Any]
) -> list[Compared]:
    """Task by task, those that both have come to, in the order in which the volunteer answered."""
    return [
        Compared(
            a["task"],
            a["value"],
            truth[a["task"]],
            definition.tasks[a["task"]].score(a["value"], truth[a["task"]]),
        )
        for a in annotations
        if a["task"] in truth
    ]


def score_of(compared: Sequence[Compared]) -> float | None:
    """Of a whole answer: the mean over its tasks, 0 to 1; None where there is nothing to compare."""
    return sum(each.score for each in compared) / len(compared) if compared else None


def _clock() -> datetime:
    """The database's, as on answers: under the subject's lock the times of both are in the order of the record."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        at: datetime = cursor.fetchone()[0]
    return at


def _locked_state(workflow: Workflow, subject_id: int) -> SubjectState:
    state = SubjectState.objects.select_for_update().filter(workflow=workflow, subject_id=subject_id).first()
    if state is None:
        raise Invalid("This subject is not one of this workflow: look at its set.")
    return state


def _put_to_use(
    workflow: Workflow, state: SubjectState, definition: WorkflowDefinition, known: Known | None
) -> None:
    key: dict[str, Any] = {"workflow": workflow, "subject_id": state.subject_id}
    if known is None:
        GoldSubject.objects.get_or_create(**key, defaults=vars(Known()))
    else:
        GoldSubject.objects.update_or_create(**key, defaults=vars(known))
    use = GoldSubject.objects.values_list("use", flat=True).get(**key)
    _move(workflow, state, Use(use), definition)


def _move(workflow: Workflow, state: SubjectState, use: Use, definition: WorkflowDefinition) -> None:
    """Into the queue of that use. Takes the counter's lock, after the state's as everywhere."""
    before = Use(state.use)
    if before == use:
        return
    state.use = use
    state.wanted = conditions.vote_limit(definition.retirement) if use == Use.WORK else NEVER
    if use in (Use.TRAINING, Use.EXAM):  # asked for openly; a hidden check stays, among the work of its lane
        leave_lane(state)
    state.save(update_fields=["use", "wanted", "lane", "priority", "laned_at"])
    counter = WorkflowCounter.objects.select_for_update().get(workflow=workflow)
    counter.subjects += (use == Use.WORK) - (before == Use.WORK)
    counter.checks += (use == Use.CHECK) - (before == Use.CHECK)
    counter.save(update_fields=["subjects", "checks"])


def _newest(rows: Iterable[GoldAnswer]) -> dict[tuple[int, str], GoldAnswer]:
    """By (subject, expert), without those withdrawn."""
    newest = {(row.subject_id, row.expert): row for row in sorted(rows, key=lambda row: row.pk)}
    return {key: row for key, row in newest.items() if not row.withdrawn}
