"""What is going on in projects: counts and the newest answers, by nobody's name.

Never an answer or a tally: the subjects are still open for others (rule of independence).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import caches
from django.db.models import Count, Exists, OuterRef, Sum

from portal.pages.pictures import of_subjects
from projects.models import Classification, LedgerEntry, Media, Project, Workflow, WorkflowCounter

SIMULATED_AGE = 60  # seconds; a crowd's answers are many, so they are counted once for many requests


@dataclass(frozen=True)
class Totals:
    """Sums over a project's workflows. A subject in two workflows is two pieces of work."""

    answers: int = 0
    subjects: int = 0
    retired: int = 0


@dataclass(frozen=True)
class Event:
    """Somebody looked at this picture and answered."""

    at: datetime
    picture: Media | None
    workflow: str
    simulated: bool


def totals(projects: Iterable[Project]) -> dict[int, Totals]:
    """Project id -> its counts, exact at the last commit. One query."""
    rows = (
        WorkflowCounter.objects.filter(workflow__project__in=list(projects))
        .values("workflow__project")
        .annotate(answers=Sum("answers"), subjects=Sum("subjects"), retired=Sum("retired"))
    )
    return {row["workflow__project"]: Totals(row["answers"], row["subjects"], row["retired"]) for row in rows}


def newest(workflows: list[Workflow], limit: int = 6) -> list[Event]:
    """The newest answers, newest first, of those given here and not imported. Three queries; the first reads `limit`
    rows a workflow."""
    workflows = [workflow for workflow in workflows if not workflow.source]
    if not workflows:
        return []
    tails = [
        LedgerEntry.objects.filter(workflow=workflow, kind=LedgerEntry.Kind.CLASSIFICATION)
        .order_by("-position")
        .values_list("record_id", flat=True)[:limit]
        for workflow in workflows
    ]
    ids = list(tails[0].union(*tails[1:], all=True))
    titles = {workflow.pk: workflow.title for workflow in workflows}
    rows = list(
        Classification.objects.filter(pk__in=ids)
        .order_by("-received_at")
        .values_list("received_at", "subject_id", "workflow_id", "volunteer__simulated")[:limit]
    )
    pictures = of_subjects(row[1] for row in rows)
    return [
        Event(at, pictures.get(subject_id), titles[workflow_id], simulated)
        for at, subject_id, workflow_id, simulated in rows
    ]


def with_simulated(projects: Iterable[Project]) -> set[int]:
    """Ids of those in which a simulated crowd has answered: it must be said wherever its answers show. One query."""
    by_crowd = Classification.objects.filter(workflow=OuterRef("pk"), volunteer__simulated=True)
    found = Workflow.objects.filter(Exists(by_crowd), project__in=list(projects))
    return set(found.values_list("project_id", flat=True))


def simulated_answers(projects: Iterable[Project]) -> dict[int, int]:
    """Project id -> how many of its answers that count are a simulated crowd's, for those in which one has answered.

    Whether there is one is true now; the number may be SIMULATED_AGE old. One query, and one more to count.
    """
    memory = caches["process"]
    keys = {project_id: f"simulated-answers-{project_id}" for project_id in with_simulated(projects)}
    known = memory.get_many(keys.values())
    counts = {project_id: known[key] for project_id, key in keys.items() if key in known}
    unknown = [project_id for project_id in keys if project_id not in counts]
    if unknown:
        rows = (
            Classification.objects.standing()
            .filter(volunteer__simulated=True, workflow__project__in=unknown)
            .values("workflow__project")
            .annotate(answers=Count("pk"))
        )
        fresh = dict.fromkeys(unknown, 0) | {row["workflow__project"]: row["answers"] for row in rows}
        memory.set_many(
            {keys[project_id]: count for project_id, count in fresh.items() if count}, SIMULATED_AGE
        )
        counts |= fresh
    return counts


def has_simulated(project: Project) -> bool:
    return bool(with_simulated([project]))
