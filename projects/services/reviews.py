"""Blind second looks at a share of a lane's decisions: drawn, handed out to somebody else, judged, settled."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.chance import drawn
from projects.exceptions import Conflict, UuidConflict
from projects.models import Claim, Decision, Lane, Review, Workflow
from projects.services.claims import HOLD, LASTS, let_go
from projects.services.decisions import Decider, Judged, lock, write
from projects.services.gates import check_lane_gate
from projects.services.policies import check_category, check_cites, check_verdict, slug_of
from projects.services.statement import run
from projects.signals import claims_changed, send_on_commit

State = Review.State

# What they hold there already, else the oldest that neither they decided nor a colleague holds. Who holds a plain item
# of the workflow finishes that first.
TAKE = f"""
WITH picked AS (
    SELECT r.id, r.subject_id FROM projects_review r JOIN projects_decision d ON d.id = r.first_id
     WHERE r.workflow_id = %(workflow)s AND r.lane_id = %(lane)s AND r.closed_at IS NULL
       AND d.by_id IS DISTINCT FROM %(by)s AND r.second_by_id IS DISTINCT FROM %(by)s
       AND NOT EXISTS (SELECT FROM projects_claim c WHERE c.workflow_id = r.workflow_id
                          AND c.subject_id = r.subject_id AND c.expires_at > %(now)s AND c.by_id <> %(by)s)
       AND NOT EXISTS (SELECT FROM projects_claim c WHERE c.workflow_id = r.workflow_id AND c.by_id = %(by)s
                          AND c.expires_at > %(now)s
                          AND NOT EXISTS (SELECT FROM projects_review o WHERE o.workflow_id = c.workflow_id
                                             AND o.subject_id = c.subject_id AND o.closed_at IS NULL))
     ORDER BY NOT EXISTS (SELECT FROM projects_claim c WHERE c.workflow_id = r.workflow_id
                             AND c.subject_id = r.subject_id AND c.by_id = %(by)s), r.id
     LIMIT 1 FOR UPDATE OF r SKIP LOCKED
)
{HOLD} RETURNING (SELECT id FROM picked)
"""  # noqa: S608 (a constant)

PAIRS = """
SELECT r.origin_id, d.verdict, r.second_verdict, count(*) FROM projects_review r
  JOIN projects_decision d ON d.id = r.first_id
 WHERE r.workflow_id = %(workflow)s AND r.second_verdict <> '' AND r.state <> 'dropped' GROUP BY 1, 2, 3
"""


@dataclass(frozen=True)
class Pairs:
    """Of a lane: how often each (first verdict, second verdict) came about, and how many still wait."""

    lane: Lane
    counts: Mapping[tuple[str, str], int]
    waiting: int


def is_drawn(share: int, lane_id: int, decision: uuid.UUID) -> bool:
    """Whether a decision is among the share (%) of its lane that is looked at again: the same whenever it is asked."""
    return drawn(f"second look {lane_id} {decision}") < share / 100


def draw(decisions: Iterable[Decision], lanes: Mapping[int, tuple[int, int]]) -> None:
    """Open second looks for those of these new decisions that are drawn. lanes: subject to (lane, its share in %)."""
    Review.objects.bulk_create(
        [
            Review(
                workflow_id=each.workflow_id, subject_id=each.subject_id, first=each, origin_id=lane, lane_id=lane,
                at=each.at,
            )
            for each in decisions
            for lane, share in [lanes.get(each.subject_id, (0, 0))]
            if share and is_drawn(share, lane, each.uuid)
        ]
    )  # fmt: skip


def follow_undo(decisions: Collection[Decision]) -> None:
    """A first that was taken back is looked at no more; one whose third was waits for a third again."""
    undone = Review.objects.filter(first__in=decisions, closed_at=None)
    for review in undone:
        Claim.objects.filter(workflow=review.workflow_id, subject=review.subject_id).delete()
    undone.update(state=State.DROPPED, closed_at=timezone.now())
    Review.objects.filter(third__in=decisions).update(third=None, state=State.DIFFERS, closed_at=None)


def claim_review(workflow: Workflow, lane: Lane, by: AbstractBaseUser) -> Review | None:
    """The second look that somebody is to take in the lane, held for them; None where there is none for them."""
    now = timezone.now()
    values = {"workflow": workflow.pk, "lane": lane.pk, "by": by.pk, "now": now, "until": now + LASTS}
    taken = run(TAKE, values)
    if not taken:
        return None
    send_on_commit(claims_changed, workflow_id=workflow.pk, project_id=workflow.project_id)
    return Review.objects.select_related("first__region").get(pk=taken[0][0])


def judge_again(review: Review, judged: Judged, by: AbstractBaseUser) -> Review:
    """The second's opinion, or the third's decision, blind. Two who agree close it; else it goes to the lane that the
    first's names, or waits where it is, for a third.

    Raises Conflict for who has judged it already and where it is closed, Unqualified for who lacks what its lane
    requires, Invalid and UuidConflict as `write` does.
    """
    workflow = review.workflow
    try:
        with transaction.atomic():
            locked = lock(workflow, [judged])
            stands = (
                Review.objects.select_for_update(of=("self",))
                .select_related("first", "origin", "lane")
                .get(pk=review.pk)
            )
            if stands.closed_at is not None:
                raise Conflict(_("This item was decided, or taken back, while you looked at it."))
            if by.pk in (stands.first.by_id, stands.second_by_id):
                raise Conflict(_("You have judged this item already: somebody else looks at it now."))
            check_lane_gate(workflow, stands.lane.requires, by)
            check_verdict(judged.verdict)
            check_category(locked.version, judged.category)
            check_cites(locked.version, judged.verdict, judged.category)
            if stands.state == State.WAITING:
                _second(stands, judged, by)
            else:
                told = replace(
                    judged,
                    region=slug_of(stands.first.region),
                    evidence={"review": stands.pk},
                    seen=stands.first_id,
                )
                (decided,) = write(locked, [told], Decider.person(by))
                stands.third, stands.state = decided.decision, State.SETTLED
                stands.closed_at = decided.decision.at
            stands.save()
            let_go(workflow, by, [stands.subject_id])
    except IntegrityError:
        raise UuidConflict from None
    return stands


def open_by(workflow: Workflow, which: str) -> dict[int, int]:
    """How many wait, by the lane of the first (`origin`) or that in which they wait (`lane`)."""
    found = Review.objects.filter(workflow=workflow, closed_at=None).order_by()
    return dict(found.values_list(which).annotate(n=Count("pk")))


def pairs_of(workflow: Workflow) -> list[Pairs]:
    """By the lane of the first, those that have had second looks."""
    counts: dict[int, dict[tuple[str, str], int]] = {}
    for lane, first, second, count in run(PAIRS, {"workflow": workflow.pk}):
        counts.setdefault(lane, {})[first, second] = count
    waiting = open_by(workflow, "origin")
    lanes = workflow.lanes.filter(pk__in=counts.keys() | waiting.keys())
    return [Pairs(lane, counts.get(lane.pk, {}), waiting.get(lane.pk, 0)) for lane in lanes]


def _second(review: Review, judged: Judged, by: AbstractBaseUser) -> None:
    review.second_by_id, review.second_at = by.pk, timezone.now()
    review.second_verdict, review.second_category = judged.verdict, judged.category
    review.second_reason = judged.reason.strip()
    if judged.verdict == review.first.verdict:
        review.state, review.closed_at = State.AGREED, review.second_at
        return
    review.state = State.DIFFERS
    named = review.workflow.lanes.filter(slug=review.origin.third, closed_at=None).first()
    review.lane = named or review.lane
