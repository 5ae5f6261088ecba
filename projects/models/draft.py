"""A workflow's draft: what its team is working on and nobody is asked yet."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Draft(models.Model):
    """One saved state of it; the newest is the draft. A save is a new row, so that of two people who save at the same
    time one is told, and nothing is overwritten (docs/decisions/0039)."""

    workflow = models.ForeignKey(
        "projects.Workflow", on_delete=models.CASCADE, related_name="drafts", db_index=False
    )
    edition = models.PositiveIntegerField()
    definition = models.JSONField(
        help_text=_("As of a version, but perhaps not whole yet: see projects/drafting.")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["workflow", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["workflow", "edition"], name="draft_edition_once"),
        ]

    def __str__(self) -> str:
        return f"{self.workflow.slug}, draft {self.edition}"
