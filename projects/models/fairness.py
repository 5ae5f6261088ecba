"""Blocks: a person of the team decides that somebody's answers count no more; dated, appealable, undone as a record."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Block(models.Model):
    """While it stands the volunteer's answers in the project are stored as withheld; those before are discounted."""

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="blocks")
    volunteer = models.ForeignKey("projects.Volunteer", on_delete=models.PROTECT, related_name="blocks")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=500, help_text=_("Told to the volunteer."))
    evidence = models.JSONField(default=dict, blank=True)
    appeal = models.TextField(blank=True, max_length=2000)
    appealed_at = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    lifted_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "volunteer"], condition=models.Q(lifted_at__isnull=True), name="block_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.volunteer} blocked in {self.project}"
