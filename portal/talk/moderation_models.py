"""What people think of comments, and what moderators do, with reasons."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.talk.models import Comment, Discussion

LONGEST_REASON = 500


class Upvote(models.Model):
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="upvotes", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="upvote_once")]

    def __str__(self) -> str:
        return f"{self.user} likes {self.comment}"


class Report(models.Model):
    """Somebody holds a comment to be out of place; a moderator keeps the comment or hides it."""

    class Outcome(models.TextChoices):
        KEPT = "kept", _("kept")
        HIDDEN = "hidden", _("hidden")

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=LONGEST_REASON)
    at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(
        max_length=6, choices=Outcome, blank=True, help_text=_("Empty while it waits.")
    )
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "by"], condition=Q(closed_at__isnull=True), name="report_once"
            )
        ]

    def __str__(self) -> str:
        return f"report on {self.comment}"


class TimeOut(models.Model):
    """Until then somebody says nothing in a project's Talk, or, without a project, in the site's own."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user} until {self.until}"


class Act(models.Model):
    """The audit: what a moderator did, to what, and why. Never edited; undoing is a further act."""

    class Kind(models.TextChoices):
        HIDE = "hide", _("hid a comment")
        SHOW = "show", _("showed a comment again")
        KEEP = "keep", _("kept a reported comment")
        LOCK = "lock", _("locked a discussion")
        UNLOCK = "unlock", _("opened a discussion again")
        PIN = "pin", _("pinned a discussion")
        UNPIN = "unpin", _("unpinned a discussion")
        TIME_OUT = "time-out", _("gave somebody a time-out")
        LIFT = "lift", _("lifted a time-out")

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    comment = models.ForeignKey(Comment, on_delete=models.SET_NULL, null=True, related_name="acts")
    discussion = models.ForeignKey(Discussion, on_delete=models.SET_NULL, null=True, related_name="acts")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=LONGEST_REASON)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.by} {self.kind}"
