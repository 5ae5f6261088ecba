"""Somebody looks at others' answers on everything that is still open, as a team member's download does."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from projects.models import Volunteer

LOOK = """
INSERT INTO projects_look (volunteer_id, workflow_id, subject_id, at)
SELECT %(person)s, s.workflow_id, s.subject_id, now() FROM projects_subjectstate s
 WHERE s.workflow_id = %(workflow)s AND s.retired_at IS NULL
   AND EXISTS (SELECT FROM projects_classification c WHERE c.workflow_id = s.workflow_id
                  AND c.subject_id = s.subject_id)
ON CONFLICT DO NOTHING
"""


LOOK_AT = """
INSERT INTO projects_look (volunteer_id, workflow_id, subject_id, at)
SELECT %(person)s, %(workflow)s, id, now() FROM unnest(%(subjects)s::bigint[]) AS id
ON CONFLICT DO NOTHING
"""


def look_at_subjects(workflow_id: int, subjects: Sequence[int], volunteer: Volunteer) -> None:
    """The same for these subjects, of which the person has seen, or given, the known answers. Safe to repeat."""
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "person": volunteer.person_id,
            "workflow": workflow_id,
            "subjects": list(subjects),
        }
        cursor.execute(LOOK_AT, values)


def look_at_answers(workflow_id: int, volunteer: Volunteer) -> int:
    """From here on this person's answers on the workflow's open subjects that have answers are withheld.

    Subjects that nobody has answered yet show nothing, so they stay free. Returns how many were not looked at
    before. Safe to repeat.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOOK, {"person": volunteer.person_id, "workflow": workflow_id})
        return int(cursor.rowcount)
