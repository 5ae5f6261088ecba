"""Who is shown what was said of an open subject can't answer it any more: that is kept before it is shown."""

from collections.abc import Iterable

from django.http import HttpRequest

from projects.models import SubjectState
from projects.services.look_at_answers import look_at_subjects
from projects.services.volunteers import join_account, volunteer_of


def keep_looks(request: HttpRequest, workflow_id: int, subjects: Iterable[int]) -> set[int]:
    """Of these subjects the open ones, which the team member who asks has now looked at."""
    still_open = set(
        SubjectState.objects.filter(
            workflow=workflow_id, subject__in=list(subjects), retired_at__isnull=True
        ).values_list("subject_id", flat=True)
    )
    if still_open and request.user.is_authenticated:
        person = volunteer_of(request) or join_account(None, request.user)
        look_at_subjects(workflow_id, sorted(still_open), person)
    return still_open
