"""Appeals against decisions: entered, handed to somebody who did not decide first, upheld or overturned."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.exceptions import Conflict, Invalid, UuidConflict
from projects.models import Appeal, Decision, SubjectState, Workflow
from projects.services.claims import HOLD, LASTS, let_go
from projects.services.decisions import Decider, Judged, Locked, lock, write
from projects.services.policies import check_cites, get_region, slug_of
from projects.services.statement import run
from projects.signals import claims_changed, send_on_commit

LONGEST = 5000
Outcome = Appeal.Outcome

# Against what stands: what is decided anew since needs no judging.
WAITING = """
       a.workflow_id = %(workflow)s AND a.closed_at IS NULL
       AND NOT EXISTS (SELECT FROM projects_decision n WHERE n.workflow_id = d.workflow_id
                          AND n.subject_id = d.subject_id AND n.id > d.id
                          AND n.region_id IS NOT DISTINCT FROM d.region_id AND n.undoes_id IS NULL
                          AND NOT EXISTS (SELECT FROM projects_decision u WHERE u.undoes_id = n.id))
       AND NOT EXISTS (SELECT FROM projects_decision u WHERE u.undoes_id = d.id)
"""
TAKE = f"""
WITH picked AS (
    SELECT a.id, a.subject_id FROM projects_appeal a JOIN projects_decision d ON d.id = a.decision_id
     WHERE {WAITING} AND d.by_id IS DISTINCT FROM %(by)s
       AND NOT EXISTS (SELECT FROM projects_claim c WHERE c.workflow_id = a.workflow_id
                          AND c.subject_id = a.subject_id AND c.expires_at > %(now)s AND c.by_id <> %(by)s)
     ORDER BY NOT EXISTS (SELECT FROM projects_claim c WHERE c.workflow_id = a.workflow_id
                             AND c.subject_id = a.subject_id AND c.by_id = %(by)s), a.id
     LIMIT 1 FOR UPDATE OF a SKIP LOCKED
)
{HOLD} RETURNING (SELECT id FROM picked)
"""  # noqa: S608 (a constant of this module)
COUNT = f"""
SELECT count(*) FROM projects_appeal a JOIN projects_decision d ON d.id = a.decision_id WHERE {WAITING}
"""  # noqa: S608 (a constant of this module)
RATES = """
SELECT d.kind, d.rule_id, d.model, d.by_id, count(*), count(*) FILTER (WHERE a.outcome = 'overturned')
  FROM projects_appeal a JOIN projects_decision d ON d.id = a.decision_id
 WHERE a.workflow_id = %(workflow)s AND a.outcome <> '' GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 1, 2, 3, 4
"""


@dataclass(frozen=True)
class Appealed:
    """Of one rule, one model, volunteers or one moderator (`by`, an account): appeals that were judged, and those of
    them that overturned."""

    kind: str
    rule: int | None
    model: str
    by: int | None
    judged: int
    overturned: int


@transaction.atomic
def enter_appeal(
    workflow: Workflow, subject_id: int, text: str, by: AbstractBaseUser, region: str = ""
) -> Appeal:
    """Against the decision that stands in the region. The same once more is what was entered before.

    Raises Invalid for no text and where nothing stands; of what is in a second look nothing is told, so it can't be
    appealed until that is closed. Conflict where another appeal against it waits.
    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise Invalid(_("Write 1 to %(most)d characters.") % {"most": LONGEST})
    place = get_region(workflow.project_id, region)
    SubjectState.objects.select_for_update().filter(workflow=workflow, subject=subject_id).first()
    stands = Decision.objects.of(workflow.pk, [subject_id]).shown().standing().filter(region=place).first()
    if stands is None:
        raise Invalid(_("No decision stands there against which to appeal."))
    waits = Appeal.objects.filter(decision=stands, closed_at=None).first()
    if waits is not None:
        if waits.text == text:
            return waits
        raise Conflict(_("An appeal against this decision waits already."))
    return Appeal.objects.create(
        workflow=workflow, subject_id=subject_id, decision=stands, text=text, by_id=by.pk, at=timezone.now()
    )


def waiting_appeals(workflow: Workflow) -> int:
    """How many wait to be judged, by whomever."""
    return int(run(COUNT, {"workflow": workflow.pk})[0][0])


def claim_appeal(workflow: Workflow, by: AbstractBaseUser) -> Appeal | None:
    """The oldest that somebody may judge, held for them: never one against their own decision. None where there is
    none."""
    now = timezone.now()
    taken = run(TAKE, {"workflow": workflow.pk, "by": by.pk, "now": now, "until": now + LASTS})
    if not taken:
        return None
    send_on_commit(claims_changed, workflow_id=workflow.pk, project_id=workflow.project_id)
    return Appeal.objects.select_related(
        "subject", "by", "decision__by", "decision__rule", "decision__region", "decision__policy__policy"
    ).get(pk=taken[0][0])


def uphold(appeal: Appeal, reason: str, by: AbstractBaseUser) -> Appeal:
    """The decision stands. Raises Invalid without a reason, Conflict as `overturn` does."""
    with transaction.atomic():
        locked = lock(appeal.workflow, [Judged(appeal.subject_id, appeal.decision.verdict)])
        return _close(_judgeable(appeal, locked, reason, by), Outcome.UPHELD, reason, by, None)


def overturn(
    appeal: Appeal, reason: str, by: AbstractBaseUser, *, verdict: str, category: str = ""
) -> Appeal:
    """Decide otherwise, by a further decision that cites the appeal.

    Raises Invalid without a reason and for the same verdict and category again; Conflict for who made the decision,
    where it was judged before, and where another decision stands since.
    """
    decision = appeal.decision
    if (verdict, category) == (decision.verdict, decision.category):
        raise Invalid(_("This is what was decided: uphold it, or choose another verdict."))
    judged = Judged(
        appeal.subject_id, verdict, slug_of(decision.region), category, reason, {"appeal": appeal.pk}, uuid.uuid4(),
        decision.pk,
    )  # fmt: skip
    try:
        with transaction.atomic():
            locked = lock(appeal.workflow, [judged])
            stands = _judgeable(appeal, locked, reason, by)
            check_cites(locked.version, verdict, category)
            (decided,) = write(locked, [judged], Decider.person(by))
            return _close(stands, Outcome.OVERTURNED, reason, by, decided.decision)
    except IntegrityError:
        raise UuidConflict from None


def appeals_follow_undo(decisions: Collection[Decision]) -> None:
    """An appeal whose result is taken back waits again."""
    Appeal.objects.filter(result__in=decisions).update(
        result=None, outcome="", reason="", closed_by=None, closed_at=None
    )


def appealed(workflow: Workflow) -> list[Appealed]:
    """By who had decided, those with most appeals first."""
    return [Appealed(*row) for row in run(RATES, {"workflow": workflow.pk})]


def _judgeable(appeal: Appeal, locked: Locked, reason: str, by: AbstractBaseUser) -> Appeal:
    if not reason.strip():
        raise Invalid(_("Write a reason: whoever appealed is told it."))
    stands = Appeal.objects.select_for_update(of=("self",)).select_related("decision").get(pk=appeal.pk)
    if stands.closed_at is not None:
        raise Conflict(_("Somebody has judged this appeal already."))
    if stands.decision.by_id == by.pk:
        raise Conflict(_("This is your own decision: somebody else judges the appeal."))
    newest = Decision.objects.of(locked.workflow.pk, [appeal.subject_id]).standing()
    if stands.decision not in newest:
        raise Conflict(_("Another decision stands since: look at what stands now."))
    return stands


def _close(
    appeal: Appeal, outcome: str, reason: str, by: AbstractBaseUser, result: Decision | None
) -> Appeal:
    appeal.outcome, appeal.reason, appeal.result = outcome, reason.strip(), result
    appeal.closed_by_id, appeal.closed_at = by.pk, timezone.now()
    appeal.save()
    let_go(appeal.workflow, by, [appeal.subject_id])
    return appeal
