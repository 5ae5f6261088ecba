"""What clients send: bodies as pydantic models, refused with the field and the reason."""

import json
import uuid
from datetime import datetime
from typing import Annotated, Any, TypeVar

from django.http import RawPostDataException
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rest_framework.request import Request

from projects.exceptions import Invalid, TooLarge

MOST_BYTES = 256 * 1024
MOST_METADATA = 4000


class ClassificationBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: uuid.UUID = Field(description="Made by the client; sending the same again is harmless.")
    workflow_version: int
    subject: int
    annotations: Annotated[list[dict[str, Any]], Field(max_length=200)]
    started_at: datetime | None = None
    finished_at: datetime | None = None
    tab: uuid.UUID | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)


class ConsentBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: str


class ReleaseBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    tab: uuid.UUID


Body = TypeVar("Body", bound=BaseModel)


def read_body(request: Request, model: type[Body]) -> Body:
    """The request's JSON as `model`. Raises TooLarge, Invalid."""
    raw = _raw(request)
    if len(raw) > MOST_BYTES:
        raise TooLarge(f"The body is over the limit of {MOST_BYTES // 1024} kB.")
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        raise Invalid("The body is not JSON.") from None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        fields = {".".join(map(str, e["loc"])) or "body": e["msg"] for e in error.errors()}
        name, reason = next(iter(fields.items()))
        raise Invalid(f"{name}: {reason}.", fields=fields) from None


def _raw(request: Request) -> bytes:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > MOST_BYTES:
        raise TooLarge(f"The body is over the limit of {MOST_BYTES // 1024} kB.")
    try:
        return bytes(request._request.body)
    except RawPostDataException:
        raise Invalid("The body can't be read.") from None
