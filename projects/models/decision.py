"""Decisions: the verdict on a subject in a region, who gave it and why; and second looks at some of them. Rules, which
give some: rule.py."""

from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _


class Verdict(models.TextChoices):
    """In the order of their keys 1 to 6. Which is the stricter: projects/triage."""

    OK = "ok", _("No restrictions")
    RESTRICTED = "restricted", _("Restricted display")
    ADULT = "adult", _("Adult")
    PROHIBITED = "prohibited", _("Prohibited")
    FRAUD = "fraud", _("Suspected fraud")
    ERROR = "error", _("Nothing to judge")


class DecisionQuerySet(models.QuerySet["Decision"]):
    def made(self) -> "DecisionQuerySet":
        """All that were ever made; without those undone at once, and without the undoings."""
        return self.filter(undoes=None, undone_by=None)

    def standing(self) -> "DecisionQuerySet":
        """Of each subject in each region the newest. Ids of one subject are given under its lock."""
        return (
            self.made()
            .order_by("workflow_id", "subject_id", F("region_id").asc(nulls_first=True), "-pk")
            .distinct("workflow_id", "subject_id", "region_id")
        )

    def shown(self) -> "DecisionQuerySet":
        """Without those on subjects that somebody is to judge blind: while a second look is open nobody is told."""
        return self.exclude(
            Exists(
                Review.objects.filter(
                    workflow=OuterRef("workflow"), subject=OuterRef("subject"), closed_at=None
                )
            )
        )

    def of(self, workflow: int, subjects: Collection[int]) -> "DecisionQuerySet":
        return self.filter(workflow=workflow, subject__in=subjects)


class Decision(models.Model):
    """A dated record, never changed: re-deciding, and undoing, are further rows. In the workflow's ledger (kind
    `decision`), from which it has its position.

    kind `people` is what volunteers' answers came to, `person` is somebody of the team. A decision without a region
    holds wherever none for the region stands.
    """

    class Kind(models.TextChoices):
        RULE = "rule", _("rule")
        MODEL = "model", _("model")
        PEOPLE = "people", _("volunteers")
        PERSON = "person", _("moderator")

    uuid = models.UUIDField(unique=True, help_text=_("Given by whoever decides: a second click is the same."))
    workflow = models.ForeignKey(
        "projects.Workflow", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    subject = models.ForeignKey(
        "projects.Subject", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    region = models.ForeignKey(
        "projects.Region",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        help_text=_("Empty: everywhere."),
    )
    verdict = models.CharField(max_length=12, choices=Verdict)
    policy = models.ForeignKey(
        "projects.PolicyVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        help_text=_("The version by which it was decided."),
    )
    category = models.CharField(max_length=63, blank=True, help_text=_("Of that version."))
    kind = models.CharField(max_length=8, choices=Kind)
    rule = models.ForeignKey(
        "projects.Rule", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    model = models.CharField(max_length=100, blank=True, help_text=_("Which version of which classifier."))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(blank=True)
    evidence = models.JSONField(default=dict, blank=True, help_text=_("What it rests on."))
    batch = models.UUIDField(null=True, blank=True, help_text=_("Of those made in one go."))
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    at = models.DateTimeField()

    objects = DecisionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["workflow", "subject", "id"], name="decision_newest"),
            models.Index(fields=["workflow", "at"], name="decision_day"),
            models.Index(
                fields=["policy", "category"], condition=Q(policy__isnull=False), name="decision_cites"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="rule", rule__isnull=False)
                | Q(kind="model") & ~Q(model="")
                | Q(kind__in=("people", "person")),
                name="decision_says_who",
            )
        ]

    def __str__(self) -> str:
        return f"subject {self.subject_id}: {self.verdict}"


class Review(models.Model):
    """Of one decision made at the desk, drawn by its lane's share. The second verdict is an opinion and stands here;
    the third is a decision of its own. While it is open the item's decisions are shown to nobody."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for the second")
        DIFFERS = "differs", _("waits for the third")
        AGREED = "agreed", _("both agree")
        SETTLED = "settled", _("settled by the third")
        DROPPED = "dropped", _("the first was taken back or decided again")

    workflow = models.ForeignKey(
        "projects.Workflow", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    subject = models.ForeignKey(
        "projects.Subject", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    first = models.OneToOneField("projects.Decision", on_delete=models.PROTECT, related_name="review")
    origin = models.ForeignKey(
        "projects.Lane",
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("In which the first was made."),
    )
    lane = models.ForeignKey(
        "projects.Lane", on_delete=models.PROTECT, related_name="+", help_text=_("In which it waits.")
    )
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    second_verdict = models.CharField(max_length=12, choices=Verdict, blank=True)
    second_category = models.CharField(max_length=63, blank=True)
    second_reason = models.TextField(blank=True)
    second_at = models.DateTimeField(null=True, blank=True)
    third = models.OneToOneField(
        "projects.Decision", on_delete=models.PROTECT, null=True, blank=True, related_name="third_of"
    )
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workflow", "subject"], condition=Q(closed_at=None), name="review_open_once"
            )
        ]
        indexes = [models.Index(fields=["workflow", "origin", "state"], name="review_of_lane")]

    def __str__(self) -> str:
        return f"second look at subject {self.subject_id}"
