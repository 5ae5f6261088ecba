"""The reference of the API, made of the same schema that programs read: nothing on it is written twice."""

import json
import re
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

Schema = dict[str, Any]
DEEPEST = 4
"""Objects inside each other that are written out."""
GROUPS = {
    "projects": gettext_lazy("Projects, sets, subjects, files"),
    "workflows": gettext_lazy("Workflows"),
    "subjects": gettext_lazy("One subject"),
    "classifications": gettext_lazy("Classifying"),
    "consent": gettext_lazy("Classifying"),
    "favourites": gettext_lazy("Classifying"),
}
METHODS = ("get", "post", "put", "patch", "delete")


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    return render(
        request, "pages/reference.html", {"groups": groups(), "origin": settings.SITE_URL or "https://..."}
    )


@lru_cache(maxsize=1)
def groups() -> list[dict[str, Any]]:
    """Calls by what they are about, as the template shows them. The code is the same as long as the process lives."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    found: dict[str, list[dict[str, Any]]] = {}
    for path, calls in schema["paths"].items():
        kind = path.removeprefix("/api/v1/").split("/")[0]
        title = str(GROUPS.get(kind, _("Everything else")))
        found.setdefault(title, []).extend(
            _call(schema, method, path, calls[method]) for method in METHODS if method in calls
        )
    return [
        {"id": f"group-{at}", "title": title, "calls": calls}
        for at, (title, calls) in enumerate(found.items())
    ]


def _call(schema: Schema, method: str, path: str, call: Schema) -> dict[str, Any]:
    body = _content(call.get("requestBody", {}))
    answer: Schema = next((each for code, each in call["responses"].items() if code.startswith("2")), {})
    shown = _content(answer)
    parameters = [
        {
            "name": each["name"],
            "where": each["in"],
            "kind": kind_of(schema, each["schema"]),
            "said": each.get("description", ""),
        }
        for each in call.get("parameters", [])
    ]
    return {
        "id": call["operationId"],
        "method": method.upper(),
        "path": path,
        "said": re.sub(r"\s*\n\s*", " ", call.get("description", "")).strip(),
        "parameters": parameters,
        "body": fields(schema, body),
        "body_example": _example_text(schema, body),
        "status": next((code for code in call["responses"] if code.startswith("2")), ""),
        "answer": fields(schema, shown),
        "answer_example": _example_text(schema, shown),
    }


def _content(part: Schema) -> Schema:
    for kind in part.get("content", {}).values():
        found: Schema = kind.get("schema", {})
        return found
    return {}


def resolved(schema: Schema, part: Schema) -> Schema:
    if "$ref" in part:
        found: Schema = schema["components"]["schemas"][part["$ref"].rsplit("/", 1)[-1]]
        return resolved(schema, found)
    if len(part.get("allOf", [])) == 1:
        return resolved(schema, part["allOf"][0])
    return part


def fields(schema: Schema, part: Schema, before: str = "", deep: int = 0) -> list[dict[str, Any]]:
    """Rows of name, kind and description, those inside others under a dotted name."""
    part = resolved(schema, part)
    rows = []
    must = part.get("required", [])
    for name, each in part.get("properties", {}).items():
        rows.append(
            {
                "name": f"{before}{name}",
                "kind": kind_of(schema, each),
                "must": name in must,
                "said": each.get("description", ""),
            }
        )
        inner = resolved(schema, each)
        if deep < DEEPEST:
            if "items" in inner:
                rows += fields(schema, inner["items"], f"{before}{name}[].", deep + 1)
            else:
                rows += fields(schema, inner, f"{before}{name}.", deep + 1)
    return rows


def kind_of(schema: Schema, part: Schema) -> str:
    """In a word or two: `integer`, `list of string`, `string or null`, `one of open, retired`."""
    part = resolved(schema, part)
    if "enum" in part:
        return _("one of %(all)s") % {"all": ", ".join(str(each) for each in part["enum"] if each != "")}
    if kinds := part.get("anyOf") or part.get("oneOf"):
        return _(" or ").join(dict.fromkeys(kind_of(schema, each) for each in kinds))
    kind = part.get("type", "any")
    if isinstance(kind, list):
        return _(" or ").join(kind)
    if kind == "array":
        return _("list of %(kind)s") % {"kind": kind_of(schema, part.get("items", {}))}
    return str(part.get("format") or kind)


def example(schema: Schema, part: Schema, deep: int = 0) -> Any:
    """A value of the shape: from its examples, else the plainest."""
    part = resolved(schema, part)
    if given := part.get("examples"):
        return given[0]
    if "default" in part and part["default"] not in ("", None):
        return part["default"]
    if kinds := part.get("anyOf") or part.get("oneOf"):
        return example(schema, kinds[0], deep)
    if "enum" in part:
        return part["enum"][-1]
    kind = part.get("type")
    if kind == "object" and "properties" in part and deep <= DEEPEST:
        return {name: example(schema, each, deep + 1) for name, each in part["properties"].items()}
    if kind == "array":
        return [example(schema, part["items"], deep + 1)] if "items" in part and deep <= DEEPEST else []
    plain = {
        "date-time": "2026-11-28T10:00:00Z", "uuid": "7d5c2f0e-4c3c-4a54-9b52-0d2f3f0a8c11", "integer": 1,
        "number": 0.5, "boolean": True, "string": "...", "object": {}, "null": None,
    }  # fmt: skip
    return plain.get(str(part.get("format")), plain.get(str(kind)))


def _example_text(schema: Schema, part: Schema) -> str:
    if not resolved(schema, part).get("properties"):
        return ""
    return json.dumps(example(schema, part), indent=1, ensure_ascii=False)
