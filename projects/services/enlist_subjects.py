"""Bring subjects of a workflow's set into its queue."""

from django.db import connection, transaction

from projects import conditions
from projects.models import Workflow, WorkflowCounter
from projects.services.lane_moves import take_in_arrivals
from projects.services.rule_work import note_arrivals
from projects.services.statement import tell_planner
from projects.services.versions import get_version

ENLIST = """
INSERT INTO projects_subjectstate (workflow_id, subject_id, shuffle, answered, leased, wanted, retired_reason)
SELECT %(workflow)s, id, random(), 0, 0, %(wanted)s, ''
  FROM projects_subject WHERE subject_set_id = %(subject_set)s
ON CONFLICT DO NOTHING RETURNING subject_id
"""


@transaction.atomic
def enlist_subjects(workflow: Workflow) -> int:
    """Add a state for each subject of the set that has none, in the lane that takes it in, if one does; returns how
    many. Safe to repeat."""
    if workflow.published_id is None:
        return 0
    wanted = conditions.vote_limit(get_version(workflow.published_id).definition.retirement)
    counter = WorkflowCounter.objects.select_for_update().get(workflow=workflow)
    with connection.cursor() as cursor:
        cursor.execute(
            ENLIST, {"workflow": workflow.pk, "subject_set": workflow.subject_set_id, "wanted": wanted}
        )
        added = [subject for (subject,) in cursor.fetchall()]
    tell_planner(len(added))
    counter.subjects += len(added)
    counter.save(update_fields=["subjects"])
    if added:
        take_in_arrivals(workflow, added)
        note_arrivals(workflow, added)
    return len(added)
