"""What one person has done, for their own pages: their answers (with their own words), counts, favourites.

A person is a volunteer with all aliases; the record keeps each alias, so every read of it here goes over all of them.
Nothing here says what a subject was for, nor whether an answer counted: a hidden check is to look like any other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from portal.pages.pictures import of_subjects
from projects.models import Answered, Classification, Favourite, Look, Media, Use, Volunteer
from projects.services import get_version
from projects.services.record_classification import use_of
from projects.services.redo import redo_until, why_not
from projects.tasks.definition import Annotation, WorkflowDefinition

PAGE = 24


@dataclass(frozen=True)
class Step:
    """One question on the way, and the words of what was chosen, such as ("Is there a bar?", "No")."""

    question: str
    words: str


@dataclass(frozen=True)
class Answer:
    """One classification as its author sees it. redo: where to correct it, until then; why_not: why not any more."""

    id: int
    at: datetime
    picture: Media | None
    subject: int
    workflow: str
    project: str
    project_title: str
    steps: list[Step]
    corrected: bool
    practice: bool
    redo: str
    redo_until: datetime | None
    why_not: str

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
    return list(Volunteer.objects.of_person(person).values_list("pk", flat=True))


def steps(definition: WorkflowDefinition, annotations: list[Annotation]) -> list[Step]:
    """The questions along the path with what was chosen or written; one that was left empty is left out."""
    known = [
        (definition.tasks[each["task"]], each["value"])
        for each in annotations
        if each["task"] in definition.tasks
    ]
    return [Step(task.question, words) for task, value in known if (words := task.said(value))]


def given(people: list[int]) -> QuerySet[Classification]:
    """Their answers without those that they have corrected."""
    later = Classification.objects.filter(supersedes=OuterRef("pk"))
    return Classification.objects.filter(~Exists(later), volunteer__in=people)


def recent(people: list[int], before: int | None = None) -> list[Answer]:
    """A page of their answers, newest first; `before` is the id of the last one already shown."""
    found = given(people)
    if before is not None:
        found = found.filter(pk__lt=before)
    return describe(found.order_by("-pk")[:PAGE])


def describe(found: QuerySet[Classification]) -> list[Answer]:
    """In their order. Three queries, and two more for each corrected answer whose time may not be over."""
    rows = list(found.select_related("workflow__project", "version", "volunteer"))
    pictures = of_subjects(row.subject_id for row in rows)
    looked = _looked(rows)
    return [_answer(row, pictures.get(row.subject_id), _key(row) in looked) for row in rows]


def _key(row: Classification) -> tuple[int, int]:
    return row.workflow_id, row.subject_id


def _looked(rows: Iterable[Classification]) -> set[tuple[int, int]]:
    """(workflow, subject) of those whose giver has seen others' answers on it."""
    rows = list(rows)
    looks = Look.objects.filter(
        volunteer__in={row.volunteer.person_id for row in rows},
        workflow__in={row.workflow_id for row in rows},
        subject__in={row.subject_id for row in rows},
    )
    return set(looks.values_list("workflow_id", "subject_id"))


def _answer(row: Classification, picture: Media | None, looked: bool) -> Answer:
    workflow = row.workflow
    redo, until, refusal = "", None, ""
    if workflow.published_id is not None and not row.version.inferred:
        minutes = get_version(workflow.published_id).definition.redo_minutes
        found = why_not(row, minutes=minutes, looked=looked, now=timezone.now())
        if found is None:
            until = redo_until(row, minutes)
            redo = reverse("pages:redo", args=[workflow.project.slug, workflow.slug, row.subject_id])
        else:
            refusal = str(found.message)
    return Answer(
        id=row.pk,
        at=row.received_at,
        picture=picture,
        subject=row.subject_id,
        workflow=workflow.title,
        project=workflow.project.slug,
        project_title=workflow.project.title,
        steps=steps(get_version(row.version_id).definition, row.annotations),
        corrected=row.supersedes_id is not None,
        practice=use_of(row) in (Use.TRAINING, Use.EXAM),
        redo=redo,
        redo_until=until,
        why_not=refusal,
    )


def shares(people: list[int]) -> list[Share]:
    """Subjects that they answered, by project, most first; known ones are among them like any other."""
    rows = (
        Answered.objects.filter(volunteer__in=people)
        .values("workflow__project__slug", "workflow__project__title")
        .annotate(answers=Count("subject"))
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
