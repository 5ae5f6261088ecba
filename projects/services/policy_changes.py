"""What a new version of a policy means for decisions that were made by the versions before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.models import Decision, DecisionQuerySet, Lane, PolicyVersion, SubjectState
from projects.services.lane_moves import Moved, Which, put_in
from projects.services.policies import policy_text, slug_of
from projects.services.retirement import mark_all_reopened
from projects.triage.policy import PolicyText, changed, verdict_of


@dataclass(frozen=True)
class Cited:
    """A decision that stands and cites what was changed. now: the verdict that the new version gives its category in
    its region; "" where it gives none, or has the category no more."""

    decision: Decision
    now: str

    @property
    def differs(self) -> bool:
        return self.now != self.decision.verdict


def version_before(version: PolicyVersion) -> PolicyVersion | None:
    return version.policy.versions.filter(number__lt=version.number).first()


def changed_in(version: PolicyVersion) -> list[str]:
    """Keys of the categories that this version changed or took away."""
    before = version_before(version)
    return changed(policy_text(before.pk), policy_text(version.pk)) if before else []


def citing(version: PolicyVersion, keys: Sequence[str]) -> DecisionQuerySet:
    """Decisions that stand and cite one of these categories of an earlier version of the policy; the newest first."""
    later = Decision.objects.made().annotate(place=Coalesce("region_id", Value(0)))
    newer = later.filter(
        workflow=OuterRef("workflow"),
        subject=OuterRef("subject"),
        place=OuterRef("place"),
        pk__gt=OuterRef("pk"),
    )
    return (
        Decision.objects.made()
        .annotate(place=Coalesce(F("region_id"), Value(0)))
        .filter(policy__policy=version.policy_id, policy__number__lt=version.number, category__in=keys)
        .filter(~Exists(newer))
        .order_by("-pk")
    )


def with_new_verdicts(version: PolicyVersion, decisions: Sequence[Decision], day: date) -> list[Cited]:
    text = policy_text(version.pk)
    return [Cited(each, _verdict(text, each, day)) for each in decisions]


@transaction.atomic
def send_to_lane(
    version: PolicyVersion, lane: Lane, *, day: date, all_of_them: bool = False, by: AbstractBaseUser
) -> Moved:
    """The subjects of `citing` in the lane's workflow are open again, in the lane, to be decided anew; their decisions
    stand meanwhile. Those alone to which the new version gives another verdict, or all.

    One that people have answered as often as the workflow asks is handed to nobody: it waits for a decision of the
    team. Raises Invalid where there is none, and for a closed lane.
    """
    rows = citing(version, changed_in(version)).filter(workflow=lane.workflow_id).select_related("region")
    cited = with_new_verdicts(version, list(rows), day)
    subjects = sorted({each.decision.subject_id for each in cited if all_of_them or each.differs})
    if not subjects:
        raise Invalid(_("There is no decision of this lane's workflow to look at again."))
    states = SubjectState.objects.select_for_update().filter(workflow=lane.workflow_id)
    retired = [
        state
        for state in states.filter(subject_id__in=subjects).order_by("subject_id")
        if state.retired_at is not None
    ]
    mark_all_reopened(retired, f"policy {version.policy.slug} {version.number}")
    SubjectState.objects.filter(
        workflow=lane.workflow_id, subject_id__in=[state.subject_id for state in retired]
    ).update(retired_at=None, retired_reason="")
    return put_in(lane, Which(ids=subjects), by=by)


def _verdict(text: PolicyText, decision: Decision, day: date) -> str:
    category = text.find(decision.category)
    region = slug_of(decision.region)
    return (verdict_of(category, region, day) or "") if category else ""
