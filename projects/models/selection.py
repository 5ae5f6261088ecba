"""What the choice of the next subject reads: states, leases, who has answered what, how far each has walked.

All of it is derived from the record and can be rebuilt, so these tables carry no foreign-key checks: they are
written on every answer.
"""

from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.utils.translation import gettext_lazy as _

from projects.models.gold import Use


def _key(to: str) -> models.ForeignKey:
    return models.ForeignKey(
        to, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )


class SubjectState(models.Model):
    """One subject in one workflow: how many counted answers, how many leases, how many are wanted, retired or not."""

    pk = models.CompositePrimaryKey("workflow_id", "subject_id")
    workflow = _key("projects.Workflow")
    subject = _key("projects.Subject")
    use = models.SmallIntegerField(choices=Use, default=Use.WORK, db_default=Use.WORK)
    lane = models.ForeignKey(
        "projects.Lane",
        on_delete=models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        help_text=_("Empty: in the common pool."),
    )
    priority = models.FloatField(null=True, help_text=_("Place in the lane, the greatest first."))
    laned_at = models.DateTimeField(null=True, help_text=_("When it came into the lane."))
    shuffle = models.FloatField(help_text=_("Random place in the ring that volunteers walk, 0 to 1."))
    answered = models.IntegerField(default=0)
    leased = models.IntegerField(default=0)
    wanted = models.IntegerField(help_text=_("Counted answers after which the condition surely retires it."))
    retired_at = models.DateTimeField(null=True)
    retired_reason = models.CharField(max_length=100, blank=True)
    available = models.GeneratedField(
        expression=ExpressionWrapper(
            Q(retired_at__isnull=True, wanted__gt=F("answered") + F("leased")),
            output_field=models.BooleanField(),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["workflow", "shuffle"],
                condition=Q(available=True, use=0, lane__isnull=True),
                name="state_available",
            ),
            models.Index(
                fields=["workflow", "lane"], condition=Q(retired_at__isnull=True, use=0), name="state_open"
            ),
            models.Index(
                fields=["lane", "priority", "shuffle"],
                condition=Q(available=True, use=0, lane__isnull=False),
                name="state_lane_available",
            ),
            models.Index(
                fields=["lane", "shuffle"], condition=Q(use=3, lane__isnull=False), name="state_lane_checks"
            ),
            models.Index(fields=["lane"], condition=Q(lane__isnull=False), name="state_lane"),
            models.Index(fields=["workflow", "use", "shuffle"], condition=Q(use__gt=0), name="state_known"),
            models.Index(
                fields=["workflow", "-retired_at"],
                condition=Q(retired_at__isnull=False),
                name="state_retired",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(lane__isnull=True, priority__isnull=True, laned_at__isnull=True)
                | Q(lane__isnull=False, priority__isnull=False, laned_at__isnull=False),
                name="state_lane_whole",
            )
        ]

    def __str__(self) -> str:
        return f"subject {self.subject_id} in workflow {self.workflow_id}"


class Lease(models.Model):
    """A subject handed out and not yet answered. It reserves, it never authorises.

    `holder` is the volunteer's public id (there may be no volunteer row before the first answer), `tab` the browser
    tab that works on it.
    """

    pk = models.CompositePrimaryKey("workflow_id", "subject_id", "holder")
    workflow = _key("projects.Workflow")
    subject = _key("projects.Subject")
    holder = models.UUIDField()
    tab = models.UUIDField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["workflow", "expires_at"], name="lease_expiry"),
            models.Index(fields=["holder", "workflow", "tab"], name="lease_holder"),
        ]

    def __str__(self) -> str:
        return f"subject {self.subject_id} on lease until {self.expires_at:%H:%M:%S}"


class Answered(models.Model):
    """A person has answered a subject: never served to them again, and the one classification that may count."""

    pk = models.CompositePrimaryKey("volunteer_id", "workflow_id", "subject_id")
    volunteer = _key("projects.Volunteer")
    workflow = _key("projects.Workflow")
    subject = _key("projects.Subject")
    classification = _key("projects.Classification")

    def __str__(self) -> str:
        return f"volunteer {self.volunteer_id} answered subject {self.subject_id}"


class Cursor(models.Model):
    """How far a volunteer has walked round a workflow's ring of subjects, from a random start of their own.

    What lies ahead in the first lap was never answered by them, so that a volunteer with 200,000 answers costs as
    little as a newcomer.
    """

    pk = models.CompositePrimaryKey("holder", "workflow_id")
    holder = models.UUIDField()
    workflow = _key("projects.Workflow")
    at = models.FloatField()
    served = models.IntegerField(
        default=0,
        db_default=0,
        help_text=_("How many subjects were handed out: the share of checks falls with it."),
    )

    def __str__(self) -> str:
        return f"{self.holder} at {self.at:.4f}"


class Retirement(models.Model):
    """A dated record: a subject was retired in a workflow, or reopened. The newest is what stands."""

    workflow = models.ForeignKey(
        "projects.Workflow", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    subject = models.ForeignKey(
        "projects.Subject", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    at = models.DateTimeField()
    retired = models.BooleanField()
    reason = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["workflow", "subject", "id"], name="retirement_newest")]

    def __str__(self) -> str:
        return f"subject {self.subject_id} {'retired' if self.retired else 'reopened'}: {self.reason}"
