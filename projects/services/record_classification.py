"""Record one classification: exactly once, its whole effect in one transaction of constant work."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from projects.exceptions import AlreadyAnswered, NotFound, UuidConflict, VoorwerpError
from projects.models import Classification, GoldSubject, Sitting, SubjectState, Use, Volunteer
from projects.services.answer_about import answer_about
from projects.services.gates import check_gate
from projects.services.joining import ensure_joining
from projects.services.next_subjects import check_open
from projects.services.retirement import MINED, apply_condition, merge
from projects.services.statement import run
from projects.services.tallies import add_votes, empty
from projects.services.versions import Version, get_version
from projects.services.volunteers import Pass, make_volunteer
from projects.signals import classification_recorded, send_on_commit
from projects.tasks.definition import Annotation

# The lock on the subject's state orders everything that follows; nothing that it protects is read before it is held.
LOCK = """
SELECT s.answered, s.retired_at, s.retired_reason, w.state, w.published_id, p.state, p.is_public,
       v.id, coalesce(v.joined_to_id, v.id), s.use, w.requires,
       EXISTS (SELECT FROM projects_block b WHERE b.project_id = p.id AND b.lifted_at IS NULL
                  AND b.volunteer_id = coalesce(v.joined_to_id, v.id)),
       EXISTS (SELECT FROM projects_goldsubject g WHERE g.workflow_id = s.workflow_id
                  AND g.subject_id = s.subject_id AND NOT g.secret),
       coalesce(n.requires, '[]'),
       EXISTS (SELECT FROM projects_lease h WHERE h.workflow_id = s.workflow_id
                  AND h.subject_id = s.subject_id AND h.holder = %(holder)s)
  FROM projects_subjectstate s
  JOIN projects_workflow w ON w.id = s.workflow_id
  JOIN projects_project p ON p.id = w.project_id
  LEFT JOIN projects_volunteer v ON v.public_id = %(holder)s
  LEFT JOIN projects_lane n ON n.id = s.lane_id
 WHERE s.workflow_id = %(workflow)s AND s.subject_id = %(subject)s
   FOR UPDATE OF s
"""

STORE = """
WITH look AS (
    SELECT 1 FROM projects_look WHERE volunteer_id = %(person)s AND workflow_id = %(workflow)s
       AND subject_id = %(subject)s
), stored AS (
    INSERT INTO projects_classification (uuid, workflow_id, version_id, subject_id, volunteer_id, annotations, metadata,
        started_at, finished_at, received_at, counted, counted_reason, digest)
    SELECT %(uuid)s, %(workflow)s, %(version)s, %(subject)s, %(volunteer)s, %(annotations)s::jsonb, %(metadata)s::jsonb,
        %(started_at)s::timestamptz, %(finished_at)s::timestamptz, clock_timestamp(),
        CASE WHEN %(late)s::bool THEN 'late'
             WHEN %(withheld)s::text <> '' OR EXISTS (SELECT FROM look) THEN 'withheld' ELSE 'yes' END,
        CASE WHEN %(late)s::bool THEN 'retired' WHEN EXISTS (SELECT FROM look) THEN 'had looked'
             ELSE %(withheld)s::text END,
        %(digest)s::bytea
    ON CONFLICT (uuid) DO NOTHING RETURNING id, counted, received_at, counted_reason
), answered AS (
    INSERT INTO projects_answered (volunteer_id, workflow_id, subject_id, classification_id)
    SELECT %(person)s, %(workflow)s, %(subject)s, id FROM stored
    ON CONFLICT DO NOTHING RETURNING classification_id
)
SELECT stored.counted, stored.received_at, stored.counted_reason, answered.classification_id IS NOT NULL,
       (SELECT json_object_agg(e.task, json_build_array(e.tallies, e.asked, e.probabilities, e.entropy,
                                                        e.effective_votes))
          FROM projects_evidence e WHERE e.workflow_id = %(workflow)s AND e.subject_id = %(subject)s)
  FROM stored LEFT JOIN answered ON true
"""

SETTLE = """
WITH freed AS (
    DELETE FROM projects_lease WHERE workflow_id = %(workflow)s AND subject_id = %(subject)s AND holder = %(holder)s
    RETURNING 1
), told AS (
    INSERT INTO projects_evidence (workflow_id, subject_id, task, tallies)
    SELECT %(workflow)s, %(subject)s, key, value FROM jsonb_each(%(tallies)s::jsonb)
    ON CONFLICT (workflow_id, subject_id, task) DO UPDATE SET tallies = excluded.tallies
)
UPDATE projects_subjectstate
   SET answered = %(answered)s, leased = leased - (SELECT count(*) FROM freed),
       retired_at = %(retired_at)s, retired_reason = %(reason)s
 WHERE workflow_id = %(workflow)s AND subject_id = %(subject)s
RETURNING (SELECT coalesce(joined_to_id, id) FROM projects_volunteer WHERE id = %(volunteer)s)
"""


class _JoinedMeanwhile(Exception):
    """The volunteer joined an account between our reading who they are and our storing: start again."""


@dataclass(frozen=True)
class Submission:
    """A classification as the client sends it. body: all of it, for telling a replay from a conflict."""

    uuid: uuid.UUID
    version_id: int
    subject_id: int
    annotations: list[Annotation]
    started_at: datetime | None = None
    finished_at: datetime | None = None
    metadata: dict[str, Any] | None = None

    def digest(self) -> bytes:
        times = [str(self.started_at), str(self.finished_at)]
        body = [self.version_id, self.subject_id, self.annotations, times, self.metadata]
        return hashlib.blake2b(json.dumps(body, sort_keys=True).encode(), digest_size=16).digest()


@dataclass(frozen=True)
class Recorded:
    uuid: uuid.UUID
    workflow_id: int
    subject_id: int
    counted: str
    received_at: datetime
    use: Use = Use.WORK
    replay: bool = False
    reason: str = ""
    open: bool = False
    """Of a hidden check: not secret, so that it tells once it is answered."""

    @property
    def told(self) -> str:
        """What the volunteer hears: nobody is told that a subject was a secret check."""
        hidden = self.use == Use.CHECK and self.reason in ("check", "correction") and not self.open
        return Classification.Counted.YES.value if hidden else self.counted


def record_classification(submission: Submission, held: Pass, *, member: bool = False) -> Recorded:
    """Store the classification and all that follows from it, or refuse and change nothing.

    Insert, tallies, answered, lease, retirement condition: one transaction. The same body under the same UUID answers
    as the first time. An answer on a subject that needs no more is stored as `late`; one of a volunteer who has seen
    others' answers, of one who is blocked, and every answer on a known subject as `withheld` (reason: its use, or
    `blocked`). None of them moves tallies. A lease is not needed, but where the subject stands in a lane whose gate is
    closed to the volunteer, as one moved there after it was handed out may.
    Raises Invalid, NotFound, Private, Paused, Unqualified, WorkflowFinished, AlreadyAnswered, UuidConflict.
    """
    version = get_version(submission.version_id)
    stored = answer_about(submission.subject_id, version.definition, submission.annotations)
    try:
        try:
            with transaction.atomic():
                return _record(submission, version, stored, held, member)
        except _JoinedMeanwhile:
            with transaction.atomic():
                return _record(submission, version, stored, held, member)
    except VoorwerpError:
        if earlier := replay(submission, held):
            return earlier
        raise


def _record(
    submission: Submission, version: Version, annotations: list[Annotation], held: Pass, member: bool
) -> Recorded:
    keys = {"workflow": version.workflow_id, "subject": submission.subject_id}
    values: dict[str, Any] = {**keys, "holder": held.public_id}
    rows = run(LOCK, values)
    if not rows:
        raise NotFound("This subject is not in this workflow.")
    answered, retired_at, reason, state, published, project_state, is_public, volunteer, person, *more = rows[
        0
    ]
    check_open(state, published, project_state, is_public, member)
    use, requires, blocked, tells, lane_requires, held_lease = Use(more[0]), *more[1:]
    _check_use(use, requires, version.workflow_id, submission.subject_id, person, member)
    if (
        use in (Use.WORK, Use.CHECK) and not held_lease
    ):  # who holds it was handed it rightly, whatever moved since
        check_gate(version.workflow_id, lane_requires, person)
    if volunteer is None:
        made = make_volunteer(held)
        volunteer, person = made.pk, made.person_id
    if volunteer != person:
        ensure_joining(version.workflow_id, volunteer, person)
    values |= _row_values(submission, annotations, volunteer, person)
    values |= {"late": retired_at is not None, "withheld": _withheld(use, blocked)}
    stored = run(STORE, values)
    if not stored:
        raise UuidConflict
    counted, received_at, why, is_first, evidence = stored[0]
    if not is_first:
        raise AlreadyAnswered
    subject_state = SubjectState(
        workflow_id=version.workflow_id,
        subject_id=submission.subject_id,
        answered=answered,
        retired_at=retired_at,
        retired_reason=reason,
    )
    tallies = {}
    if counted == Classification.Counted.YES:
        tallies = _count(subject_state, version, annotations, evidence or {}, published)
    values |= {"tallies": json.dumps(tallies), "answered": subject_state.answered}
    values |= {"retired_at": subject_state.retired_at, "reason": subject_state.retired_reason}
    # From STORE on the volunteer's row is locked against joining, so what SETTLE reads of it holds until commit.
    ((still,),) = run(SETTLE, values)
    if still != person:
        raise _JoinedMeanwhile
    send_on_commit(
        classification_recorded,
        workflow_id=version.workflow_id,
        subject_id=submission.subject_id,
        project_id=version.project_id,
    )
    return Recorded(
        submission.uuid,
        version.workflow_id,
        submission.subject_id,
        counted,
        received_at,
        use,
        reason=why,
        open=tells and why == "check",
    )


def _check_use(
    use: Use, requires: Any, workflow: int, subject: int, person: int | None, member: bool
) -> None:
    """Work and its hidden checks are for who is qualified, exam subjects for who sits at that exam."""
    if use == Use.EXAM:
        if not Sitting.objects.filter(
            workflow=workflow, volunteer=person, finished_at=None, subjects__contains=[subject]
        ).exists():
            raise NotFound("This subject belongs to an exam: begin the exam to answer it.")
    elif use != Use.TRAINING and not member:
        check_gate(workflow, requires, person)


def _withheld(use: Use, blocked: bool) -> str:
    """Why the answer moves nothing; empty when it may."""
    if blocked:
        return "blocked"
    return "" if use == Use.WORK else use.name.lower()


def _row_values(
    submission: Submission, annotations: list[Annotation], volunteer: int, person: int
) -> dict[str, Any]:
    return {
        "uuid": submission.uuid,
        "version": submission.version_id,
        "volunteer": volunteer,
        "person": person,
        "annotations": json.dumps(annotations),
        "metadata": json.dumps(submission.metadata or {}),
        "started_at": submission.started_at,
        "finished_at": submission.finished_at,
        "digest": submission.digest(),
    }


def _count(
    state: SubjectState,
    version: Version,
    annotations: list[Annotation],
    evidence: dict[str, list[Any]],
    published: int,
) -> dict[str, Any]:
    """Add the answer to the locked state and to its tallies, retire it if the published condition holds.

    Returns task to new tallies, of the tasks that were asked.
    """
    changed = {
        task: add_votes(evidence[task][0] if task in evidence else empty(), rows)
        for task, rows in version.definition.votes(annotations)
    }
    state.answered += 1
    standing = {
        task: merge(changed.get(task, tallies), asked, dict(zip(MINED, mined, strict=True)))
        for task, (tallies, asked, *mined) in evidence.items()
    }
    for task, tallies in changed.items():
        standing.setdefault(task, tallies)
    apply_condition(state, get_version(published), standing)
    return changed


def use_of(classification: Classification) -> Use:
    """What its subject was for when it was answered; of a correction, when it was answered first."""
    return Use.__members__.get(classification.first.counted_reason.upper(), Use.WORK)


def replay(submission: Submission, held: Pass) -> Recorded | None:
    """What was answered the first time, when this very classification is already stored by the same person."""
    earlier = Classification.objects.filter(uuid=submission.uuid).select_related("volunteer").first()
    if earlier is None:
        return None
    volunteer = Volunteer.objects.filter(public_id=held.public_id).first()
    same_person = volunteer is not None and volunteer.person_id == earlier.volunteer.person_id
    if not same_person or bytes(earlier.digest) != submission.digest():
        raise UuidConflict
    known = GoldSubject.objects.filter(workflow=earlier.workflow_id, subject=earlier.subject_id)
    tells = known.filter(secret=False).exists()  # asked of every subject, so that its time tells nothing
    return Recorded(
        earlier.uuid,
        earlier.workflow_id,
        earlier.subject_id,
        earlier.counted,
        earlier.received_at,
        use_of(earlier),
        replay=True,
        reason=earlier.counted_reason,
        open=tells and earlier.counted_reason == "check",
    )
