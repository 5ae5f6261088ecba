"""Somebody looks at others' answers on everything that is still open, as a team member's download does."""

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


def look_at_answers(workflow_id: int, volunteer: Volunteer) -> int:
    """From here on this person's answers on the workflow's open subjects that have answers are withheld.

    Subjects that nobody has answered yet show nothing, so they stay free. Returns how many were not looked at
    before. Safe to repeat.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOOK, {"person": volunteer.person_id, "workflow": workflow_id})
        return int(cursor.rowcount)
