"""Moderators hide, lock, pin, give time-outs; each with a reason, each an act of the audit, each to be undone."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.talk.models import Act, Comment, Discussion, Report, TimeOut
from portal.talk.moderation_models import LONGEST_REASON
from portal.talk.services.comments import sign_again, unsign
from projects.exceptions import Invalid, NotYourRole
from projects.models import Project
from projects.permissions import may_moderate

DAYS = (1, 7, 30)
MOST_REPORTS = 20
"""Of one person, that wait."""


@transaction.atomic
def report(comment: Comment, by: User, reason: str) -> Report:
    """Once a person while it waits. Raises Invalid without a reason, or where MOST_REPORTS of theirs wait."""
    reason = _reason(reason)
    waiting = Report.objects.filter(by=by, closed_at__isnull=True)
    if waiting.exclude(comment=comment).count() >= MOST_REPORTS:
        raise Invalid(
            _("%(n)s reports of yours wait: let the moderators read those first.") % {"n": MOST_REPORTS}
        )
    return waiting.get_or_create(comment=comment, defaults={"by": by, "reason": reason})[0]


@transaction.atomic
def keep(comment: Comment, by: User, reason: str) -> None:
    """The comment stands; its reports are closed. Raises NotYourRole, Invalid."""
    _moderator(by, comment.discussion.project_id)
    _act(Act.Kind.KEEP, by, reason, comment.discussion, comment)
    _close(comment, Report.Outcome.KEPT)


@transaction.atomic
def hide(comment: Comment, by: User, reason: str) -> None:
    """Only moderators read it from here on; its tags and mentions stand no more. Safe to repeat. Raises NotYourRole,
    Invalid."""
    held = _held(comment, by)
    if held.hidden_at is not None:
        return
    _act(Act.Kind.HIDE, by, reason, held.discussion, held)
    held.hidden_at = timezone.now()
    held.save(update_fields=["hidden_at"])
    unsign(held)
    _close(held, Report.Outcome.HIDDEN)
    _count(held.discussion)


@transaction.atomic
def show(comment: Comment, by: User, reason: str) -> None:
    """The way back. Safe to repeat. Raises NotYourRole, Invalid."""
    held = _held(comment, by)
    if held.hidden_at is None:
        return
    _act(Act.Kind.SHOW, by, reason, held.discussion, held)
    held.hidden_at = None
    held.save(update_fields=["hidden_at"])
    sign_again(held)
    _count(held.discussion)


@transaction.atomic
def lock(discussion: Discussion, by: User, reason: str, *, locked: bool) -> None:
    _set(discussion, by, reason, "locked_at", locked, (Act.Kind.LOCK, Act.Kind.UNLOCK))


@transaction.atomic
def pin(discussion: Discussion, by: User, reason: str, *, pinned: bool) -> None:
    """An announcement stands above the others."""
    _set(discussion, by, reason, "pinned_at", pinned, (Act.Kind.PIN, Act.Kind.UNPIN))


@transaction.atomic
def time_out(project: Project | None, person: User, by: User, reason: str, *, days: int) -> TimeOut:
    """From now on, in place of an earlier one. Raises NotYourRole; Invalid for days that are none of DAYS, and for
    moderators, whose role is to be taken instead."""
    number = project.pk if project else None
    _moderator(by, number)
    if days not in DAYS:
        raise Invalid(_("A time-out lasts 1, 7 or 30 days."))
    if may_moderate(person, number):
        raise Invalid(_("Moderators get no time-out: take their role from them on the page of the team."))
    now = timezone.now()
    _standing(person, number).update(lifted_at=now)
    _act(Act.Kind.TIME_OUT, by, reason, None, None, person, number)
    return TimeOut.objects.create(project=project, user=person, until=now + timedelta(days=days))


@transaction.atomic
def lift(given: TimeOut, by: User, reason: str) -> None:
    _moderator(by, given.project_id)
    if given.lifted_at is None:
        _act(Act.Kind.LIFT, by, reason, None, None, given.user, given.project_id)
        given.lifted_at = timezone.now()
        given.save(update_fields=["lifted_at"])


def _held(comment: Comment, by: User) -> Comment:
    held = (
        Comment.objects.select_for_update(of=("self",))
        .select_related("discussion", "author")
        .get(pk=comment.pk)
    )
    _moderator(by, held.discussion.project_id)
    return held


def _set(
    discussion: Discussion, by: User, reason: str, field: str, on: bool, kinds: tuple[Act.Kind, Act.Kind]
) -> None:
    """Safe to repeat. Raises NotYourRole, Invalid."""
    _moderator(by, discussion.project_id)
    held = Discussion.objects.select_for_update(of=("self",)).get(pk=discussion.pk)
    if (getattr(held, field) is not None) == on:
        return
    _act(kinds[0] if on else kinds[1], by, reason, held)
    Discussion.objects.filter(pk=held.pk).update(**{field: timezone.now() if on else None})


def _moderator(by: User, project_id: int | None) -> None:
    if not may_moderate(by, project_id):
        raise NotYourRole


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason or "\x00" in reason:
        raise Invalid(_("Give a reason: it is kept, and the moderators read it."))
    if len(reason) > LONGEST_REASON:
        raise Invalid(_("The reason has %(n)s characters at most: shorten it.") % {"n": LONGEST_REASON})
    return reason


def _act(
    kind: Act.Kind,
    by: User,
    reason: str,
    discussion: Discussion | None = None,
    comment: Comment | None = None,
    person: User | None = None,
    project_id: int | None = None,
) -> None:
    number = discussion.project_id if discussion is not None else project_id
    Act.objects.create(
        kind=kind, by=by, reason=_reason(reason), discussion=discussion, comment=comment,
        person=person or (comment.author if comment else None), project_id=number,
    )  # fmt: skip


def _close(comment: Comment, outcome: Report.Outcome) -> None:
    Report.objects.filter(comment=comment, closed_at__isnull=True).update(
        outcome=outcome, closed_at=timezone.now()
    )


def _count(discussion: Discussion) -> None:
    """Counts and times are of what is shown."""
    shown = discussion.comments.aggregate(n=Count("pk", filter=Q(hidden_at__isnull=True)))
    Discussion.objects.filter(pk=discussion.pk).update(comments_count=shown["n"])


def _standing(person: User, project_id: int | None) -> QuerySet[TimeOut]:
    return TimeOut.objects.filter(
        user=person, project=project_id, lifted_at__isnull=True, until__gt=timezone.now()
    )
