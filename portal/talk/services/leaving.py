"""Whoever deletes their account takes their words in Talk along: docs/decisions/0021-what-deleting-takes-away.md"""

from typing import Any

from portal.talk.models import (
    Comment,
    Discussion,
    Edition,
    Follow,
    Hashtag,
    Notice,
    Report,
    TimeOut,
    Upvote,
    Wishes,
)


def leave_talk(account: int) -> None:
    """Empties the text of their comments and its earlier editions, and the titles that they gave; that somebody said
    something there stays. Flags of odd subjects stay, as answers do. Safe to repeat."""
    own = Comment.objects.filter(author=account)
    Edition.objects.filter(comment__in=own).delete()
    Hashtag.objects.filter(comment__in=own).delete()
    Discussion.objects.filter(author=account).update(title="…")
    own.update(body="")
    Report.objects.filter(by=account).update(reason="")


def said_by(account: int) -> dict[str, Any]:
    """For the download of one's own data."""
    comments = Comment.objects.filter(author=account).order_by("pk")
    return {
        "comments": list(
            comments.values("public_id", "discussion__title", "discussion__subject", "body", "created_at")
        ),
        "earlier_editions": list(
            Edition.objects.filter(comment__author=account).values("comment__public_id", "body", "at")
        ),
        "reports": list(
            Report.objects.filter(by=account).values("comment__public_id", "reason", "at", "outcome")
        ),
        "follows": list(Follow.objects.filter(user=account).values("discussion__public_id", "muted")),
        "notices": list(
            Notice.objects.filter(user=account).values("comment__public_id", "kind", "at", "read_at")
        ),
        "helpful": list(Upvote.objects.filter(user=account).values_list("comment__public_id", flat=True)),
        "time_outs": list(TimeOut.objects.filter(user=account).values("project__slug", "until", "lifted_at")),
        "mails": list(Wishes.objects.filter(user=account).values("mention", "reply", "followed")),
        "discussions": list(Discussion.objects.filter(author=account).values("public_id", "title")),
    }
