"""Pictures that stand for a project: its own subjects, since they are what it is about.

Each carries `veiled`: whether a workflow on its set blurs its pictures until they are asked for. Then the pages blur it
too, wherever nobody has asked.
"""

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, QuerySet

from projects.models import Media, Workflow


def _with_veil(media: QuerySet[Media]) -> QuerySet[Media]:
    blurring = Workflow.objects.filter(
        subject_set=OuterRef("subject__subject_set"), published__definition__viewer__blur=True
    )
    return media.annotate(veiled=Exists(blurring))


def mosaics(workflows: Iterable[Workflow], count: int) -> dict[int, list[Media]]:
    """Subject set id -> the first picture of each of its first `count` subjects, in the order in which the team put
    them in. One query; each set's part stops after `count` rows."""
    sets = {workflow.subject_set_id for workflow in workflows}
    parts = [
        _with_veil(Media.objects.filter(subject__subject_set=number, position=0, mime__startswith="image/"))
        .annotate(subject_set=F("subject__subject_set_id"))
        .order_by("subject_id")[:count]
        for number in sorted(sets)
    ]
    found: dict[int, list[Media]] = {number: [] for number in sets}
    if parts:
        rows = parts[0].union(*parts[1:], all=True)  # in no order that SQL promises
        for media in sorted(rows, key=lambda media: media.subject_id):
            found[media.subject_set].append(media)
    return found


def of_subjects(subject_ids: Iterable[int], position: int = 0) -> dict[int, Media]:
    """Subject id -> its first picture, or the one of that position. One query."""
    found = Media.objects.filter(
        subject_id__in=list(subject_ids), position=position, mime__startswith="image/"
    )
    return {media.subject_id: media for media in _with_veil(found)}
