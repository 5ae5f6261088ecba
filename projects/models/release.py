"""Releases: frozen, numbered snapshots of a project's data, to be cited."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Release(models.Model):
    """What it rests on, so that it can be built again; its file is an Export that is never deleted."""

    class Licence(models.TextChoices):
        CC0 = "CC0-1.0", _("CC0 1.0: anybody may do anything")
        BY = "CC-BY-4.0", _("CC BY 4.0: whoever uses it names you")
        BY_SA = "CC-BY-SA-4.0", _("CC BY-SA 4.0: names you, and passes it on likewise")

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="releases")
    number = models.PositiveIntegerField()
    export = models.OneToOneField("projects.Export", on_delete=models.PROTECT, related_name="release")
    licence = models.CharField(max_length=20, choices=Licence)
    about = models.JSONField(
        help_text=_("What no record keeps, as it was: titles, texts, creators, credits, date.")
    )
    rests_on = models.JSONField(
        help_text=_('[{"workflow": id, "position": n, "run": id or null, "published": id}]')
    )
    pseudonym_key = models.CharField(max_length=64)
    files = models.JSONField(
        default=list, help_text='[{"name": ..., "size": bytes, "sha256": ..., "rows": n}]'
    )
    checksum = models.CharField(max_length=64, blank=True, help_text=_("SHA-256 of sha256sums.txt."))

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="release_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="release_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"release {self.number} of {self.project}"
