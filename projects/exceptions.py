"""Domain errors: each has a stable code, the HTTP status that fits it, and a sentence that says what to do."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _


class VoorwerpError(Exception):
    """Refused; nothing was changed. `permanent` tells a client whether sending the same again can ever succeed."""

    code = "refused"
    status = 400
    permanent = True
    message: Any = _("This can't be done.")

    def __init__(self, message: Any = None, *, fields: Mapping[str, Any] | None = None) -> None:
        self.message = message or self.message
        self.fields = dict(fields or {})
        super().__init__(str(self.message))


class Invalid(VoorwerpError):
    code = "invalid"
    message = _("The request is not valid.")


class NotFound(VoorwerpError):
    code = "not_found"
    status = 404
    message = _("There is nothing here, or you may not see it.")


class Private(VoorwerpError):
    code = "private"
    status = 403
    message = _("This project is private: sign in as a member of its team.")


class Paused(VoorwerpError):
    code = "paused"
    status = 403
    permanent = False
    message = _(
        "This workflow is paused: your answer is kept on your device and can be sent when it goes on."
    )


class WorkflowFinished(VoorwerpError):
    code = "workflow_finished"
    status = 403
    message = _("This workflow is finished and takes no more answers. Thank you.")


class Unqualified(VoorwerpError):
    code = "unqualified"
    status = 403
    permanent = False
    message = _("This work asks for a qualification that you don't have yet.")


class ConsentRequired(VoorwerpError):
    code = "consent_required"
    status = 403
    permanent = False
    message = _("Read and accept the privacy text before the first answer.")


class ForgedCookie(VoorwerpError):
    code = "forged_cookie"
    status = 403
    permanent = False
    message = _(
        "The volunteer cookie was not made by this site: accept the privacy text again to get a new one."
    )


class AlreadyAnswered(VoorwerpError):
    code = "already_answered"
    status = 409
    message = _("You have already answered this subject: the earlier answer counts.")


class UuidConflict(VoorwerpError):
    code = "uuid_conflict"
    status = 409
    message = _("Another classification has this id: make a new random id and send again.")


class Conflict(VoorwerpError):
    code = "conflict"
    status = 409
    message = _(
        "Somebody else has saved this since you opened it: look at what has changed, then save again."
    )


class Independence(VoorwerpError):
    code = "independence"
    status = 403
    message = _("Others' answers on this subject are shown after you have answered it yourself.")


class BadToken(VoorwerpError):
    code = "bad_token"
    status = 401
    message = _(
        "This token opens nothing: it is mistyped, revoked or expired. Make another on your page of tokens."
    )


class OutOfScope(VoorwerpError):
    """The token may not; its person perhaps could."""

    code = "scope"
    status = 403

    def __init__(self, scope: str) -> None:
        message = _(
            "This token does not have the scope %(scope)s: make one that has it, on your page of tokens."
        )
        super().__init__(message % {"scope": scope}, fields={"scope": scope})


class OtherProject(VoorwerpError):
    code = "other_project"
    status = 403
    message = _("This token is bound to another project: make one for this project, or for all of yours.")


class SignIn(VoorwerpError):
    code = "sign_in"
    status = 401
    message = _("Sign in first, or send a token: Authorization: Bearer ...")


class NotYourRole(VoorwerpError):
    code = "role"
    status = 403
    message = _("Your role in this project does not include this: ask one of its owners for another role.")


class IdempotencyConflict(VoorwerpError):
    code = "idempotency_conflict"
    status = 409
    message = _("Another call was made under this Idempotency-Key: make a new key for each call.")


class PreconditionFailed(VoorwerpError):
    code = "precondition_failed"
    status = 412
    message = _(
        "Somebody has changed this since you read it, and nothing was overwritten: read it again, and send its ETag."
    )


class PreconditionRequired(VoorwerpError):
    code = "precondition_required"
    status = 428
    message = _("Send If-Match with the ETag of what you have read, so that nobody's work is overwritten.")


class TooLarge(VoorwerpError):
    code = "too_large"
    status = 413
    message = _("The request is too large.")
