"""What people of the team do at the desk: decide, undo, note, ask the business, answer."""

import uuid
from collections.abc import Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.exceptions import Conflict, Invalid, UuidConflict
from projects.models import Decision, Desk, DeskNote, SubjectState, Workflow
from projects.services.appeals import appeals_follow_undo
from projects.services.claims import claims_of, let_go
from projects.services.decisions import Decided, Decider, Judged, Locked, lock, undo, write
from projects.services.gates import check_lane_gate
from projects.services.policies import check_cites
from projects.services.reviews import draw, follow_undo
from projects.services.statement import run
from projects.signals import claims_changed, send_on_commit

MOST = 1000
"""Items in one bulk decision."""
LONGEST = 5000


# What they held is let go, and second looks at what is decided anew are dropped; the first item that somebody else has
# tells who. As of after the lock, so that a look that was opened meanwhile is seen.
LET_GO = """
WITH dropped AS (
    UPDATE projects_review SET state = 'dropped', closed_at = %(now)s
     WHERE workflow_id = %(workflow)s AND subject_id = ANY(%(fresh)s::bigint[]) AND closed_at IS NULL
), gone AS (
    DELETE FROM projects_claim c
     WHERE c.workflow_id = %(workflow)s AND c.subject_id = ANY(%(subjects)s::bigint[]) AND c.by_id = %(by)s
    RETURNING 1
)
SELECT (SELECT count(*) FROM gone),
       (SELECT min(c.subject_id) FROM projects_claim c
         WHERE c.workflow_id = %(workflow)s AND c.subject_id = ANY(%(subjects)s::bigint[]) AND c.by_id <> %(by)s
           AND c.expires_at > %(now)s)
"""


def decide_here(
    *, workflow: Workflow, judged: Sequence[Judged], by: AbstractBaseUser, batch: uuid.UUID | None = None
) -> list[Decided]:
    """Decide as somebody of the team, and let go of what they held; all or nothing.

    A verdict against an item cites a category where the workflow has a policy with some; more than one item need a
    reason, too. A share of its lane's decisions is drawn for a second look. Raises Invalid for that, Unqualified for
    who lacks what a lane requires, Conflict where a colleague holds one of the items, and as `decide_all` does.
    """
    if not judged:
        raise Invalid(_("Choose at least one item."))
    if len(judged) > MOST:
        raise Invalid(_("Choose at most %(most)d items at once.") % {"most": MOST})
    try:
        with transaction.atomic():
            locked = lock(workflow, judged)
            check_here(locked, judged, by)
            decided = write(locked, judged, Decider.person(by), batch)
            fresh = [each.decision for each in decided if not each.replay]
            _let_go_of(locked, fresh, by)
            _draw(locked, fresh)
    except IntegrityError:
        raise UuidConflict from None
    return decided


def check_here(locked: Locked, judged: Sequence[Judged], by: AbstractBaseUser) -> None:
    """The desk's own rules. Raises Invalid and Unqualified."""
    for requires in {each.requires for each in locked.lanes.values()}:
        check_lane_gate(locked.workflow, requires, by)
    for each in judged:
        check_cites(locked.version, each.verdict, each.category)
        if len(judged) > 1 and not each.reason.strip():
            raise Invalid(_("Write a reason: a decision on several items has one."))


def _draw(locked: Locked, fresh: Sequence[Decision]) -> None:
    lanes = {subject: (asks.lane, asks.share) for subject, asks in locked.lanes.items() if asks.share}
    if lanes:
        draw(fresh, lanes)


def _let_go_of(locked: Locked, fresh: Sequence[Decision], by: AbstractBaseUser) -> None:
    workflow = locked.workflow
    values = {
        "workflow": workflow.pk, "subjects": list(locked.states), "fresh": [each.subject_id for each in fresh],
        "by": by.pk, "now": timezone.now(),
    }  # fmt: skip
    ((gone, held),) = run(LET_GO, values)
    if held is not None:
        theirs = claims_of(workflow).select_related("subject").get(subject=held)
        raise Conflict(
            _("%(name)s is working on %(item)s just now: leave it to them.")
            % {"name": theirs.by, "item": theirs.subject}
        )
    if gone:
        send_on_commit(claims_changed, workflow_id=workflow.pk, project_id=workflow.project_id)


def take_back(workflow: Workflow, which: uuid.UUID, by: AbstractBaseUser) -> list[Decision]:
    """Undo one's own decision of this id, or all of this batch, within a minute. Raises Invalid and Conflict."""
    own = Decision.objects.filter(workflow=workflow, by=by.pk, kind=Decision.Kind.PERSON, undoes=None)
    found = list(own.filter(batch=which)) or list(own.filter(uuid=which))
    if not found:
        raise Invalid(_("You have made no such decision."))
    with transaction.atomic():
        undone = undo(found, by=by)
        follow_undo(found)
        appeals_follow_undo(found)
    return undone


def note(workflow: Workflow, subject_id: int, text: str, by: AbstractBaseUser) -> DeskNote:
    """For the colleagues who come to the item later."""
    return _write(workflow, subject_id, DeskNote.Kind.NOTE, text, by)


@transaction.atomic
def ask_business(workflow: Workflow, subject_id: int, text: str, by: AbstractBaseUser) -> DeskNote:
    """Put an item aside until somebody has answered: no lane hands it out meanwhile."""
    asked = _write(workflow, subject_id, DeskNote.Kind.QUESTION, text, by)
    let_go(workflow, by, [subject_id])
    return asked


@transaction.atomic
def answer(question: DeskNote, text: str, by: AbstractBaseUser) -> DeskNote:
    """The item is handed out again. Raises Invalid where it is no question, and Conflict where it was answered."""
    locked = DeskNote.objects.select_for_update().get(pk=question.pk)
    if locked.kind != DeskNote.Kind.QUESTION:
        raise Invalid(_("This is no question."))
    if DeskNote.objects.filter(answers=locked).exists():
        raise Conflict(_("Somebody has answered it already."))
    return _write(locked.workflow, locked.subject_id, DeskNote.Kind.ANSWER, text, by, answers=locked)


def set_group(workflow: Workflow, key: str) -> Desk:
    """Group the workflow's items by what they say under this key of their metadata; "" not at all. Raises Invalid."""
    if len(key) > 100 or key.startswith("#"):
        raise Invalid(_("Name a key of the items' metadata, of at most 100 characters, without # before it."))
    return Desk.objects.update_or_create(workflow=workflow, defaults={"group_by": key.strip()})[0]


@transaction.atomic
def _write(
    workflow: Workflow,
    subject_id: int,
    kind: DeskNote.Kind,
    text: str,
    by: AbstractBaseUser,
    answers: DeskNote | None = None,
) -> DeskNote:
    """The same once more (a double click) is what stands already."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise Invalid(_("Write 1 to %(most)d characters.") % {"most": LONGEST})
    SubjectState.objects.select_for_update().get(workflow=workflow, subject=subject_id)
    last = DeskNote.objects.filter(workflow=workflow, subject=subject_id).order_by("-pk").first()
    if last is not None and (last.kind, last.text, last.by_id, answers) == (kind, text, by.pk, None):
        return last
    return DeskNote.objects.create(
        workflow=workflow, subject_id=subject_id, kind=kind, text=text, by_id=by.pk, answers=answers
    )
