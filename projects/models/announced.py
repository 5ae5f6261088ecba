"""Subjects that a program has announced and whose pictures are on their way."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models.subject import random_id


class Announced(models.Model):
    """What will be a subject, under the same id, once all its pictures are here and it was put into a set.

    Until then it is none: nobody is asked about it, and no file has it. `media`: for each picture its type and, when it
    has arrived, what Media keeps of it.
    """

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="announced")
    subject_set = models.ForeignKey(
        "projects.SubjectSet",
        on_delete=models.SET_NULL,
        null=True,
        related_name="announced",
        help_text=_("Into which it comes when its pictures are here; empty: not said yet."),
    )
    external_id = models.CharField(max_length=200)
    metadata = models.JSONField(default=dict)
    media = models.JSONField(
        help_text=_("A list of {mime, path, width, height, sha256}; path is empty so far.")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["project", "external_id"], name="announced_external_id_once")
        ]

    def __str__(self) -> str:
        return self.external_id

    @property
    def missing(self) -> list[int]:
        """The places of the pictures that have not arrived, from 0."""
        return [at for at, media in enumerate(self.media) if not media["path"]]
