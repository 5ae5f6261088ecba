"""Volunteers: whoever answers, with or without an account."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Volunteer(models.Model):
    """Made at the first answer. `public_id` is the random id in the signed cookie.

    Joining an account points `joined_to` at the account's own volunteer (the *person*); the classifications keep
    the volunteer that made them, so that the record is never edited.
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="volunteer"
    )
    joined_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="aliases"
    )
    simulated = models.BooleanField(default=False, help_text=_("Not a person: a simulated crowd's member."))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [  # every page asks whether there is a simulated crowd; mostly there is none
            models.Index(fields=["id"], condition=models.Q(simulated=True), name="volunteer_simulated")
        ]

    def __str__(self) -> str:
        return f"volunteer {self.pk}"

    @property
    def person_id(self) -> int:
        """The volunteer that stands for all aliases of one person."""
        return self.joined_to_id or self.pk


class Consent(models.Model):
    """When a volunteer agreed to which version of the privacy text."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="consents")
    version = models.CharField(max_length=20)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.volunteer} agreed to {self.version}"
