"""Claims: a subject of a lane for one of the team at a time, in the lane's order, as decided by the database."""

from collections.abc import Collection
from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from projects.models import Claim, Lane, Workflow
from projects.services.picking import LANE_ORDER
from projects.services.statement import run
from projects.signals import claims_changed, send_on_commit

LASTS = timedelta(minutes=10)
TRIES = 5

# Of `picked` (subject_id), unless somebody else holds it.
HOLD = """
    INSERT INTO projects_claim (workflow_id, subject_id, by_id, at, expires_at)
    SELECT %(workflow)s, subject_id, %(by)s, %(now)s, %(until)s FROM picked
    ON CONFLICT (workflow_id, subject_id) DO UPDATE
       SET by_id = excluded.by_id, at = excluded.at, expires_at = excluded.expires_at
     WHERE projects_claim.expires_at <= excluded.at OR projects_claim.by_id = excluded.by_id
"""

# What they hold there already, held anew; else of the open subjects there the first that nobody else holds and that
# waits for no answer of the business. Somebody else may take it at the same moment: then the insertion gives nothing,
# and the next try sees what they have taken.
TAKE = f"""
WITH mine AS (
    UPDATE projects_claim c SET expires_at = %(until)s FROM projects_subjectstate s
     WHERE c.workflow_id = %(workflow)s AND c.by_id = %(by)s AND s.workflow_id = c.workflow_id
       AND s.subject_id = c.subject_id AND s.retired_at IS NULL AND s.lane_id IS NOT DISTINCT FROM %(lane)s::bigint
    RETURNING c.subject_id
), picked AS (
    SELECT s.subject_id FROM projects_subjectstate s
     WHERE NOT EXISTS (SELECT FROM mine)
       AND s.workflow_id = %(workflow)s AND {{where}} AND s.retired_at IS NULL AND s.use = 0
       AND NOT EXISTS (SELECT FROM projects_claim c WHERE c.workflow_id = s.workflow_id
                          AND c.subject_id = s.subject_id AND c.expires_at > %(now)s AND c.by_id <> %(by)s)
       AND NOT EXISTS (SELECT FROM projects_desknote q WHERE q.workflow_id = s.workflow_id
                          AND q.subject_id = s.subject_id AND q.kind = 'question'
                          AND NOT EXISTS (SELECT FROM projects_desknote a WHERE a.answers_id = q.id))
     ORDER BY {{order}} LIMIT 1 FOR UPDATE OF s {{wait}}
), taken AS ({HOLD} RETURNING subject_id)
SELECT subject_id, false FROM mine UNION ALL SELECT subject_id, true FROM taken
"""  # noqa: S608 (a constant of this module)
# First what is in the index of what volunteers could be handed, in its order; then what they hold.
PLACES = {
    True: (("s.lane_id = %(lane)s AND s.available", LANE_ORDER), ("s.lane_id = %(lane)s", LANE_ORDER)),
    False: (("s.lane_id IS NULL AND s.available", "s.shuffle"), ("s.lane_id IS NULL", "s.shuffle")),
}


def claim_next(workflow: Workflow, lane: Lane | None, by: AbstractBaseUser) -> int | None:
    """The subject that somebody is to decide next: what they hold there already, else the first that is free, held for
    them from now on; None where there is none. lane None: the common pool."""
    now = timezone.now()
    values = {
        "workflow": workflow.pk, "lane": lane.pk if lane else None, "by": by.pk, "now": now, "until": now + LASTS,
    }  # fmt: skip
    for wait in ("SKIP LOCKED",) * TRIES + ("",):
        for where, order in PLACES[lane is not None]:
            found = run(TAKE.format(where=where, order=order, wait=wait), values)
            if found:
                subject, is_new = found[0]
                if is_new:
                    send_on_commit(claims_changed, workflow_id=workflow.pk, project_id=workflow.project_id)
                return int(subject)
    return None


def claim(workflow: Workflow, subject_id: int, by: AbstractBaseUser) -> bool:
    """Hold this one; False where somebody else does."""
    now = timezone.now()
    with transaction.atomic():
        theirs = Claim.objects.select_for_update().filter(workflow=workflow, subject=subject_id).first()
        if theirs is not None and theirs.by_id != by.pk and theirs.expires_at > now:
            return False
        Claim.objects.update_or_create(
            workflow=workflow,
            subject_id=subject_id,
            defaults={"by_id": by.pk, "at": now, "expires_at": now + LASTS},
        )
        send_on_commit(claims_changed, workflow_id=workflow.pk, project_id=workflow.project_id)
    return True


def let_go(workflow: Workflow, by: AbstractBaseUser, subjects: Collection[int] | None = None) -> int:
    """Give back what somebody holds; all of it in the workflow without `subjects`. How many."""
    held = Claim.objects.filter(workflow=workflow, by=by.pk)
    gone = (held if subjects is None else held.filter(subject__in=subjects)).delete()[0]
    if gone:
        send_on_commit(claims_changed, workflow_id=workflow.pk, project_id=workflow.project_id)
    return gone


def claims_of(workflow: Workflow) -> QuerySet[Claim]:
    """Those that hold now."""
    return Claim.objects.filter(workflow=workflow, expires_at__gt=timezone.now()).select_related("by")
