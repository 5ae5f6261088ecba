"""What volunteers hold to be odd: a flag on a subject, with a #tag or without."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OddFlag(models.Model):
    """Somebody's dated word that a subject is odd. Never edited; taking it back is a date of its own."""

    subject = models.ForeignKey(
        "projects.Subject", on_delete=models.CASCADE, db_index=False, related_name="odd_flags"
    )
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="odd_flags")
    volunteer = models.ForeignKey(
        "projects.Volunteer",
        on_delete=models.CASCADE,
        related_name="odd_flags",
        help_text=_("The person, as they were joined then."),
    )
    tag = models.CharField(max_length=60, blank=True, help_text=_("As tags are stored; empty: just odd."))
    at = models.DateTimeField(auto_now_add=True)
    taken_back_at = models.DateTimeField(null=True, help_text=_("Empty while it stands."))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "volunteer", "tag"],
                condition=models.Q(taken_back_at__isnull=True),
                name="odd_flag_once",
            )
        ]

    def __str__(self) -> str:
        return f"volunteer {self.volunteer_id} flags {self.subject_id} #{self.tag}"
