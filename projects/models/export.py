"""Exports: files that somebody asked for and a worker writes, kept for some days."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Export(models.Model):
    """One file on its way out, or done. Nothing of the record rests on it: it can be asked for again."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="exports")
    workflow = models.ForeignKey(
        "projects.Workflow",
        on_delete=models.CASCADE,
        null=True,
        related_name="exports",
        help_text=_("Empty: of all published workflows together."),
    )
    table = models.CharField(max_length=20)
    form = models.CharField(max_length=10)
    team = models.BooleanField(help_text=_("With open subjects, for the project's team only."))
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    positions = models.JSONField(
        default=dict, help_text=_('{"workflow id": position of its ledger when it was asked for}')
    )
    rows = models.BigIntegerField(default=0, help_text=_("Written so far."))
    done = models.BigIntegerField(default=0, help_text=_("Of total: how far through what is read."))
    total = models.BigIntegerField(null=True, help_text=_("Empty where that is not known beforehand."))
    size = models.BigIntegerField(null=True, help_text=_("Bytes of the finished file."))
    sha256 = models.CharField(max_length=64, blank=True)
    message = models.TextField(blank=True, help_text=_("Why it failed."))
    tries = models.PositiveSmallIntegerField(default=0)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True, help_text=_("When the file is deleted."))

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.table} as {self.form}: {self.state}"
