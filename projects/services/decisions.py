"""Decide, and undo: the verdict on a subject, by a rule, a model, people or somebody of the team. The one door."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.exceptions import Conflict, Invalid, NotFound, UuidConflict
from projects.models import Decision, Region, Rule, SubjectState, Use, Workflow
from projects.services.policies import check_category, check_verdict, current_version, get_region, regions_of
from projects.services.retirement import DECIDED, mark_all_reopened, mark_all_retired
from projects.signals import send_on_commit, subjects_decided

AUDIT = "audit"
"""In the evidence of a rule's decision: its subject stays open, so that people answer it too, without knowing."""
UNDO = timedelta(minutes=1)


@dataclass(frozen=True)
class Decider:
    """Who decides. What people's answers come to is decided where the subject retires: peoples_decision.py."""

    kind: Decision.Kind
    rule: Rule | None = None
    user: AbstractBaseUser | None = None

    @classmethod
    def person(cls, user: AbstractBaseUser) -> "Decider":
        return cls(Decision.Kind.PERSON, user=user)

    @classmethod
    def by_rule(cls, rule: Rule) -> "Decider":
        return cls(Decision.Kind.RULE, rule=rule)


@dataclass(frozen=True)
class Judged:
    """One verdict to be written. id: the client's; the same again is the same decision. seen: the decision that stood
    in the region when they looked, 0 for none; None: not asked."""

    subject_id: int
    verdict: str
    region: str = ""
    category: str = ""
    reason: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    id: uuid.UUID | None = None
    seen: int | None = None


@dataclass(frozen=True)
class Decided:
    """replay: it was decided before under this id. retired: the subject is handed out no more since."""

    decision: Decision
    replay: bool = False
    retired: bool = False


def decide(
    *,
    workflow: Workflow,
    subject_id: int,
    verdict: str,
    decider: Decider,
    region: str = "",
    category: str = "",
    reason: str = "",
    evidence: Mapping[str, Any] | None = None,
    id: uuid.UUID | None = None,  # noqa: A002 (as in what the client sends)
    seen: int | None = None,
    batch: uuid.UUID | None = None,
) -> Decided:
    """One of `decide_all`."""
    judged = Judged(subject_id, verdict, region, category, reason, evidence or {}, id, seen)
    (decided,) = decide_all(workflow=workflow, judged=[judged], decider=decider, batch=batch)
    return decided


def decide_all(
    *, workflow: Workflow, judged: Sequence[Judged], decider: Decider, batch: uuid.UUID | None = None
) -> list[Decided]:
    """Write these decisions and what follows, or refuse and change nothing; in the order given.

    The newest decision on a subject in a region stands; it cites the newest version of the workflow's policy. A subject
    that is settled by it (a verdict for everywhere, or for each region) is retired with the reason DECIDED, so that
    volunteers get it no more; known subjects stay in use. A decision on a finished subject reopens nothing.
    Raises Invalid for an unknown verdict, region or category, NotFound for a subject that is not the workflow's,
    Conflict where another decision stands than the one `seen`, UuidConflict for an id under which something else was
    decided.
    """
    version = current_version(workflow.pk)
    regions = {each.region: get_region(workflow.project_id, each.region) for each in judged}
    for each in judged:
        check_verdict(each.verdict)
        check_category(version, each.category)
    try:
        with transaction.atomic():
            return _write(workflow, judged, regions, version.pk if version else None, decider, batch)
    except IntegrityError:  # the same id at the same moment on two subjects
        raise UuidConflict from None


@transaction.atomic
def undo(
    decisions: Sequence[Decision], *, by: AbstractBaseUser, within: timedelta | None = UNDO
) -> list[Decision]:
    """Take back decisions of one workflow: a further dated row each; what stood before stands again. A subject that is
    settled no more is reopened, in the lane where it was. Returns the rows; one that was undone before has none.

    Raises Invalid for one that is older than `within`, and Conflict where somebody has decided again since.
    """
    if not decisions:
        return []
    workflow, now = decisions[0].workflow, timezone.now()
    states = _lock(workflow.pk, [each.subject_id for each in decisions])
    undone = set(Decision.objects.filter(undoes__in=decisions).values_list("undoes_id", flat=True))
    going = [each for each in decisions if each.undoes_id is None and each.pk not in undone]
    if within is not None and any(now - each.at > within for each in going):
        raise Invalid(_("Too late to undo: decide again instead. The earlier decision is kept."))
    others = Decision.objects.made().of(workflow.pk, states).exclude(pk__in=[each.pk for each in going])
    newest: dict[tuple[int, int | None], int] = {}
    for subject, region, pk in others.order_by("pk").values_list("subject_id", "region_id", "pk"):
        newest[subject, region] = pk
    if any(newest.get((each.subject_id, each.region_id), 0) > each.pk for each in going):
        raise Conflict(_("Somebody has decided it again since: look at what stands now."))
    made = Decision.objects.bulk_create([_undoing(each, by, now) for each in going])
    decided = {subject: state for subject, state in states.items() if state.retired_reason == DECIDED}
    settled = _settled(workflow.pk, list(decided), workflow.project_id)
    reopened = [state for subject, state in decided.items() if subject not in settled]
    mark_all_reopened(reopened, "decision undone")
    SubjectState.objects.bulk_update(reopened, ["retired_at", "retired_reason"])
    send_on_commit(subjects_decided, workflow_id=workflow.pk, project_id=workflow.project_id)
    return made


def _undoing(decision: Decision, by: AbstractBaseUser, at: datetime) -> Decision:
    return Decision(
        uuid=uuid.uuid4(),
        workflow_id=decision.workflow_id,
        subject_id=decision.subject_id,
        region_id=decision.region_id,
        verdict=decision.verdict,
        policy_id=decision.policy_id,
        category=decision.category,
        kind=Decision.Kind.PERSON,
        by_id=by.pk,
        batch=decision.batch,
        undoes=decision,
        at=at,
    )


def _write(
    workflow: Workflow,
    judged: Sequence[Judged],
    regions: Mapping[str, Region | None],
    version: int | None,
    decider: Decider,
    batch: uuid.UUID | None,
) -> list[Decided]:
    states = _lock(workflow.pk, [each.subject_id for each in judged])
    ids = [each.id or uuid.uuid4() for each in judged]
    earlier = {each.uuid: each for each in Decision.objects.filter(uuid__in=ids)}
    stands: dict[tuple[int, int | None], int] = {
        (subject, region): pk
        for subject, region, pk in Decision.objects.of(workflow.pk, states)
        .standing()
        .values_list("subject_id", "region_id", "pk")
    }
    now = timezone.now()
    fresh: dict[uuid.UUID, Decision] = {}
    for given, each in zip(ids, judged, strict=True):
        region = regions[each.region]
        row = Decision(
            uuid=given,
            workflow=workflow,
            subject_id=each.subject_id,
            region=region,
            verdict=each.verdict,
            policy_id=version,
            category=each.category,
            kind=decider.kind,
            rule=decider.rule,
            by_id=decider.user.pk if decider.user else None,
            reason=each.reason.strip(),
            evidence=dict(each.evidence),
            batch=batch,
            at=now,
        )
        known = earlier.get(given) or fresh.get(given)
        if known is not None:
            if _says(known) != _says(row):
                raise UuidConflict(_("Another decision has this id: make a new random id and send again."))
            continue
        if each.seen is not None and each.seen != stands.get(
            (each.subject_id, region.pk if region else None), 0
        ):
            raise Conflict(_("Somebody has decided this since you opened it: look at what stands now."))
        fresh[given] = row
    Decision.objects.bulk_create(fresh.values())
    retired = _retire(workflow, [states[row.subject_id] for row in fresh.values()])
    if fresh:
        send_on_commit(subjects_decided, workflow_id=workflow.pk, project_id=workflow.project_id)
    return [
        Decided(
            fresh.get(given) or earlier[given],
            replay=given in earlier,
            retired=given in fresh and each.subject_id in retired,
        )
        for given, each in zip(ids, judged, strict=True)
    ]


def _lock(workflow: int, subjects: Sequence[int]) -> dict[int, SubjectState]:
    """In the order in which everybody locks them. Raises NotFound."""
    rows = SubjectState.objects.select_for_update(of=("self",)).select_related("workflow")
    found = {
        state.subject_id: state
        for state in rows.filter(workflow=workflow, subject_id__in=subjects).order_by("subject_id")
    }
    if missing := set(subjects) - found.keys():
        raise NotFound(_("This subject is not in this workflow: %(subject)s.") % {"subject": min(missing)})
    return found


def _says(decision: Decision) -> tuple[Any, ...]:
    return (
        decision.workflow_id, decision.subject_id, decision.region_id, decision.verdict, decision.category,
        decision.kind, decision.rule_id, decision.model, decision.by_id, decision.reason,
    )  # fmt: skip


def _retire(workflow: Workflow, states: Sequence[SubjectState]) -> set[int]:
    """Of these locked states those that are open to work and settled; their subjects."""
    still_open = {s.subject_id: s for s in states if s.retired_at is None and s.use == Use.WORK}
    settled = _settled(workflow.pk, list(still_open), workflow.project_id) if still_open else set()
    mark_all_retired([still_open[subject] for subject in sorted(settled)], DECIDED, workflow.project_id)
    if settled:
        one = still_open[min(settled)]
        SubjectState.objects.filter(workflow=workflow, subject_id__in=settled).update(
            retired_at=one.retired_at, retired_reason=one.retired_reason
        )
    return settled


def _settled(workflow: int, subjects: Sequence[int], project: int) -> set[int]:
    """Subjects with a standing verdict for everywhere, or for each region of the project; what is being audited does
    not settle."""
    told: dict[int, set[int | None]] = {}
    rows = Decision.objects.of(workflow, subjects).standing()
    for subject, region, evidence in rows.values_list("subject_id", "region_id", "evidence"):
        if not evidence.get(AUDIT):
            told.setdefault(subject, set()).add(region)
    everywhere = {None}
    regions = {region.pk for region in regions_of(project).values()}
    return {subject for subject, have in told.items() if everywhere <= have or (regions and regions <= have)}
