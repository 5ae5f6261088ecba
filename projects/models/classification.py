"""Classifications: append-only, stored once, never edited."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Classifications(models.QuerySet["Classification"]):
    def standing(self) -> "Classifications":
        """Those that count: counted when received, and no discount of theirs stands."""
        return self.filter(
            Q(discount__isnull=True) | Q(discount__lifted_at__isnull=False),
            counted=Classification.Counted.YES,
        )

    def shown(self) -> "Classifications":
        """Those that go into shown numbers of answers: what stands, and what was given on hidden checks.

        Without the latter, who watches the number while they answer would see which subject was a check.
        """
        return self.standing() | self.filter(counted_reason="check")


class Classification(models.Model):
    """One volunteer's finished answers on one subject.

    `counted` says what it did when it was received; later events (Discount, redo) are records of their own.
    Only counted rows move tallies, limits and consensus; that a person has at most one of them a subject is the
    primary key of `Answered`.
    """

    class Counted(models.TextChoices):
        YES = "yes", _("counted")
        REPEAT = "repeat", _("repeat: this person had answered the subject before")
        SUPERSEDED = "superseded", _("superseded by a later answer of the same person")
        LATE = "late", _("late: the subject needed no more answers")
        WITHHELD = "withheld", _("withheld")

    uuid = models.UUIDField(unique=True, help_text=_("Given by the client: makes a replay harmless."))
    workflow = models.ForeignKey(
        "projects.Workflow", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    version = models.ForeignKey(
        "projects.WorkflowVersion", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    subject = models.ForeignKey(
        "projects.Subject", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    volunteer = models.ForeignKey(
        "projects.Volunteer", on_delete=models.PROTECT, db_index=False, related_name="classifications"
    )
    annotations = models.JSONField()
    metadata = models.JSONField(default=dict)
    started_at = models.DateTimeField(null=True, help_text=_("By the client's clock."))
    finished_at = models.DateTimeField(null=True, help_text=_("By the client's clock."))
    received_at = models.DateTimeField(help_text=_("By the server's clock."))
    counted = models.CharField(max_length=10, choices=Counted)
    counted_reason = models.CharField(max_length=40, blank=True)
    digest = models.BinaryField(
        max_length=16, help_text=_("Of the body as sent: tells a replay from a conflict.")
    )
    supersedes = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        help_text=_("The earlier answer that this one corrects."),
    )

    objects = Classifications.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supersedes"], condition=Q(supersedes__isnull=False), name="superseded_once"
            )
        ]
        indexes = [
            models.Index(fields=["workflow", "subject"], name="classification_subject"),
            models.Index(fields=["volunteer", "-id"], name="classification_recent"),
        ]

    def __str__(self) -> str:
        return f"classification {self.uuid}"

    @property
    def first(self) -> "Classification":
        """The answer that was given before any correction."""
        found = self
        while found.supersedes is not None:
            found = found.supersedes
        return found


class Discount(models.Model):
    """A dated record: from here on this classification, counted when received, counts no more; until it is lifted.

    Both are events of the workflow's ledger (kinds `discount` and `restoration`), in the order in which they happened.
    """

    classification = models.OneToOneField(Classification, on_delete=models.PROTECT, related_name="discount")
    workflow = models.ForeignKey(
        "projects.Workflow", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    at = models.DateTimeField()
    reason = models.CharField(max_length=40)
    lifted_at = models.DateTimeField(null=True, help_text=_("Empty while it stands."))

    def __str__(self) -> str:
        return f"{self.classification} discounted: {self.reason}"
