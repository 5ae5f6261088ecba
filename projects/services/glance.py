"""How others answered a subject, for those who have answered it themselves."""

from typing import Any

from django.db import transaction

from projects.exceptions import Independence, NotFound
from projects.models import Answered, Evidence, Look, Volunteer, Workflow
from projects.services.versions import get_version
from projects.tasks.text import TEXT


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
    rows = {e.task: e for e in Evidence.objects.filter(workflow_id=workflow_id, subject_id=subject_id)}
    tallies = {name: row.tallies for name, row in rows.items()}
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
                "answers": [_answer(answer.key, answer.label, counts) for answer in task.choices],
            }
            | ({} if task.choices else _text(rows.get(annotation["task"]), counts))
        )
    first = definition.first_task
    return {"subject": subject_id, "total": tallies.get(first, {"asked": 0})["asked"], "tasks": tasks}


def _answer(key: str, label: str, counts: dict[str, Any]) -> dict[str, Any]:
    votes = counts["votes"].get(key, 0)
    return {
        "key": key,
        "label": label,
        "votes": votes,
        "share": votes / counts["asked"] if counts["asked"] else 0.0,
    }


def _text(row: Evidence | None, counts: dict[str, Any]) -> dict[str, Any]:
    """What the volunteers' texts come to (null until mining has put them together) and how many wrote one."""
    value = row.value if row else None
    return {"text": value["text"] if value else None, "written": counts["votes"].get(TEXT, 0)}
