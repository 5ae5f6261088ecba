"""Decide, and undo: the verdict on a subject, by a rule, a model, people or somebody of the team. The one door."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.exceptions import Conflict, Invalid, NotFound, UuidConflict
from projects.models import Decision, Rule, SubjectState, Use, Workflow
from projects.services.policies import check_category, check_verdict, get_region, regions_of
from projects.services.retirement import DECIDED, mark_all_reopened, mark_all_retired
from projects.services.statement import run
from projects.signals import send_on_commit, subjects_decided

AUDIT = "audit"
"""In the evidence of a rule's or a model's decision: its subject stays open, and people answer it too, unknowing."""
UNDO = timedelta(minutes=1)

# In the order in which everybody locks them; with the newest version of the policy, the project's regions, and what
# the lane asks for.
LOCK = """
SELECT s.subject_id, s.retired_at, s.retired_reason, s.use,
       (SELECT v.id FROM projects_triage t JOIN projects_policyversion v ON v.policy_id = t.policy_id
         WHERE t.workflow_id = s.workflow_id ORDER BY v.number DESC LIMIT 1),
       (SELECT json_object_agg(r.slug, r.id) FROM projects_region r WHERE r.project_id = %(project)s),
       l.id, l.second_share, l.requires
  FROM projects_subjectstate s LEFT JOIN projects_lane l ON l.id = s.lane_id
 WHERE s.workflow_id = %(workflow)s AND s.subject_id = ANY(%(subjects)s::bigint[])
 ORDER BY s.subject_id FOR UPDATE OF s
"""
# What stands, and which of these ids are known, as of after the lock.
KNOWN = """
(SELECT DISTINCT ON (d.subject_id, d.region_id) d.subject_id, d.region_id, d.id, d.evidence ? %(audit)s, NULL::uuid
   FROM projects_decision d
  WHERE d.workflow_id = %(workflow)s AND d.subject_id = ANY(%(subjects)s::bigint[]) AND d.undoes_id IS NULL
    AND NOT EXISTS (SELECT FROM projects_decision u WHERE u.undoes_id = d.id)
  ORDER BY d.subject_id, d.region_id, d.id DESC)
UNION ALL
SELECT NULL, NULL, NULL, NULL, k.uuid FROM projects_decision k WHERE k.uuid = ANY(%(ids)s::uuid[])
"""
SETTLE = """
UPDATE projects_subjectstate SET retired_at = %(at)s, retired_reason = %(reason)s
 WHERE workflow_id = %(workflow)s AND subject_id = ANY(%(subjects)s::bigint[]) RETURNING subject_id
"""


@dataclass(frozen=True)
class Decider:
    """Who decides. What people's answers come to is decided where the subject retires: peoples_decision.py."""

    kind: Decision.Kind
    rule: Rule | None = None
    user: AbstractBaseUser | None = None
    model: str = ""

    @classmethod
    def person(cls, user: AbstractBaseUser) -> "Decider":
        return cls(Decision.Kind.PERSON, user=user)

    @classmethod
    def by_rule(cls, rule: Rule) -> "Decider":
        return cls(Decision.Kind.RULE, rule=rule)

    @classmethod
    def by_model(cls, model: str) -> "Decider":
        """model: which version of which classifier, in which band."""
        return cls(Decision.Kind.MODEL, model=model)


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
    try:
        with transaction.atomic():
            return write(lock(workflow, judged), judged, decider, batch)
    except IntegrityError:  # the same id at the same moment on two subjects
        raise UuidConflict from None


@dataclass(frozen=True)
class Locked:
    """Subjects' states, held until the transaction ends, and by what they are decided: the policy's newest version,
    and the project's regions, slug to id."""

    workflow: Workflow
    states: Mapping[int, SubjectState]
    version: int | None
    regions: Mapping[str, int]
    lanes: Mapping[int, "LaneAsks"]


@dataclass(frozen=True)
class LaneAsks:
    """Of the lane in which a subject is: the share (%) of its decisions that is looked at twice, and the qualifications
    that it requires, as JSON."""

    lane: int
    share: int
    requires: str


def lock(workflow: Workflow, judged: Sequence[Judged]) -> Locked:
    """What `write` goes by, in a transaction. Raises NotFound for a subject that is not the workflow's."""
    return _lock(workflow, [each.subject_id for each in judged])


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
    states = _lock(workflow, [each.subject_id for each in decisions]).states
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


def write(
    locked: Locked, judged: Sequence[Judged], decider: Decider, batch: uuid.UUID | None = None
) -> list[Decided]:
    """As `decide_all`, whose transaction is the caller's, too: an IntegrityError of it is a UuidConflict."""
    workflow, states = locked.workflow, locked.states
    for each in judged:
        check_verdict(each.verdict)
        check_category(locked.version, each.category)
        if each.region and each.region not in locked.regions:
            get_region(workflow.project_id, each.region)
    ids = [each.id or uuid.uuid4() for each in judged]
    stands, audited, known_ids = _known(workflow.pk, list(states), ids)
    earlier = {each.uuid: each for each in Decision.objects.filter(uuid__in=known_ids)} if known_ids else {}
    now = timezone.now()
    fresh: dict[uuid.UUID, Decision] = {}
    for given, each in zip(ids, judged, strict=True):
        region = locked.regions[each.region] if each.region else None
        row = Decision(
            uuid=given,
            workflow=workflow,
            subject_id=each.subject_id,
            region_id=region,
            verdict=each.verdict,
            policy_id=locked.version,
            category=each.category,
            kind=decider.kind,
            rule=decider.rule,
            model=decider.model,
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
        if each.seen is not None and each.seen != stands.get((each.subject_id, region), 0):
            raise Conflict(_("Somebody has decided this since you opened it: look at what stands now."))
        fresh[given] = row
    Decision.objects.bulk_create(fresh.values())
    told = stands.keys() - audited
    for row in fresh.values():
        (told.discard if row.evidence.get(AUDIT) else told.add)((row.subject_id, row.region_id))
    retired = _retire(locked, {row.subject_id for row in fresh.values()}, told)
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


def _lock(workflow: Workflow, subjects: Sequence[int]) -> Locked:
    values = {"workflow": workflow.pk, "project": workflow.project_id, "subjects": list(subjects)}
    rows = run(LOCK, values)
    states = {
        subject: SubjectState(
            workflow=workflow, subject_id=subject, retired_at=at, retired_reason=reason, use=use
        )
        for subject, at, reason, use, *_more in rows
    }
    if missing := set(subjects) - states.keys():
        raise NotFound(_("This subject is not in this workflow: %(subject)s.") % {"subject": min(missing)})
    lanes = {row[0]: LaneAsks(*row[6:9]) for row in rows if row[6] is not None}
    return Locked(workflow, states, rows[0][4], rows[0][5] or {}, lanes)


def _known(
    workflow: int, subjects: Sequence[int], ids: Sequence[uuid.UUID]
) -> tuple[dict[tuple[int, int | None], int], set[tuple[int, int | None]], list[uuid.UUID]]:
    """The decision that stands, by subject and region; where it is audited; and which of the ids are known."""
    values = {"workflow": workflow, "subjects": subjects, "ids": ids, "audit": AUDIT}
    stands, audited, known = {}, set(), []
    for subject, region, pk, is_audited, given in run(KNOWN, values):
        if given is not None:
            known.append(given)
            continue
        stands[subject, region] = pk
        if is_audited:
            audited.add((subject, region))
    return stands, audited, known


def _says(decision: Decision) -> tuple[Any, ...]:
    return (
        decision.workflow_id, decision.subject_id, decision.region_id, decision.verdict, decision.category,
        decision.kind, decision.rule_id, decision.model, decision.by_id, decision.reason,
    )  # fmt: skip


def _retire(locked: Locked, subjects: Collection[int], told: Collection[tuple[int, int | None]]) -> set[int]:
    """Of these subjects those that are open to work and settled by what is told of (subject, region)."""
    states = [locked.states[subject] for subject in sorted(subjects)]
    still_open = [state for state in states if state.retired_at is None and state.use == Use.WORK]
    of: dict[int, set[int | None]] = {}
    for subject, region in told:
        of.setdefault(subject, set()).add(region)
    regions = set(locked.regions.values())
    going = [state for state in still_open if _is_settled(of.get(state.subject_id, set()), regions)]
    mark_all_retired(going, DECIDED, locked.workflow.project_id)
    settled = [state.subject_id for state in going]
    if settled:
        values = {"workflow": locked.workflow.pk, "subjects": settled}
        run(SETTLE, values | {"at": going[0].retired_at, "reason": going[0].retired_reason})
    return set(settled)


def _is_settled(have: set[int | None], regions: set[int]) -> bool:
    """By a verdict for everywhere, or one for each region of the project."""
    return None in have or bool(regions and regions <= have)


def _settled(workflow: int, subjects: Sequence[int], project: int) -> set[int]:
    """Subjects with a standing verdict for everywhere, or for each region of the project; what is being audited does
    not settle."""
    told: dict[int, set[int | None]] = {}
    rows = Decision.objects.of(workflow, subjects).standing()
    for subject, region, evidence in rows.values_list("subject_id", "region_id", "evidence"):
        if not evidence.get(AUDIT):
            told.setdefault(subject, set()).add(region)
    regions = {region.pk for region in regions_of(project).values()}
    return {subject for subject, have in told.items() if _is_settled(have, regions)}
