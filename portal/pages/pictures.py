"""Pictures that stand for a project: its own subjects, since they are what it is about."""

from collections.abc import Iterable

from projects.models import Media, Project, SubjectSet


def first_pictures(subject_set: SubjectSet, count: int) -> list[Media]:
    """The first picture of each of the set's first subjects, in the order in which the team put them in."""
    return list(
        Media.objects.filter(subject__subject_set=subject_set, position=0, mime__startswith="image/")
        .order_by("subject_id")[:count]
    )


def mosaic(project: Project, count: int) -> list[Media]:
    """Pictures from the set of the project's first workflow. Two queries."""
    workflow = project.workflows.select_related("subject_set").first()
    return first_pictures(workflow.subject_set, count) if workflow else []


def of_subjects(subject_ids: Iterable[int]) -> dict[int, Media]:
    """Subject id -> its first picture. One query."""
    found = Media.objects.filter(subject_id__in=list(subject_ids), position=0, mime__startswith="image/")
    return {media.subject_id: media for media in found}
