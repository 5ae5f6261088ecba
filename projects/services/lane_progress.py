"""How far a workflow's lanes are: counts, the age of the oldest, how fast it goes, when it may end. For the team."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from projects.conditions import UNLIMITED
from projects.models import Lane, Workflow
from projects.services.statement import run

NEWEST = 20_000
"""So many of a workflow's newest answers are read for the rate, at most; and none that is older than DAYS."""
DAYS = 7
LEAST_TIME = timedelta(minutes=10)
"""A rate over less says nothing yet."""

COUNTS = """
SELECT s.lane_id, count(*), count(s.retired_at),
       min(s.laned_at) FILTER (WHERE s.retired_at IS NULL),
       (sum(greatest(s.wanted - s.answered, 0)::bigint) FILTER (WHERE s.retired_at IS NULL))::bigint
  FROM projects_subjectstate s
 WHERE s.lane_id = ANY(%(lanes)s::bigint[]) AND s.use = 0 GROUP BY s.lane_id
"""
# The ledger is in the order of commit, so its end is what came last; by subject a classification has no such index.
RATES = """
WITH newest AS MATERIALIZED (
    SELECT c.subject_id, c.received_at, c.counted = 'yes' AND c.supersedes_id IS NULL AS plain
      FROM (SELECT record_id FROM projects_ledgerentry
             WHERE workflow_id = %(workflow)s AND kind = 'classification'
             ORDER BY position DESC LIMIT %(most)s) e
      JOIN projects_classification c ON c.id = e.record_id
)
SELECT s.lane_id, count(*), (SELECT count(*) FROM newest), (SELECT min(received_at) FROM newest)
  FROM newest n JOIN projects_subjectstate s ON s.workflow_id = %(workflow)s AND s.subject_id = n.subject_id
 WHERE n.plain AND n.received_at > %(since)s AND s.lane_id = ANY(%(lanes)s::bigint[]) AND n.received_at >= s.laned_at
 GROUP BY s.lane_id
"""


@dataclass(frozen=True)
class Progress:
    """Of a lane's subjects to work on; hidden checks are not among them.

    oldest: when the open subject that has been in it longest came in. wanted: answers that its open subjects may
    still take, None where a condition sets no limit. rate: answers a day that its subjects got in the lane over
    the last DAYS, or since it is there; None in its first minutes.
    """

    total: int = 0
    done: int = 0
    oldest: datetime | None = None
    wanted: int | None = 0
    rate: float | None = None

    @property
    def open(self) -> int:
        return self.total - self.done

    @property
    def end(self) -> datetime | None:
        """By when all answers have come that may be wanted, at this rate; None where that can't be said. It may end
        earlier, where the condition retires subjects before their limit."""
        if not self.open or self.wanted is None or not self.rate:
            return None
        days = self.wanted / self.rate
        return timezone.now() + timedelta(days=days) if days < 36500 else None


def progress_of(workflow: Workflow, lanes: Iterable[Lane]) -> dict[int, Progress]:
    """Lane to its progress. Two statements: one counts the lanes' subjects, one reads NEWEST answers at most."""
    made = {lane.pk: lane.made_at for lane in lanes}
    now = timezone.now()
    values = {
        "workflow": workflow.pk,
        "lanes": list(made),
        "most": NEWEST,
        "since": now - timedelta(days=DAYS),
    }
    counts = {row[0]: row[1:] for row in run(COUNTS, values)}
    rates = {row[0]: row[1:] for row in run(RATES, values)}
    return {lane: _progress(counts.get(lane), rates.get(lane), at, now) for lane, at in made.items()}


def _progress(
    counts: tuple[int, int, datetime | None, int | None] | None,
    answers: tuple[int, int, datetime] | None,
    made_at: datetime,
    now: datetime,
) -> Progress:
    if counts is None:
        return Progress()
    total, done, oldest, wanted = counts
    since = max(made_at, now - timedelta(days=DAYS))
    given = 0
    if answers is not None:
        given, read, first = answers
        if read >= NEWEST:  # what lies before them is not known
            since = max(since, first)
    time = now - since
    rate = given / (time / timedelta(days=1)) if time >= LEAST_TIME else None
    return Progress(total, done, oldest, _limited(wanted or 0), rate)


def _limited(wanted: int) -> int | None:
    """A subject without a limit wants UNLIMITED answers, which are not to be told."""
    return None if wanted >= UNLIMITED // 2 else wanted
