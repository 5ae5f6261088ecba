"""Appeals: somebody holds that a decision is wrong, and another than who made it looks again."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Appeal(models.Model):
    """A dated record against one decision, entered for its seller; judged once, with a reason."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("upheld")
        OVERTURNED = "overturned", _("overturned")

    workflow = models.ForeignKey(
        "projects.Workflow", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    subject = models.ForeignKey(
        "projects.Subject", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    decision = models.ForeignKey("projects.Decision", on_delete=models.PROTECT, related_name="appeals")
    text = models.TextField(help_text=_("Why it is wrong, in the words of whom it concerns."))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    reason = models.TextField(blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    result = models.OneToOneField(
        "projects.Decision",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appeal",
        help_text=_("The decision that overturned it."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["decision"], condition=Q(closed_at=None), name="appeal_open_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", closed_at=None, result=None)
                | Q(outcome="upheld", closed_at__isnull=False, result=None)
                | Q(outcome="overturned", closed_at__isnull=False, result__isnull=False),
                name="appeal_outcome_told",
            ),
        ]
        indexes = [models.Index(fields=["workflow", "closed_at", "id"], name="appeal_waits")]

    def __str__(self) -> str:
        return f"appeal against the decision on subject {self.subject_id}"
