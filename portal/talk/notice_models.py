"""Who is told of what, and how."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.talk.models import Comment, Discussion


class Follow(models.Model):
    """Somebody is told of new comments. Whoever comments follows; `muted`: they do so no more."""

    discussion = models.ForeignKey(
        Discussion, on_delete=models.CASCADE, related_name="follows", db_index=False
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    muted = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["discussion", "user"], name="follow_once")]

    def __str__(self) -> str:
        return f"{self.user} follows {self.discussion}"


class Notice(models.Model):
    """That somebody is told of a comment, once, for the strongest reason. It holds no word of the comment."""

    class Kind(models.TextChoices):
        MENTION = "mention", _("mentioned you")
        REPLY = "reply", _("answered you")
        FOLLOWED = "followed", _("commented on what you follow")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=8, choices=Kind)
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True, help_text=_("When it was mailed, or settled that it is not."))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "comment"], name="notice_once")]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_by_user"),
            models.Index(fields=["user"], condition=Q(mailed_at__isnull=True), name="notice_to_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind}"


class Wishes(models.Model):
    """How often somebody wishes to be mailed; in the site they are told at once. Without a row: the defaults."""

    class Often(models.TextChoices):
        NOW = "now", _("at once")
        DAILY = "daily", _("once a day")
        WEEKLY = "weekly", _("once a week")
        NEVER = "never", _("never")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="talk_wishes"
    )
    mention = models.CharField(max_length=6, choices=Often, default=Often.NOW)
    reply = models.CharField(max_length=6, choices=Often, default=Often.DAILY)
    followed = models.CharField(max_length=6, choices=Often, default=Often.WEEKLY)
    daily_at = models.DateTimeField(null=True, help_text=_("Of the last daily mail."))
    weekly_at = models.DateTimeField(null=True, help_text=_("Of the last weekly mail."))
    key = models.UUIDField(default=uuid.uuid4, help_text=_("In the link that ends all mails."))

    def __str__(self) -> str:
        return f"wishes of {self.user}"
