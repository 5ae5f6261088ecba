"""What one person has done, for their own page: their answers (with their own words), counts, favourites.

A person is a volunteer with all aliases; the record keeps each alias, so every read here goes over all of them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from portal.pages.pictures import of_subjects
from projects.models import Classification, Favourite, Media, Volunteer

PAGE = 24


@dataclass(frozen=True)
class Step:
    """One question on the way, and the words of what was chosen, such as ("Is there a bar?", "No")."""

    question: str
    words: str


@dataclass(frozen=True)
class Answer:
    """One classification as its author sees it."""

    id: int
    at: datetime
    picture: Media | None
    workflow: str
    project: str
    steps: list[Step]

    @property
    def rest(self) -> list[Step]:
        return self.steps[1:]


@dataclass(frozen=True)
class Share:
    """How much of a project is this person's."""

    slug: str
    title: str
    answers: int


def aliases(volunteer: Volunteer) -> list[int]:
    """Ids of every volunteer that is this person."""
    person = volunteer.person_id
    return list(Volunteer.objects.filter(Q(pk=person) | Q(joined_to=person)).values_list("pk", flat=True))


def steps(definition: dict[str, Any], annotations: list[dict[str, Any]]) -> list[Step]:
    """The questions along the path with what was chosen or written; one that was left empty is left out."""
    said: list[Step] = []
    for annotation in annotations:
        task = definition["tasks"].get(annotation["task"], {})
        labels = {answer["key"]: answer["label"] for answer in task.get("answers", [])}
        value = annotation.get("value")
        if task.get("kind") == "text":
            if value:
                said.append(Step(task["question"], value))
            continue
        keys = value if isinstance(value, list) else [value]
        chosen = [labels[key] for key in keys if isinstance(key, str) and key in labels]
        if chosen:
            said.append(Step(task["question"], " · ".join(chosen)))
    return said


def recent(people: list[int], before: int | None = None) -> list[Answer]:
    """A page of their answers, newest first; `before` is the id of the last one already shown. Two queries."""
    found = Classification.objects.filter(volunteer__in=people)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.select_related("workflow__project", "version").order_by("-pk")[:PAGE])
    pictures = of_subjects(row.subject_id for row in rows)
    return [
        Answer(
            id=row.pk,
            at=row.received_at,
            picture=pictures.get(row.subject_id),
            workflow=row.workflow.title,
            project=row.workflow.project.slug,
            steps=steps(row.version.definition, row.annotations),
        )
        for row in rows
    ]


def shares(people: list[int]) -> list[Share]:
    """Answers that count, by project, most first. Reads all of the person's answers: for their own page only."""
    rows = (
        Classification.objects.standing()
        .filter(volunteer__in=people)
        .values("workflow__project__slug", "workflow__project__title")
        .annotate(answers=Count("pk"))
        .order_by("-answers", "workflow__project__slug")
    )
    return [
        Share(row["workflow__project__slug"], row["workflow__project__title"], row["answers"]) for row in rows
    ]


def favourites(people: list[int], limit: int = 48) -> list[Media]:
    """Pictures of the subjects that they keep, newest first, each once. Two queries."""
    kept = (
        Favourite.objects.filter(volunteer__in=people)
        .order_by("-at")
        .values_list("subject_id", flat=True)[:limit]
    )
    order = list(dict.fromkeys(kept))
    pictures = of_subjects(order)
    return [pictures[subject] for subject in order if subject in pictures]
