"""Webhooks: addresses of other programs that are told what has become of a project's subjects."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Webhook(models.Model):
    """One address, and what is told there. Its secret is in no row: it is made of the site's key and `nonce`."""

    class State(models.TextChoices):
        ON = "on", _("on")
        PAUSED = "paused", _("paused")
        OFF = "off", _("switched off")

    class Kind(models.TextChoices):
        RETIRED = "retired", _("subjects that are finished, or opened again")
        DECIDED = "decided", _("decisions on finished subjects")
        CONSENSUS = "consensus", _("another answer of a finished subject")

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="webhooks")
    address = models.CharField(max_length=500)
    kinds = models.JSONField(help_text=_("What is told."))
    state = models.CharField(max_length=6, choices=State, default=State.ON)
    message = models.TextField(blank=True, help_text=_("Why it was switched off."))
    nonce = models.CharField(max_length=40)
    nonce_before = models.CharField(max_length=40, blank=True)
    renewed_at = models.DateTimeField(null=True, help_text=_("When the secret was changed."))
    positions = models.JSONField(
        default=dict, help_text=_('{"workflow id": how far its ledger was read for this webhook}')
    )
    busy_until = models.DateTimeField(
        null=True, help_text=_("A worker has it until then; one that was killed gives it back by that.")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.address


class Delivery(models.Model):
    """One message to a webhook: which events, and how it went. Its body is made when it is sent, of what stands then.

    `once`: a test, or a message that somebody sends again: tried once, and the webhook's fate rests not on it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("delivered")
        FAILED = "failed", _("not delivered")
        EMPTY = "empty", _("nothing left to tell")

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    events = models.JSONField(help_text=_("[[type, workflow, subject, time]]; of a test none."))
    is_test = models.BooleanField(default=False)
    once = models.BooleanField(default=False)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(help_text=_("Not before."))
    made_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, help_text=_("The last try."))
    status = models.PositiveSmallIntegerField(null=True)
    seconds = models.FloatField(null=True)
    answer = models.CharField(max_length=500, blank=True, help_text=_("How it began, or why there was none."))

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="waiting"), name="delivery_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.public_id}: {self.state}"


class ChangedConsensus(models.Model):
    """That a finished subject has another answer, until a webhook's next message takes it up. Written with the
    evidence, in that transaction, so no change is lost; gone when it is taken."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="changes")
    workflow = models.ForeignKey("projects.Workflow", on_delete=models.CASCADE, related_name="+")
    subject = models.ForeignKey("projects.Subject", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"subject {self.subject_id} for webhook {self.webhook_id}"
