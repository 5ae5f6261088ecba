"""What clients send: bodies as pydantic models, refused with the field and the reason."""

import json
import uuid
from datetime import UTC, datetime
from math import isfinite
from typing import Annotated, Any, Literal, TypeVar

from django.http import RawPostDataException
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from rest_framework.request import Request

from projects.exceptions import Invalid, TooLarge

MOST_BYTES = 256 * 1024
MOST_METADATA = 4000
DEEPEST = 20
"""Lists and objects inside each other."""


def _storable_time(time: datetime) -> datetime:
    """In UTC. A device's clock may be wrong, and the answer still counts; only what is no time there is refused."""
    try:
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except OverflowError:
        raise ValueError("there is no such time in UTC") from None


Time = Annotated[datetime, AfterValidator(_storable_time)]


class ClassificationBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: uuid.UUID = Field(description="Made by the client; sending the same again is harmless.")
    workflow_version: int
    subject: int
    annotations: Annotated[list[dict[str, Any]], Field(max_length=200)]
    started_at: Time | None = None
    finished_at: Time | None = None
    tab: uuid.UUID | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)
    corrects: bool = Field(False, description="Correct the answer that you gave on this subject before.")


class KnownBody(BaseModel):
    """A known answer. Without `use` the subject stays what it is, a secret hidden check when it is new."""

    model_config = ConfigDict(extra="forbid")

    subject: int
    annotations: Annotated[list[dict[str, Any]], Field(max_length=200)]
    use: Literal["training", "exam", "check"] | None = None
    secret: bool = True
    right_message: str = Field("", max_length=500)
    wrong_message: str = Field("", max_length=500)


class TrialBody(BaseModel):
    """An answer to a draft. `edition`: which state of it was asked."""

    model_config = ConfigDict(extra="forbid")

    edition: int = Field(ge=0, le=2**31 - 1)
    subject: int
    annotations: Annotated[list[dict[str, Any]], Field(max_length=200)]


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
    if not isinstance(data, dict):
        raise Invalid("The body is not a JSON object: send {...}.")
    check_storable(data, DEEPEST)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        fields = {".".join(map(str, e["loc"])) or "body": e["msg"] for e in error.errors()}
        name, reason = next(iter(fields.items()))
        raise Invalid(f"{name}: {reason}.", fields=fields) from None


def check_storable(value: Any, depth: int) -> None:
    """Raises Invalid for what Python's JSON takes and PostgreSQL's does not: NUL, half a surrogate pair, NaN, 1e999."""
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
            raise Invalid("The body has a character that is none: NUL, or half a surrogate pair.")
    elif isinstance(value, float):
        if not isfinite(value):
            raise Invalid("The body has a number that is none: NaN, or one without end.")
    elif isinstance(value, (dict, list)):
        if depth == 0:
            raise Invalid(f"The body has more than {DEEPEST} lists and objects inside each other.")
        for part in value:
            check_storable(part, depth - 1)
        for part in value.values() if isinstance(value, dict) else ():
            check_storable(part, depth - 1)


def _raw(request: Request) -> bytes:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > MOST_BYTES:
        raise TooLarge(f"The body is over the limit of {MOST_BYTES // 1024} kB.")
    try:
        return bytes(request._request.body)
    except RawPostDataException:
        raise Invalid("The body can't be read.") from None
