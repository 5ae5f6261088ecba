"""The known subjects of a workflow, each with what its experts say, what is settled, and how volunteers do on it."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model

from portal.pages.own_work import Step, steps
from portal.pages.pictures import of_subjects
from projects.models import (
    Classification,
    GoldAnswer,
    GoldSubject,
    Media,
    Subject,
    Workflow,
)
from projects.services.feedback import RIGHT
from projects.services.gold import compare, score_of, standing_gold, truth_of
from projects.services.versions import get_version
from projects.tasks.definition import WorkflowDefinition

MOST = 200
"""On one page: the newest."""

REASONS = ["check", "training", "exam"]


@dataclass(frozen=True)
class Said:
    """One expert's answer."""

    expert: str
    name: str
    steps: list[Step]


@dataclass(frozen=True)
class Row:
    subject: int
    external_id: str
    picture: Media | None
    known: GoldSubject
    said: list[Said]
    disputed: list[str]
    answers: int
    right: int

    @property
    def share(self) -> int | None:
        """Per cent of the volunteers' answers that are right."""
        return round(100 * self.right / self.answers) if self.answers else None


def listed(workflow: Workflow) -> list[Row]:
    """The newest MOST, with as many queries for one as for all."""
    if workflow.published_id is None:
        return []
    version = get_version(workflow.published_id)
    known = list(GoldSubject.objects.filter(workflow=workflow).order_by("-at")[:MOST])
    ids = [each.subject_id for each in known]
    standing = standing_gold(workflow.pk, ids)
    names = _names([answer for answers in standing.values() for answer in answers])
    external = dict(Subject.objects.filter(pk__in=ids).values_list("pk", "external_id"))
    pictures = of_subjects(ids)
    truths = {
        subject: truth_of(version.definition, [answer.annotations for answer in answers])
        for subject, answers in standing.items()
    }
    answered, right = _volunteers(workflow, ids, version.definition, truths)
    return [
        Row(
            subject=each.subject_id,
            external_id=external.get(each.subject_id, ""),
            picture=pictures.get(each.subject_id),
            known=each,
            said=[
                Said(
                    answer.expert,
                    names.get(answer.expert, answer.expert),
                    steps(version.definition, answer.annotations),
                )
                for answer in standing.get(each.subject_id, [])
            ],
            disputed=_disputed(version.definition, standing.get(each.subject_id, [])),
            answers=answered[each.subject_id],
            right=right[each.subject_id],
        )
        for each in known
    ]


def _volunteers(
    workflow: Workflow, ids: list[int], definition: Any, truths: dict[int, Any]
) -> tuple[Counter[int], Counter[int]]:
    """Answers that volunteers gave while the subject was known, and how many of them were right."""
    answered: Counter[int] = Counter()
    right: Counter[int] = Counter()
    rows = Classification.objects.filter(
        workflow=workflow, subject__in=ids, counted_reason__in=REASONS
    ).values_list("subject_id", "annotations")
    for subject, annotations in rows.iterator(chunk_size=2000):
        score = score_of(compare(definition, annotations, truths.get(subject, {})))
        if score is not None:
            answered[subject] += 1
            right[subject] += score >= RIGHT
    return answered, right


def _disputed(definition: WorkflowDefinition, answers: list[GoldAnswer]) -> list[str]:
    """The questions to which the experts give different answers."""
    values: dict[str, set[str]] = {}
    for answer in answers:
        for annotation in answer.annotations:
            values.setdefault(annotation["task"], set()).add(repr(annotation["value"]))
    return [
        definition.tasks[task].question
        for task, given in values.items()
        if len(given) > 1 and task in definition.tasks
    ]


def _names(answers: list[GoldAnswer]) -> dict[str, str]:
    """Members by their account's name."""
    ids = {
        int(answer.expert.removeprefix("account:"))
        for answer in answers
        if answer.expert.startswith("account:") and answer.expert.removeprefix("account:").isdecimal()
    }
    users = get_user_model().objects.filter(pk__in=ids)
    return {f"account:{user.pk}": user.get_username() for user in users}
