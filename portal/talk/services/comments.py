"""Say something: begin a discussion, comment, edit. By an account; what is said is said once."""

import uuid

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.talk.models import LONGEST, Board, Comment, Discussion, Edition, Hashtag, Mention, TimeOut
from portal.talk.services.notices import follow_by_commenting, notify
from portal.talk.text import Found, signs_of
from projects.exceptions import Conflict, Invalid, NotFound, NotYourRole
from projects.models import Subject
from projects.permissions import may_moderate
from projects.services.odd_flags import flag_odd, take_back
from projects.services.volunteers import join_account

MOST_NAMES = 10
MOST_TAGS = 10
"""Of one comment."""

LONGEST_TITLE = 140


class TimedOut(Invalid):
    code = "timed_out"
    status = 403


class Locked(Invalid):
    code = "locked"
    status = 403
    message = gettext_lazy("This discussion is locked: it takes no more comments.")


def subject_discussion(subject: Subject) -> Discussion:
    """The one about the subject, made when somebody first says something there."""
    made, _new = Discussion.objects.get_or_create(
        subject=subject, defaults={"project_id": subject.project_id, "last_at": timezone.now()}
    )
    return made


@transaction.atomic
def begin_discussion(
    *, board: Board, author: User, public_id: uuid.UUID, title: str, body: str
) -> Discussion:
    """With its first comment, under the same id. Raises NotYourRole on the team's board, TimedOut, Invalid."""
    require_time(author, board.project_id)
    if board.team_begins and not may_moderate(author, board.project_id):
        raise NotYourRole(_("Only the team begins discussions on this board; everybody may answer."))
    title = " ".join(title.split())
    if not title or len(title) > LONGEST_TITLE or "\x00" in title:
        raise Invalid(_("Give it a title of at most %(n)s characters.") % {"n": LONGEST_TITLE})
    made, new = Discussion.objects.get_or_create(
        public_id=public_id,
        defaults={
            "project_id": board.project_id, "board": board, "author": author, "title": title,
            "last_at": timezone.now(),
        },
    )  # fmt: skip
    if not new and (made.author_id != author.pk or made.board_id != board.pk):
        raise Conflict(_("Another discussion has this id: load the page again."))
    if new:
        say(discussion=made, author=author, public_id=public_id, body=body)
    return made


@transaction.atomic
def say(
    *,
    discussion: Discussion,
    author: User,
    public_id: uuid.UUID,
    body: str,
    reply_to: Comment | None = None,
) -> Comment:
    """A comment. The same id again, by the same author, is the same comment: nothing is said twice.

    Raises Locked; TimedOut; Invalid for what is empty, longer than LONGEST, names or tags too many; Conflict for an id
    that is another comment's. Whether the author may hear the discussion is asked before.
    """
    require_time(author, discussion.project_id)
    found = _checked(body)
    held = Discussion.objects.select_for_update().get(pk=discussion.pk)
    earlier = Comment.objects.filter(public_id=public_id).first()
    if earlier is not None:
        if earlier.author_id != author.pk or earlier.discussion_id != held.pk:
            raise Conflict(_("Another comment has this id: load the page again."))
        return earlier
    if held.locked_at is not None:
        raise Locked
    made = Comment.objects.create(
        discussion=held, author=author, public_id=public_id, body=body.strip(), reply_to=reply_to
    )
    Discussion.objects.filter(pk=held.pk).update(
        comments_count=F("comments_count") + 1, last_at=made.created_at
    )
    _sign(made, held, found)
    follow_by_commenting(held, author)
    notify(made)
    return made


@transaction.atomic
def edit(comment: Comment, author: User, body: str) -> Comment:
    """What it said before stays to be read. Raises NotFound for another's and a hidden one, Locked, TimedOut,
    Invalid."""
    found = _checked(body)
    held = Comment.objects.select_for_update(of=("self",)).select_related("discussion").get(pk=comment.pk)
    if held.author_id != author.pk or held.hidden_at is not None:
        raise NotFound
    if held.discussion.locked_at is not None:
        raise Locked
    require_time(author, held.discussion.project_id)
    if held.body == body.strip():
        return held
    now = timezone.now()
    Edition.objects.create(comment=held, body=held.body, at=now)
    held.body, held.edited_at = body.strip(), now
    held.save(update_fields=["body", "edited_at"])
    _sign(held, held.discussion, found)
    notify(held, mentions_only=True)
    return held


def require_time(author: User, project_id: int | None) -> None:
    """Raises TimedOut while a moderator has given the author a time-out in this Talk."""
    now = timezone.now()
    standing = TimeOut.objects.filter(user=author, project=project_id, lifted_at__isnull=True, until__gt=now)
    if given := standing.order_by("-until").first():
        raise TimedOut(
            _("A moderator has given you a time-out here until %(until)s UTC.")
            % {"until": f"{given.until:%Y-%m-%d %H:%M}"}
        )


def unsign(comment: Comment) -> None:
    """Its tags and mentions stand no more, nor do its author's flags that no other comment of theirs repeats."""
    gone = set(comment.hashtags.values_list("tag", flat=True))
    comment.hashtags.all().delete()
    comment.mentions.all().delete()
    subject, author = comment.discussion.subject, comment.author
    if subject is None or author is None or not gone:
        return
    kept = Hashtag.objects.filter(comment__discussion=comment.discussion, comment__author=author)
    left = gone - set(kept.values_list("tag", flat=True))
    take_back(subject=subject, volunteer=join_account(None, author), tags=sorted(left))


def sign_again(comment: Comment) -> None:
    """What `unsign` took away, of a comment that is shown again."""
    _sign(comment, comment.discussion, signs_of(comment.body))


def _checked(body: str) -> Found:
    text = body.strip()
    if not text:
        raise Invalid(_("Write something first."))
    if len(text) > LONGEST:
        raise Invalid(
            _("A comment has %(most)s characters at most, and this one has %(n)s: shorten it.")
            % {"most": f"{LONGEST:,}", "n": f"{len(text):,}"}
        )
    if "\x00" in text:
        raise Invalid(_("The text has a character that is none: NUL."))
    found = signs_of(text)
    if len(found.names) > MOST_NAMES:
        raise Invalid(_("Name %(n)s people at most in one comment.") % {"n": MOST_NAMES})
    if len(found.tags) > MOST_TAGS:
        raise Invalid(_("Give %(n)s #tags at most in one comment.") % {"n": MOST_TAGS})
    return found


def _sign(comment: Comment, discussion: Discussion, found: Found) -> None:
    """Its tags and mentions are those found; the tags about a subject are its author's flags, too."""
    before = set(comment.hashtags.values_list("tag", flat=True))
    if before - set(found.tags):
        unsign(comment)
    if discussion.project_id is not None:
        Hashtag.objects.bulk_create(
            [Hashtag(comment=comment, project_id=discussion.project_id, tag=tag) for tag in found.tags],
            ignore_conflicts=True,
        )
    people = get_user_model()._default_manager.filter(username__in=found.names, is_active=True)
    Mention.objects.bulk_create(
        [Mention(comment=comment, user=user) for user in people if user.pk != comment.author_id],
        ignore_conflicts=True,
    )
    if discussion.subject is not None and comment.author is not None and found.tags:
        flag_odd(subject=discussion.subject, volunteer=join_account(None, comment.author), tags=found.tags)
