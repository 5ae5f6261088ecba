"""The desk, where people of the team decide: who works on what, what they note and ask, and how items are grouped."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Claim(models.Model):
    """A lease of somebody of the team on a subject: others are not given it meanwhile. It reserves, it never
    authorises; what has expired is anybody's."""

    pk = models.CompositePrimaryKey("workflow_id", "subject_id")
    workflow = models.ForeignKey(
        "projects.Workflow", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    subject = models.ForeignKey("projects.Subject", on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"subject {self.subject_id}: {self.by}"


class DeskNote(models.Model):
    """A dated record about a subject in a workflow: a note, a question to the business, or the answer to one."""

    class Kind(models.TextChoices):
        NOTE = "note", _("note")
        QUESTION = "question", _("question")
        ANSWER = "answer", _("answer")

    workflow = models.ForeignKey(
        "projects.Workflow", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    subject = models.ForeignKey(
        "projects.Subject", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField()
    answers = models.OneToOneField(
        "self", on_delete=models.CASCADE, null=True, related_name="answered_by", help_text=_("The question.")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["workflow", "subject", "id"], name="desk_note_of_subject")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="answer", answers__isnull=False)
                | ~models.Q(kind="answer") & models.Q(answers__isnull=True),
                name="desk_note_answers_a_question",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} on subject {self.subject_id}"


class Desk(models.Model):
    """How a workflow's desk works, where somebody has set it."""

    workflow = models.OneToOneField(
        "projects.Workflow", on_delete=models.CASCADE, primary_key=True, related_name="desk"
    )
    group_by = models.CharField(
        max_length=100,
        blank=True,
        help_text=_("What a subject says under this key, such as its seller, groups it."),
    )

    thresholds = models.JSONField(
        default=list,
        db_default=[],
        blank=True,
        help_text=_('From how many strikes of a group on what is suggested: [[3, "suspension"]].'),
    )

    def __str__(self) -> str:
        return f"desk of workflow {self.workflow_id}"
