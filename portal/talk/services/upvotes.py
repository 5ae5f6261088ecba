"""That a comment helps: one a person, no ranking of people."""

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from portal.talk.models import Comment, Upvote
from projects.exceptions import Invalid


def upvote(comment: Comment, user: User, *, on: bool) -> None:
    """Safe to repeat. Raises Invalid for one's own."""
    if comment.author_id == user.pk:
        raise Invalid(_("One's own comment can't be voted for."))
    if on:
        Upvote.objects.get_or_create(comment=comment, user=user)
    else:
        Upvote.objects.filter(comment=comment, user=user).delete()
