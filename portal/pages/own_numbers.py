"""A person's numbers by project and week, straight from the record. Reads all that they answered: for their own pages.

Known subjects count as answered like any other. Agreement is over finished subjects alone, and says no number of them:
what is known never finishes, so that the difference would tell how many were hidden checks.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from mining.science.intervals import wilson

CAP = 300
"""Seconds: an answer that took longer was left open meanwhile."""

ENOUGH = 10
WEEKS = 26

BY_WEEK = """
SELECT w.project_id, date_trunc('week', c.received_at AT TIME ZONE 'UTC')::date, count(*),
       sum(coalesce(least(greatest(extract(epoch FROM c.finished_at - c.started_at), 0), %(cap)s), 0))
  FROM projects_answered a JOIN projects_classification c ON c.id = a.classification_id
  JOIN projects_workflow w ON w.id = a.workflow_id
 WHERE a.volunteer_id = %(person)s GROUP BY 1, 2 ORDER BY 2 DESC
"""

# Questions with one answer each; what leads is what results pages show: the most probable one once votes are weighed.
AGREEMENT = """
SELECT a.workflow_id, count(*), count(*) FILTER (WHERE lead.key = x.value ->> 'value')
  FROM projects_answered a JOIN projects_classification c ON c.id = a.classification_id AND c.counted = 'yes'
  JOIN projects_subjectstate s ON s.workflow_id = a.workflow_id AND s.subject_id = a.subject_id
       AND s.retired_at IS NOT NULL
 CROSS JOIN LATERAL jsonb_array_elements(c.annotations) x
  JOIN projects_evidence e ON e.workflow_id = a.workflow_id AND e.subject_id = a.subject_id
       AND e.task = x.value ->> 'task' AND jsonb_typeof(e.probabilities) = 'object'
 CROSS JOIN LATERAL (SELECT p.key FROM jsonb_each_text(e.probabilities) p ORDER BY p.value::float8 DESC, p.key LIMIT 1)
       lead
 WHERE a.volunteer_id = %(person)s AND jsonb_typeof(x.value -> 'value') = 'string' GROUP BY 1
"""


@dataclass(frozen=True)
class Week:
    """Monday, answers, hours."""

    monday: date
    answers: int
    hours: float


def weeks(person: int) -> dict[int, list[Week]]:
    """By project, newest first."""
    found: dict[int, list[Week]] = {}
    for project, monday, answers, seconds in _rows(BY_WEEK, {"person": person, "cap": CAP}):
        found.setdefault(project, []).append(Week(monday, answers, float(seconds) / 3600))
    return found


def agreement(person: int) -> dict[int, tuple[float, float, float]]:
    """By workflow: share of answers that are what leads on finished subjects, with its 95 % interval."""
    return {
        workflow: (same / of, *wilson(same, of))
        for workflow, of, same in _rows(AGREEMENT, {"person": person})
        if of >= ENOUGH
    }


def _rows(statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
