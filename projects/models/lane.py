"""Lanes: named queues of a workflow's subjects, before its common pool. Which subject is in which: SubjectState."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Lane(models.Model):
    """Rows, not part of a version: a team changes them from one day to the next, and no answer depends on them."""

    class Source(models.TextChoices):
        TEAM = "team", _("the team puts subjects in")
        MATCHING = "matching", _("new subjects whose attributes match")

    workflow = models.ForeignKey("projects.Workflow", on_delete=models.CASCADE, related_name="lanes")
    slug = models.SlugField()
    title = models.CharField(max_length=120)
    source = models.CharField(max_length=10, choices=Source, default=Source.TEAM)
    where = models.JSONField(
        default=list,
        blank=True,
        help_text=_('Of source matching: [["gte", "radius", 16], ["eq", "kind", "star"]]; all must hold.'),
    )
    priority = models.IntegerField(
        default=0, help_text=_("The lane with the greater number is served first.")
    )
    requires = models.JSONField(
        default=list, blank=True, help_text=_("Slugs of the qualifications that a volunteer must have.")
    )
    order = models.CharField(
        max_length=64,
        blank=True,
        default="",
        help_text=_("An attribute, the greatest first; with - before it the smallest; empty: as put in."),
    )
    second_share = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        help_text=_("% of the desk's decisions here that a second moderator judges, blind."),
    )
    third = models.SlugField(
        blank=True,
        default="",
        db_default="",
        help_text=_("The lane to which what they differ on goes; empty: here."),
    )
    made_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text=_("Hands out nothing since."))

    class Meta:
        ordering = ["-priority", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["workflow", "slug"], name="lane_slug_once"),
            models.CheckConstraint(condition=models.Q(second_share__lte=100), name="lane_share_in_percent"),
        ]

    def __str__(self) -> str:
        return self.title


class LaneChange(models.Model):
    """A dated record: somebody made, changed, closed or reopened a lane."""

    lane = models.ForeignKey(Lane, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changes = models.JSONField(help_text=_("Field to what it was and what it is; of a new lane was is null."))

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.lane}: {', '.join(self.changes)}"


class LaneMove(models.Model):
    """A dated record: a subject came into a lane with this place in it, or (no lane) went back to the common pool.

    The newest of a subject is what stands in its SubjectState. Not in the ledger: no number follows from it.
    """

    workflow = models.ForeignKey(
        "projects.Workflow", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    subject = models.ForeignKey(
        "projects.Subject", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, null=True, related_name="+")
    priority = models.FloatField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["workflow", "subject", "id"], name="lane_move_newest")]

    def __str__(self) -> str:
        return f"subject {self.subject_id} to {self.lane or 'the common pool'}"


class LaneCursor(models.Model):
    """How far a volunteer has come in a lane: behind it lies what they were handed, or somebody else had just then.

    Derived as `Cursor` is, and without foreign-key checks for the same reason.
    """

    pk = models.CompositePrimaryKey("holder", "lane_id")
    holder = models.UUIDField()
    lane = models.ForeignKey(
        Lane, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    priority = models.FloatField(
        null=True, help_text=_("With shuffle the place of the last; null: at the start.")
    )
    shuffle = models.FloatField(null=True)
    lapped_at = models.DateTimeField(null=True, help_text=_("When a whole round found nothing."))

    def __str__(self) -> str:
        return f"{self.holder} in lane {self.lane_id}"
