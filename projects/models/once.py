"""What was answered to a call that its caller may send again."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ApiCall(models.Model):
    """Written in the transaction of what the call did: both are there, or neither."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64, help_text=_("The caller's own, from the header Idempotency-Key."))
    fingerprint = models.CharField(max_length=64, help_text=_("Of method, address and body."))
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(null=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="api_call_once")]

    def __str__(self) -> str:
        return f"{self.key}: {self.status}"
