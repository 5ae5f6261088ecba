"""Bands: the ranges of a model's score in which it decides, or sends to a lane. Cuts and hits are of one champion."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mining.classifier_models import ModelVersion

LEAST_AUDIT = 0.05


class Band(models.Model):
    """Of a workflow's triage: what the champion of its question says surely enough, and what follows.

    It decides the first of its verdicts, or with a lane sends there. edition: counts the changes of verdicts, wanted
    precision and lane; a cut is of one edition. cut: the newest, which may say that there is none.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        BACKGROUND = "background", _("background")
        LIVE = "live", _("live")
        CLOSED = "closed", _("closed")

    workflow = models.ForeignKey("projects.Workflow", on_delete=models.CASCADE, related_name="bands")
    slug = models.SlugField()
    title = models.CharField(max_length=40, help_text=_("Such as ML_BAD_HIGH."))
    verdicts = models.JSONField(help_text="[verdict]: any of these is meant.")
    wanted = models.FloatField(help_text=_("Precision: how often people are to agree, 0.5 to 1."))
    category = models.CharField(max_length=63, blank=True, help_text=_("Of the workflow's policy."))
    lane = models.ForeignKey(
        "projects.Lane", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    audit = models.FloatField(
        default=0.1, help_text=_("Share of its decisions that people answer as well, without knowing.")
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    edition = models.PositiveIntegerField(default=1)
    cut = models.ForeignKey(
        "mining.BandCut", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-wanted", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["workflow", "slug"], name="band_slug_once"),
            models.CheckConstraint(
                condition=models.Q(audit__gte=LEAST_AUDIT, audit__lte=1), name="band_audit_at_least"
            ),
            models.CheckConstraint(
                condition=models.Q(wanted__gt=0.5, wanted__lt=1), name="band_wanted_half_to_1"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def percent(self) -> str:
        """The wanted precision, as people read it."""
        return f"{100 * self.wanted:.6g}"

    @property
    def acts(self) -> bool:
        """It looks at what the champion says, be it only in the background."""
        return self.state in (self.State.BACKGROUND, self.State.LIVE)


class BandChange(models.Model):
    """A dated record: somebody made or changed a band, or brought it into another state."""

    band = models.ForeignKey(Band, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changes = models.JSONField(help_text=_("Field to what it was and what it is; of a new band was is null."))

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.band}: {', '.join(self.changes)}"


class BandCut(models.Model):
    """A dated record, never changed: where the cut of a band's edition lies for one version, and on what it rests."""

    band = models.ForeignKey(Band, on_delete=models.CASCADE, related_name="cuts")
    edition = models.PositiveIntegerField()
    version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="+")
    meaning = models.JSONField(
        help_text=_("Which verdict each answer was: where that has changed, the cut holds no more.")
    )
    threshold = models.FloatField(null=True, help_text=_("Of the score; empty: there is none."))
    why = models.CharField(max_length=10, blank=True, help_text=_("few or low, where there is none."))
    hits = models.IntegerField(default=0)
    of = models.IntegerField(default=0)
    low = models.FloatField(default=0, help_text=_("The lower bound of the precision."))
    judging = models.IntegerField(help_text=_("Subjects never learnt from, with people's verdict."))
    tried = models.JSONField(default=list, help_text="[[threshold, hits, of, low]], in the order tried.")
    holds = models.IntegerField(default=0, help_text=_("Open subjects at or above it, then."))
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.band_id} for version {self.version_id}: {self.threshold}"


class BandHit(models.Model):
    """That a subject lies in a band, by a cut. looked_at: when it was acted on, or found to be settled otherwise."""

    cut = models.ForeignKey(BandCut, on_delete=models.CASCADE, related_name="in_it", db_index=False)
    subject = models.ForeignKey("projects.Subject", on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    looked_at = models.DateTimeField(null=True)
    decision = models.ForeignKey(
        "projects.Decision", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cut", "subject"], name="band_hit_once")]
        indexes = [
            models.Index(
                fields=["cut", "subject"], condition=models.Q(looked_at=None), name="band_hit_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"subject {self.subject_id} by cut {self.cut_id}"
