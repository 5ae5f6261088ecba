"""Imports: what was taken in from a file, how far it came, and what could not be taken."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Import(models.Model):
    """One file on its way in. Its rows are keyed by (source, id), so that the same file twice adds nothing."""

    class Kind(models.TextChoices):
        CLASSIFICATIONS = "classifications", _("raw classifications")
        VOTES = "votes", _("crowd labels")
        CATALOGUE = "catalogue", _("catalogue table")
        PICTURES = "pictures", _("pictures")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="imports")
    kind = models.CharField(max_length=20, choices=Kind)
    source = models.CharField(max_length=60)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    rows_total = models.BigIntegerField(null=True, blank=True)
    rows_done = models.BigIntegerField(default=0)
    report = models.JSONField(
        default=dict, blank=True, help_text=_("Counts, and broken rows by line and reason.")
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.file_name}: {self.state}"


class Upload(models.Model):
    """A file that comes in part by part: what has come is kept, so that it goes on where it was cut off.

    Its parts lie in the private storage; once all are here they become an Import (projects/imports/uploading.py).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200)
    options = models.JSONField(default=dict)
    length = models.BigIntegerField(help_text=_("bytes"))
    offset = models.BigIntegerField(default=0, help_text=_("bytes that are here"))
    parts = models.JSONField(default=list, help_text=_("The offsets at which they begin."))
    done_at = models.DateTimeField(null=True)
    at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.file_name}: {self.offset} of {self.length} bytes"
