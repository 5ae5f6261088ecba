"""Who is told of a comment: whoever is named in it, is answered by it, follows the discussion. In the site at once."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from portal.live import publish
from portal.talk.models import Comment, Discussion, Follow, Notice
from projects.permissions import visible_projects

MOST_FOLLOWERS = 2000
"""Who are told of one comment."""


def notify(comment: Comment, *, mentions_only: bool = False) -> None:
    """Within the comment's transaction. Safe to repeat: nobody is told of one comment twice. Not its author, nor who
    may not see the project; no word of the comment is kept or sent. mentions_only: after an edit."""
    discussion = comment.discussion
    kinds: dict[int, Notice.Kind] = {}
    people: dict[int, User] = {}
    follows = Follow.objects.filter(discussion=discussion, muted=False, user__is_active=True)
    for each in follows.select_related("user").order_by("-pk")[: 0 if mentions_only else MOST_FOLLOWERS]:
        people[each.user_id], kinds[each.user_id] = each.user, Notice.Kind.FOLLOWED
    if not mentions_only and comment.reply_to is not None and comment.reply_to.author is not None:
        author = comment.reply_to.author
        people[author.pk], kinds[author.pk] = author, Notice.Kind.REPLY
    for mention in comment.mentions.select_related("user"):
        people[mention.user_id], kinds[mention.user_id] = mention.user, Notice.Kind.MENTION
    told = [pk for pk in kinds if pk != comment.author_id and _sees(people[pk], discussion)]
    Notice.objects.bulk_create(
        [Notice(user_id=pk, comment=comment, kind=kinds[pk]) for pk in told], ignore_conflicts=True
    )
    for pk in told:
        transaction.on_commit(lambda pk=pk: publish.person_changed(pk))  # type: ignore[misc]


def _sees(user: User, discussion: Discussion) -> bool:
    project = discussion.project
    if project is None or (project.is_public and project.state != project.State.DRAFT):
        return True
    return visible_projects(user).filter(pk=project.pk).exists()


def follow(discussion: Discussion, user: User, *, on: bool = True) -> None:
    """Safe to repeat."""
    Follow.objects.update_or_create(discussion=discussion, user=user, defaults={"muted": not on})


def follow_by_commenting(discussion: Discussion, user: User) -> None:
    """Whoever has muted it stays so."""
    Follow.objects.get_or_create(discussion=discussion, user=user)


def read(user: User, discussion: Discussion | None = None) -> int:
    """The notices of a discussion that they have opened, or all, are read; how many."""
    waiting = Notice.objects.filter(user=user, read_at__isnull=True)
    if discussion is not None:
        waiting = waiting.filter(comment__discussion=discussion)
    return waiting.update(read_at=timezone.now())


def unread(user: User) -> int:
    return Notice.objects.filter(user=user, read_at__isnull=True, comment__hidden_at__isnull=True).count()


def forget(before: datetime) -> int:
    """Notices from before then, read or not; how many."""
    return Notice.objects.filter(at__lt=before).delete()[0]
