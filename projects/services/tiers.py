"""Who decides: rules, models, volunteers, moderators, by day, and how often people say otherwise afterwards."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from projects.models import Decision, Workflow
from projects.services.decisions import AUDIT
from projects.services.statement import run

DAYS = 14

# Of those undone within a minute nothing is told.
BY_DAY = """
SELECT (d.at AT TIME ZONE 'UTC')::date, d.kind, count(*)
  FROM projects_decision d
 WHERE d.workflow_id = %(workflow)s AND d.at >= %(since)s AND d.undoes_id IS NULL
   AND NOT EXISTS (SELECT FROM projects_decision u WHERE u.undoes_id = d.id)
 GROUP BY 1, 2
"""

# The first decision of people that came after: of volunteers or a moderator after a rule or model, of a moderator after
# volunteers.
OVERTURNED = """
SELECT d.kind, d.rule_id, d.model, count(*), count(later.verdict), count(*) FILTER (WHERE later.verdict <> d.verdict),
       count(later.verdict) FILTER (WHERE d.evidence ? %(audit)s),
       count(*) FILTER (WHERE d.evidence ? %(audit)s AND later.verdict <> d.verdict)
  FROM projects_decision d
  LEFT JOIN LATERAL (
    SELECT n.verdict FROM projects_decision n
     WHERE n.workflow_id = d.workflow_id AND n.subject_id = d.subject_id AND n.id > d.id
       AND n.region_id IS NOT DISTINCT FROM d.region_id AND n.undoes_id IS NULL
       AND (n.kind = 'person' OR (n.kind = 'people' AND d.kind IN ('rule', 'model')))
       AND NOT EXISTS (SELECT FROM projects_decision u WHERE u.undoes_id = n.id)
     ORDER BY n.id LIMIT 1
  ) later ON true
 WHERE d.workflow_id = %(workflow)s AND d.undoes_id IS NULL AND d.kind <> 'person'
   AND NOT EXISTS (SELECT FROM projects_decision u WHERE u.undoes_id = d.id)
 GROUP BY 1, 2, 3 ORDER BY 1 DESC, 4 DESC
"""


@dataclass(frozen=True)
class Day:
    """How many decisions each kind made on a day; those of which none was made are 0."""

    day: date
    made: dict[str, int]


@dataclass(frozen=True)
class Overturned:
    """Of one rule, one model, or volunteers: how many decisions it made, how many people decided again, and otherwise.

    Of a rule or a model, `audited` and `audited_otherwise` are those of them that were drawn at random, whatever they
    looked like: only of these the share is one of all of its decisions.
    """

    kind: str
    rule: int | None
    model: str
    made: int
    again: int
    otherwise: int
    audited: int
    audited_otherwise: int


def by_day(workflow: Workflow, days: int = DAYS) -> list[Day]:
    """The last days, the newest first, each with all kinds."""
    today = timezone.now().date()
    since = timezone.now() - timedelta(days=days)
    counts: dict[date, dict[str, int]] = {}
    for day, kind, count in run(BY_DAY, {"workflow": workflow.pk, "since": since}):
        counts.setdefault(day, {})[kind] = count
    shown = [today - timedelta(days=back) for back in range(days)]
    return [
        Day(day, {kind: counts.get(day, {}).get(kind, 0) for kind in Decision.Kind.values}) for day in shown
    ]


def overturned(workflow: Workflow) -> list[Overturned]:
    """By rule, model, volunteers. One statement over the workflow's decisions."""
    return [Overturned(*row) for row in run(OVERTURNED, {"workflow": workflow.pk, "audit": AUDIT})]


def undecided(workflow: Workflow) -> int:
    """Subjects that people's answers have finished without a decision: two answers were equal, or theirs is no
    verdict. The team's to decide."""
    ((count,),) = run(
        """
        SELECT count(*) FROM projects_subjectstate s
         WHERE s.workflow_id = %(workflow)s AND s.retired_at IS NOT NULL AND s.use = 0
           AND NOT EXISTS (SELECT FROM projects_decision d
                            WHERE d.workflow_id = s.workflow_id AND d.subject_id = s.subject_id)
        """,
        {"workflow": workflow.pk},
    )
    return int(count)
