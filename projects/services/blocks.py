"""Block somebody in a project, and lift it: a person's decision. What follows is done bit by bit, by a job.

A block takes effect at once for new answers (record_classification stores them withheld, reason `blocked`). Those
before it are discounted, reason `block`, a chunk a transaction; lifting restores exactly these. Nothing remembers how
far that has come: what is left to do is read from the record, so a job that dies goes on where it was.
"""

import time
from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.exceptions import Invalid
from projects.models import Answered, Block, Classification, Discount, Project, Volunteer
from projects.services.discount import discount, restore

REASON = "block"
CHUNK = 50
"""Answers a transaction: so many subjects are locked meanwhile."""

LONGEST = 500
"""Characters of a reason."""


def block(
    *,
    project: Project,
    volunteer: Volunteer,
    by: AbstractBaseUser,
    reason: str,
    evidence: dict[str, object] | None = None,
) -> Block:
    """From now on the person's answers in the project count no more, those of all aliases. The reason is told to them.

    Raises Invalid without a reason, for oneself, and where a block stands already.
    """
    person = volunteer.joined_to or volunteer
    if person.account_id == by.pk:
        raise Invalid(_("You can't block yourself."))
    try:
        with transaction.atomic():
            return Block.objects.create(
                project=project,
                volunteer=person,
                at=timezone.now(),
                by_id=by.pk,
                reason=_reason(reason),
                evidence=evidence or {},
            )
    except IntegrityError:
        raise Invalid(_("This volunteer is blocked already.")) from None


@transaction.atomic
def lift(*, block: Block, by: AbstractBaseUser, reason: str) -> None:
    """From now on new answers count again, and those before the block too; what came in meanwhile stays withheld.

    Raises Invalid without a reason, and where it is lifted already.
    """
    standing = Block.objects.select_for_update().filter(pk=block.pk, lifted_at=None).first()
    if standing is None:
        raise Invalid(_("This block is lifted already."))
    standing.lifted_at, standing.lifted_by_id, standing.lifted_reason = timezone.now(), by.pk, _reason(reason)
    standing.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])


def appeal(*, block: Block, text: str) -> None:
    """The volunteer's words to the team while the block stands; a later text replaces an earlier one.

    Raises Invalid.
    """
    if not text.strip():
        raise Invalid(_("Write why the block should be lifted."))
    if len(text) > 2000:
        raise Invalid(_("The text is longer than 2,000 characters: shorten it."))
    changed = Block.objects.filter(pk=block.pk, lifted_at=None).update(
        appeal=text.strip(), appealed_at=timezone.now()
    )
    if not changed:
        raise Invalid(_("This block is lifted already."))


def move_blocks(alias: Volunteer, person: Volunteer) -> None:
    """The alias is the person from now on, and so are its blocks: joining an account is no way out."""
    blocked = Block.objects.filter(volunteer=person, lifted_at=None).values("project")
    Block.objects.filter(volunteer=alias, lifted_at=None, project__in=blocked).update(
        lifted_at=timezone.now(), lifted_reason="joined to somebody who is blocked too"
    )
    Block.objects.filter(volunteer=alias).update(volunteer=person)


def tend_blocks(seconds: float = 20.0) -> int:
    """Discount and restore what blocks and their lifting ask for, for about so long; returns how many answers moved.

    Safe to run anywhere, at once and again: a person's block is worked on by one at a time.
    """
    until = time.monotonic() + seconds
    moved = 0
    for place in _places():
        while time.monotonic() < until:
            done = _tend(*place)
            moved += done
            if not done:
                break
    return moved


def _places() -> Iterable[tuple[int, int]]:
    """(project, person) of whoever was ever blocked, those longest ago first."""
    rows = Block.objects.order_by("at").values_list("project_id", "volunteer_id")
    return list(dict.fromkeys(rows))


@transaction.atomic
def _tend(project: int, person: int) -> int:
    """One chunk; the block's row is held, so that it is not lifted meanwhile."""
    blocks = Block.objects.filter(project=project, volunteer=person).order_by("pk")
    held = list(blocks.select_for_update(skip_locked=True))
    if not held or len(held) < blocks.count():
        return 0
    if any(each.lifted_at is None for each in held):
        answers = _given(Classification.objects.standing(), project, person)
        some = list(answers.order_by("workflow_id", "subject_id")[:CHUNK])
        for answer in some:
            discount(answer, REASON)
        return len(some)
    taken = Discount.objects.filter(
        reason=REASON,
        lifted_at=None,
        classification__in=_given(Classification.objects.all(), project, person),
    ).select_related("classification")
    some_taken = list(taken.order_by("classification__workflow_id", "classification__subject_id")[:CHUNK])
    for record in some_taken:
        _give_back(record, person)
    return len(some_taken)


def _give_back(record: Discount, person: int) -> None:
    """Restored, unless the person has come to another answer on the subject meanwhile, by joining an account."""
    answer = record.classification
    if Answered.objects.filter(volunteer_id=person, classification=answer).exists():
        restore(answer)
    else:
        Discount.objects.filter(pk=record.pk).update(reason="alias")


def _given(rows: QuerySet[Classification], project: int, person: int) -> QuerySet[Classification]:
    people = Volunteer.objects.of_person(person).values("pk")
    return rows.filter(volunteer__in=people, workflow__project=project)


def _reason(text: str) -> str:
    if not text.strip():
        raise Invalid(_("Say why: the volunteer will read it."))
    if len(text) > LONGEST:
        raise Invalid(_("The reason is longer than 500 characters: shorten it."))
    return text.strip()
