"""How others answered a subject, for those who have answered it themselves."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from projects import conditions
from projects.exceptions import Independence, NotFound
from projects.models import Answered, Classification, Evidence, Look, Use, Volunteer, Workflow
from projects.services.record_classification import use_of
from projects.services.tallies import count_all
from projects.services.versions import get_version

MOST = 200
"""Answers from which is told what they come to; a workflow may set no limit to them."""


@transaction.atomic
def glance(*, workflow_id: int, subject_id: int, volunteer: Volunteer | None) -> dict[str, Any]:
    """Tallies of the subject, of the tasks that this person was asked; that they looked is kept (Look).

    Raises Independence unless the person has answered the subject in this workflow; NotFound where the workflow shows
    no glance.
    """
    answered = volunteer and (
        Answered.objects.filter(
            volunteer_id=volunteer.person_id, workflow_id=workflow_id, subject_id=subject_id
        )
        .select_related("classification")
        .first()
    )
    if not answered or volunteer is None:
        raise Independence
    published = Workflow.objects.values_list("published_id", flat=True).get(pk=workflow_id)
    definition = get_version(answered.classification.version_id).definition
    if published is None or not get_version(published).definition.glance:
        raise NotFound("This workflow does not show others' answers.")
    Look.objects.get_or_create(
        volunteer_id=volunteer.person_id, workflow_id=workflow_id, subject_id=subject_id
    )
    evidence = Evidence.objects.filter(workflow_id=workflow_id, subject_id=subject_id)
    tallies = dict(evidence.values_list("task", "tallies"))
    values = _values(_standing(answered.classification, published))
    of_known = _of_known(answered.classification, published)  # always, so that the time tells nothing
    if use_of(answered.classification) != Use.WORK:
        tallies, values = of_known
    tasks = []
    for annotation in answered.classification.annotations:
        task = definition.tasks[annotation["task"]]
        counts = tallies.get(annotation["task"], {"asked": 0, "votes": {}})
        tasks.append(
            {
                "task": annotation["task"],
                "question": task.question,
                "asked": counts["asked"],
                "yours": annotation["value"],
                "answers": [_answer(each.key, each.label, counts) for each in task.shown(counts["votes"])],
            }
            | task.told(values.get(annotation["task"]), counts["votes"])
        )
    first = definition.first_task
    return {"subject": subject_id, "total": tallies.get(first, {"asked": 0})["asked"], "tasks": tasks}


def _standing(own: Classification, published: int) -> list[Classification]:
    """The subject's answers that count, as many as are asked for, `MOST` at most.

    What they come to is told from them, as on a known subject, and not from evidence: mining reads an answer a moment
    later, and whoever glances before that would see by it that the subject is none of the known ones.
    """
    found = Classification.objects.standing().filter(workflow_id=own.workflow_id, subject_id=own.subject_id)
    limit = conditions.vote_limit(get_version(published).definition.retirement)
    return list(found.order_by("id")[: min(limit, MOST)])


def _of_known(own: Classification, published: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A known subject has no evidence: this one's answer after the first others', as many as an open subject may have.

    So whoever looks sees what they would see on any subject, and not that it is known.
    """
    most = max(1, conditions.vote_limit(get_version(published).definition.retirement) // 2)
    others = Classification.objects.filter(
        workflow_id=own.workflow_id, subject_id=own.subject_id, counted_reason=own.first.counted_reason
    ).exclude(pk=own.first.pk)
    answers = [*others.order_by("id")[: most - 1], own]
    given = (get_version(each.version_id).definition.votes(each.annotations) for each in answers)
    return count_all(given), _values(answers)


def _values(answers: Sequence[Classification]) -> dict[str, Any]:
    """Task to what the answers come to, of the tasks that the last of them was asked in its version."""
    if not answers:
        return {}
    tasks = get_version(answers[-1].version_id).definition.tasks
    given: dict[str, list[Any]] = {}
    for annotation in (each for answer in answers for each in answer.annotations):
        given.setdefault(annotation["task"], []).append(annotation["value"])
    return {name: tasks[name].together(some) for name, some in given.items() if name in tasks}


def _answer(key: str, label: str, counts: dict[str, Any]) -> dict[str, Any]:
    votes = counts["votes"].get(key, 0)
    return {
        "key": key,
        "label": label,
        "votes": votes,
        "share": votes / counts["asked"] if counts["asked"] else 0.0,
    }
