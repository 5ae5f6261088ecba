"""Workflows and their immutable versions. Lanes, which are in no version: lane.py."""

from django.db import models
from django.utils.translation import gettext_lazy as _

EDITION = 1_000_000
"""Minor numbers of inferred versions are below; what an earlier import put together is completed by another edition of
the same number, EDITION above, since a version never changes (docs/decisions/0018)."""


class Workflow(models.Model):
    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        FINISHED = "finished", _("finished")

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="workflows")
    slug = models.SlugField()
    title = models.CharField(max_length=120)
    tagline = models.CharField(max_length=200, blank=True)
    position = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    subject_set = models.ForeignKey("projects.SubjectSet", on_delete=models.PROTECT, related_name="workflows")
    requires = models.JSONField(
        default=list, blank=True, help_text=_("Slugs of the qualifications that a volunteer must have.")
    )
    source = models.CharField(
        max_length=60,
        blank=True,
        default="",
        db_default="",
        help_text=_("Where it was imported from; empty: made here."),
    )
    external_id = models.CharField(
        max_length=60, blank=True, default="", db_default="", help_text=_("Its id at the source.")
    )
    published = models.ForeignKey(
        "projects.WorkflowVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["position", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["project", "slug"], name="workflow_slug_once"),
            models.UniqueConstraint(
                fields=["project", "source", "external_id"],
                condition=~models.Q(external_id=""),
                name="workflow_external_id_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class WorkflowVersion(models.Model):
    """A published version: never changed, and each classification names one.

    `major` grows when tasks, answers' keys or the way through the tasks change; `minor` when only texts or rules do.
    """

    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="versions")
    major = models.PositiveIntegerField()
    minor = models.PositiveIntegerField(default=0)
    definition = models.JSONField(help_text=_("See projects/tasks/definition.py"))
    inferred = models.BooleanField(
        default=False,
        help_text=_("Put together from the answers of an imported file, which did not define it."),
    )
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["major", "minor"]
        constraints = [
            models.UniqueConstraint(fields=["workflow", "major", "minor"], name="version_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.workflow.slug} {self.number}"

    @property
    def number(self) -> str:
        return f"{self.major}.{self.minor % EDITION if self.inferred else self.minor}"
