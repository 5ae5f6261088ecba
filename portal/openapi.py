"""What drf-spectacular can't read from the views: tokens, and the one shape of all errors."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from projects.api.base import VolunteerView

ERROR = {
    "type": "object",
    "required": ["error"],
    "additionalProperties": False,
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "request_id"],
            "additionalProperties": False,
            "properties": {
                "code": {"type": "string", "description": "Stable.", "examples": ["not_found"]},
                "message": {"type": "string", "description": "Says what to do."},
                "request_id": {"type": "string"},
                "fields": {"type": "object", "description": "What is wrong where."},
            },
        }
    },
}
REFUSED = {
    "description": "Refused; nothing was changed. docs/api.md lists the codes.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
}
SCHEMA_ITSELF = "/api/v1/schema"


class Schema(AutoSchema):
    def get_operation_id(self) -> str:
        """One route a view, so that each has a name of its own: getSubjects, postSubjects."""
        return f"{self.method.lower()}{type(self.view).__name__}"

    def get_auth(self) -> list[dict[str, Any]]:
        """A volunteer's call is named by cookie or by token; neither is a must for looking."""
        return [{"token": []}, {}] if isinstance(self.view, VolunteerView) else super().get_auth()


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "projects.api.tokens.Bearer"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A personal token: `vw_...`"}


def only_the_api(endpoints: list[Any], **rest: Any) -> list[Any]:
    return [each for each in endpoints if each[0].startswith("/api/v1/") and each[0] != SCHEMA_ITSELF]


def with_errors(result: dict[str, Any], **rest: Any) -> dict[str, Any]:
    """Every call may be refused, and the refusal has one shape."""
    result["components"].setdefault("schemas", {})["Error"] = ERROR
    for path in result["paths"].values():
        for call in path.values():
            call["responses"]["4XX"] = REFUSED
    return result
