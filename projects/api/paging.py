"""Lists a page at a time: a cursor says what was last seen of which query, so nothing is missed or told twice."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.core import signing
from drf_spectacular.utils import OpenApiParameter
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rest_framework.request import Request

from projects.api.shapes import Page
from projects.exceptions import Invalid

MOST = 200
USUAL = 50
SALT = "voorwerp.cursor"


class Query(BaseModel):
    """What a list may be asked; its own filters are added by subclasses. What is not known is refused, not ignored."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(USUAL, ge=1, le=MOST, description="How many at once.")
    cursor: str = Field("", max_length=400, description="From `next` of the page before; of the same query.")


Asked = TypeVar("Asked", bound=BaseModel)
Row = TypeVar("Row")
Item = TypeVar("Item")


def read_query(request: Request, model: type[Asked]) -> Asked:
    """Raises Invalid, with the parameter and the reason."""
    try:
        return model.model_validate({name: request.query_params[name] for name in request.query_params})
    except ValidationError as error:
        fields = {".".join(map(str, e["loc"])): e["msg"] for e in error.errors()}
        name, reason = next(iter(fields.items()))
        if error.errors()[0]["type"] == "extra_forbidden":
            reason = f"there is no such filter here; there are {', '.join(model.model_fields)}"
        raise Invalid(f"{name}: {reason}.", fields=fields) from None


def parameters(model: type[BaseModel]) -> list[OpenApiParameter]:
    """The same model in the machine-readable schema."""
    described = model.model_json_schema()["properties"]
    return [
        OpenApiParameter(
            name,
            type={
                key: value for key, value in described[name].items() if key not in ("title", "description")
            },
            description=field.description or "",
            required=field.is_required(),
        )
        for name, field in model.model_fields.items()
    ]


def after(request: Request, asked: Query) -> int:
    """The key that the cursor stands for; -1 without one. Raises Invalid for one of another query, or none at all."""
    if not asked.cursor:
        return -1
    try:
        query, key = signing.loads(asked.cursor, salt=SALT)
    except (signing.BadSignature, ValueError):
        raise Invalid(
            "cursor: this is none of ours: take `next` of the page before as it is.",
            fields={"cursor": "unknown"},
        ) from None
    if query != _fingerprint(request):
        raise Invalid(
            "cursor: it belongs to another query: begin again without it, or ask with the same filters.",
            fields={"cursor": "of another query"},
        )
    return int(key)


def page(
    request: Request,
    asked: Query,
    rows: Sequence[Row],
    key: Callable[[Row], int],
    shape: Callable[[Row], Item],
) -> Page[Any]:
    """rows: one more than the limit where there is more; by a key that grows."""
    shown = rows[: asked.limit]
    following = None
    if len(rows) > asked.limit:
        cursor = signing.dumps([_fingerprint(request), key(shown[-1])], salt=SALT)
        kept = {name: request.query_params[name] for name in request.query_params if name != "cursor"}
        following = f"{request.path}?{urlencode({**kept, 'cursor': cursor})}"
    return Page(items=[shape(row) for row in shown], next=following)


def _fingerprint(request: Request) -> str:
    """Of the list and its filters. How many at once may change between two pages."""
    asked = sorted((k, request.query_params[k]) for k in request.query_params if k not in ("cursor", "limit"))
    return hashlib.sha256(repr([request.path, asked]).encode("utf-8", "surrogatepass")).hexdigest()[:16]
